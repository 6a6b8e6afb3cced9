//! Leases in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::query;

use super::{SqlTransaction, on_both_engines, statements};
use crate::store::{Result, leases::LeaseStore};

statements! {
    TAKE = "
        INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $4)
        ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $4
        WHERE leases.holder = $2 OR leases.expires_at <= $3";
    RELEASE = "DELETE FROM leases WHERE name = $1 AND holder = $2";
}

on_both_engines! {
    #[async_trait]
    impl LeaseStore for SqlTransaction<Db> {
        async fn take_lease(
            &mut self, name: &str, holder: &str, now: DateTime<Utc>, until: DateTime<Utc>,
        ) -> Result<bool> {
            let taken = query(TAKE).bind(name).bind(holder).bind(now).bind(until).execute(self.connection()).await?;
            Ok(taken.rows_affected() > 0)
        }

        async fn release_lease(&mut self, name: &str, holder: &str) -> Result<()> {
            query(RELEASE).bind(name).bind(holder).execute(self.connection()).await?;
            Ok(())
        }
    }
}
