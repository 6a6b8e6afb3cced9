//! Sign-ups whose code is not confirmed yet.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::account::Registration;

/// Access to pending registrations.
#[async_trait]
pub trait RegistrationStore {
    /// Adds a pending registration.
    async fn insert_registration(&mut self, registration: &Registration) -> Result<()>;
    /// Finds one by the id reserved for its account.
    async fn registration(&mut self, account_id: Uuid) -> Result<Option<Registration>>;
    /// Those of a folded identifier that are not forgotten at `now`, newest first, at most `limit`.
    async fn open_registrations(
        &mut self,
        identifier_key: &str,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Registration>>;
    /// Deletes all of a folded identifier, and their codes.
    async fn delete_registrations(&mut self, identifier_key: &str) -> Result<()>;
    /// As [`Self::delete_registrations`], those made before `before`.
    async fn delete_registrations_before(&mut self, identifier_key: &str, before: DateTime<Utc>) -> Result<()>;
    /// Deletes those forgotten at `now`, `limit` at most, and says how many.
    async fn sweep_registrations(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64>;
}
