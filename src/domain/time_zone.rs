//! The time zone in which an account reads its times.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Offset, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::error::Reason;

/// What names of zones begin with that are places; the others are for programs that are older than these.
const AREAS: [&str; 9] =
    ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// A time zone of the IANA database, such as `Europe/Istanbul`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// The IANA name.
    pub fn as_str(self) -> &'static str {
        self.0.name()
    }

    /// Every zone that has a place's name, and UTC, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        let is_place = |name: &str| name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area));
        let zones = TZ_VARIANTS.iter().filter(move |zone| is_place(zone.name()));
        std::iter::once(Self::default()).chain(zones.copied().map(Self))
    }

    /// How far the clocks there are from UTC at that instant: `UTC`, `UTC+3`, `UTC−3:30`.
    pub fn offset(self, at: DateTime<Utc>) -> String {
        let minutes = at.with_timezone(&self.0).offset().fix().local_minus_utc() / 60;
        let (sign, hours, rest) = (if minutes < 0 { '\u{2212}' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60);
        match (hours, rest) {
            (0, 0) => "UTC".to_owned(),
            (_, 0) => format!("UTC{sign}{hours}"),
            _ => format!("UTC{sign}{hours}:{rest:02}"),
        }
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

    /// Reads an IANA name. Case does not matter, nor do spaces around it.
    fn from_str(name: &str) -> Result<Self, Reason> {
        let name = name.trim();
        let zone = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name));
        zone.copied().map(Self).ok_or(Reason::Malformed)
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
        for name in ["europe/istanbul", " Europe/Istanbul\n", "EUROPE/ISTANBUL"] {
            assert_eq!(name.parse::<TimeZone>().map(TimeZone::as_str), Ok("Europe/Istanbul"));
        }
        for name in ["", "Istanbul", "Europe/Atlantis", "+03:00", "europe/istanbul/", "../etc/passwd", "UTC\0"] {
            assert_eq!(name.parse::<TimeZone>(), Err(Reason::Malformed), "{name:?}");
        }
        assert_eq!(TimeZone::default().to_string(), "UTC");
    }

    #[test]
    fn the_distance_from_utc_is_said() {
        let at = |month| Utc.with_ymd_and_hms(2025, month, 1, 12, 0, 0).unwrap();
        for (zone, winter, summer) in [
            ("UTC", "UTC", "UTC"),
            ("Europe/Istanbul", "UTC+3", "UTC+3"),
            ("Europe/London", "UTC", "UTC+1"),
            ("Asia/Kolkata", "UTC+5:30", "UTC+5:30"),
            ("America/St_Johns", "UTC\u{2212}3:30", "UTC\u{2212}2:30"),
        ] {
            let zone: TimeZone = zone.parse().unwrap();
            assert_eq!((zone.offset(at(1)), zone.offset(at(7))), (winter.into(), summer.into()), "{zone}");
        }
    }

    #[test]
    fn the_list_has_places_and_utc() {
        let all: Vec<_> = TimeZone::all().map(TimeZone::as_str).collect();
        assert_eq!(all[0], "UTC");
        assert!(all.contains(&"Europe/Istanbul") && all.contains(&"America/Argentina/Buenos_Aires") && all.len() > 400);
        assert!(!all.iter().any(|name| name.starts_with("Etc/") || name.starts_with("US/")));
    }

    #[test]
    fn local_time_follows_summer_time() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        let local = |month| berlin.local(Utc.with_ymd_and_hms(2025, month, 1, 12, 0, 0).unwrap()).to_string();
        assert_eq!((local(1), local(7)), ("2025-01-01 13:00:00".to_owned(), "2025-07-01 14:00:00".to_owned()));
    }
}
