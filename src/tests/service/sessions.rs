//! Sessions and tokens.

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use nameplate::{
    domain::{error::Error, session::Kind},
    service::{
        login::{OnArchived, SignIn},
        sessions::{NewSession, Secret},
    },
};

use crate::harness::{PASSWORD, Person, TestServer, origin, statements::recorded};

async fn browser(server: &TestServer, email: &str) -> (NewSession, String) {
    let done = server.accounts.sign_in(email, PASSWORD, Kind::Browser, OnArchived::Ask, &origin()).await;
    let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
    let Secret::Cookie(cookie) = new.secret.clone() else { panic!("no cookie") };
    (*new, cookie)
}

async fn is_alive(server: &TestServer, person: &Person) -> bool {
    server.accounts.authenticate_bearer(&person.access, &origin()).await.is_ok()
}

#[tokio::test]
async fn a_cookie_names_a_session_that_slides() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (_, cookie) = browser(&server, "ada@example.com").await;
    for _ in 0..3 {
        server.advance(TimeDelta::days(29));
        server.accounts.authenticate_cookie(&cookie, &origin()).await.unwrap();
        server.accounts.write_uses().await.unwrap();
    }
    server.advance(TimeDelta::days(30));
    assert_eq!(server.accounts.authenticate_cookie(&cookie, &origin()).await.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.authenticate_cookie("guess", &origin()).await.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn an_access_token_is_good_for_ten_minutes_and_five_seconds() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::seconds(600 + 4));
    assert!(is_alive(&server, &ada).await);
    server.advance(TimeDelta::seconds(2));
    assert!(!is_alive(&server, &ada).await);
}

#[tokio::test]
async fn tokens_of_another_kind_or_hand_are_refused() {
    let server = TestServer::start().await;
    let other = TestServer::start_with(|settings| settings.public_url = "https://other.example".parse().unwrap()).await;
    let ada = other.sign_up("ada@example.com", "Ada Lovelace").await;
    assert!(!is_alive(&server, &ada).await, "another issuer");
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let [header, claims, signature] = ada.access.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
    for forged in [
        format!("{none}.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", signature.chars().rev().collect::<String>()),
        ada.refresh.clone(),
        String::new(),
        "a.b.c".into(),
    ] {
        let refused = server.accounts.authenticate_bearer(&forged, &origin()).await;
        assert_eq!(refused.err(), Some(Error::Unauthenticated), "{forged}");
    }
}

#[tokio::test]
async fn a_refresh_token_gives_one_successor_and_ends_the_family_when_reused() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let first = server.accounts.refresh(&ada.refresh, &origin()).await.unwrap();
    server.advance(TimeDelta::seconds(30));
    let again = server.accounts.refresh(&ada.refresh, &origin()).await.unwrap();
    let (first, again) = (Person::from(first), Person::from(again));
    assert_eq!(first.refresh, again.refresh, "the same successor within thirty seconds");
    assert_ne!(first.refresh, ada.refresh);
    let second = Person::from(server.accounts.refresh(&first.refresh, &origin()).await.unwrap());
    server.advance(TimeDelta::seconds(6));
    assert_eq!(server.accounts.refresh(&ada.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.refresh(&second.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert!(!is_alive(&server, &second).await, "the family has ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_refreshes_agree() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let refreshes = (0..10).map(|_| {
        let (accounts, token) = (server.accounts.clone(), ada.refresh.clone());
        tokio::spawn(async move { accounts.refresh(&token, &origin()).await })
    });
    let done = futures::future::join_all(refreshes.collect::<Vec<_>>()).await;
    let mut successors: Vec<_> = done.into_iter().map(|one| Person::from(one.unwrap().unwrap()).refresh).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn refreshing_never_outlives_thirty_days() {
    let server = TestServer::start().await;
    let mut ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    for _ in 0..3 {
        server.advance(TimeDelta::days(9));
        ada = server.accounts.refresh(&ada.refresh, &origin()).await.unwrap().into();
    }
    server.advance(TimeDelta::days(3));
    assert_eq!(server.accounts.refresh(&ada.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn sessions_end_one_by_one_and_all_at_once() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let bob = server.sign_up("bob@example.com", "Bob Baker").await;
    let (second, _) = browser(&server, "ada@example.com").await;
    let third = server.sign_in("ada@example.com").await;
    let (actor, _) = server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap();
    assert_eq!(server.accounts.sessions(&actor).await.unwrap().len(), 3);
    let (stranger, _) = server.accounts.authenticate_bearer(&bob.access, &origin()).await.unwrap();
    assert_eq!(server.accounts.end_session(&stranger, second.session.id).await.err(), Some(Error::NotFound));
    server.accounts.end_session(&actor, second.session.id).await.unwrap();
    assert_eq!(server.accounts.end_all_sessions(&actor, true).await.unwrap(), 1);
    assert!(!is_alive(&server, &third).await);
    assert!(is_alive(&server, &ada).await);
    server.accounts.sign_out_by_bearer(&ada.access, &origin()).await.unwrap();
    assert!(!is_alive(&server, &ada).await);
    assert_eq!(server.accounts.refresh(&ada.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert!(is_alive(&server, &bob).await);
}

#[tokio::test]
async fn renewing_replaces_the_session() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (actor, _) = server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap();
    let renewed = Person::from(server.accounts.renew(&actor).await.unwrap());
    assert!(!is_alive(&server, &ada).await);
    assert!(is_alive(&server, &renewed).await);
    assert_eq!(server.accounts.renew(&actor).await.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn renewing_never_outlives_thirty_days() {
    let server = TestServer::start().await;
    let began = server.now();
    let mut ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    for _ in 0..3 {
        server.advance(TimeDelta::days(9));
        ada = server.accounts.refresh(&ada.refresh, &origin()).await.unwrap().into();
        let renewed = server.accounts.renew(&server.actor(&ada).await).await.unwrap();
        assert_eq!(renewed.session.expires_at, began + TimeDelta::days(30));
        ada = renewed.into();
    }
    server.advance(TimeDelta::days(3) - TimeDelta::microseconds(1));
    let last = Person::from(server.accounts.refresh(&ada.refresh, &origin()).await.unwrap());
    server.advance(TimeDelta::microseconds(1));
    assert!(!is_alive(&server, &last).await);
    assert_eq!(server.accounts.refresh(&last.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn a_refresh_token_ends_its_session() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let other = server.sign_in("ada@example.com").await;
    server.accounts.sign_out_by_refresh("unknown", &origin()).await.unwrap();
    let renewed = Person::from(server.accounts.refresh(&ada.refresh, &origin()).await.unwrap());
    server.accounts.sign_out_by_refresh(&ada.refresh, &origin()).await.unwrap();
    assert!(!is_alive(&server, &renewed).await, "whichever token of the session it is");
    assert!(is_alive(&server, &other).await);
    server.accounts.sign_out_by_refresh(&ada.refresh, &origin()).await.unwrap();
    let signed_out = server.activity_of("ada@example.com").await.into_iter().filter(|kind| kind == "signed-out");
    assert_eq!(signed_out.count(), 1);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_every_few_seconds_at_most() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (_, signed) = ada.access.split_once('.').unwrap();
    let asked = async |key: &str| {
        let header = format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{}"}}"#, key.repeat(43));
        let forged = format!("{}.{signed}", BASE64URL_NOPAD.encode(header.as_bytes()));
        let (refused, statements) = recorded(server.accounts.authenticate_bearer(&forged, &origin())).await;
        assert_eq!(refused.err(), Some(Error::Unauthenticated));
        statements.len()
    };
    assert_eq!([asked("A").await, asked("A").await, asked("B").await], [1, 0, 0]);
    server.advance(TimeDelta::seconds(2));
    let other = server.beside(|_| {}).await;
    other.accounts.rotate_keys().await.unwrap();
    let new = other.sign_in("ada@example.com").await;
    assert!(is_alive(&server, &new).await, "a key that another server made is found");
    assert_eq!([asked("A").await, asked("B").await], [0, 0]);
    server.advance(TimeDelta::seconds(2));
    assert_eq!([asked("B").await, asked("A").await], [1, 0]);
}
