//! What waits for the next view of a page.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// A flash to be kept. What it says can be read by nobody but the browser that has its token.
#[derive(Clone, Copy, Debug)]
pub struct NewFlash<'a> {
    /// SHA-256 of its token.
    pub token_hash: &'a [u8],
    /// Who left it; [`FlashStore::drop_oldest_flashes`] counts by that.
    pub caller: &'a str,
    /// The page that may take it.
    pub page: &'a str,
    /// What it says, sealed.
    pub sealed: &'a [u8],
    /// From when on it cannot be taken.
    pub expires_at: DateTime<Utc>,
}

/// Access to flashes.
#[async_trait]
pub trait FlashStore {
    /// Adds a flash.
    async fn insert_flash(&mut self, flash: NewFlash<'_>) -> Result<()>;
    /// Deletes all of a caller's flashes but the `most` that expire last.
    async fn drop_oldest_flashes(&mut self, caller: &str, most: i64) -> Result<u64>;
    /// Whether there is a flash for this page that is not too old.
    async fn has_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<bool>;
    /// Takes a flash away and answers what is sealed in it, if it is for this page and not too old.
    async fn take_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<Option<Vec<u8>>>;
    /// Deletes those too old at `now`, `limit` at most, and says how many.
    async fn sweep_flashes(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64>;
}
