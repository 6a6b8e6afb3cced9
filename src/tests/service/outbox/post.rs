//! A database with an outbox, and the parts of a worker for it.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeZone, Utc};
use nameplate::{
    domain::{code::Channel, message::OutboxMessage},
    ports::{
        clock::{Clock, FakeClock},
        mailer::Mailer,
        rng::{FakeRng, Rng},
    },
    service::outbox::{OutboxWorker, Transports},
    store::{Store, sql},
};
use tempfile::TempDir;
use tokio::{sync::Notify, time::sleep};
use tracing::subscriber::DefaultGuard;
use uuid::Uuid;

use crate::harness::postgres;

/// One server's view of the outbox.
pub struct Post {
    pub clock: FakeClock,
    pub wake: Arc<Notify>,
    store: Arc<dyn Store>,
    rng: Arc<dyn Rng>,
    database: String,
    _directory: Option<TempDir>,
}

impl Post {
    /// The only server of a new SQLite file.
    pub async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", directory.path().join("nameplate.db").display());
        Self { _directory: Some(directory), ..Self::open_at(database).await }
    }

    /// The first server of a new PostgreSQL database.
    pub async fn open_postgres() -> Self {
        Self::open_at(postgres::database().await).await
    }

    async fn open_at(database: String) -> Self {
        let clock = FakeClock::at(Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap());
        let post = Self::serving(database, clock, 1).await;
        post.store.migrate().await.unwrap();
        post
    }

    /// Another server on the same database, under the same clock.
    pub async fn another_server(&self) -> Self {
        Self::serving(self.database.clone(), self.clock.clone(), 2).await
    }

    async fn serving(database: String, clock: FakeClock, seed: u64) -> Self {
        let store = sql::connect(&database).await.unwrap();
        Self { clock, wake: Arc::default(), store, rng: Arc::new(FakeRng::seeded(seed)), database, _directory: None }
    }

    pub fn worker(&self, transports: Transports) -> OutboxWorker {
        let shown_at = Some("http://127.0.0.1:3000/dev/outbox".parse().unwrap());
        let clock = Arc::new(self.clock.clone());
        OutboxWorker::new(
            Arc::clone(&self.store),
            clock,
            Arc::clone(&self.rng),
            transports,
            Arc::clone(&self.wake),
            shown_at,
        )
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Puts a message into the outbox, due at once.
    pub async fn write(&self, message: OutboxMessage) -> Uuid {
        let now = self.now();
        let message = OutboxMessage { id: self.rng.uuid(now), created_at: now, due_at: now, ..message };
        let mut tx = self.store.write().await.unwrap();
        tx.insert_message(&message).await.unwrap();
        tx.commit().await.unwrap();
        message.id
    }

    pub async fn read_all(&self) -> Vec<OutboxMessage> {
        self.store.read().await.unwrap().newest_messages(1000).await.unwrap()
    }

    pub async fn read(&self, id: Uuid) -> OutboxMessage {
        self.read_all().await.into_iter().find(|message| message.id == id).unwrap()
    }

    pub async fn until_sent(&self, id: Uuid) {
        let sent = async {
            while self.read(id).await.sent_at.is_none() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), sent).await.unwrap();
    }

    /// Deletes what is of no more use, as the housekeeping does.
    pub async fn sweep(&self) -> u64 {
        let mut tx = self.store.write().await.unwrap();
        let swept = tx.sweep_messages(self.now(), self.now() - chrono::TimeDelta::days(30), 100).await.unwrap();
        tx.commit().await.unwrap();
        swept
    }
}

/// The same carrier for both channels.
pub fn transports<M: Mailer + 'static>(carrier: &Arc<M>) -> Transports {
    let carrier = Arc::clone(carrier) as Arc<dyn Mailer>;
    Transports { mail: Some(Arc::clone(&carrier)), sms: Some(carrier) }
}

/// A mail with a code, not yet in the outbox.
pub fn mail_to(recipient: &str) -> OutboxMessage {
    OutboxMessage {
        id: Uuid::nil(),
        account_id: None,
        channel: Channel::Email,
        recipient: recipient.to_owned(),
        subject: "Your code – kodunuz: ığşçöü".to_owned(),
        body_text: "Your code – kodunuz:\n\n    004219\n\n.\n..dots\n".to_owned(),
        body_html: "<p>Your code – kodunuz: <b>004219</b></p>\n".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        due_at: DateTime::UNIX_EPOCH,
        expires_at: None,
        attempts: 0,
        sent_at: None,
        parked_at: None,
        last_error: None,
    }
}

/// What this thread logs from now on.
pub struct Log {
    lines: Arc<Mutex<Vec<u8>>>,
    _guard: DefaultGuard,
}

pub fn captured_log() -> Log {
    let lines = Arc::<Mutex<Vec<u8>>>::default();
    let writer = Writer(Arc::clone(&lines));
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    Log { lines, _guard: tracing::subscriber::set_default(subscriber) }
}

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8(self.lines.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
