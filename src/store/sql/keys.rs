//! Keys in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};

use super::{SqlTransaction, on_both_engines, row, statements};
use crate::store::{
    Result,
    keys::{KeyStore, StoredKey},
};

statements! {
    INSERT = "
        INSERT INTO keys (id, purpose, secret, created_at, retired_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    ALL = "SELECT ", KeyRow::COLUMNS, " FROM keys ORDER BY created_at DESC, id DESC";
    RETIRE = "UPDATE keys SET retired_at = $2 WHERE purpose = $1 AND retired_at IS NULL";
    SWEEP = "DELETE FROM keys WHERE retired_at < $1";
}

row! {
    struct KeyRow of "keys" {
        id: String,
        purpose: String,
        secret: Vec<u8>,
        created_at: DateTime<Utc>,
        retired_at: Option<DateTime<Utc>>,
    }
}

impl From<KeyRow> for StoredKey {
    fn from(row: KeyRow) -> Self {
        let KeyRow { id, purpose, secret, created_at, retired_at } = row;
        Self { id, purpose, secret, created_at, retired_at }
    }
}

on_both_engines! {
    #[async_trait]
    impl KeyStore for SqlTransaction<Db> {
        async fn insert_key(&mut self, key: &StoredKey) -> Result<bool> {
            let added = query(INSERT)
                .bind(&key.id).bind(&key.purpose).bind(&key.secret).bind(key.created_at).bind(key.retired_at)
                .execute(self.connection()).await?;
            Ok(added.rows_affected() > 0)
        }

        async fn keys(&mut self) -> Result<Vec<StoredKey>> {
            let rows = query_as::<Db, KeyRow>(ALL).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn retire_keys(&mut self, purpose: &str, at: DateTime<Utc>) -> Result<u64> {
            Ok(query(RETIRE).bind(purpose).bind(at).execute(self.connection()).await?.rows_affected())
        }

        async fn sweep_keys(&mut self, before: DateTime<Utc>) -> Result<u64> {
            Ok(query(SWEEP).bind(before).execute(self.connection()).await?.rows_affected())
        }
    }
}
