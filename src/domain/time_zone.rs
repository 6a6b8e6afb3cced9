//! The time zone in which an account reads its times.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::error::Reason;

/// A time zone of the IANA database, such as `Europe/Istanbul`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// The IANA name.
    pub fn as_str(self) -> &'static str {
        self.0.name()
    }

    /// What the clocks there show at that instant.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl FromStr for TimeZone {
    type Err = Reason;

    /// Reads an IANA name exactly as the database spells it.
    fn from_str(name: &str) -> Result<Self, Reason> {
        name.parse().map(Self).map_err(|_| Reason::Malformed)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn only_names_of_the_database_are_time_zones() {
        for name in ["UTC", "Europe/Istanbul", "Africa/Dar_es_Salaam", "America/Argentina/Buenos_Aires", "Asia/Kolkata"]
        {
            assert_eq!(name.parse::<TimeZone>().map(TimeZone::as_str), Ok(name));
        }
        for name in ["", "Istanbul", "Europe/Atlantis", "+03:00", "europe/istanbul/", "../etc/passwd", "UTC\0"] {
            assert_eq!(name.parse::<TimeZone>(), Err(Reason::Malformed), "{name:?}");
        }
        assert_eq!(TimeZone::default().to_string(), "UTC");
    }

    #[test]
    fn local_time_follows_summer_time() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        let local = |month| berlin.local(Utc.with_ymd_and_hms(2025, month, 1, 12, 0, 0).unwrap()).to_string();
        assert_eq!((local(1), local(7)), ("2025-01-01 13:00:00".to_owned(), "2025-07-01 14:00:00".to_owned()));
    }
}
