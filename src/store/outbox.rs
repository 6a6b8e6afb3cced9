//! Messages on their way out.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::{code::Channel, message::OutboxMessage};

/// Access to the outbox.
#[async_trait]
pub trait OutboxStore {
    /// Adds a message.
    async fn insert_message(&mut self, message: &OutboxMessage) -> Result<()>;
    /// The newest messages, newest first.
    async fn newest_messages(&mut self, limit: i64) -> Result<Vec<OutboxMessage>>;
    /// Messages of a channel to be tried at `now`, oldest first.
    async fn due_messages(&mut self, channel: Channel, now: DateTime<Utc>, limit: i64) -> Result<Vec<OutboxMessage>>;
    /// How many messages are to be tried at `now`.
    async fn count_due_messages(&mut self, now: DateTime<Utc>) -> Result<i64>;
    /// Messages of a channel that wait and are due at `since` or later, newest first.
    async fn waiting_messages(
        &mut self,
        channel: Channel,
        since: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<OutboxMessage>>;
    /// Writes what became of a try: attempts, times, error. `false` if the message is not due at `due_at` any more, which
    /// is when the claim of the one that tried ends: somebody else has claimed it since.
    async fn update_message(&mut self, message: &OutboxMessage, due_at: DateTime<Utc>) -> Result<bool>;
    /// Deletes codes nobody can use any more, and messages that left or were parked before `before`, at most `limit` of
    /// each kind; says how many.
    async fn sweep_messages(&mut self, now: DateTime<Utc>, before: DateTime<Utc>, limit: i64) -> Result<u64>;
    /// Deletes messages to a recipient that has no account any more, sent or not, from before `before`.
    async fn delete_messages_to(&mut self, recipient: &str, before: DateTime<Utc>) -> Result<u64>;
    /// Deletes a message, if there is one of this id.
    async fn delete_message(&mut self, id: Uuid) -> Result<()>;
    /// Keeps a message from the workers until `until`. `false` if another one took it first.
    async fn claim_message(&mut self, id: Uuid, due_at: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool>;
}
