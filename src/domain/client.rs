//! Clients: services that use the management API, and applications that sign people in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::oidc::app::App;
pub use super::oidc::app::ClientType;

/// What a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything that the management API can do.
    All,
    /// Nothing: it gets tokens, and every call with one is refused.
    None,
}

impl Scope {
    /// The name in the database and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::None => "none",
        }
    }

    /// Reads the name in the database; anything unknown may do nothing.
    pub fn from_stored(name: &str) -> Self {
        if name == Self::All.as_str() { Self::All } else { Self::None }
    }

    /// What of a requested scope (RFC 6749, section 3.3) this one grants.
    pub fn grant(self, requested: &str) -> Self {
        let asks = requested.split(' ').any(|name| name == Self::All.as_str());
        if asks { self } else { Self::None }
    }
}

/// A secret that works for a while beside the one that took its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousSecret {
    /// SHA-256 of it.
    pub hash: Vec<u8>,
    /// From when on it is worthless.
    pub until: DateTime<Utc>,
}

/// A client as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The `client_id`.
    pub id: Uuid,
    /// What it is.
    pub kind: ClientType,
    /// What the operator calls it.
    pub name: String,
    /// What it may do at the management API; an app can do nothing there.
    pub scope: Scope,
    /// SHA-256 of its secret, which is 256 bits of chance: there is nothing to guess that a slow hash would protect. Empty
    /// where there is none.
    pub secret_hash: Vec<u8>,
    /// The secret before that.
    pub previous_secret: Option<PreviousSecret>,
    /// How it signs people in; of a service, the defaults.
    pub app: App,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_granted_when_it_is_asked_for_and_held() {
        for (held, requested, granted) in [
            (Scope::All, "all", Scope::All),
            (Scope::All, "openid all", Scope::All),
            (Scope::All, "", Scope::None),
            (Scope::All, "ALL allx", Scope::None),
            (Scope::None, "all", Scope::None),
        ] {
            assert_eq!(held.grant(requested), granted, "{held:?} {requested}");
        }
    }
}
