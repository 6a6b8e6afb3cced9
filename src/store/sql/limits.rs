//! Limits in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, statements, swept};
use crate::store::{
    Result,
    limits::{Failures, LimitStore},
};

statements! {
    // The conflict branch takes the row's lock, so that parallel requests count one after the other on both engines.
    LOCK = "
        INSERT INTO limits (key, failures, touched_at) VALUES ($1, 0, $2)
        ON CONFLICT (key) DO UPDATE SET touched_at = $2
        RETURNING failures, blocked_until";
    SET = "UPDATE limits SET failures = $2, blocked_until = $3 WHERE key = $1";
    HITS = "SELECT at FROM limit_hits WHERE key = $1 AND at > $2 ORDER BY at";
    INSERT_HIT = "INSERT INTO limit_hits (id, key, at) VALUES ($1, $2, $3)";
    DELETE_HIT = "DELETE FROM limit_hits WHERE id = $1";
    // What comes last in a key, where it is an id: there are indexes of it.
    DELETE_HITS_OF = "DELETE FROM limit_hits WHERE SUBSTR(key, LENGTH(key) - 35) = $1";
    DELETE_OF = "DELETE FROM limits WHERE SUBSTR(key, LENGTH(key) - 35) = $1";
    SWEEP_HITS = swept!("limit_hits", "id", "at < $1");
    SWEEP = swept!("limits", "key", "touched_at < $1");
}

#[derive(FromRow)]
struct LimitRow {
    failures: i64,
    blocked_until: Option<DateTime<Utc>>,
}

on_both_engines! {
    #[async_trait]
    impl LimitStore for SqlTransaction<Db> {
        async fn lock_limit(&mut self, key: &str, now: DateTime<Utc>) -> Result<Failures> {
            let row = query_as::<Db, LimitRow>(LOCK).bind(key).bind(now).fetch_one(self.connection()).await?;
            Ok(Failures { count: row.failures, blocked_until: row.blocked_until })
        }

        async fn set_failures(&mut self, key: &str, failures: &Failures) -> Result<()> {
            query(SET).bind(key).bind(failures.count).bind(failures.blocked_until).execute(self.connection()).await?;
            Ok(())
        }

        async fn hits(&mut self, key: &str, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
            Ok(query_scalar(HITS).bind(key).bind(since).fetch_all(self.connection()).await?)
        }

        async fn insert_hit(&mut self, id: Uuid, key: &str, at: DateTime<Utc>) -> Result<()> {
            query(INSERT_HIT).bind(id).bind(key).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_hit(&mut self, id: Uuid) -> Result<()> {
            query(DELETE_HIT).bind(id).execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_limits_of(&mut self, id: Uuid) -> Result<()> {
            let id = id.to_string();
            for statement in [DELETE_HITS_OF, DELETE_OF] {
                query(statement).bind(&id).execute(self.connection()).await?;
            }
            Ok(())
        }

        async fn sweep_limits(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            let mut swept = 0;
            for statement in [SWEEP_HITS, SWEEP] {
                let sweep = query(statement).bind(before).bind(limit);
                swept += sweep.execute(self.connection()).await?.rows_affected();
            }
            Ok(swept)
        }
    }
}
