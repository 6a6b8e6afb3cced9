//! The name of a person, stored once as given, middle and family name.

use unicode_normalization::UnicodeNormalization;

use super::{
    error::{Field, Issue, Reason},
    full_name::{FullName, single_spaced},
    limits::NAME_PART,
    text,
};

/// A person's name: every part present is 1 to 30 code points with single spaces inside, in NFC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    given: Option<String>,
    middle: Option<String>,
    family: Option<String>,
}

impl Names {
    /// The name from its parts, of which only the given name is needed. A blank part counts as not given.
    ///
    /// # Errors
    /// One issue for each part that breaks a rule.
    pub fn new(given: Option<&str>, middle: Option<&str>, family: Option<&str>) -> Result<Self, Vec<Issue>> {
        Self::checked(tidy(given).and_then(|given| given.ok_or(Reason::Required)).map(Some), middle, family)
    }

    /// The name as the management API sets it: the given name may be missing too, then the username stands in.
    ///
    /// # Errors
    /// One issue for each part that breaks a rule.
    pub fn managed(given: Option<&str>, middle: Option<&str>, family: Option<&str>) -> Result<Self, Vec<Issue>> {
        Self::checked(tidy(given), middle, family)
    }

    /// The name from one field, split at the first and the last space.
    ///
    /// # Errors
    /// [`Reason`]: the rule that it breaks.
    pub fn from_full(full: &str) -> Result<Self, Reason> {
        let full = text::line(&composed(full), usize::MAX)?.ok_or(Reason::Required)?;
        let FullName { given, middle, family } = FullName::split(&full);
        let part = |part: &str| match part {
            "" => Ok(None),
            blank if text::is_blank(blank) => Err(Reason::ForbiddenCharacters),
            part => tidy(Some(part)).map_err(|_| Reason::PartTooLong { max: NAME_PART }),
        };
        Ok(Self { given: part(given)?, middle: part(middle)?, family: part(family)? })
    }

    /// This name after `full` was written over it. A full name that reads the same keeps the parts as they are, even
    /// where splitting would cut differently ("Mary Ann" + "Smith").
    ///
    /// # Errors
    /// [`Reason`]: the rule that it breaks.
    pub fn rewritten(&self, full: &str) -> Result<Self, Reason> {
        if single_spaced(&composed(full)) == self.full() && self.given.is_some() {
            Ok(self.clone())
        } else {
            Self::from_full(full)
        }
    }

    /// The name as the store holds it.
    pub fn from_stored(given: Option<String>, middle: Option<String>, family: Option<String>) -> Self {
        Self { given, middle, family }
    }

    /// This name in NFC: earlier versions kept what was typed.
    #[must_use]
    pub fn composed(&self) -> Self {
        let part = |part: &Option<String>| part.as_deref().map(composed);
        Self { given: part(&self.given), middle: part(&self.middle), family: part(&self.family) }
    }

    /// The full name as it is looked for; empty when there is none.
    pub fn key(&self) -> String {
        search_key(&self.full())
    }

    /// The given name. Missing only when the management API cleared it.
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// The middle name, or several of them.
    pub fn middle(&self) -> Option<&str> {
        self.middle.as_deref()
    }

    /// The family name.
    pub fn family(&self) -> Option<&str> {
        self.family.as_deref()
    }

    /// All parts joined by single spaces; empty when there is none.
    pub fn full(&self) -> String {
        [&self.given, &self.middle, &self.family]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn checked(
        given: Result<Option<String>, Reason>,
        middle: Option<&str>,
        family: Option<&str>,
    ) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let mut part = |field, result: Result<Option<String>, Reason>| {
            result.map_err(|reason| issues.push(Issue::new(field, reason))).ok().flatten()
        };
        let names = Self {
            given: part(Field::GivenName, given),
            middle: part(Field::MiddleName, tidy(middle)),
            family: part(Field::FamilyName, tidy(family)),
        };
        if issues.is_empty() { Ok(names) } else { Err(issues) }
    }
}

/// A name, or a part of one, as names are compared: letters without their case and without the marks that Latin, Greek and
/// Cyrillic letters bear, in compatible forms as one (NFKC). So `Özge`, `ÖZGE` and `ozge` are one, and so are the four letters
/// `I İ ı i`, whatever language the name is in; `й` is `и`. The vowels and tones that other scripts write as marks stay.
pub fn search_key(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}'));
    // Upper case first: it is where `ß` is `ss`, `ς` is `σ` and `ı` is `i`.
    bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

fn tidy(part: Option<&str>) -> Result<Option<String>, Reason> {
    match text::line(&composed(part.unwrap_or_default()), usize::MAX)? {
        // Only now: among the white space that is collapsed here are control characters, which `line` has refused.
        Some(part) => text::line(&single_spaced(&part), NAME_PART),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn issue(field: Field, reason: Reason) -> Issue {
        Issue::new(field, reason)
    }

    #[test]
    fn only_the_given_name_is_needed() {
        let cher = Names::new(Some("Cher"), None, Some("  ")).unwrap();
        assert_eq!((cher.given(), cher.middle(), cher.family(), &*cher.full()), (Some("Cher"), None, None, "Cher"));
        for nothing in [None, Some(""), Some(" \u{200B}")] {
            assert_eq!(Names::new(nothing, None, Some("Doe")), Err(vec![issue(Field::GivenName, Reason::Required)]));
        }
    }

    #[test]
    fn the_management_api_may_clear_the_given_name() {
        assert_eq!(Names::managed(None, None, Some("Doe")).unwrap().full(), "Doe");
        assert_eq!(Names::managed(Some(""), None, None), Ok(Names::default()));
        assert_eq!(Names::default().full(), "");
    }

    #[test]
    fn every_broken_part_is_named_at_once() {
        let too_long = Reason::TooLong { max: 30 };
        assert_eq!(
            Names::new(Some(&"é".repeat(31)), Some("a\u{202E}b"), Some(&"x".repeat(31))),
            Err(vec![
                issue(Field::GivenName, too_long.clone()),
                issue(Field::MiddleName, Reason::ForbiddenCharacters),
                issue(Field::FamilyName, too_long),
            ])
        );
        assert!(Names::new(Some(&"é".repeat(30)), None, None).is_ok());
        assert_eq!(Names::new(Some(&format!("a{}b", " ".repeat(40))), None, None).unwrap().given(), Some("a b"));
        assert_eq!(Names::managed(Some("a\tb"), None, None).unwrap_err()[0].reason, Reason::ForbiddenCharacters);
    }

    #[test]
    fn a_full_name_is_split_and_judged_as_one_field() {
        let names = Names::from_full(" Pablo  Diego José   Picasso ").unwrap();
        assert_eq!(
            (names.given(), names.middle(), names.family()),
            (Some("Pablo"), Some("Diego José"), Some("Picasso"))
        );
        for (full, reason) in [
            ("", Reason::Required),
            ("\u{3164}", Reason::Required),
            ("Ada \u{200B}", Reason::ForbiddenCharacters),
            ("Ada\nLovelace", Reason::ForbiddenCharacters),
            (&*format!("Ada {}", "x".repeat(31)), Reason::PartTooLong { max: 30 }),
        ] {
            assert_eq!(Names::from_full(full), Err(reason), "{full:?}");
        }
    }

    #[test]
    fn writing_the_same_full_name_keeps_the_parts() {
        let names = Names::new(Some("Mary Ann"), None, Some("Smith")).unwrap();
        assert_eq!(names.rewritten(" Mary Ann  Smith"), Ok(names.clone()));
        assert_eq!(names.rewritten("Mary Jane Smith").unwrap().given(), Some("Mary"));
        assert_eq!(Names::default().rewritten(" "), Err(Reason::Required));
    }

    #[test]
    fn names_are_kept_composed() {
        let names = Names::new(Some("O\u{308}zge"), None, Some("\u{418}\u{306}")).unwrap();
        assert_eq!((names.given(), names.family()), (Some("Özge"), Some("Й")));
        assert_eq!(Names::from_full("Jose\u{301} O\u{308}z").unwrap(), Names::from_full("José Öz").unwrap());
        assert_eq!(names.rewritten("O\u{308}zge Й"), Ok(names.clone()));
        assert!(Names::new(Some(&"o\u{308}".repeat(30)), None, None).is_ok(), "counted as it is kept");
        let old = Names::from_stored(Some("O\u{308}zge".into()), None, None);
        assert_eq!(old.composed().given(), Some("Özge"));
    }

    #[test]
    fn names_are_found_however_they_are_typed() {
        for (typed, key) in [
            ("Özge", "ozge"),
            ("ÖZGE", "ozge"),
            ("O\u{308}zge", "ozge"),
            ("İpek IŞIK", "ipek isik"),
            ("ipek ışık", "ipek isik"),
            ("I\u{307}pek", "ipek"),
            ("Орлов", "орлов"),
            ("ЙОРДАН ёлка", "иордан елка"),
            ("Straße STRASSE", "strasse strasse"),
            ("Νίκος ΝΊΚΟΣ", "νικοσ νικοσ"),
            ("\u{FF21}da \u{FB01}n", "ada fin"),
            ("김철수", "김철수"),
            ("ヤマダ ﾔﾏﾀﾞ", "ヤマダ ヤマダ"),
            ("प्रियङ्का", "प्रियङ्का"),
        ] {
            assert_eq!(search_key(typed), key, "{typed}");
            assert_eq!(search_key(&search_key(typed)), key, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn full_names_read_back_as_written_but_for_extra_spaces(full in "[ \u{3000}a-zÀ-ž'-]{0,60}") {
            if let Ok(names) = Names::from_full(&full) {
                prop_assert_eq!(names.full(), single_spaced(&full));
                prop_assert_eq!(Names::from_full(&names.full()), Ok(names));
            }
        }

        #[test]
        fn accepted_parts_are_accepted_again(given in any::<String>(), family in any::<String>()) {
            if let Ok(names) = Names::new(Some(&given), None, Some(&family)) {
                prop_assert_eq!(Names::new(names.given(), names.middle(), names.family()), Ok(names));
            }
        }
    }
}
