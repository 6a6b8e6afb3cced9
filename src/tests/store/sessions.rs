//! Sessions, refresh tokens, devices.

use std::sync::Arc;

use nameplate::{
    domain::session::{Kind, SecondFactor, Session},
    store::{Store, StoreError, sessions::RefreshToken},
};
use uuid::Uuid;

use super::{accounts, at, on_both_engines};

on_both_engines!(
    sessions_read_back,
    ended_sessions_stay_ended,
    all_others_end_at_once,
    old_sessions_are_swept,
    a_refresh_token_is_used_once,
    devices_are_known_until_they_are_forgotten,
    sessions_need_an_account,
);

pub fn session(account_id: Uuid, number: u8) -> Session {
    Session {
        id: Uuid::from_bytes([number; 16]),
        account_id,
        kind: Kind::Browser,
        token_hash: Some(vec![number; 32]),
        user_agent: "Mozilla/5.0".into(),
        device: "Firefox on Linux".into(),
        address: "192.0.2.0/24".into(),
        second_factor: SecondFactor::NotAsked,
        created_at: at(number.into()),
        last_used_at: at(number.into()),
        authenticated_at: at(number.into()),
        expires_at: at(1000),
        ended_at: None,
        app: None,
        replaces: None,
    }
}

pub async fn insert(store: &Arc<dyn Store>, account_id: Uuid, number: u8) -> Session {
    let session = session(account_id, number);
    let mut tx = store.write().await.unwrap();
    tx.insert_session(&session).await.unwrap();
    tx.commit().await.unwrap();
    session
}

async fn sessions_read_back(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut expected = insert(&store, ada, 1).await;
    let mut api =
        Session { kind: Kind::Api, token_hash: None, second_factor: SecondFactor::Pending, ..session(ada, 2) };
    let mut tx = store.write().await.unwrap();
    tx.insert_session(&api).await.unwrap();
    tx.touch_session(expected.id, at(20), at(2000)).await.unwrap();
    tx.touch_session(expected.id, at(19), at(1999)).await.unwrap();
    tx.authenticate_session(api.id, at(30), SecondFactor::Passed).await.unwrap();
    tx.commit().await.unwrap();
    (expected.last_used_at, expected.expires_at) = (at(20), at(2000));
    (api.authenticated_at, api.second_factor) = (at(30), SecondFactor::Passed);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session(expected.id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.session_by_token(&[1; 32]).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.session_by_token(&[9; 32]).await.unwrap(), None);
    assert_eq!(tx.sessions_of(ada, at(40)).await.unwrap(), [api, expected.clone()]);
    assert_eq!(tx.sessions_of(ada, at(1000)).await.unwrap(), [expected]);
}

async fn ended_sessions_stay_ended(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    let session = insert(&store, people[0].id, 1).await;
    let mut tx = store.write().await.unwrap();
    assert!(!tx.end_session(people[1].id, session.id, at(5)).await.unwrap(), "somebody else's");
    assert!(tx.end_session(people[0].id, session.id, at(5)).await.unwrap());
    assert!(!tx.end_session(people[0].id, session.id, at(6)).await.unwrap());
    tx.touch_session(session.id, at(7), at(9000)).await.unwrap();
    tx.authenticate_session(session.id, at(7), SecondFactor::Passed).await.unwrap();
    let ended = tx.session(session.id).await.unwrap().unwrap();
    assert_eq!(ended, Session { ended_at: Some(at(5)), ..session });
}

async fn all_others_end_at_once(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    for number in 1..=3 {
        insert(&store, people[0].id, number).await;
    }
    insert(&store, people[1].id, 4).await;
    let mut tx = store.write().await.unwrap();
    let own = Uuid::from_bytes([2; 16]);
    assert_eq!(tx.end_sessions(people[0].id, Some(own), at(5)).await.unwrap(), 2);
    let left: Vec<_> = tx.sessions_of(people[0].id, at(5)).await.unwrap().iter().map(|session| session.id).collect();
    assert_eq!(left, [own]);
    assert_eq!(tx.end_sessions(people[0].id, None, at(5)).await.unwrap(), 1);
    assert_eq!(tx.sessions_of(people[1].id, at(5)).await.unwrap().len(), 1);
}

async fn old_sessions_are_swept(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let ended = insert(&store, ada, 1).await;
    insert(&store, ada, 2).await;
    let mut tx = store.write().await.unwrap();
    tx.end_session(ada, ended.id, at(5)).await.unwrap();
    assert_eq!(tx.sweep_sessions(at(5), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_sessions(at(6), 10).await.unwrap(), 1);
    assert_eq!(tx.sweep_sessions(at(1001), 10).await.unwrap(), 1);
}

async fn a_refresh_token_is_used_once(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let session_id = insert(&store, ada, 1).await.id;
    let mut token = RefreshToken {
        token_hash: vec![7; 32],
        session_id,
        created_at: at(1),
        expires_at: at(100),
        used_at: None,
        grant: None,
    };
    let mut tx = store.write().await.unwrap();
    tx.insert_refresh_token(&token).await.unwrap();
    tx.commit().await.unwrap();
    let uses: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let first = tx.use_refresh_token(&[7; 32], at(2)).await.unwrap();
                tx.commit().await.unwrap();
                first
            })
        })
        .collect();
    let mut first = 0;
    for usage in uses {
        first += u32::from(usage.await.unwrap());
    }
    assert_eq!(first, 1);
    token.used_at = Some(at(2));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.refresh_token(&[7; 32]).await.unwrap(), Some(token));
    assert_eq!(tx.refresh_token(&[8; 32]).await.unwrap(), None);
}

async fn devices_are_known_until_they_are_forgotten(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    let [ada, bob] = [people[0].id, people[1].id];
    let mut tx = store.write().await.unwrap();
    assert!(!tx.has_devices(ada).await.unwrap());
    assert!(!tx.see_device(ada, b"firefox", at(1)).await.unwrap());
    for (device, seen) in [(b"firefox", 1), (b"firefox", 2), (b"webkit2", 3)] {
        tx.add_device(ada, device, at(seen)).await.unwrap();
    }
    assert!(tx.see_device(ada, b"firefox", at(4)).await.unwrap() && tx.has_devices(ada).await.unwrap());
    assert!(!tx.see_device(bob, b"firefox", at(4)).await.unwrap() && !tx.has_devices(bob).await.unwrap());
    assert!(!tx.forget_device(bob, b"firefox").await.unwrap());
    assert_eq!(tx.sweep_devices(at(4), 10).await.unwrap(), 1);
    assert!(!tx.see_device(ada, b"webkit2", at(5)).await.unwrap());
    assert!(tx.forget_device(ada, b"firefox").await.unwrap() && !tx.has_devices(ada).await.unwrap());
}

async fn sessions_need_an_account(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.insert_session(&session(Uuid::nil(), 1)).await, Err(StoreError::Dangling)));
}
