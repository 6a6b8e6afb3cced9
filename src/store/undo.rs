//! Links that take the change of an e-mail address or phone back.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::code::Channel;

/// A link as it is kept: the token in it only as a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoLink {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Whose change it takes back.
    pub account_id: Uuid,
    /// Whether it is of an e-mail address or a phone.
    pub channel: Channel,
    /// The address or number that it restores.
    pub destination: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
}

/// Access to undo links.
#[async_trait]
pub trait UndoStore {
    /// Adds a link.
    async fn insert_undo_link(&mut self, link: &UndoLink) -> Result<()>;
    /// Finds a link by the hash of its token.
    async fn undo_link(&mut self, token_hash: &[u8]) -> Result<Option<UndoLink>>;
    /// Deletes a link, and those of its account and channel that restore the same or were made since. `false` if it was
    /// not there: only one of two parallel uses gets `true`.
    async fn use_undo_link(&mut self, link: &UndoLink) -> Result<bool>;
    /// Deletes links that ended at `now`, `limit` at most, and says how many.
    async fn sweep_undo_links(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64>;
}
