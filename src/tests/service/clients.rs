//! Clients of the management API, and the keys that sign all tokens.

use std::net::IpAddr;

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use nameplate::{
    domain::{
        client::Scope,
        error::{Error, Field, Reason},
        session::Origin,
    },
    service::management::clients::NewClient,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{ADDRESS, TestServer, origin};

const LOGTO: &str = "https://default.logto.app/api";

async fn token(server: &TestServer, made: &NewClient, resource: &str, requested: &str) -> String {
    let id = made.client.id.to_string();
    let client = server.accounts.authenticate_client(&id, &made.secret, &origin()).await.unwrap();
    let resource = server.accounts.resource(resource).unwrap();
    server.accounts.issue_management_token(&client, &resource, requested).unwrap().access
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_client_gets_tokens_for_its_secret() {
    let server = TestServer::start().await;
    let made = server.accounts.create_client(" Shop ", Scope::All).await.unwrap();
    assert_eq!((made.client.name.as_str(), made.secret.len()), ("Shop", 43));
    for resource in [LOGTO, "https://id.example/api"] {
        let token = token(&server, &made, resource, "all").await;
        let claims = claims(&token);
        assert_eq!((&claims["aud"], &claims["scope"]), (&json!(resource), &json!("all")));
        assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(made.client.id), &json!(made.client.id)));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
        let manager = server.accounts.authenticate_management(&token).await.unwrap();
        assert_eq!((manager.client.id, manager.scope), (made.client.id, Scope::All));
    }
    server.accounts.write_uses().await.unwrap();
    assert_eq!(server.accounts.clients().await.unwrap()[0].last_used_at, Some(server.now()));
    for other in ["", "https://id.example", "https://id.example/api/", "https://other.example/api"] {
        assert_eq!(server.accounts.resource(other), None, "{other}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_one_answer_and_count_for_the_address() {
    let server = TestServer::start().await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let id = made.client.id.to_string();
    for (id, secret) in
        [(id.as_str(), "wrong"), (&Uuid::nil().to_string(), &made.secret), ("shop", &made.secret), ("", "")]
    {
        let refused = server.accounts.authenticate_client(id, secret, &origin()).await;
        assert_eq!(refused.err(), Some(Error::BadCredentials), "{id}");
    }
    for _ in 4..30 {
        let right = server.accounts.authenticate_client(&id, &made.secret, &origin()).await;
        assert!(right.is_ok(), "the right one does not count");
        let wrong = server.accounts.authenticate_client(&id, "wrong", &origin()).await;
        assert_eq!(wrong.err(), Some(Error::BadCredentials));
    }
    let throttled = server.accounts.authenticate_client(&id, &made.secret, &origin()).await;
    assert!(matches!(throttled, Err(Error::Throttled { .. })), "{throttled:?}");
    let [a, b, c, d] = ADDRESS;
    let elsewhere = Origin { address: Some(IpAddr::from([a, b, c, d + 1])), ..origin() };
    assert!(server.accounts.authenticate_client(&id, &made.secret, &elsewhere).await.is_ok());
    server.advance(TimeDelta::minutes(10));
    assert!(server.accounts.authenticate_client(&id, &made.secret, &origin()).await.is_ok());
}

#[tokio::test]
async fn a_scope_that_is_not_held_or_not_asked_for_is_not_granted() {
    let server = TestServer::start().await;
    let powerless = server.accounts.create_client("Reader", Scope::None).await.unwrap();
    let shop = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    for (client, requested) in [(&powerless, "all"), (&shop, ""), (&shop, "openid")] {
        let token = token(&server, client, LOGTO, requested).await;
        assert_eq!(claims(&token).get("scope"), None);
        assert_eq!(server.accounts.authenticate_management(&token).await.unwrap().scope, Scope::None);
    }
}

#[tokio::test]
async fn a_revoked_client_is_dead_at_once() {
    let server = TestServer::start().await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let token = token(&server, &made, LOGTO, "all").await;
    assert!(server.accounts.authenticate_management(&token).await.is_ok());
    server.accounts.revoke_client(made.client.id).await.unwrap();
    assert_eq!(server.accounts.authenticate_management(&token).await.err(), Some(Error::Unauthenticated));
    let id = made.client.id.to_string();
    let refused = server.accounts.authenticate_client(&id, &made.secret, &origin()).await;
    assert_eq!(refused.err(), Some(Error::BadCredentials));
    assert_eq!(server.accounts.revoke_client(Uuid::nil()).await, Err(Error::NotFound));
}

#[tokio::test]
async fn tokens_of_people_and_services_are_not_good_for_each_other() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada").await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    for resource in [LOGTO, "https://id.example/api"] {
        let token = token(&server, &made, resource, "all").await;
        let person = server.accounts.authenticate_bearer(&token, &origin()).await;
        assert_eq!(person.err(), Some(Error::Unauthenticated));
    }
    assert_eq!(server.accounts.authenticate_management(&ada.access).await.err(), Some(Error::Unauthenticated));
    let token = token(&server, &made, LOGTO, "all").await;
    server.advance(TimeDelta::hours(1) + TimeDelta::seconds(6));
    assert_eq!(server.accounts.authenticate_management(&token).await.err(), Some(Error::Unauthenticated), "too old");
}

#[tokio::test]
async fn a_name_is_a_line_of_text() {
    let server = TestServer::start().await;
    for (name, reason) in [
        ("  ", Reason::Required),
        ("a\nb", Reason::ForbiddenCharacters),
        (&*"x".repeat(101), Reason::TooLong { max: 100 }),
    ] {
        let refused = server.accounts.create_client(name, Scope::All).await;
        assert_eq!(refused.err(), Some(Error::invalid(Field::Other("name"), reason)), "{name}");
    }
}

#[tokio::test]
async fn rotated_keys_sign_at_once_and_old_tokens_stay_good() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada").await;
    let old = server.accounts.public_keys()[0].id.clone();
    server.advance(TimeDelta::seconds(-30));
    let [new] = <[String; 1]>::try_from(server.accounts.rotate_keys().await.unwrap()).unwrap();
    let published: Vec<_> = server.accounts.public_keys().into_iter().map(|key| key.id).collect();
    assert_eq!(published, [new.clone(), old], "although the clock was put back");
    server.advance(TimeDelta::seconds(30));
    assert!(server.accounts.authenticate_bearer(&ada.access, &origin()).await.is_ok());
    let header = |token: &str| -> Value {
        let head = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
        serde_json::from_slice(&head).unwrap()
    };
    let again = server.sign_in("ada@example.com").await;
    assert_eq!(header(&again.access)["kid"], json!(new));

    server.advance(TimeDelta::minutes(119));
    server.accounts.sweep().await.unwrap();
    server.accounts.reload_keys().await.unwrap();
    assert_eq!(server.accounts.public_keys().len(), 2, "an hour for tokens, and one to spare");
    server.advance(TimeDelta::minutes(2));
    server.accounts.sweep().await.unwrap();
    server.accounts.reload_keys().await.unwrap();
    let left: Vec<_> = server.accounts.public_keys().into_iter().map(|key| key.id).collect();
    assert_eq!(left, [new]);
}
