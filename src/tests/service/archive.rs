//! Archive, restore, purge.

use std::time::Duration;

use chrono::TimeDelta;
use nameplate::{
    domain::{
        error::{Error, Field, Reason},
        session::{Actor, Kind},
    },
    service::{
        Expectation,
        login::{OnArchived, SignIn},
        profile::NameInput,
        register::SignUp,
    },
};

use crate::harness::{PASSWORD, Person, TestServer, origin};

async fn archived(server: &TestServer) -> (Person, Actor) {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (actor, _) = server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap();
    server.accounts.archive(&actor, ada.account.id, Some("ARCHIVE MY ACCOUNT"), Expectation::Any).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    (ada, actor)
}

async fn sign_in(server: &TestServer, on_archived: OnArchived) -> Result<SignIn, Error> {
    server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Browser, on_archived, &origin()).await
}

#[tokio::test]
async fn only_the_phrase_archives_and_only_ones_own() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let bob = server.sign_up("bob@example.com", "Bob").await;
    let (actor, _) = server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap();
    for typed in ["archive my account", "ARCHIVE MY ACCOUNT ", "", "ARCHIVE  MY ACCOUNT"] {
        let refused = server.accounts.archive(&actor, ada.account.id, Some(typed), Expectation::Any).await;
        assert_eq!(refused.err(), Some(Error::invalid(Field::Confirmation, Reason::WrongPhrase)), "{typed}");
    }
    let others = server.accounts.archive(&actor, bob.account.id, None, Expectation::Any).await;
    assert_eq!(others.err(), Some(Error::Forbidden));
    let stale = server.accounts.archive(&actor, ada.account.id, None, Expectation::Version(9)).await;
    assert_eq!(stale.err(), Some(Error::Stale { current: 1 }));
    server.accounts.archive(&actor, ada.account.id, Some("ARCHİVE MY ACCOUNT"), Expectation::Version(1)).await.unwrap();
}

#[tokio::test]
async fn archiving_ends_sessions_hides_the_profile_and_is_told() {
    let server = TestServer::start().await;
    let (ada, _) = archived(&server).await;
    assert_eq!(server.accounts.authenticate_bearer(&ada.access, &origin()).await.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.refresh(&ada.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.brief(ada.account.id).await.err(), Some(Error::NotFound));
    assert_eq!(server.accounts.generated_avatar(ada.account.id).await.err(), Some(Error::NotFound));
    let account = server.accounts.find_for_operator("ada@example.com").await.unwrap();
    assert_eq!(account.purge_at, account.archived_at.unwrap().checked_add_months(chrono::Months::new(1)));
    assert!(server.last_message_to("ada@example.com").await.subject.to_lowercase().contains("archive"));
}

#[tokio::test]
async fn the_pages_ask_before_restoring_and_rest_restores() {
    let server = TestServer::start().await;
    let (ada, _) = archived(&server).await;
    let Ok(SignIn::RestoreOffered(offer)) = sign_in(&server, OnArchived::Ask).await else { panic!("not asked") };
    assert_eq!(offer.name, "Ada Lovelace");
    assert!(server.accounts.find_for_operator("ada@example.com").await.unwrap().archived_at.is_some());
    assert_eq!(server.accounts.read_restore_offer(&offer.token).await.unwrap().purge_at, offer.purge_at);
    let Ok(SignIn::Complete(new)) = server.accounts.restore(&offer.token, Kind::Browser, &origin()).await else {
        panic!("not restored")
    };
    assert_eq!((new.account.id, new.account.archived_at), (ada.account.id, None));
    let again = server.accounts.restore(&offer.token, Kind::Browser, &origin()).await;
    assert_eq!(again.err(), Some(Error::Unauthenticated), "an offer is for one archiving");

    let back = server.sign_in("ada@example.com").await;
    let (actor, _) = server.accounts.authenticate_bearer(&back.access, &origin()).await.unwrap();
    server.accounts.archive(&actor, ada.account.id, None, Expectation::Any).await.unwrap();
    assert!(matches!(sign_in(&server, OnArchived::Restore).await, Ok(SignIn::Complete(_))));
}

#[tokio::test]
async fn an_offer_ends_after_ten_minutes_and_is_no_access_token() {
    let server = TestServer::start().await;
    archived(&server).await;
    let Ok(SignIn::RestoreOffered(offer)) = sign_in(&server, OnArchived::Ask).await else { panic!("not asked") };
    assert_eq!(server.accounts.authenticate_bearer(&offer.token, &origin()).await.err(), Some(Error::Unauthenticated));
    server.advance(TimeDelta::minutes(11));
    let late = server.accounts.restore(&offer.token, Kind::Browser, &origin()).await;
    assert_eq!(late.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn registering_restores_with_the_new_password_after_the_code() {
    let server = TestServer::start().await;
    let (ada, _) = archived(&server).await;
    let sign_up = SignUp {
        email: Some("ada@example.com".into()),
        name: NameInput::Full("Somebody Else".into()),
        password: "Another-harbour 19 fern".into(),
        ..SignUp::default()
    };
    let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
    assert!(server.accounts.find_for_operator("ada@example.com").await.unwrap().archived_at.is_some(), "proof first");
    let code = server.code_sent_to("ada@example.com").await;
    let done = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Browser, &origin()).await;
    let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
    assert_eq!((new.account.id, new.account.archived_at), (ada.account.id, None));
    assert_eq!(new.account.names.full(), "Ada Lovelace", "with its profile");
    let old = sign_in(&server, OnArchived::Ask).await;
    assert_eq!(old.err(), Some(Error::BadCredentials));
}

#[tokio::test]
async fn from_the_day_of_deletion_on_the_account_is_unknown_and_then_gone() {
    let server = TestServer::start().await;
    let (ada, _) = archived(&server).await;
    let purge_at = server.accounts.find_for_operator("ada@example.com").await.unwrap().purge_at.unwrap();
    server.advance(purge_at - server.now() - TimeDelta::microseconds(1));
    assert!(server.accounts.purge().await.unwrap().done.is_empty());
    server.advance(TimeDelta::microseconds(1));
    assert_eq!(
        sign_in(&server, OnArchived::Restore).await.err(),
        Some(Error::BadCredentials),
        "before the job has run"
    );
    assert_eq!(server.accounts.due_for_purge().await.unwrap(), [ada.account.id]);
    assert_eq!(server.accounts.purge().await.unwrap().done, [ada.account.id]);
    assert!(server.accounts.purge().await.unwrap().done.is_empty());
    assert_eq!(server.accounts.find_for_operator("ada@example.com").await.err(), Some(Error::NotFound));
    assert_eq!(server.accounts.outbox(50).await.unwrap(), [], "the outbox names it no more");
    server.sign_up("ada@example.com", "Ada Anew").await;
}

#[tokio::test]
async fn an_identifier_is_free_again_even_before_the_job_has_run() {
    let server = TestServer::start().await;
    let (ada, _) = archived(&server).await;
    server.advance(TimeDelta::days(32));
    let anew = server.sign_up("ada@example.com", "Ada Anew").await;
    assert_ne!(anew.account.id, ada.account.id);
    assert!(server.accounts.purge().await.unwrap().done.is_empty(), "the old account went with it");
}

#[tokio::test]
async fn reminders_come_seven_days_and_one_day_before_once_each() {
    let server = TestServer::start().await;
    archived(&server).await;
    let purge_at = server.accounts.find_for_operator("ada@example.com").await.unwrap().purge_at.unwrap();
    for (before, expected) in [(8, 0), (7, 1), (6, 0), (1, 1), (0, 0)] {
        server.advance(purge_at - TimeDelta::days(before) - server.now());
        assert_eq!(server.accounts.remind().await.unwrap().done.len(), expected, "{before} days before");
        assert_eq!(server.accounts.remind().await.unwrap().done.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn restore_and_purge_never_meet() {
    for round in 0..20 {
        let server = TestServer::start().await;
        let (ada, _) = archived(&server).await;
        let Ok(SignIn::RestoreOffered(offer)) = sign_in(&server, OnArchived::Ask).await else { panic!("not asked") };
        let purge_at = server.accounts.find_for_operator("ada@example.com").await.unwrap().purge_at.unwrap();
        server.advance(purge_at - server.now() - TimeDelta::microseconds(1));
        // The offer is too old by then; the right password is what races the job.
        drop(offer);
        let (accounts, clock) = (server.accounts.clone(), server.accounts.clone());
        let restore = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(round * 50)).await;
            accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await.is_ok()
        });
        server.advance(TimeDelta::microseconds((round % 2) as i64));
        let purged = clock.purge().await.unwrap().done;
        let restored = restore.await.unwrap();
        let there = server.accounts.find_for_operator(&ada.account.id.to_string()).await;
        assert_eq!(there.is_ok(), purged.is_empty(), "round {round}");
        if restored {
            assert!(there.unwrap().archived_at.is_none(), "round {round}");
        }
    }
}
