//! Old usernames, kept from others for a while.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;

/// Access to held usernames.
#[async_trait]
pub trait UsernameStore {
    /// Keeps a folded username for an account, in place of any earlier hold on it.
    async fn hold_username(&mut self, username_key: &str, account_id: Uuid, until: DateTime<Utc>) -> Result<()>;
    /// The account that a folded username is kept for at `now`.
    async fn username_holder(&mut self, username_key: &str, now: DateTime<Utc>) -> Result<Option<Uuid>>;
    /// When the usernames that are kept for an account at `now` are free again, soonest first.
    async fn held_usernames(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>>;
    /// Keeps a folded username no longer.
    async fn release_username(&mut self, username_key: &str) -> Result<()>;
    /// Deletes holds that ended at `now`, `limit` at most, and says how many.
    async fn sweep_usernames(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64>;
}
