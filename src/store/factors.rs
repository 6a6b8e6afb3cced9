//! What answers the second step besides a code that is sent: authenticator apps and recovery codes. And restores that wait
//! for it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;

/// An authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthenticatorApp {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// The secret that it shares.
    pub secret: Vec<u8>,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When its first code was given; it counts from then on.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The step of the last code that counted.
    pub last_step: Option<i64>,
}

/// Access to second factors.
#[async_trait]
pub trait FactorStore {
    /// Adds an app that waits for its first code, in place of any other one that does.
    async fn propose_app(&mut self, app: &AuthenticatorApp) -> Result<()>;
    /// The app of an account that waits for its first code.
    async fn proposed_app(&mut self, account_id: Uuid) -> Result<Option<AuthenticatorApp>>;
    /// The app of an account that counts.
    async fn confirmed_app(&mut self, account_id: Uuid) -> Result<Option<AuthenticatorApp>>;
    /// Makes a proposed app the one that counts, in place of any other. `false` if it is not there any more: only one of
    /// two parallel confirmations gets `true`.
    async fn confirm_app(&mut self, account_id: Uuid, id: Uuid, step: i64, at: DateTime<Utc>) -> Result<bool>;
    /// Marks the code of a step as used. `false` if it, or a later one, was before.
    async fn use_app_step(&mut self, id: Uuid, step: i64) -> Result<bool>;
    /// Deletes all apps of an account, and says how many.
    async fn delete_apps(&mut self, account_id: Uuid) -> Result<u64>;

    /// Puts new recovery codes in place of all old ones.
    async fn replace_recovery_codes(&mut self, account_id: Uuid, hashes: &[Vec<u8>]) -> Result<()>;
    /// How many recovery codes of an account are not used.
    async fn count_recovery_codes(&mut self, account_id: Uuid) -> Result<i64>;
    /// Whether this is a recovery code that is not used.
    async fn has_recovery_code(&mut self, account_id: Uuid, hash: &[u8]) -> Result<bool>;
    /// Marks a recovery code as used. `false` if it was before, or is none.
    async fn use_recovery_code(&mut self, account_id: Uuid, hash: &[u8], at: DateTime<Utc>) -> Result<bool>;

    /// Keeps the password that an archived account gets when its second step passes, in place of any older one.
    async fn put_restore(&mut self, account_id: Uuid, password_hash: &str, expires_at: DateTime<Utc>) -> Result<()>;
    /// That password, unless it is forgotten at `now`.
    async fn restore(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Option<String>>;
    /// Forgets it.
    async fn delete_restore(&mut self, account_id: Uuid) -> Result<()>;

    /// Deletes apps proposed before `before` and restores forgotten at `now`, at most `limit` of either, and says how many.
    async fn sweep_factors(&mut self, before: DateTime<Utc>, now: DateTime<Utc>, limit: i64) -> Result<u64>;
}
