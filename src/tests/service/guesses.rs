//! How often codes may be guessed at, through every surface and all at once.

use chrono::TimeDelta;
use nameplate::{
    domain::{error::Error, second_factor::Method, session::Origin},
    service::{sessions::NewSession, two_factor::challenge::Challenge},
};

use crate::harness::{App, Person, TestServer, origin};

async fn with_app() -> (TestServer, Person, App, String) {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (app, codes) = server.add_app(&ada).await;
    let code = codes[0].to_string();
    (server, ada, app, code)
}

/// Answers a challenge with the same code many times at once.
async fn at_once(
    server: &TestServer,
    challenge: &Challenge,
    code: &str,
    times: usize,
) -> Vec<Result<NewSession, Error>> {
    let tries = (0..times).map(|_| {
        let (accounts, challenge, code) = (server.accounts.clone(), challenge.clone(), code.to_owned());
        tokio::spawn(async move { accounts.answer_challenge(&challenge, &code, None).await })
    });
    let done = futures::future::join_all(tries.collect::<Vec<_>>()).await;
    done.into_iter().map(Result::unwrap).collect()
}

fn looked_at(done: &[Result<NewSession, Error>]) -> usize {
    done.iter().filter(|done| matches!(done, Ok(_) | Err(Error::CodeWrong { .. }))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_at_an_app_get_five_tries() {
    let (server, _, app, recovery) = with_app().await;
    let challenge = server.challenge("ada@example.com").await;
    let done = at_once(&server, &challenge, &app.code(&server, 9), 20).await;
    assert_eq!(looked_at(&done), 5, "{done:?}");
    for right in [app.code(&server, 1), recovery] {
        let late = server.accounts.answer_challenge(&challenge, &right, None).await;
        assert_eq!(late.err(), Some(Error::CodeExhausted), "recovery codes share the count of the app");
    }
}

#[tokio::test]
async fn the_count_survives_a_restart() {
    let (server, _, app, _) = with_app().await;
    let Challenge { account, session, .. } = server.challenge("ada@example.com").await;
    let guess = async |server: &TestServer, steps| {
        let challenge = server.accounts.challenge_by_id(account.id, session.id, &origin()).await.unwrap();
        server.accounts.answer_challenge(&challenge, &app.code(server, steps), None).await.err()
    };
    for tries_left in [4, 3, 2] {
        assert_eq!(guess(&server, 9).await, Some(Error::CodeWrong { tries_left }));
    }
    let server = server.restart().await;
    for tries_left in [1, 0] {
        assert_eq!(guess(&server, 9).await, Some(Error::CodeWrong { tries_left }));
    }
    assert_eq!(guess(&server, 1).await, Some(Error::CodeExhausted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_at_a_mailed_code_get_five_tries() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server
        .accounts
        .enable_two_factor(&server.actor(&ada).await, None, nameplate::service::Expectation::Any)
        .await
        .unwrap();
    let challenge = server.challenge("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    server.accounts.send_challenge_code(&challenge, None, TimeDelta::zero()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let done = at_once(&server, &challenge, wrong, 20).await;
    assert_eq!(looked_at(&done), 5, "{done:?}");
    let late = server.accounts.answer_challenge(&challenge, &code, None).await;
    assert_eq!(late.err(), Some(Error::CodeExhausted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_given_twice_at_once_is_right_once() {
    let (server, _, app, recovery) = with_app().await;
    for code in [app.code(&server, 1), recovery] {
        let (one, other) = (server.challenge("ada@example.com").await, server.challenge("ada@example.com").await);
        let both = tokio::join!(at_once(&server, &one, &code, 2), at_once(&server, &other, &code, 2));
        let right = both.0.iter().chain(&both.1).filter(|done| done.is_ok()).count();
        assert_eq!(right, 1, "{code}");
    }
}

#[tokio::test]
async fn ten_an_hour_and_thirty_a_day_whatever_the_session() {
    let (server, ada, app, _) = with_app().await;
    let guess = async |number: u8| {
        let from = Origin { address: Some([198, 51, 100, number].into()), ..origin() };
        let challenge = server.challenge("ada@example.com").await;
        let ids = (challenge.account.id, challenge.session.id);
        let challenge = server.accounts.challenge_by_id(ids.0, ids.1, &from).await.unwrap();
        server.accounts.answer_challenge(&challenge, &app.code(&server, 9), None).await.err()
    };
    for hour in 0..3 {
        for number in 0..10 {
            assert_eq!(guess(number).await, Some(Error::CodeWrong { tries_left: 4 }), "{hour}:{number}");
        }
        let Some(Error::Throttled { retry_after }) = guess(0).await else { panic!("an eleventh guess") };
        assert_eq!(retry_after.as_secs(), if hour < 2 { 3600 } else { 22 * 3600 });
        server.advance(TimeDelta::hours(1));
    }
    assert!(matches!(guess(0).await, Some(Error::Throttled { .. })), "thirty a day");

    let challenge = server.challenge("ada@example.com").await;
    server.accounts.send_challenge_code(&challenge, None, TimeDelta::zero()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    let done = server.accounts.answer_challenge(&challenge, &code, None).await;
    assert_eq!(done.unwrap().account.id, ada.account.id, "a mailed code has a count of its own");
}

#[tokio::test]
async fn wrong_codes_count_by_address_with_wrong_passwords() {
    let server = TestServer::start().await;
    let mut people = Vec::new();
    for name in ["ada", "bob", "cyd", "dee", "eve", "fay"] {
        let email = format!("{name}@example.com");
        let person = server.sign_up(&email, "Somebody Else").await;
        server.add_app(&person).await;
        people.push(email);
    }
    for email in &people {
        let challenge = server.challenge(email).await;
        for _ in 0..5 {
            let wrong = server.accounts.answer_challenge(&challenge, "000000", Some(Method::Totp)).await;
            assert!(matches!(wrong, Err(Error::CodeWrong { .. })), "{wrong:?}");
        }
    }
    server.advance(TimeDelta::seconds(1));
    let receipt = server.accounts.request_password_reset("ada@example.com", &origin()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    let next = "Another-harbour 19 fern";
    let refused = server.accounts.reset_password(&receipt.token, &code, next, None, &origin()).await;
    assert!(matches!(refused, Err(Error::Throttled { .. })), "{refused:?}");
    let elsewhere = Origin { address: Some([198, 51, 100, 1].into()), ..origin() };
    server.accounts.reset_password(&receipt.token, &code, next, None, &elsewhere).await.unwrap();
}

#[tokio::test]
async fn right_codes_do_not_count() {
    let (server, _, app, _) = with_app().await;
    for _ in 0..31 {
        server.sign_in_with("ada@example.com", &app).await;
    }
}
