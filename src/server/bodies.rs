//! Bodies of requests: how long they may take, how slow they may be, and how many may be on their way.

use std::{
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::{
    byte_rate::{ByteRate, Rate},
    network_limiter::{Full, NetworkLimiter, NetworkPermit},
    proxies::TrustedProxies,
};
use crate::domain::{body_deadline::BodyDeadline, interruption::Interruption, session::Origin};

/// Bodies that are waited for at once: fewer than requests, so that those without a body always have room.
pub const BODIES_AT_ONCE: usize = 256;
/// Those of one network.
pub const BODIES_OF_ONE: usize = 16;
/// How often a body for which there is no room is looked at once more: what came together with its head is then there.
const LOOKS: u8 = 2;

/// How long bodies of requests may take, from when they are waited for.
#[derive(Clone, Copy, Debug)]
pub struct BodyTimes {
    /// An ordinary one, as a whole.
    pub ordinary: Duration,
    /// An upload, as a whole: see [`BodyDeadline`].
    pub upload: Duration,
    /// How much of an upload must come at least.
    pub least: Rate,
}

impl Default for BodyTimes {
    /// 30 seconds; 10 MiB at some 17 kB/s.
    fn default() -> Self {
        Self { ordinary: Duration::from_secs(30), upload: Duration::from_secs(600), least: Rate::default() }
    }
}

/// What bodies may take. Cheap to clone, and then with the same room.
#[derive(Clone, Debug)]
pub struct Bodies {
    /// Their time.
    pub times: BodyTimes,
    /// Their room.
    pub room: NetworkLimiter,
    /// Who speaks for many, and has no share to keep to: as for connections.
    pub proxies: TrustedProxies,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            times: BodyTimes::default(),
            room: NetworkLimiter::new(BODIES_AT_ONCE, BODIES_OF_ONE),
            proxies: TrustedProxies::default(),
        }
    }
}

/// Holds the body of a request to what it may take. What it takes more of, it ends with an [`Interruption`].
pub async fn limit(State(bodies): State<Bodies>, mut request: Request, next: Next) -> Response {
    let deadline = BodyDeadline::default();
    request.extensions_mut().insert(deadline.clone());
    let client = request.extensions().get::<Origin>().and_then(|origin| origin.address);
    let client = client.and_then(|client| bodies.proxies.one_caller(client));
    let limited = |inner| Limited { inner, bodies, deadline, client, looks: LOOKS, stage: Stage::Untouched };
    next.run(request.map(|body| Body::new(limited(body)))).await
}

struct Limited {
    inner: Body,
    bodies: Bodies,
    deadline: BodyDeadline,
    client: Option<IpAddr>,
    looks: u8,
    stage: Stage,
}

enum Stage {
    /// Nobody had to wait for it yet.
    Untouched,
    Awaited(Awaited),
    Ended,
}

/// A body that is waited for.
struct Awaited {
    deadline: Pin<Box<Sleep>>,
    /// Only of an upload: any other has to be there in less than a window.
    rate: Option<ByteRate>,
    _share: NetworkPermit,
}

impl Limited {
    /// Waits, or says why not.
    fn poll_waiting(&mut self, cx: &mut Context<'_>) -> Poll<Interruption> {
        if matches!(self.stage, Stage::Untouched) {
            match self.begin() {
                Ok(awaited) => self.stage = Stage::Awaited(awaited),
                Err(_) if self.looks > 0 => {
                    self.looks -= 1;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Err(full) => {
                    self.bodies.room.tell("bodies of requests", full, self.client);
                    return Poll::Ready(Interruption::NoRoom);
                }
            }
        }
        match &mut self.stage {
            Stage::Awaited(awaited) => awaited.poll_too_late(cx).map(|()| Interruption::TimedOut),
            Stage::Untouched | Stage::Ended => Poll::Pending,
        }
    }

    fn begin(&self) -> Result<Awaited, Full> {
        let share = self.bodies.room.take(self.client)?;
        let times = self.bodies.times;
        let is_upload = self.deadline.is_for_upload();
        let time = if is_upload { times.upload } else { times.ordinary };
        let rate = is_upload.then(|| ByteRate::new(times.least));
        Ok(Awaited { deadline: Box::pin(sleep(time)), rate, _share: share })
    }
}

impl Awaited {
    fn poll_too_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        self.rate.as_mut().map_or(Poll::Pending, |rate| rate.poll_too_slow(cx))
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if matches!(this.stage, Stage::Ended) {
            return Poll::Ready(None);
        }
        let polled = match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Stage::Awaited(Awaited { rate: Some(rate), .. }) = &mut this.stage {
                    rate.moved(frame.data_ref().map_or(0, Bytes::len));
                }
                return Poll::Ready(Some(Ok(frame)));
            }
            Poll::Ready(ended) => ended.map(|error| error.map_err(Into::into)),
            Poll::Pending => match this.poll_waiting(cx) {
                Poll::Ready(why) => Some(Err(why.into())),
                Poll::Pending => return Poll::Pending,
            },
        };
        this.stage = Stage::Ended;
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.stage, Stage::Ended) || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
