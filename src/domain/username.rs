//! The name by which an account is addressed: unique without regard to case, never one of ours.

use std::{collections::HashSet, sync::LazyLock};

use super::{error::Reason, limits::USERNAME, parsed_text::parsed_text};

/// Names that nobody may take: one a line, in the form of [`bare`], `#` begins a comment.
static RESERVED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("reserved_usernames.txt").lines();
    lines.map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|name| !name.is_empty()).collect()
});

/// A username: a letter, then letters, digits, `_` and `-` (ASCII), 3 to 30 in all, not reserved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

/// Which of the rules for usernames a text keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// It has 3 to 30 characters.
    pub correct_length: bool,
    /// It begins with a letter, and holds nothing but letters, digits, `_` and `-`.
    pub valid_format: bool,
    /// It is not kept back for the service itself.
    pub not_reserved: bool,
}

impl Username {
    /// A username, taken exactly as written.
    ///
    /// # Errors
    /// The first rule it broke.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        let Checks { correct_length, valid_format, not_reserved } = Checks::of(raw);
        match raw.chars().count() {
            0 => Err(Reason::Required),
            length if !correct_length && length < *USERNAME.start() => Err(Reason::TooShort { min: *USERNAME.start() }),
            _ if !correct_length => Err(Reason::TooLong { max: *USERNAME.end() }),
            _ if !valid_format => Err(Reason::UsernameForm),
            _ if !not_reserved => Err(Reason::Reserved),
            _ => Ok(Self(raw.to_owned())),
        }
    }

    /// The form in which usernames are compared: two with the same key are the same name.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl Checks {
    /// Judges a text by every rule.
    pub fn of(raw: &str) -> Self {
        Self {
            correct_length: USERNAME.contains(&raw.chars().count()),
            valid_format: raw.starts_with(|c: char| c.is_ascii_alphabetic()) && raw.chars().all(is_permitted),
            not_reserved: !RESERVED.contains(bare(raw).as_str()),
        }
    }

    /// Whether it keeps them all.
    pub fn passed(self) -> bool {
        self.correct_length && self.valid_format && self.not_reserved
    }
}

parsed_text!(Username);

/// Whether the character may stand in a username.
pub(super) fn is_permitted(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The letters and digits of a name in lower case, so that `Ad_Min` is as reserved as `admin`.
fn bare(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_form_is_that_of_the_contract() {
        for name in ["ada", "Ada_Lovelace", "johndoe-a1B2c3D", "a--", "A1_", &"a".repeat(30)] {
            assert_eq!(Username::parse(name).map(String::from), Ok(name.to_owned()));
        }
        for (name, reason) in [
            ("", Reason::Required),
            ("ab", Reason::TooShort { min: 3 }),
            (&*"a".repeat(31), Reason::TooLong { max: 30 }),
            ("1ada", Reason::UsernameForm),
            ("_ada", Reason::UsernameForm),
            ("-ada", Reason::UsernameForm),
            ("ada lovelace", Reason::UsernameForm),
            (" ada", Reason::UsernameForm),
            ("ada\n", Reason::UsernameForm),
            ("ada.l", Reason::UsernameForm),
            ("@ada", Reason::UsernameForm),
            ("adä", Reason::UsernameForm),
            ("аda", Reason::UsernameForm), // Cyrillic а
            ("admin", Reason::Reserved),
            ("Post-Master", Reason::Reserved),
        ] {
            assert_eq!(Username::parse(name), Err(reason), "{name:?}");
        }
    }

    #[test]
    fn each_rule_is_told_apart() {
        let checks = |raw| {
            let Checks { correct_length, valid_format, not_reserved } = Checks::of(raw);
            (correct_length, valid_format, not_reserved)
        };
        assert_eq!(checks("ada"), (true, true, true));
        assert_eq!(checks("a"), (false, true, true));
        assert_eq!(checks("1 2"), (true, false, true));
        assert_eq!(checks("ADMIN"), (true, true, false));
        assert_eq!(checks("u"), (false, true, false));
        assert_eq!(checks(""), (false, false, true));
        assert!(Checks::of("ada").passed() && !Checks::of("ad").passed());
    }

    #[test]
    fn names_that_differ_in_case_are_one() {
        assert_eq!(Username::parse("Ada_L").unwrap().key(), Username::parse("aDA_l").unwrap().key());
    }

    #[test]
    fn the_reserved_list_is_in_the_form_it_is_searched_in() {
        let lines: Vec<_> =
            include_str!("reserved_usernames.txt").lines().filter(|line| !line.starts_with('#')).collect();
        let entries: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        assert!(entries.iter().all(|name| *name == bare(name) && name.chars().all(is_permitted)));
        assert_eq!(entries.len(), RESERVED.len(), "an entry stands twice");
        for ours in ["register", "login", "profile", "auth-api", "well_known", "administrator", "abuse", "me", "root"] {
            assert!(!Checks::of(ours).not_reserved, "{ours}");
        }
    }

    proptest! {
        #[test]
        fn checks_and_parse_agree(raw in "[a-zA-Z0-9_é -]{0,33}") {
            prop_assert_eq!(Checks::of(&raw).passed(), Username::parse(&raw).is_ok());
        }
    }
}
