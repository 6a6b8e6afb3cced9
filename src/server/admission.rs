//! How much work is taken: so many requests at once. Load is shed, not queued without end.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::shutdown::Shutdown;
use crate::domain::error::Error;

/// Requests that are worked on at once.
pub const REQUESTS_AT_ONCE: usize = 512;
/// When a request that was not taken may come back.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Room for requests. Cheap to clone, and then the same room.
#[derive(Clone, Debug)]
pub struct Admission {
    room: Arc<Semaphore>,
    shutdown: Shutdown,
}

impl Admission {
    /// Room for `requests` at once, until the shutdown is asked for.
    pub fn new(requests: usize, shutdown: Shutdown) -> Self {
        Self { room: Arc::new(Semaphore::new(requests)), shutdown }
    }

    /// Takes room for a request, given back when dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] when there is none, or when the server is leaving.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Error> {
        let busy = Error::Busy { retry_after: RETRY_AFTER };
        if self.shutdown.is_draining() {
            return Err(busy);
        }
        Arc::clone(&self.room).try_acquire_owned().map_err(|_| busy)
    }
}
