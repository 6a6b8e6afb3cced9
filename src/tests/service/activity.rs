//! What the owner reads of what happened.

use chrono::TimeDelta;
use nameplate::{
    domain::{activity::Kind as Event, session::Kind},
    service::{
        Expectation,
        login::{OnArchived, SignIn},
        profile::ProfileChange,
    },
};

use crate::harness::{PASSWORD, TestServer, origin};

const NEXT: &str = "Another-harbour 19 fern";

#[tokio::test]
async fn it_is_read_by_kind_and_by_page() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    for bio in ["one", "two", "three"] {
        server.advance(TimeDelta::seconds(1));
        let change = ProfileChange { bio: Some(bio.into()), ..Default::default() };
        server.accounts.update_profile(&actor, actor.account_id, change, Expectation::Any).await.unwrap();
        server.sign_in("ada@example.com").await;
    }
    let kinds = [Event::ProfileChanged, Event::Registered];
    let page = server.accounts.activity(&actor, &kinds, None, 2).await.unwrap();
    assert!(page.len() == 2 && page.iter().all(|event| event.kind == "profile-changed"));
    let rest = server.accounts.activity(&actor, &kinds, Some(page[1].id), 100).await.unwrap();
    let rest: Vec<_> = rest.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(rest, ["profile-changed", "registered"]);
    assert_eq!(server.accounts.activity(&actor, &[], None, 1000).await.unwrap().len(), 8);
    let event = &page[0];
    assert_eq!((event.device.as_str(), event.address.as_str()), ("Firefox on Linux", "203.0.113.0/24"));
    assert_eq!(event.detail["fields"], serde_json::json!(["bio"]));
}

#[tokio::test]
async fn every_security_event_is_written() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let accounts = &server.accounts;
    let other = server.sign_in("ada@example.com").await.account.id;
    let wrong = accounts.sign_in("ada@example.com", "wrong", Kind::Api, OnArchived::Ask, &origin()).await;
    assert!(wrong.is_err());
    let second = server.sign_in("ada@example.com").await;
    accounts.sign_out_by_bearer(&second.access, &origin()).await.unwrap();
    let third = server.sign_in("ada@example.com").await;
    let third = server.actor(&third).await;
    accounts.end_session(&actor, third.session_id).await.unwrap();
    accounts.end_all_sessions(&actor, true).await.unwrap();
    let own = actor.account_id;
    accounts.change_password(&actor, own, PASSWORD, NEXT, None, Expectation::Any).await.unwrap();
    let sign_in = async || {
        let done = accounts.sign_in("ada@example.com", NEXT, Kind::Api, OnArchived::Restore, &origin()).await;
        let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
        server.actor(&(*new).into()).await
    };
    accounts.archive(&sign_in().await, own, None, Expectation::Any).await.unwrap();
    let actor = sign_in().await;
    accounts.deactivate(&actor, NEXT, None, Expectation::Any).await.unwrap();
    accounts.unlock_for_operator("ada@example.com").await.unwrap();
    let kinds = server.activity_of(&other.to_string()).await;
    for kind in [
        Event::Registered,
        Event::SignedIn,
        Event::SignInFailed,
        Event::SignedOut,
        Event::SessionEnded,
        Event::SessionsEnded,
        Event::PasswordChanged,
        Event::Archived,
        Event::Restored,
        Event::Deactivated,
        Event::Unlocked,
    ] {
        assert!(kinds.iter().any(|done| done == kind.as_str()), "{kind:?} in {kinds:?}");
    }
}
