//! Locks are taken in one order: accounts, of two the one with the lower id first, then what belongs to them. On PostgreSQL
//! two transactions that take them in different orders wait for each other, and one of them fails.
//!
//! The order is seen, not raced for: while the account is held, whatever is done waits for it, and must hold nothing that
//! belongs to it by then.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::future::{BoxFuture, join_all};
use nameplate::{
    domain::{
        code::{Channel, Purpose},
        error::Error,
        session::{Actor, Kind},
    },
    service::{
        Accounts, Expectation, codes::verification::CodeRecipient, management::Access,
        management::change::ManagedChange, two_factor::challenge::Challenge,
    },
};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions, query, query_scalar};
use tokio::{spawn, time::sleep};
use uuid::Uuid;

use crate::harness::{PASSWORD, TestServer, origin, postgres};

const NEXT: &str = "Another-harbour 19 fern";
const ANY: Expectation = Expectation::Any;
const NONE: TimeDelta = TimeDelta::zero();
const EMAIL: &str = "ada@example.com";
const NEW: &str = "new@example.com";

/// What two parties want at the same time.
struct Scene {
    accounts: Accounts,
    ada: Actor,
    refresh: String,
    access: String,
    other_session: Uuid,
    client: Access,
    /// Between the two steps of signing in.
    half: Challenge,
    /// The code that answers there.
    sent: String,
    /// Codes with the tokens that name them.
    reset: (String, String),
    verification: (String, String),
    undo: String,
}

type Call = for<'a> fn(&'a Scene) -> BoxFuture<'a, Result<(), Error>>;

macro_rules! calls {
    (|$scene:ident| $($name:ident($($argument:expr),* $(,)?)),* $(,)?) => {
        &[$((
            stringify!($name),
            |$scene| Box::pin(async move { $scene.accounts.$name($($argument),*).await.map(drop) }),
        )),*]
    };
}

/// What sends, spends or ends codes, or ends sessions, of an active account.
const CALLS: &[(&str, Call)] = calls! { |s|
    answer_challenge(&s.half, &s.sent, None),
    archive(&s.ada, s.ada.account_id, None, ANY),
    cancel_change(&s.ada, Channel::Email, ANY),
    change_email(&s.ada, "third@example.com", ANY),
    change_password(&s.ada, s.ada.account_id, PASSWORD, NEXT, None, ANY),
    change_username(&s.ada, "ada-l", ANY),
    complete_verification(CodeRecipient::new(Channel::Email, NEW), &s.verification.1, None, &s.ada.origin),
    confirm_password(&s.ada, PASSWORD),
    confirm_verification(&s.ada, Channel::Email, &s.verification.0, &s.verification.1, Expectation::Any),
    deactivate(&s.ada, PASSWORD, None, ANY),
    delete_managed(&s.client, s.ada.account_id),
    end_all_sessions(&s.ada, true),
    end_session(&s.ada, s.other_session),
    refresh(&s.refresh, &s.ada.origin),
    renew(&s.ada),
    request_factor_code(&s.ada, None, NONE),
    request_password_reset(EMAIL, &s.ada.origin),
    request_verification(&s.ada, Channel::Email),
    resend_code(&s.reset.0, None, &s.ada.origin),
    resend_code(&s.verification.0, None, &s.ada.origin),
    reset_password(&s.reset.0, &s.reset.1, NEXT, None, &s.ada.origin),
    send_challenge_code(&s.half, None, NONE),
    set_managed_password(&s.client, s.ada.account_id, NEXT, ANY),
    sign_out_by_bearer(&s.access, &s.ada.origin),
    sign_out_by_refresh(&s.refresh, &s.ada.origin),
    start_verification(Purpose::Verification, CodeRecipient::new(Channel::Email, NEW), NONE, Some(&s.ada), &s.ada.origin),
    suspend(&s.client, s.ada.account_id, true, ANY),
    undo(&s.undo, &s.ada.origin),
    update_managed(&s.client, s.ada.account_id, managed_email(), ANY),
};

fn managed_email() -> ManagedChange {
    ManagedChange { email: Some("third@example.com".into()), ..ManagedChange::default() }
}

impl Scene {
    async fn set(server: &TestServer) -> Self {
        let accounts = server.accounts.clone();
        let person = server.sign_up(EMAIL, "Ada Lovelace").await;
        let ada = server.actor(&person).await;
        accounts.enable_two_factor(&ada, None, Expectation::Any).await.unwrap();
        let other = server.challenge(EMAIL).await;
        let other_code = challenge_code(server, &other).await;
        let other = accounts.answer_challenge(&other, &other_code, None).await.unwrap();
        let half = server.challenge(EMAIL).await;
        let sent = challenge_code(server, &half).await;
        server.advance(TimeDelta::seconds(1));
        let changed = accounts.change_email(&ada, NEW, ANY).await.unwrap();
        let verification = (changed.receipts[0].token.clone(), server.code_sent_to(NEW).await);
        let undo = server.undo_link_to(EMAIL).await;
        server.advance(TimeDelta::seconds(1));
        let asked = accounts.request_password_reset(EMAIL, &origin()).await.unwrap();
        let reset = (asked.token, server.code_sent_to(EMAIL).await);
        Self {
            accounts,
            ada,
            refresh: person.refresh,
            access: person.access,
            other_session: other.session.id,
            client: server.access().await,
            half,
            sent,
            reset,
            verification,
            undo,
        }
    }
}

async fn challenge_code(server: &TestServer, challenge: &Challenge) -> String {
    server.advance(TimeDelta::seconds(1));
    server.accounts.send_challenge_code(challenge, None, NONE).await.unwrap();
    server.code_sent_to(EMAIL).await
}

/// A server over PostgreSQL, and a connection to its database.
pub async fn server() -> (TestServer, PgConnection, String) {
    let url = postgres::database().await;
    let server = TestServer::start_over(&url).await;
    let connection = connect(&url).await;
    (server, connection, url)
}

pub async fn connect(url: &str) -> PgConnection {
    url.parse::<PgConnectOptions>().unwrap().disable_statement_logging().connect().await.unwrap()
}

/// Whether somebody waits for a lock by the time that the call has ended or waits.
pub async fn waits<T>(watcher: &mut PgConnection, call: &tokio::task::JoinHandle<T>) -> bool {
    let waiting =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        if query_scalar::<_, i64>(waiting).fetch_one(&mut *watcher).await.unwrap() > 0 {
            return true;
        }
        if call.is_finished() {
            return false;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

pub const HOLD: &str = "UPDATE accounts SET record_version = record_version WHERE id = $1";

/// Takes every code and session, as what ends them does; a party that holds one of them and waits is a circle.
async fn take_all(holder: &mut PgConnection, name: &str) {
    for table in ["UPDATE codes SET tries = tries", "UPDATE sessions SET device = device"] {
        holder.execute(table).await.unwrap_or_else(|error| panic!("{name}: {table}: {error}"));
    }
}

pub fn is_busy<T>(done: &Result<T, Error>) -> bool {
    matches!(done, Err(Error::Busy { .. } | Error::Internal(_)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_account_comes_before_its_codes_and_sessions() {
    for (name, call) in CALLS {
        let (server, mut holder, url) = server().await;
        let mut watcher = connect(&url).await;
        let scene = Scene::set(&server).await;
        let mut held = holder.begin().await.unwrap();
        query(HOLD).bind(scene.ada.account_id).execute(&mut *held).await.unwrap();
        let call = spawn(async move { call(&scene).await });
        assert!(waits(&mut watcher, &call).await, "{name} does not take the account: {:?}", call.await);
        take_all(&mut held, name).await;
        held.commit().await.unwrap();
        assert_eq!(call.await.unwrap(), Ok(()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_that_restores_comes_to_the_account_before_its_code() {
    let (server, mut holder, url) = server().await;
    let mut watcher = connect(&url).await;
    let person = server.sign_up(EMAIL, "Ada Lovelace").await;
    let ada = server.actor(&person).await;
    server.accounts.archive(&ada, ada.account_id, None, ANY).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let token = server.register(EMAIL, NEXT).await.receipt.token;
    let code = server.code_sent_to(EMAIL).await;
    let mut held = holder.begin().await.unwrap();
    query(HOLD).bind(ada.account_id).execute(&mut *held).await.unwrap();
    let accounts = server.accounts.clone();
    let call = spawn(async move { accounts.confirm_registration(&token, &code, Kind::Api, &origin()).await.map(drop) });
    assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
    take_all(&mut held, "confirm_registration").await;
    held.commit().await.unwrap();
    assert_eq!(call.await.unwrap(), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_accounts_the_lower_id_comes_first() {
    let (server, mut holder, url) = server().await;
    let mut watcher = connect(&url).await;
    let mut people = Vec::new();
    for name in ["ada", "bob"] {
        let admin = server.sign_up_admin(&format!("{name}@example.com")).await;
        people.push(server.actor(&admin).await);
    }
    people.sort_by_key(|actor| actor.account_id);
    let [low, high] = [people[0].account_id, people[1].account_id];
    type Call = fn(Accounts, Actor, Uuid) -> BoxFuture<'static, Result<(), Error>>;
    let calls: [(&str, Call); 4] = [
        ("follow", |accounts, by, other| Box::pin(async move { accounts.follow(&by, other).await.map(drop) })),
        ("unblock", |accounts, by, other| Box::pin(async move { accounts.unblock(&by, other).await.map(drop) })),
        ("unlock", |accounts, by, other| Box::pin(async move { accounts.unlock(&by, other, ANY).await.map(drop) })),
        ("block", |accounts, by, other| Box::pin(async move { accounts.block(&by, other).await.map(drop) })),
    ];
    for (name, call) in calls {
        for (by, other) in [(&people[0], high), (&people[1], low)] {
            let mut held = holder.begin().await.unwrap();
            query(HOLD).bind(low).execute(&mut *held).await.unwrap();
            let call = spawn(call(server.accounts.clone(), by.clone(), other));
            assert!(waits(&mut watcher, &call).await, "{name}: {:?}", call.await);
            query(HOLD).bind(high).execute(&mut *held).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            held.commit().await.unwrap();
            let done = call.await.unwrap();
            assert!(!is_busy(&done), "{name}: {done:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gets_an_identifier_back_comes_to_the_lower_id_first() {
    // Whichever of the two has the lower id, one of the rounds has it the wrong way round for who does not care.
    for round in 0..2 {
        let (server, mut holder, url) = server().await;
        let mut watcher = connect(&url).await;
        let mut ids = Vec::new();
        let names = if round == 0 { ["ada@example.com", "eve@example.com"] } else { ["eve@example.com", EMAIL] };
        for name in names {
            ids.push(server.sign_up(name, name).await.account.id);
            server.advance(TimeDelta::seconds(1));
        }
        let [ada, eve] = [server.sign_in(EMAIL).await, server.sign_in("eve@example.com").await];
        let (by_ada, by_eve) = (server.actor(&ada).await, server.actor(&eve).await);
        let changed = server.accounts.change_email(&by_ada, NEW, ANY).await.unwrap();
        let code = server.code_sent_to(NEW).await;
        let token = &changed.receipts[0].token;
        server.accounts.confirm_verification(&by_ada, Channel::Email, token, &code, Expectation::Any).await.unwrap();
        let link = server.undo_link_to(EMAIL).await;
        // Eve has what Ada gave up, and has proved nothing.
        server.unverify(by_eve.account_id).await;
        server.accounts.change_email(&by_eve, EMAIL, ANY).await.unwrap();
        ids.sort();
        let mut held = holder.begin().await.unwrap();
        query(HOLD).bind(ids[0]).execute(&mut *held).await.unwrap();
        let accounts = server.accounts.clone();
        let call = spawn(async move { accounts.undo(&link, &origin()).await.map(drop) });
        assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
        query(HOLD).bind(ids[1]).execute(&mut *held).await.expect("nobody holds the higher one");
        held.commit().await.unwrap();
        assert_eq!(call.await.unwrap(), Ok(()));
    }
}

/// Everything at once, of which most is refused: none because two waited for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_waits_in_a_circle() {
    for _ in 0..4 {
        let server = TestServer::start_on_postgres().await;
        let scene = Arc::new(Scene::set(&server).await);
        let ends = ["archive", "deactivate", "delete_managed", "suspend"];
        let calls = CALLS.iter().filter(|(name, _)| !ends.contains(name)).map(|(name, call)| {
            let scene = Arc::clone(&scene);
            spawn(async move { (*name, call(&scene).await) })
        });
        for done in join_all(calls.collect::<Vec<_>>()).await {
            let (name, done) = done.unwrap();
            assert!(!is_busy(&done), "{name}: {done:?}");
        }
    }
}
