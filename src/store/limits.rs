//! Counters that hold across servers and restarts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;

/// Failures in a row, and until when the next try is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many since the last success.
    pub count: i64,
    /// Tries before this time are refused.
    pub blocked_until: Option<DateTime<Utc>>,
}

/// Access to limits.
#[async_trait]
pub trait LimitStore {
    /// Takes the lock of a key until the transaction ends, and reads its failures.
    async fn lock_limit(&mut self, key: &str, now: DateTime<Utc>) -> Result<Failures>;
    /// Writes the failures of a key that was locked in this transaction.
    async fn set_failures(&mut self, key: &str, failures: &Failures) -> Result<()>;
    /// Times of the hits of a key after `since`, oldest first.
    async fn hits(&mut self, key: &str, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>>;
    /// Adds a hit.
    async fn insert_hit(&mut self, id: Uuid, key: &str, at: DateTime<Utc>) -> Result<()>;
    /// Takes a hit back.
    async fn delete_hit(&mut self, id: Uuid) -> Result<()>;
    /// Deletes every counter whose key ends in this id.
    async fn delete_limits_of(&mut self, id: Uuid) -> Result<()>;
    /// Deletes what was last touched before `before`, at most `limit` counters and as many hits, and says how many rows.
    async fn sweep_limits(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
}
