//! Held usernames.

use std::sync::Arc;

use nameplate::store::{Store, StoreError};

use super::{accounts, at, named, on_both_engines};

on_both_engines!(a_hold_ends_and_moves, holds_go_with_their_account);

async fn a_hold_ends_and_moves(store: Arc<dyn Store>) {
    let accounts = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (accounts[0].id, accounts[1].id);
    let mut tx = store.write().await.unwrap();
    tx.hold_username("old", ada, at(10)).await.unwrap();
    assert_eq!(tx.username_holder("old", at(9)).await.unwrap(), Some(ada));
    assert_eq!(tx.username_holder("old", at(10)).await.unwrap(), None);
    assert_eq!(tx.username_holder("other", at(9)).await.unwrap(), None);
    tx.hold_username("old", bob, at(20)).await.unwrap();
    assert_eq!(tx.username_holder("old", at(15)).await.unwrap(), Some(bob));
    tx.release_username("old").await.unwrap();
    assert_eq!(tx.username_holder("old", at(15)).await.unwrap(), None);
    tx.hold_username("one", ada, at(10)).await.unwrap();
    tx.hold_username("two", ada, at(11)).await.unwrap();
    tx.hold_username("three", bob, at(12)).await.unwrap();
    assert_eq!(tx.held_usernames(ada, at(9)).await.unwrap(), [at(10), at(11)]);
    assert_eq!(tx.held_usernames(ada, at(10)).await.unwrap(), [at(11)]);
    assert_eq!(tx.sweep_usernames(at(10), 10).await.unwrap(), 1);
    assert_eq!(tx.username_holder("two", at(10)).await.unwrap(), Some(ada));
}

async fn holds_go_with_their_account(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut tx = store.write().await.unwrap();
    tx.hold_username("old", ada, at(10)).await.unwrap();
    tx.delete_account(ada).await.unwrap();
    assert_eq!(tx.username_holder("old", at(5)).await.unwrap(), None);
    let nobodys = tx.hold_username("old", named("nobody"), at(10)).await;
    assert!(matches!(nobodys, Err(StoreError::Dangling)), "{nobodys:?}");
}
