//! Signing in, and how often it may be tried.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        activity::Kind as Event,
        error::{Error, Field},
        session::{Kind, Origin},
    },
    service::login::{OnArchived, SignIn},
};

use crate::harness::{PASSWORD, TestServer, origin};

async fn try_password(server: &TestServer, identifier: &str, password: &str) -> Result<SignIn, Error> {
    server.accounts.sign_in(identifier, password, Kind::Api, OnArchived::Restore, &origin()).await
}

async fn try_from(server: &TestServer, identifier: &str, last_octet: u8) -> Result<SignIn, Error> {
    let origin = Origin { address: Some([198, 51, 100, last_octet].into()), ..origin() };
    server.accounts.sign_in(identifier, "wrong", Kind::Api, OnArchived::Restore, &origin).await
}

fn wait_of(result: Result<SignIn, Error>) -> u64 {
    match result {
        Err(Error::Throttled { retry_after }) => retry_after.as_secs(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("signed in"),
    }
}

#[tokio::test]
async fn every_identifier_of_an_account_signs_in() {
    let server = TestServer::start().await;
    let ada = server.sign_up("Ada@Example.com", "Ada Lovelace").await;
    for identifier in ["ada@example.com", " ADA@EXAMPLE.COM ", ada.account.username.as_str()] {
        assert!(matches!(try_password(&server, identifier, PASSWORD).await, Ok(SignIn::Complete(_))), "{identifier}");
    }
}

#[tokio::test]
async fn unknown_and_wrong_are_one_answer() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    for identifier in ["ada@example.com", "nobody@example.com", "nobody", "+14155550123", "\0"] {
        assert_eq!(try_password(&server, identifier, "wrong").await.err(), Some(Error::BadCredentials), "{identifier}");
    }
    let Some(Error::Invalid(missing)) = try_password(&server, " ", "").await.err() else {
        panic!("nothing is missing")
    };
    assert_eq!(missing.iter().map(|issue| issue.field).collect::<Vec<_>>(), [Field::Identifier, Field::Password]);
}

#[tokio::test]
async fn five_failures_make_the_next_try_wait_whatever_the_spelling() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    for identifier in
        ["ada@example.com", "ADA@example.com", ada.account.username.as_str(), "ada@example.com ", "Ada@Example.com"]
    {
        assert_eq!(try_password(&server, identifier, "wrong").await.err(), Some(Error::BadCredentials));
    }
    assert_eq!(wait_of(try_password(&server, "ada@example.com", PASSWORD).await), 1);
    server.advance(TimeDelta::seconds(1));
    assert_eq!(try_password(&server, "ada@example.com", "wrong").await.err(), Some(Error::BadCredentials));
    assert_eq!(wait_of(try_password(&server, "ada@example.com", PASSWORD).await), 2, "a refused try does not count");
    server.advance(TimeDelta::seconds(2));
    assert!(try_password(&server, "ada@example.com", PASSWORD).await.is_ok());
    assert_eq!(
        try_password(&server, "ada@example.com", "wrong").await.err(),
        Some(Error::BadCredentials),
        "a success resets"
    );
}

#[tokio::test]
async fn an_unknown_identifier_waits_like_a_known_one() {
    let server = TestServer::start().await;
    for _ in 0..5 {
        assert_eq!(try_password(&server, "nobody@example.com", "wrong").await.err(), Some(Error::BadCredentials));
    }
    assert_eq!(wait_of(try_password(&server, "NOBODY@example.com", "wrong").await), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_by_what_was_typed() {
    let server = TestServer::start().await;
    let wrong = async |identifier: &str, caller| try_from(&server, identifier, caller).await.err();
    for typed in ["ada@@example", "Ada@@Example ", "ADA@@EXAMPLE", " ada@@example", "ada@@example"] {
        assert_eq!(wrong(typed, 1).await, Some(Error::BadCredentials), "{typed}");
    }
    assert!(matches!(wrong("ada@@example", 2).await, Some(Error::Throttled { .. })));
    for other in ["bob@@example", "b", "\0", "a b", "@"] {
        for _ in 0..2 {
            assert_eq!(wrong(other, 3).await, Some(Error::BadCredentials), "{other:?} is somebody else's slip");
        }
    }
}

#[tokio::test]
async fn an_address_has_thirty_failures_in_ten_minutes() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    for number in 0..30 {
        let identifier = format!("nobody{number}@example.com");
        assert_eq!(try_from(&server, &identifier, 1).await.err(), Some(Error::BadCredentials));
    }
    assert_eq!(wait_of(try_from(&server, "ada@example.com", 1).await), 600);
    assert_eq!(try_from(&server, "ada@example.com", 2).await.err(), Some(Error::BadCredentials), "another address");
    server.advance(TimeDelta::minutes(10));
    assert_eq!(try_from(&server, "ada@example.com", 1).await.err(), Some(Error::BadCredentials));
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_caller() {
    let server = TestServer::start().await;
    let from = async |number: u16, address: [u16; 8]| {
        let origin = Origin { address: Some(address.into()), ..origin() };
        let identifier = format!("nobody{number}@example.com");
        server.accounts.sign_in(&identifier, "wrong", Kind::Api, OnArchived::Restore, &origin).await.err()
    };
    for number in 0..30 {
        let address = [0x2001, 0xdb8, 1, 2, number, 0, 0, 1];
        assert_eq!(from(number, address).await, Some(Error::BadCredentials), "{address:x?}");
    }
    let refused = from(30, [0x2001, 0xdb8, 1, 2, 0xffff, 0, 0, 9]).await;
    assert!(matches!(refused, Some(Error::Throttled { .. })), "{refused:?}");
    assert_eq!(from(31, [0x2001, 0xdb8, 1, 3, 0, 0, 0, 1]).await, Some(Error::BadCredentials), "another network");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_are_counted_and_parallel_sign_ins_are_not() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let all_at_once = |password: &'static str| {
        let tries = (0..40).map(|_| {
            let accounts = server.accounts.clone();
            tokio::spawn(async move {
                accounts.sign_in("ada@example.com", password, Kind::Api, OnArchived::Restore, &origin()).await
            })
        });
        futures::future::join_all(tries.collect::<Vec<_>>())
    };
    for done in all_at_once(PASSWORD).await {
        assert!(matches!(done.unwrap(), Ok(SignIn::Complete(_))));
    }
    let guesses: Vec<_> = all_at_once("wrong").await.into_iter().map(|done| done.unwrap().err()).collect();
    let looked_at = guesses.iter().filter(|error| **error == Some(Error::BadCredentials)).count();
    assert_eq!(looked_at, 5, "{guesses:?}");
}

#[tokio::test]
async fn a_deactivated_account_says_so_only_after_the_right_password() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.lock(ada.account.id).await;
    assert_eq!(try_password(&server, "ada@example.com", "wrong").await.err(), Some(Error::BadCredentials));
    assert_eq!(try_password(&server, "ada@example.com", PASSWORD).await.err(), Some(Error::Locked));
    server.accounts.unlock_for_operator("ada@example.com").await.unwrap();
    assert!(try_password(&server, "ada@example.com", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn failures_and_new_devices_are_told() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let before = server.accounts.outbox(50).await.unwrap().len();
    server.advance(TimeDelta::seconds(1));
    try_password(&server, "ada@example.com", PASSWORD).await.ok().unwrap();
    assert_eq!(server.accounts.outbox(50).await.unwrap().len(), before, "a known device");
    let phone = Origin { user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1".into(), ..origin() };
    let signed_in = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Restore, &phone).await;
    assert!(matches!(signed_in, Ok(SignIn::Complete(_))));
    assert_eq!(server.accounts.outbox(50).await.unwrap().len(), before + 1, "a new one");
    server.advance(TimeDelta::seconds(1));
    try_password(&server, "ada@example.com", "wrong").await.err().unwrap();
    let kinds = server.activity_of("ada@example.com").await;
    assert_eq!(kinds[0], Event::SignInFailed.as_str());
    assert_eq!(kinds[1], Event::SignedIn.as_str());
}
