//! A forgotten password.

use nameplate::{
    domain::{
        code::Channel,
        error::{Error, Field},
        session::Kind,
    },
    service::login::OnArchived,
};

use crate::harness::{TestServer, origin};

const NEXT: &str = "Another-harbour 19 fern";

#[tokio::test]
async fn a_mailed_code_sets_a_new_password_and_ends_sessions() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let receipt = server.accounts.request_password_reset("ADA@example.com", &origin()).await.unwrap();
    let code = server.code_sent_to("ADA@example.com").await;
    server.accounts.reset_password(&receipt.token, &code, NEXT, Some(NEXT), &origin()).await.unwrap();
    assert_eq!(server.accounts.refresh(&ada.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert!(server.accounts.sign_in("ada@example.com", NEXT, Kind::Api, OnArchived::Ask, &origin()).await.is_ok());
    let again = server.accounts.reset_password(&receipt.token, &code, NEXT, None, &origin()).await;
    assert_eq!(again.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_stranger_hears_the_same_of_every_address() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let before = server.accounts.outbox(50).await.unwrap().len();
    let known = server.accounts.request_password_reset("ada@example.com", &origin()).await.unwrap();
    let unknown = server.accounts.request_password_reset("nobody@example.com", &origin()).await.unwrap();
    assert_eq!(server.accounts.outbox(50).await.unwrap().len(), before + 1);
    assert_eq!((known.channel, known.expires_at), (unknown.channel, unknown.expires_at));
    for token in [&known.token, &unknown.token] {
        for tries_left in (0..5).rev() {
            let wrong = server.accounts.reset_password(token, "000000", NEXT, None, &origin()).await;
            assert_eq!(wrong.err(), Some(Error::CodeWrong { tries_left }));
        }
        let spent = server.accounts.reset_password(token, "000000", NEXT, None, &origin()).await;
        assert_eq!(spent.err(), Some(Error::CodeExhausted));
    }
}

#[tokio::test]
async fn a_weak_password_leaves_the_code_good() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.accounts.request_password_reset("ada@example.com", &origin()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    let reset = async |new: &str| {
        server.accounts.reset_password_by_destination(Channel::Email, "ada@example.com", &code, new, &origin()).await
    };
    for weak in ["short", "lovelace is my name"] {
        let Err(Error::Invalid(issues)) = reset(weak).await else { panic!("accepted {weak}") };
        assert_eq!(issues[0].field, Field::NewPassword);
    }
    reset(NEXT).await.unwrap();
}

#[tokio::test]
async fn the_limit_tells_nothing_about_accounts() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(chrono::TimeDelta::minutes(11));
    for address in ["ada@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            server.accounts.request_password_reset(address, &origin()).await.unwrap();
        }
        let sixth = server.accounts.request_password_reset(address, &origin()).await;
        assert!(matches!(sixth, Err(Error::TooManyCodes { .. })), "{address}");
    }
}
