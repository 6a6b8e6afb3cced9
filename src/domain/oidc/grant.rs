//! What a person gave an application.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    app::App,
    scope::{self, OFFLINE_ACCESS, OPENID},
};

/// What an application may do in somebody's name, and how that person had signed in. It is kept with each code and refresh
/// token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Scopes of ours and of APIs.
    pub scopes: Vec<String>,
    /// Resource indicators of APIs.
    #[serde(default)]
    pub resources: Vec<String>,
    /// When the person had signed in.
    pub auth_time: DateTime<Utc>,
    /// Whether with a second step.
    pub second_step: bool,
}

/// What a code was given for, besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeGrant {
    /// What it stands for.
    pub grant: Grant,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What the ID token says back (Core, section 3.1.2.1).
    #[serde(default)]
    pub nonce: Option<String>,
    /// The challenge of PKCE.
    #[serde(default)]
    pub challenge: Option<String>,
}

/// What an application may be given of what it asked for: scopes that are known here, and resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Scopes of ours and of the APIs below.
    pub scopes: Vec<String>,
    /// Resource indicators of APIs.
    #[serde(default)]
    pub resources: Vec<String>,
}

impl Access {
    /// What of these scopes and resources is known: scopes of ours, and those of the APIs that are asked for. All of the
    /// resources must be the app's.
    pub fn of(app: &App, scopes: &[&str], resources: &[String]) -> Self {
        let apis = resources.iter().filter_map(|uri| app.api(uri)).collect::<Vec<_>>();
        let is_known =
            |name: &str| scope::is_ours(name) || apis.iter().any(|api| api.scopes.iter().any(|own| own == name));
        let scopes = scopes.iter().filter(|name| is_known(name)).map(|name| (*name).to_owned()).collect();
        Self { scopes, resources: resources.to_vec() }
    }

    /// Whether a scope is among them.
    pub fn has(&self, name: &str) -> bool {
        has(&self.scopes, name)
    }

    /// Whether all of the other is among this.
    pub fn covers(&self, other: &Self) -> bool {
        other.scopes.iter().all(|name| self.has(name)) && other.resources.iter().all(|uri| self.resources.contains(uri))
    }

    /// Both together.
    pub fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.scopes.extend(other.scopes.iter().filter(|name| !self.has(name)).cloned());
        both.resources.extend(other.resources.iter().filter(|uri| !self.resources.contains(uri)).cloned());
        both
    }
}

impl Grant {
    /// Whether a scope was given.
    pub fn has(&self, name: &str) -> bool {
        has(&self.scopes, name)
    }

    /// Whether there is an ID token.
    pub fn is_openid(&self) -> bool {
        self.has(OPENID)
    }

    /// Whether there is a refresh token.
    pub fn is_offline(&self) -> bool {
        self.has(OFFLINE_ACCESS)
    }

    /// The scopes of an access token: for an API that API's alone, else all that are no API's.
    pub fn scopes_for(&self, app: &App, resource: Option<&str>) -> Vec<&str> {
        let own = resource.map(|uri| app.api(uri).map(|api| api.scopes.as_slice()).unwrap_or_default());
        let fits = |name: &&str| match own {
            Some(scopes) => has(scopes, name),
            None => scope::is_ours(name),
        };
        self.scopes.iter().map(String::as_str).filter(fits).collect()
    }

    /// The authentication context class (Core, section 2).
    pub fn acr(&self) -> &'static str {
        if self.second_step { "urn:nameplate:acr:2" } else { "urn:nameplate:acr:1" }
    }

    /// The authentication methods (RFC 8176).
    pub fn amr(&self) -> &'static [&'static str] {
        if self.second_step { &["pwd", "otp", "mfa"] } else { &["pwd"] }
    }
}

fn has(scopes: &[String], name: &str) -> bool {
    scopes.iter().any(|scope| scope == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::oidc::app::Api;

    #[test]
    fn each_token_has_the_scopes_of_its_audience() {
        let apis = ["https://a.example read write", "https://b.example read"];
        let app = App { resources: apis.map(Api::parse).into(), ..App::default() };
        let resources = ["https://a.example".to_owned(), "https://b.example".to_owned()];
        let asked = ["openid", "email", "offline_access", "read", "write", "urn:logto:scope:organizations"];
        let access = Access::of(&app, &asked, &resources);
        assert_eq!(access.scopes, asked[..5]);
        let grant = Grant {
            scopes: access.scopes.clone(),
            resources: resources.into(),
            auth_time: DateTime::UNIX_EPOCH,
            second_step: false,
        };
        assert_eq!(grant.scopes_for(&app, None), ["openid", "email", "offline_access"]);
        assert_eq!(grant.scopes_for(&app, Some("https://a.example")), ["read", "write"]);
        assert_eq!(grant.scopes_for(&app, Some("https://b.example")), ["read"]);
        let one = Access::of(&app, &["read", "write"], &["https://b.example".to_owned()]);
        assert_eq!(one.scopes, ["read"], "scopes of APIs that are not asked for are not known");
        assert!(access.covers(&one) && !one.covers(&access));
        assert_eq!(one.with(&access).scopes.len(), 5);
    }
}
