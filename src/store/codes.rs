//! Codes that were sent.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::code::{Channel, SentCode};

/// Access to codes.
#[async_trait]
pub trait CodeStore {
    /// Adds a code.
    async fn insert_code(&mut self, code: &SentCode) -> Result<()>;
    /// The newest code of a purpose for a destination that is not used or replaced.
    async fn newest_code(&mut self, purpose: &str, destination: &str) -> Result<Option<SentCode>>;
    /// Finds a code by the hash of the token that names it.
    async fn code_by_token(&mut self, token_hash: &[u8]) -> Result<Option<SentCode>>;
    /// As [`Self::newest_code`], among those of an account.
    async fn newest_code_of(&mut self, account_id: Uuid, purpose: &str, destination: &str) -> Result<Option<SentCode>>;
    /// The codes of a purpose for a destination that belong to accounts, were made after `since` and are not used or
    /// replaced: newest first, at most `limit`. An account has one at a time.
    async fn codes_of_accounts(
        &mut self,
        purpose: &str,
        destination: &str,
        since: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<SentCode>>;
    /// The newest code of a registration that is not used or replaced.
    async fn newest_code_for(&mut self, registration_id: Uuid) -> Result<Option<SentCode>>;
    /// How many codes of a purpose went to a destination after `since`.
    async fn count_codes(&mut self, purpose: &str, destination: &str, since: DateTime<Utc>) -> Result<i64>;
    /// Counts a try before it is looked at, if fewer than `max` were made. `None` if there is no try left.
    async fn count_try(&mut self, id: Uuid, max: i64) -> Result<Option<i64>>;
    /// Marks a code as used. `false` if it was before: only one of two parallel confirmations gets `true`.
    async fn use_code(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<bool>;
    /// Replaces every open code of a purpose for a destination that belongs to no account and no registration.
    async fn replace_codes(&mut self, purpose: &str, destination: &str, at: DateTime<Utc>) -> Result<()>;
    /// Replaces every open code of a registration.
    async fn replace_codes_for(&mut self, registration_id: Uuid, at: DateTime<Utc>) -> Result<()>;
    /// Ends every open code of a purpose that went to an account by a channel.
    async fn end_codes_of(
        &mut self,
        account_id: Uuid,
        purpose: &str,
        channel: Channel,
        at: DateTime<Utc>,
    ) -> Result<()>;
    /// Ends every open code of an account.
    async fn end_codes(&mut self, account_id: Uuid, at: DateTime<Utc>) -> Result<()>;
    /// Deletes every code that went to a destination before `before`.
    async fn delete_codes_to(&mut self, destination: &str, before: DateTime<Utc>) -> Result<()>;
    /// Deletes codes that ended before `before`, `limit` at most, and says how many.
    async fn sweep_codes(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
}
