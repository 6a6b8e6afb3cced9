//! Passwords: the type that guards one, and the rules for a new one that need dictionaries.

use std::sync::LazyLock;

use deunicode::deunicode;
use fst::Set;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use super::{
    email::EmailAddress,
    error::PasswordReason,
    names::Names,
    password_rules::{Composition, Policy},
    username::Username,
};

/// The most common passwords, in lower case; `build.rs` makes it.
static COMMON: LazyLock<Set<&[u8]>> = LazyLock::new(|| {
    Set::new(&include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.fst"))[..])
        .expect("build.rs writes a valid set")
});

/// A password as typed, in NFC and otherwise untouched: never trimmed, never cut.
///
/// NFC, because what one keyboard sends as a letter with its accent another sends as two code points. It has no
/// `Debug` and no `Display`, and its memory is cleared when it is dropped. Comparing two takes a time that tells of
/// both, so do it only with two that one person typed.
#[derive(PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

/// What somebody who knows the account would try first.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The account's e-mail addresses, a pending one included.
    pub emails: Vec<&'a EmailAddress>,
    /// Its username.
    pub username: Option<&'a Username>,
    /// Its owner's names.
    pub names: Option<&'a Names>,
    /// The host of the public URL.
    pub host: Option<&'a str>,
}

impl Password {
    /// Takes what was typed, whatever it is: a wrong password need not keep the rules for a new one.
    pub fn new(typed: &str) -> Self {
        // NFC takes at most three times the bytes (Unicode FAQ on normalization). Growing would leave copies behind.
        let mut password = Zeroizing::new(String::with_capacity(3 * typed.len()));
        password.extend(typed.nfc());
        Self(password)
    }

    /// The password itself, for hashing and comparing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether this may become the account's password.
///
/// zxcvbn looks at the first 100 code points only, but a contrived password keeps it busy for tenths of a second:
/// call this where blocking is allowed, and bound how many run at once.
///
/// # Errors
/// Every reason against it, in the order of [`PasswordReason`]; but [`PasswordReason::Guessable`], which takes the
/// longest to find out, only when there is no other.
pub fn check(password: &Password, policy: Policy, context: &Context<'_>) -> Result<(), Vec<PasswordReason>> {
    let password = password.expose();
    let mut reasons = Composition::of(password).reasons(policy);
    if reasons.contains(&PasswordReason::TooLong) {
        return Err(reasons);
    }
    let words = context.words();
    let folded = fold(password);
    if words.iter().any(|word| gives_away(&folded, fold(word).trim())) {
        reasons.push(PasswordReason::Personal);
    }
    if COMMON.contains(Zeroizing::new(password.to_lowercase()).as_str()) {
        reasons.push(PasswordReason::Common);
    }
    if reasons.is_empty() && zxcvbn(password, &words).score() < Score::Three {
        reasons.push(PasswordReason::Guessable);
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

impl<'a> Context<'a> {
    /// Each text as a whole and each run of letters and digits in it. Of an e-mail address the domain is no word of
    /// its own, and of the host the top-level name is none: they are not about this account.
    fn words(&self) -> Vec<&'a str> {
        let mut texts: Vec<&str> = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for email in &self.emails {
            words.push(email.as_str());
            texts.push(email.local_part());
        }
        if let Some(host) = self.host {
            words.push(host);
            texts.extend(host.rsplit_once('.').map(|(labels, _)| labels));
        }
        texts.extend(self.username.map(Username::as_str));
        if let Some(names) = self.names {
            texts.extend([names.given(), names.middle(), names.family()].into_iter().flatten());
        }
        for text in texts {
            words.push(text);
            words.extend(text.split(|c: char| !c.is_alphanumeric()));
        }
        words.retain(|word| word.chars().any(char::is_alphabetic));
        words
    }
}

/// Whether a password contains a word, both folded. Short words are part of too many others: of three letters one
/// counts only where no letter touches it, of two never.
fn gives_away(password: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    match word.len() {
        0..=2 => false,
        3 => password.match_indices(word).any(|(at, _)| {
            !is_letter(password[..at].chars().next_back()) && !is_letter(password[at + word.len()..].chars().next())
        }),
        _ => password.contains(word),
    }
}

/// Plain lower case letters, so that `ŞULE` gives `Şule` away, and `sule` too.
fn fold(text: &str) -> Zeroizing<String> {
    let mut folded = Zeroizing::new(deunicode(text));
    folded.make_ascii_lowercase();
    folded
}

#[cfg(test)]
mod tests {
    use PasswordReason::{Common, Guessable, NeitherLongNorMixed, NotLong, Personal, TooLong, TooShort};
    use proptest::prelude::*;

    use super::*;

    fn judge(password: &str) -> Result<(), Vec<PasswordReason>> {
        check(&Password::new(password), Policy::Hybrid, &Context::default())
    }

    fn judge_of_ada(password: &str) -> Result<(), Vec<PasswordReason>> {
        let email = EmailAddress::parse("a.byron+x@mail.example.com").unwrap();
        let username = Username::parse("Countess-1815").unwrap();
        let names = Names::new(Some("Ada"), Some("Şule"), Some("Al")).unwrap();
        let context = Context {
            emails: vec![&email],
            username: Some(&username),
            names: Some(&names),
            host: Some("id.acme-works.com"),
        };
        check(&Password::new(password), Policy::Hybrid, &context)
    }

    #[test]
    fn good_passwords_pass() {
        for password in [
            "Tr0ub4dor&3x!",
            "correct horse battery staple",
            "korrekt häst batteri häftklammer",
            "正确的马电池订书钉和别的一些东西",
            " leading and trailing spaces ",
            "🦊🌵🎲🧭🪁🧩🥁🛶🎻🪴🦉🧊🍄🌋🛰",
            "x9$Kq!mB2z",
            "a\0b\tc\u{202E}d efgh ijkl mnop",
        ] {
            assert_eq!(judge(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn reasons_come_together_and_in_order() {
        for (password, reasons) in [
            ("", &[TooShort, NeitherLongNorMixed][..]),
            ("password", &[NeitherLongNorMixed, Common]),
            ("PassWord", &[NeitherLongNorMixed, Common]),
            ("qwertyuiop", &[NeitherLongNorMixed, Common]),
            ("Password1!", &[Guessable]),
            ("P@ssw0rd!", &[Guessable]),
            ("aaaaaaaaaaaaaaa", &[Guessable]),
            ("abcdefghijklmnopqrst", &[Guessable]),
            ("123456789987654321", &[Common]),
        ] {
            assert_eq!(judge(password), Err(reasons.to_vec()), "{password}");
        }
        assert_eq!(judge(&"aB3$".repeat(65)), Err(vec![TooLong]));
        let short = check(&Password::new("password"), Policy::Passphrase, &Context::default());
        assert_eq!(short, Err(vec![NotLong, Common]));
    }

    #[test]
    fn what_is_personal_is_refused() {
        for password in [
            "Countess-1815 ok?!",
            "the countess of nowhere",
            "xX9$countess!!",
            "byron is a bad choice",
            "my.BYRON.password",
            "a.byron+x@mail.example.com",
            "sule gibt es zweimal",
            "die ŞULE gibt es zweimal",
            "S\u{327}ule gibt es zweimal",
            "ada is not her name",
            "not her name: ada",
            "42ada42 lives here",
            "acme has a password",
            "ID.ACME-WORKS.COM rocks",
        ] {
            assert_eq!(judge_of_ada(password), Err(vec![Personal]), "{password}");
        }
    }

    #[test]
    fn names_of_every_script_are_seen() {
        let names = Names::from_full("张伟 Щукин").unwrap();
        let context = Context { names: Some(&names), host: Some("127.0.0.1"), ..Context::default() };
        for (password, answer) in [
            ("我的名字就是张伟没有别的名字了", Err(vec![Personal])),
            ("zhang wei has a dog", Err(vec![Personal])),
            ("старый ЩУКИН ловит рыбу", Err(vec![Personal])),
            ("127.0.0.1 is a fine house", Ok(())),
        ] {
            assert_eq!(check(&Password::new(password), Policy::Hybrid, &context), answer, "{password}");
        }
    }

    #[test]
    fn short_or_general_words_do_not_forbid_everything() {
        for password in [
            "armada of paper boats",
            "always alpine albatross",
            "mail me an example!",
            "battle of 1815 trees",
            "communist comics comet",
        ] {
            assert_eq!(judge_of_ada(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn passwords_are_kept_in_nfc_and_otherwise_as_typed() {
        assert_eq!(Password::new(" Cafe\u{301}\t").expose(), " Caf\u{E9}\t");
        assert!(Password::new("Cafe\u{301}") == Password::new("Caf\u{E9}"));
        let decomposed = "e\u{301}".repeat(256);
        assert_ne!(judge(&decomposed), Err(vec![TooLong]));
        let expands = "\u{1D160}".repeat(9);
        let password = Password::new(&expands);
        assert!(password.expose().len() > expands.len() && password.0.capacity() == 3 * expands.len());
    }

    #[test]
    fn the_list_holds_the_hundred_thousand_most_common_of_eight_and_more() {
        assert!((30_000..60_000).contains(&COMMON.len()));
        assert!(COMMON.contains("password1") && COMMON.contains("iloveyou") && !COMMON.contains("123456"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_gets_an_answer(typed in any::<String>()) {
            let _ = judge_of_ada(&typed);
        }

        #[test]
        fn a_password_with_the_username_in_it_never_passes(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            let answer = judge_of_ada(&format!("{before} cOUNTESS {after}"));
            prop_assert!(answer.unwrap_err().contains(&Personal));
        }
    }
}
