//! Where to go after signing in: a path of this site and nothing else, whatever a link says.

use std::fmt;

use super::escapes::escaped_bytes;

/// Longest path taken, in bytes: it travels in headers and query strings. The request of an app may be of 8 KiB, and is
/// sealed in it.
pub const MAX: usize = 16 * 1024;

/// A path of this site with an optional query and fragment, safe to send in a `Location` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// The path, if every browser and proxy must read it as one of this site.
    ///
    /// It begins with a single `/`, and is printable ASCII without backslash: browsers read `\` as `/`, and drop tabs
    /// and line breaks before they look (WHATWG URL, section 4.4), so that `/\host` and `/<tab>/host` lead to another
    /// site. For the sake of whatever decodes or tidies before them, the path has no empty segment and hides none of
    /// these characters behind percent signs.
    pub fn parse(raw: &str) -> Option<Self> {
        let path = raw.split(['?', '#']).next().unwrap_or_default();
        let printable = raw.len() <= MAX && raw.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = path.starts_with('/') && !path.contains("//") && !hides_something(path);
        (printable && local).then(|| Self(raw.to_owned()))
    }

    /// The path, or `/` when there is none or it leads away.
    pub fn parse_or_home(raw: Option<&str>) -> Self {
        raw.and_then(Self::parse).unwrap_or_default()
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a percent sign stands for a control character, space, slash, backslash, percent sign, or for nothing at all.
fn hides_something(path: &str) -> bool {
    escaped_bytes(path).any(|byte| byte.is_none_or(|byte| byte <= b' ' || matches!(byte, b'/' | b'\\' | b'%' | 0x7F)))
}

impl Default for LocalPath {
    /// `/`, which leads on to the profile or to signing in.
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_of_this_site_pass_unchanged() {
        let paths =
            "/ /profile /u/ada_l-1 /people?tab=requests&page=2 /security#2fa /login?next=%2Fprofile /u/%C3%A9 /?a=//b";
        for path in paths.split_whitespace() {
            assert_eq!(LocalPath::parse(path).map(|path| path.to_string()).as_deref(), Some(path));
        }
    }

    #[test]
    fn whatever_may_lead_away_does_not() {
        let without_spaces = r"
            profile ./profile .evil.example @evil.example ?next=/ #/ //evil.example ///evil.example /\evil.example
            \/evil.example /\\evil.example https://evil.example https:evil.example javascript:alert(1)
            data:text/html,x /%09/evil.example /%0a/evil.example /%0D%0ASet-Cookie:a=b /%2Fevil.example
            /%2f%2fevil.example /%5Cevil.example /%5c%5Cevil.example /%252Fevil.example /%20 /..//evil.example
            /.//evil.example /a/% /%zz /%2 /%+9/evil.example /profilé /∕evil.example /／evil.example
        ";
        let with_spaces = [
            "",
            " /profile",
            "/profile ",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nSet-Cookie: a=b",
            "/\0",
            "/\u{7F}",
        ];
        for raw in without_spaces.split_whitespace().chain(with_spaces) {
            assert_eq!(LocalPath::parse(raw), None, "{raw:?}");
            assert_eq!(LocalPath::parse_or_home(Some(raw)).as_str(), "/");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(MAX))), None);
        assert_eq!(LocalPath::parse_or_home(None), LocalPath::default());
    }

    proptest! {
        #[test]
        fn a_browser_stays_on_this_site(raw in "[/\\\\.%25cCfF09@:?#a\\t\\n ]{0,12}") {
            let site = url::Url::parse("https://nameplate.example/login").unwrap();
            if let Some(path) = LocalPath::parse(&raw) {
                prop_assert_eq!(site.join(path.as_str()).unwrap().origin(), site.origin());
            }
        }
    }
}
