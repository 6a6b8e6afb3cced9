//! Changing the password.

use chrono::TimeDelta;
use nameplate::domain::{
    error::{Error, Field, PasswordReason, Reason},
    session::{Actor, Kind},
};
use nameplate::service::{Expectation, login::OnArchived, profile::ProfileChange};

use crate::harness::{PASSWORD, TestServer, origin};

const NEXT: &str = "Another-harbour 19 fern";

async fn ada(server: &TestServer) -> Actor {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap().0
}

#[tokio::test]
async fn a_change_ends_every_session_and_is_told() {
    let server = TestServer::start().await;
    let actor = ada(&server).await;
    let other = server.sign_in("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    let changed = server
        .accounts
        .change_password(&actor, actor.account_id, PASSWORD, NEXT, Some(NEXT), Expectation::Any)
        .await
        .unwrap();
    assert_eq!(changed.record_version, 2);
    assert_eq!(server.accounts.refresh(&other.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.sessions(&actor).await.unwrap(), []);
    assert!(server.last_message_to("ada@example.com").await.subject.to_lowercase().contains("password"));
    let old = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await;
    assert_eq!(old.err(), Some(Error::BadCredentials));
    assert!(server.accounts.sign_in("ada@example.com", NEXT, Kind::Api, OnArchived::Ask, &origin()).await.is_ok());
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let server = TestServer::start().await;
    let actor = ada(&server).await;
    let own = actor.account_id;
    let because = |reason| Error::invalid(Field::NewPassword, Reason::Password(reason));
    for (current, new, confirm, expected) in [
        ("wrong", NEXT, None, Error::WrongPassword),
        (PASSWORD, PASSWORD, None, because(PasswordReason::Unchanged)),
        (PASSWORD, "ada@example.com is mine 1", None, because(PasswordReason::Personal)),
        (PASSWORD, "lower case 7", None, because(PasswordReason::NeitherLongNorMixed)),
        (PASSWORD, NEXT, Some("other"), Error::invalid(Field::ConfirmPassword, Reason::Mismatch)),
    ] {
        assert_eq!(
            server.accounts.change_password(&actor, own, current, new, confirm, Expectation::Any).await.err(),
            Some(expected)
        );
    }
    let somebody = uuid::Uuid::max();
    assert_eq!(
        server.accounts.change_password(&actor, somebody, PASSWORD, NEXT, None, Expectation::Any).await.err(),
        Some(Error::Forbidden)
    );
    server.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn wrong_current_passwords_count_like_those_at_sign_in() {
    let server = TestServer::start().await;
    let actor = ada(&server).await;
    for _ in 0..3 {
        let wrong =
            server.accounts.change_password(&actor, actor.account_id, "wrong", NEXT, None, Expectation::Any).await;
        assert_eq!(wrong.err(), Some(Error::WrongPassword));
    }
    for _ in 0..2 {
        assert_eq!(server.accounts.confirm_password(&actor, "wrong").await.err(), Some(Error::WrongPassword));
    }
    let throttled = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await;
    assert!(matches!(throttled, Err(Error::Throttled { .. })));
    server.advance(TimeDelta::seconds(1));
    server.accounts.confirm_password(&actor, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn unicode_passwords_are_one_in_any_form() {
    let server = TestServer::start().await;
    let actor = ada(&server).await;
    let (composed, decomposed) = ("Şeftali ağacı, 7 dal", "S\u{327}eftali ag\u{306}acı, 7 dal");
    server
        .accounts
        .change_password(&actor, actor.account_id, PASSWORD, composed, Some(decomposed), Expectation::Any)
        .await
        .unwrap();
    for spelled in [composed, decomposed] {
        let signed_in =
            server.accounts.sign_in("ada@example.com", spelled, Kind::Api, OnArchived::Ask, &origin()).await;
        assert!(signed_in.is_ok(), "{spelled}");
    }
    let longer = format!("{composed} ");
    let trimmed = server.accounts.sign_in("ada@example.com", &longer, Kind::Api, OnArchived::Ask, &origin()).await;
    assert_eq!(trimmed.err(), Some(Error::BadCredentials), "never trimmed");
}

#[tokio::test]
async fn a_candidate_is_rated_like_a_change() {
    let server = TestServer::start().await;
    let actor = ada(&server).await;
    assert_eq!(server.accounts.rate_password(&actor, NEXT).await.unwrap(), []);
    assert_eq!(
        server.accounts.rate_password(&actor, "aaaaaaaaaaaaaaaaaaaa").await.unwrap(),
        [PasswordReason::Guessable]
    );
    assert_eq!(server.accounts.rate_password(&actor, "Lovelace-9!").await.unwrap(), [PasswordReason::Personal]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_writers_of_a_version_wins() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let actor = ada(&server).await;
        let stale =
            server.accounts.change_password(&actor, actor.account_id, PASSWORD, NEXT, None, Expectation::Matches(7));
        assert_eq!(stale.await.err(), Some(Error::PreconditionFailed { current: 1 }));
        let (accounts, writer) = (server.accounts.clone(), actor.clone());
        let profile = tokio::spawn(async move {
            let change = ProfileChange { bio: Some("new".into()), ..Default::default() };
            accounts.update_profile(&writer, writer.account_id, change, Expectation::Version(1)).await.err()
        });
        let accounts = server.accounts.clone();
        let password = tokio::spawn(async move {
            let expected = Expectation::Version(1);
            accounts.change_password(&actor, actor.account_id, PASSWORD, NEXT, None, expected).await.err()
        });
        match (profile.await.unwrap(), password.await.unwrap()) {
            (None, late) => assert_eq!(late, Some(Error::Stale { current: 2 })),
            // The new password has ended the session.
            (late, password) => assert_eq!((late, password), (Some(Error::Unauthenticated), None)),
        }
        assert_eq!(server.accounts.find_for_operator("ada@example.com").await.unwrap().record_version, 2);
    }
}
