//! Usernames that the service itself proposes: one at registration, several when a name is taken.

use super::{
    limits::USERNAME,
    names::Names,
    username::{Username, is_permitted},
};

/// What stands in when nothing of a name can be written in a username.
const FALLBACK: &str = "user";

/// The random end of a username made at registration, without its hyphen. 62⁷ values: about 3.5 million million.
const SUFFIX: usize = 7;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Endings that read naturally. Their longest bounds how much of the wanted name is kept.
const ENDINGS: [&str; 10] = ["1", "2", "user", "pro", "3", "_1", "online", "hq", "_live", "world"];
const LONGEST_ENDING: usize = 6;

/// A username for someone who has not chosen one: given and family name in plain letters and digits, a hyphen, and
/// seven characters made from `random`, of which all 64 bits should be random.
pub fn generate(names: &Names, random: u64) -> Username {
    let name: String = [names.given(), names.family()].into_iter().flatten().collect();
    let plain: String = deunicode::deunicode(&name).chars().filter(char::is_ascii_alphanumeric).collect();
    let stem = stem(&plain.to_ascii_lowercase(), USERNAME.end() - 1 - SUFFIX).to_owned();
    let mut random = random;
    loop {
        // Once, but for a suffix that happens to spell the rest of a reserved name.
        match Username::parse(&format!("{stem}-{}", suffix(random))) {
            Ok(username) => return username,
            Err(_) => random = random.wrapping_add(1),
        }
    }
}

/// Usernames like the one wanted, the most natural first: all valid, all different from each other and from it. There
/// are about a thousand; whether one is free, the store knows.
pub fn suggestions(wanted: &str) -> impl Iterator<Item = Username> {
    let plain: String = deunicode::deunicode(wanted).chars().filter(|c| is_permitted(*c)).collect();
    let stem = stem(&plain, USERNAME.end() - LONGEST_ENDING).to_owned();
    let wanted = wanted.to_ascii_lowercase();
    let endings = ENDINGS.into_iter().map(str::to_owned).chain((4..1000).map(|n| n.to_string()));
    endings
        .filter_map(move |ending| Username::parse(&format!("{stem}{ending}")).ok())
        .filter(move |name| name.key() != wanted)
}

/// The text from its first letter on, shortened; [`FALLBACK`] when there is no letter. All ASCII.
fn stem(plain: &str, max: usize) -> &str {
    let stem = plain.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    if stem.is_empty() { FALLBACK } else { &stem[..stem.len().min(max)] }
}

/// Seven base 62 digits. That 62⁷ does not divide 2⁶⁴ favours some by less than one part in a million.
fn suffix(random: u64) -> String {
    let digits = (0..SUFFIX as u32).map(|place| (random / 62_u64.pow(place) % 62) as usize);
    digits.map(|digit| char::from(BASE62[digit])).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::username::Checks;

    fn generated(full: &str) -> String {
        generate(&Names::from_full(full).unwrap_or_default(), 0x0123_4567_89AB_CDEF).to_string()
    }

    #[test]
    fn the_name_can_be_told_from_the_username() {
        for (full, start) in [
            ("John Michael Doe", "johndoe-"),
            ("Cher", "cher-"),
            ("İpek Çağlayan", "ipekcaglayan-"),
            ("Søren Ångström", "sorenangstrom-"),
            ("Ярослав Мудрый", "iaroslavmudryi-"),
            ("山田 太郎", "shantiantailang-"),
            ("4You 2", "you2-"),
            ("O'Neill", "oneill-"),
            ("🙂", "slightsmile-"),
            ("7 8", "user-"),
            ("", "user-"),
            ("Wolfeschlegelsteinhausen Bergerdorff", "wolfeschlegelsteinhaus-"),
        ] {
            let username = generated(full);
            assert!(username.starts_with(start), "{full}: {username}");
            assert_eq!(username.len(), start.len() + SUFFIX);
        }
    }

    #[test]
    fn a_suffix_that_completes_a_reserved_name_is_passed_over() {
        let digit = |c: u8| BASE62.iter().position(|b| *b == c).unwrap() as u64;
        let random = b"tmaster".iter().rev().fold(0, |n, c| n * 62 + digit(*c));
        assert_eq!(suffix(random), "tmaster");
        assert_eq!(generate(&Names::from_full("Pos").unwrap(), random).as_str(), "pos-umaster");
    }

    #[test]
    fn suggestions_look_like_what_was_wanted() {
        let first: Vec<_> = suggestions("JohnSmith").take(5).map(String::from).collect();
        assert_eq!(first, ["JohnSmith1", "JohnSmith2", "JohnSmithuser", "JohnSmithpro", "JohnSmith3"]);
        assert_eq!(suggestions("ad min!").next().unwrap().as_str(), "admin1");
        assert_eq!(suggestions("42").next().unwrap().as_str(), "user1");
        assert_eq!(ENDINGS.map(str::len).into_iter().max(), Some(LONGEST_ENDING));
    }

    proptest! {
        #[test]
        fn whatever_the_name_the_username_is_valid(
            (given, family) in any::<(String, String)>(),
            random in any::<u64>(),
        ) {
            let names = Names::from_stored(Some(given), None, Some(family));
            prop_assert!(Checks::of(generate(&names, random).as_str()).passed());
        }

        #[test]
        fn suggestions_are_many_valid_and_distinct(wanted in "\\PC{0,32}") {
            let all: Vec<_> = suggestions(&wanted).collect();
            prop_assert!(all.len() > 900);
            prop_assert!(all.iter().all(|name| Checks::of(name.as_str()).passed()));
            prop_assert!(all.iter().all(|name| !name.as_str().eq_ignore_ascii_case(&wanted)));
            let keys: HashSet<_> = all.iter().map(Username::key).collect();
            prop_assert_eq!(keys.len(), all.len());
        }
    }
}
