//! A password that was right when it was looked at, and is not any more when it would count.

use std::sync::Arc;

use chrono::TimeDelta;
use nameplate::{
    domain::{
        code::Channel,
        error::Error,
        session::{Kind, Origin},
    },
    ports::hasher::{Cost, Hasher},
    service::{
        Accounts, Expectation, Parts,
        login::{OnArchived, SignIn},
    },
};
use tokio::{spawn, task::JoinHandle};

use crate::harness::{Gate, PASSWORD, Person, TestServer, origin, with_both_engines};

with_both_engines!(
    queued_sign_ins_end_with_the_password,
    nothing_is_told_to_an_old_password,
    a_restore_offer_ends_with_the_password,
    the_password_of_a_registration_ends_with_the_next_one,
    raising_the_cost_fails_no_sign_in,
    a_pepper_that_is_set_later_breaks_nobody,
);

const EMAIL: &str = "ada@example.com";
const NEXT: &str = "Another-harbour 19 fern";
const THIRD: &str = "Walnut-lantern 19 fog";
const ANY: Expectation = Expectation::Any;

async fn sign_in(accounts: &Accounts, password: &str, on_archived: OnArchived) -> Result<SignIn, Error> {
    accounts.sign_in(EMAIL, password, Kind::Api, on_archived, &origin()).await
}

fn hasher(parts: &Parts, cost: Cost, pepper: Option<&str>) -> Hasher {
    Hasher::new(cost, pepper.map(Into::into), Arc::clone(&parts.rng)).unwrap()
}

/// A try that is begun on a server.
fn begin(server: &TestServer, password: &'static str, on_archived: OnArchived) -> JoinHandle<Result<SignIn, Error>> {
    let accounts = server.accounts.clone();
    spawn(async move { sign_in(&accounts, password, on_archived).await })
}

async fn change_password(server: &TestServer, ada: &Person) {
    server.advance(TimeDelta::seconds(1));
    let actor = server.actor(ada).await;
    server.accounts.change_password(&actor, ada.account.id, PASSWORD, NEXT, None, ANY).await.unwrap();
}

async fn reset_password(server: &TestServer, next: &str) {
    server.advance(TimeDelta::seconds(1));
    let receipt = server.accounts.request_password_reset(EMAIL, &origin()).await.unwrap();
    let code = server.code_sent_to(EMAIL).await;
    server.accounts.reset_password(&receipt.token, &code, next, None, &origin()).await.unwrap();
}

async fn archive(server: &TestServer, ada: &Person) {
    server.accounts.archive(&server.actor(ada).await, ada.account.id, None, ANY).await.unwrap();
}

async fn queued_sign_ins_end_with_the_password(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let busy = server.beside(|_| {}).await;
    let gate = Gate::close(busy.hasher()).await;
    let queued: Vec<_> = (0..20).map(|_| begin(&busy, PASSWORD, OnArchived::Restore)).collect();
    gate.until_waiting(1).await;
    change_password(&server, &ada).await;
    gate.open();
    for done in queued {
        let refused = done.await.unwrap().err().expect("the old password signs in");
        assert!(matches!(refused, Error::BadCredentials | Error::Throttled { .. }), "{refused:?}");
    }
    server.advance(TimeDelta::minutes(15));
    sign_in(&server.accounts, NEXT, OnArchived::Restore).await.map(drop).unwrap();
}

async fn nothing_is_told_to_an_old_password(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    archive(&server, &ada).await;
    let busy = server.beside(|_| {}).await;
    // First it is archived, then locked, too.
    for (old, next) in [(PASSWORD, NEXT), (NEXT, THIRD)] {
        let gate = Gate::close(busy.hasher()).await;
        let queued = begin(&busy, old, OnArchived::Ask);
        gate.until_waiting(1).await;
        reset_password(&server, next).await;
        gate.open();
        assert_eq!(queued.await.unwrap().err(), Some(Error::BadCredentials), "before {next}");
        server.lock(ada.account.id).await;
        server.advance(TimeDelta::minutes(15));
    }
}

async fn a_restore_offer_ends_with_the_password(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    archive(&server, &ada).await;
    let offer = async |password| match sign_in(&server.accounts, password, OnArchived::Ask).await.unwrap() {
        SignIn::RestoreOffered(offer) => offer.token,
        _ => panic!("no offer"),
    };
    let old = offer(PASSWORD).await;
    reset_password(&server, NEXT).await;
    let read = server.accounts.read_restore_offer(&old).await.map(drop);
    assert_eq!(read, Err(Error::Unauthenticated));
    let restored = server.accounts.restore(&old, Kind::Browser, &origin()).await.map(drop);
    assert_eq!(restored, Err(Error::Unauthenticated));
    let new = offer(NEXT).await;
    server.accounts.read_restore_offer(&new).await.map(drop).unwrap();
    server.accounts.restore(&new, Kind::Browser, &origin()).await.map(drop).unwrap();
    let again = server.accounts.restore(&new, Kind::Browser, &origin()).await.map(drop);
    assert_eq!(again, Err(Error::Unauthenticated), "it is not archived any more");
}

/// Registers with Ada's address, and confirms the code.
async fn register(server: &TestServer, password: &str) {
    server.advance(TimeDelta::seconds(1));
    let token = server.register(EMAIL, password).await.receipt.token;
    let code = server.code_sent_to(EMAIL).await;
    server.accounts.confirm_registration(&token, &code, Kind::Api, &origin()).await.map(drop).unwrap();
}

async fn the_password_of_a_registration_ends_with_the_next_one(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    server.add_app(&ada).await;
    archive(&server, &ada).await;
    register(&server, NEXT).await;
    let busy = server.beside(|_| {}).await;
    let gate = Gate::close(busy.hasher()).await;
    let queued = begin(&busy, NEXT, OnArchived::Restore);
    gate.until_waiting(1).await;
    register(&server, THIRD).await;
    gate.open();
    assert_eq!(queued.await.unwrap().err(), Some(Error::BadCredentials));
}

async fn raising_the_cost_fails_no_sign_in(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    let raised = Cost { memory_kib: 16, iterations: 1, parallelism: 1 };
    let (mut queued, mut gates) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let other = server.beside(|parts| parts.hasher = hasher(parts, raised, None)).await;
        gates.push(Gate::close(other.hasher()).await);
        queued.extend((0..10).map(|_| begin(&other, PASSWORD, OnArchived::Restore)));
        gates.last().unwrap().until_waiting(1).await;
    }
    gates.into_iter().for_each(Gate::open);
    for done in queued {
        assert!(matches!(done.await.unwrap(), Ok(SignIn::Complete(_))), "hashing it anew is no change of it");
    }
}

async fn a_pepper_that_is_set_later_breaks_nobody(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let cost = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
    let peppered = server.beside(|parts| parts.hasher = hasher(parts, cost, Some("cumin"))).await;
    let stored = async || {
        let account = server.store().read().await.unwrap().account(ada.account.id).await.unwrap().unwrap();
        account.password_hash.unwrap()
    };
    let plain = stored().await;
    assert_eq!(sign_in(&peppered.accounts, NEXT, OnArchived::Ask).await.err(), Some(Error::BadCredentials));
    assert_eq!(stored().await, plain);
    sign_in(&peppered.accounts, PASSWORD, OnArchived::Ask).await.map(drop).unwrap();
    let named = stored().await;
    assert!(!plain.contains("keyid") && named.contains("keyid"), "{plain} {named}");
    sign_in(&peppered.accounts, PASSWORD, OnArchived::Ask).await.map(drop).unwrap();
    assert_eq!(stored().await, named);
}

#[tokio::test]
async fn a_reset_code_ends_with_the_address_it_went_to() {
    let server = TestServer::start().await;
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    server.advance(TimeDelta::seconds(1));
    let reset = server.accounts.request_password_reset(EMAIL, &origin()).await.unwrap();
    let code = server.code_sent_to(EMAIL).await;
    let actor = server.actor(&ada).await;
    let new = "new@example.com";
    let changed = server.accounts.change_email(&actor, new, ANY).await.unwrap();
    let proof = server.code_sent_to(new).await;
    server
        .accounts
        .confirm_verification(&actor, Channel::Email, &changed.receipts[0].token, &proof, Expectation::Any)
        .await
        .unwrap();
    let elsewhere = Origin { address: Some([198, 51, 100, 1].into()), ..origin() };
    let done = server.accounts.reset_password(&reset.token, &code, NEXT, None, &elsewhere).await;
    assert_eq!(done.err(), Some(Error::CodeNotFound));
}
