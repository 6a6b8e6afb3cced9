//! The worker against a real database, with transports that do as they are told.

mod post;
pub mod relay;
mod sms;
mod smtp;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use nameplate::{
    domain::{code::Channel, message::OutboxMessage},
    ports::mailer::{Mailer, Recorder, SendError},
    service::outbox::Transports,
};
use post::{Post, mail_to, transports};
use tokio::{
    sync::{Notify, Semaphore},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_message_leaves_once_and_says_when() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let worker = post.worker(transports(&recorder));
    let message = post.write(mail_to("ada@example.com")).await;
    assert_eq!(worker.tick().await.unwrap(), 1);
    assert_eq!(worker.tick().await.unwrap(), 0);
    assert_eq!(recorder.sent().len(), 1);
    let kept = post.read(message).await;
    assert_eq!((kept.sent_at, kept.attempts, kept.last_error), (Some(post.now()), 1, None));
}

#[tokio::test]
async fn waits_double_from_ten_seconds_to_an_hour_and_end_after_three_days() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let worker = post.worker(transports(&recorder));
    let message = post.write(mail_to("ada@example.com")).await;
    let begun = post.now();
    let mut waits = Vec::new();
    loop {
        recorder.fail_next(SendError::Temporary("451 try again".to_owned()));
        assert_eq!(worker.tick().await.unwrap(), 0);
        let kept = post.read(message).await;
        assert_eq!(kept.last_error.as_deref(), Some("451 try again"));
        if kept.parked_at.is_some() {
            break;
        }
        waits.push(kept.due_at - post.now());
        post.clock.advance(kept.due_at - post.now() - TimeDelta::milliseconds(1));
        assert_eq!(worker.tick().await.unwrap(), 0, "tried too early");
        post.clock.advance(TimeDelta::milliseconds(1));
    }
    for (tries, wait) in waits.iter().enumerate() {
        let least = TimeDelta::seconds(10 << tries.min(20)).min(TimeDelta::hours(1));
        assert!((least..=least * 5 / 4).contains(wait), "{tries}: {wait}");
    }
    assert!(waits.iter().any(|wait| wait.subsec_nanos() > 0), "no jitter");
    let days = (post.now() - begun).as_seconds_f64() / 86_400.0;
    assert!((2.8..4.0).contains(&days), "{days}");
    post.clock.advance(TimeDelta::days(30));
    assert_eq!(worker.tick().await.unwrap(), 0);
    assert!(recorder.sent().is_empty());
}

/// A carrier with a defect that some messages meet.
struct Panics(Arc<Recorder>);

#[async_trait]
impl Mailer for Panics {
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError> {
        assert_ne!(message.recipient, "ada@example.com", "on purpose");
        self.0.send(message).await
    }
}

#[tokio::test]
async fn a_carrier_that_panics_has_failed_and_is_tried_again_later() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let mail = Some(Arc::new(Panics(Arc::clone(&recorder))) as Arc<dyn Mailer>);
    let worker = post.worker(Transports { mail, sms: None });
    let message = post.write(mail_to("ada@example.com")).await;
    post.write(mail_to("bob@example.com")).await;
    assert_eq!(worker.tick().await.unwrap(), 1, "the other one leaves");
    let kept = post.read(message).await;
    assert_eq!((kept.attempts, kept.last_error.as_deref()), (1, Some("the carrier panicked")));
    assert!((kept.due_at - post.now()) < TimeDelta::seconds(13), "as after any failure");
    while post.read(message).await.parked_at.is_none() {
        post.clock.advance(TimeDelta::hours(2));
        assert_eq!(worker.tick().await.unwrap(), 0);
    }
    assert_eq!(post.read(message).await.attempts, 80);
}

#[tokio::test]
async fn what_took_its_server_down_with_every_try_is_given_up() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let worker = post.worker(transports(&recorder));
    let message = post.write(OutboxMessage { attempts: 80, ..mail_to("ada@example.com") }).await;
    assert_eq!(worker.tick().await.unwrap(), 0);
    let kept = post.read(message).await;
    assert_eq!((kept.parked_at, kept.attempts), (Some(post.now()), 80));
    assert!(recorder.sent().is_empty());
    let last = post.write(OutboxMessage { attempts: 79, ..mail_to("ada@example.com") }).await;
    assert_eq!(worker.tick().await.unwrap(), 1);
    assert!(post.read(last).await.sent_at.is_some());
}

#[tokio::test]
async fn what_a_carrier_refuses_is_parked_with_the_reason_but_without_addresses() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    recorder.fail_next(SendError::Refused("550 5.1.1 <ada@example.com>:\r\n no \u{1b}such user".to_owned()));
    let message = post.write(mail_to("ada@example.com")).await;
    assert_eq!(post.worker(transports(&recorder)).tick().await.unwrap(), 0);
    post.clock.advance(TimeDelta::days(1));
    assert_eq!(post.worker(transports(&recorder)).tick().await.unwrap(), 0);
    let kept = post.read(message).await;
    assert_eq!(kept.last_error.as_deref(), Some("550 5.1.1 <address> no such user"));
    assert!(kept.parked_at.is_some() && kept.sent_at.is_none() && recorder.sent().is_empty());
}

#[tokio::test]
async fn codes_that_expired_are_not_sent() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let worker = post.worker(transports(&recorder));
    let expires_at = Some(post.now() + TimeDelta::minutes(10));
    let code = post.write(OutboxMessage { expires_at, ..mail_to("ada@example.com") }).await;
    recorder.fail_next(SendError::Temporary("451 greylisted".to_owned()));
    worker.tick().await.unwrap();
    post.clock.advance(TimeDelta::minutes(10));
    assert_eq!(worker.tick().await.unwrap(), 0);
    assert!(recorder.sent().is_empty() && post.read(code).await.parked_at.is_some());
    post.clock.advance(TimeDelta::seconds(1));
    assert_eq!(post.sweep().await, 1);
}

#[tokio::test]
async fn without_a_way_out_messages_stay_and_leave_when_there_is_one() {
    let post = Post::open().await;
    let message = post.write(mail_to("ada@example.com")).await;
    let text = post.write(OutboxMessage { channel: Channel::Sms, ..mail_to("+905551234567") }).await;
    let recorder = Arc::new(Recorder::default());
    let sms_only = Transports { sms: Some(Arc::clone(&recorder) as Arc<dyn Mailer>), mail: None };
    assert_eq!(post.worker(sms_only).tick().await.unwrap(), 1);
    assert!(post.read(text).await.sent_at.is_some());
    let kept = post.read(message).await;
    assert_eq!((kept.sent_at, kept.parked_at, kept.attempts), (None, None, 0));
    assert_eq!(post.worker(transports(&recorder)).tick().await.unwrap(), 1);
    assert!(post.read(message).await.sent_at.is_some());
}

#[tokio::test]
async fn the_log_says_that_a_message_waits_but_not_what_it_says_or_to_whom() {
    let post = Post::open().await;
    let worker = post.worker(Transports::default());
    let log = post::captured_log();
    post.write(mail_to("ada@example.com")).await;
    post.write(OutboxMessage { channel: Channel::Sms, subject: String::new(), ..mail_to("+905551234567") }).await;
    worker.tick().await.unwrap();
    worker.tick().await.unwrap();
    let log = log.text();
    assert_eq!(log.matches("message kept in the outbox").count(), 2, "{log}");
    assert!(
        log.contains("ad***@example.com")
            && log.contains("Your code")
            && log.contains("http://127.0.0.1:3000/dev/outbox"),
        "{log}"
    );
    assert!(!log.contains("004219") && !log.contains("ada@") && !log.contains("5551234567"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn couriers_on_one_sqlite_file_send_each_message_once() {
    couriers_on_one_database_send_each_message_once(Post::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn couriers_on_one_postgresql_database_send_each_message_once() {
    couriers_on_one_database_send_each_message_once(Post::open_postgres().await).await;
}

async fn couriers_on_one_database_send_each_message_once(post: Post) {
    let recorder = Arc::new(Recorder::default());
    for number in 0..60 {
        post.write(mail_to(&format!("{number}@example.com"))).await;
    }
    let mut couriers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let worker = post.another_server().await.worker(transports(&recorder));
        couriers.spawn(async move { worker.tick().await.unwrap() });
    }
    assert_eq!(couriers.join_all().await.into_iter().sum::<usize>(), 60);
    let mut sent: Vec<_> = recorder.sent().into_iter().map(|message| message.recipient).collect();
    sent.sort();
    sent.dedup();
    assert_eq!((sent.len(), recorder.sent().len()), (60, 60));
}

/// Waits for a permit before it hands on.
struct Gated {
    gate: Semaphore,
    reached: Notify,
    recorder: Arc<Recorder>,
}

impl Gated {
    fn closed(recorder: &Arc<Recorder>) -> Arc<Self> {
        Arc::new(Self { gate: Semaphore::new(0), reached: Notify::new(), recorder: Arc::clone(recorder) })
    }
}

#[async_trait]
impl Mailer for Gated {
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError> {
        self.reached.notify_one();
        if message.recipient.starts_with("slow") {
            self.gate.acquire().await.unwrap().forget();
        }
        self.recorder.send(message).await
    }
}

#[tokio::test]
async fn a_server_that_dies_while_sending_leaves_a_message_that_is_sent_later() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let message = post.write(mail_to("slow@example.com")).await;
    let stuck = Gated::closed(&recorder);
    let dying = post.worker(Transports { mail: Some(Arc::clone(&stuck) as Arc<dyn Mailer>), sms: None });
    tokio::select! {
        _ = dying.tick() => unreachable!("the carrier never answers"),
        () = stuck.reached.notified() => {}
    }
    let other = post.another_server().await.worker(transports(&recorder));
    assert_eq!(other.tick().await.unwrap(), 0, "claimed by the one that died");
    post.clock.advance(TimeDelta::seconds(90));
    assert_eq!(other.tick().await.unwrap(), 1);
    assert_eq!(other.tick().await.unwrap(), 0);
    assert_eq!((recorder.sent().len(), post.read(message).await.attempts), (1, 2));
}

#[tokio::test]
async fn a_courier_whose_claim_ended_does_not_undo_what_another_did() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    // As many as it has slots for: while it waits it claims no other one.
    for number in 0..8 {
        post.write(mail_to(&format!("slow.{number}@example.com"))).await;
    }
    let stuck = Gated::closed(&recorder);
    let stalled = post.worker(Transports { mail: Some(Arc::clone(&stuck) as Arc<dyn Mailer>), sms: None });
    let trying = tokio::spawn(async move { stalled.tick().await.unwrap() });
    stuck.reached.notified().await;
    post.clock.advance(TimeDelta::seconds(90));
    let other = post.another_server().await.worker(transports(&recorder));
    assert_eq!(other.tick().await.unwrap(), 8);
    let sent = post.read_all().await;
    for _ in 0..8 {
        recorder.fail_next(SendError::Temporary("451 try again".to_owned()));
    }
    stuck.gate.add_permits(8);
    assert_eq!(trying.await.unwrap(), 0);
    assert_eq!(post.read_all().await, sent);
    post.clock.advance(TimeDelta::hours(1));
    assert_eq!(other.tick().await.unwrap(), 0);
    assert_eq!(recorder.sent().len(), 8, "each once");
}

#[tokio::test]
async fn what_has_no_way_out_is_given_up_after_three_days() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let mail_only = || Transports { mail: Some(Arc::clone(&recorder) as Arc<dyn Mailer>), sms: None };
    let text = post.write(OutboxMessage { channel: Channel::Sms, ..mail_to("+905551234567") }).await;
    let worker = post.worker(mail_only());
    post.clock.advance(TimeDelta::days(3) - TimeDelta::seconds(1));
    assert_eq!(worker.tick().await.unwrap(), 0);
    assert_eq!(post.read(text).await.parked_at, None);
    post.clock.advance(TimeDelta::seconds(1));
    let mail = post.write(mail_to("ada@example.com")).await;
    assert_eq!(worker.tick().await.unwrap(), 1);
    let kept = post.read(text).await;
    assert_eq!((kept.parked_at, kept.sent_at, kept.attempts), (Some(post.now()), None, 0));
    assert_eq!(kept.last_error.as_deref(), Some("nothing is configured that sends it"));
    assert_eq!(post.worker(transports(&recorder)).tick().await.unwrap(), 0, "given up is given up");
    assert!(post.read(mail).await.sent_at.is_some());
    post.clock.advance(TimeDelta::days(31));
    assert_eq!(post.sweep().await, 2, "and it is swept as what was sent");
}

#[tokio::test]
async fn a_relay_that_takes_minutes_gets_the_message_once() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let slow = Gated::closed(&recorder);
    let worker = post.worker(Transports { mail: Some(Arc::clone(&slow) as Arc<dyn Mailer>), sms: None });
    let worker = worker.renewing_every(Duration::from_millis(10));
    let message = post.write(mail_to("slow@example.com")).await;
    let sending = tokio::spawn(async move { worker.tick().await });
    slow.reached.notified().await;
    let other = post.another_server().await.worker(transports(&recorder));
    for _ in 0..5 {
        let claimed_until = post.read(message).await.due_at;
        post.clock.advance(TimeDelta::seconds(80));
        let renewed = async { while post.read(message).await.due_at == claimed_until {} };
        timeout(Duration::from_secs(10), renewed).await.unwrap();
        assert_eq!(other.tick().await.unwrap(), 0);
    }
    slow.gate.add_permits(1);
    assert_eq!(sending.await.unwrap().unwrap(), 1);
    assert_eq!((recorder.sent().len(), post.read(message).await.attempts), (1, 1));
}

#[tokio::test]
async fn a_slow_message_holds_up_no_other_and_is_seen_through_at_the_end() {
    let post = Post::open().await;
    let recorder = Arc::new(Recorder::default());
    let slow = Gated::closed(&recorder);
    let worker = post.worker(Transports { mail: Some(Arc::clone(&slow) as Arc<dyn Mailer>), sms: None });
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (worker, stop) = (worker.clone(), stop.clone());
        async move { worker.run(&stop).await }
    });
    let first = post.write(mail_to("slow@example.com")).await;
    post.wake.notify_one();
    slow.reached.notified().await;
    let second = post.write(mail_to("ada@example.com")).await;
    post.wake.notify_one();
    slow.reached.notified().await;
    post.until_sent(second).await;
    stop.cancel();
    let third = post.write(mail_to("late@example.com")).await;
    post.wake.notify_one();
    assert!(post.read(first).await.sent_at.is_none() && !running.is_finished());
    slow.gate.add_permits(1);
    timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
    assert!(post.read(first).await.sent_at.is_some());
    assert!(post.read(third).await.sent_at.is_none());
}
