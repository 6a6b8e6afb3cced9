//! The sweep: what it takes, in which steps, and that it takes nothing that is in use again.

use std::{
    io,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use nameplate::{
    domain::{
        activity::{Activity, Kind},
        code::SentCode,
        error::{Error, Field, PictureUrlReason, Reason},
        session::{self, SecondFactor, Session},
    },
    service::{Expectation, profile::ProfileChange},
    store::{accounts::AccountFilter, sessions::RefreshToken},
};
use serde_json::Map;
use sqlx::{Connection as _, PgConnection, SqliteConnection, query};
use tokio::spawn;
use uuid::Uuid;

use super::{
    avatar::{ada, upload},
    lock_order::{connect, waits},
};
use crate::harness::{TestServer, postgres::database, statements::recorded, with_both_engines};

/// Most rows that one transaction of the sweep takes of one kind.
const BATCH: u64 = 500;
const SESSIONS: u128 = 1_200;

/// What is logged on a thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn everything_that_fails_is_logged_and_the_rest_is_done() {
    let server = TestServer::start().await;
    let person = server.sign_up("ada@example.com", "Ada Lovelace").await;
    leave_dead_sessions(&server, person.account.id).await;
    let url = format!("sqlite://{}", server.database_file().display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for statement in ["ALTER TABLE flashes RENAME TO elsewhere", "ALTER TABLE undo_links RENAME TO nowhere"] {
        query(statement).execute(&mut connection).await.unwrap();
    }
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || written.clone()).finish();
    let here = tracing::subscriber::set_default(subscriber);
    let swept = server.accounts.sweep().await;
    drop(here);
    assert!(matches!(swept, Err(Error::Internal(_))), "{swept:?}");
    let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for what in ["flashes", "undo links"] {
        assert!(told.lines().any(|line| line.contains("could not be deleted") && line.contains(what)), "{told}");
    }
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

with_both_engines!(it_takes_a_bounded_batch_at_a_time, activity_is_kept_as_long_as_is_set);

/// Sessions that ended long ago, each with a refresh token and two codes.
async fn leave_dead_sessions(server: &TestServer, account_id: Uuid) {
    let (then, hash) = (server.now() - TimeDelta::days(40), |kind: u128, number: u128| {
        (kind * 1_000_000 + number).to_be_bytes().to_vec()
    });
    let mut tx = server.store().write().await.unwrap();
    for number in 0..SESSIONS {
        let session = Session {
            id: Uuid::from_u128(number),
            account_id,
            kind: session::Kind::Api,
            token_hash: None,
            user_agent: String::new(),
            device: String::new(),
            address: String::new(),
            second_factor: SecondFactor::NotAsked,
            created_at: then,
            last_used_at: then,
            authenticated_at: then,
            expires_at: then + TimeDelta::days(if number % 2 == 0 { 1 } else { 90 }),
            ended_at: (number % 2 == 1).then_some(then),
            app: None,
            replaces: None,
        };
        tx.insert_session(&session).await.unwrap();
        let token = RefreshToken {
            token_hash: hash(1, number),
            session_id: session.id,
            created_at: then,
            expires_at: then,
            used_at: None,
            grant: None,
        };
        tx.insert_refresh_token(&token).await.unwrap();
        for kind in [2, 3] {
            let code = SentCode {
                id: Uuid::from_u128(kind * 1_000_000 + number),
                purpose: "verification".into(),
                account_id: Some(account_id),
                registration_id: None,
                session_id: Some(session.id),
                channel: "email".into(),
                destination: "ada@example.com".into(),
                code_hash: Vec::new(),
                token_hash: None,
                tries: 0,
                created_at: then,
                expires_at: then,
                used_at: None,
            };
            tx.insert_code(&code).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

async fn it_takes_a_bounded_batch_at_a_time(server: TestServer) {
    let person = server.sign_up("ada@example.com", "Ada Lovelace").await;
    leave_dead_sessions(&server, person.account.id).await;
    let (swept, statements) = recorded(server.accounts.sweep()).await;
    swept.unwrap();
    let taken = |table: &str| {
        let delete = format!("DELETE FROM {table} ");
        let rows: Vec<_> = statements
            .iter()
            .filter(|statement| statement.text.starts_with(&delete))
            .map(|one| one.rows_affected)
            .collect();
        assert!(rows.iter().all(|rows| *rows <= BATCH), "{table}: {rows:?}");
        (rows.iter().sum::<u64>(), rows.len())
    };
    // What is full is followed by another one; half of the sessions ended, half ran out.
    assert_eq!(taken("codes"), (2_400, 5));
    assert_eq!(taken("refresh_tokens"), (1_200, 3));
    assert_eq!(taken("sessions"), (1_200, 4));
    assert!(
        statements.iter().all(|statement| !statement.text.starts_with("SELECT") || statement.rows_affected < BATCH)
    );
    assert!(server.is_signed_in(&person).await, "what lives is spared");
    let (swept, statements) = recorded(server.accounts.sweep()).await;
    swept.unwrap();
    assert_eq!(statements.iter().map(|statement| statement.rows_affected).sum::<u64>(), 0, "nothing was left");
}

async fn activity_is_kept_as_long_as_is_set(server: TestServer) {
    let email = "ada@example.com";
    let person = server.sign_up(email, "Ada Lovelace").await;
    let account_id = person.account.id;
    server.advance(TimeDelta::days(1));
    server.sign_in(email).await;
    let newest = server.activity_of(email).await[0].clone();
    let mut tx = server.store().write().await.unwrap();
    let old = |number: u128| Activity {
        // The lowest ids, as from long ago.
        id: Uuid::from_u128(number),
        account_id,
        kind: Kind::SignedIn.as_str().into(),
        device: String::new(),
        address: String::new(),
        detail: Map::new(),
        at: server.now(),
    };
    for chunk in (0..1_200).map(old).collect::<Vec<_>>().chunks(100) {
        tx.insert_activities(chunk).await.unwrap();
    }
    tx.commit().await.unwrap();
    server.advance(TimeDelta::days(400) - TimeDelta::seconds(1));
    let (swept, statements) = recorded(server.accounts.sweep()).await;
    swept.unwrap();
    let taken: Vec<_> = statements.iter().filter(|one| one.text.starts_with("DELETE FROM activity")).collect();
    assert_eq!(taken.len(), 3);
    assert!(taken.iter().all(|one| one.rows_affected <= BATCH), "{taken:?}");
    assert_eq!(server.activity_of(email).await, [newest], "what is younger is kept");
    server.advance(TimeDelta::seconds(2));
    server.accounts.sweep().await.unwrap();
    assert_eq!(server.activity_of(email).await, [""; 0]);
}

/// A server over PostgreSQL, with connections of somebody else to its database.
async fn scene() -> (TestServer, PgConnection, PgConnection) {
    let url = database().await;
    (TestServer::start_over(&url).await, connect(&url).await, connect(&url).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_put_on_a_profile_meanwhile_is_spared() {
    let (server, mut holder, mut watcher) = scene().await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    server.advance(TimeDelta::days(2));
    let mut held = holder.begin().await.unwrap();
    query("UPDATE uploads SET in_use = TRUE WHERE id = $1").bind(stored.id).execute(&mut *held).await.unwrap();
    let accounts = server.accounts.clone();
    let sweep = spawn(async move { accounts.sweep().await });
    assert!(waits(&mut watcher, &sweep).await, "the sweep waits for whoever has it");
    held.commit().await.unwrap();
    sweep.await.unwrap().unwrap();
    assert!(server.store().read().await.unwrap().upload(stored.id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_swept_meanwhile_is_not_shown() {
    let (server, mut holder, mut watcher) = scene().await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    let mut held = holder.begin().await.unwrap();
    query("DELETE FROM uploads WHERE id = $1").bind(stored.id).execute(&mut *held).await.unwrap();
    let (accounts, own) = (server.accounts.clone(), ada.account_id);
    let avatar = Some(accounts.upload_url(&stored.access_key));
    let change = ProfileChange { avatar, ..ProfileChange::default() };
    let write = spawn(async move { accounts.update_profile(&ada, own, change, Expectation::Any).await });
    assert!(waits(&mut watcher, &write).await, "the write waits for the sweep");
    held.commit().await.unwrap();
    let gone = Error::invalid(Field::Avatar, Reason::PictureUrl(PictureUrlReason::NotYours));
    assert_eq!(write.await.unwrap().err(), Some(gone));
    let account = server.store().read().await.unwrap().account(own).await.unwrap().unwrap();
    assert_eq!(account.pictures, [], "nothing has changed");
}

/// As a version without keys of names writes another name.
const RENAME: &str = "UPDATE accounts SET given_name = 'Eve'";

async fn is_found_after_the_sweep(server: TestServer) {
    server.accounts.sweep().await.unwrap();
    let mut tx = server.store().read().await.unwrap();
    for (name, expected) in [("eve", 1), ("ada", 0)] {
        let filter = AccountFilter { full_name: Some(name.into()), limit: 5, ..AccountFilter::default() };
        assert_eq!(tx.list_accounts(&filter).await.unwrap().1, expected, "{name}");
    }
}

#[tokio::test]
async fn who_is_renamed_by_another_version_is_found_after_the_sweep_on_sqlite() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let url = format!("sqlite://{}", server.database_file().display());
    query(RENAME).execute(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
    is_found_after_the_sweep(server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_renamed_by_another_version_is_found_after_the_sweep_on_postgresql() {
    let (server, mut other, _) = scene().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    query(RENAME).execute(&mut other).await.unwrap();
    is_found_after_the_sweep(server).await;
}
