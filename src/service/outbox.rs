//! Sends what is in the outbox: each message once, however many servers share the database.
//!
//! A worker claims a message by moving the moment it is due past the longest time that sending can take; whoever
//! claims it second finds it moved. What became of the try is written afterwards. A server that dies in between leaves
//! a message that falls due again: it is sent once more at most, under the same id, and never lost.

use std::{
    collections::HashSet,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::{
    domain::{code::Channel, email::EmailAddress, message::OutboxMessage, phone::PhoneNumber},
    ports::{
        clock::Clock,
        mailer::{Mailer, SendError},
        rng::Rng,
    },
    store::{Result, Store},
};

/// Messages of one channel on their way at the same time.
const SLOTS: usize = 8;
/// How long one try may take: a little longer than a relay may take for a message (RFC 5321, section 4.5.3.2.6).
const PATIENCE: Duration = Duration::from_secs(675);
/// How long a claim holds if it is not renewed: short, so that a code outlives a crash.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// How often the claim of a message that is on its way is renewed.
const RENEWAL: Duration = Duration::from_secs(30);
/// How often to look without being called: for retries, and for messages that other processes wrote.
const PATROL: Duration = Duration::from_secs(1);
/// The wait after the first failure; it doubles with every other.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(10);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// Tries before a message is given up: with these waits, about three days.
const MAX_ATTEMPTS: i64 = 80;
/// Messages that are looked at for being announced.
const RECENT: i64 = 50;
/// How long a message waits for a way out before it is given up; with one, tries end after about as long.
const KEEP_WAITING: TimeDelta = TimeDelta::days(3);
/// Messages given up in one transaction.
const BATCH: i64 = 100;
/// Characters of a carrier's answer that are kept.
const MAX_REASON: usize = 300;

/// The ways out. A channel without one keeps its messages for three days.
#[derive(Clone, Default)]
pub struct Transports {
    /// For e-mail.
    pub mail: Option<Arc<dyn Mailer>>,
    /// For text messages.
    pub sms: Option<Arc<dyn Mailer>>,
}

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct OutboxWorker(Arc<Office>);

struct Office {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    routes: [Route; 2],
    wake: Arc<Notify>,
    shown_at: Option<Url>,
    opened_at: DateTime<Utc>,
    renewal: Duration,
    announced: Mutex<HashSet<(Channel, Uuid)>>,
}

struct Route {
    channel: Channel,
    carrier: Option<Arc<dyn Mailer>>,
    slots: Arc<Semaphore>,
}

impl OutboxWorker {
    /// A worker that looks into the outbox at once when `wake` is notified, which is best done after the commit.
    /// `shown_at` is where a developer reads messages that have no way out.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        transports: Transports,
        wake: Arc<Notify>,
        shown_at: Option<Url>,
    ) -> Self {
        let route = |channel, carrier| Route { channel, carrier, slots: Arc::new(Semaphore::new(SLOTS)) };
        let routes = [route(Channel::Email, transports.mail), route(Channel::Sms, transports.sms)];
        let opened_at = clock.now();
        let announced = Mutex::default();
        Self(Arc::new(Office { store, clock, rng, routes, wake, shown_at, opened_at, renewal: RENEWAL, announced }))
    }

    /// Renews the claim of a message that is on its way this often instead of every 30 seconds. Before it is cloned.
    pub fn renewing_every(self, renewal: Duration) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(office) => Self(Arc::new(Office { renewal, ..office })),
            Err(shared) => Self(shared),
        }
    }

    /// Sends until `stop`, then sees through what is on its way.
    pub async fn run(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.send_due(stop).await {
                tracing::error!(%error, "the outbox cannot be read");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.0.wake.notified() => {}
                () = sleep(PATROL) => {}
            }
        }
    }

    /// Tries every message that is due, those included that come up meanwhile; says how many left.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::domain::error::Error::Busy) while the database does not answer; messages on their way are finished
    /// first.
    pub async fn tick(&self) -> Result<usize> {
        self.send_due(&CancellationToken::new()).await
    }

    async fn send_due(&self, stop: &CancellationToken) -> Result<usize> {
        let mut sent = 0;
        let mut under_way = JoinSet::new();
        loop {
            let begun = if stop.is_cancelled() { Ok(()) } else { self.begin(&mut under_way, stop).await };
            if under_way.is_empty() {
                return begun.map(|()| sent);
            }
            // A slow message holds up no other: new ones are begun while there are slots.
            tokio::select! {
                Some(outcome) = under_way.join_next() => match outcome {
                    Ok(has_left) => sent += usize::from(has_left),
                    Err(error) => tracing::error!(%error, "what became of a message is not known"),
                },
                () = self.0.wake.notified() => {}
                () = sleep(PATROL) => {}
            }
        }
    }

    /// Begins as many due messages as there are free slots.
    async fn begin(&self, under_way: &mut JoinSet<bool>, stop: &CancellationToken) -> Result<()> {
        for route in &self.0.routes {
            let Some(carrier) = &route.carrier else {
                self.announce(route.channel).await?;
                self.give_up(route.channel).await?;
                continue;
            };
            let slots: Vec<_> = std::iter::from_fn(|| Arc::clone(&route.slots).try_acquire_owned().ok()).collect();
            for (message, slot) in self.claim(route.channel, slots.len(), stop).await?.into_iter().zip(slots) {
                under_way.spawn(self.clone().deliver(Arc::clone(carrier), message, slot));
            }
        }
        Ok(())
    }

    /// Takes due messages for itself. Codes that nobody can use any more go no further.
    async fn claim(&self, channel: Channel, most: usize, stop: &CancellationToken) -> Result<Vec<OutboxMessage>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let now = self.0.clock.now();
        let due = match most {
            0 => Vec::new(),
            _ => self.0.store.read().await?.due_messages(channel, now, most).await?,
        };
        if due.is_empty() {
            return Ok(due);
        }
        let until = now + LEASE;
        let mut claimed = Vec::new();
        let mut tx = self.0.store.write().await?;
        for mut message in due {
            if !tx.claim_message(message.id, message.due_at, until).await? {
                continue;
            }
            message.due_at = until;
            if message.expires_at.is_some_and(|end| end <= now) {
                park(&mut message, now, "expired before it could be sent");
                tx.update_message(&message, until).await?;
            } else if message.attempts >= MAX_ATTEMPTS {
                // Of its last tries nobody noted what became: each took its server down.
                park(&mut message, now, "every try ended without an outcome");
                tx.update_message(&message, until).await?;
                tracing::error!(id = %message.id, channel = channel.as_str(), "message given up: no try came to an end");
            } else {
                // Counted before the try: one that takes the server down with it is given up in the end as well.
                message.attempts += 1;
                tx.update_message(&message, until).await?;
                claimed.push(message);
            }
        }
        // A server that was told to stop meanwhile leaves them to the next one, rather than being held up by them.
        if stop.is_cancelled() {
            return Ok(Vec::new());
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn deliver(self, carrier: Arc<dyn Mailer>, mut message: OutboxMessage, _slot: OwnedSemaphorePermit) -> bool {
        // A carrier that panics has failed: left alone, the message would be claimed anew as soon as its claim ends, for ever.
        let outcome = AssertUnwindSafe(self.send(&*carrier, &mut message)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(id = %message.id, channel = message.channel.as_str(), "the carrier of a message panicked");
            Err(SendError::Temporary("the carrier panicked".to_owned()))
        });
        let claimed_until = message.due_at;
        self.note(&mut message, outcome);
        match self.write(&message, claimed_until).await {
            Ok(true) => {}
            // What the other one writes counts: it may have sent the message, which must not be undone.
            Ok(false) => tracing::warn!(id = %message.id, "the claim of a message ended while it was tried"),
            // It falls due again when the claim ends.
            Err(error) => tracing::error!(id = %message.id, %error, "what became of a message cannot be written"),
        }
        message.sent_at.is_some()
    }

    /// Tries once. The claim is kept meanwhile: a relay may scan a message for minutes, and another server would send it too.
    async fn send(&self, carrier: &dyn Mailer, message: &mut OutboxMessage) -> Result<(), SendError> {
        let sent = message.clone();
        let mut sending = pin!(timeout(PATIENCE, carrier.send(&sent)));
        loop {
            tokio::select! {
                outcome = &mut sending => {
                    let late = || Err(SendError::Temporary("the carrier did not answer in time".to_owned()));
                    return outcome.unwrap_or_else(|_| late());
                }
                () = sleep(self.0.renewal) => {}
            }
            if let Err(error) = self.renew(message).await {
                tracing::error!(id = %message.id, %error, "the claim of a message cannot be renewed");
            }
        }
    }

    async fn renew(&self, message: &mut OutboxMessage) -> Result<()> {
        let until = self.0.clock.now() + LEASE;
        let mut tx = self.0.store.write().await?;
        if tx.claim_message(message.id, message.due_at, until).await? {
            tx.commit().await?;
            message.due_at = until;
        }
        Ok(())
    }

    fn note(&self, message: &mut OutboxMessage, outcome: Result<(), SendError>) {
        let now = self.0.clock.now();
        let (id, channel, attempts) = (message.id, message.channel.as_str(), message.attempts);
        match outcome {
            Ok(()) => {
                message.sent_at = Some(now);
                message.last_error = None;
                tracing::info!(%id, channel, attempts, "message sent");
            }
            Err(SendError::Temporary(reason)) if attempts < MAX_ATTEMPTS => {
                let reason = presentable(&reason);
                message.due_at = now + self.wait(attempts);
                tracing::warn!(%id, channel, attempts, reason, "message not sent yet");
                message.last_error = Some(reason);
            }
            Err(SendError::Temporary(reason) | SendError::Refused(reason)) => {
                let reason = presentable(&reason);
                park(message, now, &reason);
                tracing::warn!(%id, channel, attempts, reason, "message given up");
            }
        }
    }

    /// Doubling, and up to a quarter longer by chance, so that what failed together is not tried together again.
    fn wait(&self, attempts: i64) -> TimeDelta {
        let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
        let wait = (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT);
        let quarter = u32::try_from(wait.num_milliseconds() / 4).unwrap_or(u32::MAX);
        wait + TimeDelta::milliseconds(i64::from(self.0.rng.below(quarter)))
    }

    /// Writes what became of a try, unless the claim to it has ended.
    async fn write(&self, message: &OutboxMessage, claimed_until: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.0.store.write().await?;
        let written = tx.update_message(message, claimed_until).await?;
        tx.commit().await?;
        Ok(written)
    }

    /// Parks what has waited too long for a way out.
    async fn give_up(&self, channel: Channel) -> Result<()> {
        let now = self.0.clock.now();
        let due = self.0.store.read().await?.due_messages(channel, now - KEEP_WAITING, BATCH).await?;
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.store.write().await?;
        for mut message in due {
            park(&mut message, now, "nothing is configured that sends it");
            tx.update_message(&message, message.due_at).await?;
        }
        tx.commit().await
    }

    /// Prints that messages wait which have no way out: whom they are for and what they are about, never what they say.
    async fn announce(&self, channel: Channel) -> Result<()> {
        let recent = self.0.store.read().await?.waiting_messages(channel, self.0.opened_at, RECENT).await?;
        let mut announced = self.0.announced.lock().unwrap_or_else(PoisonError::into_inner);
        announced.retain(|(other, id)| *other != channel || recent.iter().any(|message| message.id == *id));
        for message in recent.iter().rev() {
            if announced.insert((channel, message.id)) {
                let at = self.0.shown_at.as_ref().map(Url::as_str).unwrap_or_default();
                let (to, subject, channel) = (masked(message), &message.subject, channel.as_str());
                tracing::info!(
                    to,
                    subject,
                    channel,
                    at,
                    "message kept in the outbox: nothing is configured that sends it"
                );
            }
        }
        Ok(())
    }
}

fn park(message: &mut OutboxMessage, now: DateTime<Utc>, reason: &str) {
    message.parked_at = Some(now);
    message.last_error = Some(reason.to_owned());
}

fn masked(message: &OutboxMessage) -> String {
    let recipient = message.recipient.clone();
    match message.channel {
        Channel::Email => EmailAddress::from_stored(recipient).masked(),
        Channel::Sms => PhoneNumber::from_stored(recipient).masked(),
    }
}

/// A carrier's answer as it may be kept and logged: one line, not too long, without addresses.
fn presentable(reason: &str) -> String {
    let words: Vec<_> =
        reason.split_whitespace().map(|word| if word.contains('@') { "<address>" } else { word }).collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_REASON).collect()
}
