//! Taking a change back by the link that the old address was sent.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::{Account, LoginIdentifier},
        code::Channel,
        error::{Error, Field},
        session::Actor,
    },
    service::Expectation,
};

use crate::harness::{PASSWORD, Person, TestServer, origin};

const OLD: &str = "ada@example.com";
const NEW: &str = "eve@example.org";

async fn ada(server: &TestServer) -> (Person, Actor) {
    let ada = server.sign_up(OLD, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    (ada, actor)
}

/// Asks for another address; the token of the code.
async fn request(server: &TestServer, actor: &Actor, email: &str) -> String {
    server.advance(TimeDelta::seconds(1));
    let mut sent = server.accounts.change_email(actor, email, Expectation::Any).await.unwrap();
    sent.receipts.remove(0).token
}

async fn change(server: &TestServer, actor: &Actor, email: &str) -> Account {
    let token = request(server, actor, email).await;
    server.advance(TimeDelta::seconds(1));
    let code = server.code_sent_to(email).await;
    server.accounts.confirm_verification(actor, Channel::Email, &token, &code, Expectation::Any).await.unwrap()
}

#[tokio::test]
async fn a_confirmed_change_is_taken_back_once_and_ends_every_session() {
    let server = TestServer::start().await;
    let (person, actor) = ada(&server).await;
    let token = request(&server, &actor, NEW).await;
    let (code, early) = (server.code_sent_to(NEW).await, server.undo_link_to(OLD).await);
    server.advance(TimeDelta::seconds(1));
    server.accounts.confirm_verification(&actor, Channel::Email, &token, &code, Expectation::Any).await.unwrap();
    let link = server.undo_link_to(OLD).await;
    assert_ne!(link, early);
    let offer = server.accounts.read_undo(&early).await.unwrap();
    assert_eq!((offer.channel, offer.restores.as_str()), (Channel::Email, "ad***@example.com"));
    assert!(server.is_signed_in(&person).await, "looking does nothing");

    server.advance(TimeDelta::seconds(1));
    let undone = server.accounts.undo(&early, &origin()).await.unwrap();
    assert_eq!(
        (undone.email.as_ref().map(|own| own.as_str()), undone.email_verified, undone.record_version),
        (Some(OLD), true, 4)
    );
    assert!(!server.is_signed_in(&person).await);
    assert!(server.last_message_to(OLD).await.subject.contains("undone"));
    assert_eq!(server.activity_of(OLD).await[0], "email-change-undone");
    for used in [&early, &link] {
        assert_eq!(server.accounts.read_undo(used).await.err(), Some(Error::NotFound));
        assert_eq!(server.accounts.undo(used, &origin()).await.err(), Some(Error::NotFound));
    }
    server.sign_in(OLD).await;
}

#[tokio::test]
async fn a_pending_change_is_cancelled_with_its_code() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    let token = request(&server, &actor, NEW).await;
    let code = server.code_sent_to(NEW).await;
    let undone = server.accounts.undo(&server.undo_link_to(OLD).await, &origin()).await.unwrap();
    assert_eq!((undone.shown_email().map(|e| e.as_str()), undone.shown_email_verified()), (Some(OLD), true));
    let actor = server.actor(&server.sign_in(OLD).await).await;
    let late = server.accounts.confirm_verification(&actor, Channel::Email, &token, &code, Expectation::Any).await;
    assert_eq!(late.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_link_works_for_seven_days_while_there_is_something_to_undo() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    request(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    server.accounts.cancel_change(&actor, Channel::Email, Expectation::Any).await.unwrap();
    assert_eq!(server.accounts.read_undo(&link).await.err(), Some(Error::NotFound), "nothing to undo");
    change(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    server.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert!(server.accounts.read_undo(&link).await.is_ok());
    server.advance(TimeDelta::seconds(1));
    assert_eq!(server.accounts.undo(&link, &origin()).await.err(), Some(Error::NotFound));
    assert_eq!(server.accounts.read_undo("guess").await.err(), Some(Error::NotFound));
    server.accounts.sweep().await.unwrap();
}

#[tokio::test]
async fn the_first_owner_has_the_last_word() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    change(&server, &actor, NEW).await;
    let first = server.undo_link_to(OLD).await;
    change(&server, &actor, "mallory@example.net").await;
    let second = server.undo_link_to(NEW).await;
    // Archived by whoever took it over: the link counts all the same.
    server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
    let undone = server.accounts.undo(&first, &origin()).await.unwrap();
    assert_eq!(undone.email.as_ref().map(|own| own.as_str()), Some(OLD));
    assert_eq!(server.accounts.undo(&second, &origin()).await.err(), Some(Error::NotFound), "made after the first");
}

#[tokio::test]
async fn an_unproved_claim_gives_way_and_a_proved_one_does_not() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    let (_, actor) = ada(&server).await;
    change(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    let sign_up = nameplate::service::register::SignUp {
        phone: Some("+12015550123".into()),
        name: nameplate::service::profile::NameInput::Full("Mallory".into()),
        password: PASSWORD.into(),
        ..Default::default()
    };
    let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
    let code = server.code_sent_to("+12015550123").await;
    let kind = nameplate::domain::session::Kind::Api;
    server.accounts.confirm_registration(&pending.receipt.token, &code, kind, &origin()).await.ok().unwrap();
    let mallory = server.sign_in("+12015550123").await;
    let mallory = server.actor(&mallory).await;
    let token = request(&server, &mallory, OLD).await;
    let code = server.code_sent_to(OLD).await;
    let undone = server.accounts.undo(&link, &origin()).await.unwrap();
    assert_eq!(undone.email.as_ref().map(|own| own.as_str()), Some(OLD));
    let displaced = server.accounts.account(&mallory, mallory.account_id).await.unwrap();
    assert_eq!((displaced.email, displaced.record_version), (None, 3));
    let late = server.accounts.confirm_verification(&mallory, Channel::Email, &token, &code, Expectation::Any).await;
    assert_eq!(late.err(), Some(Error::CodeNotFound));

    let ada = server.sign_in(OLD).await;
    let actor = server.actor(&ada).await;
    change(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    change(&server, &mallory, OLD).await;
    assert_eq!(server.accounts.undo(&link, &origin()).await.err(), Some(Error::Taken(Field::Email)));
    assert!(server.accounts.read_undo(&link).await.is_ok(), "not used up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_uses_take_effect_once() {
    let server = TestServer::start_on_postgres().await;
    let (_, actor) = ada(&server).await;
    change(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    let uses = (0..8).map(|_| {
        let (accounts, link) = (server.accounts.clone(), link.clone());
        tokio::spawn(async move { accounts.undo(&link, &origin()).await.err() })
    });
    let done = futures::future::join_all(uses.collect::<Vec<_>>()).await;
    assert_eq!(done.into_iter().filter(|one| one.as_ref().unwrap().is_none()).count(), 1);
}

#[tokio::test]
async fn purging_takes_the_links_along() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    change(&server, &actor, NEW).await;
    let link = server.undo_link_to(OLD).await;
    server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
    server.advance(TimeDelta::days(32));
    server.accounts.purge().await.unwrap();
    assert_eq!(server.accounts.read_undo(&link).await.err(), Some(Error::NotFound));
    let left = server.accounts.outbox(50).await.unwrap();
    assert!(left.iter().all(|message| message.account_id.is_none() && message.recipient != NEW), "{left:?}");
}
