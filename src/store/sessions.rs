//! Sessions, refresh tokens and known devices.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::{
    oidc::grant::Grant,
    session::{SecondFactor, Session},
};

/// A refresh token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The session it renews: all tokens of one session are one family.
    pub session_id: Uuid,
    /// When it was given out.
    pub created_at: DateTime<Utc>,
    /// When it ends if it is not used.
    pub expires_at: DateTime<Utc>,
    /// When it was exchanged for its successor.
    pub used_at: Option<DateTime<Utc>>,
    /// What the app may do with it that it belongs to; none where it belongs to a session of the account's own.
    pub grant: Option<Grant>,
}

/// Access to sessions and what belongs to them.
#[async_trait]
pub trait SessionStore {
    /// Adds a session.
    async fn insert_session(&mut self, session: &Session) -> Result<()>;
    /// Finds a session by id.
    async fn session(&mut self, id: Uuid) -> Result<Option<Session>>;
    /// Finds a session by the hash of its cookie.
    async fn session_by_token(&mut self, token_hash: &[u8]) -> Result<Option<Session>>;
    /// All sessions of an account that are alive at `now`, newest first, without those of apps.
    async fn sessions_of(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Session>>;
    /// Notes that a session was used, and lets it live until `expires_at` at least. Does nothing if it has ended, or was
    /// used since.
    async fn touch_session(&mut self, id: Uuid, at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<()>;
    /// Notes that the password or second factor was given.
    async fn authenticate_session(&mut self, id: Uuid, at: DateTime<Utc>, second_factor: SecondFactor) -> Result<()>;
    /// Makes a half-signed-in session a whole one, under the hash of another cookie where it has one. `false` if it was not
    /// half-signed-in and alive: only one of two parallel second steps gets `true`.
    async fn complete_session(
        &mut self,
        id: Uuid,
        token_hash: Option<&[u8]>,
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<bool>;
    /// Ends a session of this account, and those of apps that hang on it. `false` if none was alive.
    async fn end_session(&mut self, account_id: Uuid, id: Uuid, at: DateTime<Utc>) -> Result<bool>;
    /// Ends all sessions of an account but `except` and those of apps that hang on it, and says how many.
    async fn end_sessions(&mut self, account_id: Uuid, except: Option<Uuid>, at: DateTime<Utc>) -> Result<u64>;
    /// Gives a browser's session of the same account, if it is alive, the cookie and the sign-in of another one. `false` if
    /// there is none.
    async fn continue_session(&mut self, id: Uuid, by: &Session) -> Result<bool>;
    /// Deletes a session.
    async fn delete_session(&mut self, id: Uuid) -> Result<()>;
    /// Deletes sessions that ended or ran out before `before`, at most `limit` of either, and says how many.
    async fn sweep_sessions(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
    /// Deletes refresh tokens that ended before `now`, `limit` at most, and says how many.
    async fn sweep_refresh_tokens(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64>;

    /// Adds a refresh token.
    async fn insert_refresh_token(&mut self, token: &RefreshToken) -> Result<()>;
    /// Finds a refresh token by its hash.
    async fn refresh_token(&mut self, token_hash: &[u8]) -> Result<Option<RefreshToken>>;
    /// Marks a token as exchanged. `false` if it was before: only one of two parallel exchanges gets `true`.
    async fn use_refresh_token(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<bool>;

    /// Notes that an account signed in from a device it is known to have. `false` if it is not.
    async fn see_device(&mut self, account_id: Uuid, fingerprint: &[u8], at: DateTime<Utc>) -> Result<bool>;
    /// Adds a device to those an account is known to have.
    async fn add_device(&mut self, account_id: Uuid, fingerprint: &[u8], at: DateTime<Utc>) -> Result<()>;
    /// Whether an account is known to have any.
    async fn has_devices(&mut self, account_id: Uuid) -> Result<bool>;
    /// Knows a device no longer. `false` if it was not known.
    async fn forget_device(&mut self, account_id: Uuid, fingerprint: &[u8]) -> Result<bool>;
    /// Forgets devices that were not seen since `before`, at most `limit`, and says how many.
    async fn sweep_devices(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
}
