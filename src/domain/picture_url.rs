//! Addresses of pictures elsewhere: which ones a profile may show.
//!
//! The address is looked at, not followed: a name may still resolve into a private network. Whoever fetches one checks
//! where it leads at that moment.

use url::{Host, Url};

use super::{error::PictureUrlReason, escapes::escaped_bytes, limits::PICTURE_URL, parsed_text::parsed_text};

/// Endings of a path that promise a picture.
const EXTENSIONS: [&str; 5] = [".jpg", ".jpeg", ".png", ".gif", ".webp"];

/// Top-level names that exist in private networks only, or on one machine: special-use names (RFC 6761, 6762, 7686,
/// 8375, 9476, and ICANN's `internal`) and those that home routers and companies use without asking.
const PRIVATE: [&str; 19] = [
    "alt",
    "arpa",
    "belkin",
    "corp",
    "domain",
    "home",
    "internal",
    "intra",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
    "workgroup",
];

/// An `https` address of a picture on a public host, in the canonical form of the URL standard.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PictureUrl(String);

impl PictureUrl {
    /// The address, if it keeps the rule for remote pictures; our own addresses have theirs elsewhere.
    ///
    /// # Errors
    /// The first part of the rule that it broke.
    pub fn parse(raw: &str) -> Result<Self, PictureUrlReason> {
        if raw.chars().count() > PICTURE_URL {
            return Err(PictureUrlReason::TooLong);
        }
        // The parser drops tabs and line breaks, trims, and reads `\` as `/`: other programs do not.
        if raw.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(PictureUrlReason::Malformed);
        }
        let url = Url::parse(raw).map_err(|_| PictureUrlReason::Malformed)?;
        if url.scheme() != "https" || url.port().is_some() {
            return Err(PictureUrlReason::NotHttps);
        }
        if !has_plain_authority(raw) || url.fragment().is_some() || hides_control(url.path()) {
            return Err(PictureUrlReason::Malformed);
        }
        if !url.host().is_some_and(|host| is_public(&host)) {
            return Err(PictureUrlReason::LocalHost);
        }
        let path = url.path().to_ascii_lowercase();
        if !EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
            return Err(PictureUrlReason::Extension);
        }
        // Escapes make the canonical form longer than what was written.
        if url.as_str().len() > PICTURE_URL { Err(PictureUrlReason::TooLong) } else { Ok(Self(url.into())) }
    }
}

parsed_text!(PictureUrl);

/// Whether two slashes follow the scheme and then a host, with neither user information (be it empty) nor escapes in
/// it.
fn has_plain_authority(raw: &str) -> bool {
    let after_scheme = raw.split_once(':').map_or("", |(_, rest)| rest);
    let authority = after_scheme.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
    authority.is_some_and(|authority| !authority.is_empty() && !authority.contains(['@', '%']))
}

/// Whether the path has an escaped control character; what follows a `%00` may be cut off further on.
fn hides_control(path: &str) -> bool {
    escaped_bytes(path).flatten().any(|byte| byte.is_ascii_control())
}

/// Whether the host is a name of the public Internet. IPv4 addresses in decimal, octal or hexadecimal, and names in
/// full-width letters or with ideographic full stops, have been seen through by the parser.
fn is_public(host: &Host<&str>) -> bool {
    let Host::Domain(name) = host else { return false };
    let mut labels = name.strip_suffix('.').unwrap_or(name).rsplit('.');
    let top = labels.next().unwrap_or_default();
    labels.next().is_some() && !name.starts_with('.') && !name.contains("..") && !PRIVATE.contains(&top)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(raw: &str) -> Result<String, PictureUrlReason> {
        PictureUrl::parse(raw).map(String::from)
    }

    #[test]
    fn pictures_on_public_hosts_pass_unchanged() {
        let canonical = "
            https://example.com/a.jpg https://example.com/A.PNG https://example.com/a.b/c.Gif https://example.com./a.png
            https://files.nextgate.com/bucket-uuid/profile/avatar1.jpeg https://example.com/a.webp?size=512&x=/%00
            https://xn--bcher-kva.example/a.png https://8.example.org/%E2%98%BA.png https://local.example.com/a.png
        ";
        for url in canonical.split_whitespace() {
            assert_eq!(parse(url), Ok(url.to_owned()));
        }
        assert_eq!(parse("HTTPS://Example.COM:443/a.png").unwrap(), "https://example.com/a.png");
        assert_eq!(parse("https://bücher.example/é.png").unwrap(), "https://xn--bcher-kva.example/%C3%A9.png");
    }

    #[test]
    fn each_broken_part_of_the_rule_is_named() {
        let malformed = r"
            a.png /a.png //example.com/a.png https:// https:///a.png https:example.com/a.png https:/example.com/a.png
            https://user@example.com/a.png https://user:secret@example.com/a.png https://@example.com/a.png
            https://:@example.com/a.png https://example.com/a.png# https://example.com/a.png#x.png
            https://example.com\a.png https:\\example.com/a.png https://example.com/a%00.png
            https://example.com/a%0D%0Ab.png https://exa<mple.com/a.png https://ex%61mple.com/a.png
            https://example.com%2f.evil.org/a.png https://example.com:0x1bb/a.png https://256.256.256.256/a.png
            https://[::1/a.png
        ";
        let not_https = "
            http://example.com/a.png ftp://example.com/a.png data:image/png;base64,a.png javascript:alert(1)//a.png
            file:///a.png https://example.com:8443/a.png https://example.com:80/a.png https://example.com:0/a.png
        ";
        let extension = "
            https://example.com https://example.com/ https://example.com/a https://example.com/a.svg
            https://example.com/a.png/ https://example.com/a?b=c.png https://example.com/a.jpg.exe
            https://example.com/a%2Epng https://example.com/png
        ";
        for (reason, urls) in [
            (PictureUrlReason::Malformed, malformed),
            (PictureUrlReason::NotHttps, not_https),
            (PictureUrlReason::Extension, extension),
        ] {
            for url in urls.split_whitespace() {
                assert_eq!(parse(url), Err(reason), "{url}");
            }
        }
    }

    #[test]
    fn white_space_is_refused_wherever_it_is() {
        for url in [
            "",
            " https://example.com/a.png",
            "https://example.com/a.png\n",
            "https://exam\tple.com/a.png",
            "https://example.com/a b.png",
        ] {
            assert_eq!(parse(url), Err(PictureUrlReason::Malformed), "{url:?}");
        }
    }

    #[test]
    fn no_notation_of_a_local_host_passes() {
        let hosts = "
            localhost LOCALHOST localhost. app.localhost printer printer. 127.0.0.1 10.0.0.1 8.8.8.8 127.1 2130706433
            0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.0.0.1. 127。0。0。1 １２７．０．０．１ ①②⑦.0.0.1 0 [::1]
            [::ffff:127.0.0.1] [fe80::1] [2001:db8::1] [::ffff:7f00:1] nas.local NAS.LOCAL. nas。local nas.ｌｏｃａｌ
            app.internal metadata.google.internal app.test a.b.test. router.lan wiki.intranet dc.corp nas.home
            nas.home.arpa 1.0.0.127.in-addr.arpa x.invalid x.onion x.localdomain x.private .com example..com
            example.com..
        ";
        for host in hosts.split_whitespace() {
            assert_eq!(parse(&format!("https://{host}/a.png")), Err(PictureUrlReason::LocalHost), "{host}");
        }
    }

    #[test]
    fn length_counts_as_written_and_as_kept() {
        let of = |length: usize| format!("https://example.com/{}.png", "a".repeat(length - 24));
        assert!(parse(&of(500)).is_ok());
        assert_eq!(parse(&of(501)), Err(PictureUrlReason::TooLong));
        assert_eq!(parse(&of(450).replace("aaaaaaaaaaaa", "éééééééééééé")), Err(PictureUrlReason::TooLong));
    }

    proptest! {
        #[test]
        fn what_passes_is_canonical_and_passes_again(
            raw in "(?i)https:[/@:]{1,3}[a-z0-9.%:@é。\\[\\]-]{1,16}/[a-z0-9%é.]{0,8}\\.png",
        ) {
            if let Ok(url) = parse(&raw) {
                prop_assert!(url.starts_with("https://"));
                prop_assert_eq!(parse(&url), Ok(url));
            }
        }
    }
}
