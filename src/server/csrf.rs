//! Requests that another site makes a browser send.
//!
//! `tower_http::csrf` lets requests through that carry neither `Sec-Fetch-Site` nor `Origin`, and believes `Host`. Here what
//! a browser does not vouch for is refused, and only the public URL says what our origin is.

use axum::http::{HeaderMap, Method, header};
use url::Url;

/// Cookies that sign a browser in, on https and on a loopback address.
const SESSION_COOKIES: [&str; 2] = ["__Host-sid", "sid"];

/// Which unsafe requests must come from our own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them: a forged sign-in is an attack too.
    Every,
    /// Those with a session cookie and nothing else. A token in a header is nothing that a browser sends by itself, and where
    /// there is one, it alone counts.
    WithCookie,
    /// None: apps send people here, and what comes is answered with a link to the same.
    None,
}

/// Knows our own origin.
#[derive(Clone, Debug)]
pub struct SameOrigin {
    origin: String,
    scope: Scope,
}

impl SameOrigin {
    /// Protects a surface of the service at `public_url`.
    pub fn new(public_url: &Url, scope: Scope) -> Self {
        Self { origin: public_url.origin().ascii_serialization(), scope }
    }

    /// Whether a request comes from our own pages, or need not.
    pub fn admits(&self, method: &Method, headers: &HeaderMap) -> bool {
        // Not `Method::is_safe`, which lets TRACE pass.
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return true;
        }
        if self.scope == Scope::None {
            return true;
        }
        if self.scope == Scope::WithCookie && (has_bearer_token(headers) || !has_session_cookie(headers)) {
            return true;
        }
        match headers.get("sec-fetch-site") {
            Some(site) => site == "same-origin",
            // Browsers leave it out where the page is not on a secure origin.
            None => headers.get(header::ORIGIN).is_some_and(|origin| origin == self.origin.as_str()),
        }
    }
}

/// Not just any credentials: those of HTTP Basic a browser does send by itself.
fn has_bearer_token(headers: &HeaderMap) -> bool {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scheme = credentials.and_then(|credentials| credentials.trim_start().split_once(' '));
    scheme.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}

fn has_session_cookie(headers: &HeaderMap) -> bool {
    headers.get_all(header::COOKIE).iter().any(|line| {
        let line = String::from_utf8_lossy(line.as_bytes());
        line.split(';').filter_map(|pair| pair.split_once('=')).any(|(name, _)| SESSION_COOKIES.contains(&name.trim()))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn admits(scope: Scope, method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let url = Url::parse("https://Accounts.example:443/").unwrap();
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        SameOrigin::new(&url, scope).admits(&method, &headers.collect())
    }

    #[test]
    fn reading_is_free() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(admits(Scope::Every, method, &[("sec-fetch-site", "cross-site"), ("cookie", "__Host-sid=x")]));
        }
        assert!(!admits(Scope::Every, Method::TRACE, &[]));
    }

    #[test]
    fn apps_may_send_people_by_forms_of_their_own() {
        let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://app.example"), ("cookie", "__Host-sid=x")];
        assert!(admits(Scope::None, Method::POST, &headers));
    }

    #[test]
    fn the_browser_must_vouch_for_a_change() {
        for (headers, admitted) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://accounts.example")], false),
            (&[("origin", "https://accounts.example")], true),
            (&[("origin", "https://accounts.example:443")], false),
            (&[("origin", "http://accounts.example")], false),
            (&[("origin", "https://accounts.example.evil.example")], false),
            (&[("origin", "null")], false),
            (&[("host", "accounts.example"), ("referer", "https://accounts.example/")], false),
            (&[], false),
        ] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert_eq!(admits(Scope::Every, method, headers), admitted, "{headers:?}");
            }
        }
    }

    #[test]
    fn interfaces_for_programs_are_checked_when_a_cookie_signs_in() {
        assert!(admits(Scope::WithCookie, Method::POST, &[]));
        assert!(admits(
            Scope::WithCookie,
            Method::POST,
            &[("authorization", "Bearer x"), ("origin", "https://a.example")]
        ));
        assert!(admits(Scope::WithCookie, Method::POST, &[("cookie", "theme=dark; sidebar=1")]));
        assert!(!admits(Scope::WithCookie, Method::POST, &[("cookie", "theme=dark; __Host-sid=x")]));
        assert!(admits(Scope::WithCookie, Method::POST, &[("cookie", "sid=x"), ("authorization", "bearer x")]));
        assert!(!admits(Scope::WithCookie, Method::POST, &[("cookie", "sid=x"), ("authorization", "Basic x")]));
        assert!(!admits(Scope::Every, Method::POST, &[("cookie", "sid=x"), ("authorization", "Bearer x")]));
        assert!(!admits(Scope::WithCookie, Method::POST, &[("cookie", "theme=dark"), ("cookie", "sid=x")]));
        assert!(admits(Scope::WithCookie, Method::POST, &[("cookie", "sid=x"), ("sec-fetch-site", "same-origin")]));
    }
}
