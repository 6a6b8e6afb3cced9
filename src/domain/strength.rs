//! How well an account is secured: a score, what it means, and what would raise it.

use std::fmt;

use chrono::{DateTime, Months, Utc};

/// A password changed within this time counts as recent.
const RECENT: Months = Months::new(6);

/// What the score is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The e-mail address that the account shows is verified.
    pub email_verified: bool,
    /// The phone number that the account shows is verified.
    pub phone_verified: bool,
    /// Signing in takes a second step.
    pub two_factor: bool,
    /// When the password was set, by registration or a change; `None` without a password.
    pub password_changed_at: Option<DateTime<Utc>>,
}

/// The rating of an account's security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// 0 to 100: what is done, by its [points](Recommendation::points).
    pub score: u8,
    /// The band that the score falls into.
    pub level: Level,
    /// What is missing, in the order of the formula.
    pub recommendations: Vec<Recommendation>,
}

/// A band of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 0 to 39.
    VeryWeak,
    /// 40 to 59.
    Weak,
    /// 60 to 79.
    Medium,
    /// 80 to 100.
    Strong,
}

/// One thing that is missing. `Display` is the English sentence that the REST dialects show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recommendation {
    /// No verified e-mail address.
    VerifyEmail,
    /// No verified phone number.
    VerifyPhone,
    /// No second step when signing in.
    EnableTwoFactor,
    /// No password, or none that was set within the last six months.
    ChangePassword,
}

impl Strength {
    /// Rates an account. Six months are calendar months, and the last instant still counts.
    pub fn assess(facts: Facts, now: DateTime<Utc>) -> Self {
        let recent = facts
            .password_changed_at
            .is_some_and(|changed| changed.checked_add_months(RECENT).is_none_or(|until| now <= until));
        let items = [
            (facts.email_verified, Recommendation::VerifyEmail),
            (facts.phone_verified, Recommendation::VerifyPhone),
            (facts.two_factor, Recommendation::EnableTwoFactor),
            (recent, Recommendation::ChangePassword),
        ];
        let score = items.iter().filter(|(done, _)| *done).map(|(_, item)| item.points()).sum();
        let recommendations = items.into_iter().filter(|(done, _)| !done).map(|(_, item)| item).collect();
        Self { score, level: Level::of(score), recommendations }
    }
}

impl Level {
    /// The band of a score.
    pub fn of(score: u8) -> Self {
        match score {
            0..=39 => Self::VeryWeak,
            40..=59 => Self::Weak,
            60..=79 => Self::Medium,
            _ => Self::Strong,
        }
    }

    /// The name in the REST dialects.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VeryWeak => "VERY_WEAK",
            Self::Weak => "WEAK",
            Self::Medium => "MEDIUM",
            Self::Strong => "STRONG",
        }
    }

    /// The English sentence that the REST dialects show.
    pub fn description(self) -> &'static str {
        match self {
            Self::VeryWeak => "Your account security is poor and needs immediate attention",
            Self::Weak => "Your account security needs improvement",
            Self::Medium => "Your account security is good but can be improved",
            Self::Strong => "Your account security is excellent",
        }
    }
}

impl Recommendation {
    /// What following it adds to the score.
    pub fn points(self) -> u8 {
        match self {
            Self::VerifyEmail | Self::VerifyPhone => 25,
            Self::EnableTwoFactor => 35,
            Self::ChangePassword => 15,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VerifyEmail => "Verify your email address",
            Self::VerifyPhone => "Verify your phone number",
            Self::EnableTwoFactor => "Enable two-factor authentication",
            Self::ChangePassword => "Change your password",
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2025, 8, 31, 12, 0, 0).unwrap()
    }

    fn assess(email_verified: bool, phone_verified: bool, two_factor: bool, recent: bool) -> Strength {
        let password_changed_at = recent.then(now);
        Strength::assess(Facts { email_verified, phone_verified, two_factor, password_changed_at }, now())
    }

    #[test]
    fn the_formula_stands() {
        for (email, phone, two_factor, recent, score, level) in [
            (false, false, false, false, 0, Level::VeryWeak),
            (false, false, true, false, 35, Level::VeryWeak),
            (true, false, false, true, 40, Level::Weak),
            (true, true, false, false, 50, Level::Weak),
            (true, false, true, false, 60, Level::Medium),
            (true, true, false, true, 65, Level::Medium),
            (true, false, true, true, 75, Level::Medium),
            (true, true, true, false, 85, Level::Strong),
            (true, true, true, true, 100, Level::Strong),
        ] {
            let strength = assess(email, phone, two_factor, recent);
            assert_eq!((strength.score, strength.level), (score, level));
            let missing: u8 = strength.recommendations.iter().map(|item| item.points()).sum();
            assert_eq!(strength.score + missing, 100);
        }
    }

    #[test]
    fn the_bands_begin_where_the_source_says() {
        for (score, level) in
            [(39, "VERY_WEAK"), (40, "WEAK"), (59, "WEAK"), (60, "MEDIUM"), (79, "MEDIUM"), (80, "STRONG")]
        {
            assert_eq!(Level::of(score).to_string(), level);
        }
    }

    #[test]
    fn each_missing_item_is_recommended_in_the_order_of_the_formula() {
        let sentences: Vec<_> =
            assess(false, false, false, false).recommendations.iter().map(ToString::to_string).collect();
        assert_eq!(
            sentences,
            [
                "Verify your email address",
                "Verify your phone number",
                "Enable two-factor authentication",
                "Change your password"
            ]
        );
        assert_eq!(assess(true, true, false, true).recommendations, [Recommendation::EnableTwoFactor]);
    }

    #[test]
    fn six_months_are_calendar_months_and_their_last_instant_counts() {
        let day = |month, day| Utc.with_ymd_and_hms(2025, month, day, 12, 0, 0).unwrap();
        let instant = TimeDelta::nanoseconds(1);
        for (changed, until) in [(day(1, 15), day(7, 15)), (day(2, 28), day(8, 28)), (day(3, 31), day(9, 30))] {
            let score = |now| {
                let password_changed_at = Some(changed);
                let facts =
                    Facts { email_verified: false, phone_verified: false, two_factor: false, password_changed_at };
                Strength::assess(facts, now).score
            };
            assert_eq!((score(until), score(until + instant)), (15, 0), "{changed}");
            assert_eq!(score(changed - instant), 15, "the clocks of two servers may differ");
        }
    }
}
