//! Limits.

use std::sync::Arc;

use nameplate::store::{Store, limits::Failures};
use uuid::Uuid;

use super::{at, named, on_both_engines};

on_both_engines!(
    failures_count_one_after_the_other,
    windows_hold_under_parallel_requests,
    counters_of_an_account_can_be_forgotten,
    old_limits_are_swept,
);

async fn failures_count_one_after_the_other(store: Arc<dyn Store>) {
    let counts: Vec<_> = (0..20)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let mut failures = tx.lock_limit("key", at(1)).await.unwrap();
                failures.count += 1;
                failures.blocked_until = Some(at(9));
                tx.set_failures("key", &failures).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for count in counts {
        count.await.unwrap();
    }
    let mut tx = store.write().await.unwrap();
    let failures = tx.lock_limit("key", at(2)).await.unwrap();
    assert_eq!(failures, Failures { count: 20, blocked_until: Some(at(9)) });
    assert_eq!(tx.lock_limit("other", at(2)).await.unwrap(), Failures::default());
}

async fn windows_hold_under_parallel_requests(store: Arc<dyn Store>) {
    let requests: Vec<_> = (0..20)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                tx.lock_limit("key", at(1)).await.unwrap();
                let admitted = tx.hits("key", at(0)).await.unwrap().len() < 5;
                if admitted {
                    tx.insert_hit(Uuid::from_u128(number), "key", at(1)).await.unwrap();
                }
                tx.commit().await.unwrap();
                admitted
            })
        })
        .collect();
    let mut admitted = 0;
    for request in requests {
        admitted += u32::from(request.await.unwrap());
    }
    assert_eq!(admitted, 5);
    let mut tx = store.write().await.unwrap();
    assert!(tx.hits("key", at(1)).await.unwrap().is_empty(), "the window is open at its beginning");
    let id = Uuid::max();
    tx.insert_hit(id, "key", at(2)).await.unwrap();
    assert_eq!(tx.hits("key", at(1)).await.unwrap(), [at(2)]);
    tx.delete_hit(id).await.unwrap();
    assert!(tx.hits("key", at(1)).await.unwrap().is_empty());
}

async fn counters_of_an_account_can_be_forgotten(store: Arc<dyn Store>) {
    let (ada, bob) = (named("ada"), named("bob"));
    let mut tx = store.write().await.unwrap();
    for id in [ada, bob] {
        let key = format!("password:{id}");
        tx.lock_limit(&key, at(1)).await.unwrap();
        tx.set_failures(&key, &Failures { count: 3, blocked_until: None }).await.unwrap();
        tx.insert_hit(id, &key, at(1)).await.unwrap();
    }
    tx.delete_limits_of(ada).await.unwrap();
    for (id, kept) in [(ada, 0), (bob, 1)] {
        let key = format!("password:{id}");
        assert_eq!(tx.hits(&key, at(0)).await.unwrap().len(), kept);
        assert_eq!(tx.lock_limit(&key, at(2)).await.unwrap().count, 3 * kept as i64);
    }
}

async fn old_limits_are_swept(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    tx.lock_limit("old", at(1)).await.unwrap();
    tx.set_failures("old", &Failures { count: 3, blocked_until: None }).await.unwrap();
    tx.lock_limit("new", at(10)).await.unwrap();
    tx.insert_hit(Uuid::max(), "old", at(1)).await.unwrap();
    assert_eq!(tx.sweep_limits(at(5), 10).await.unwrap(), 2);
    assert_eq!(tx.lock_limit("old", at(11)).await.unwrap(), Failures::default());
}
