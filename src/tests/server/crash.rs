//! `kill -9` in the midst of writes: what was acknowledged is there, nothing is half done, and the server is back soon.

use std::{sync::Arc, time::Duration};

use chrono::{TimeZone as _, Utc};
use nameplate::store::{Store, accounts::AccountFilter};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::harness::{
    PASSWORD,
    site::{Server, Site, on_both_sites},
};

on_both_sites!(acknowledged_writes_survive_a_kill);

/// How often the server is killed; `CRASH_ROUNDS` says otherwise.
const ROUNDS: u32 = 3;
/// Within this time it is to be ready again; on a machine that is busy with other things, within three times what a server
/// takes just then that has nothing to recover.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// The two passwords that change places.
const PASSWORDS: [&str; 2] = [PASSWORD, "Another-harbour 19 fern"];

async fn acknowledged_writes_survive_a_kill(site: Site) {
    let rounds = std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let mut server = site.serve(&[]).await;
    let pace = server.ready_after;
    server.sign_up("names@example.com").await;
    server.sign_up("passwords@example.com").await;
    let mut password = 0;
    let (mut acknowledged, mut slowest) = (0, Duration::ZERO);
    for round in 0..rounds {
        let running = Arc::new(server);
        let (registered, archived, names, passwords, killed) = tokio::join!(
            tokio::spawn(register(Arc::clone(&running), round)),
            tokio::spawn(archive(Arc::clone(&running), round)),
            tokio::spawn(rename(Arc::clone(&running), round)),
            tokio::spawn(change_passwords(Arc::clone(&running), password)),
            tokio::spawn(kill(running.pid(), round, pace)),
        );
        killed.unwrap();
        Arc::into_inner(running).expect("every client has ended").kill();
        server = site.serve(&[]).await;
        slowest = slowest.max(server.ready_after);
        if server.ready_after > BACK_WITHIN {
            let other = site.serve(&[]).await.ready_after;
            assert!(server.ready_after < other * 3, "round {round}: {:?}, another in {other:?}", server.ready_after);
        }
        // Opened anew each time: a database that somebody else holds open would not have to recover.
        let store = site.store().await;
        forget_cut_off_tries(&store).await;
        let (registered, archived) = (registered.unwrap(), archived.unwrap());
        let (names, passwords) = (names.unwrap(), passwords.unwrap());
        acknowledged += registered.len() + archived.len() + (names + passwords) as usize;
        for email in registered {
            let signed = server.sign_in(&email, PASSWORD).await;
            assert!(signed.is_ok(), "round {round}: {email} is gone: {signed:?}");
        }
        for email in archived {
            assert_archived(&store, &email).await;
        }
        assert_names(&store, round, names).await;
        password = assert_password(&server, password, passwords).await;
        assert_whole(&store).await;
        store.close().await;
    }
    assert!(acknowledged > 0, "{acknowledged} writes were acknowledged: nothing was tried");
    println!("{rounds} rounds, {acknowledged} writes acknowledged, ready again after {slowest:?} at most");
}

/// Kills the server when it has had the time to do something, however slow the machine is just now.
async fn kill(pid: u32, round: u32, pace: Duration) {
    sleep(pace + Duration::from_millis(400 + u64::from(round) * 271 % 1100)).await;
    let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
}

/// Signs people up, one after the other, until no answer comes.
async fn register(server: Arc<Server>, round: u32) -> Vec<String> {
    let mut done = Vec::new();
    for number in 0.. {
        let email = format!("kept{number}-{round}@example.com");
        if server.try_sign_up(&email, PASSWORD).await.is_none() {
            break;
        }
        done.push(email);
    }
    done
}

/// Signs people up and archives them.
async fn archive(server: Arc<Server>, round: u32) -> Vec<String> {
    let mut done = Vec::new();
    for number in 0.. {
        let email = format!("left{number}-{round}@example.com");
        if server.try_sign_up(&email, PASSWORD).await.is_none() {
            break;
        }
        let Some(token) = sign_in(&server, &email, PASSWORD).await else { break };
        let archived = server.try_call("DELETE /auth-api/v1/archiveprofile", Some(&token), &Value::Null).await;
        let Some((status, answer)) = archived else { break };
        assert_eq!(status, 200, "{answer}");
        done.push(email);
    }
    done
}

/// Writes one name after the other, and says how many were acknowledged.
async fn rename(server: Arc<Server>, round: u32) -> u32 {
    let Some(token) = sign_in(&server, "names@example.com", PASSWORD).await else { return 0 };
    for number in 1.. {
        let name = json!({ "fullname": format!("Round{round} Name{number}") });
        match server.try_call("PATCH /auth-api/v1/profile", Some(&token), &name).await {
            Some((200, _)) => {}
            Some((status, answer)) => panic!("{status}: {answer}"),
            None => return number - 1,
        }
    }
    unreachable!("the server is killed before")
}

/// Changes a password to and fro, and says how many changes were acknowledged.
async fn change_passwords(server: Arc<Server>, begin: usize) -> u32 {
    for number in 0.. {
        let (old, new) = ((begin + number) % 2, (begin + number + 1) % 2);
        let changed = async {
            let token = sign_in(&server, "passwords@example.com", PASSWORDS[old]).await?;
            let change = json!({ "oldPassword": PASSWORDS[old], "newPassword": PASSWORDS[new] });
            server.try_call("PATCH /auth-api/v1/userpassword", Some(&token), &change).await
        };
        match changed.await {
            Some((200, _)) => {}
            Some((status, answer)) => panic!("{status}: {answer}"),
            None => return u32::try_from(number).unwrap(),
        }
    }
    unreachable!("the server is killed before")
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Option<String> {
    let credentials = json!({ "username": email, "password": password });
    let (status, answer) = server.try_call("POST /auth-api/login", None, &credentials).await?;
    assert_eq!(status, 200, "{email}: {answer}");
    Some(answer["accessToken"].as_str().unwrap().to_owned())
}

/// A password is counted as wrong before it is looked at, and so are those that the kill cut off. All rounds come from one
/// address, which would soon have to wait.
async fn forget_cut_off_tries(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    tx.sweep_limits(Utc.with_ymd_and_hms(2100, 1, 1, 0, 0, 0).unwrap(), 10_000).await.unwrap();
    tx.commit().await.unwrap();
}

async fn assert_archived(store: &Arc<dyn Store>, email: &str) {
    let account = store.read().await.unwrap().account_by_email(email).await.unwrap();
    assert!(account.is_some_and(|account| account.archived_at.is_some()), "{email}");
}

/// The name is the last one that was acknowledged, or the one after it.
async fn assert_names(store: &Arc<dyn Store>, round: u32, acknowledged: u32) {
    let account = store.read().await.unwrap().account_by_email("names@example.com").await.unwrap().unwrap();
    let name = account.names.full();
    let number = name.strip_prefix(&format!("Round{round} Name")).map_or(0, |number| number.parse::<u32>().unwrap());
    assert!((acknowledged..=acknowledged + 1).contains(&number), "{acknowledged} acknowledged, but it is {name}");
}

/// The password in force is the last one that was acknowledged, or the one after it; answers which.
async fn assert_password(server: &Server, begin: usize, acknowledged: u32) -> usize {
    let last = (begin + acknowledged as usize) % 2;
    for candidate in [last, 1 - last] {
        if server.sign_in("passwords@example.com", PASSWORDS[candidate]).await.is_ok() {
            return candidate;
        }
    }
    panic!("neither password is right after {acknowledged} changes")
}

/// Whatever was written was written with all that belongs to it.
async fn assert_whole(store: &Arc<dyn Store>) {
    let mut tx = store.read().await.unwrap();
    let everybody = AccountFilter { limit: 10_000, ..AccountFilter::default() };
    let (accounts, _) = tx.list_accounts(&everybody).await.unwrap();
    let messages = tx.newest_messages(100_000).await.unwrap();
    for account in accounts {
        let kinds: Vec<_> =
            tx.activity_of(account.id, &[], None, 100_000).await.unwrap().into_iter().map(|event| event.kind).collect();
        let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
        let (id, email) = (account.id, account.email.as_ref().unwrap().to_string());
        assert_eq!(count("registered"), 1, "{email}");
        let changes = count("profile-changed") + count("password-changed") + count("archived") + count("restored");
        assert_eq!(account.record_version, 1 + changes as i64, "{email}: {kinds:?}");
        assert_eq!(account.archived_at.is_some(), count("archived") > count("restored"), "{email}");
        if let Some(archived_at) = account.archived_at {
            let alive = tx.sessions_of(id, archived_at).await.unwrap();
            assert!(alive.is_empty(), "{email} is archived, but signed in");
        }
        let told = messages.iter().filter(|message| message.account_id == Some(id)).count();
        assert!(told >= count("password-changed") + count("archived"), "{email} was not told");
    }
}
