//! Applications that sign people in: how they are registered.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{scope, uri};

/// Most entries of a list.
pub const LIST: usize = 20;
/// How many days a refresh token lives unless it is said.
pub const REFRESH_DAYS: u16 = 30;
/// The longest that it can live, in days.
const MOST_REFRESH_DAYS: u16 = 365;

/// What a client is. It never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientType {
    /// Uses the management API.
    Service,
    /// Signs people in, and has a secret.
    Confidential,
    /// Signs people in, and can keep no secret: it runs in a browser or on a phone.
    Public,
}

impl ClientType {
    /// The name in the database and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Confidential => "confidential",
            Self::Public => "public",
        }
    }

    /// Reads the name in the database; none for one that a newer version wrote.
    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Service, Self::Confidential, Self::Public].into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it signs people in.
    pub fn is_app(self) -> bool {
        self != Self::Service
    }

    /// Whether it has a secret.
    pub fn has_secret(self) -> bool {
        self != Self::Public
    }
}

/// What an application is registered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct App {
    /// Whether it is of the same house: nobody is asked for consent.
    pub first_party: bool,
    /// Where answers to its requests go.
    pub redirect_uris: Vec<String>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told that somebody signed out.
    pub backchannel_logout_uri: Option<String>,
    /// Its start page.
    pub home_url: Option<String>,
    /// Its privacy policy.
    pub policy_url: Option<String>,
    /// Its terms of service.
    pub terms_url: Option<String>,
    /// APIs that it may get access tokens for (RFC 8707).
    pub resources: Vec<Api>,
    /// What signs its ID tokens and its access tokens for APIs.
    pub alg: Algorithm,
    /// How many days its refresh tokens live, from sign-in on.
    pub refresh_days: u16,
    /// Whether it must use PKCE although it has a secret; public apps must anyway.
    pub require_pkce: bool,
    /// Whether it is for admins alone.
    pub admins_only: bool,
}

impl Default for App {
    fn default() -> Self {
        Self {
            first_party: false,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            home_url: None,
            policy_url: None,
            terms_url: None,
            resources: Vec::new(),
            alg: Algorithm::default(),
            refresh_days: REFRESH_DAYS,
            require_pkce: false,
            admins_only: false,
        }
    }
}

/// An API that access tokens can be for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// Its resource indicator, the `aud` of its tokens.
    pub uri: String,
    /// Its scopes.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Api {
    /// Reads `URI scope scope …`.
    pub fn parse(written: &str) -> Self {
        let mut words = written.split_ascii_whitespace().map(str::to_owned);
        Self { uri: words.next().unwrap_or_default(), scopes: words.collect() }
    }
}

/// What signs tokens (RFC 7518, section 3.1; RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSA with 2048 bits: what every client knows (Core, section 15.1).
    #[default]
    RS256,
    /// P-256: smaller.
    ES256,
    /// Ed25519.
    EdDSA,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RS256, Self::ES256, Self::EdDSA];

    /// Its name in the headers of tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name}: {why}")]
pub struct SettingError {
    /// Which one, in snake case.
    pub name: &'static str,
    /// What is wrong with it, in words.
    pub why: String,
}

impl SettingError {
    /// An error of a setting.
    pub fn new(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, why: why.into() }
    }
}

impl App {
    /// Refuses settings that cannot be, or not for clients of this type. `is_ours` tells addresses of this service.
    ///
    /// # Errors
    /// The first that is wrong.
    pub fn check(&self, kind: ClientType, is_ours: impl Fn(&str) -> bool) -> Result<(), SettingError> {
        if kind == ClientType::Service {
            return match *self == Self::default() {
                true => Ok(()),
                false => Err(SettingError::new("type", "a service signs nobody in and takes no settings of an app")),
            };
        }
        if self.redirect_uris.is_empty() {
            return Err(SettingError::new("redirect_uri", "at least one is needed"));
        }
        for (name, uris) in
            [("redirect_uri", &self.redirect_uris), ("post_logout_redirect_uri", &self.post_logout_redirect_uris)]
        {
            check_list(name, uris, |uri| match kind {
                ClientType::Public => uri::check_native(uri),
                _ => uri::check_web(uri),
            })?;
        }
        for (name, page) in [
            ("backchannel_logout_uri", &self.backchannel_logout_uri),
            ("home_url", &self.home_url),
            ("policy_url", &self.policy_url),
            ("terms_url", &self.terms_url),
        ] {
            if let Some(page) = page {
                uri::check_web(page).map_err(|why| SettingError::new(name, format!("{page} {why}")))?;
            }
        }
        if !(1..=MOST_REFRESH_DAYS).contains(&self.refresh_days) {
            return Err(SettingError::new("refresh_days", format!("must be from 1 to {MOST_REFRESH_DAYS}")));
        }
        self.check_resources(is_ours)
    }

    fn check_resources(&self, is_ours: impl Fn(&str) -> bool) -> Result<(), SettingError> {
        const NAME: &str = "resource";
        let uris: Vec<_> = self.resources.iter().map(|api| api.uri.clone()).collect();
        check_list(NAME, &uris, uri::check_web)?;
        for Api { uri, scopes } in &self.resources {
            if is_ours(uri) {
                return Err(SettingError::new(
                    NAME,
                    format!("{uri} is of this service, whose own APIs are no resource"),
                ));
            }
            check_list(NAME, scopes, |name| match name {
                _ if name.len() > uri::MAX => Err(format!("must be at most {} bytes long", uri::MAX)),
                _ if !scope::is_token(name) => Err("is no scope: it has characters that scopes cannot have".to_owned()),
                _ if scope::is_ours(name) => Err("is a scope of OpenID Connect and of no API".to_owned()),
                _ => Ok(()),
            })?;
        }
        Ok(())
    }

    /// Whether answers may go to this URI.
    pub fn redirects_to(&self, asked: &str, kind: ClientType) -> bool {
        is_among(&self.redirect_uris, asked, kind)
    }

    /// Whether people may go to this URI after signing out.
    pub fn leads_out_to(&self, asked: &str, kind: ClientType) -> bool {
        is_among(&self.post_logout_redirect_uris, asked, kind)
    }

    /// The API under this resource indicator.
    pub fn api(&self, uri: &str) -> Option<&Api> {
        self.resources.iter().find(|api| api.uri == uri)
    }
}

fn is_among(registered: &[String], asked: &str, kind: ClientType) -> bool {
    registered.iter().any(|uri| uri::matches(uri, asked, kind == ClientType::Public))
}

fn check_list(
    name: &'static str,
    values: &[String],
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), SettingError> {
    if values.len() > LIST {
        return Err(SettingError::new(name, format!("at most {LIST} can be given")));
    }
    for (at, value) in values.iter().enumerate() {
        if values[..at].contains(value) {
            return Err(SettingError::new(name, format!("{value} is given twice")));
        }
        check(value).map_err(|why| SettingError::new(name, format!("{value} {why}")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> App {
        App { redirect_uris: vec!["https://app.example/cb".to_owned()], ..App::default() }
    }

    fn refused(app: &App, kind: ClientType) -> Option<&'static str> {
        app.check(kind, |uri| uri.starts_with("https://id.example")).err().map(|error| error.name)
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        assert_eq!(refused(&app(), ClientType::Confidential), None);
        assert_eq!(refused(&app(), ClientType::Service), Some("type"));
        assert_eq!(refused(&App::default(), ClientType::Service), None);
        let uris = |uris: &[&str]| uris.iter().map(|uri| (*uri).to_owned()).collect::<Vec<_>>();
        let api = |written: &str| App { resources: vec![Api::parse(written)], ..app() };
        let native = App { redirect_uris: uris(&["com.example.app:/cb"]), ..app() };
        let many = (0..=LIST).map(|number| format!("https://app.example/{number}")).collect();
        for (app, name) in [
            (App::default(), "redirect_uri"),
            (native.clone(), "redirect_uri"),
            (App { redirect_uris: uris(&["https://a.example/", "https://a.example/"]), ..app() }, "redirect_uri"),
            (App { redirect_uris: many, ..app() }, "redirect_uri"),
            (App { post_logout_redirect_uris: uris(&["nowhere"]), ..app() }, "post_logout_redirect_uri"),
            (App { backchannel_logout_uri: Some("x".to_owned()), ..app() }, "backchannel_logout_uri"),
            (App { home_url: Some("http://app.example/".to_owned()), ..app() }, "home_url"),
            (App { policy_url: Some(String::new()), ..app() }, "policy_url"),
            (App { terms_url: Some("app.example".to_owned()), ..app() }, "terms_url"),
            (App { refresh_days: 0, ..app() }, "refresh_days"),
            (App { refresh_days: 366, ..app() }, "refresh_days"),
            (api(""), "resource"),
            (api("https://id.example/api"), "resource"),
            (api("https://api.example email"), "resource"),
            (api("https://api.example read read"), "resource"),
            (api("https://api.example re\"ad"), "resource"),
        ] {
            assert_eq!(refused(&app, ClientType::Confidential), Some(name), "{app:?}");
        }
        assert_eq!(refused(&native, ClientType::Public), None);
        assert_eq!(refused(&api("https://api.example read:orders write:orders"), ClientType::Public), None);
    }

    #[test]
    fn what_is_kept_reads_back() {
        let kept = App { alg: Algorithm::ES256, resources: vec![Api::parse("https://api.example a b")], ..app() };
        let json = serde_json::to_value(&kept).unwrap();
        assert_eq!(json["alg"], "ES256");
        assert_eq!(serde_json::from_value::<App>(json).unwrap(), kept);
        assert_eq!(serde_json::from_str::<App>("{}").unwrap(), App::default());
        for alg in Algorithm::ALL {
            assert_eq!(serde_json::to_value(alg).unwrap(), alg.as_str());
        }
    }
}
