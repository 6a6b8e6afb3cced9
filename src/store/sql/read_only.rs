//! PostgreSQL that only reads: a primary that has become a standby, after a failover behind one name, or one that was told
//! to (`default_transaction_read_only`). It passes. But connections outlive it: those to the old primary stay good for
//! reading, so they are looked at before they are used again, and left behind.

use std::{
    future::ready,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use sqlx::{PgConnection, pool::PoolConnectionMetadata, query_scalar};

/// What PostgreSQL says when it is asked to write then.
pub(super) const CODE: &str = "25006";
/// For how long connections are looked at once it said so.
const SUSPECT_FOR: Duration = Duration::from_secs(60);
/// A connection as new as this is kept: while there is nothing else, one must do for reading.
const NEW: Duration = Duration::from_secs(5);

/// When it last said so, on any connection of this process.
static LAST: Mutex<Option<Instant>> = Mutex::new(None);

/// Notes that PostgreSQL did not write because it only reads.
pub(super) fn note() {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

fn is_suspect() -> bool {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|last| last.elapsed() < SUSPECT_FOR)
}

const IS_READ_ONLY: &str = "SHOW transaction_read_only";

/// Whether a connection may write, outside of a transaction.
pub(super) async fn may_write(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let read_only: String = query_scalar(IS_READ_ONLY).fetch_one(connection).await?;
    Ok(read_only != "on")
}

/// Whether a connection of the pool is used once more.
pub(super) fn is_worth_keeping(
    connection: &mut PgConnection,
    about: PoolConnectionMetadata,
) -> BoxFuture<'_, sqlx::Result<bool>> {
    if about.age < NEW || !is_suspect() {
        return Box::pin(ready(Ok(true)));
    }
    Box::pin(may_write(connection))
}
