//! What people are told, by mail or text message: what happened, when, from where, and what to do if it was not them.
//!
//! Composing is pure. A language is an implementation of [`language::Language`] over every [`Notice`], so that a
//! message without a translation does not compile. Nothing a stranger chose is quoted but names of devices and masked
//! addresses: a sign-up must not be a way to write to others. What is quoted is one line, escaped in HTML.

mod english;
mod language;
mod layout;
mod notice;
mod turkish;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::domain::{code::Channel, locale::Locale};
use english::English;
use language::{Language, MessageContext};
use layout::EmailLayout;
use notice::Target;
pub use notice::{Notice, Undo};
use turkish::Turkish;

/// How the service presents itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// The colour of its buttons, `#rrggbb`.
    pub colour: Option<String>,
    /// A picture that stands for it, absolute or under the public URL.
    pub logo: Option<String>,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: "Nameplate".to_owned(), colour: None, logo: None }
    }
}

/// From where something was done. Empty parts are left out of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestLocation {
    /// The device in words: "Firefox on Linux", or the client's name alone.
    pub device: String,
    /// The network, never the full address.
    pub address: String,
}

/// For whom and about what moment a notice is written.
#[derive(Clone, Copy, Debug)]
pub struct Compose<'a> {
    /// The reader's language.
    pub locale: Locale,
    /// The reader's time zone, an IANA name; UTC where it is none.
    pub time_zone: Option<&'a str>,
    /// Who writes.
    pub brand: &'a Brand,
    /// Where links lead.
    pub public_url: &'a Url,
    /// When it happened.
    pub when: DateTime<Utc>,
    /// From where it was done.
    pub location: &'a RequestLocation,
}

/// A message, ready for the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line, without any code; empty for text messages.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML; empty for text messages.
    pub html: String,
}

/// Words a notice for a channel: a mail with all there is to say, or a text message that says the most important.
pub fn compose(notice: &Notice, channel: Channel, context: &Compose<'_>) -> Message {
    let language: &dyn Language = match context.locale {
        Locale::En => &English,
        Locale::Tr => &Turkish,
    };
    let zone = context.time_zone.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC);
    let brand = layout::one_line(&context.brand.name);
    let message = MessageContext { brand: &brand, zone, when: context.when };
    match channel {
        Channel::Email => mail(notice, language, &message, context),
        Channel::Sms => {
            let text = text_message(notice, language, &message, context.public_url);
            Message { subject: String::new(), text, html: String::new() }
        }
    }
}

fn mail(notice: &Notice, language: &dyn Language, message: &MessageContext<'_>, context: &Compose<'_>) -> Message {
    let labels = language.labels();
    let mut facts: Vec<_> = notice.index().map(|index| (labels.index, index.to_string())).into_iter().collect();
    facts.push((labels.when, language.moment(message.local(context.when))));
    let RequestLocation { device, address } = context.location;
    for (label, value) in [(labels.device, language.device(device)), (labels.network, address.clone())] {
        if !value.is_empty() {
            facts.push((label, value));
        }
    }
    let layout = EmailLayout {
        locale: context.locale,
        brand: context.brand,
        public_url: context.public_url,
        subject: language.subject(notice, message),
        happened: language.happened(notice, message),
        code: notice.code(),
        facts,
        advice: language.advice(notice, message),
        action: notice.target().map(|target| (language.action(target), target.address(context.public_url))),
        footer: language.footer(message),
    };
    layout.message()
}

fn text_message(notice: &Notice, language: &dyn Language, message: &MessageContext<'_>, public_url: &Url) -> String {
    if let Notice::Code { purpose, code, expires_at, .. } = notice {
        let minutes = message.minutes_until(*expires_at);
        let host = public_url.host_str().unwrap_or_default();
        // Browsers offer the code to this host alone when the last line has this form (WICG, "Origin-bound one-time
        // codes delivered via SMS").
        let index = notice.index().map(|index| format!(" ({index})")).unwrap_or_default();
        return format!("{code} {}{index}\n\n@{host} #{code}", language.code_text(*purpose, minutes, message));
    }
    let news = language.subject(notice, message);
    let Some(target) = notice.target() else { return format!("{news}.") };
    let doubt = if target == Target::SignIn { String::new() } else { format!(" {}", language.doubt()) };
    format!("{news}.{doubt} {}: {}", language.action(target), target.address(public_url))
}

#[cfg(test)]
mod tests;
