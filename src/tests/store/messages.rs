//! The outbox, activity and flashes.

use std::{sync::Arc, time::Duration};

use nameplate::{
    domain::{
        activity::{Activity, Kind},
        code::Channel,
        message::OutboxMessage,
    },
    store::{Store, flashes::NewFlash},
};
use serde_json::{Map, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::{accounts, at, on_both_engines};

on_both_engines!(
    messages_read_back_newest_first,
    only_a_commit_announces_messages,
    a_message_is_claimed_once,
    old_messages_are_swept,
    activity_is_paged_newest_first,
    a_flash_is_taken_once_and_by_its_page,
    the_oldest_flashes_of_a_caller_are_dropped,
);

fn message(number: u8) -> OutboxMessage {
    OutboxMessage {
        id: Uuid::from_bytes([number; 16]),
        account_id: None,
        channel: Channel::Email,
        recipient: "ada@example.com".into(),
        subject: "Merhaba".into(),
        body_text: "Your code".into(),
        body_html: "<p>Your code</p>".into(),
        created_at: at(number.into()),
        due_at: at(number.into()),
        expires_at: None,
        attempts: 0,
        sent_at: None,
        parked_at: None,
        last_error: None,
    }
}

async fn insert(store: &Arc<dyn Store>, messages: &[OutboxMessage]) {
    let mut tx = store.write().await.unwrap();
    for message in messages {
        tx.insert_message(message).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn only_a_commit_announces_messages(store: Arc<dyn Store>) {
    let outbox_notify = store.outbox_notify();
    let is_announced = async || timeout(Duration::from_millis(20), outbox_notify.notified()).await.is_ok();
    let mut tx = store.write().await.unwrap();
    tx.insert_message(&message(1)).await.unwrap();
    assert!(!is_announced().await, "nobody can see it yet");
    drop(tx);
    let mut tx = store.write().await.unwrap();
    tx.sweep_flashes(at(1), 10).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_announced().await, "it was taken back, and then there was none");
    insert(&store, &[message(1), message(2)]).await;
    assert!(is_announced().await);
    assert!(!is_announced().await, "once");
}

async fn messages_read_back_newest_first(store: Arc<dyn Store>) {
    let mut sms = OutboxMessage { channel: Channel::Sms, expires_at: Some(at(600)), ..message(3) };
    insert(&store, &[message(1), message(2), sms.clone()]).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.newest_messages(2).await.unwrap(), [sms.clone(), message(2)]);
    assert_eq!(tx.due_messages(Channel::Email, at(1), 10).await.unwrap(), [message(1)]);
    assert_eq!(tx.due_messages(Channel::Email, at(9), 10).await.unwrap(), [message(1), message(2)]);
    sms.attempts = 2;
    sms.due_at = at(50);
    sms.last_error = Some("451 later".into());
    assert!(tx.update_message(&sms, at(3)).await.unwrap());
    assert!(!tx.update_message(&sms, at(3)).await.unwrap(), "it is due at another time now");
    assert_eq!(tx.due_messages(Channel::Sms, at(49), 10).await.unwrap(), []);
    assert_eq!(tx.due_messages(Channel::Sms, at(50), 10).await.unwrap(), [sms.clone()]);
    sms.sent_at = Some(at(51));
    assert!(tx.update_message(&sms, at(50)).await.unwrap());
    let late = OutboxMessage { sent_at: None, last_error: Some("451 later".into()), ..sms.clone() };
    assert!(!tx.update_message(&late, at(50)).await.unwrap(), "what was sent stays sent");
    assert_eq!(tx.due_messages(Channel::Sms, at(99), 10).await.unwrap(), []);
    let newest = tx.waiting_messages(Channel::Email, at(1), 10).await.unwrap();
    assert_eq!(newest, [message(2), message(1)]);
    assert_eq!(tx.waiting_messages(Channel::Email, at(2), 10).await.unwrap(), [message(2)]);
    assert_eq!(tx.waiting_messages(Channel::Email, at(1), 1).await.unwrap(), [message(2)]);
    assert!(tx.update_message(&OutboxMessage { parked_at: Some(at(60)), ..message(1) }, at(1)).await.unwrap());
    assert_eq!(tx.due_messages(Channel::Email, at(99), 10).await.unwrap(), [message(2)]);
    assert_eq!(tx.delete_messages_to("ada@example.com", at(2)).await.unwrap(), 1);
    tx.delete_message(message(2).id).await.unwrap();
    tx.delete_message(message(2).id).await.unwrap();
    assert_eq!(tx.newest_messages(10).await.unwrap(), [sms]);
    assert_eq!(tx.delete_messages_to("ada@example.com", at(99)).await.unwrap(), 1);
}

async fn a_message_is_claimed_once(store: Arc<dyn Store>) {
    insert(&store, &[message(1)]).await;
    let claims: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let claimed = tx.claim_message(message(1).id, at(1), at(100)).await.unwrap();
                tx.commit().await.unwrap();
                claimed
            })
        })
        .collect();
    let mut claimed = 0;
    for claim in claims {
        claimed += u32::from(claim.await.unwrap());
    }
    assert_eq!(claimed, 1);
}

async fn old_messages_are_swept(store: Arc<dyn Store>) {
    let expired = OutboxMessage { expires_at: Some(at(10)), ..message(1) };
    let sent = OutboxMessage { sent_at: Some(at(5)), ..message(2) };
    let parked = OutboxMessage { parked_at: Some(at(5)), ..message(3) };
    insert(&store, &[expired, sent, parked, message(4)]).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.sweep_messages(at(10), at(5), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_messages(at(11), at(6), 10).await.unwrap(), 3);
    assert_eq!(tx.newest_messages(10).await.unwrap(), [message(4)]);
}

async fn activity_is_paged_newest_first(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let mut detail = Map::new();
    detail.insert("fields".into(), json!(["bio"]));
    let event = |number: u8| Activity {
        id: Uuid::from_bytes([number; 16]),
        account_id: ada,
        kind: "profile-changed".into(),
        device: "Firefox on Linux".into(),
        address: "192.0.2.0/24".into(),
        detail: detail.clone(),
        at: at(number.into()),
    };
    let mut tx = store.write().await.unwrap();
    for number in 1..=3 {
        tx.insert_activity(&event(number)).await.unwrap();
    }
    let signed_in = Activity { kind: Kind::SignedIn.as_str().into(), ..event(4) };
    tx.insert_activity(&signed_in).await.unwrap();
    assert_eq!(tx.activity_of(ada, &[], None, 2).await.unwrap(), [signed_in.clone(), event(3)]);
    assert_eq!(tx.activity_of(ada, &[], Some(event(3).id), 2).await.unwrap(), [event(2), event(1)]);
    assert_eq!(tx.activity_of(ada, &[Kind::ProfileChanged], None, 2).await.unwrap(), [event(3), event(2)]);
    let kinds = [Kind::SignedIn, Kind::ProfileChanged, Kind::Archived];
    assert_eq!(tx.activity_of(ada, &kinds, Some(event(4).id), 1).await.unwrap(), [event(3)]);
    assert_eq!(tx.activity_of(ada, &kinds, None, 1).await.unwrap(), [signed_in]);
    assert_eq!(tx.activity_of(ada, &[Kind::SignedOut], None, 2).await.unwrap(), []);
    assert_eq!(tx.activity_of(Uuid::nil(), &[], None, 2).await.unwrap(), []);
}

fn flash<'a>(token: &'a str, page: &'a str, seconds: i64) -> NewFlash<'a> {
    let (token_hash, sealed) = (token.as_bytes(), b"\0\xff sealed".as_slice());
    NewFlash { token_hash, caller: "ada", page, sealed, expires_at: at(seconds) }
}

async fn a_flash_is_taken_once_and_by_its_page(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    tx.insert_flash(flash("one", "/profile", 10)).await.unwrap();
    tx.insert_flash(flash("two", "/profile", 10)).await.unwrap();
    assert_eq!(tx.take_flash(b"one", "/login", at(5)).await.unwrap(), None);
    assert_eq!(tx.take_flash(b"one", "/profile", at(5)).await.unwrap().as_deref(), Some(&b"\0\xff sealed"[..]));
    assert_eq!(tx.take_flash(b"one", "/profile", at(5)).await.unwrap(), None);
    assert_eq!(tx.take_flash(b"two", "/profile", at(10)).await.unwrap(), None, "too old");
    assert_eq!(tx.sweep_flashes(at(10), 10).await.unwrap(), 1);
}

async fn the_oldest_flashes_of_a_caller_are_dropped(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    for (token, seconds) in [("second", 12), ("first", 11), ("fourth", 14), ("third", 13)] {
        tx.insert_flash(flash(token, "/profile", seconds)).await.unwrap();
    }
    tx.insert_flash(NewFlash { caller: "eve", ..flash("hers", "/profile", 1) }).await.unwrap();
    assert_eq!(tx.drop_oldest_flashes("ada", 4).await.unwrap(), 0);
    assert_eq!(tx.drop_oldest_flashes("ada", 2).await.unwrap(), 2);
    for (token, is_left) in [("first", false), ("second", false), ("third", true), ("fourth", true), ("hers", true)] {
        let taken = tx.take_flash(token.as_bytes(), "/profile", at(0)).await.unwrap();
        assert_eq!(taken.is_some(), is_left, "{token}");
    }
}
