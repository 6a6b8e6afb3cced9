//! Accounts, and the tombstones of purged ones.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Result;
use crate::domain::{
    account::{Account, Role},
    search::Search,
};

/// Which accounts a list shows. Every filter that is set must match.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Part of the folded e-mail address.
    pub email: Option<String>,
    /// Part of the full name, by [`crate::domain::names::search_key`].
    pub full_name: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to return.
    pub limit: i64,
}

/// Which accounts a search finds, of those that are not due for deletion.
#[derive(Clone, Debug)]
pub struct AccountSearch {
    /// What is looked for.
    pub search: Search,
    /// The present time.
    pub now: DateTime<Utc>,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to return.
    pub limit: i64,
}

/// Access to accounts.
#[async_trait]
pub trait AccountStore {
    /// Adds an account.
    async fn insert_account(&mut self, account: &Account) -> Result<()>;
    /// Finds an account by id.
    async fn account(&mut self, id: Uuid) -> Result<Option<Account>>;
    /// Finds an account and keeps every other transaction from changing it until this one ends.
    async fn lock_account(&mut self, id: Uuid) -> Result<Option<Account>>;
    /// What services keep about an account, which none of the others reads but [`Self::search_accounts`].
    async fn custom_data(&mut self, id: Uuid) -> Result<Option<Map<String, Value>>>;
    /// Finds an account by folded e-mail address.
    async fn account_by_email(&mut self, email_key: &str) -> Result<Option<Account>>;
    /// Finds an account by E.164 number.
    async fn account_by_phone(&mut self, phone: &str) -> Result<Option<Account>>;
    /// Finds an account by folded username.
    async fn account_by_username(&mut self, username_key: &str) -> Result<Option<Account>>;
    /// Writes every column of an account that was locked in this transaction; services' data only where there is any.
    async fn update_account(&mut self, account: &Account) -> Result<()>;
    /// Notes a sign-in without counting it as a change.
    async fn note_sign_in(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<()>;
    /// One page of accounts, oldest first, and how many match in all.
    async fn list_accounts(&mut self, filter: &AccountFilter) -> Result<(Vec<Account>, i64)>;
    /// One page of what a search finds, with what services keep about them, newest first, and how many there are in all.
    async fn search_accounts(&mut self, search: &AccountSearch) -> Result<(Vec<Account>, i64)>;
    /// Archived accounts whose day of deletion is not after `now`, at most `limit`.
    async fn due_for_purge(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Uuid>>;
    /// Archived accounts whose deletion is not after `before` and that had fewer than `reminders` reminders.
    async fn due_for_reminder(&mut self, before: DateTime<Utc>, reminders: i64, limit: i64) -> Result<Vec<Uuid>>;
    /// Makes the keys that names are found by, for accounts that have none, at most `limit`: those whose names a version
    /// without keys has written. Says for how many it was to be done.
    async fn key_names(&mut self, limit: i64) -> Result<u64>;
    /// Deletes an account with everything that hangs on it. `false` if it was not there.
    async fn delete_account(&mut self, id: Uuid) -> Result<bool>;
    /// Leaves a tombstone.
    async fn insert_tombstone(&mut self, tombstone: &Tombstone) -> Result<()>;
}

/// What is left of a purged account.
#[derive(Clone, Debug)]
pub struct Tombstone {
    /// SHA-256 of the id.
    pub id_hash: Vec<u8>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it was archived.
    pub archived_at: DateTime<Utc>,
    /// When it was purged.
    pub purged_at: DateTime<Utc>,
}
