//! What apps hold: sessions, codes, refresh tokens, and what people let them have.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::{
    account::Account,
    oidc::grant::{Access, CodeGrant},
    session::Session,
};

/// How long an app without refresh token stays signed in after the browser session has run out.
const AFTER_PARENT: TimeDelta = TimeDelta::minutes(10);

/// A session of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSession {
    /// The session; `expires_at` is its own end.
    pub session: Session,
    /// When the browser session that it hangs on runs out.
    pub parent_expires_at: Option<DateTime<Utc>>,
}

impl AppSession {
    /// Whether it can be used at `now`.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        let lives = now < self.session.expires_at || outlives(self.parent_expires_at, now);
        self.session.ended_at.is_none() && lives
    }
}

/// Whom a token of an app names.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The account, with its custom data.
    pub account: Account,
    /// When the session of the app ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the browser session that it hangs on runs out.
    pub parent_expires_at: Option<DateTime<Utc>>,
    /// When the app was revoked.
    pub client_revoked_at: Option<DateTime<Utc>>,
}

impl Subject {
    /// Whether the app may still know of the account at `now`.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        let lives = now < self.expires_at || outlives(self.parent_expires_at, now);
        self.account.is_active() && self.client_revoked_at.is_none() && self.ended_at.is_none() && lives
    }
}

/// Whether the browser session behind an app's is there, or was just now.
fn outlives(parent_expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    parent_expires_at.is_some_and(|end| now < end + AFTER_PARENT)
}

/// A code as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// SHA-256 of the code.
    pub code_hash: Vec<u8>,
    /// The app session that it belongs to.
    pub session_id: Uuid,
    /// What it was given for.
    pub granted: CodeGrant,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
    /// When it was exchanged.
    pub used_at: Option<DateTime<Utc>>,
}

/// What somebody let an app have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who.
    pub account_id: Uuid,
    /// Which app.
    pub client_id: Uuid,
    /// What.
    pub access: Access,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When the app last came by it.
    pub last_used_at: DateTime<Utc>,
}

/// That an app is to be told of the end of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutDelivery {
    /// The session of the app.
    pub session_id: Uuid,
    /// The app.
    pub client_id: Uuid,
    /// Whose it was; none once that account is deleted.
    pub account_id: Option<Uuid>,
    /// How often it was tried.
    pub attempts: i64,
    /// When the session ended.
    pub created_at: DateTime<Utc>,
    /// When it is to be tried.
    pub due_at: DateTime<Utc>,
}

/// Access to what apps hold.
#[async_trait]
pub trait OidcStore {
    /// Finds the session of an app that hangs on a browser session and has not ended.
    async fn app_session(&mut self, parent_id: Uuid, client_id: Uuid) -> Result<Option<AppSession>>;
    /// Finds the session of an app by its id.
    async fn app_session_by_id(&mut self, id: Uuid) -> Result<Option<AppSession>>;
    /// All sessions of apps of an account that have not ended, with the apps, newest first.
    async fn app_sessions_of(&mut self, account_id: Uuid) -> Result<Vec<AppSession>>;
    /// Writes a new sign-in and new access into the session of an app.
    async fn renew_app_session(&mut self, session: &Session) -> Result<()>;
    /// Ends one session of an app. `false` if it has ended.
    async fn end_app_session(&mut self, account_id: Uuid, id: Uuid, at: DateTime<Utc>) -> Result<bool>;
    /// Ends all sessions of an app with an account, and says how many.
    async fn end_sessions_of_app(&mut self, account_id: Uuid, client_id: Uuid, at: DateTime<Utc>) -> Result<u64>;
    /// Accounts that have sessions of an app which have not ended, `limit` at most.
    async fn accounts_signed_in_to(&mut self, client_id: Uuid, limit: i64) -> Result<Vec<Uuid>>;
    /// Whom a session of an app names.
    async fn subject(&mut self, session_id: Uuid, client_id: Uuid) -> Result<Option<Subject>>;

    /// Adds a code.
    async fn insert_authorization_code(&mut self, code: &AuthorizationCode) -> Result<()>;
    /// Finds a code by its hash.
    async fn authorization_code(&mut self, code_hash: &[u8]) -> Result<Option<AuthorizationCode>>;
    /// Marks a code as exchanged. `false` if it was before.
    async fn use_authorization_code(&mut self, code_hash: &[u8], at: DateTime<Utc>) -> Result<bool>;
    /// How many codes a session was given since `since`.
    async fn count_authorization_codes(&mut self, session_id: Uuid, since: DateTime<Utc>) -> Result<i64>;
    /// Deletes codes that ended before `before`, `limit` at most, and says how many.
    async fn sweep_authorization_codes(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
    /// Deletes the oldest unused refresh tokens of a session but for `keep`.
    async fn trim_refresh_tokens(&mut self, session_id: Uuid, keep: i64) -> Result<()>;

    /// What is to be told to apps at `now`, the longest due first, `limit` at most.
    async fn due_logout_deliveries(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<LogoutDelivery>>;
    /// Counts a try and moves the next one to `until`. `false` if somebody else moved it from `due_at`.
    async fn claim_logout_delivery(
        &mut self,
        session_id: Uuid,
        due_at: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool>;
    /// Moves the next try.
    async fn postpone_logout_delivery(&mut self, session_id: Uuid, until: DateTime<Utc>) -> Result<()>;
    /// Forgets one that was told, or is given up.
    async fn delete_logout_delivery(&mut self, session_id: Uuid) -> Result<()>;

    /// What somebody let an app have.
    async fn consent(&mut self, account_id: Uuid, client_id: Uuid) -> Result<Option<Consent>>;
    /// All that somebody let apps have, oldest first.
    async fn consents_of(&mut self, account_id: Uuid) -> Result<Vec<Consent>>;
    /// Adds what somebody lets an app have, or puts it in the place of what was. The time of the first one stays.
    async fn put_consent(&mut self, consent: &Consent) -> Result<()>;
    /// Forgets what somebody let an app have. `false` if it was nothing.
    async fn delete_consent(&mut self, account_id: Uuid, client_id: Uuid) -> Result<bool>;
    /// Forgets what people let an app have.
    async fn delete_consents_of_app(&mut self, client_id: Uuid) -> Result<u64>;
}
