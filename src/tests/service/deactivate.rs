//! Deactivating an account, and unlocking it.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        error::{Error, Field, Reason},
        session::Kind,
    },
    service::{Expectation, login::OnArchived},
};

use crate::harness::{PASSWORD, TestServer, origin};

#[tokio::test]
async fn the_password_locks_the_account_and_an_admin_unlocks_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (actor, other) = (server.actor(&ada).await, server.sign_in("ada@example.com").await);
    let admin = server.sign_up_admin("root@example.com").await;
    let admin = server.actor(&admin).await;
    server.advance(TimeDelta::seconds(1));
    let reason = Some(" No longer\r\nusing it ");
    let locked = server.accounts.deactivate(&actor, PASSWORD, reason, Expectation::Version(1)).await.unwrap();
    assert_eq!((locked.lock_reason.as_deref(), locked.locked_at), (Some("No longer\nusing it"), Some(server.now())));
    assert_eq!(locked.record_version, 2);
    assert!(!server.is_signed_in(&ada).await && !server.is_signed_in(&other).await);
    assert!(server.last_message_to("ada@example.com").await.subject.contains("deactivated"));
    assert_eq!(server.activity_of("ada@example.com").await[0], "deactivated");
    assert_eq!(server.accounts.brief(actor.account_id).await.err(), Some(Error::NotFound));

    let sign_in = async |password| {
        server.accounts.sign_in("ada@example.com", password, Kind::Api, OnArchived::Restore, &origin()).await.err()
    };
    assert_eq!(sign_in("wrong").await, Some(Error::BadCredentials));
    assert_eq!(sign_in(PASSWORD).await, Some(Error::Locked));

    let bob = server.actor(&server.sign_up("bob@example.com", "Bob Baker").await).await;
    let unlocking = server.accounts.unlock(&bob, actor.account_id, Expectation::Any).await;
    assert_eq!(unlocking.err(), Some(Error::Forbidden));
    let stale = server.accounts.unlock(&admin, actor.account_id, Expectation::Matches(1)).await;
    assert_eq!(stale.err(), Some(Error::PreconditionFailed { current: 2 }));
    server.advance(TimeDelta::seconds(1));
    let unlocked = server.accounts.unlock(&admin, actor.account_id, Expectation::Version(2)).await.unwrap();
    assert_eq!((unlocked.locked_at, unlocked.lock_reason, unlocked.record_version), (None, None, 3));
    assert_eq!(server.activity_of("ada@example.com").await[0], "unlocked");
    let again = server.accounts.unlock(&admin, actor.account_id, Expectation::Any).await.unwrap();
    assert_eq!(again.record_version, 3, "nothing to unlock");
    server.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn a_wrong_password_or_a_long_reason_locks_nothing() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let deactivate = async |password, reason: &str, expected| {
        server.accounts.deactivate(&actor, password, Some(reason), expected).await.err()
    };
    let too_long = Error::invalid(Field::DeactivationReason, Reason::TooLong { max: 500 });
    assert_eq!(deactivate("wrong", "", Expectation::Any).await, Some(Error::WrongPassword));
    assert_eq!(deactivate(PASSWORD, &"ğ".repeat(501), Expectation::Any).await, Some(too_long));
    assert_eq!(deactivate(PASSWORD, "", Expectation::Version(4)).await, Some(Error::Stale { current: 1 }));
    assert!(server.is_signed_in(&ada).await);
    assert_eq!(deactivate(PASSWORD, &"ğ".repeat(500), Expectation::Any).await, None);
}
