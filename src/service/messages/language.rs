//! What a language has to say.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Offset, Utc};
use chrono_tz::Tz;

use super::notice::{Notice, Target};
use crate::domain::code::Purpose;

/// What sentences may speak of besides the notice itself.
pub(super) struct MessageContext<'a> {
    /// The name of the service.
    pub brand: &'a str,
    /// The reader's time zone.
    pub zone: Tz,
    /// When it happened.
    pub when: DateTime<Utc>,
}

impl MessageContext<'_> {
    /// The local time in the reader's time zone.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let local = at.with_timezone(&self.zone);
        local.with_timezone(&local.offset().fix())
    }

    /// The reader's date then.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// Whole minutes from the event until then.
    pub fn minutes_until(&self, at: DateTime<Utc>) -> i64 {
        (at - self.when).num_minutes()
    }

    /// Days on the reader's calendar from the event until then.
    pub fn days_until(&self, at: DateTime<Utc>) -> i64 {
        (self.day(at) - self.day(self.when)).num_days()
    }
}

/// The words before the facts of a mail.
pub(super) struct Labels {
    pub index: &'static str,
    pub when: &'static str,
    pub device: &'static str,
    pub network: &'static str,
}

/// A language that messages are written in.
pub(super) trait Language {
    /// What the message is about: a sentence without its full stop, never with a code. Text messages begin with it.
    fn subject(&self, notice: &Notice, context: &MessageContext<'_>) -> String;

    /// What happened.
    fn happened(&self, notice: &Notice, context: &MessageContext<'_>) -> String;

    /// What to do, above all if it was not the reader.
    fn advice(&self, notice: &Notice, context: &MessageContext<'_>) -> String;

    /// What follows the digits of a code in a text message. LastUses characters of the GSM alphabet alone (3GPP TS 23.038):
    /// any other makes the message three times as long.
    fn code_text(&self, purpose: Purpose, minutes: i64, context: &MessageContext<'_>) -> String;

    /// The words on a link.
    fn action(&self, target: Target<'_>) -> &'static str;

    /// What stands in a text message before a link that is for those alone who did not do it.
    fn doubt(&self) -> &'static str;

    /// A device, given in English.
    fn device(&self, device: &str) -> String;

    /// The words before the facts.
    fn labels(&self) -> Labels;

    /// Why this mail came.
    fn footer(&self, context: &MessageContext<'_>) -> String;

    /// The names of the months.
    fn months(&self) -> [&'static str; 12];

    /// A date.
    fn date(&self, day: NaiveDate) -> String {
        format!("{} {} {}", day.day(), self.months()[day.month0() as usize], day.year())
    }

    /// A date and a time of day, with the distance from UTC: a reader may be away from home.
    fn moment(&self, at: DateTime<FixedOffset>) -> String {
        let offset = if at.offset().local_minus_utc() == 0 { String::new() } else { at.format("%:z").to_string() };
        format!("{}, {} (UTC{offset})", self.date(at.date_naive()), at.format("%H:%M"))
    }
}
