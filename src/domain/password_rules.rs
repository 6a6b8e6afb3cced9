//! What a new password must be made of: the part of its rules that needs no dictionary, so that the browser can check
//! it while one types.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    error::{PasswordReason, Reason},
    limits::{LONG_PASSWORD, PASSWORD},
};

/// What new passwords must be made of, besides having 8 to 256 code points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// 15 code points of anything, or all four kinds of character.
    #[default]
    Hybrid,
    /// All four kinds of character, always.
    Composed,
    /// 15 code points of anything, always.
    Passphrase,
}

/// What a password is made of. Letters and digits are those of any script; a letter without case is none of the four
/// kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composition {
    /// Length in code points.
    pub length: usize,
    /// It has an upper case letter.
    pub upper: bool,
    /// It has a lower case letter.
    pub lower: bool,
    /// It has a digit.
    pub digit: bool,
    /// It has something that is neither letter nor digit, a space for instance.
    pub special: bool,
}

impl Policy {
    /// Every policy, the default first.
    pub const ALL: [Self; 3] = [Self::Hybrid, Self::Composed, Self::Passphrase];

    /// The name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hybrid => "hybrid",
            Self::Composed => "composed",
            Self::Passphrase => "passphrase",
        }
    }
}

impl Composition {
    /// Takes stock of a password. The server does so with its NFC form, in which a letter and its accents are one.
    pub fn of(password: &str) -> Self {
        let any = |is: fn(char) -> bool| password.chars().any(is);
        Self {
            length: password.chars().count(),
            upper: any(char::is_uppercase),
            lower: any(char::is_lowercase),
            digit: any(char::is_numeric),
            special: any(|c| !c.is_alphanumeric()),
        }
    }

    /// Whether it is long enough without mixing.
    pub fn is_long(self) -> bool {
        self.length >= LONG_PASSWORD
    }

    /// Whether all four kinds of character are in it.
    pub fn is_mixed(self) -> bool {
        self.upper && self.lower && self.digit && self.special
    }

    /// What the policy holds against it: its length first, then what it is made of.
    pub fn reasons(self, policy: Policy) -> Vec<PasswordReason> {
        let length = match self.length {
            length if length > *PASSWORD.end() => Some(PasswordReason::TooLong),
            // Where 15 are asked for anyway, hearing of 8 only misleads.
            length if length < *PASSWORD.start() && policy != Policy::Passphrase => Some(PasswordReason::TooShort),
            _ => None,
        };
        let made_of = match policy {
            Policy::Hybrid => (!self.is_long() && !self.is_mixed()).then_some(PasswordReason::NeitherLongNorMixed),
            Policy::Composed => (!self.is_mixed()).then_some(PasswordReason::NotMixed),
            Policy::Passphrase => (!self.is_long()).then_some(PasswordReason::NotLong),
        };
        length.into_iter().chain(made_of).collect()
    }
}

impl FromStr for Policy {
    type Err = Reason;

    fn from_str(name: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|policy| name == policy.as_str()).ok_or(Reason::Malformed)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasswordReason::{NeitherLongNorMixed, NotLong, NotMixed, TooLong, TooShort};

    #[test]
    fn each_policy_asks_for_what_it_says() {
        let long = "a".repeat(257);
        for (password, hybrid, composed, passphrase) in [
            ("Aa1!aaaa", &[][..], &[][..], &[NotLong][..]),
            ("Aa1!aaa", &[TooShort], &[TooShort], &[NotLong]),
            ("", &[TooShort, NeitherLongNorMixed], &[TooShort, NotMixed], &[NotLong]),
            ("aaaaaaaaaaaaaaa", &[], &[NotMixed], &[]),
            ("aaaaaaaaaaaaaa", &[NeitherLongNorMixed], &[NotMixed], &[NotLong]),
            ("               ", &[], &[NotMixed], &[]),
            ("Aa1aaaaa", &[NeitherLongNorMixed], &[NotMixed], &[NotLong]),
            ("Aa!aaaaa", &[NeitherLongNorMixed], &[NotMixed], &[NotLong]),
            ("A11!1111", &[NeitherLongNorMixed], &[NotMixed], &[NotLong]),
            ("a11!1111", &[NeitherLongNorMixed], &[NotMixed], &[NotLong]),
            (&long[..256], &[], &[NotMixed], &[]),
            (&long, &[TooLong], &[TooLong, NotMixed], &[TooLong]),
        ] {
            let composition = Composition::of(password);
            assert_eq!(composition.reasons(Policy::Hybrid), hybrid, "{password}");
            assert_eq!(composition.reasons(Policy::Composed), composed, "{password}");
            assert_eq!(composition.reasons(Policy::Passphrase), passphrase, "{password}");
        }
    }

    #[test]
    fn kinds_of_character_are_those_of_any_script() {
        for mixed in ["Öö٣€", "Σς7 ", "Ѐѐ½\u{A0}", "Aa1_"] {
            assert!(Composition::of(mixed).is_mixed(), "{mixed}");
        }
        let caseless = Composition::of("密码密码");
        assert!(!caseless.upper && !caseless.lower && !caseless.digit && !caseless.special);
        assert_eq!(Composition::of("密码🙂").length, 3);
    }

    #[test]
    fn names_read_back() {
        assert!(Policy::ALL.into_iter().all(|policy| policy.to_string().parse() == Ok(policy)));
        assert_eq!("Hybrid".parse::<Policy>(), Err(Reason::Malformed));
        assert_eq!(Policy::default(), Policy::Hybrid);
    }
}
