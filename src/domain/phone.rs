//! Phone numbers: whatever a person writes becomes E.164, if the numbering plan of its country knows it.

use std::{fmt, str::FromStr};

use phonenumber::{Mode, Type, country, metadata::DATABASE};
use regex::Regex;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::{digits::ascii_digit, error::Reason, parsed_text::parsed_text};

/// Most digits of an international number, country code included (ITU-T E.164, section 6.2.1).
const MAX_DIGITS: usize = 15;

/// Fewest digits that a number written without country code can have and still be more than a local extension.
const MIN_NATIONAL_DIGITS: usize = 7;

/// More is never dialled, whatever prefix comes first. It bounds what the parser is handed.
const MAX_DIALLED: usize = 24;

/// Every kind of number that a numbering plan describes by a pattern of its own.
const KINDS: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::Voip,
    Type::Pager,
    Type::Uan,
    Type::Voicemail,
];

/// The country whose numbers are written without country code: an ISO 3166 alpha-2 code with a numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(country::Id);

/// A valid number in E.164: `+`, country code, national number. `Debug` is masked, as full numbers never reach a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl FromStr for Region {
    type Err = Reason;

    fn from_str(code: &str) -> Result<Self, Reason> {
        let id = code.to_ascii_uppercase().parse::<country::Id>().map_err(|_| Reason::Malformed)?;
        if DATABASE.by_id(id.as_ref()).is_some() { Ok(Self(id)) } else { Err(Reason::Malformed) }
    }
}

impl PhoneNumber {
    /// The number as a person writes it, with whatever spaces, brackets and dashes; without `+` or an international
    /// prefix it is one of `region`.
    ///
    /// # Errors
    /// [`Reason::Required`], [`Reason::NotAPhoneNumber`], or [`Reason::UnknownCountryCode`] for what might be a
    /// number of another country, but does not say of which.
    pub fn parse(raw: &str, region: Region) -> Result<Self, Reason> {
        let dialled = dialled(raw)?;
        let international = || normalise(&format!("+{}", dialled.strip_prefix("00")?), None);
        normalise(&dialled, Some(region)).or_else(international).ok_or(match dialled.len() {
            MIN_NATIONAL_DIGITS..=MAX_DIGITS if !dialled.starts_with('+') => Reason::UnknownCountryCode,
            _ => Reason::NotAPhoneNumber,
        })
    }

    /// The number from its digits with the country code first, `+` or not, as the management API writes it.
    ///
    /// # Errors
    /// [`Reason::Required`] or [`Reason::NotAPhoneNumber`].
    pub fn parse_international(raw: &str) -> Result<Self, Reason> {
        let dialled = dialled(raw)?;
        normalise(&format!("+{}", dialled.trim_start_matches('+')), None).ok_or(Reason::NotAPhoneNumber)
    }

    /// Country code and national number without the `+`.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// The number as its owner recognises it and others do not: `+90*****4567`. At most two fifths of the national
    /// number are shown, and the number of stars says nothing.
    pub fn masked(&self) -> String {
        let (code, national) = self.digits().split_at(country_code_length(self.digits()));
        let shown = (national.len() * 2 / 5).min(4);
        format!("+{code}*****{}", &national[national.len() - shown..])
    }
}

parsed_text!(PhoneNumber);

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

/// What would be dialled: an optional `+` and some ASCII digits, or why nothing would.
///
/// The parser is handed nothing else: it also reads `tel:` addresses, extensions, letters on keys, and even numbers
/// out of e-mail addresses, none of which is wanted here.
fn dialled(raw: &str) -> Result<String, Reason> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Reason::Required);
    }
    let mut dialled = String::new();
    for c in raw.chars() {
        match c {
            '+' | '\u{FF0B}' if dialled.is_empty() => dialled.push('+'),
            '(' | ')' | '.' | '/' | '\u{2212}' => {}
            c if c.is_whitespace() && !c.is_control() => {}
            c => match (ascii_digit(c), c.general_category()) {
                (Some(digit), _) => dialled.push(digit),
                // Address books wrap the numbers that they copy in bidi controls.
                (None, GeneralCategory::DashPunctuation | GeneralCategory::Format) => {}
                (None, _) => return Err(Reason::NotAPhoneNumber),
            },
        }
    }
    if dialled.len() > MAX_DIALLED { Err(Reason::NotAPhoneNumber) } else { Ok(dialled) }
}

fn normalise(dialled: &str, region: Option<Region>) -> Option<PhoneNumber> {
    // No country code begins with 0; the parser would read `+00…` as an international prefix.
    if dialled.starts_with("+0") {
        return None;
    }
    // With a region at hand the parser looks for that region's trunk prefix even behind another's country code.
    let region = region.filter(|_| !dialled.starts_with('+')).map(|region| region.0);
    let number = phonenumber::parse(region, dialled).ok().filter(phonenumber::is_valid).filter(is_whole)?;
    let e164 = number.format().mode(Mode::E164).to_string();
    (e164.len() <= 1 + MAX_DIGITS).then_some(PhoneNumber(e164))
}

/// Whether a valid number is one to its last digit. The library is content with a number at the beginning of a longer one.
fn is_whole(number: &phonenumber::PhoneNumber) -> bool {
    let national = number.national().to_string();
    let plans = DATABASE.by_code(&number.country().code()).unwrap_or_default();
    let kinds = plans.iter().flat_map(|plan| KINDS.iter().filter_map(|kind| plan.descriptors().get(*kind)));
    kinds.filter(|kind| kind.is_match(&national)).any(|kind| {
        // Patterns of numbering plans are written with white space.
        let whole = Regex::new(&format!("(?x)^(?:{})$", kind.national_number().as_str()));
        whole.is_ok_and(|whole| whole.is_match(&national))
    })
}

/// Country codes are a prefix code: the first two digits tell how many digits there are (ITU-T E.164 assigned codes).
fn country_code_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => digits.len().min(3),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    fn parse(raw: &str, code: &str) -> Result<String, Reason> {
        PhoneNumber::parse(raw, region(code)).map(String::from)
    }

    #[test]
    fn whatever_a_person_writes_becomes_e164() {
        for (raw, code, e164) in [
            ("0555 123 45 67", "TR", "+905551234567"),
            ("555 123 45 67", "TR", "+905551234567"),
            ("+90 (555) 123-45-67", "US", "+905551234567"),
            ("+90 (0555) 123 45 67", "US", "+905551234567"),
            ("0090 555 123 45 67", "TR", "+905551234567"),
            ("0090 555 123 45 67", "US", "+905551234567"),
            ("011 90 555 123 45 67", "US", "+905551234567"),
            ("905551234567", "TR", "+905551234567"),
            ("\u{202A}+90 555\u{A0}123\u{2011}45\u{2013}67\u{202C}", "US", "+905551234567"),
            ("＋９０ ５５５ １２３ ４５ ６７", "US", "+905551234567"),
            ("٠٥٥٥ ١٢٣ ٤٥ ٦٧", "TR", "+905551234567"),
            ("(202) 555-0123", "US", "+12025550123"),
            ("1.202.555.0123", "US", "+12025550123"),
            ("+1 202-555-0123", "TR", "+12025550123"),
            ("+255 712 345 678", "US", "+255712345678"),
            ("+39 06 1234 5678", "US", "+390612345678"),
            ("+44 (0)20 7183 8750", "US", "+442071838750"),
            ("+687 75.11.11", "US", "+687751111"),
            ("01512 3456789", "DE", "+4915123456789"),
            ("+39 02 3661 8300", "TR", "+390236618300"),
            ("+972 3 314 2764", "TR", "+97233142764"),
        ] {
            assert_eq!(parse(raw, code), Ok(e164.to_owned()), "{raw} in {code}");
        }
    }

    #[test]
    fn what_is_no_valid_number_is_refused_with_the_reason() {
        for (raw, code, reason) in [
            ("", "US", Reason::Required),
            (" \u{A0}", "US", Reason::Required),
            ("0555 123 45 67", "US", Reason::UnknownCountryCode),
            ("123", "US", Reason::NotAPhoneNumber),
            ("112", "TR", Reason::NotAPhoneNumber),
            ("+90 555 123 45 6", "TR", Reason::NotAPhoneNumber),
            ("+90 555 123 45 678", "TR", Reason::NotAPhoneNumber),
            ("+999 123 456 789", "TR", Reason::NotAPhoneNumber),
            ("+97233142764978", "TR", Reason::NotAPhoneNumber),
            ("+39023661830000", "TR", Reason::NotAPhoneNumber),
            ("+39 02 3661 8300 00", "IT", Reason::NotAPhoneNumber),
            ("+00 90 555 123 45 67", "TR", Reason::NotAPhoneNumber),
            ("+1 202 555 0123 ext. 5", "US", Reason::NotAPhoneNumber),
            ("+1 800 FLOWERS", "US", Reason::NotAPhoneNumber),
            ("tel:+12025550123", "US", Reason::NotAPhoneNumber),
            ("12025550123@example.com", "US", Reason::NotAPhoneNumber),
            ("+1 202 555\n0123", "US", Reason::NotAPhoneNumber),
            ("++12025550123", "US", Reason::NotAPhoneNumber),
            ("1+2025550123", "US", Reason::NotAPhoneNumber),
            ("+1 202 555 0123;+1 202 555 0124", "US", Reason::NotAPhoneNumber),
            ("+", "US", Reason::NotAPhoneNumber),
            ("---", "US", Reason::NotAPhoneNumber),
            (&*"9".repeat(5000), "US", Reason::NotAPhoneNumber),
        ] {
            assert_eq!(parse(raw, code), Err(reason), "{raw:?} in {code}");
        }
    }

    #[test]
    fn digits_of_every_script_are_one_ascii_digit_or_refused() {
        let digits = (char::MIN..=char::MAX).filter(|c| c.general_category() == GeneralCategory::DecimalNumber);
        for digit in digits {
            match dialled(&digit.to_string()) {
                Ok(ascii) => {
                    assert!(ascii.len() == 1 && ascii.as_bytes()[0].is_ascii_digit(), "{digit} is not {ascii}");
                }
                Err(reason) => assert_eq!(reason, Reason::NotAPhoneNumber),
            }
        }
    }

    #[test]
    fn digits_alone_are_international_where_the_caller_says_so() {
        let parse = |raw| PhoneNumber::parse_international(raw).map(|number| number.digits().to_owned());
        for raw in ["905551234567", "+905551234567", "90 555 123 45 67"] {
            assert_eq!(parse(raw), Ok("905551234567".to_owned()));
        }
        for raw in ["05551234567", "00905551234567", "abc", "5551234567x", "9055512345670000"] {
            assert_eq!(parse(raw), Err(Reason::NotAPhoneNumber), "{raw}");
        }
        assert_eq!(parse(""), Err(Reason::Required));
    }

    #[test]
    fn strangers_see_little_and_logs_no_more() {
        for (raw, masked) in [
            ("+905551234567", "+90*****4567"),
            ("+12025550123", "+1*****0123"),
            ("+255712345678", "+255*****678"),
            ("+687751111", "+687*****11"),
            ("+6834002", "+683*****2"),
        ] {
            let number = PhoneNumber::parse_international(raw).unwrap();
            assert_eq!(number.masked(), masked);
            assert_eq!(format!("{number:?}"), format!("PhoneNumber({masked})"));
        }
    }

    #[test]
    fn country_codes_are_told_from_numbers_as_the_numbering_plans_do() {
        for plan in DATABASE.iter() {
            let code = plan.country_code().to_string();
            assert_eq!(country_code_length(&format!("{code}0000000")), code.len(), "+{code}");
        }
    }

    #[test]
    fn the_examples_of_every_numbering_plan_are_taken() {
        let mut taken = 0;
        for plan in DATABASE.iter() {
            for example in KINDS.iter().filter_map(|kind| plan.descriptors().get(*kind)?.example()) {
                let raw = format!("+{}{example}", plan.country_code());
                // Where several countries share a code, the library gives some numbers to a wrong one.
                let known = phonenumber::parse(None, &raw).is_ok_and(|number| phonenumber::is_valid(&number));
                assert_eq!(normalise(&raw, None).is_some(), known, "{raw}");
                taken += usize::from(known);
            }
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn regions_are_countries_with_a_numbering_plan() {
        assert_eq!("tr".parse(), Ok(region("TR")));
        for code in ["", "XX", "TUR", "90", "001", "Türkiye"] {
            assert_eq!(code.parse::<Region>(), Err(Reason::Malformed), "{code}");
        }
    }

    proptest! {
        #[test]
        fn accepted_numbers_are_accepted_unchanged(
            raw in "\\+[1-9][0-9]{5,14}|[0-9]{3,16}",
            code in "TR|US|IT|GB|AR|MX|CH|AC|KZ",
        ) {
            if let Ok(number) = parse(&raw, &code) {
                prop_assert_eq!(PhoneNumber::parse_international(&number).map(String::from), Ok(number));
            }
        }

        #[test]
        fn any_text_gets_an_answer(raw in any::<String>(), digits in "[+0-9() .x-]{0,40}") {
            let _ = parse(&raw, "TR");
            let _ = parse(&digits, "CH");
        }
    }
}
