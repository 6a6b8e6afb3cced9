//! What strangers can spend is never what the owner needs, and what is spent tells nothing of an account.

use std::net::IpAddr;

use chrono::TimeDelta;
use nameplate::domain::{
    code::{Channel, CodeReceipt, Purpose},
    error::Error,
    session::{Actor, Origin},
};
use nameplate::service::{Expectation, codes::verification::CodeRecipient};

use crate::harness::{Person, TestServer, origin, with_both_engines};

with_both_engines!(
    codes_that_strangers_ask_for_are_none_of_the_owner,
    wrong_codes_of_strangers_are_none_of_the_owner,
    a_stranger_does_not_block_the_reset_for_a_day,
    many_callers_together_are_bounded,
    what_the_owner_does_tells_a_stranger_nothing,
    many_accounts_do_not_flood_an_address,
);

const EMAIL: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";
const NEXT: &str = "Another-harbour 19 fern";
const NONE: TimeDelta = TimeDelta::zero();
const SPACING: TimeDelta = TimeDelta::seconds(60);
const ANY: Expectation = Expectation::Any;

/// A stranger's address; Ada is elsewhere.
fn stranger(number: u8) -> Origin {
    Origin { address: Some(IpAddr::from([198, 51, 100, number])), ..origin() }
}

/// Ada, with a second factor that is sent, long after she signed up.
async fn ada(server: &TestServer) -> (Person, Actor) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    server.advance(TimeDelta::hours(1));
    (ada, actor)
}

async fn forgot(server: &TestServer, email: &str, from: &Origin) -> Result<CodeReceipt, Error> {
    server.accounts.request_password_reset(email, from).await
}

async fn guess(server: &TestServer, email: &str, from: &Origin) -> Option<Error> {
    server.accounts.reset_password_by_destination(Channel::Email, email, "000000", NEXT, from).await.err()
}

/// Takes the second step with a mailed code.
async fn second_step(server: &TestServer) {
    server.advance(TimeDelta::seconds(1));
    let challenge = server.challenge(EMAIL).await;
    server.accounts.send_challenge_code(&challenge, None, SPACING).await.unwrap();
    let code = server.code_sent_to(EMAIL).await;
    server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
}

async fn codes_that_strangers_ask_for_are_none_of_the_owner(server: TestServer) {
    let (_, actor) = ada(&server).await;
    for caller in 1..=2 {
        for _ in 0..5 {
            forgot(&server, EMAIL, &stranger(caller)).await.unwrap();
        }
        let sixth = forgot(&server, EMAIL, &stranger(caller)).await;
        assert!(matches!(sixth, Err(Error::TooManyCodes { .. })), "{sixth:?}");
    }
    second_step(&server).await;
    server.accounts.request_factor_code(&actor, None, NONE).await.unwrap();
    server.accounts.change_email(&actor, "new@example.com", ANY).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let own = forgot(&server, EMAIL, &origin()).await.unwrap();
    let code = server.code_sent_to(EMAIL).await;
    server.accounts.reset_password(&own.token, &code, NEXT, None, &origin()).await.unwrap();
}

async fn wrong_codes_of_strangers_are_none_of_the_owner(server: TestServer) {
    let (_, actor) = ada(&server).await;
    let from = stranger(1);
    for _ in 0..2 {
        forgot(&server, EMAIL, &from).await.unwrap();
        for _ in 0..5 {
            assert!(matches!(guess(&server, EMAIL, &from).await, Some(Error::CodeWrong { .. })));
        }
    }
    forgot(&server, EMAIL, &from).await.unwrap();
    let eleventh = guess(&server, EMAIL, &from).await;
    assert!(matches!(eleventh, Some(Error::Throttled { .. })), "{eleventh:?}");
    second_step(&server).await;
    let changed = server.accounts.change_email(&actor, "new@example.com", ANY).await.unwrap();
    let code = server.code_sent_to("new@example.com").await;
    let token = &changed.receipts[0].token;
    server.accounts.confirm_verification(&actor, Channel::Email, token, &code, Expectation::Any).await.unwrap();
}

async fn a_stranger_does_not_block_the_reset_for_a_day(server: TestServer) {
    ada(&server).await;
    let from = stranger(1);
    for _ in 0..24 {
        for _ in 0..5 {
            forgot(&server, EMAIL, &from).await.unwrap();
            for _ in 0..5 {
                guess(&server, EMAIL, &from).await.unwrap();
            }
        }
        server.advance(TimeDelta::hours(1));
    }
    let full = guess(&server, EMAIL, &from).await;
    assert!(matches!(full, Some(Error::Throttled { .. } | Error::CodeExpired)), "{full:?}");
    let own = forgot(&server, EMAIL, &origin()).await.unwrap();
    let code = server.code_sent_to(EMAIL).await;
    server.accounts.reset_password(&own.token, &code, NEXT, None, &origin()).await.unwrap();
}

async fn many_callers_together_are_bounded(server: TestServer) {
    ada(&server).await;
    for email in [EMAIL, NOBODY] {
        let asked = async |caller| forgot(&server, email, &stranger(caller)).await.is_ok();
        let mut sent = 0;
        for caller in 1..=30 {
            sent += u32::from(asked(caller).await);
        }
        assert_eq!(sent, 20, "{email}");
        server.advance(TimeDelta::minutes(10));
        let mut looked_at = 0;
        for caller in 1..=40 {
            if caller % 5 == 1 {
                forgot(&server, email, &stranger(caller)).await.unwrap();
            }
            looked_at +=
                u32::from(matches!(guess(&server, email, &stranger(caller)).await, Some(Error::CodeWrong { .. })));
        }
        assert_eq!(looked_at, 30, "{email}");
        server.advance(TimeDelta::hours(1));
    }
}

async fn what_the_owner_does_tells_a_stranger_nothing(server: TestServer) {
    let (ada, actor) = ada(&server).await;
    let unproved = "new@example.com";
    server.accounts.change_email(&actor, unproved, ANY).await.unwrap();
    for _ in 0..3 {
        server.accounts.request_factor_code(&actor, None, NONE).await.unwrap();
    }
    server.accounts.request_verification(&actor, Channel::Email).await.unwrap();
    let full = server.accounts.request_factor_code(&actor, None, NONE).await;
    assert!(matches!(full, Err(Error::TooManyCodes { .. })), "{full:?}");
    let start = async |purpose, email: &str, from: &Origin| {
        server
            .accounts
            .start_verification(purpose, CodeRecipient::new(Channel::Email, email), SPACING, None, from)
            .await
    };
    for purpose in [Purpose::PasswordReset, Purpose::Verification] {
        if purpose == Purpose::Verification {
            // An address that the account has, and the owner is about to prove.
            server.accounts.cancel_change(&actor, Channel::Email, ANY).await.unwrap();
            server.unverify(ada.account.id).await;
            server.accounts.request_verification(&actor, Channel::Email).await.unwrap();
            server.accounts.request_verification(&actor, Channel::Email).await.unwrap();
        }
        for email in [EMAIL, unproved, NOBODY] {
            let from = stranger(1);
            let told = start(purpose, email, &from).await.unwrap();
            assert_eq!(told.index, 1, "{purpose:?} for {email}");
            server.advance(SPACING);
        }
        for email in [EMAIL, unproved, NOBODY] {
            let from = stranger(2);
            for index in 1..=5 {
                let told = start(purpose, email, &from).await.unwrap();
                if purpose == Purpose::Verification {
                    assert_eq!(told.index, index, "{email}");
                }
                assert!(matches!(start(purpose, email, &from).await, Err(Error::CodeTooSoon { .. })), "{email}");
                server.advance(SPACING);
            }
            let sixth = start(purpose, email, &from).await;
            assert!(matches!(sixth, Err(Error::TooManyCodes { .. })), "{purpose:?} for {email}: {sixth:?}");
        }
        server.advance(TimeDelta::minutes(10));
    }
}

async fn many_accounts_do_not_flood_an_address(server: TestServer) {
    let victim = "victim@example.com";
    let mut sent = 0;
    for number in 0..5 {
        let email = format!("mallory{number}@example.com");
        let mallory = server.sign_up(&email, "Mallory").await;
        let actor = server.actor(&mallory).await;
        let changed = server.accounts.change_email(&actor, victim, ANY).await;
        sent += u32::from(changed.is_ok());
        for _ in 0..5 {
            sent += u32::from(server.accounts.request_verification(&actor, Channel::Email).await.is_ok());
        }
    }
    assert_eq!(sent, 20);
}
