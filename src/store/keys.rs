//! Secrets that all servers of one database share.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// A secret key.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its public name; the `kid` of a token.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// The secret itself.
    pub secret: Vec<u8>,
    /// When it was made; the newest of a purpose is the one in use.
    pub created_at: DateTime<Utc>,
    /// When a newer one took its place.
    pub retired_at: Option<DateTime<Utc>>,
}

/// Access to keys.
#[async_trait]
pub trait KeyStore {
    /// Adds a key. `false` if one of that id is there.
    async fn insert_key(&mut self, key: &StoredKey) -> Result<bool>;
    /// All keys, newest first.
    async fn keys(&mut self) -> Result<Vec<StoredKey>>;
    /// Retires every key of a purpose that is not retired yet.
    async fn retire_keys(&mut self, purpose: &str, at: DateTime<Utc>) -> Result<u64>;
    /// Deletes keys that were retired before `before`.
    async fn sweep_keys(&mut self, before: DateTime<Utc>) -> Result<u64>;
}
