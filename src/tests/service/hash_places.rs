//! Places at the password hasher are few: what is refused anyway takes none, and what is refused is not paid for.

use std::time::Duration;

use chrono::TimeDelta;
use futures::future::join_all;
use nameplate::{
    domain::{
        error::Error,
        session::{Kind, Origin},
    },
    service::{
        login::{OnArchived, SignIn},
        profile::NameInput,
        register::SignUp,
    },
};
use tokio::{
    spawn,
    task::{JoinHandle, yield_now},
    time::sleep,
};

use crate::harness::{Gate, PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(
    seventy_connections_on_a_blocked_identifier_take_no_place,
    many_tries_of_one_account_leave_places_for_others,
    what_has_no_place_is_not_counted,
    a_full_address_keeps_nobody_elsewhere_waiting,
    one_caller_leaves_places_for_others,
    registrations_are_admitted_before_they_are_paid_for,
    resets_are_admitted_before_they_are_paid_for,
);

const EMAIL: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";
const NEXT: &str = "Another-harbour 19 fern";

fn from(number: usize) -> Origin {
    let [high, low] = u16::try_from(number).unwrap().to_be_bytes();
    Origin { address: Some([10, 0, high, low].into()), ..origin() }
}

fn try_password(
    server: &TestServer,
    identifier: &'static str,
    password: &'static str,
    from: Origin,
) -> JoinHandle<Result<SignIn, Error>> {
    let accounts = server.accounts.clone();
    spawn(async move { accounts.sign_in(identifier, password, Kind::Api, OnArchived::Restore, &from).await })
}

fn sign_up(email: &str, password: &str) -> SignUp {
    SignUp {
        email: Some(email.to_owned()),
        name: NameInput::Full("Nora New".to_owned()),
        password: password.to_owned(),
        ..SignUp::default()
    }
}

async fn seventy_connections_on_a_blocked_identifier_take_no_place(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    for identifier in [EMAIL, NOBODY] {
        for _ in 0..5 {
            let wrong = try_password(&server, identifier, "wrong", origin()).await.unwrap();
            assert_eq!(wrong.err(), Some(Error::BadCredentials));
        }
        let gate = Gate::close(server.hasher()).await;
        let tries = (0..70).map(|number| try_password(&server, identifier, PASSWORD, from(number)));
        for done in join_all(tries.collect::<Vec<_>>()).await {
            let refused = done.unwrap().err();
            assert!(matches!(refused, Some(Error::Throttled { .. })), "{identifier}: {refused:?}");
        }
        assert_eq!(gate.waiting(), 0, "{identifier}");
    }
}

async fn many_tries_of_one_account_leave_places_for_others(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    server.sign_up("bob@example.com", "Bob").await;
    let gate = Gate::close(server.hasher()).await;
    let flood: Vec<_> = (0..100).map(|number| try_password(&server, EMAIL, "wrong", from(number))).collect();
    gate.until_waiting(1).await;
    let bob = try_password(&server, "bob@example.com", PASSWORD, from(200));
    gate.until_waiting(2).await;
    assert_eq!(gate.waiting(), 2);
    gate.open();
    assert!(matches!(bob.await.unwrap(), Ok(SignIn::Complete(_))));
    for done in join_all(flood).await {
        let refused = done.unwrap().err();
        assert!(matches!(refused, Some(Error::BadCredentials | Error::Throttled { .. })), "{refused:?}");
    }
}

async fn what_has_no_place_is_not_counted(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    let gate = Gate::close(server.hasher()).await;
    let mut places = Vec::new();
    while let Ok(place) = server.hasher().permit() {
        places.push(place);
    }
    for _ in 0..40 {
        let busy = try_password(&server, EMAIL, PASSWORD, origin()).await.unwrap();
        assert!(matches!(busy.err(), Some(Error::Busy { .. })));
    }
    drop(places);
    gate.open();
    assert!(matches!(try_password(&server, EMAIL, PASSWORD, origin()).await.unwrap(), Ok(SignIn::Complete(_))));
}

async fn a_full_address_keeps_nobody_elsewhere_waiting(server: TestServer) {
    let owners: Vec<_> = (0..8).map(|number| &*format!("owner{number}@example.com").leak()).collect();
    for owner in &owners {
        server.sign_up(owner, "Olga Owner").await;
    }
    server.advance(TimeDelta::minutes(10));
    let gate = Gate::close(server.hasher()).await;
    // Thirty tries that are not settled are all that one address has. They are at passwords of nobody, one after the other,
    // because some of those share a gate.
    let mut unsettled = Vec::new();
    for number in 0..200 {
        let nobody = &*format!("nobody{number}@example.com").leak();
        unsettled.push(try_password(&server, nobody, "wrong", from(1)));
    }
    gate.until_waiting(30).await;
    let here: Vec<_> = owners.iter().map(|owner| try_password(&server, owner, PASSWORD, from(1))).collect();
    // Until they wait, too. Where that takes longer, the next ones are before them, and find no gate closed.
    sleep(Duration::from_millis(200)).await;
    let elsewhere: Vec<_> = owners.iter().map(|owner| try_password(&server, owner, PASSWORD, from(2))).collect();
    gate.until_waiting(31).await;
    gate.open();
    for done in join_all(elsewhere).await {
        assert!(matches!(done.unwrap(), Ok(SignIn::Complete(_))));
    }
    for done in join_all(unsettled.into_iter().chain(here)).await {
        let refused = done.unwrap().err();
        assert!(matches!(refused, Some(Error::BadCredentials | Error::Throttled { .. })), "{refused:?}");
    }
}

async fn one_caller_leaves_places_for_others(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.advance(TimeDelta::minutes(10));
    let gate = Gate::close(server.hasher()).await;
    let ratings: Vec<_> = (0..70)
        .map(|_| {
            let (accounts, actor) = (server.accounts.clone(), actor.clone());
            spawn(async move { accounts.rate_password(&actor, NEXT).await.map(drop) })
        })
        .collect();
    let sign_ups: Vec<_> = (0..50)
        .map(|number| {
            let accounts = server.accounts.clone();
            let sign_up = sign_up(&format!("new{number}@example.com"), "weak");
            spawn(async move { accounts.register(sign_up, &origin()).await.map(drop) })
        })
        .collect();
    // Two and twenty-four may wait; the others hear at once that they cannot.
    let sent_away = |done: &[JoinHandle<_>]| done.iter().filter(|done| done.is_finished()).count();
    while gate.waiting() < 26 || sent_away(&ratings) < 68 || sent_away(&sign_ups) < 26 {
        yield_now().await;
    }
    let bob = try_password(&server, NOBODY, PASSWORD, from(1));
    gate.until_waiting(27).await;
    gate.open();
    assert_eq!(bob.await.unwrap().err(), Some(Error::BadCredentials));
    let busy = |done: &Result<(), Error>| matches!(done, Err(Error::Busy { .. }));
    for (most, done) in [(68, ratings), (26, sign_ups)] {
        assert_eq!(join_all(done).await.into_iter().map(Result::unwrap).filter(busy).count(), most);
    }
}

async fn registrations_are_admitted_before_they_are_paid_for(server: TestServer) {
    for _ in 0..5 {
        server.accounts.register(sign_up(EMAIL, PASSWORD), &origin()).await.unwrap();
    }
    let paid = server.hasher().work_done();
    for password in [PASSWORD, "weak"] {
        let sixth = server.accounts.register(sign_up(EMAIL, password), &origin()).await.map(drop);
        assert!(matches!(sixth, Err(Error::TooManyCodes { .. })), "{password}: {sixth:?}");
    }
    assert_eq!(server.hasher().work_done(), paid);
    // Other addresses, from the same caller: what is refused for its password was looked at all the same.
    for number in 0..53 {
        let weak = server.accounts.register(sign_up(&format!("new{number}@example.com"), "weak"), &origin()).await;
        assert!(matches!(weak, Err(Error::Invalid(_))), "{number}");
    }
    let next = server.accounts.register(sign_up("next@example.com", "weak"), &origin()).await.map(drop);
    assert!(matches!(next, Err(Error::Throttled { .. })), "{next:?}");
    server.accounts.register(sign_up("next@example.com", PASSWORD), &from(1)).await.map(drop).unwrap();
    server.advance(TimeDelta::minutes(10));
    server.accounts.register(sign_up("next@example.com", PASSWORD), &origin()).await.map(drop).unwrap();
}

async fn resets_are_admitted_before_they_are_paid_for(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    server.advance(TimeDelta::minutes(10));
    let reset = async |token: &str, password: &str| {
        server.accounts.reset_password(token, "000000", password, None, &origin()).await.map(drop)
    };
    for email in [EMAIL, NOBODY] {
        let token = server.accounts.request_password_reset(email, &origin()).await.unwrap().token;
        for tries_left in (0..5).rev() {
            assert_eq!(reset(&token, NEXT).await, Err(Error::CodeWrong { tries_left }));
        }
        assert_eq!(reset(&token, "weak").await, Err(Error::CodeExhausted), "{email}");
        let token = server.accounts.request_password_reset(email, &origin()).await.unwrap().token;
        for _ in 0..20 {
            assert!(matches!(reset(&token, "weak").await, Err(Error::Invalid(_))), "{email}");
        }
        server.advance(TimeDelta::minutes(10));
        assert_eq!(reset(&token, "weak").await, Err(Error::CodeExpired), "{email}");
    }
    let token = server.accounts.request_password_reset(EMAIL, &origin()).await.unwrap().token;
    for _ in 0..60 {
        assert!(matches!(reset(&token, "weak").await, Err(Error::Invalid(_))));
    }
    let refused = reset(&token, "weak").await;
    assert!(matches!(refused, Err(Error::Throttled { .. })), "{refused:?}");
}
