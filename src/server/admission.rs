//! How much work is taken: so many requests at once, so much time for a body. Load is shed, not queued without end.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, http::header, middleware::Next, response::Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::timeout::{DeadlineBody, TimeoutBody};

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

/// How long bodies of requests may take.
#[derive(Clone, Copy, Debug)]
pub struct BodyTimes {
    /// An ordinary one, as a whole.
    pub ordinary: Duration,
    /// One with files, as a whole.
    pub upload: Duration,
    /// One with files, without any byte.
    pub stall: Duration,
}

impl Default for BodyTimes {
    /// 30 seconds; 10 MiB at some 20 kB/s.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { ordinary: seconds(30), upload: seconds(600), stall: seconds(30) }
    }
}

impl BodyTimes {
    /// Gives the body of a request an end in time. A form with files is an upload and gets longer, as long as it moves.
    pub async fn limit(self, request: Request, next: Next) -> Response {
        let request = if is_multipart(&request) {
            request.map(|body| Body::new(TimeoutBody::new(self.stall, DeadlineBody::new(self.upload, body))))
        } else {
            request.map(|body| Body::new(DeadlineBody::new(self.ordinary, body)))
        };
        next.run(request).await
    }
}

fn is_multipart(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}
