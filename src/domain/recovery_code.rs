//! Recovery codes: what is left to sign in with when phone and mailbox are out of reach.

use std::fmt;

use super::typed_code;

/// Codes of one set.
pub const COUNT: usize = 10;
/// Symbols of a code, five bits each: at 80 bits a fast keyed hash of it is as safe as a slow one.
const SYMBOLS: usize = 16;
/// Symbols between two hyphens.
const GROUP: usize = 4;
/// Crockford's base 32: none of its symbols is taken for another one when read from paper.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code, in its one spelling. `Display` shows it in groups.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// The code that random bytes stand for.
    pub fn new(random: [u8; SYMBOLS]) -> Self {
        Self(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Reads a code as people type it (see [`typed_code::symbols`]), in any case, and with the letters that look like a digit
    /// taken for it. `None` for what cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let symbols = typed_code::symbols(typed).map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        });
        let code: String = symbols.take(SYMBOLS + 1).collect();
        let known = |byte| ALPHABET.contains(&byte);
        (code.len() == SYMBOLS && code.bytes().all(known)).then_some(Self(code))
    }

    /// The symbols without hyphens, for hashing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.chars().enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_groups_and_read_back() {
        let code = RecoveryCode::new(std::array::from_fn(|place| place as u8 * 17));
        let shown = code.to_string();
        assert_eq!(shown, "0h2k-4n6q-8sav-cxez");
        for typed in
            [shown.clone(), shown.to_uppercase(), shown.replace('-', ""), format!(" {} ", shown.replace('-', " "))]
        {
            assert!(RecoveryCode::parse(&typed) == Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_digits() {
        let code = RecoveryCode::new([0; SYMBOLS]);
        assert!(RecoveryCode::parse("oOoO-0000-0000-0000") == Some(code));
        let code = RecoveryCode::new([1; SYMBOLS]);
        assert!(RecoveryCode::parse("iIlL-1111-1111-1111") == Some(code));
    }

    #[test]
    fn what_cannot_be_one_is_none() {
        for typed in ["", "123456", "0000-0000-0000-000", "0000-0000-0000-00000", "uuuu-0000-0000-0000", "ééééééééé"]
        {
            assert!(RecoveryCode::parse(typed).is_none(), "{typed}");
        }
    }
}
