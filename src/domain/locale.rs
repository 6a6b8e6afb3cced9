//! The languages and colour themes that the pages offer.

use std::{cmp::Reverse, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::error::Reason;

/// A language that the pages and mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Turkish.
    Tr,
}

/// A colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Whatever the device is set to.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::En, Self::Tr];

    /// The language that an `Accept-Language` header likes best (RFC 9110, section 12.5.4); `None` when it names none
    /// of ours. Regions and scripts do not matter here: `tr-CY` is Turkish. Among equals the one named first wins.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let ranges: Vec<_> = accept_language.split(',').filter_map(Range::parse).collect();
        let best = |tag: &str| {
            let named = ranges.iter().enumerate().filter(|(_, range)| range.language.eq_ignore_ascii_case(tag));
            named.map(|(place, range)| (range.thousandths, Reverse(place))).max()
        };
        // `max_by_key` takes the last of equals, and of those that only `*` names the default shall win: hence `rev`.
        let liked = Self::ALL
            .into_iter()
            .rev()
            .filter_map(|locale| Some((best(locale.as_str()).or_else(|| best("*"))?, locale)));
        liked
            .filter(|((thousandths, _), _)| *thousandths > 0)
            .max_by_key(|(liking, _)| *liking)
            .map(|(_, locale)| locale)
    }

    /// The language tag (BCP 47), as in `<html lang>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Tr => "tr",
        }
    }
}

impl Theme {
    /// Every theme, the default first.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// This one, unless it follows the system; then `other`.
    pub fn or(self, other: Self) -> Self {
        if self == Self::System { other } else { self }
    }

    /// The name, as in cookies and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// One entry of `Accept-Language`: the first subtag of a language range, and how much it is liked.
struct Range<'a> {
    language: &'a str,
    thousandths: u16,
}

impl<'a> Range<'a> {
    fn parse(entry: &'a str) -> Option<Self> {
        let (range, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let quality: f32 =
            weight.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim().parse().ok()?;
        if !(0.0..=1.0).contains(&quality) {
            return None;
        }
        Some(Self { language: primary(range), thousandths: (quality * 1000.0) as u16 })
    }
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag).trim()
}

impl FromStr for Locale {
    type Err = Reason;

    /// Reads a language tag; what follows the language (`en-GB`, `tr_TR`) does not matter.
    fn from_str(tag: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|locale| primary(tag).eq_ignore_ascii_case(locale.as_str())).ok_or(Reason::Malformed)
    }
}

impl FromStr for Theme {
    type Err = Reason;

    fn from_str(name: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|theme| name == theme.as_str()).ok_or(Reason::Malformed)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_best_liked_language_wins() {
        for (header, locale) in [
            ("tr", Some(Locale::Tr)),
            ("TR-tr", Some(Locale::Tr)),
            ("en-US,en;q=0.9,tr;q=0.8", Some(Locale::En)),
            ("de-DE, tr ; q=0.5 , en;q=0.4", Some(Locale::Tr)),
            ("en;q=0.3, tr-TR;q=0.1, tr;q=0.7", Some(Locale::Tr)),
            ("tr,en", Some(Locale::Tr)),
            ("en, tr", Some(Locale::En)),
            ("*", Some(Locale::En)),
            ("*;q=0.5, en;q=0.1", Some(Locale::Tr)),
            ("en;q=0, *;q=0.1", Some(Locale::Tr)),
            ("*, tr", Some(Locale::En)),
            ("de, fr;q=0.5", None),
            ("en;q=0", None),
            ("en;q=0.000,tr;q=0", None),
            ("tr;q=2, en;q=x", None),
            ("tr;level=1", None),
            ("ent, trk", None),
            ("", None),
            (",;,-,;q=", None),
        ] {
            assert_eq!(Locale::negotiate(header), locale, "{header:?}");
        }
    }

    #[test]
    fn names_read_back() {
        assert!(Locale::ALL.into_iter().all(|locale| locale.to_string().parse() == Ok(locale)));
        assert!(Theme::ALL.into_iter().all(|theme| theme.to_string().parse() == Ok(theme)));
        assert_eq!("en-GB".parse(), Ok(Locale::En));
        assert_eq!("tr_TR".parse(), Ok(Locale::Tr));
        assert_eq!("".parse::<Locale>(), Err(Reason::Malformed));
        assert_eq!("Dark".parse::<Theme>(), Err(Reason::Malformed));
        assert_eq!((Locale::default(), Theme::default()), (Locale::En, Theme::System));
    }

    proptest! {
        #[test]
        fn any_header_gets_an_answer(header in any::<String>()) {
            Locale::negotiate(&header);
        }
    }
}
