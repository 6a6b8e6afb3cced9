//! Clients: services that use the management API, and applications that sign people in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use crate::domain::client::Client;

/// Access to clients.
#[async_trait]
pub trait ClientStore {
    /// Adds a client.
    async fn insert_client(&mut self, client: &Client) -> Result<()>;
    /// Finds a client, revoked or not.
    async fn client(&mut self, id: Uuid) -> Result<Option<Client>>;
    /// All clients, oldest first.
    async fn clients(&mut self) -> Result<Vec<Client>>;
    /// Finds a client, revoked or not, and keeps others from changing it until the transaction ends.
    async fn lock_client(&mut self, id: Uuid) -> Result<Option<Client>>;
    /// Writes what can change of a client: its name, its settings and its secrets.
    async fn update_client(&mut self, client: &Client) -> Result<()>;
    /// Notes that a client was seen. Does nothing if it was seen since.
    async fn touch_client(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<()>;
    /// Revokes a client; one that is revoked stays as it is. `false` if there is none.
    async fn revoke_client(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<bool>;
}
