//! What happened to accounts.

use async_trait::async_trait;
use uuid::Uuid;

use super::Result;
use crate::domain::activity::Activity;

/// Access to activity.
#[async_trait]
pub trait ActivityStore {
    /// Adds an event.
    async fn insert_activity(&mut self, activity: &Activity) -> Result<()>;
    /// A page of events, newest first, older than the event `before`.
    async fn activity_of(&mut self, account_id: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<Activity>>;
}
