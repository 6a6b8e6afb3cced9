//! What a form gets back on the next page.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Result;

/// Access to flashes.
#[async_trait]
pub trait FlashStore {
    /// Adds a flash for a page.
    async fn insert_flash(
        &mut self,
        token_hash: &[u8],
        page: &str,
        payload: &Value,
        expires_at: DateTime<Utc>,
    ) -> Result<()>;
    /// Takes a flash away and reads it, if it is for this page and not too old.
    async fn take_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<Option<Value>>;
    /// Deletes those too old at `now`.
    async fn sweep_flashes(&mut self, now: DateTime<Utc>) -> Result<u64>;
}
