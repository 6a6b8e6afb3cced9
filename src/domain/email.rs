//! E-mail addresses: what is accepted as one, how two are compared, and how much of one is shown to strangers.

use std::fmt;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use url::Host;

use super::{error::Reason, limits::EMAIL, parsed_text::parsed_text};

/// What a link to an address begins with.
const MAILTO: &str = "mailto:";
/// Longest text, in bytes, in which an address is looked for.
const MAX_COPIED: usize = 1024;

/// An address that mail can be sent to: a dot-atom, `@`, and a domain name in lower case and its ASCII form.
///
/// The local part keeps its case, since only its host may say that case does not matter (RFC 5321, section 2.4).
/// `Debug` is masked: full addresses never reach a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// An address without quotes, comments or IP literal. What people copy along does not matter: white space around it,
    /// characters that cannot be seen, `mailto:`, and the name in `Ada <ada@example.com>`.
    /// Domains have a dot, except `localhost`; international ones are converted (`bücher.example` to
    /// `xn--bcher-kva.example`).
    ///
    /// # Errors
    /// [`Reason::Required`], [`Reason::TooLong`] (in bytes) or [`Reason::Malformed`].
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        if raw.len() > MAX_COPIED {
            return Err(Reason::TooLong { max: EMAIL });
        }
        let raw = &*bare(raw);
        if raw.is_empty() {
            return Err(Reason::Required);
        }
        if raw.len() > EMAIL {
            return Err(Reason::TooLong { max: EMAIL });
        }
        let (local, domain) = raw.rsplit_once('@').ok_or(Reason::Malformed)?;
        let domain = ascii_domain(domain).ok_or(Reason::Malformed)?;
        let address: String = local.nfc().chain(['@']).chain(domain.chars()).collect();
        if address.len() > EMAIL {
            return Err(Reason::TooLong { max: EMAIL });
        }
        let options = email_address::Options {
            minimum_sub_domains: if domain == "localhost" { 1 } else { 2 },
            allow_domain_literal: false,
            allow_display_text: false,
        };
        // The library takes letters, and not the marks above and below them that some scripts cannot be written without.
        let is_mark = |c: &char| c.general_category_group() == GeneralCategoryGroup::Mark;
        let judged: String = address.chars().map(|c| if is_mark(&c) { 'x' } else { c }).collect();
        // Quoted local parts are legal and nobody's: many systems on the way of a mail mistake them.
        match email_address::EmailAddress::parse_with_options(&judged, options) {
            Ok(_) if !local.starts_with('"') => Ok(Self(address)),
            _ => Err(Reason::Malformed),
        }
    }

    /// The form in which addresses are compared. Case is ignored as a whole: no provider in use tells people apart by
    /// it.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(&self.0, |(local, _)| local)
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as its owner recognises it and others do not: `jo***@example.com`. Of a local part of two
    /// characters one is shown, of a single character none.
    pub fn masked(&self) -> String {
        let local = self.local_part();
        let shown = local.chars().count().saturating_sub(1).min(2);
        let start: String = local.chars().take(shown).collect();
        format!("{start}***@{}", self.domain())
    }
}

/// An address, masked or not, as its owner would write it: an international domain in its own letters. For pages and the
/// words of mails; headers and REST have the ASCII form. Anything else comes back as it is.
pub fn readable(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => match idna::domain_to_unicode(domain) {
            (unicode, Ok(())) => format!("{local}@{unicode}"),
            _ => address.to_owned(),
        },
        None => address.to_owned(),
    }
}

/// The address in what was typed or pasted.
fn bare(raw: &str) -> String {
    let visible: String = raw.chars().filter(|c| c.general_category() != GeneralCategory::Format).collect();
    let mut address = visible.trim();
    if let Some(named) = address.strip_suffix('>')
        && let Some((_, within)) = named.rsplit_once('<')
    {
        address = within.trim();
    }
    match address.split_at_checked(MAILTO.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(MAILTO) => {
            let to = rest.split('?').next().unwrap_or_default();
            percent_decode_str(to).decode_utf8().map_or_else(|_| to.to_owned(), |to| to.trim().to_owned())
        }
        _ => address.to_owned(),
    }
}

parsed_text!(EmailAddress);

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.masked())
    }
}

/// The domain in lower case and A-labels; `None` for anything that is not a domain name, IP addresses in any notation
/// included.
fn ascii_domain(domain: &str) -> Option<String> {
    // `Host` reads percent signs as in a URL; in an address they mean nothing.
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) if !domain.contains('%') => {
            ascii.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')).then_some(ascii)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(raw: &str) -> Result<String, Reason> {
        EmailAddress::parse(raw).map(String::from)
    }

    #[test]
    fn what_mail_systems_accept_is_accepted() {
        for (raw, address) in [
            ("ada@example.com", "ada@example.com"),
            ("  Ada.Lovelace+list@Example.COM\r\n", "Ada.Lovelace+list@example.com"),
            ("o'neill_#1@mail.example.co.uk", "o'neill_#1@mail.example.co.uk"),
            ("x@y.z", "x@y.z"),
            ("1@2.com", "1@2.com"),
            ("root@localhost", "root@localhost"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@BÜCHER。example", "ada@xn--bcher-kva.example"),
            ("jose\u{301}@example.com", "jos\u{E9}@example.com"),
            ("用户@例子.世界", "用户@xn--fsqu00a.xn--rhqv96g"),
            ("हिन्दी@example.com", "हिन्दी@example.com"),
            ("ที่อยู่@example.com", "ที่อยู่@example.com"),
            ("mailto:ada@example.com", "ada@example.com"),
            ("MailTo:ada%2Blist@example.com?subject=Hi", "ada+list@example.com"),
            ("Ada Lovelace <ada@example.com>", "ada@example.com"),
            ("\"Lovelace, Ada\" <mailto:ada@example.com> ", "ada@example.com"),
            ("<ada@example.com>", "ada@example.com"),
            ("\u{FEFF}ada@\u{200B}example.com\u{2060}", "ada@example.com"),
            ("\u{202A}ada@example.com\u{202C}", "ada@example.com"),
            ("a\u{AD}da@exam\u{AD}ple.com", "ada@example.com"),
            ("a\u{202E}b@example.com", "ab@example.com"),
        ] {
            assert_eq!(parse(raw), Ok(address.to_owned()), "{raw}");
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let without_spaces = r#"
            ada ada@ @example.com @ ada@@example.com a@b@example.com ada@example ada@.com ada@example..com
            ada@example.com. ada@-example.com ada@example-.com ada@exa_mple.com ada@ex%61mple.com ada@example.com:25
            ada@example.com/x ada@127.0.0.1 ada@[127.0.0.1] ada@[::1] ada@0x7f.1 ada@2130706433 "ada"@example.com
            "@example.com <ada@example.com .ada@example.com ada.@example.com a..b@example.com a,b@example.com
            a(b)@example.com mailto:ada@example.com,eve@example.com ada@example.com,eve@example.com ada@example.com>
            mailto:ada@example.com%0d%0aBcc:eve@example.com
        "#;
        let with_spaces = [
            "Ada <ada>",
            "Ada <ada@example.com> Eve",
            "\"a b\"@example.com",
            "a b@example.com",
            "ada@exa mple.com",
            "ada\r\nBcc: eve@example.com",
            "ada\0@example.com",
        ];
        for raw in without_spaces.split_whitespace().chain(with_spaces) {
            assert_eq!(parse(raw), Err(Reason::Malformed), "{raw:?}");
        }
        for raw in [" \t ", "\u{200B}\u{FEFF}", "mailto:", "Ada <>"] {
            assert_eq!(parse(raw), Err(Reason::Required), "{raw:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_smtp() {
        let domain = format!("{0}.{0}.{0}.com", "d".repeat(61));
        let local = |length| "l".repeat(length);
        assert_eq!(parse(&format!("{}@{domain}", local(64))).map(|address| address.len()), Ok(254));
        assert_eq!(parse(&format!("{}@{domain}", local(65))), Err(Reason::TooLong { max: 254 }));
        assert_eq!(parse(&format!("a@{}com", "ü.".repeat(40))), Err(Reason::TooLong { max: 254 }));
        assert_eq!(parse(&format!("{}@example.com", local(65))), Err(Reason::Malformed));
        assert_eq!(parse(&format!("a@{}.com", "e".repeat(64))), Err(Reason::Malformed));
    }

    #[test]
    fn addresses_that_differ_in_case_are_one() {
        let key = |raw| EmailAddress::parse(raw).unwrap().key();
        assert_eq!(key("Ada@Example.com"), key("aDA@eXAMPLE.COM"));
        assert_eq!(key("ÇELIK@bücher.example"), key("Çelik@BÜCHER.example"));
    }

    #[test]
    fn strangers_see_little_and_logs_no_more() {
        for (raw, masked) in [
            ("john@example.com", "jo***@example.com"),
            ("joe@example.com", "jo***@example.com"),
            ("jo@example.com", "j***@example.com"),
            ("j@example.com", "***@example.com"),
            ("çağla@example.com", "ça***@example.com"),
        ] {
            let address = EmailAddress::parse(raw).unwrap();
            assert_eq!(address.masked(), masked);
            assert_eq!(format!("{address:?}"), format!("EmailAddress({masked})"));
        }
    }

    #[test]
    fn people_read_their_own_letters() {
        for (address, shown) in [
            ("ada@xn--bcher-kva.example", "ada@bücher.example"),
            ("ad***@xn--bcher-kva.example", "ad***@bücher.example"),
            ("ada@example.com", "ada@example.com"),
            ("ada@xn--a.example", "ada@xn--a.example"),
            ("+90*****4567", "+90*****4567"),
        ] {
            assert_eq!(readable(address), shown);
        }
    }

    proptest! {
        #[test]
        fn accepted_addresses_are_accepted_unchanged(raw in "[a-zA-Zéü.+\"<> -]{1,8}@[a-zA-Zéü.-]{1,12}") {
            if let Ok(address) = parse(&raw) {
                prop_assert_eq!(parse(&address), Ok(address));
            }
        }

        #[test]
        fn any_text_gets_an_answer(raw in any::<String>(), domain in any::<String>()) {
            let _ = parse(&raw);
            let _ = parse(&format!("a@{domain}"));
        }
    }
}
