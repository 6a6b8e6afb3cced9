//! Cookies: only this host reads them, and no script.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use chrono::TimeDelta;
use url::{Host, Url};

/// The session's opaque id.
pub const SESSION: &str = "sid";
/// Tokens of what forms left for the next page.
pub const FLASH: &str = "flash";
/// What the next step of signing up or in needs to know.
pub const STEP: &str = "step";
/// The token of new recovery codes, until they are shown.
pub const RECOVERY_CODES: &str = "codes";
/// What this browser is known by among the devices of an account. It outlives sign-out, and opens nothing.
pub const DEVICE: &str = "device";
/// The chosen language.
pub const LOCALE: &str = "locale";
/// The chosen colours.
pub const THEME: &str = "theme";

/// The longest that browsers keep a cookie (RFC 6265bis). How long a session lives is for the database to say.
pub const LASTING: TimeDelta = TimeDelta::days(400);

/// Reads and writes cookies under the names that suit the public URL.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Secure ones, but for http on a loopback host, where browsers would drop them.
    pub fn new(public_url: &Url) -> Self {
        let loopback = match public_url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self { secure: !(loopback && public_url.scheme() == "http") }
    }

    fn prefix(self) -> &'static str {
        if self.secure { "__Host-" } else { "" }
    }

    /// The value of a cookie, if the browser sent one.
    pub fn read(self, headers: &HeaderMap, name: &str) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(key, _)| key.strip_prefix(self.prefix()) == Some(name))?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// The header that sets a cookie; values are made of what base64url has, and dots.
    pub fn write(self, name: &str, value: &str, lifetime: TimeDelta) -> Option<HeaderValue> {
        let (prefix, secure) = (self.prefix(), if self.secure { "; Secure" } else { "" });
        let age = lifetime.num_seconds();
        let cookie = format!("{prefix}{name}={value}; Path=/{secure}; HttpOnly; SameSite=Lax; Max-Age={age}");
        HeaderValue::try_from(cookie).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(url: &str) -> Cookies {
        Cookies::new(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_http_on_a_loopback_host_goes_without_the_host_prefix() {
        for (url, name) in [
            ("https://id.example", "__Host-sid"),
            ("http://id.example", "__Host-sid"),
            ("https://localhost", "__Host-sid"),
            ("http://localhost:3000", "sid"),
            ("http://127.0.0.1:3000", "sid"),
            ("http://127.8.9.1", "sid"),
            ("http://[::1]:3000", "sid"),
            ("http://a.localhost", "sid"),
            ("http://localhost.example", "__Host-sid"),
        ] {
            let cookie = cookies(url).write(SESSION, "x", TimeDelta::seconds(1)).unwrap();
            let secure = if name == "sid" { "" } else { "; Secure" };
            assert_eq!(cookie, format!("{name}=x; Path=/{secure}; HttpOnly; SameSite=Lax; Max-Age=1"), "{url}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; sid=no;__Host-sid=yes=; theme"));
        headers.append(COOKIE, HeaderValue::from_static("__Host-theme=dark; __Host-flash="));
        let cookies = cookies("https://id.example");
        assert_eq!(cookies.read(&headers, SESSION).as_deref(), Some("yes="));
        assert_eq!(cookies.read(&headers, THEME).as_deref(), Some("dark"));
        assert_eq!(cookies.read(&headers, FLASH), None);
        assert_eq!(cookies.read(&headers, LOCALE), None);
    }
}
