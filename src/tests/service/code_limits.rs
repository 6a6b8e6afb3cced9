//! How many codes are sent, all at once and whatever they are for.

use std::{future::Future, time::Duration};

use chrono::TimeDelta;
use futures::future::join_all;
use nameplate::{
    domain::{code::CodeReceipt, error::Error},
    service::{Expectation, profile::NameInput, register::SignUp},
};

use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(
    five_of_many_strangers_at_once_are_sent_a_code,
    five_codes_at_once_go_to_one_person,
    every_code_of_a_person_counts_whatever_it_is_for,
);

const MOST: Duration = Duration::from_secs(600);

/// Asks twelve times at once, and says how many codes were sent; who gets none is told when to come back.
async fn at_once<F>(ask: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Result<CodeReceipt, Error>> + Send + 'static,
{
    let asked = join_all((0..12).map(|number| tokio::spawn(ask(number)))).await;
    let refused = asked.iter().filter_map(|asked| asked.as_ref().unwrap().as_ref().err());
    for refusal in refused {
        let Error::TooManyCodes { retry_after } = refusal else { panic!("{refusal:?}") };
        assert!(*retry_after <= MOST, "{retry_after:?}");
    }
    asked.into_iter().filter(|asked| asked.as_ref().unwrap().is_ok()).count()
}

async fn five_of_many_strangers_at_once_are_sent_a_code(server: TestServer) {
    let sent = at_once(|_| {
        let accounts = server.accounts.clone();
        let sign_up = SignUp {
            email: Some("New@example.com".to_owned()),
            name: NameInput::Full("Nora New".to_owned()),
            password: PASSWORD.to_owned(),
            ..SignUp::default()
        };
        async move { Ok(accounts.register(sign_up, &origin()).await?.receipt) }
    });
    assert_eq!(sent.await, 5);
    assert_eq!(server.messages_to("new@example.com").await.len(), 5);

    // Somebody who is known, and somebody who is not.
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(10));
    for address in ["ada@example.com", "nobody@example.com"] {
        let sent = at_once(|number| {
            let accounts = server.accounts.clone();
            let spelt = if number % 2 == 0 { address.to_owned() } else { address.to_uppercase() };
            async move { accounts.request_password_reset(&spelt, &origin()).await }
        });
        assert_eq!(sent.await, 5, "{address}");
    }
}

async fn five_codes_at_once_go_to_one_person(server: TestServer) {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let sent = at_once(|number| {
        let (accounts, actor) = (server.accounts.clone(), actor.clone());
        // Another address each time: none of them has had a code.
        let email = format!("ada{number}@example.org");
        async move { Ok(accounts.change_email(&actor, &email, Expectation::Any).await?.receipts[0].clone()) }
    });
    assert_eq!(sent.await, 5);
}

async fn every_code_of_a_person_counts_whatever_it_is_for(server: TestServer) {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.accounts.enable_two_factor(&actor, Some(PASSWORD), Expectation::Any).await.unwrap();
    server.advance(TimeDelta::minutes(10));
    let change = async |phone| server.accounts.change_phone(&actor, phone, Expectation::Any).await.map(drop);
    let factor = async || server.accounts.request_factor_code(&actor, None, TimeDelta::zero()).await.map(drop);
    let challenge = server.challenge("ada@example.com").await;
    let step = async || server.accounts.send_challenge_code(&challenge, None, TimeDelta::zero()).await.map(drop);
    change("+12015550123").await.unwrap();
    factor().await.unwrap();
    server.advance(TimeDelta::minutes(4));
    step().await.unwrap();
    change("+12015550124").await.unwrap();
    step().await.unwrap();
    for sixth in [change("+12015550125").await, factor().await, step().await] {
        let Err(Error::TooManyCodes { retry_after }) = sixth else { panic!("{sixth:?}") };
        assert_eq!(retry_after, Duration::from_secs(360), "until the first two are ten minutes old");
    }
    server.advance(TimeDelta::minutes(6));
    change("+12015550125").await.unwrap();
    factor().await.unwrap();
    assert!(matches!(factor().await, Err(Error::TooManyCodes { .. })), "the window slides");
}
