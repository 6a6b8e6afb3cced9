//! Authenticator apps, recovery codes, and restores that wait for the second step.

use std::sync::Arc;

use nameplate::{
    domain::session::{Kind, SecondFactor, Session},
    store::{Store, StoreError, factors::AuthenticatorApp},
};
use uuid::Uuid;

use super::{accounts, at, on_both_engines, sessions};

on_both_engines!(
    an_app_counts_once_it_is_confirmed,
    a_new_app_takes_the_place_of_the_old_one,
    a_step_is_used_once_and_never_an_earlier_one,
    recovery_codes_are_used_once,
    new_recovery_codes_replace_the_old_ones,
    a_restore_waits_until_it_is_forgotten,
    a_half_session_is_completed_once,
    factors_go_with_their_account,
    factors_need_an_account,
);

fn app(account_id: Uuid, number: u8) -> AuthenticatorApp {
    AuthenticatorApp {
        id: Uuid::from_bytes([number; 16]),
        account_id,
        secret: vec![number; 20],
        created_at: at(number.into()),
        confirmed_at: None,
        last_step: None,
    }
}

/// Runs something in eight transactions at once, and says how often it answered `true`.
async fn successes<F>(store: &Arc<dyn Store>, act: impl Fn(Arc<dyn Store>) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let tries: Vec<_> = (0..8).map(|_| tokio::spawn(act(Arc::clone(store)))).collect();
    let mut count = 0;
    for done in tries {
        count += usize::from(done.await.unwrap());
    }
    count
}

async fn an_app_counts_once_it_is_confirmed(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut expected = app(ada, 1);
    let mut tx = store.write().await.unwrap();
    tx.propose_app(&expected).await.unwrap();
    assert!(tx.proposed_app(ada).await.unwrap() == Some(expected.clone()));
    assert!(tx.confirmed_app(ada).await.unwrap().is_none());
    tx.commit().await.unwrap();
    let id = expected.id;
    let confirmed = successes(&store, |store| async move {
        let mut tx = store.write().await.unwrap();
        let first = tx.confirm_app(ada, id, 7, at(5)).await.unwrap();
        tx.commit().await.unwrap();
        first
    });
    assert_eq!(confirmed.await, 1);
    (expected.confirmed_at, expected.last_step) = (Some(at(5)), Some(7));
    let mut tx = store.read().await.unwrap();
    assert!(tx.confirmed_app(ada).await.unwrap() == Some(expected));
    assert!(tx.proposed_app(ada).await.unwrap().is_none());
}

async fn a_new_app_takes_the_place_of_the_old_one(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (people[0].id, people[1].id);
    let mut tx = store.write().await.unwrap();
    tx.propose_app(&app(ada, 1)).await.unwrap();
    tx.propose_app(&app(bob, 9)).await.unwrap();
    tx.confirm_app(ada, app(ada, 1).id, 7, at(5)).await.unwrap();
    tx.propose_app(&app(ada, 2)).await.unwrap();
    tx.propose_app(&app(ada, 3)).await.unwrap();
    assert!(tx.proposed_app(ada).await.unwrap() == Some(app(ada, 3)));
    assert!(tx.confirmed_app(ada).await.unwrap().unwrap().id == app(ada, 1).id, "the old one goes on until then");
    assert!(!tx.confirm_app(ada, app(ada, 2).id, 8, at(6)).await.unwrap(), "it was replaced");
    assert!(!tx.confirm_app(bob, app(ada, 3).id, 8, at(6)).await.unwrap(), "somebody else's");
    assert!(tx.confirm_app(ada, app(ada, 3).id, 8, at(6)).await.unwrap());
    assert!(tx.confirmed_app(ada).await.unwrap().unwrap().id == app(ada, 3).id);
    assert_eq!(tx.delete_apps(ada).await.unwrap(), 1);
    assert_eq!(tx.delete_apps(ada).await.unwrap(), 0);
    assert_eq!(tx.sweep_factors(at(9), at(0), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_factors(at(10), at(0), 10).await.unwrap(), 1);
    assert!(tx.proposed_app(bob).await.unwrap().is_none());
}

async fn a_step_is_used_once_and_never_an_earlier_one(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let id = app(ada, 1).id;
    let mut tx = store.write().await.unwrap();
    tx.propose_app(&app(ada, 1)).await.unwrap();
    assert!(!tx.use_app_step(id, 8).await.unwrap(), "not confirmed");
    tx.confirm_app(ada, id, 7, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let used = successes(&store, |store| async move {
        let mut tx = store.write().await.unwrap();
        let first = tx.use_app_step(id, 9).await.unwrap();
        tx.commit().await.unwrap();
        first
    });
    assert_eq!(used.await, 1);
    let mut tx = store.write().await.unwrap();
    assert!(!tx.use_app_step(id, 8).await.unwrap());
    assert!(tx.use_app_step(id, 10).await.unwrap());
    assert_eq!(tx.confirmed_app(ada).await.unwrap().unwrap().last_step, Some(10));
}

async fn recovery_codes_are_used_once(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (people[0].id, people[1].id);
    let mut tx = store.write().await.unwrap();
    tx.replace_recovery_codes(ada, &[vec![1; 32], vec![2; 32]]).await.unwrap();
    tx.replace_recovery_codes(bob, &[vec![1; 32]]).await.unwrap();
    assert_eq!(tx.count_recovery_codes(ada).await.unwrap(), 2);
    assert!(tx.has_recovery_code(ada, &[2; 32]).await.unwrap());
    assert!(!tx.has_recovery_code(bob, &[2; 32]).await.unwrap());
    assert!(!tx.use_recovery_code(bob, &[2; 32], at(1)).await.unwrap(), "somebody else's");
    tx.commit().await.unwrap();
    let used = successes(&store, |store| async move {
        let mut tx = store.write().await.unwrap();
        let first = tx.use_recovery_code(ada, &[1; 32], at(1)).await.unwrap();
        tx.commit().await.unwrap();
        first
    });
    assert_eq!(used.await, 1);
    let mut tx = store.read().await.unwrap();
    assert!(!tx.has_recovery_code(ada, &[1; 32]).await.unwrap());
    assert_eq!(tx.count_recovery_codes(ada).await.unwrap(), 1);
    assert_eq!(tx.count_recovery_codes(bob).await.unwrap(), 1);
}

async fn new_recovery_codes_replace_the_old_ones(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut tx = store.write().await.unwrap();
    tx.replace_recovery_codes(ada, &[vec![1; 32], vec![2; 32]]).await.unwrap();
    tx.use_recovery_code(ada, &[1; 32], at(1)).await.unwrap();
    tx.replace_recovery_codes(ada, &[vec![3; 32]]).await.unwrap();
    assert_eq!(tx.count_recovery_codes(ada).await.unwrap(), 1);
    assert!(!tx.has_recovery_code(ada, &[2; 32]).await.unwrap());
    assert!(tx.has_recovery_code(ada, &[3; 32]).await.unwrap());
}

async fn a_restore_waits_until_it_is_forgotten(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut tx = store.write().await.unwrap();
    tx.put_restore(ada, "old", at(5)).await.unwrap();
    tx.put_restore(ada, "new", at(10)).await.unwrap();
    assert_eq!(tx.restore(ada, at(9)).await.unwrap().as_deref(), Some("new"));
    assert_eq!(tx.restore(ada, at(10)).await.unwrap(), None);
    assert_eq!(tx.sweep_factors(at(0), at(9), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_factors(at(0), at(10), 10).await.unwrap(), 1);
    assert_eq!(tx.restore(ada, at(1)).await.unwrap(), None);
    tx.put_restore(ada, "new", at(10)).await.unwrap();
    tx.delete_restore(ada).await.unwrap();
    assert_eq!(tx.restore(ada, at(1)).await.unwrap(), None);
}

async fn a_half_session_is_completed_once(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let half = Session { second_factor: SecondFactor::PendingRestore, ..sessions::session(ada, 1) };
    let api = Session {
        kind: Kind::Api,
        token_hash: None,
        second_factor: SecondFactor::Pending,
        ..sessions::session(ada, 2)
    };
    let mut tx = store.write().await.unwrap();
    for session in [&half, &api, &sessions::session(ada, 3)] {
        tx.insert_session(session).await.unwrap();
    }
    assert_eq!(tx.session(half.id).await.unwrap().unwrap(), half);
    tx.commit().await.unwrap();
    let id = half.id;
    let completed = successes(&store, |store| async move {
        let mut tx = store.write().await.unwrap();
        let first = tx.complete_session(id, Some(&[9; 32]), at(50), at(5000)).await.unwrap();
        tx.commit().await.unwrap();
        first
    });
    assert_eq!(completed.await, 1);
    let whole = Session {
        token_hash: Some(vec![9; 32]),
        second_factor: SecondFactor::Passed,
        authenticated_at: at(50),
        last_used_at: at(50),
        expires_at: at(5000),
        ..half
    };
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.session_by_token(&[9; 32]).await.unwrap(), Some(whole));
    assert_eq!(tx.session_by_token(&[1; 32]).await.unwrap(), None, "the cookie of the first step is worth nothing");
    let third = Uuid::from_bytes([3; 16]);
    assert!(!tx.complete_session(third, None, at(50), at(5000)).await.unwrap(), "not half-signed-in");
    assert!(!tx.complete_session(api.id, None, at(1000), at(5000)).await.unwrap(), "too late");
    tx.end_session(ada, api.id, at(5)).await.unwrap();
    assert!(!tx.complete_session(api.id, None, at(50), at(5000)).await.unwrap(), "ended");
}

async fn factors_go_with_their_account(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut tx = store.write().await.unwrap();
    tx.propose_app(&app(ada, 1)).await.unwrap();
    tx.confirm_app(ada, app(ada, 1).id, 7, at(5)).await.unwrap();
    tx.propose_app(&app(ada, 2)).await.unwrap();
    tx.replace_recovery_codes(ada, &[vec![1; 32]]).await.unwrap();
    tx.put_restore(ada, "new", at(10)).await.unwrap();
    tx.delete_account(ada).await.unwrap();
    assert!(tx.confirmed_app(ada).await.unwrap().is_none() && tx.proposed_app(ada).await.unwrap().is_none());
    assert_eq!(tx.count_recovery_codes(ada).await.unwrap(), 0);
    assert_eq!(tx.restore(ada, at(1)).await.unwrap(), None);
}

async fn factors_need_an_account(store: Arc<dyn Store>) {
    let nobody = Uuid::nil();
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.propose_app(&app(nobody, 1)).await, Err(StoreError::Dangling)));
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.replace_recovery_codes(nobody, &[vec![1; 32]]).await, Err(StoreError::Dangling)));
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.put_restore(nobody, "new", at(1)).await, Err(StoreError::Dangling)));
}
