//! Which applications sign people in, and the keys that sign their tokens.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use nameplate::{
    domain::{
        client::{Client, ClientType},
        error::Error,
        oidc::app::{Api, App},
    },
    service::{
        oidc::registry::{AppDraft, NewApp, RegistryError},
        secrets::Material,
    },
};
use uuid::Uuid;

use crate::harness::{TestServer, origin, with_both_engines};

with_both_engines!(
    an_app_is_registered_once_and_changed,
    an_id_belongs_to_one_party,
    a_secret_works_for_a_day_beside_its_successor,
    keys_are_made_with_the_first_app,
);

fn draft(kind: ClientType) -> AppDraft {
    let app = App { redirect_uris: vec!["https://app.example/cb".to_owned()], ..App::default() };
    AppDraft { name: "Notes".to_owned(), kind, id: None, app }
}

async fn refused(server: &TestServer, draft: AppDraft) -> &'static str {
    match server.accounts.create_app(draft).await {
        Err(RegistryError::Setting(error)) => error.name,
        Err(RegistryError::Core(error)) => panic!("{error:?}"),
        Ok(_) => panic!("it was made"),
    }
}

async fn an_app_is_registered_once_and_changed(server: TestServer) {
    let NewApp { client, secret } = server.accounts.create_app(draft(ClientType::Confidential)).await.unwrap();
    assert!(secret.is_some_and(|secret| secret.len() >= 32));
    let public = server.accounts.create_app(draft(ClientType::Public)).await.unwrap();
    assert_eq!((public.secret, public.client.secret_hash.len()), (None, 0));
    assert_eq!(server.accounts.client_for_operator(client.id).await.unwrap(), client);
    assert_eq!(server.accounts.clients().await.unwrap().len(), 2);

    let changed = server.accounts.update_app(client.id, |name, app| {
        *name = "Diary".to_owned();
        app.resources = vec![Api::parse("https://api.example read")];
    });
    let changed = changed.await.unwrap();
    assert_eq!((changed.name.as_str(), changed.kind), ("Diary", ClientType::Confidential));
    // Another server reads it with its next request: nothing is kept in memory.
    let other = server.beside(|_| {}).await;
    assert_eq!(other.accounts.client_for_operator(client.id).await.unwrap(), changed);

    let wrong = server.accounts.update_app(client.id, |_, app| app.redirect_uris.clear()).await;
    assert!(matches!(wrong, Err(RegistryError::Setting(error)) if error.name == "redirect_uri"));
    assert_eq!(server.accounts.client_for_operator(client.id).await.unwrap(), changed, "nothing was written");
    server.accounts.revoke_client(client.id).await.unwrap();
    for gone in [client.id, Uuid::nil()] {
        let refused = server.accounts.update_app(gone, |_, _| {}).await;
        assert!(matches!(refused, Err(RegistryError::Core(Error::NotFound))));
    }
    let service = server.accounts.create_client("Shop", nameplate::domain::client::Scope::All).await.unwrap();
    let refused = server.accounts.update_app(service.client.id, |_, app| app.first_party = true).await;
    assert!(matches!(refused, Err(RegistryError::Setting(error)) if error.name == "type"));
}

/// RFC 9700, section 4.15: a `sub` that is a client's must not be taken for an account's.
async fn an_id_belongs_to_one_party(server: TestServer) {
    let ada = server.sign_up("ada@example.com", "Ada").await;
    let of = |id: Uuid| AppDraft { id: Some(id), ..draft(ClientType::Public) };
    assert_eq!(refused(&server, of(ada.account.id)).await, "id");
    let id = Uuid::from_u128(0x019b_7f21_6f1e_4c3a_9d54_0f6f_6f1b_2a10);
    assert_eq!(server.accounts.create_app(of(id)).await.unwrap().client.id, id);
    assert_eq!(refused(&server, of(id)).await, "id");
    server.accounts.revoke_client(id).await.unwrap();
    assert_eq!(refused(&server, of(id)).await, "id", "an id that was is never another's");
    assert_eq!(refused(&server, AppDraft { name: " ".to_owned(), ..draft(ClientType::Public) }).await, "name");
    assert_eq!(refused(&server, draft(ClientType::Service)).await, "type");
    let ours = |uri: &str| {
        let app = App { resources: vec![Api::parse(uri)], ..draft(ClientType::Public).app };
        AppDraft { app, ..draft(ClientType::Public) }
    };
    for uri in ["https://id.example/api", "https://id.example/elsewhere", "https://default.logto.app/api"] {
        assert_eq!(refused(&server, ours(uri)).await, "resource", "{uri}");
    }
}

async fn a_secret_works_for_a_day_beside_its_successor(server: TestServer) {
    let NewApp { client: Client { id, .. }, secret } =
        server.accounts.create_app(draft(ClientType::Confidential)).await.unwrap();
    let first = secret.unwrap();
    let works =
        async |secret: &str| server.accounts.authenticate_client(&id.to_string(), secret, &origin()).await.is_ok();
    let second = server.accounts.renew_client_secret(id, false).await.unwrap();
    assert!(works(&first).await && works(&second).await);
    server.advance(TimeDelta::hours(24));
    assert!(!works(&first).await && works(&second).await);
    let third = server.accounts.renew_client_secret(id, true).await.unwrap();
    assert!(!works(&second).await && works(&third).await);
    let public = server.accounts.create_app(draft(ClientType::Public)).await.unwrap().client.id;
    let refused = server.accounts.renew_client_secret(public, true).await;
    assert!(matches!(refused, Err(RegistryError::Setting(error)) if error.name == "type"));
    assert!(server.accounts.authenticate_client(&public.to_string(), "", &origin()).await.is_err());
}

async fn keys_are_made_with_the_first_app(server: TestServer) {
    let kinds = |server: &TestServer| {
        let named = |material: &Material| match material {
            Material::Ed25519 { .. } => "Ed25519",
            Material::P256 { x, y } => {
                assert_eq!((x.len(), y.len()), (32, 32));
                "P-256"
            }
            Material::Rsa { n, e } => {
                assert_eq!((n.len(), e.as_slice()), (256, &[1, 0, 1][..]));
                "RSA"
            }
        };
        server.accounts.public_keys().iter().map(|key| named(&key.material)).collect::<Vec<_>>()
    };
    let other = server.beside(|_| {}).await;
    assert_eq!(kinds(&server), ["Ed25519"], "services need no more");
    // Two servers at the same moment make one of each.
    let (one, two) = tokio::join!(
        server.accounts.create_app(draft(ClientType::Confidential)),
        other.accounts.create_app(draft(ClientType::Public))
    );
    assert!(one.is_ok() && two.is_ok());
    for server in [&server, &other] {
        server.accounts.reload_keys().await.unwrap();
        assert_eq!(kinds(server), ["Ed25519", "RSA", "P-256"]);
    }
    let old: BTreeSet<_> = server.accounts.public_keys().into_iter().map(|key| key.id).collect();
    server.accounts.create_app(draft(ClientType::Public)).await.unwrap();
    assert_eq!(kinds(&server), ["Ed25519", "RSA", "P-256"], "they are made once");
    let new: BTreeSet<_> = server.accounts.rotate_keys().await.unwrap().into_iter().collect();
    assert_eq!(new.len(), 3, "all of them turn");
    let published: BTreeSet<_> = server.accounts.public_keys().into_iter().map(|key| key.id).collect();
    assert_eq!(published, old.union(&new).cloned().collect());
    let keys = server.call("GET /oidc/jwks").send().await.expect(200);
    for key in keys["keys"].as_array().unwrap() {
        assert!(["EdDSA", "RS256", "ES256"].contains(&key["alg"].as_str().unwrap()), "{key}");
        assert!(key["use"] == "sig" && key["kid"].as_str().is_some_and(|kid| kid.len() == 43), "{key}");
        let secret = ["d", "p", "q", "dp", "dq", "qi", "k"];
        assert!(secret.iter().all(|name| key.get(name).is_none()), "{key}");
    }
    let pem = server.call("GET /auth-api/publickey").send().await.expect(200);
    assert_eq!(server.accounts.public_keys()[0].id, pem["keyId"], "the dialect has its own");
    for key in server.accounts.public_keys() {
        let asked = server.call(&format!("GET /auth-api/publickey?keyId={}", key.id)).send().await;
        let is_own = matches!(key.material, Material::Ed25519 { .. });
        assert_eq!(asked.status.is_success(), is_own, "{:?}", key.material);
    }
}
