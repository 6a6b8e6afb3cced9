//! Names that a version without keys of names has written.

use std::sync::Arc;

use nameplate::store::{Store, accounts::AccountFilter, sql};
use sqlx::{Connection as _, PgConnection, SqliteConnection, query};

use super::accounts;
use crate::harness::postgres;

/// As it left them: most without a family name, and as they were typed.
const FORGET: &str = "UPDATE accounts SET name_key = NULL, given_name = $1, family_name = NULL";
const TYPED: &str = "O\u{308}zge";

async fn are_found_after_the_migration(store: Arc<dyn Store>) {
    store.migrate().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let filter = AccountFilter { full_name: Some("özge van".into()), limit: 5, ..AccountFilter::default() };
    let (found, total) = tx.list_accounts(&filter).await.unwrap();
    assert_eq!((found[0].names.given(), total), (Some("Özge"), 1_203));
}

/// More than one batch.
async fn fill(store: &Arc<dyn Store>) {
    let names: Vec<_> = (0..1_203).map(|number| format!("p{number}x")).collect();
    accounts::insert(store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn are_found_after_the_migration_of_sqlite() {
    let (store, dir) = super::sqlite().await;
    fill(&store).await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    query(FORGET).bind(TYPED).execute(&mut connection).await.unwrap();
    are_found_after_the_migration(store).await;
}

#[tokio::test]
async fn are_found_after_the_migration_of_postgresql() {
    let url = postgres::database().await;
    let store = sql::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    fill(&store).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    query(FORGET).bind(TYPED).execute(&mut connection).await.unwrap();
    are_found_after_the_migration(store).await;
}
