//! How often something may be tried. Counters live in the database: they hold across servers and restarts.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher as _},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{MutexGuard, Notify};
use uuid::Uuid;

use crate::{
    domain::{error::Error, session::Origin},
    ports::hasher::{HashError, HashPermit},
    store::{Transaction, limits::Failures},
};

use super::{Accounts, GATES, Result, notify::address_prefix};

/// Wrong passwords before the next try has to wait.
const FREE_FAILURES: i64 = 5;
/// The first wait; it doubles with every failure.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(1);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// Failures of one address within [`ADDRESS_WINDOW`].
const ADDRESS_FAILURES: usize = 30;
/// The window of [`ADDRESS_FAILURES`].
const ADDRESS_WINDOW: TimeDelta = TimeDelta::minutes(10);
/// New passwords of strangers from one address that are judged and hashed within [`WORK_WINDOW`].
const STRANGER_WORK: usize = 60;
/// How many of them at the same time.
const STRANGER_WORK_AT_ONCE: usize = 24;
/// Passwords of one account that are judged at the same time while they are typed.
const RATINGS_AT_ONCE: usize = 2;
/// Changes of one account whose remote pictures are looked at at the same time.
const LOOKS_AT_ONCE: usize = 2;
/// The window of [`STRANGER_WORK`].
const WORK_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// A try that was counted as a failure before it is made; [`Accounts::succeed`] takes that back.
pub(super) struct Attempt<'a> {
    /// The place at the password hasher that the try will use.
    pub permit: HashPermit,
    key: String,
    /// How the counter stood before.
    before: Failures,
    address: AddressTry,
    /// Tries of one password follow one another, so that five right ones at once are not five failures.
    _gate: MutexGuard<'a, ()>,
}

/// A try from an address, counted as a failure until it is forgiven.
pub(super) struct AddressTry {
    hit: Option<Uuid>,
    _under_way: Option<InFlightGuard>,
}

impl AddressTry {
    /// Takes back that the try counts: it was right, or was not looked at.
    pub async fn forgive(&self, tx: &mut Box<dyn Transaction>) -> Result<()> {
        match self.hit {
            Some(hit) => Ok(tx.delete_hit(hit).await?),
            None => Ok(()),
        }
    }
}

/// Whether a sliding window had room.
pub(super) enum Hit {
    /// It had; the hit is added under this id.
    Added(Uuid),
    /// It stays full for so long.
    Full(TimeDelta),
}

impl Accounts {
    /// Counts a try of the secret that `key` names, before it is looked at. What is cheap to ask comes first: whoever has to
    /// wait takes no place that somebody else could use.
    ///
    /// # Errors
    /// [`Error::Throttled`] while the key or the caller's address has to wait, and [`Error::Busy`] when too many passwords
    /// are being checked; neither is counted.
    pub(super) async fn attempt(&self, key: String, origin: &Origin) -> Result<Attempt<'_>> {
        loop {
            let settled = pin!(self.0.tries.settled.notified());
            // Not kept while it waits for other tries of its address: those of the same secret from elsewhere go on.
            let gate = self.gate(&key).lock().await;
            let now = self.now();
            let mut tx = self.write().await?;
            let before = tx.lock_limit(&key, now).await?;
            if let Some(until) = before.blocked_until.filter(|until| now < *until) {
                return Err(throttled(until - now));
            }
            if let Some(address) = self.count_address(&mut tx, origin).await? {
                let permit = self.hasher().permit()?;
                tx.set_failures(&key, &one_more(&before, now)).await?;
                tx.commit().await?;
                return Ok(Attempt { permit, key, before, address, _gate: gate });
            }
            drop(tx);
            drop(gate);
            settled.await;
        }
    }

    /// Counts a try of a password or code by its address, before it is looked at.
    ///
    /// # Errors
    /// [`Error::Throttled`] after too many failures from there.
    pub(super) async fn address_try(&self, origin: &Origin) -> Result<AddressTry> {
        loop {
            let settled = pin!(self.0.tries.settled.notified());
            let mut tx = self.write().await?;
            if let Some(address) = self.count_address(&mut tx, origin).await? {
                tx.commit().await?;
                return Ok(address);
            }
            drop(tx);
            settled.await;
        }
    }

    /// Counts a try of an address. None while the window is full only because of tries that are still being made: many
    /// people behind one address may sign in at the same moment, so the caller waits for them.
    async fn count_address(&self, tx: &mut Box<dyn Transaction>, origin: &Origin) -> Result<Option<AddressTry>> {
        let Some(address) = origin.counted_address() else {
            return Ok(Some(AddressTry { hit: None, _under_way: None }));
        };
        let key = format!("address:{}", address_prefix(address));
        match self.hit(tx, &key, ADDRESS_FAILURES, ADDRESS_WINDOW).await? {
            Hit::Added(hit) => {
                Ok(Some(AddressTry { hit: Some(hit), _under_way: Some(InFlight::begin(&self.0.tries, &key)) }))
            }
            Hit::Full(wait) if !self.0.tries.any(&key) => Err(throttled(wait)),
            Hit::Full(_) => Ok(None),
        }
    }

    /// Counts that a stranger wants a new password judged and hashed, before that is paid for. It goes on until the answer
    /// is dropped.
    ///
    /// # Errors
    /// [`Error::Throttled`] after too much of it from one address, or too many failures; [`Error::Busy`] for too much of it
    /// at once.
    pub(super) async fn admit_work(&self, origin: &Origin) -> Result<Option<InFlightGuard>> {
        let Some(address) = stranger(origin) else { return Ok(None) };
        let key = format!("work-from:{address}");
        let work = InFlight::begin_one_of(&self.0.tries, &key, STRANGER_WORK_AT_ONCE)?;
        let mut tx = self.write().await?;
        let (failed, failures) = (format!("address:{address}"), [(ADDRESS_FAILURES, ADDRESS_WINDOW)]);
        if let Some(wait) = self.full_for(&mut tx, &failed, &failures).await?
            && !self.0.tries.any(&failed)
        {
            return Err(throttled(wait));
        }
        match self.hit(&mut tx, &key, STRANGER_WORK, WORK_WINDOW).await? {
            Hit::Added(_) => tx.commit().await?,
            Hit::Full(wait) => return Err(throttled(wait)),
        }
        Ok(Some(work))
    }

    /// Notes that an account has a password judged while it types, until the answer is dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] for too much of it at once.
    pub(super) fn admit_rating(&self, account_id: Uuid) -> Result<InFlightGuard> {
        InFlight::begin_one_of(&self.0.tries, &format!("rating:{account_id}"), RATINGS_AT_ONCE)
    }

    /// Notes that pictures elsewhere are looked at for an account, until the answer is dropped. Each may take seconds.
    ///
    /// # Errors
    /// [`Error::Busy`] for too much of it at once.
    pub(super) fn admit_looking(&self, account_id: Uuid) -> Result<InFlightGuard> {
        InFlight::begin_one_of(&self.0.tries, &format!("pictures:{account_id}"), LOOKS_AT_ONCE)
    }

    /// The same for a stranger: one at a time from each address.
    ///
    /// # Errors
    /// [`Error::Busy`] while another one is looked at.
    pub(super) fn admit_stranger_looking(&self, origin: &Origin) -> Result<Option<InFlightGuard>> {
        let begin = |address: String| InFlight::begin_one_of(&self.0.tries, &format!("pictures-from:{address}"), 1);
        stranger(origin).map(begin).transpose()
    }

    /// The try was right, but about something else than what is counted: the counter stands as it did before.
    pub(super) async fn take_back(&self, attempt: &Attempt<'_>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock_limit(&attempt.key, self.now()).await?;
        tx.set_failures(&attempt.key, &attempt.before).await?;
        attempt.address.forgive(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// The try was right: the counter starts anew.
    pub(super) async fn succeed(&self, attempt: &Attempt<'_>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock_limit(&attempt.key, self.now()).await?;
        tx.set_failures(&attempt.key, &Failures::default()).await?;
        attempt.address.forgive(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a hit to a sliding window if it has room. The window is locked until the transaction ends.
    pub(super) async fn hit(
        &self,
        tx: &mut Box<dyn Transaction>,
        key: &str,
        most: usize,
        window: TimeDelta,
    ) -> Result<Hit> {
        self.hit_all(tx, key, &[(most, window)]).await
    }

    /// Adds a hit to a key if each of its sliding windows, so many hits within so long, has room.
    pub(super) async fn hit_all(
        &self,
        tx: &mut Box<dyn Transaction>,
        key: &str,
        windows: &[(usize, TimeDelta)],
    ) -> Result<Hit> {
        let now = self.now();
        tx.lock_limit(key, now).await?;
        if let Some(wait) = self.full_for(tx, key, windows).await? {
            return Ok(Hit::Full(wait));
        }
        let id = self.rng().uuid(now);
        tx.insert_hit(id, key, now).await?;
        Ok(Hit::Added(id))
    }

    /// For how long the windows of a key stay full, if one of them is.
    pub(super) async fn full_for(
        &self,
        tx: &mut Box<dyn Transaction>,
        key: &str,
        windows: &[(usize, TimeDelta)],
    ) -> Result<Option<TimeDelta>> {
        let now = self.now();
        let longest = windows.iter().map(|(_, window)| *window).max().unwrap_or_default();
        let hits = tx.hits(key, now - longest).await?;
        let wait = windows.iter().filter_map(|(most, window)| {
            let recent = &hits[hits.partition_point(|at| *at <= now - *window)..];
            // With more hits than allowed (the limit was lowered) there is room again when enough of them have left.
            let leaving = recent.len().checked_sub(*most).and_then(|over| recent.get(over))?;
            Some(*leaving + *window - now)
        });
        Ok(wait.max())
    }

    fn gate(&self, key: &str) -> &tokio::sync::Mutex<()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        &self.0.gates[hasher.finish() as usize % GATES]
    }
}

/// What this server does at this moment, by key: tries that are counted already but not settled yet, and other work.
#[derive(Default)]
pub(super) struct InFlight {
    under_way: Mutex<HashMap<String, usize>>,
    settled: Notify,
}

impl InFlight {
    fn begin(tries: &Arc<Self>, key: &str) -> InFlightGuard {
        *tries.lock().entry(key.to_owned()).or_default() += 1;
        InFlightGuard { tries: Arc::clone(tries), key: key.to_owned() }
    }

    /// Begins one unless so many are under way.
    fn begin_one_of(tries: &Arc<Self>, key: &str, most: usize) -> Result<InFlightGuard> {
        let mut under_way = tries.lock();
        let count = under_way.entry(key.to_owned()).or_default();
        if *count >= most {
            return Err(HashError::Busy.into());
        }
        *count += 1;
        drop(under_way);
        Ok(InFlightGuard { tries: Arc::clone(tries), key: key.to_owned() })
    }

    fn any(&self, key: &str) -> bool {
        self.lock().contains_key(key)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, usize>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of [`InFlight`], settled when dropped.
pub(super) struct InFlightGuard {
    tries: Arc<InFlight>,
    key: String,
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        let mut under_way = self.tries.lock();
        if let Some(count) = under_way.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.key);
            }
        }
        drop(under_way);
        self.tries.settled.notify_waiters();
    }
}

/// What a stranger's requests are counted by, if they are.
pub(super) fn stranger(origin: &Origin) -> Option<String> {
    origin.counted_address().map(address_prefix)
}

/// The error of a window that stays full for so long.
pub(super) fn throttled(wait: TimeDelta) -> Error {
    Error::Throttled { retry_after: seconds_up(wait) }
}

/// Whole seconds, rounded up: `Retry-After` knows no fractions, and too early would be refused again.
pub(super) fn seconds_up(wait: TimeDelta) -> Duration {
    let whole = wait.num_seconds() + i64::from(wait.subsec_nanos() > 0);
    Duration::from_secs(whole.max(1).unsigned_abs())
}

fn one_more(before: &Failures, now: DateTime<Utc>) -> Failures {
    let count = before.count + 1;
    let blocked_until = (count >= FREE_FAILURES).then(|| {
        let doublings = u32::try_from(count - FREE_FAILURES).unwrap_or(u32::MAX).min(16);
        now + (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT)
    });
    Failures { count, blocked_until }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_after_five_failures_and_doubles_to_fifteen_minutes() {
        let now = DateTime::UNIX_EPOCH;
        let mut failures = Failures::default();
        let mut waits = Vec::new();
        for _ in 0..18 {
            failures = one_more(&failures, now);
            waits.push(failures.blocked_until.map_or(0, |until| (until - now).num_seconds()));
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    }

    #[test]
    fn retry_after_is_rounded_up() {
        assert_eq!(seconds_up(TimeDelta::milliseconds(1)), Duration::from_secs(1));
        assert_eq!(seconds_up(TimeDelta::milliseconds(1001)), Duration::from_secs(2));
        assert_eq!(seconds_up(TimeDelta::seconds(3)), Duration::from_secs(3));
    }
}
