//! Pending registrations.

use std::sync::Arc;

use nameplate::{
    domain::{account::Registration, email::EmailAddress, locale::Locale, names::Names, username::Username},
    store::Store,
};
use uuid::Uuid;

use super::{at, on_both_engines};

on_both_engines!(
    registrations_read_back_newest_first,
    deleting_takes_their_codes_along,
    those_made_later_are_spared,
    forgotten_ones_are_swept,
);

/// A registration of `ada@example.com`.
pub fn registration(number: u8) -> Registration {
    Registration {
        account_id: Uuid::from_bytes([number; 16]),
        identifier_key: "ada@example.com".into(),
        email: Some(EmailAddress::parse("Ada@example.com").unwrap()),
        phone: None,
        username: Some(Username::parse("ada-1").unwrap()),
        names: Names::from_full("Ada King Lovelace").unwrap(),
        picture: Some("https://example.com/a.png".into()),
        password_hash: "$argon2id$…".into(),
        locale: Some(Locale::Tr),
        created_at: at(number.into()),
        expires_at: at(100 + i64::from(number)),
    }
}

pub async fn insert(store: &Arc<dyn Store>, number: u8) -> Registration {
    let registration = registration(number);
    let mut tx = store.write().await.unwrap();
    tx.insert_registration(&registration).await.unwrap();
    tx.commit().await.unwrap();
    registration
}

async fn registrations_read_back_newest_first(store: Arc<dyn Store>) {
    let first = insert(&store, 1).await;
    let second = insert(&store, 2).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.registration(first.account_id).await.unwrap().as_ref(), Some(&first));
    let (email, both) = ("ada@example.com", vec![second.clone(), first]);
    assert_eq!(tx.open_registrations(email, at(50), 5).await.unwrap(), both);
    for now in [at(50), at(101)] {
        assert_eq!(tx.open_registrations(email, now, 1).await.unwrap(), std::slice::from_ref(&second));
    }
    assert_eq!(tx.open_registrations(email, at(102), 5).await.unwrap(), []);
    assert_eq!(tx.open_registrations("bob@example.com", at(50), 5).await.unwrap(), []);
}

async fn deleting_takes_their_codes_along(store: Arc<dyn Store>) {
    let registration = insert(&store, 1).await;
    let code = super::codes::code(1, None, Some(registration.account_id));
    let mut tx = store.write().await.unwrap();
    tx.insert_code(&code).await.unwrap();
    tx.delete_registrations("ada@example.com").await.unwrap();
    assert_eq!(tx.registration(registration.account_id).await.unwrap(), None);
    assert_eq!(tx.newest_code(&code.purpose, &code.destination).await.unwrap(), None);
}

async fn those_made_later_are_spared(store: Arc<dyn Store>) {
    let (early, late) = (insert(&store, 1).await, insert(&store, 2).await);
    let mut tx = store.write().await.unwrap();
    tx.delete_registrations_before("ada@example.com", at(2)).await.unwrap();
    tx.delete_registrations_before("bob@example.com", at(9)).await.unwrap();
    assert_eq!(tx.registration(early.account_id).await.unwrap(), None);
    assert_eq!(tx.registration(late.account_id).await.unwrap(), Some(late));
}

async fn forgotten_ones_are_swept(store: Arc<dyn Store>) {
    insert(&store, 1).await;
    insert(&store, 2).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.sweep_registrations(at(101), 10).await.unwrap(), 1);
    assert_eq!(tx.sweep_registrations(at(101), 10).await.unwrap(), 0);
}
