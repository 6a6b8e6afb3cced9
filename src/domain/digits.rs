//! Digits of any script.

use deunicode::deunicode_char;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The ASCII digit that a digit stands for: Arabic, Devanagari, full-width … ones, as the keyboards of their readers write
/// them. `None` for what is no decimal digit.
pub fn ascii_digit(c: char) -> Option<char> {
    if c.is_ascii_digit() {
        return Some(c);
    }
    let latin = deunicode_char(c).filter(|_| c.general_category() == GeneralCategory::DecimalNumber)?;
    let mut digits = latin.chars();
    digits.next().filter(|digit| digit.is_ascii_digit() && digits.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_of_any_script_is_the_one_it_stands_for() {
        for (digits, value) in [("0٠۰०０", '0'), ("4٤۴४４", '4'), ("9٩۹९９", '9')] {
            for digit in digits.chars() {
                assert_eq!(ascii_digit(digit), Some(value), "{digit}");
            }
        }
    }

    #[test]
    fn nothing_else_is_a_digit() {
        for c in ['a', ' ', '½', '²', '零', 'Ⅳ', '+'] {
            assert_eq!(ascii_digit(c), None, "{c}");
        }
        let digits = (char::MIN..=char::MAX).filter_map(ascii_digit);
        assert!(digits.into_iter().all(|digit| digit.is_ascii_digit()));
    }
}
