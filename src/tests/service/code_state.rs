//! What a page tells of a code while it waits.

use chrono::TimeDelta;
use nameplate::{
    domain::{code::Channel, error::Error},
    service::Expectation,
};

use crate::harness::{TestServer, origin};

#[tokio::test]
async fn tries_and_requests_are_counted_down() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(10));
    let actor = server.actor(&ada).await;
    let begun = server.now();
    let changed = server.accounts.change_email(&actor, "new@example.com", Expectation::Any).await.unwrap();
    let mut token = changed.receipts[0].token.clone();
    let state = server.accounts.code_state(&token, &origin()).await.unwrap();
    assert_eq!((state.tries_left, state.resend_at), (5, None));
    let wrong = server.accounts.confirm_verification(&actor, Channel::Email, &token, "000000", Expectation::Any).await;
    assert_eq!(wrong.err(), Some(Error::CodeWrong { tries_left: 4 }));
    assert_eq!(server.accounts.code_state(&token, &origin()).await.unwrap().tries_left, 4);

    for _ in 0..4 {
        server.advance(TimeDelta::seconds(1));
        let newer = server.accounts.request_verification(&actor, Channel::Email).await.unwrap().token;
        assert_eq!(
            server.accounts.code_state(&token, &origin()).await.err(),
            Some(Error::CodeNotFound),
            "it was replaced"
        );
        token = newer;
    }
    let state = server.accounts.code_state(&token, &origin()).await.unwrap();
    assert_eq!(state.resend_at, Some(begun + TimeDelta::minutes(10)));
    assert!(server.accounts.request_verification(&actor, Channel::Email).await.is_err());
    server.advance(TimeDelta::minutes(10) - TimeDelta::seconds(4));
    assert_eq!(server.accounts.code_state(&token, &origin()).await.unwrap().resend_at, None);
    server.accounts.request_verification(&actor, Channel::Email).await.unwrap();
}

#[tokio::test]
async fn a_stranger_learns_nothing_from_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(10));
    let actor = server.actor(&ada).await;
    // The account has asked for as many codes as it may, elsewhere.
    server.accounts.change_phone(&actor, "+12015550123", Expectation::Any).await.unwrap();
    for _ in 0..4 {
        server.accounts.request_verification(&actor, Channel::Sms).await.unwrap();
    }
    let mut states = Vec::new();
    for identifier in ["ada@example.com", "nobody@example.com"] {
        let receipt = server.accounts.request_password_reset(identifier, &origin()).await.unwrap();
        states.push(server.accounts.code_state(&receipt.token, &origin()).await.unwrap());
    }
    assert_eq!((states[0], states[0].resend_at), (states[1], None));
}
