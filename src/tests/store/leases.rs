//! Leases and keys.

use std::sync::Arc;

use nameplate::store::{Store, keys::StoredKey};

use super::{at, on_both_engines};

on_both_engines!(one_holder_has_a_lease, keys_are_kept_newest_first);

async fn one_holder_has_a_lease(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    assert!(tx.take_lease("purge", "a", at(0), at(10)).await.unwrap());
    assert!(!tx.take_lease("purge", "b", at(5), at(15)).await.unwrap());
    assert!(tx.take_lease("purge", "a", at(5), at(15)).await.unwrap(), "renewed by its holder");
    assert!(!tx.take_lease("purge", "b", at(14), at(24)).await.unwrap());
    assert!(tx.take_lease("purge", "b", at(15), at(25)).await.unwrap(), "taken over when it ran out");
    tx.release_lease("purge", "a").await.unwrap();
    assert!(!tx.take_lease("purge", "a", at(16), at(26)).await.unwrap(), "only its holder releases it");
    tx.release_lease("purge", "b").await.unwrap();
    assert!(tx.take_lease("purge", "a", at(16), at(26)).await.unwrap());
}

async fn keys_are_kept_newest_first(store: Arc<dyn Store>) {
    let key = |id: &str, created_at| StoredKey {
        id: id.into(),
        purpose: "signing".into(),
        secret: vec![1, 2, 3],
        created_at: at(created_at),
        retired_at: None,
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.insert_key(&key("a", 1)).await.unwrap());
    assert!(tx.insert_key(&key("b", 2)).await.unwrap());
    assert!(!tx.insert_key(&key("a", 3)).await.unwrap());
    assert!(tx.keys().await.unwrap() == [key("b", 2), key("a", 1)]);
    assert_eq!(tx.retire_keys("hashing", at(5)).await.unwrap(), 0);
    assert_eq!(tx.retire_keys("signing", at(5)).await.unwrap(), 2);
    assert_eq!(tx.sweep_keys(at(5)).await.unwrap(), 0);
    assert_eq!(tx.sweep_keys(at(6)).await.unwrap(), 2);
}
