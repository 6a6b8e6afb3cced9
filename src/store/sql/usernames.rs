//! Held usernames in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, statements, swept};
use crate::store::{Result, usernames::UsernameStore};

statements! {
    HOLD = "
        INSERT INTO username_holds (username_key, account_id, until) VALUES ($1, $2, $3)
        ON CONFLICT (username_key) DO UPDATE SET account_id = $2, until = $3";
    HOLDER = "SELECT account_id FROM username_holds WHERE username_key = $1 AND until > $2";
    HELD = "SELECT until FROM username_holds WHERE account_id = $1 AND until > $2 ORDER BY until";
    RELEASE = "DELETE FROM username_holds WHERE username_key = $1";
    SWEEP = swept!("username_holds", "username_key", "until <= $1");
}

on_both_engines! {
    #[async_trait]
    impl UsernameStore for SqlTransaction<Db> {
        async fn hold_username(&mut self, username_key: &str, account_id: Uuid, until: DateTime<Utc>) -> Result<()> {
            query(HOLD).bind(username_key).bind(account_id).bind(until).execute(self.connection()).await?;
            Ok(())
        }

        async fn username_holder(&mut self, username_key: &str, now: DateTime<Utc>) -> Result<Option<Uuid>> {
            Ok(query_scalar(HOLDER).bind(username_key).bind(now).fetch_optional(self.connection()).await?)
        }

        async fn held_usernames(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
            Ok(query_scalar(HELD).bind(account_id).bind(now).fetch_all(self.connection()).await?)
        }

        async fn release_username(&mut self, username_key: &str) -> Result<()> {
            query(RELEASE).bind(username_key).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_usernames(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(now).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
