//! Migrations of PostgreSQL beside servers of the version before, and after one that failed.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use nameplate::store::sql;
use sqlx::{Connection as _, Executor as _, PgConnection, migrate, query_scalar};
use tokio::{
    spawn,
    time::{sleep, timeout},
};

use crate::harness::postgres;

/// The last migration of the version before.
const BEFORE: i64 = 17;
/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Whether somebody waits for a table.
const WAITS: &str = "
    SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'relation' AND NOT granted)";

#[test]
fn have_each_a_version_of_its_own_and_the_same_on_both_engines() {
    let names = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<_>>()
    };
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    let versions: BTreeSet<i64> = sqlite.iter().map(|name| name.split_once('_').unwrap().0.parse().unwrap()).collect();
    assert_eq!(versions.len(), sqlite.len(), "two have the same version: {sqlite:?}");
}

/// A database of the version before.
async fn database_of_before() -> String {
    let url = postgres::database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    migrate!("migrations/postgres").run_to(BEFORE, &mut connection).await.unwrap();
    connection.close().await.unwrap();
    url
}

/// Writes a table, as servers do that lock its rows.
async fn write(connection: &mut PgConnection, table: &str) {
    let statement = match table {
        "accounts" => "UPDATE accounts SET updated_at = updated_at",
        "codes" => "UPDATE codes SET tries = tries",
        "activity" => "UPDATE activity SET at = at",
        "outbox" => "UPDATE outbox SET due_at = due_at",
        _ => panic!("{table}"),
    };
    connection.execute(statement).await.unwrap_or_else(|error| panic!("{table}: {error}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn give_way_to_servers_at_work() {
    for tables in [["accounts", "codes"], ["codes", "accounts"], ["accounts", "activity"], ["activity", "outbox"]] {
        let url = database_of_before().await;
        let mut server = PgConnection::connect(&url).await.unwrap();
        let mut other = PgConnection::connect(&url).await.unwrap();
        server.execute("BEGIN").await.unwrap();
        write(&mut server, tables[0]).await;
        let store = sql::connect(&url).await.unwrap();
        let migrating = spawn(async move { store.migrate().await });
        while !query_scalar::<_, bool>(WAITS).fetch_one(&mut other).await.unwrap() {
            sleep(Duration::from_millis(5)).await;
        }
        // Whoever waits now may close a circle.
        write(&mut server, tables[1]).await;
        server.execute("COMMIT").await.unwrap();
        let migrated = timeout(PATIENCE, migrating).await.expect("it comes to an end").unwrap();
        migrated.unwrap_or_else(|error| panic!("{tables:?}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wait_for_another_server_that_migrates() {
    let url = database_of_before().await;
    let mut first = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate::Migrate::lock(&mut first).await.unwrap();
    // No time within which servers must have their locks counts for this one.
    let store = sql::connect(&format!("{url}?options=-c%20lock_timeout%3D10ms")).await.unwrap();
    let migrating = spawn(async move { store.migrate().await });
    let waits = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)";
    while !query_scalar::<_, bool>(waits).fetch_one(&mut first).await.unwrap() {
        sleep(Duration::from_millis(5)).await;
    }
    sleep(Duration::from_millis(100)).await;
    assert!(!migrating.is_finished());
    sqlx::migrate::Migrate::unlock(&mut first).await.unwrap();
    timeout(PATIENCE, migrating).await.expect("it has its turn").unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_fail_keep_no_other_server_from_migrating() {
    let url = database_of_before().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute("CREATE TABLE connection_counts (in_the_way TEXT)").await.unwrap();
    let [first, second] = [sql::connect(&url).await.unwrap(), sql::connect(&url).await.unwrap()];
    assert!(first.migrate().await.unwrap_err().to_string().contains("connection_counts"));
    connection.execute("DROP TABLE connection_counts").await.unwrap();
    timeout(PATIENCE, second.migrate()).await.expect("nobody holds its lock").unwrap();
    first.check().await.unwrap();
}

#[tokio::test]
async fn take_the_locks_of_the_tables_before_they_change_any() {
    let text = fs::read_to_string("migrations/postgres/0018_store.sql").unwrap();
    let code: Vec<_> = text.lines().filter(|line| !line.starts_with("--")).collect();
    let (lock, rest) = code.join("\n").split_once(';').map(|(lock, rest)| (lock.to_owned(), rest.to_owned())).unwrap();
    assert!(lock.trim_start().starts_with("LOCK TABLE accounts, "), "{lock}");
    let words = rest.replace(['(', ';'], " ");
    let words: Vec<_> = words.split_whitespace().collect();
    let url = database_of_before().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let tables: Vec<String> =
        query_scalar("SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    // A name behind ON is that of a table with a new index or trigger.
    let changed = tables.iter().filter(|table| words.windows(2).any(|pair| pair == ["ON", table.as_str()]));
    let changed: Vec<_> = changed.collect();
    assert!(changed.len() > 10, "{changed:?}");
    for table in changed {
        assert!(lock.replace(',', " ").split_whitespace().any(|locked| locked == table), "{table}");
    }
}
