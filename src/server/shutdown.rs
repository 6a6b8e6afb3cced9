//! Leaving. The first signal lets what has begun end, within one time for everything; the second ends at once.
//!
//! Behind a load balancer a lame-duck time comes first: `/readyz` says that the server leaves, and it works on as before
//! until the balancer has heard of it.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

/// How long what has begun may go on once no new work is taken: requests, mail on its way, jobs, closing the database.
pub const DRAIN: Duration = Duration::from_secs(15);

/// Tells every part of the server that it is leaving. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<Steps>);

#[derive(Debug)]
struct Steps {
    leaving: CancellationToken,
    draining: CancellationToken,
    at_once: CancellationToken,
    lame_duck: Duration,
    drain: Duration,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::within(Duration::ZERO, DRAIN)
    }
}

impl Shutdown {
    /// One that goes on as before for `lame_duck`, and then ends what has begun within `drain`.
    pub fn within(lame_duck: Duration, drain: Duration) -> Self {
        let token = CancellationToken::new;
        Self(Arc::new(Steps { leaving: token(), draining: token(), at_once: token(), lame_duck, drain }))
    }

    /// Follows SIGTERM and SIGINT from now on.
    ///
    /// # Errors
    /// When the signals cannot be listened to.
    pub fn on_signals(lame_duck: Duration) -> io::Result<Self> {
        let shutdown = Self::within(lame_duck, DRAIN);
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let told = shutdown.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => told.ask(),
                    _ = interrupt.recv() => told.ask(),
                }
            }
        });
        Ok(shutdown)
    }

    /// Asks to leave; asked again, to leave at once.
    pub fn ask(&self) {
        let steps = &self.0;
        if self.is_leaving() {
            tracing::warn!("leaving at once");
            steps.draining.cancel();
            steps.at_once.cancel();
            return;
        }
        tracing::info!("leaving as soon as what has begun is done; a second signal leaves at once");
        steps.leaving.cancel();
        if steps.lame_duck.is_zero() {
            steps.draining.cancel();
        }
        let steps = Arc::clone(steps);
        tokio::spawn(async move {
            sleep(steps.lame_duck).await;
            steps.draining.cancel();
            sleep(steps.drain).await;
            if !steps.at_once.is_cancelled() {
                tracing::warn!("something was still going on after {} s and is cut", steps.drain.as_secs());
                steps.at_once.cancel();
            }
        });
    }

    /// Whether the server was asked to leave. It may be taking new work still.
    pub fn is_leaving(&self) -> bool {
        self.0.leaving.is_cancelled()
    }

    /// Waits until the server is asked to leave.
    pub async fn leaving(&self) {
        self.0.leaving.cancelled().await;
    }

    /// Whether no new work is taken any more.
    pub fn is_draining(&self) -> bool {
        self.0.draining.is_cancelled()
    }

    /// Cancelled when no new work is taken any more.
    pub fn token(&self) -> &CancellationToken {
        &self.0.draining
    }

    /// Waits until no new work is taken any more.
    pub async fn draining(&self) {
        self.0.draining.cancelled().await;
    }

    /// Waits until nothing is waited for any more: the time is over, or it was asked for twice.
    pub async fn at_once(&self) {
        self.0.at_once.cancelled().await;
    }
}
