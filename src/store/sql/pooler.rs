//! PostgreSQL behind a pooler that gives connections out by transaction, like pgbouncer with `pool_mode = transaction`. The
//! next transaction of ours may then run on a connection on which our statements were not prepared, or others under the same
//! names, and what outlives a transaction is lost: the lock that keeps two servers from migrating at once.

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _, raw_sql};

use crate::store::{Result, StoreError};

/// What an operator is told.
pub const HINT: &str = "connections to PostgreSQL are shared by transaction, as pgbouncer does with pool_mode = transaction: prepared \
    statements do not work so; give this server a pool with pool_mode = session, or PostgreSQL's own address";

/// A prepared statement is there already (42P05), or is not there (26000).
const CODES: [&str; 2] = ["42P05", "26000"];
/// What pgbouncer says to a client that sets what it does not keep apart by client.
const PARAMETER: &str = "unsupported startup parameter";

/// Whether a pooler is what an error comes from.
pub(super) fn is_to_blame(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|cause| {
        cause.code().is_some_and(|code| CODES.contains(&&*code)) || cause.message().starts_with(PARAMETER)
    })
}

/// An error as it is told: with the hint where a pooler is to blame.
pub(super) fn in_words(error: &sqlx::Error) -> String {
    if is_to_blame(error) { format!("{error}; {HINT}") } else { error.to_string() }
}

/// Whether sessions at `url`, an address of PostgreSQL, share connections of the server: while another session is in a
/// transaction, one is served by another process than before, or was served by that of the other.
///
/// # Errors
/// [`StoreError::Unavailable`] when nothing answers.
pub async fn shares_connections(url: &str) -> Result<bool> {
    let asked = async {
        let (mut one, mut other) = (PgConnection::connect(url).await?, PgConnection::connect(url).await?);
        let before = process(&mut one).await?;
        other.execute(raw_sql("BEGIN")).await?;
        let of_the_other = process(&mut other).await?;
        let after = process(&mut one).await?;
        other.execute(raw_sql("ROLLBACK")).await?;
        one.close().await?;
        other.close().await?;
        Ok(before != after || before == of_the_other)
    };
    asked.await.map_err(|error: sqlx::Error| StoreError::from(error))
}

/// The process that serves a session. Nothing is prepared for that.
async fn process(connection: &mut PgConnection) -> sqlx::Result<i32> {
    connection.fetch_one(raw_sql("SELECT pg_backend_pid()")).await?.try_get(0)
}
