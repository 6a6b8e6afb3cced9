//! Names that a version without keys of names has written: before this one, or beside it.

use std::sync::Arc;

use nameplate::{
    domain::names::Names,
    store::{Store, accounts::AccountFilter, sql},
};
use sqlx::{Connection as _, PgConnection, SqliteConnection, query};

use super::{accounts, at, named};
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

/// As it writes another name.
const RENAME: &str = "UPDATE accounts SET given_name = $1, family_name = NULL, record_version = record_version + 1
    WHERE username_key = 'ada'";

/// How many have a name.
async fn found(store: &Arc<dyn Store>, name: &str) -> i64 {
    let filter = AccountFilter { full_name: Some(name.into()), limit: 5, ..AccountFilter::default() };
    store.read().await.unwrap().list_accounts(&filter).await.unwrap().1
}

async fn are_found_after_the_sweep(store: Arc<dyn Store>) {
    assert_eq!([found(&store, "ada").await, found(&store, "bob").await], [0, 1], "not by a name that is none any more");
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.key_names(5).await.unwrap(), 1, "what still has its name keeps its key");
    assert_eq!(tx.key_names(5).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(found(&store, "özge van").await, 1);

    // This version writes the key with the name, even one with the same key.
    let mut tx = store.write().await.unwrap();
    for (given, seconds) in [("özge", 1), ("Bob", 2)] {
        let mut ada = tx.lock_account(named("ada")).await.unwrap().unwrap();
        ada.names = Names::new(Some(given), ada.names.middle(), None).unwrap();
        ada.touch(at(seconds));
        tx.update_account(&ada).await.unwrap();
        assert_eq!(tx.key_names(5).await.unwrap(), 0, "{given}");
    }
    tx.commit().await.unwrap();
    assert_eq!([found(&store, "bob").await, found(&store, "özge").await], [2, 0]);
}

#[tokio::test]
async fn written_beside_this_version_are_found_after_the_sweep_on_sqlite() {
    let (store, dir) = super::sqlite().await;
    accounts::insert(&store, &["ada", "bob"]).await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    query(RENAME).bind(TYPED).execute(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
    are_found_after_the_sweep(store).await;
}

#[tokio::test]
async fn written_beside_this_version_are_found_after_the_sweep_on_postgresql() {
    let url = postgres::database().await;
    let store = sql::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    accounts::insert(&store, &["ada", "bob"]).await;
    query(RENAME).bind(TYPED).execute(&mut PgConnection::connect(&url).await.unwrap()).await.unwrap();
    are_found_after_the_sweep(store).await;
}
