//! What every page knows besides its own data: who looks at it, when, and in which words.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::form_urlencoded;

use super::text::{self, Text};
use crate::domain::{
    locale::{Locale, Theme},
    time_zone::TimeZone,
};

/// What every page is rendered with: language, colours, time zone, who is signed in.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The language of the page.
    pub locale: Locale,
    /// Its colours.
    pub theme: Theme,
    /// The time zone that times are shown in.
    pub zone: TimeZone,
    /// What it shows, as far as this page is concerned.
    pub now: DateTime<Utc>,
    /// Whose site this is.
    pub brand: Brand,
    /// The local path and query of the page, to which its forms return.
    pub path: String,
    /// Who is signed in.
    pub account: Option<SignedIn>,
    /// An app to return to, by its name, and where it is.
    pub return_to: Option<(String, String)>,
    /// Where the style and the scripts are.
    pub assets: Assets,
    /// The nonce of the page's content security policy.
    pub nonce: Option<String>,
}

/// Whose site this is.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// A picture of it, shown 28 px high.
    pub logo: Option<String>,
}

/// Who is signed in, as the head of the page shows it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The full name, else the username.
    pub name: String,
    /// The username.
    pub username: String,
    /// Where the avatar is.
    pub avatar_url: String,
}

/// Addresses of hashed files.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Style sheets, in their order.
    pub styles: Vec<String>,
    /// Module scripts.
    pub scripts: Vec<String>,
}

impl PageContext {
    /// The words of the page's language.
    pub fn text(&self) -> &'static Text {
        text::of(self.locale)
    }

    /// The day on which something is, where the reader lives.
    pub fn date(&self, at: DateTime<Utc>) -> String {
        self.text().date(self.zone.local(at))
    }

    /// The time of day of something, where the reader lives: `07:05 UTC+3`.
    pub fn time(&self, at: DateTime<Utc>) -> String {
        format!("{}\u{A0}{}", self.text().time(self.zone.local(at)), self.zone.offset(at))
    }

    /// Day and time of something, where the reader lives.
    pub fn date_time(&self, at: DateTime<Utc>) -> String {
        format!("{}\u{A0}{}", self.text().date_time(self.zone.local(at)), self.zone.offset(at))
    }

    /// How long it is until then; nothing, once it has passed.
    pub fn until(&self, at: DateTime<Utc>) -> Option<Duration> {
        (at - self.now).to_std().ok().filter(|span| !span.is_zero())
    }
}

/// A link to one of our pages that remembers where to go from there.
pub fn with_next(path: &str, next: Option<&str>) -> String {
    match next {
        None => path.to_owned(),
        Some(next) => {
            let mark = if path.contains('?') { '&' } else { '?' };
            format!("{path}{mark}next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>())
        }
    }
}

/// The style sheet that sets the operator's colour, written `#rrggbb` or `#rgb`; nothing for anything else.
pub fn brand_stylesheet(colour: &str) -> Option<String> {
    let digits = colour.strip_prefix('#')?;
    let hexadecimal = matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| format!(":root{{--brand:#{digits}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_in_links() {
        assert_eq!(with_next("/register", None), "/register");
        assert_eq!(with_next("/login", Some("/u/a?b=c&d")), "/login?next=%2Fu%2Fa%3Fb%3Dc%26d");
        assert_eq!(with_next("?method=totp", Some("/é\"")), "?method=totp&next=%2F%C3%A9%22");
    }

    #[test]
    fn only_a_colour_gets_into_the_style_sheet() {
        assert_eq!(brand_stylesheet("#0e5F6b").as_deref(), Some(":root{--brand:#0e5F6b}"));
        assert_eq!(brand_stylesheet("#abc").as_deref(), Some(":root{--brand:#abc}"));
        for other in ["", "#", "red", "#12345", "#1234567", "#12345g", "#fff}body{display:none", "0e5f6b"] {
            assert_eq!(brand_stylesheet(other), None, "{other}");
        }
    }
}
