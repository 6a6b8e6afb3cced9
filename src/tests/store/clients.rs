//! Clients of the management API.

use std::sync::Arc;

use nameplate::{
    domain::client::{Client, Scope},
    store::Store,
};
use uuid::Uuid;

use super::{at, on_both_engines};

on_both_engines!(clients_read_back_oldest_first, a_revoked_client_stays_revoked);

fn client(number: u8, scope: Scope) -> Client {
    Client {
        id: Uuid::from_bytes([number; 16]),
        name: format!("Shop {number}"),
        scope,
        secret_hash: vec![number; 32],
        created_at: at(number.into()),
        last_used_at: None,
        revoked_at: None,
    }
}

async fn clients_read_back_oldest_first(store: Arc<dyn Store>) {
    let [first, mut second] = [client(1, Scope::None), client(2, Scope::All)];
    let mut tx = store.write().await.unwrap();
    for client in [&second, &first] {
        tx.insert_client(client).await.unwrap();
    }
    tx.touch_client(second.id, at(7)).await.unwrap();
    tx.touch_client(second.id, at(6)).await.unwrap();
    tx.commit().await.unwrap();
    second.last_used_at = Some(at(7));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.clients().await.unwrap(), [first, second.clone()]);
    assert_eq!(tx.client(second.id).await.unwrap(), Some(second));
    assert_eq!(tx.client(Uuid::nil()).await.unwrap(), None);
}

async fn a_revoked_client_stays_revoked(store: Arc<dyn Store>) {
    let client = client(1, Scope::All);
    let mut tx = store.write().await.unwrap();
    tx.insert_client(&client).await.unwrap();
    assert!(tx.revoke_client(client.id, at(5)).await.unwrap());
    assert!(tx.revoke_client(client.id, at(6)).await.unwrap());
    assert!(!tx.revoke_client(Uuid::nil(), at(6)).await.unwrap());
    assert_eq!(tx.client(client.id).await.unwrap().unwrap().revoked_at, Some(at(5)));
}
