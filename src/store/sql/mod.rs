//! The store in SQL. Each statement stands once, with `$1` placeholders that both engines read; `on_both_engines!` stamps
//! each implementation for SQLite and PostgreSQL, so that either keeps its native types.

mod accounts;
mod activity;
mod clients;
mod codes;
mod factors;
mod files;
mod flashes;
mod keys;
mod leases;
mod limits;
mod migrating;
mod oidc;
mod outbox;
mod patterns;
mod pictures;
mod pooler;
mod read_only;
mod registrations;
mod relationships;
mod search;
mod sessions;
mod statements;
mod undo;
mod usernames;
mod whole;

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Database, PgConnection, PgPool, SqlitePool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Notify;

use super::{Result, Schema, Store, StoreError, Transaction, accounts::AccountStore as _};

pub use files::{FileError, backup, file_of, restore};
pub use pooler::{HINT as POOLER_HINT, shares_connections};
use statements::{row, statements, swept};

/// Repeats its items in a module per engine, in which `Db` is that engine.
macro_rules! on_both_engines {
    ($($item:item)*) => {
        mod sqlite {
            #[allow(unused_imports, reason = "not every block that is repeated needs them")]
            use super::*;
            type Db = sqlx::Sqlite;
            $($item)*
        }
        mod postgres {
            #[allow(unused_imports, reason = "not every block that is repeated needs them")]
            use super::*;
            type Db = sqlx::Postgres;
            $($item)*
        }
    };
}
use on_both_engines;

/// How long to wait for a connection or for another writer.
const PATIENCE: Duration = Duration::from_secs(10);
/// SQLite connections that only read.
const SQLITE_READERS: u32 = 8;
/// PostgreSQL connections of one server.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Settings of a PostgreSQL connection, where the operator's address has no other: how long a statement waits for a lock,
/// and a transaction for its next statement. One that waited longer would hold a connection while others want it.
const POSTGRES_SETTINGS: [(&str, &str); 2] = [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")];

/// Accounts whose names are keyed in one transaction of the migration.
const KEYED: i64 = 500;

/// Somebody else is writing.
const SQLITE_BUSY: u32 = 5;

/// Every statement, as it is sent, under the file and the name it is declared with: for tests that read its plans.
pub fn statements() -> Vec<(String, &'static str)> {
    let files = [
        ("accounts", accounts::STATEMENTS),
        ("activity", activity::STATEMENTS),
        ("clients", clients::STATEMENTS),
        ("codes", codes::STATEMENTS),
        ("factors", factors::STATEMENTS),
        ("flashes", flashes::STATEMENTS),
        ("keys", keys::STATEMENTS),
        ("leases", leases::STATEMENTS),
        ("limits", limits::STATEMENTS),
        ("oidc", oidc::STATEMENTS),
        ("outbox", outbox::STATEMENTS),
        ("pictures", pictures::STATEMENTS),
        ("registrations", registrations::STATEMENTS),
        ("relationships", relationships::STATEMENTS),
        ("sessions", sessions::STATEMENTS),
        ("undo", undo::STATEMENTS),
        ("usernames", usernames::STATEMENTS),
    ];
    let named = |(file, statements): (&'static str, &'static [(&'static str, &'static str)])| {
        statements.iter().map(move |(name, text)| (format!("{file}::{name}"), *text))
    };
    files.into_iter().flat_map(named).collect()
}

/// A transaction of either engine.
pub struct SqlTransaction<DB: Database> {
    inner: sqlx::Transaction<'static, DB>,
    has_mail: bool,
    outbox_notify: Arc<Notify>,
}

impl<DB: Database> SqlTransaction<DB> {
    fn new(inner: sqlx::Transaction<'static, DB>, outbox_notify: &Arc<Notify>) -> Box<Self> {
        Box::new(Self { inner, has_mail: false, outbox_notify: Arc::clone(outbox_notify) })
    }
}

impl SqlTransaction<sqlx::Sqlite> {
    fn connection(&mut self) -> whole::Whole<'_> {
        whole::Whole(&mut self.inner)
    }
}

impl SqlTransaction<sqlx::Postgres> {
    fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// Opens the database at `url` (`sqlite://…` or `postgres://…`).
///
/// # Errors
/// When the address is not of either kind or nothing answers there.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Arc::new(Postgres::connect(url).await?))
    } else if let Some(path) = url.strip_prefix("sqlite://") {
        Ok(Arc::new(Sqlite::open(Path::new(path)).await?))
    } else {
        Err(StoreError::Unavailable("database.url must begin with sqlite:// or postgres://".into()))
    }
}

/// A SQLite file: one connection writes, several read.
struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    outbox_notify: Arc<Notify>,
}

impl Sqlite {
    async fn open(path: &Path) -> Result<Self> {
        create_private(path)?;
        // FULL: a commit that was answered survives a power cut, not only a crash of this process.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        let reader = options.pragma("query_only", "on");
        let readers = pool().max_connections(SQLITE_READERS).connect_lazy_with(reader);
        Ok(Self { writer, readers, outbox_notify: Arc::default() })
    }
}

/// Creates the file readable by its owner alone; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map(drop)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

#[async_trait]
impl Store for Sqlite {
    async fn read(&self) -> Result<Box<dyn Transaction>> {
        Ok(SqlTransaction::new(self.readers.begin().await?, &self.outbox_notify))
    }

    async fn write(&self) -> Result<Box<dyn Transaction>> {
        // IMMEDIATE: a deferred transaction that reads before it writes can fail half-way, without waiting its turn.
        Ok(SqlTransaction::new(self.writer.begin_with("BEGIN IMMEDIATE").await?, &self.outbox_notify))
    }

    async fn migrate(&self) -> Result<()> {
        migrating::SQLITE_TABLES.run(&self.writer).await?;
        loop {
            let begun = self.writer.begin_with("BEGIN IMMEDIATE").await?;
            let mut tx = SqlTransaction::new(begun, &self.outbox_notify);
            let keyed = tx.key_names(KEYED).await?;
            tx.commit().await?;
            if keyed == 0 {
                return Ok(());
            }
        }
    }

    async fn check(&self) -> Result<Schema> {
        migrating::schema_of_sqlite(&mut *self.readers.acquire().await?).await
    }

    fn outbox_notify(&self) -> Arc<Notify> {
        Arc::clone(&self.outbox_notify)
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn postgres_options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?.application_name("nameplate");
    let chosen = options.get_options().unwrap_or_default().to_owned();
    let settings = POSTGRES_SETTINGS.into_iter().filter(|(name, _)| !chosen.contains(&format!("{name}=")));
    Ok(options.options(settings))
}

/// A PostgreSQL database that several servers may share.
struct Postgres {
    pool: PgPool,
    outbox_notify: Arc<Notify>,
}

impl Postgres {
    async fn connect(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .before_acquire(read_only::is_worth_keeping)
            .connect_with(postgres_options(url)?)
            .await?;
        Ok(Self { pool, outbox_notify: Arc::default() })
    }
}

#[async_trait]
impl Store for Postgres {
    async fn read(&self) -> Result<Box<dyn Transaction>> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(SqlTransaction::new(self.pool.begin_with(begin).await?, &self.outbox_notify))
    }

    async fn write(&self) -> Result<Box<dyn Transaction>> {
        Ok(SqlTransaction::new(self.pool.begin().await?, &self.outbox_notify))
    }

    async fn migrate(&self) -> Result<()> {
        migrating::migrate_postgres(&self.pool.connect_options()).await?;
        loop {
            let mut tx = SqlTransaction::new(self.pool.begin().await?, &self.outbox_notify);
            let keyed = tx.key_names(KEYED).await?;
            tx.commit().await?;
            if keyed == 0 {
                return Ok(());
            }
        }
    }

    async fn check(&self) -> Result<Schema> {
        let mut connection = self.pool.acquire().await?;
        let schema = migrating::schema_of_postgres(&mut *connection).await?;
        if read_only::may_write(&mut connection).await? {
            return Ok(schema);
        }
        read_only::note();
        connection.close_on_drop();
        Err(StoreError::Unavailable("it only reads".to_owned()))
    }

    fn outbox_notify(&self) -> Arc<Notify> {
        Arc::clone(&self.outbox_notify)
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

on_both_engines! {
    #[async_trait]
    impl Transaction for SqlTransaction<Db> {
        async fn commit(self: Box<Self>) -> Result<()> {
            let Self { inner, has_mail, outbox_notify } = *self;
            inner.commit().await?;
            if has_mail {
                outbox_notify.notify_one();
            }
            Ok(())
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if error.as_database_error().is_some_and(|cause| cause.code().as_deref() == Some(read_only::CODE)) {
            read_only::note();
        }
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::NotUnique(unique_index(cause.as_ref()))
            }
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => Self::Dangling,
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Corrupt(error.to_string()),
            error if pooler::is_to_blame(error) => Self::Unavailable(pooler::in_words(error)),
            sqlx::Error::Database(cause) if !cause.code().is_some_and(|code| is_passing(&code)) => {
                Self::Refused(error.to_string())
            }
            _ => Self::Unavailable(pooler::in_words(&error)),
        }
    }
}

/// Whether an error of the database itself goes by: SQLite is locked (`SQLITE_BUSY` and its extended codes), or PostgreSQL
/// has lost the connection (class 08), only reads (25006), was kept waiting in a transaction (25P03), rolls back (40), has no
/// room (53), cannot have the lock (55P03) or is leaving (57).
fn is_passing(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(sqlite) if code.len() < 5 => sqlite & 0xff == SQLITE_BUSY,
        _ => ["08", read_only::CODE, "25P03", "40", "53", "55P03", "57"].iter().any(|class| code.starts_with(class)),
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match &error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) if pooler::is_to_blame(cause) => {
                Self::Unavailable(pooler::in_words(cause))
            }
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// The violated index under one name for both engines, like `accounts_email_key`: PostgreSQL names its constraint,
/// SQLite says `table.column` in its message.
fn unique_index(error: &dyn sqlx::error::DatabaseError) -> String {
    let named = match error.constraint() {
        Some(constraint) => constraint.to_owned(),
        None => error.message().rsplit(": ").next().unwrap_or_default().replace('.', "_"),
    };
    format!("{}_key", named.trim_end_matches("_key"))
}

/// A text that is looked for. One with a NUL is nowhere, and PostgreSQL takes none: `NULL` equals nothing.
fn findable(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.contains('\0'))
}

/// Makes a stored value readable again as its type, or says which column was not.
fn read_back<T>(column: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| StoreError::Corrupt(column.to_owned()))
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection, query, query_scalar};

    use super::whole::Whole;

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_an_error_and_not_an_absent_row() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", directory.path().join("test.db").display());
        let [mut reader, mut other] =
            [SqliteConnection::connect(&url).await.unwrap(), SqliteConnection::connect(&url).await.unwrap()];
        query("CREATE TABLE people (name TEXT)").execute(&mut other).await.unwrap();
        let found = query("SELECT * FROM people").fetch_optional(Whole(&mut reader)).await;
        assert!(found.unwrap().is_none(), "nobody is there");
        query("INSERT INTO people VALUES ('Ada')").execute(&mut other).await.unwrap();
        let name = query_scalar::<_, String>("SELECT * FROM people").fetch_optional(Whole(&mut reader)).await;
        assert_eq!(name.unwrap().as_deref(), Some("Ada"));
        // The thread of this driver's connection ends over a column that it was not told of.
        query("ALTER TABLE people ADD COLUMN age INTEGER").execute(&mut other).await.unwrap();
        let all = query("SELECT * FROM people").fetch_optional(Whole(&mut reader)).await;
        assert!(!matches!(all, Ok(None)), "{all:?}");
    }

    #[test]
    fn the_settings_of_a_connection_are_ours_unless_the_address_has_others() {
        let options = |url| super::postgres_options(url).unwrap().get_options().unwrap().to_owned();
        let ours = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s";
        assert_eq!(options("postgres://localhost/nameplate"), ours);
        let chosen = options("postgres://localhost/nameplate?options=-c%20lock_timeout%3D3s");
        assert_eq!(chosen, "-c lock_timeout=3s -c idle_in_transaction_session_timeout=60s");
    }

    #[test]
    fn what_goes_by_is_told_from_what_stays() {
        for code in ["5", "261", "517", "08006", "25006", "25P03", "40001", "40P01", "53300", "55P03", "57P01"] {
            assert!(super::is_passing(code), "{code}");
        }
        for code in ["1", "8", "13", "19", "2067", "22021", "23505", "25001", "42P01", "55000"] {
            assert!(!super::is_passing(code), "{code}");
        }
    }
}
