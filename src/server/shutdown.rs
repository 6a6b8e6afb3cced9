//! Leaving in two steps: the first signal lets what has begun end, the second ends at once.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells every part of the server that it is leaving. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    draining: CancellationToken,
    at_once: CancellationToken,
}

impl Shutdown {
    /// Follows SIGTERM and SIGINT from now on.
    ///
    /// # Errors
    /// When the signals cannot be listened to.
    pub fn on_signals() -> io::Result<Self> {
        let shutdown = Self::default();
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
        if self.is_draining() {
            self.at_once.cancel();
        } else {
            tracing::info!("leaving as soon as what has begun is done; a second signal leaves at once");
            self.draining.cancel();
        }
    }

    /// Whether no new work is taken any more.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Cancelled when no new work is taken any more.
    pub fn token(&self) -> &CancellationToken {
        &self.draining
    }

    /// Waits until no new work is taken any more.
    pub async fn draining(&self) {
        self.draining.cancelled().await;
    }

    /// Waits until nothing is waited for any more.
    pub async fn at_once(&self) {
        self.at_once.cancelled().await;
    }
}
