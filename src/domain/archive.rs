//! When an archived account may be restored, warned about and deleted, and the phrase that archives it.

use chrono::{DateTime, Months, TimeDelta, Utc};

/// What the owner types to archive the account.
pub const PHRASE: &str = "ARCHIVE MY ACCOUNT";

/// The phrase as the source spells it, with the Turkish dotted capital I; it counts too.
const SOURCE_PHRASE: &str = "ARCH\u{130}VE MY ACCOUNT";

/// How long before the deletion its owner is reminded of it, the earliest first.
pub const REMINDERS: [TimeDelta; 2] = [TimeDelta::days(7), TimeDelta::days(1)];

/// Whether this is the phrase, to the letter: no other case, no white space around it.
pub fn is_phrase(typed: &str) -> bool {
    typed == PHRASE || typed == SOURCE_PHRASE
}

/// When an account that was archived at that time is deleted: one calendar month later at the same time of day, on the
/// last day where that month is shorter.
pub fn purge_at(archived_at: DateTime<Utc>) -> DateTime<Utc> {
    archived_at.checked_add_months(Months::new(1)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether the account can no longer be restored, be it deleted already or not.
pub fn is_due(now: DateTime<Utc>, purge_at: DateTime<Utc>) -> bool {
    now >= purge_at
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(year, month, day, 13, 14, 15).unwrap()
    }

    #[test]
    fn only_the_two_spellings_are_the_phrase() {
        assert!(is_phrase("ARCHIVE MY ACCOUNT"));
        assert!(is_phrase("ARCHİVE MY ACCOUNT"));
        for other in [
            "",
            "archive my account",
            "Archive My Account",
            "ARCHIVE  MY ACCOUNT",
            " ARCHIVE MY ACCOUNT",
            "ARCHIVE MY ACCOUNT\n",
            "ARCHIVE MY ACCOUNT.",
            "ARCHIVE\u{A0}MY ACCOUNT",
            "ARCHIVE MY ACC",
            "ARCHIVE MY ACCOUNT ARCHIVE MY ACCOUNT",
            "ARCHI\u{307}VE MY ACCOUNT",
            "ARCHıVE MY ACCOUNT",
        ] {
            assert!(!is_phrase(other), "{other:?}");
        }
    }

    #[test]
    fn deletion_is_one_calendar_month_later() {
        for (archived, purged) in [
            ((2025, 9, 23), (2025, 10, 23)),
            ((2025, 12, 15), (2026, 1, 15)),
            ((2025, 1, 31), (2025, 2, 28)),
            ((2024, 1, 31), (2024, 2, 29)),
            ((2025, 8, 31), (2025, 9, 30)),
            ((2025, 2, 28), (2025, 3, 28)),
        ] {
            assert_eq!(purge_at(at(archived.0, archived.1, archived.2)), at(purged.0, purged.1, purged.2));
        }
        assert_eq!(purge_at(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn the_boundary_itself_is_due() {
        let purge_at = at(2025, 10, 23);
        assert!(!is_due(purge_at - TimeDelta::nanoseconds(1), purge_at));
        assert!(is_due(purge_at, purge_at));
    }

    #[test]
    fn reminders_are_a_week_and_a_day_before() {
        assert_eq!(REMINDERS.map(|before| at(2025, 10, 23) - before), [at(2025, 10, 16), at(2025, 10, 22)]);
    }
}
