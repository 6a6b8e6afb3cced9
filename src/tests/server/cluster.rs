//! Several servers over one database: work is done once, and what one ends is over on all.

use std::{collections::HashSet, process::Stdio, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use nameplate::{
    domain::{account::Account, code::Channel, email::EmailAddress, message::OutboxMessage, username::Username},
    ports::{
        clock::{Clock as _, SystemClock},
        rng::{Rng, SystemRng},
    },
    store::{Store, flashes::NewFlash},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    harness::{
        PASSWORD,
        site::{Server, Signed, Site, on_both_sites, until},
    },
    service::outbox::relay::Relay,
};

on_both_sites!(
    each_account_is_purged_once,
    each_message_is_sent_once,
    the_work_of_a_killed_server_is_taken_over,
    what_ends_on_one_server_is_over_on_the_other,
    rotated_keys_sign_on_every_server,
    wrong_codes_count_on_every_server_and_after_a_restart,
);

fn now() -> DateTime<Utc> {
    SystemClock.now()
}

fn new_id() -> Uuid {
    let rng: &dyn Rng = &SystemRng;
    rng.uuid(now())
}

/// Adds accounts whose day of deletion has come.
async fn due_accounts(site: &Site, store: &Arc<dyn Store>, count: usize) -> HashSet<Uuid> {
    let name = format!("sample{}", new_id().simple());
    let email = format!("{name}@example.com");
    site.run(&["user", "create", "--email", &email, "--name", "Sam Sample"], &format!("{PASSWORD}\n"));
    let sample = store.read().await.unwrap().account_by_email(&email).await.unwrap().unwrap();
    let mut tx = store.write().await.unwrap();
    let mut ids = HashSet::new();
    for number in 0..count {
        let account = Account {
            id: new_id(),
            email: Some(EmailAddress::parse(&format!("due{number}-{email}")).unwrap()),
            username: Username::parse(&format!("due{number}-{}", &name[20..])).unwrap(),
            archived_at: Some(now() - TimeDelta::days(31)),
            purge_at: Some(now() - TimeDelta::seconds(1)),
            ..sample.clone()
        };
        tx.insert_account(&account).await.unwrap();
        ids.insert(account.id);
    }
    tx.commit().await.unwrap();
    ids
}

/// The accounts that a log says were purged.
fn purged(log: &str) -> Vec<Uuid> {
    let lines = log.lines().filter(|line| line.contains("purged"));
    lines.filter_map(|line| line.split("account=").nth(1)?.split_whitespace().next()?.parse().ok()).collect()
}

async fn each_account_is_purged_once(site: Site) {
    let store = site.store().await;
    let due = due_accounts(&site, &store, 40).await;
    let mut tx = store.write().await.unwrap();
    let expires_at = now() - TimeDelta::hours(1);
    tx.insert_flash(NewFlash { token_hash: b"old", caller: "ada", page: "/", sealed: &[], expires_at }).await.unwrap();
    tx.commit().await.unwrap();
    let servers = [site.serve(&[]).await, site.serve(&[]).await];
    let by_hand: Vec<_> = (0..2)
        .map(|_| site.command(&["purge"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut done = Vec::new();
    for child in by_hand {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        done.extend(String::from_utf8(output.stdout).unwrap().lines().map(|line| line.parse::<Uuid>().unwrap()));
    }
    until("all are gone", async || store.read().await.unwrap().due_for_purge(now(), 100).await.unwrap().is_empty())
        .await;
    done.extend(servers.iter().flat_map(|server| purged(&server.log())));
    assert_eq!(done.len(), due.len(), "each once");
    assert_eq!(done.into_iter().collect::<HashSet<_>>(), due);
    until("what is old is swept", async || {
        let mut tx = store.write().await.unwrap();
        tx.take_flash(b"old", "/", now() - TimeDelta::hours(2)).await.unwrap().is_none()
    })
    .await;
}

async fn each_message_is_sent_once(site: Site) {
    let store = site.store().await;
    let relay = Relay::offering(&[]).await;
    let mut expected: Vec<_> = (0..40).map(|number| format!("person{number}@example.com")).collect();
    let mut tx = store.write().await.unwrap();
    for recipient in &expected {
        tx.insert_message(&mail_to(recipient)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let url = format!("smtp://{}", relay.address);
    let args = ["--mail.smtp_url", &url, "--mail.from", "no-reply@example.com"];
    let _servers = [site.serve(&args).await, site.serve(&args).await];
    until("all are sent", async || {
        let messages = store.read().await.unwrap().newest_messages(100).await.unwrap();
        messages.iter().all(|message| message.sent_at.is_some())
    })
    .await;
    let mut sent: Vec<_> = relay.deliveries().into_iter().map(|delivery| delivery.to).collect();
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
}

fn mail_to(recipient: &str) -> OutboxMessage {
    OutboxMessage {
        id: new_id(),
        account_id: None,
        channel: Channel::Email,
        recipient: recipient.to_owned(),
        subject: "Hello".to_owned(),
        body_text: "Hello".to_owned(),
        body_html: String::new(),
        created_at: now(),
        due_at: now(),
        expires_at: None,
        attempts: 0,
        sent_at: None,
        parked_at: None,
        last_error: None,
    }
}

async fn the_work_of_a_killed_server_is_taken_over(site: Site) {
    let store = site.store().await;
    let mut first = site.serve(&[]).await;
    let before = due_accounts(&site, &store, 1).await;
    until("the first server has the turn", async || {
        // Somebody else gets it only while nobody has it.
        let mut tx = store.write().await.unwrap();
        !tx.take_lease("purge", "probe", now(), now()).await.unwrap()
    })
    .await;
    first.kill();
    site.run(&["purge"], "");
    let due = due_accounts(&site, &store, 3).await;
    // An hour passes.
    for name in ["purge", "remind", "sweep"] {
        let mut tx = store.write().await.unwrap();
        tx.take_lease(name, "gone", now() + TimeDelta::hours(2), now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let second = site.serve(&[]).await;
    until("the second server does it", async || purged(&second.log()).len() == due.len()).await;
    assert!(purged(&second.log()).iter().all(|id| due.contains(id) && !before.contains(id)));
}

async fn what_ends_on_one_server_is_over_on_the_other(site: Site) {
    let [a, b] = [site.serve(&[]).await, site.serve(&[]).await];
    a.sign_up("ada@example.com").await;
    let new_password = "Another-harbour 19 fern";
    type End = fn(&Signed) -> (String, Value);
    let ends: [End; 5] = [
        |_| ("POST /auth-api/logout".to_owned(), Value::Null),
        |_| ("POST /api/v1/account/username/change".to_owned(), json!({ "userName": "ada_lovelace" })),
        |_| ("DELETE /api/v1/account/deactivate".to_owned(), json!({ "password": PASSWORD })),
        |ada| {
            let change = json!({ "oldPassword": PASSWORD, "newPassword": "Another-harbour 19 fern" });
            (format!("PATCH /auth-api/v1/userpassword/{}", ada.id), change)
        },
        |ada| (format!("DELETE /auth-api/v1/archiveprofile/{}", ada.id), Value::Null),
    ];
    for (number, end) in ends.into_iter().enumerate() {
        let password = if number < 4 { PASSWORD } else { new_password };
        let ada = b.sign_in("ada@example.com", password).await.unwrap();
        assert!(a.knows(&ada).await && b.knows(&ada).await);
        let (route, body) = end(&ada);
        let (status, answer) = a.call(&route, Some(&ada.access), &body).await;
        assert_eq!(status, 200, "{route}: {answer}");
        assert_over(&b, &ada, &route).await;
        // Only the deactivated account is locked.
        site.run(&["user", "unlock", &ada.id], "");
    }
    // Signing in restores.
    let ada = a.sign_in("ada@example.com", new_password).await.unwrap();
    assert!(b.knows(&ada).await);
    site.run(&["user", "set-role", &ada.id, "admin"], "");
    assert_over(&b, &ada, "set-role").await;
    let ada = b.sign_in("ada@example.com", new_password).await.unwrap();
    site.run(&["user", "reset-password", &ada.id], &format!("{PASSWORD}\n"));
    assert_over(&b, &ada, "reset-password").await;
    let [here, there] = [a.sign_in("ada@example.com", PASSWORD).await, b.sign_in("ada@example.com", PASSWORD).await];
    let (here, there) = (here.unwrap(), there.unwrap());
    let body = json!({ "password": PASSWORD });
    let (status, answer) = a.call("POST /api/v1/account/2fa/enable", Some(&here.access), &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_over(&b, &there, "two factors").await;
    assert!(b.knows(&here).await, "who turned them on goes on");
}

async fn assert_over(server: &Server, signed: &Signed, by: &str) {
    assert!(!server.knows(signed).await, "{by}: the access token");
    let refresh = json!({ "refreshToken": signed.refresh });
    let (status, answer) = server.call("POST /auth-api/refresh", None, &refresh).await;
    assert_eq!(status, 401, "{by}: the refresh token: {answer}");
}

fn signer(token: &str) -> String {
    let head = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<Value>(&head).unwrap()["kid"].as_str().unwrap().to_owned()
}

async fn rotated_keys_sign_on_every_server(site: Site) {
    let servers = [site.serve(&[]).await, site.serve(&[]).await];
    let before = servers[0].sign_up("ada@example.com").await;
    let printed = site.run(&["keys", "rotate"], "");
    let new = printed.split_whitespace().next().unwrap();
    assert_ne!(signer(&before.access), new);
    for server in &servers {
        until("the new key signs", async || {
            signer(&server.sign_in("ada@example.com", PASSWORD).await.unwrap().access) == new
        })
        .await;
        assert!(server.knows(&before).await, "the old key still verifies");
        let (_, keys) = server.call("GET /.well-known/jwks.json", None, &Value::Null).await;
        let published: Vec<_> = keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
        assert_eq!(published, [json!(new), json!(signer(&before.access))]);
    }
}

async fn wrong_codes_count_on_every_server_and_after_a_restart(site: Site) {
    let mut servers = [site.serve(&[]).await, site.serve(&[]).await];
    let email = "ada@example.com";
    let new = json!({ "email": email, "password": PASSWORD, "fullname": "Ada Lovelace" });
    let (register, complete) =
        ("POST /auth-api/v1/registeruser", "POST /auth-api/verification-services/email-verification/complete");
    for server in &servers {
        assert_eq!(server.call(register, None, &new).await.0, 201);
        let right = server.code_to(email).await.unwrap();
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            let (status, answer) =
                server.call(complete, None, &json!({ "email": email.to_uppercase(), "secretCode": wrong })).await;
            assert_eq!((status, &answer["errCode"]), (403, &json!("CodeMismatch")), "{answer}");
        }
    }
    assert_eq!(servers[0].call(register, None, &new).await.0, 201);
    let right = json!({ "email": email, "secretCode": servers[0].code_to(email).await.unwrap() });
    for server in &servers {
        assert_eq!(server.call(complete, None, &right).await.0, 429, "ten in an hour, whatever the server");
    }
    servers[0].kill();
    assert_eq!(site.serve(&[]).await.call(complete, None, &right).await.0, 429, "it was written down");
}
