//! Limits in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines};
use crate::store::{
    Result,
    limits::{Failures, LimitStore},
};

// The conflict branch takes the row's lock, so that parallel requests count one after the other on both engines.
const LOCK: &str = "
    INSERT INTO limits (key, failures, touched_at) VALUES ($1, 0, $2)
    ON CONFLICT (key) DO UPDATE SET touched_at = $2
    RETURNING failures, blocked_until";
const SET: &str = "UPDATE limits SET failures = $2, blocked_until = $3 WHERE key = $1";
const HITS: &str = "SELECT at FROM limit_hits WHERE key = $1 AND at > $2 ORDER BY at";
const INSERT_HIT: &str = "INSERT INTO limit_hits (id, key, at) VALUES ($1, $2, $3)";
const DELETE_HIT: &str = "DELETE FROM limit_hits WHERE id = $1";
const DELETE_HITS_OF: &str = "DELETE FROM limit_hits WHERE key LIKE $1";
const DELETE_OF: &str = "DELETE FROM limits WHERE key LIKE $1";
const SWEEP_HITS: &str = "DELETE FROM limit_hits WHERE at < $1";
const SWEEP: &str = "DELETE FROM limits WHERE touched_at < $1";

#[derive(FromRow)]
struct LimitRow {
    failures: i64,
    blocked_until: Option<DateTime<Utc>>,
}

on_both_engines! {
    #[async_trait]
    impl LimitStore for SqlTransaction<Db> {
        async fn lock_limit(&mut self, key: &str, now: DateTime<Utc>) -> Result<Failures> {
            let row = query_as::<Db, LimitRow>(LOCK).bind(key).bind(now).fetch_one(&mut *self.inner).await?;
            Ok(Failures { count: row.failures, blocked_until: row.blocked_until })
        }

        async fn set_failures(&mut self, key: &str, failures: &Failures) -> Result<()> {
            query(SET).bind(key).bind(failures.count).bind(failures.blocked_until).execute(&mut *self.inner).await?;
            Ok(())
        }

        async fn hits(&mut self, key: &str, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
            Ok(query_scalar(HITS).bind(key).bind(since).fetch_all(&mut *self.inner).await?)
        }

        async fn insert_hit(&mut self, id: Uuid, key: &str, at: DateTime<Utc>) -> Result<()> {
            query(INSERT_HIT).bind(id).bind(key).bind(at).execute(&mut *self.inner).await?;
            Ok(())
        }

        async fn delete_hit(&mut self, id: Uuid) -> Result<()> {
            query(DELETE_HIT).bind(id).execute(&mut *self.inner).await?;
            Ok(())
        }

        async fn delete_limits_of(&mut self, id: Uuid) -> Result<()> {
            let key = format!("%:{id}");
            for statement in [DELETE_HITS_OF, DELETE_OF] {
                query(statement).bind(&key).execute(&mut *self.inner).await?;
            }
            Ok(())
        }

        async fn sweep_limits(&mut self, before: DateTime<Utc>) -> Result<u64> {
            let hits = query(SWEEP_HITS).bind(before).execute(&mut *self.inner).await?.rows_affected();
            Ok(hits + query(SWEEP).bind(before).execute(&mut *self.inner).await?.rows_affected())
        }
    }
}
