//! The picture of an account that has none: drawn by us, the same on every visit, another for every account.

use uuid::Uuid;

/// Sixteen hues from green over blue to red, of one lightness (OKLCH 0.50, chroma 0.15 or what sRGB holds), on which
/// white has a contrast of 5.5 at least. As dark as that, the yellows between red and green would be mud.
const COLOURS: [u32; 16] = [
    0x107823, 0x01764D, 0x067461, 0x00726F, 0x08707B, 0x036E89, 0x036B9A, 0x0D63B5, 0x415AB8, 0x5C52B4, 0x724AAB,
    0x83439C, 0x913C8A, 0x9C3774, 0xA4345C, 0xA73442,
];

/// How opaque the light and the dark circle are.
const VEIL: &str = ".08";

/// An SVG of 128 × 128 units: two neighbouring colours and two circles, chosen by the account's id, under the
/// initials of `name`. A name without letters gets the outline of a person.
///
/// White on it keeps a contrast of 4.5 everywhere. Neither scripts, styles nor references to anything outside.
pub fn svg(account_id: Uuid, name: &str) -> String {
    let hash = hash(account_id);
    let mut left = hash;
    // Draws the next number below `bound`, as the next digit of the hash.
    let mut draw = |bound: u64| {
        let digit = left % bound;
        left /= bound;
        digit
    };
    let near = draw(13) as usize;
    let (from, to) = (COLOURS[near], COLOURS[near + 2 + draw(2) as usize]);
    let angle = 45 * draw(8);
    let mut circle = |fill| {
        let (x, y, radius) = (draw(128), draw(128), 24 + draw(40));
        format!(r##"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" fill-opacity="{VEIL}"/>"##)
    };
    let circles = circle("#fff") + &circle("#000");
    let figure = match initials(name) {
        // Letters and digits alone: nothing that XML could take for markup.
        Some(letters) => format!(
            r##"<text x="64" y="64" dy=".35em" text-anchor="middle" font-family="system-ui,sans-serif" font-size="48" font-weight="600" fill="#fff">{letters}</text>"##
        ),
        None => r##"<g fill="#fff"><circle cx="64" cy="50" r="20"/><path d="M24 112a40 34 0 0 1 80 0z"/></g>"##.into(),
    };
    // The gradient's name is the account's own: pages that show many portraits inline must not mix them up.
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="128" height="128"><linearGradient id="p{hash:x}" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="128" y2="128" gradientTransform="rotate({angle} 64 64)"><stop stop-color="#{from:06x}"/><stop offset="1" stop-color="#{to:06x}"/></linearGradient><rect width="128" height="128" fill="url(#p{hash:x})"/>{circles}{figure}</svg>"##
    )
}

/// FNV-1a, and a last mixing: ids of one moment share their first bytes, which FNV leaves too near each other.
fn hash(id: Uuid) -> u64 {
    let fnv = id
        .as_bytes()
        .iter()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    let mixed = (fnv ^ fnv >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 29
}

/// The first letters of the first and the last word that have any, in capitals.
fn initials(name: &str) -> Option<String> {
    let mut letters = name.split_whitespace().filter_map(initial);
    let first = letters.next()?;
    Some(match letters.next_back() {
        Some(last) => first + &last,
        None => first,
    })
}

/// A word's first letter or digit, with up to two accents that follow as characters of their own.
fn initial(word: &str) -> Option<String> {
    let mut rest = word.chars().skip_while(|letter| !letter.is_alphanumeric());
    let letter = rest.next()?;
    let mut capital = letter.to_uppercase();
    // Capitals that are several letters, as of ß, would no longer be an initial.
    let capital = if capital.len() == 1 { capital.next().unwrap_or(letter) } else { letter };
    Some(
        std::iter::once(capital).chain(rest.take_while(|mark| ('\u{300}'..'\u{370}').contains(mark)).take(2)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn id(number: u128) -> Uuid {
        // As version 7 makes them within one millisecond: alike but for their end.
        Uuid::from_u128(0x0197_5C5A_9E00_7000_8000_0000_0000_0000 | number)
    }

    fn luminance(rgb: u32, white: f64) -> f64 {
        let channel = |shift: u32| {
            let value = f64::from(rgb >> shift & 0xFF);
            let value = (value + (255.0 - value) * white) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    #[test]
    fn white_can_be_read_on_every_colour() {
        // WCAG 2.2's contrast, under the light circle too; between two stops a gradient is no lighter than both.
        for colour in COLOURS {
            let contrast = 1.05 / (luminance(colour, VEIL.parse().unwrap()) + 0.05);
            assert!(contrast >= 4.5, "{contrast} on {colour:06x}");
        }
    }

    #[test]
    fn an_account_keeps_its_portrait_and_shares_it_with_none() {
        assert_eq!(svg(id(1), "Ada Lovelace"), svg(id(1), "Ada Lovelace"));
        // Without the name of the gradient, which is different anyway.
        let drawn = |number| svg(id(number), "").replace(&format!("{:x}", hash(id(number))), "");
        assert_eq!((0..2000).map(drawn).collect::<HashSet<_>>().len(), 2000);
        assert_eq!((0..200).map(|number| hash(id(number)) % 13).collect::<HashSet<_>>().len(), 13);
    }

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Ada Lovelace", "AL"),
            ("ada king lovelace", "AL"),
            ("  Cher ", "C"),
            ("(Bob) O'Brien - ", "BO"),
            ("Élodie ßen", "Éß"),
            ("E\u{301}lodie", "E\u{301}"),
            ("山田太郎", "山"),
            ("Ωμέγα 7", "Ω7"),
            ("محمد علي", "مع"),
        ] {
            assert_eq!(initials(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["", " \t", "🙂 👍🏽", "<>&\"'", "\u{202E}\u{200B}"] {
            assert_eq!(initials(name), None, "{name:?}");
            assert!(svg(id(1), name).contains("<path"));
        }
    }

    #[test]
    fn a_name_is_never_markup() {
        let around = |name: &str| {
            let drawn = svg(id(1), name);
            let (head, text) = drawn.split_once("\"#fff\">").unwrap();
            let (text, tail) = text.split_once('<').unwrap();
            (head.to_owned(), text.to_owned(), tail.to_owned())
        };
        let plain = around("Ada Lovelace");
        for name in [
            "<script>alert(1)</script>",
            "\"/><img src=x onerror=alert(1)>",
            "&lt;b&gt; ]]> <![CDATA[x",
            "a\0b \u{202E}c",
            &format!("Z{}", "\u{36F}".repeat(5000)),
            &"x ".repeat(5000),
        ] {
            let (head, text, tail) = around(name);
            assert_eq!((&head, &tail), (&plain.0, &plain.2), "{name}");
            assert!(text.chars().all(|letter| letter.is_alphanumeric() || ('\u{300}'..'\u{370}').contains(&letter)));
            assert!(svg(id(1), name).len() < 2048);
        }
    }
}
