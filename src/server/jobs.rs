//! Work that nobody asks for: deleting what is due, reminding of it, sweeping up. (Mail has a loop of its own,
//! [`crate::service::outbox::OutboxWorker`], which claims each message by itself.)
//!
//! Every server has these loops; where they share a database, a lease in it lets one of them do a job in each period.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::{FutureExt as _, future::BoxFuture};
use tokio::time::sleep;

use super::{job_health::JobHealth, metrics, shutdown::Shutdown};
use crate::{
    domain::error::Error,
    ports::{clock::Clock, rng::Rng},
    store::{self, Store},
};

/// A loop waits up to a tenth of its period more, so that servers that started together do not stay in step; and no more
/// than that when another server has the turn, which may be gone for good, or when the job failed.
const JITTER_PARTS: u32 = 10;
/// A job is first done within this time, however long its period.
const FIRST: Duration = Duration::from_secs(10);

/// What a job does each time. It must be safe to do it again, and at the same time as another server.
pub type Task = Box<dyn Fn() -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// Something to be done over and over.
pub struct Job {
    /// Names its lease.
    pub name: &'static str,
    /// From one time to the next.
    pub period: Duration,
    /// What is done.
    pub task: Task,
}

/// Runs jobs under the name of one server.
#[derive(Clone)]
pub struct Runner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    holder: Arc<str>,
    job_health: JobHealth,
}

impl Runner {
    /// A runner with a name that no other server has, which tells `vitals` how its jobs go.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, job_health: JobHealth) -> Self {
        let holder = rng.token().into();
        Self { store, clock, rng, holder, job_health }
    }

    /// Does a job if it is this server's turn; `false` if it is another's, or went wrong. That is logged, and the next
    /// server whose time comes tries again.
    pub async fn tick(&self, job: &Job) -> bool {
        match self.take_turn(job).await {
            Ok(true) => {}
            Ok(false) => return false,
            Err(error) => {
                tracing::warn!(job = job.name, %error, "the job's lease could not be taken");
                return false;
            }
        }
        let outcome = AssertUnwindSafe(async { (job.task)().await }).catch_unwind().await;
        match outcome {
            Ok(Ok(())) => {
                self.job_health.did_well(job.name);
                return true;
            }
            // What it stands on does not answer: that passes, and is none of the job's doing.
            Ok(Err(error @ Error::Busy { .. })) => tracing::error!(job = job.name, ?error, "the job could not be done"),
            // It ran to its end, and will again: another server could do no better, so this one goes on.
            Ok(Err(error)) => {
                tracing::error!(job = job.name, ?error, "the job failed");
                metrics::count_death(job.name);
            }
            Err(_) => {
                tracing::error!(job = job.name, "the job panicked");
                self.job_health.died(job.name);
            }
        }
        self.give_back(job).await;
        false
    }

    async fn take_turn(&self, job: &Job) -> store::Result<bool> {
        let now = self.clock.now();
        let until = now + TimeDelta::from_std(job.period).unwrap_or(TimeDelta::MAX);
        let mut tx = self.store.write().await?;
        let taken = tx.take_lease(job.name, &self.holder, now, until).await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn give_back(&self, job: &Job) {
        let released = async {
            let mut tx = self.store.write().await?;
            tx.release_lease(job.name, &self.holder).await?;
            tx.commit().await
        };
        if let Err(error) = released.await {
            tracing::warn!(job = job.name, %error, "the job's lease could not be given back");
        }
    }

    /// Does a job over and over until the server is leaving, then lets another server take its turn.
    pub async fn run(self, job: Arc<Job>, shutdown: Shutdown) {
        let mut wait = self.up_to(job.period.min(FIRST));
        loop {
            tokio::select! {
                () = shutdown.draining() => break,
                () = sleep(wait) => {}
            }
            let tenth = job.period / JITTER_PARTS;
            wait = if self.tick(&job).await { job.period } else { tenth } + self.up_to(tenth);
        }
        self.give_back(&job).await;
    }

    fn up_to(&self, most: Duration) -> Duration {
        let milliseconds = u32::try_from(most.as_millis()).unwrap_or(u32::MAX).max(1);
        Duration::from_millis(self.rng.below(milliseconds).into())
    }
}
