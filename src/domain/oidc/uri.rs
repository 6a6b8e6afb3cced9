//! URIs that applications are registered with.
//!
//! They are compared byte for byte (RFC 9700, section 4.1), so each is taken as it is written or not at all: a URI that a
//! browser would read in another way than it stands there (WHATWG URL) is refused.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Longest URI, in bytes.
pub const MAX: usize = 500;
/// Loopback addresses on which a native app listens on a port of its choice (RFC 8252, section 7.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// Refuses what is no `https` URI, nor one of `http` on this machine.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_web(raw: &str) -> Result<(), String> {
    let url = parse(raw)?;
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_local(&url) => Ok(()),
        "http" => Err("http is for localhost, 127.0.0.1 and [::1]; write https".to_owned()),
        _ => Err("must begin with https://".to_owned()),
    }
}

/// Refuses what is neither that nor a URI of a private-use scheme, which has a dot (RFC 8252, section 7.1).
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_native(raw: &str) -> Result<(), String> {
    let url = parse(raw)?;
    if url.scheme().contains('.') { Ok(()) } else { check_web(raw) }
}

/// Whether a URI is of a private-use scheme or plain `http`: any app on the device may answer it (RFC 8252, section 8.6).
pub fn is_interceptable(uri: &str) -> bool {
    !uri.starts_with("https://")
}

/// Whether a URI that was asked for is a registered one. On loopback addresses, `any_port` lets the port differ or be
/// absent.
pub fn matches(registered: &str, asked: &str, any_port: bool) -> bool {
    let without_ports = || without_loopback_port(registered).zip(without_loopback_port(asked));
    registered == asked || any_port && without_ports().is_some_and(|(registered, asked)| registered == asked)
}

/// A loopback URI in the two parts around its port.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let host = LOOPBACK.into_iter().find(|host| uri.starts_with(host))?;
    let rest = &uri[host.len()..];
    let Some(after) = rest.strip_prefix(':') else {
        return (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest));
    };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (port, rest) = after.split_at(digits);
    let is_port = !port.starts_with('0') && port.parse::<u16>().is_ok();
    (is_port && (rest.is_empty() || rest.starts_with(['/', '?']))).then_some((host, rest))
}

fn parse(raw: &str) -> Result<Url, String> {
    let refuse = |why: &str| Err(why.to_owned());
    if raw.len() > MAX {
        return Err(format!("must be at most {MAX} bytes long"));
    }
    if raw.contains('#') {
        return refuse("must not have a fragment");
    }
    if raw.contains('*') {
        return refuse("must not have a *: each URI is registered as it is");
    }
    if !is_written_as_rfc_3986(raw) {
        return refuse("must be written as RFC 3986 says, without spaces and other than ASCII letters");
    }
    let Ok(url) = Url::parse(raw) else { return refuse("must be an absolute URI") };
    let authority = raw.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next()).unwrap_or_default();
    if authority.contains('@') {
        return refuse("must not have user information");
    }
    // An empty path is one that browsers do add a slash to, but not in what is compared.
    let as_written =
        url.as_str() == raw || url.path() == "/" && url.query().is_none() && url.as_str() == format!("{raw}/");
    if !as_written {
        return Err(format!("is not in the form that browsers send; did you mean {url}"));
    }
    Ok(url)
}

/// Whether all characters are such as RFC 3986 allows, brackets in the host alone.
fn is_written_as_rfc_3986(raw: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte);
    let bytes = raw.as_bytes();
    let in_host = raw.split_once("://").map_or(0..0, |(scheme, rest)| {
        let begin = scheme.len() + 3;
        begin..begin + rest.find(['/', '?']).unwrap_or(rest.len())
    });
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b'[' | b']' => in_host.contains(&at),
        byte => plain(*byte),
    })
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_uris_are_https_or_local() {
        for uri in [
            "https://app.example/callback",
            "https://app.example",
            "https://app.example:8443/a?b=c&d=%C3%A9",
            "https://xn--bcher-kva.example/",
            "https://[2001:db8::1]/",
            "http://localhost:3000/callback",
            "http://127.0.0.1/",
            "http://[::1]:9/",
        ] {
            assert_eq!(check_web(uri), Ok(()), "{uri}");
            assert_eq!(check_native(uri), Ok(()), "{uri}");
        }
    }

    /// RFC 9700, section 4.1: exact matching needs URIs that read one way only.
    #[test]
    fn what_a_browser_would_mend_is_refused() {
        for uri in [
            "",
            "/callback",
            "app.example/callback",
            "//app.example/",
            "http://app.example/",
            "http://127.0.0.2/",
            "http://localhost.app.example/",
            "ftp://app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:app.example",
            "https:/app.example/",
            "https:\\\\app.example\\",
            "HTTPS://app.example/",
            "https://App.example/",
            "https://app.example:443/",
            "https://app.example/a/../b",
            "https://app.example/./b",
            "https://app.example/%2e%2e/b",
            "https://app.example/a b",
            "https://app.example/a\tb",
            " https://app.example/",
            "https://app.example/\n",
            "https://app.example/é",
            "https://bücher.example/",
            "https://app.example/%zz",
            "https://app.example/%",
            "https://app.example/[a]",
            "https://app.example/a#b",
            "https://app.example/#",
            "https://user@app.example/",
            "https://user:secret@app.example/",
            "https://@app.example/",
            "https://*.app.example/",
            "https://app.example/*",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://app.example?a=b",
            "https://app.example/?a='",
            "https:///app.example/",
            "https://",
            "com.example.app:/callback",
        ] {
            assert!(check_web(uri).is_err(), "{uri:?}");
        }
        assert!(check_web(&format!("https://app.example/{}", "a".repeat(MAX))).is_err());
    }

    #[test]
    fn private_schemes_have_a_dot() {
        for uri in ["com.example.app:/callback", "com.example.app://callback", "org.example:/a?b=c"] {
            assert_eq!(check_native(uri), Ok(()), "{uri}");
        }
        for uri in
            ["myapp://callback", "javascript:alert(1)", "Com.Example:/a", "com.example.app:/a#b", "com.example://a@b/"]
        {
            assert!(check_native(uri).is_err(), "{uri}");
        }
    }

    /// RFC 9700, section 4.1, and RFC 8252, section 7.3.
    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        for (registered, asked, any_port, good) in [
            ("https://app.example/cb", "https://app.example/cb", false, true),
            ("https://app.example/cb", "https://app.example/cb/", true, false),
            ("https://app.example/cb", "https://app.example/cb?a=b", true, false),
            ("https://app.example/cb", "https://app.example:8443/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", true, true),
            ("http://127.0.0.1:80/cb", "http://127.0.0.1/cb", true, true),
            ("http://127.0.0.1:8080/cb", "http://127.0.0.1:9090/cb", true, true),
            ("http://127.0.0.1:8080/cb", "http://127.0.0.1:9090/cb", false, false),
            ("http://[::1]/cb", "http://[::1]:1/cb", true, true),
            ("http://[::1]/cb", "http://127.0.0.1:1/cb", true, false),
            ("http://localhost/cb", "http://localhost:49152/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/other", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:70000/cb", true, false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:080/cb", true, false),
        ] {
            assert_eq!(matches(registered, asked, any_port), good, "{registered} {asked}");
        }
    }
}
