//! Clients of the management API.

use std::sync::Arc;

use nameplate::{
    domain::{
        client::{Client, ClientType, PreviousSecret, Scope},
        oidc::app::{Api, App},
    },
    store::Store,
};
use uuid::Uuid;

use super::{at, on_both_engines};

on_both_engines!(clients_read_back_oldest_first, a_revoked_client_stays_revoked, an_app_is_kept_with_its_settings);

fn client(number: u8, scope: Scope) -> Client {
    Client {
        id: Uuid::from_bytes([number; 16]),
        kind: ClientType::Service,
        name: format!("Shop {number}"),
        scope,
        secret_hash: vec![number; 32],
        previous_secret: None,
        app: App::default(),
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

async fn an_app_is_kept_with_its_settings(store: Arc<dyn Store>) {
    let mut app = Client { kind: ClientType::Public, secret_hash: Vec::new(), ..client(3, Scope::None) };
    app.app.redirect_uris = vec!["com.example.app:/cb".to_owned()];
    let mut tx = store.write().await.unwrap();
    tx.insert_client(&app).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().await.unwrap().client(app.id).await.unwrap(), Some(app.clone()));
    app.name = "Shop".to_owned();
    app.secret_hash = vec![4; 32];
    app.previous_secret = Some(PreviousSecret { hash: vec![5; 32], until: at(9) });
    app.app.resources = vec![Api::parse("https://api.example read")];
    let mut tx = store.write().await.unwrap();
    assert!(tx.lock_client(app.id).await.unwrap().is_some());
    assert!(tx.lock_client(Uuid::nil()).await.unwrap().is_none());
    tx.update_client(&app).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().await.unwrap().client(app.id).await.unwrap(), Some(app));
}
