//! Flashes in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use super::{SqlTransaction, on_both_engines, statements, swept};
use crate::store::{
    Result,
    flashes::{FlashStore, NewFlash},
};

statements! {
    INSERT = "INSERT INTO flashes (token_hash, caller, page, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)";
    // More than `LIMIT` can be over only where a caller's number was lowered; the next flash deletes the rest.
    DROP_OLDEST = "
        DELETE FROM flashes WHERE token_hash IN (
            SELECT token_hash FROM flashes WHERE caller = $1 ORDER BY expires_at DESC LIMIT 1000 OFFSET $2
        )";
    HAS = "SELECT token_hash FROM flashes WHERE token_hash = $1 AND page = $2 AND expires_at > $3";
    TAKE = "DELETE FROM flashes WHERE token_hash = $1 AND page = $2 AND expires_at > $3 RETURNING sealed";
    SWEEP = swept!("flashes", "token_hash", "expires_at <= $1");
}

on_both_engines! {
    #[async_trait]
    impl FlashStore for SqlTransaction<Db> {
        async fn insert_flash(&mut self, flash: NewFlash<'_>) -> Result<()> {
            let NewFlash { token_hash, caller, page, sealed, expires_at } = flash;
            let insert = query(INSERT).bind(token_hash).bind(caller).bind(page).bind(sealed).bind(expires_at);
            insert.execute(self.connection()).await?;
            Ok(())
        }

        async fn drop_oldest_flashes(&mut self, caller: &str, most: i64) -> Result<u64> {
            Ok(query(DROP_OLDEST).bind(caller).bind(most).execute(self.connection()).await?.rows_affected())
        }

        async fn has_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<bool> {
            let found = query_scalar::<Db, Vec<u8>>(HAS).bind(token_hash).bind(page).bind(now);
            Ok(found.fetch_optional(self.connection()).await?.is_some())
        }

        async fn take_flash(&mut self, token_hash: &[u8], page: &str, now: DateTime<Utc>) -> Result<Option<Vec<u8>>> {
            // A server of the version before leaves nothing sealed.
            let taken = query_scalar::<Db, Option<Vec<u8>>>(TAKE).bind(token_hash).bind(page).bind(now);
            Ok(taken.fetch_optional(self.connection()).await?.flatten())
        }

        async fn sweep_flashes(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(now).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
