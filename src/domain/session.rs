//! Sessions: the row in the database is the authority, a cookie or token only names it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{account::Role, oidc::grant::Access};

/// How long an unused browser session lives.
pub const BROWSER_LIFETIME: TimeDelta = TimeDelta::days(30);
/// How long a refresh token can be used, from sign-in on.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(30);
/// Within this time a spent refresh token answers the successor it already gave.
pub const REFRESH_GRACE: TimeDelta = TimeDelta::seconds(30);
/// How long an access token is good.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long the second step of signing in can be taken: as long as a code that is sent for it.
pub const SECOND_STEP_LIFETIME: TimeDelta = super::code::LIFETIME;
/// Sensitive changes on the pages need a sign-in or a password within this time.
pub const STEP_UP_WINDOW: TimeDelta = TimeDelta::minutes(5);

/// What carries a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A cookie in a browser.
    Browser,
    /// An access token and a refresh token.
    Api,
    /// What an app holds that somebody signed in to. It names the account to that app alone, and is good for nothing here.
    App,
}

impl Kind {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Api => "api",
            Self::App => "app",
        }
    }

    /// Reads the name in the database.
    pub fn from_stored(name: &str) -> Self {
        match name {
            "browser" => Self::Browser,
            "app" => Self::App,
            _ => Self::Api,
        }
    }

    /// How long a session of this kind lives: from its last use in a browser, from its beginning elsewhere.
    pub fn lifetime(self) -> TimeDelta {
        match self {
            Self::Browser => BROWSER_LIFETIME,
            Self::Api => REFRESH_LIFETIME,
            // Until the app asks again, and it has no refresh token.
            Self::App => ACCESS_LIFETIME,
        }
    }
}

/// Where a session stands with the second step of signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// The account did not ask for one.
    NotAsked,
    /// The password was right, the second step is missing: every other route refuses this session.
    Pending,
    /// As [`Self::Pending`], and the password was that of a confirmed registration: once the step is passed, the archived
    /// account comes back with it.
    PendingRestore,
    /// Passed in this session.
    Passed,
}

impl SecondFactor {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::Pending => "pending",
            Self::PendingRestore => "pending-restore",
            Self::Passed => "passed",
        }
    }

    /// Reads the name in the database; anything unknown is treated as pending, which opens nothing.
    pub fn from_stored(name: &str) -> Self {
        match name {
            "not-asked" => Self::NotAsked,
            "pending-restore" => Self::PendingRestore,
            "passed" => Self::Passed,
            _ => Self::Pending,
        }
    }

    /// Whether the second step is missing.
    pub fn is_missing(self) -> bool {
        matches!(self, Self::Pending | Self::PendingRestore)
    }
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The `sid` of access tokens.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// What carries it.
    pub kind: Kind,
    /// SHA-256 of the cookie's value; API sessions have none.
    pub token_hash: Option<Vec<u8>>,
    /// The `User-Agent` it began with, shortened.
    pub user_agent: String,
    /// That agent in words, like "Firefox on Linux".
    pub device: String,
    /// The network it began from: IPv4 /24 or IPv6 /64, never the full address.
    pub address: String,
    /// Where it stands with the second step.
    pub second_factor: SecondFactor,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When the password or the second factor was last given in it.
    pub authenticated_at: DateTime<Utc>,
    /// When it ends if nobody ends it before.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What there is besides of a session of an app.
    pub app: Option<AppPart>,
    /// The session that was there in the browser when signing in to this one began. It goes on in its place, if it is of the
    /// same account.
    pub replaces: Option<Uuid>,
}

/// What there is besides of a session of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPart {
    /// The app.
    pub client_id: Uuid,
    /// The browser session in which somebody signed in to it; none once that is forgotten.
    pub parent_id: Option<Uuid>,
    /// What the app was given in it.
    pub access: Access,
}

impl Session {
    /// Whether it can be used at `now`.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Where a request comes from, as far as sessions, activity and limits need it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Origin {
    /// The client's address, after trusted proxies.
    pub address: Option<std::net::IpAddr>,
    /// `User-Agent`, cut to [`super::limits::USER_AGENT`] characters.
    pub user_agent: String,
    /// What the page or request speaks, for messages to accounts without a language of their own.
    pub locale: Option<super::locale::Locale>,
    /// The time zone of the browser, for accounts that are made.
    pub time_zone: Option<super::time_zone::TimeZone>,
    /// What a browser is known by among the devices of an account. It proves nothing.
    pub device: Option<String>,
    /// The session that the browser has, where somebody signs in again.
    pub session_id: Option<Uuid>,
}

impl Origin {
    /// The address that limits count by. A loopback one is that of a proxy that nobody configured, which speaks for
    /// everybody, or the operator's: it counts as none.
    pub fn counted_address(&self) -> Option<std::net::IpAddr> {
        self.address.filter(|address| !address.to_canonical().is_loopback())
    }
}

/// A signed-in person: proof that a session was looked up and found alive when the request began. What writes asks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub account_id: Uuid,
    /// By which session.
    pub session_id: Uuid,
    /// With which role, read from the account at this request.
    pub role: Role,
    /// When the password or second factor was last given.
    pub authenticated_at: DateTime<Utc>,
    /// Whether this session passed the second step.
    pub second_factor: SecondFactor,
    /// From where.
    pub origin: Origin,
}
