//! Who follows and who blocks whom.
//!
//! Lists look through to the accounts at every reading, so that archived and deactivated ones are in none, and are back
//! when their account is. How many follow and are followed is kept, and the database sees to it (migration 18): it is
//! asked for far more often than it changes. It is what a list would show at any moment.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::{
    account::Account,
    relationship::{Connections, Relationship},
};

/// A follow, or a request for one.
#[derive(Clone, Debug)]
pub struct Follow {
    /// UUIDv7; lists are in its order.
    pub id: Uuid,
    /// Who follows.
    pub follower_id: Uuid,
    /// Whom.
    pub followed_id: Uuid,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it began to count.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// UUIDv7; lists are in its order.
    pub id: Uuid,
    /// Who blocks.
    pub blocker_id: Uuid,
    /// Whom.
    pub blocked_id: Uuid,
    /// Since when.
    pub blocked_at: DateTime<Utc>,
}

/// A list of accounts that an account is connected with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Who follows it.
    Followers,
    /// Whom it follows.
    Following,
    /// Who waits to follow it.
    Requests,
    /// Whom it blocks.
    Blocked,
}

/// Requests and blocks are counted when somebody asks, and no further than this: strangers cause requests, so the cost of
/// counting is not to grow with them.
pub const MOST_COUNTED: i64 = 1000;

/// Which part of a list is read.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Accounts that block this one are left out; nil leaves out none.
    pub viewer: Uuid,
    /// Only entries older than this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// Access to relationships.
#[async_trait]
pub trait RelationshipStore {
    /// Adds a follow; one that is there stays as it is.
    async fn insert_follow(&mut self, follow: &Follow) -> Result<()>;
    /// Lets a request count. `false` if there is none that waits.
    async fn accept_follow(&mut self, follower_id: Uuid, followed_id: Uuid, at: DateTime<Utc>) -> Result<bool>;
    /// Lets every request to follow an account count, and says how many.
    async fn accept_follows(&mut self, followed_id: Uuid, at: DateTime<Utc>) -> Result<u64>;
    /// Deletes a request that waits. `false` if there is none.
    async fn decline_follow(&mut self, follower_id: Uuid, followed_id: Uuid) -> Result<bool>;
    /// Deletes a follow, be it accepted or not. `false` if there is none.
    async fn delete_follow(&mut self, follower_id: Uuid, followed_id: Uuid) -> Result<bool>;
    /// Adds a block; one that is there stays as it is.
    async fn insert_block(&mut self, block: &Block) -> Result<()>;
    /// Deletes a block. `false` if there is none.
    async fn delete_block(&mut self, blocker_id: Uuid, blocked_id: Uuid) -> Result<bool>;
    /// What `other` is to `viewer`.
    async fn relationship(&mut self, viewer: Uuid, other: Uuid) -> Result<Relationship>;
    /// How many active accounts an account is connected with.
    async fn connections(&mut self, account_id: Uuid) -> Result<Connections>;
    /// How many active accounts a list has: exactly how many follow and are followed, of others [`MOST_COUNTED`] at most.
    async fn count_connected(&mut self, account_id: Uuid, list: List) -> Result<i64>;
    /// Entries of a list of active accounts, newest first, each with the id of what connects them.
    async fn connected(&mut self, account_id: Uuid, list: List, page: Page) -> Result<Vec<(Uuid, Account)>>;
}
