//! What happened to accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::activity::{Activity, Kind};

/// Access to activity.
#[async_trait]
pub trait ActivityStore {
    /// Adds an event.
    async fn insert_activity(&mut self, activity: &Activity) -> Result<()>;
    /// Adds events, with one statement.
    async fn insert_activities(&mut self, events: &[Activity]) -> Result<()>;
    /// Deletes events from before `before`, `limit` at most, and says how many.
    async fn sweep_activity(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
    /// A page of events of these kinds, or of any if there are none, newest first, older than the event `before`.
    async fn activity_of(
        &mut self,
        account_id: Uuid,
        kinds: &[Kind],
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Activity>>;
}
