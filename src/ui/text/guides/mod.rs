//! How to point a client at each REST dialect: prose in each language. Words between backticks are code.

mod logto;
mod mindbricks;
mod nextgate;

pub use self::{logto::LOGTO, mindbricks::MINDBRICKS, nextgate::NEXTGATE};
use crate::domain::locale::Locale;

/// A text in each language: English, Turkish.
pub type Texts = [&'static str; 2];

/// A way in which we are not like the vendor.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// What is different.
    pub what: Texts,
    /// Why.
    pub why: Texts,
}

/// The prose of a guide.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// For whom the dialect is.
    pub lede: Texts,
    /// What to set as base URL.
    pub base: Texts,
    /// Where tokens come from, and how long they last.
    pub token: Texts,
    /// What the vendor does otherwise.
    pub differences: &'static [Difference],
}

/// The text in a language.
pub fn choose([english, turkish]: Texts, locale: Locale) -> &'static str {
    match locale {
        Locale::En => english,
        Locale::Tr => turkish,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guides_say_the_same_in_both_languages() {
        for guide in [MINDBRICKS, NEXTGATE, LOGTO] {
            let prose = [guide.lede, guide.base, guide.token];
            for [english, turkish] in
                prose.into_iter().chain(guide.differences.iter().flat_map(|one| [one.what, one.why]))
            {
                assert_ne!(english, turkish);
                assert!(!english.contains(|c| "çğıöşüÇĞİÖŞÜ".contains(c)), "Turkish in English: {english}");
                let code = |text: &str| {
                    let mut code: Vec<_> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
                    code.sort();
                    code
                };
                assert_eq!(code(english), code(turkish), "{english}");
            }
        }
    }
}
