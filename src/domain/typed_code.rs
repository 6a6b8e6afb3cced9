//! Codes as people type and paste them.

use super::{code::DIGITS, digits::ascii_digit};

/// How far behind their ASCII forms the full-width ones stand.
const FULL_WIDTH: u32 = 0xFEE0;

/// What counts of a typed code: its letters and digits, those of other scripts as the ASCII ones they stand for. Hyphens,
/// spaces, quotes and whatever cannot be seen come along with a copied code and mean nothing.
pub fn symbols(typed: &str) -> impl Iterator<Item = char> {
    typed.chars().filter(|c| c.is_alphanumeric()).map(|c| match c {
        // Full-width letters, which stand in the order of ASCII.
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c),
        other => ascii_digit(other).unwrap_or(other),
    })
}

/// The digits of a typed code; `None` if they are not six, or there is anything else.
pub fn six_digits(typed: &str) -> Option<String> {
    let code: String = symbols(typed).take(DIGITS + 1).collect();
    (code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed_or_copied() {
        for typed in [
            "004219",
            " 004219\r\n",
            "004 219",
            "004-219",
            "004\u{A0}219",
            "0 0 4 2 1 9",
            "004.219",
            "\u{200B}004219\u{FEFF}",
            "\u{202A}004\u{2060}219\u{202C}",
            "00\u{AD}4219",
            "\"004219\"",
            "００４２１９",
            "٠٠٤٢١٩",
            "۰۰۴۲۱۹",
            "००४२१९",
        ] {
            assert_eq!(six_digits(typed).as_deref(), Some("004219"), "{typed:?}");
        }
    }

    #[test]
    fn what_is_not_six_digits_is_none() {
        for typed in ["", " ", "00421", "0042190", "00421x", "x004219", "O04219", "½04219", "零零四二一九", "²004219"]
        {
            assert_eq!(six_digits(typed), None, "{typed}");
        }
        assert_eq!(six_digits(&"0".repeat(100_000)), None);
    }
}
