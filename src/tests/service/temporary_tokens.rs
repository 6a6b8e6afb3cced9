//! What an API client holds between a request and the code that completes it.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        code::Channel,
        error::Error,
        session::{Kind, SecondFactor},
    },
    service::{Expectation, login::SignIn},
};
use uuid::Uuid;

use crate::harness::{PASSWORD, TestServer, origin};

const ADDRESS: &str = "ada@example.com";
const OTHER: &str = "Another-harbour 19 fern";

async fn confirm(server: &TestServer, token: &str) -> Result<SignIn, Error> {
    let code = server.code_sent_to(ADDRESS).await;
    server.accounts.confirm_entry(token, &code, None, Kind::Api, &origin()).await
}

#[tokio::test]
async fn a_token_outlives_the_code_it_was_told_with() {
    let server = TestServer::start().await;
    let first = server.register(ADDRESS, PASSWORD).await.receipt;
    server.advance(TimeDelta::seconds(1));
    let second = server.accounts.resend_code(&first.token, None, &origin()).await.unwrap();
    assert_ne!(first.token, second.token);
    assert!(matches!(confirm(&server, &first.token).await, Ok(SignIn::Complete(_))));
    assert_eq!(confirm(&server, &second.token).await.err(), Some(Error::Unauthenticated), "confirmed");
    let again = server.accounts.resend_code(&second.token, None, &origin()).await;
    assert_eq!(again.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_token_never_confirms_somebody_elses_registration() {
    let server = TestServer::start().await;
    let own = server.register(ADDRESS, PASSWORD).await.receipt;
    server.advance(TimeDelta::seconds(1));
    let foreign = server.register(ADDRESS, OTHER).await.receipt;
    assert_eq!(confirm(&server, &own.token).await.err(), Some(Error::CodeWrong { tries_left: 4 }), "the other's");
    server.advance(TimeDelta::seconds(1));
    server.accounts.resend_code(&own.token, None, &origin()).await.unwrap();
    assert_eq!(confirm(&server, &foreign.token).await.err(), Some(Error::CodeWrong { tries_left: 4 }));
    let Ok(SignIn::Complete(new)) = confirm(&server, &own.token).await else { panic!("not signed in") };
    server.sign_in(ADDRESS).await;
    assert_eq!(new.session.second_factor, SecondFactor::NotAsked);
}

#[tokio::test]
async fn a_pending_registration_is_named_to_who_has_its_password() {
    let server = TestServer::start().await;
    let none = server.accounts.registration_token(Uuid::nil()).await;
    assert_eq!(none.err(), Some(Error::CodeNotFound));
    let id = server.register(ADDRESS, PASSWORD).await.registration.account_id;
    let named = server.accounts.registration_token(id).await.unwrap();
    assert_eq!(named.expires_at, server.now() + TimeDelta::minutes(10));
    server.advance(TimeDelta::minutes(9));
    let receipt = server.accounts.resend_code(&named.token, None, &origin()).await.unwrap();
    server.advance(TimeDelta::minutes(2));
    assert_eq!(confirm(&server, &named.token).await.err(), Some(Error::Unauthenticated), "too old");
    assert!(confirm(&server, &receipt.token).await.is_ok());
}

#[tokio::test]
async fn a_second_step_is_named_to_that_step_alone() {
    let server = TestServer::start().await;
    let ada = server.sign_up(ADDRESS, "Ada Lovelace").await;
    server.accounts.enable_two_factor(&server.actor(&ada).await, None, Expectation::Any).await.unwrap();
    let (half, methods) = server.half_sign_in(ADDRESS, Kind::Api).await;
    let named = server.accounts.second_step_token(&half).unwrap();
    assert_eq!(named.expires_at, half.session.expires_at);
    for token in [&named.token, &half.session.id.to_string(), "", "a.b.c"] {
        let refused = server.accounts.authenticate_bearer(token, &origin()).await;
        assert_eq!(refused.err(), Some(Error::Unauthenticated), "{token}");
    }
    let crossed = server.accounts.challenge_by_token(&ada.access, &origin()).await;
    assert_eq!(crossed.err(), Some(Error::Unauthenticated));
    server.accounts.send_preferred_code(&half, &methods, &origin()).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let again = server.accounts.resend_code(&named.token, None, &origin()).await.unwrap();
    assert_eq!((again.token, again.expires_at), (named.token.clone(), named.expires_at));
    let phone = server.accounts.resend_code(&named.token, Some(Channel::Sms), &origin()).await;
    assert_eq!(phone.err(), Some(Error::NoSecondFactor));
    let Ok(SignIn::Complete(new)) = confirm(&server, &named.token).await else { panic!("not signed in") };
    assert_eq!(new.session.second_factor, SecondFactor::Passed);
    assert_eq!(confirm(&server, &named.token).await.err(), Some(Error::Unauthenticated), "once");
}

#[tokio::test]
async fn codes_of_resets_and_changes_are_sent_again() {
    let server = TestServer::start().await;
    let ada = server.sign_up(ADDRESS, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let sent = server.accounts.change_email(&actor, "New@example.com", Expectation::Any).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let token = &sent.receipts[0].token;
    server.accounts.resend_code(token, None, &origin()).await.unwrap();
    assert_eq!(server.last_message_to("new@example.com").await.recipient, "New@example.com", "as it was written");
    let code = server.code_sent_to("new@example.com").await;
    server.accounts.confirm_verification(&actor, Channel::Email, token, &code, Expectation::Any).await.unwrap();
    let settled = server.accounts.resend_code(token, None, &origin()).await;
    assert_eq!(settled.err(), Some(Error::CodeNotFound), "nothing waits any more");

    for (address, known) in [("new@example.com", true), ("nobody@example.com", false)] {
        let first = server.accounts.request_password_reset(address, &origin()).await.unwrap();
        server.advance(TimeDelta::seconds(1));
        let before = server.messages_to(address).await.len();
        server.accounts.resend_code(&first.token, None, &origin()).await.unwrap();
        assert_eq!(server.messages_to(address).await.len() - before, usize::from(known));
        let crossed = server.accounts.confirm_entry(&first.token, "000000", None, Kind::Api, &origin()).await;
        assert_eq!(crossed.err(), Some(Error::Unauthenticated), "not looked at");
        let wrong = server.accounts.reset_password(&first.token, "000000", OTHER, None, &origin()).await;
        assert!(matches!(wrong, Err(Error::CodeWrong { .. })), "{wrong:?}");
        if known {
            let code = server.code_sent_to(address).await;
            server.accounts.reset_password(&first.token, &code, OTHER, None, &origin()).await.unwrap();
        }
    }
}
