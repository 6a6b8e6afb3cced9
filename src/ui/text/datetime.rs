//! Dates, times and spans as each language writes them. Times come in as what the clocks show where the reader lives.

use chrono::{Datelike, NaiveDateTime, Timelike};
use std::time::Duration;

use super::Text;

const MONTHS: [[&str; 2]; 12] = [
    ["January", "Ocak"],
    ["February", "Şubat"],
    ["March", "Mart"],
    ["April", "Nisan"],
    ["May", "Mayıs"],
    ["June", "Haziran"],
    ["July", "Temmuz"],
    ["August", "Ağustos"],
    ["September", "Eylül"],
    ["October", "Ekim"],
    ["November", "Kasım"],
    ["December", "Aralık"],
];

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Text {
    /// A day: `22 November 2026`.
    pub fn date(&self, local: NaiveDateTime) -> String {
        let [english, turkish] = MONTHS[local.month0() as usize];
        format!("{} {} {}", local.day(), self.pick(english, turkish), local.year())
    }

    /// A month: `November 2026`.
    pub fn month(&self, local: NaiveDateTime) -> String {
        let [english, turkish] = MONTHS[local.month0() as usize];
        format!("{} {}", self.pick(english, turkish), local.year())
    }

    /// A time of day on the 24-hour clock: `14:05`.
    pub fn time(&self, local: NaiveDateTime) -> String {
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// Both: `22 November 2026, 14:05`.
    pub fn date_time(&self, local: NaiveDateTime) -> String {
        format!("{}, {}", self.date(local), self.time(local))
    }

    /// How long to wait, never less than it is: seconds up to a minute and a half, then minutes, hours, days.
    pub fn span(&self, span: Duration) -> String {
        let seconds = span.as_secs().saturating_add(u64::from(span.subsec_nanos() > 0));
        let (count, english, turkish) = match seconds {
            0..=90 => (seconds, "second", "saniye"),
            91..HOUR => (seconds.div_ceil(MINUTE), "minute", "dakika"),
            HOUR..DAY => (seconds.div_ceil(HOUR), "hour", "saat"),
            _ => (seconds.div_ceil(DAY), "day", "gün"),
        };
        let plural = if count == 1 { "" } else { "s" };
        let count = self.number(count);
        self.pick(format!("{count} {english}{plural}"), format!("{count} {turkish}"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{super::of, *};
    use crate::domain::locale::Locale::{En, Tr};

    #[test]
    fn dates_are_written_out() {
        let at = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(4, 5, 59).unwrap();
        assert_eq!(of(En).date_time(at(11, 22)), "22 November 2026, 04:05");
        assert_eq!(of(Tr).date_time(at(11, 22)), "22 Kasım 2026, 04:05");
        assert_eq!(
            (of(En).date(at(1, 1)), of(Tr).date(at(8, 31))),
            ("1 January 2026".into(), "31 Ağustos 2026".into())
        );
        assert_eq!((of(En).month(at(1, 1)), of(Tr).month(at(1, 1))), ("January 2026".into(), "Ocak 2026".into()));
    }

    #[test]
    fn spans_round_up_and_count_right() {
        for (millis, english, turkish) in [
            (0, "0 seconds", "0 saniye"),
            (1, "1 second", "1 saniye"),
            (90_000, "90 seconds", "90 saniye"),
            (90_001, "2 minutes", "2 dakika"),
            (540_000, "9 minutes", "9 dakika"),
            (3_599_001, "1 hour", "1 saat"),
            (3_600_001, "2 hours", "2 saat"),
            (86_400_000, "1 day", "1 gün"),
            (2_000 * 86_400_000, "2,000 days", "2.000 gün"),
        ] {
            let span = Duration::from_millis(millis);
            assert_eq!((of(En).span(span).as_str(), of(Tr).span(span).as_str()), (english, turkish), "{millis}");
        }
        of(En).span(Duration::MAX);
    }
}
