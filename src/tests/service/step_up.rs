//! What a session must show before something sensitive is changed.

use chrono::TimeDelta;
use nameplate::domain::error::Error;

use crate::harness::{PASSWORD, Person, TestServer};

#[tokio::test]
async fn five_minutes_after_signing_in_the_password_is_needed() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(5));
    let actor = server.actor(&ada).await;
    assert_eq!(server.accounts.step_up(&actor, None).await, Ok(()));
    server.advance(TimeDelta::microseconds(1));
    assert_eq!(server.accounts.step_up(&actor, None).await, Err(Error::StepUpRequired));
    assert_eq!(server.accounts.step_up(&actor, Some("wrong")).await, Err(Error::WrongPassword));
    assert_eq!(server.accounts.step_up(&actor, Some("")).await, Err(Error::WrongPassword));
    assert_eq!(server.accounts.step_up(&server.actor(&ada).await, None).await, Err(Error::StepUpRequired));
    assert_eq!(server.accounts.step_up(&actor, Some(PASSWORD)).await, Ok(()));
    assert_eq!(server.accounts.step_up(&server.actor(&ada).await, None).await, Ok(()), "the next one needs none");
}

#[tokio::test]
async fn a_renewed_session_is_as_old_as_the_one_before() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(6));
    let renewed = Person::from(server.accounts.renew(&server.actor(&ada).await).await.unwrap());
    let actor = server.actor(&renewed).await;
    assert_eq!(server.accounts.step_up(&actor, None).await, Err(Error::StepUpRequired));
}

#[tokio::test]
async fn wrong_passwords_count() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    for _ in 0..5 {
        assert_eq!(server.accounts.step_up(&actor, Some("wrong")).await, Err(Error::WrongPassword));
    }
    let refused = server.accounts.step_up(&actor, Some(PASSWORD)).await;
    assert!(matches!(refused, Err(Error::Throttled { .. })), "{refused:?}");
}
