//! Clients in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements};
use crate::{
    domain::client::{Client, Scope},
    store::{Result, clients::ClientStore},
};

statements! {
    INSERT = "
        INSERT INTO clients (id, name, scope, secret_hash, created_at, last_used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_ID = "SELECT ", ClientRow::COLUMNS, " FROM clients WHERE id = $1";
    ALL = "SELECT ", ClientRow::COLUMNS, " FROM clients ORDER BY created_at, id";
    TOUCH = "
        UPDATE clients SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    REVOKE = "UPDATE clients SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
}

row! {
    struct ClientRow of "clients" {
        id: Uuid,
        name: String,
        scope: String,
        secret_hash: Vec<u8>,
        created_at: DateTime<Utc>,
        last_used_at: Option<DateTime<Utc>>,
        revoked_at: Option<DateTime<Utc>>,
    }
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        let ClientRow { id, name, scope, secret_hash, created_at, last_used_at, revoked_at } = row;
        Self { id, name, scope: Scope::from_stored(&scope), secret_hash, created_at, last_used_at, revoked_at }
    }
}

on_both_engines! {
    #[async_trait]
    impl ClientStore for SqlTransaction<Db> {
        async fn insert_client(&mut self, client: &Client) -> Result<()> {
            query(INSERT)
                .bind(client.id).bind(&client.name).bind(client.scope.as_str()).bind(&client.secret_hash)
                .bind(client.created_at).bind(client.last_used_at).bind(client.revoked_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn client(&mut self, id: Uuid) -> Result<Option<Client>> {
            let row = query_as::<Db, ClientRow>(BY_ID).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn clients(&mut self) -> Result<Vec<Client>> {
            let rows = query_as::<Db, ClientRow>(ALL).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn touch_client(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<()> {
            query(TOUCH).bind(id).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn revoke_client(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
            Ok(query(REVOKE).bind(id).bind(at).execute(self.connection()).await?.rows_affected() > 0)
        }
    }
}
