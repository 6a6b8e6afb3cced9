//! Text that people write about themselves: what is refused in it, and how it is tidied before it is kept.
//!
//! Refused is what escapes from its own place in a page, a mail or a log: control characters, the bidi controls that
//! reorder whatever follows them (CVE-2021-42574), piles of combining marks that paint over the lines around them,
//! and code points without an agreed meaning. Everything that a living script needs passes.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::error::Reason;

/// Most combining marks on one base. Decomposed Vietnamese and Thai need two, pointed and cantillated Hebrew four.
const MAX_MARKS: usize = 4;

/// The emoji that tag characters may follow: together they are the flags of England, Scotland and Wales.
const BLACK_FLAG: char = '\u{1F3F4}';

/// One line of at most `max` code points, trimmed; `None` when there is nothing in it to see.
///
/// # Errors
/// [`Reason::ForbiddenCharacters`] (line breaks and tabs included), then [`Reason::TooLong`].
pub fn line(raw: &str, max: usize) -> Result<Option<String>, Reason> {
    permit(raw, &[])?;
    tidy(raw, max)
}

/// Several lines of at most `max` code points together, trimmed, every line break as one `\n`; `None` when there is
/// nothing in them to see.
///
/// # Errors
/// [`Reason::ForbiddenCharacters`], then [`Reason::TooLong`].
pub fn lines(raw: &str, max: usize) -> Result<Option<String>, Reason> {
    // Forms post CRLF whatever was typed (HTML, "constructing the entry list"); word processors paste U+2028 and
    // U+2029.
    let text = raw.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    permit(&text, &['\n', '\t'])?;
    tidy(&text, max)
}

/// Refuses a text that is looked for if it is of more than `max` code points, however many it takes to write them: a longer
/// one is found nowhere, and looking for it is not free.
///
/// # Errors
/// [`Reason::TooLong`].
pub fn at_most(text: &str, max: usize) -> Result<(), Reason> {
    if text.nfc().nth(max).is_some() { Err(Reason::TooLong { max }) } else { Ok(()) }
}

/// Whether nothing of the text can be seen: white space, fillers and characters that only steer others.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.general_category() == GeneralCategory::Format
            || matches!(c,
                '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2800}'
                | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
    })
}

fn tidy(text: &str, max: usize) -> Result<Option<String>, Reason> {
    if is_blank(text) {
        return Ok(None);
    }
    let text = text.trim();
    if text.chars().count() > max { Err(Reason::TooLong { max }) } else { Ok(Some(text.to_owned())) }
}

fn permit(text: &str, controls: &[char]) -> Result<(), Reason> {
    let mut marks = 0;
    let mut in_flag = false;
    for c in text.chars() {
        let category = c.general_category();
        marks = match category {
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark => marks + 1,
            // Invisible, so a pile goes on across it.
            GeneralCategory::Format => marks,
            _ => 0,
        };
        in_flag = c == BLACK_FLAG || in_flag && is_tag(c);
        let permitted = match category {
            GeneralCategory::Control => controls.contains(&c),
            GeneralCategory::Format if is_tag(c) => in_flag,
            GeneralCategory::Format => !is_unruly(c),
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator | GeneralCategory::PrivateUse => false,
            // The other unassigned code points pass: a phone may know newer emoji than this server does.
            GeneralCategory::Unassigned => !is_noncharacter(c),
            _ => true,
        };
        if !permitted || marks > MAX_MARKS {
            return Err(Reason::ForbiddenCharacters);
        }
    }
    Ok(())
}

/// Bidi embeddings, overrides, isolates and the deprecated controls after them, interlinear annotation, byte order
/// mark. Not the marks U+200E, U+200F and U+061C, the joiners or the zero-width space: scripts need those, and they
/// are harmless.
fn is_unruly(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FEFF}')
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0000}'..='\u{E007F}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_languages_and_emoji_pass_unchanged() {
        for text in [
            "Nguye\u{302}\u{303}n Thi\u{323} Minh Khai",
            "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
            "श्रीमती प्रियङ्का क्षेत्री",
            "น้ำผึ้ง กตัญญู ที่นี่",
            "ကျွန်ုပ်၏ မြို့",
            "བསྒྲུབས་པ",
            "مُحَمَّدٌ صَلَّى",
            "می\u{200C}خواهم",
            "ශ්\u{200D}රී ලංකා",
            "👩\u{200D}👩\u{200D}👧 1\u{FE0F}\u{20E3} ❤\u{FE0F}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} Skye",
            "\u{200F}שלום (ABC)",
            "O'Neill-Ørsted, Jr. <b>&amp;",
            "\u{1FAE9} \u{1FBFF}",
        ] {
            assert_eq!(line(text, 100), Ok(Some(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_escapes_its_place_is_refused() {
        for text in [
            "a\0b",
            "a\u{7}b",
            "a\u{1B}[31mb",
            "a\tb",
            "a\nb",
            "John\r\n",
            "a\u{85}b",
            "a\u{9B}b",
            "a\u{2028}b",
            "a\u{202E}gpj.exe",
            "a\u{202A}b",
            "a\u{2066}b",
            "a\u{2069}",
            "a\u{206E}b",
            "\u{FEFF}a",
            "a\u{FFF9}b",
            "a\u{E000}b",
            "a\u{F8FF}",
            "a\u{10FFFD}",
            "a\u{FFFE}",
            "a\u{FDD0}",
            "a\u{5FFFF}",
            "a\u{E0041}",
            "\u{E0001}a",
            "\u{1F3F4}x\u{E0067}",
        ] {
            assert_eq!(line(text, 100), Err(Reason::ForbiddenCharacters), "{text:?}");
            assert_eq!(
                lines(&text.replace(['\r', '\n', '\t', '\u{2028}'], "\0"), 100),
                Err(Reason::ForbiddenCharacters)
            );
        }
    }

    #[test]
    fn piles_of_marks_are_refused_however_they_are_made() {
        for pile in ["\u{301}".repeat(5), "\u{E47}".repeat(5), "\u{20DD}".repeat(5), "\u{301}\u{200D}\u{302}".repeat(3)]
        {
            assert_eq!(line(&format!("a{pile}"), 100), Err(Reason::ForbiddenCharacters), "{pile:?}");
        }
        assert!(line(&format!("a{}b{0}", "\u{301}".repeat(4)), 100).is_ok());
    }

    #[test]
    fn line_breaks_become_one_kind_and_count_once() {
        assert_eq!(lines(" a\r\nb\rc\u{2029}d\n\n\te \r\n", 100), Ok(Some("a\nb\nc\nd\n\n\te".to_owned())));
        assert!(lines("a\r\nb", 3).is_ok());
    }

    #[test]
    fn length_is_in_code_points_after_trimming() {
        assert!(line(&format!("  {}  ", "é".repeat(30)), 30).is_ok());
        assert!(line(&"😀".repeat(30), 30).is_ok());
        assert_eq!(line(&"a".repeat(31), 30), Err(Reason::TooLong { max: 30 }));
    }

    #[test]
    fn what_cannot_be_seen_counts_as_nothing() {
        for text in
            ["", "  ", "\u{A0}\u{3000}", "\u{200B}\u{200D}", "\u{3164}", "\u{2800} \u{FFA0}", "\u{FE0F}", "\u{AD}"]
        {
            assert_eq!(line(text, 0), Ok(None), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(raw in any::<String>()) {
            if let Ok(Some(tidied)) = lines(&raw, 500) {
                prop_assert_eq!(lines(&tidied, 500), Ok(Some(tidied)));
            }
        }

        #[test]
        fn no_control_or_bidi_override_ever_passes(
            before in "[a-z]{0,3}",
            bad in "[\\x00-\\x1f\\x7f-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{206f}]",
            after in "[a-z]{0,3}",
        ) {
            prop_assert_eq!(line(&format!("{before}{bad}{after}"), 100), Err(Reason::ForbiddenCharacters));
        }
    }
}
