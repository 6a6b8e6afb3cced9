//! Circles of locks between accounts: whose day has come, who goes, who gets what another one has. As in `lock_order`, they
//! are seen, not raced for: one lock is held until somebody waits for it, who must hold none of the others by then.

use chrono::TimeDelta;
use futures::future::BoxFuture;
use nameplate::{
    domain::{
        code::Channel,
        error::Error,
        search::Search,
        session::{Actor, Kind},
    },
    service::{Accounts, Expectation, management::Access, management::change::ManagedChange},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, query, query_scalar};
use tokio::spawn;
use uuid::Uuid;

use super::lock_order::{HOLD, connect, is_busy, server, waits};
use crate::harness::{Person, TestServer, origin};

const ANY: Expectation = Expectation::Any;
const NEXT: &str = "Another-harbour 19 fern";
const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";
const NEW: &str = "new@example.com";

/// Signs somebody up after everybody else: ids are in the order of time.
async fn join(server: &TestServer, email: &str) -> Person {
    server.advance(TimeDelta::seconds(1));
    server.sign_up(email, email).await
}

/// Two registrations of one address, the codes of both confirmed at the same moment: the first deletes both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_of_one_address_wait_before_they_take_codes() {
    let (server, mut holder, url) = server().await;
    let mut watcher = connect(&url).await;
    let token = server.register(ADA, NEXT).await.receipt.token;
    let code = server.code_sent_to(ADA).await;
    let mut held = holder.begin().await.unwrap();
    let held_limits = held.execute("UPDATE limits SET failures = failures WHERE key LIKE 'code-to:%'").await.unwrap();
    assert_eq!(held_limits.rows_affected(), 2, "the caller's, and everybody's");
    let accounts = server.accounts.clone();
    let call = spawn(async move { accounts.confirm_registration(&token, &code, Kind::Api, &origin()).await.map(drop) });
    assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
    // As sending another code does, and as another registration does that is confirmed.
    held.execute("UPDATE codes SET tries = tries").await.unwrap();
    held.execute("UPDATE registrations SET locale = locale").await.unwrap();
    held.commit().await.unwrap();
    assert_eq!(call.await.unwrap(), Ok(()));
}

/// The edges of an account that goes are locked in the order of their ids, and then the counts of those at their ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_goes_takes_its_edges_and_counts_in_order() {
    const ALL: [&str; 2] =
        ["UPDATE follows SET requested_at = requested_at", "UPDATE connection_counts SET followers = followers"];
    for (lowest, all) in [
        ("SELECT 1 FROM follows ORDER BY id LIMIT 1 FOR UPDATE", &ALL[..]),
        ("SELECT 1 FROM connection_counts ORDER BY account_id LIMIT 1 FOR UPDATE", &ALL[1..]),
    ] {
        let (server, mut holder, url) = server().await;
        let mut watcher = connect(&url).await;
        let mut people = Vec::new();
        for email in [EVE, ADA, "bob@example.com"] {
            let person = join(&server, email).await;
            people.push(server.actor(&person).await);
        }
        let ada = people[1].account_id;
        // First those that follow her, then whom she follows. Nobody but the edge of the lowest id names the lowest account.
        for (by, other) in [(0, 1), (2, 1), (1, 2)] {
            server.advance(TimeDelta::seconds(1));
            server.accounts.follow(&people[by], people[other].account_id).await.unwrap();
        }
        let client = server.access().await;
        server.accounts.archive(&people[1], ada, None, ANY).await.unwrap();
        let mut held = holder.begin().await.unwrap();
        held.execute(lowest).await.unwrap();
        let accounts = server.accounts.clone();
        let call = spawn(async move { accounts.delete_managed(&client, ada).await });
        assert!(waits(&mut watcher, &call).await, "{lowest}: {:?}", call.await);
        for statement in all {
            held.execute(*statement).await.unwrap_or_else(|error| panic!("{lowest}: {error}"));
        }
        held.commit().await.unwrap();
        assert_eq!(call.await.unwrap(), Ok(()), "{lowest}");
        let left: i64 = query_scalar("SELECT SUM(followers + following)::BIGINT FROM connection_counts")
            .fetch_one(&mut watcher)
            .await
            .unwrap();
        assert_eq!(left, 0);
    }
}

/// What an account may be about to get from another one.
type Getting = fn(Accounts, Actor, Access, String) -> BoxFuture<'static, Result<(), Error>>;

const GETTING: [(&str, Getting); 4] = [
    ("change_email", |accounts, by, _, _| {
        Box::pin(async move { accounts.change_email(&by, EVE, ANY).await.map(drop) })
    }),
    ("change_username", |accounts, by, _, name| {
        Box::pin(async move { accounts.change_username(&by, &name, ANY).await.map(drop) })
    }),
    ("update_managed email", |accounts, by, client, _| {
        let change = ManagedChange { email: Some(EVE.into()), ..ManagedChange::default() };
        Box::pin(async move { accounts.update_managed(&client, by.account_id, change, ANY).await.map(drop) })
    }),
    ("update_managed username", |accounts, by, client, name| {
        let change = ManagedChange { username: Some(name), ..ManagedChange::default() };
        Box::pin(async move { accounts.update_managed(&client, by.account_id, change, ANY).await.map(drop) })
    }),
];

/// Whoever has it is deleted on the way, because their day has come: both are locked, the lower id first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_day_has_come_is_locked_in_the_order_of_ids() {
    for (name, call) in GETTING {
        for emails in [[ADA, EVE], [EVE, ADA]] {
            let (server, mut holder, url) = server().await;
            let mut watcher = connect(&url).await;
            for email in emails {
                join(&server, email).await;
            }
            let eve = server.sign_in(EVE).await;
            let (by_eve, username) = (server.actor(&eve).await, eve.account.username.to_string());
            server.accounts.archive(&by_eve, eve.account.id, None, ANY).await.unwrap();
            server.advance(TimeDelta::days(32));
            let ada = server.sign_in(ADA).await;
            let (ada, client) = (server.actor(&ada).await, server.access().await);
            let mut ids = [ada.account_id, eve.account.id];
            ids.sort_unstable();
            let mut held = holder.begin().await.unwrap();
            query(HOLD).bind(ids[0]).execute(&mut *held).await.unwrap();
            let call = spawn(call(server.accounts.clone(), ada, client, username));
            assert!(waits(&mut watcher, &call).await, "{name}: {:?}", call.await);
            query(HOLD).bind(ids[1]).execute(&mut *held).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            held.commit().await.unwrap();
            assert_eq!(call.await.unwrap(), Ok(()), "{name}");
            assert!(server.store().read().await.unwrap().account(eve.account.id).await.unwrap().is_none(), "{name}");
        }
    }
}

/// Somebody else gets the address while whoever has proved it waits for the own account: the other one is not locked on top
/// of it, but together with it by the second try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_turns_up_later_is_locked_in_the_order_of_ids() {
    let (server, mut first, url) = server().await;
    let [mut second, mut watcher]: [PgConnection; 2] = [connect(&url).await, connect(&url).await];
    let eve = join(&server, EVE).await.account.id;
    let ada = join(&server, ADA).await;
    let ada = server.actor(&ada).await;
    let changed = server.accounts.change_email(&ada, NEW, ANY).await.unwrap();
    let (token, code) = (changed.receipts[0].token.clone(), server.code_sent_to(NEW).await);
    let mut held = first.begin().await.unwrap();
    query(HOLD).bind(ada.account_id).execute(&mut *held).await.unwrap();
    let (accounts, by) = (server.accounts.clone(), ada.clone());
    let call = spawn(async move {
        accounts.confirm_verification(&by, Channel::Email, &token, &code, Expectation::Any).await.map(drop)
    });
    assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
    put_in_force(&mut second, eve).await;
    let mut eves = second.begin().await.unwrap();
    query(HOLD).bind(eve).execute(&mut *eves).await.unwrap();
    held.commit().await.unwrap();
    assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
    query(HOLD).bind(ada.account_id).execute(&mut *eves).await.expect("whoever waits for Eve does not hold Ada");
    eves.commit().await.unwrap();
    let done = call.await.unwrap();
    assert!(!is_busy(&done), "{done:?}");
    let mut tx = server.store().read().await.unwrap();
    let holder = tx.account_by_email(NEW).await.unwrap().map(|account| (account.id, account.email_verified));
    assert_eq!((done, holder), (Ok(()), Some((ada.account_id, true))));
}

/// Gives an account the address, unproved.
async fn put_in_force(connection: &mut PgConnection, id: Uuid) {
    let put = format!("UPDATE accounts SET email = '{NEW}', email_key = '{NEW}', email_verified = FALSE WHERE id = $1");
    query(AssertSqlSafe(put)).bind(id).execute(connection).await.unwrap();
}

/// A search notes at each account that it was read, which keeps it from going meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_takes_what_it_found_in_the_order_of_ids() {
    let (server, mut holder, url) = server().await;
    let mut watcher = connect(&url).await;
    let [lower, higher] = [join(&server, ADA).await.account.id, join(&server, EVE).await.account.id];
    let (access, accounts) = (server.access().await, server.accounts.clone());
    let mut held = holder.begin().await.unwrap();
    query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE").bind(higher).execute(&mut *held).await.unwrap();
    let call = spawn(async move { accounts.search_accounts(&access, &Search::default(), 0, 10).await.map(drop) });
    assert!(waits(&mut watcher, &call).await, "{:?}", call.await);
    let free = query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE NOWAIT").bind(lower).execute(&mut watcher).await;
    assert!(free.is_err(), "it has that one by then");
    held.rollback().await.unwrap();
    assert_eq!(call.await.unwrap(), Ok(()));
}
