//! Flashes in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{query, query_scalar, types::Json};

use super::{SqlTransaction, on_both_engines};
use crate::store::{Result, flashes::FlashStore};

const INSERT: &str = "INSERT INTO flashes (token_hash, page, payload, expires_at) VALUES ($1, $2, $3, $4)";
const TAKE: &str = "DELETE FROM flashes WHERE token_hash = $1 AND page = $2 AND expires_at > $3 RETURNING payload";
const SWEEP: &str = "DELETE FROM flashes WHERE expires_at <= $1";

on_both_engines! {
    #[async_trait]
    impl FlashStore for SqlTransaction<Db> {
        async fn insert_flash(
            &mut self, token_hash: &[u8], page: &str, payload: &Value, expires_at: DateTime<Utc>,
        ) -> Result<()> {
            let flash = query(INSERT).bind(token_hash).bind(page).bind(Json(payload)).bind(expires_at);
            flash.execute(&mut *self.inner).await?;
            Ok(())
        }

        async fn take_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<Option<Value>> {
            let taken = query_scalar::<Db, Json<Value>>(TAKE).bind(token_hash).bind(page).bind(now);
            Ok(taken.fetch_optional(&mut *self.inner).await?.map(|payload| payload.0))
        }

        async fn sweep_flashes(&mut self, now: DateTime<Utc>) -> Result<u64> {
            Ok(query(SWEEP).bind(now).execute(&mut *self.inner).await?.rows_affected())
        }
    }
}
