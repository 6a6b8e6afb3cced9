//! Background work that dies is begun again, and whoever asks whether the server can be given work hears of it.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use tokio::time::sleep;

use super::{metrics, shutdown::Shutdown};
use crate::ports::clock::Clock;

/// Until what died is begun again; it doubles up to [`LONGEST_PAUSE`] while it keeps dying.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Deaths after which something keeps dying.
const KEEPS_DYING: u32 = 5;
/// What has lived for so long since is well again. Longer than a job waits after it failed.
const WELL_AFTER: TimeDelta = TimeDelta::minutes(15);

/// How often background work has died lately. Cheap to clone, and then the same.
#[derive(Clone)]
pub struct JobHealth {
    clock: Arc<dyn Clock>,
    deaths: Arc<Mutex<BTreeMap<&'static str, Deaths>>>,
}

#[derive(Clone, Copy)]
struct Deaths {
    count: u32,
    last: DateTime<Utc>,
}

impl JobHealth {
    /// Nothing has died yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, deaths: Arc::default() }
    }

    /// Notes that something died, and answers how often it did lately.
    pub fn died(&self, name: &'static str) -> u32 {
        metrics::count_death(name);
        let now = self.clock.now();
        let mut deaths = self.deaths();
        let of_it = deaths.entry(name).or_insert(Deaths { count: 0, last: now });
        of_it.count = if now - of_it.last < WELL_AFTER { of_it.count + 1 } else { 1 };
        of_it.last = now;
        of_it.count
    }

    /// Notes that something did what it is for.
    pub fn did_well(&self, name: &'static str) {
        self.deaths().remove(name);
    }

    /// What keeps dying.
    pub fn dying(&self) -> Vec<&'static str> {
        let now = self.clock.now();
        let keeps = |deaths: &Deaths| deaths.count >= KEEPS_DYING && now - deaths.last < WELL_AFTER;
        self.deaths().iter().filter(|(_, deaths)| keeps(deaths)).map(|(name, _)| *name).collect()
    }

    /// Sees a loop through until the server is leaving: if it panics, it is begun again after a while.
    pub async fn keep_alive<F: Future<Output = ()>>(
        self,
        name: &'static str,
        shutdown: Shutdown,
        mut begin: impl FnMut() -> F,
    ) {
        loop {
            if AssertUnwindSafe(begin()).catch_unwind().await.is_ok() {
                return;
            }
            let deaths = self.died(name);
            let pause = FIRST_PAUSE.saturating_mul(1 << (deaths - 1).min(6)).min(LONGEST_PAUSE);
            tracing::error!(name, deaths, "a background loop died; it begins again in {} s", pause.as_secs());
            tokio::select! {
                () = shutdown.draining() => return,
                () = sleep(pause) => {}
            }
        }
    }

    fn deaths(&self) -> MutexGuard<'_, BTreeMap<&'static str, Deaths>> {
        self.deaths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
