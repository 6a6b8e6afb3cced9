//! Bringing a database up to this version, while servers of the version before go on with it.

use std::{sync::LazyLock, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _,
    error::DatabaseError,
    migrate,
    migrate::{Migrate, MigrateError, Migrator},
    postgres::PgConnectOptions,
    raw_sql,
};
use tokio::time::sleep;

use super::Result;
use crate::store::Schema;

/// Where sqlx notes which migrations were run.
pub(super) const APPLIED: &str = "_sqlx_migrations";

pub(super) static SQLITE_TABLES: LazyLock<Migrator> = LazyLock::new(|| {
    let mut tables = migrate!("migrations/sqlite");
    // Every migration leaves the version before it at work. So a server of that version may begin, too: when one of its
    // machines is replaced while the next version is rolled out, or when that is rolled back.
    tables.set_ignore_missing(true);
    tables
});

static POSTGRES_TABLES: LazyLock<Migrator> = LazyLock::new(|| {
    let mut tables = migrate!("migrations/postgres");
    tables.set_ignore_missing(true);
    // The lock is taken below, before it counts how long somebody waits.
    tables.set_locking(false);
    tables
});

/// For how long a migration waits for a table. Others wait behind it meanwhile; and PostgreSQL looks for deadlocks after a
/// second (`deadlock_timeout`), in which a server's request could be the one that fails.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '500ms'";
/// How often a migration that had to give way is begun.
const TRIES: u32 = 120;
/// Until it is begun again.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs what is missing on PostgreSQL. Where servers hold a table for too long, it gives way to them, and begins again.
pub(super) async fn migrate_postgres(options: &PgConnectOptions) -> Result<()> {
    let mut tries = 1;
    loop {
        match try_to_migrate(options).await {
            Err(error) if gave_way(&error) && tries < TRIES => {
                tracing::warn!(%error, "servers at work hold tables that are to be changed; it is tried again");
                tries += 1;
                sleep(PAUSE).await;
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// On a connection of its own, with which the lock goes that keeps other migrations away: after an error the driver leaves it
/// to the session, and one of the pool would go on holding it.
async fn try_to_migrate(options: &PgConnectOptions) -> Result<(), MigrateError> {
    // Another server may have much to migrate.
    let mut connection = options.clone().connect().await?;
    raw_sql("SET lock_timeout = 0").execute(&mut connection).await?;
    connection.lock().await?;
    raw_sql(LOCK_TIMEOUT).execute(&mut connection).await?;
    POSTGRES_TABLES.run_direct(None, &mut connection, false).await?;
    Ok(connection.close().await?)
}

/// Whether PostgreSQL ended it because somebody else holds a lock (`lock_not_available`, `deadlock_detected`).
fn gave_way(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else { return false };
    let code = cause.as_database_error().and_then(|cause| cause.code());
    code.is_some_and(|code| ["55P03", "40P01"].contains(&code.as_ref()))
}

/// Which of the migrations of a database this version knows.
pub(super) async fn schema_of_postgres(connection: &mut impl Migrate) -> Result<Schema> {
    schema(&POSTGRES_TABLES, connection).await
}

/// The same, on SQLite.
pub(super) async fn schema_of_sqlite(connection: &mut impl Migrate) -> Result<Schema> {
    schema(&SQLITE_TABLES, connection).await
}

async fn schema(tables: &Migrator, connection: &mut impl Migrate) -> Result<Schema> {
    let applied = match connection.list_applied_migrations(APPLIED).await {
        Err(MigrateError::Execute(sqlx::Error::Database(cause))) if is_no_such_table(&*cause) => Vec::new(),
        applied => applied?,
    };
    if let Some(missing) = tables.iter().find(|wanted| applied.iter().all(|done| done.version != wanted.version)) {
        return Ok(Schema::Earlier(missing.version));
    }
    let is_later = applied.iter().any(|done| !tables.version_exists(done.version));
    Ok(if is_later { Schema::Later } else { Schema::Current })
}

/// Whether a statement failed because it reads a table that there is not, as in a database that is empty.
fn is_no_such_table(error: &dyn DatabaseError) -> bool {
    // PostgreSQL has a code for it, SQLite only words.
    error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
}
