//! Clients in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, types::Json};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements};
use crate::{
    domain::{
        client::{Client, ClientType, PreviousSecret, Scope},
        oidc::app::App,
    },
    store::{Result, clients::ClientStore},
};

statements! {
    INSERT = "
        INSERT INTO clients (id, kind, name, scope, secret_hash, previous_secret_hash, previous_secret_until, settings,
            created_at, last_used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_ID = "SELECT ", ClientRow::COLUMNS, " FROM clients WHERE id = $1";
    LOCK = "UPDATE clients SET name = name WHERE id = $1 RETURNING ", ClientRow::COLUMNS;
    UPDATE = "
        UPDATE clients SET name = $2, secret_hash = $3, previous_secret_hash = $4, previous_secret_until = $5, settings = $6
        WHERE id = $1";
    ALL = "SELECT ", ClientRow::COLUMNS, " FROM clients ORDER BY created_at, id";
    TOUCH = "
        UPDATE clients SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    REVOKE = "UPDATE clients SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
}

row! {
    struct ClientRow of "clients" {
        id: Uuid,
        kind: String,
        name: String,
        scope: String,
        secret_hash: Vec<u8>,
        previous_secret_hash: Option<Vec<u8>>,
        previous_secret_until: Option<DateTime<Utc>>,
        settings: Json<App>,
        created_at: DateTime<Utc>,
        last_used_at: Option<DateTime<Utc>>,
        revoked_at: Option<DateTime<Utc>>,
    }
}

impl ClientRow {
    /// The client; none of a type that only the next version knows.
    fn into_client(self) -> Option<Client> {
        let previous = self.previous_secret_hash.zip(self.previous_secret_until);
        Some(Client {
            id: self.id,
            kind: ClientType::from_stored(&self.kind)?,
            name: self.name,
            scope: Scope::from_stored(&self.scope),
            secret_hash: self.secret_hash,
            previous_secret: previous.map(|(hash, until)| PreviousSecret { hash, until }),
            app: self.settings.0,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            revoked_at: self.revoked_at,
        })
    }
}

on_both_engines! {
    #[async_trait]
    impl ClientStore for SqlTransaction<Db> {
        async fn insert_client(&mut self, client: &Client) -> Result<()> {
            let previous = client.previous_secret.as_ref();
            query(INSERT)
                .bind(client.id).bind(client.kind.as_str()).bind(&client.name).bind(client.scope.as_str())
                .bind(&client.secret_hash).bind(previous.map(|secret| &secret.hash))
                .bind(previous.map(|secret| secret.until)).bind(Json(&client.app)).bind(client.created_at)
                .bind(client.last_used_at).bind(client.revoked_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn client(&mut self, id: Uuid) -> Result<Option<Client>> {
            let row = query_as::<Db, ClientRow>(BY_ID).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.and_then(ClientRow::into_client))
        }

        async fn lock_client(&mut self, id: Uuid) -> Result<Option<Client>> {
            let row = query_as::<Db, ClientRow>(LOCK).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.and_then(ClientRow::into_client))
        }

        async fn update_client(&mut self, client: &Client) -> Result<()> {
            let previous = client.previous_secret.as_ref();
            query(UPDATE)
                .bind(client.id).bind(&client.name).bind(&client.secret_hash).bind(previous.map(|secret| &secret.hash))
                .bind(previous.map(|secret| secret.until)).bind(Json(&client.app))
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn clients(&mut self) -> Result<Vec<Client>> {
            let rows = query_as::<Db, ClientRow>(ALL).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().filter_map(ClientRow::into_client).collect())
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
