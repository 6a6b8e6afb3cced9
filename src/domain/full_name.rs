//! A full name and its parts: how the one becomes the other, for the page that shows one field and the dialects that
//! send one.

/// A full name taken apart. Missing parts are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FullName<'a> {
    /// Up to the first space; the whole of a name like "Cher".
    pub given: &'a str,
    /// Between the first and the last space.
    pub middle: &'a str,
    /// After the last space.
    pub family: &'a str,
}

impl<'a> FullName<'a> {
    /// Splits at the first and at the last white space.
    pub fn split(full: &'a str) -> Self {
        let full = full.trim();
        let (given, rest) = full.split_once(char::is_whitespace).unwrap_or((full, ""));
        let rest = rest.trim_start();
        let (middle, family) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        Self { given, middle: middle.trim_end(), family }
    }

    /// The words of all parts with single spaces between them.
    pub fn join(self) -> String {
        single_spaced(&[self.given, self.middle, self.family].join(" "))
    }
}

/// The words of a text with single spaces between them.
pub(super) fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_at_the_first_and_the_last_space() {
        for (full, given, middle, family) in [
            ("", "", "", ""),
            ("   ", "", "", ""),
            ("Cher", "Cher", "", ""),
            (" Cher ", "Cher", "", ""),
            ("Ada Lovelace", "Ada", "", "Lovelace"),
            ("Augusta Ada King", "Augusta", "Ada", "King"),
            ("Ludwig  van \u{A0} Beethoven ", "Ludwig", "van", "Beethoven"),
            ("Pablo Diego José Ruiz Picasso", "Pablo", "Diego José Ruiz", "Picasso"),
            ("山田\u{3000}太郎", "山田", "", "太郎"),
        ] {
            assert_eq!(FullName::split(full), FullName { given, middle, family }, "{full:?}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_as_written_but_for_extra_spaces(full in "[ a-zÀ-ž'-]{0,60}") {
            let words: Vec<_> = full.split_whitespace().collect();
            prop_assert_eq!(FullName::split(&full).join(), words.join(" "));
        }

        #[test]
        fn any_text_splits_into_words_it_had(full in any::<String>()) {
            prop_assert_eq!(FullName::split(&full).join(), single_spaced(&full));
        }
    }
}
