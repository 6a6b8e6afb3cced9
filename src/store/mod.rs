//! What is kept, and how it is found again: one trait per aggregate, gathered in [`Transaction`].
//!
//! Ids, times and chance come from the service, never from the database. Lookups return `Option`. Values that are unique
//! without regard to case carry a folded `_key`.

pub mod accounts;
pub mod activity;
pub mod clients;
pub mod codes;
pub mod factors;
pub mod flashes;
pub mod keys;
pub mod leases;
pub mod limits;
pub mod oidc;
pub mod outbox;
pub mod pictures;
pub mod registrations;
pub mod relationships;
pub mod sessions;
pub mod sql;
pub mod undo;
pub mod usernames;

use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;
use tokio::sync::Notify;

/// Why the store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique value belongs to another row; names the index, like `accounts_email_key`.
    #[error("{0} is not unique")]
    NotUnique(String),
    /// A row refers to one that is not there (any more).
    #[error("a row that is referred to is gone")]
    Dangling,
    /// A stored value does not read back: the file was changed by something else.
    #[error("a stored value does not read back: {0}")]
    Corrupt(String),
    /// The database did not answer, or not in time; it may the next time.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database refused what it was asked.
    #[error("the database refused: {0}")]
    Refused(String),
}

/// What store methods return.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Of which version the tables of a database are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Of an earlier one, or of none: this migration was not run. No server of this version can work with it.
    Earlier(i64),
    /// Of this one.
    Current,
    /// Of a later one, which this one works with: it is being rolled out, or was rolled back.
    Later,
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// A view of one moment. Writing through it fails.
    async fn read(&self) -> Result<Box<dyn Transaction>>;
    /// A transaction that takes effect at [`Transaction::commit`] and not at all when it is dropped.
    async fn write(&self) -> Result<Box<dyn Transaction>>;
    /// Brings the tables up to this version.
    async fn migrate(&self) -> Result<()>;
    /// Whether the database answers, and of which version its tables are.
    async fn check(&self) -> Result<Schema>;
    /// Wakes when a transaction of this process that put a message into the outbox was committed.
    fn outbox_notify(&self) -> Arc<Notify>;
    /// Waits for connections to end.
    async fn close(&self);
}

/// Everything that can be done in one transaction.
#[async_trait]
pub trait Transaction:
    accounts::AccountStore
    + activity::ActivityStore
    + clients::ClientStore
    + codes::CodeStore
    + factors::FactorStore
    + flashes::FlashStore
    + keys::KeyStore
    + leases::LeaseStore
    + limits::LimitStore
    + oidc::OidcStore
    + outbox::OutboxStore
    + pictures::PictureStore
    + registrations::RegistrationStore
    + relationships::RelationshipStore
    + sessions::SessionStore
    + undo::UndoStore
    + usernames::UsernameStore
    + Send
{
    /// Makes the changes durable.
    async fn commit(self: Box<Self>) -> Result<()>;
}
