//! One connection. Each of its states has an end in time: nothing asked, a head begun, an answer that nobody reads.
//!
//! hyper has one time for a head and for the wait before it. But proxies keep connections for a minute and longer, and what
//! they send on one that we have just closed is a sporadic 502 of theirs; a head has no excuse to take so long.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
};
use hyper::{
    Request,
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{Notify, watch},
    time::sleep,
};
use tower::Service as _;

use super::{
    ahead::Ahead,
    byte_rate::{ByteRate, Rate},
    shutdown::Shutdown,
};

/// Most bytes of the head of a request; also the size of a connection's read buffer.
const BUFFER: usize = 64 * 1024;

/// How long a connection may be in each of its states.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Without a byte of the next request, or of the first.
    pub idle: Duration,
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// How much of an answer must be taken, while it is not taken at once.
    pub answer: Rate,
}

impl Default for Times {
    /// 75 s, 10 s, and 2 KiB a second.
    fn default() -> Self {
        Self { idle: Duration::from_secs(75), head: Duration::from_secs(10), answer: Rate::default() }
    }
}

/// Where a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was asked on it yet.
    New,
    /// A head has begun.
    Head,
    /// A request is worked on.
    Working,
    /// All of the answer is at hand, but not all of it taken.
    Answered,
    /// Something else may be asked.
    Idle,
}

/// The state of a connection, shared by its service and its stream.
#[derive(Clone, Debug)]
struct Course {
    state: Arc<watch::Sender<State>>,
    /// How long the bodies are of requests that have come and were not answered to the last byte: mostly of one.
    bodies: Arc<Mutex<VecDeque<u64>>>,
}

impl Course {
    /// Goes on from one of the states that `next` has an answer for.
    fn advance(&self, next: impl FnOnce(State) -> Option<State>) {
        self.state.send_if_modified(|state| next(*state).map(|next| *state = next).is_some());
    }

    /// A request has come. One in pieces of which nobody knows how many there are may be of any length.
    fn begin(&self, body: &Incoming) {
        self.bodies().push_back(body.size_hint().exact().unwrap_or(u64::MAX));
        self.advance(|_| Some(State::Working));
    }

    fn bodies(&self) -> MutexGuard<'_, VecDeque<u64>> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves one connection until it ends, is overdue, or has nothing more to do when the server is leaving. While it is idle
/// it gives way to others that `crowd` speaks for; those that have been idle longest come first.
pub(super) async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    keep_alive: bool,
    times: Times,
    crowd: &Notify,
    shutdown: &Shutdown,
) {
    let (state, watched) = watch::channel(State::New);
    let course = Course { state: Arc::new(state), bodies: Arc::default() };
    let wire = Wire { stream, course: course.clone(), rate: ByteRate::new(times.answer), ahead: Ahead::default() };
    let service = service_fn(move |mut request: Request<Incoming>| {
        course.begin(request.body());
        request.extensions_mut().insert(ConnectInfo(peer));
        let (answer, course) = (router.clone().call(request), course.clone());
        async move { answer.await.map(|answer| answer.map(|body| Body::new(Answer { body, course }))) }
    });
    let mut http = http1::Builder::new();
    let http = http.keep_alive(keep_alive).header_read_timeout(None).max_buf_size(BUFFER);
    let mut connection = pin!(http.serve_connection(TokioIo::new(wire), service));
    let mut overdue = pin!(overdue(watched.clone(), times, crowd));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = overdue.as_mut() => return,
        () = shutdown.draining() => {
            // Browsers open connections in advance: nothing was asked on this one, so nothing is waited for.
            if matches!(*watched.borrow(), State::New) {
                return;
            }
            // hyper takes a connection for idle until all of a head is there. This one is answered: it is told to come back.
            tokio::select! {
                ended = connection.as_mut() => return note(ended),
                () = overdue.as_mut() => return,
                () = past_head(watched) => connection.as_mut().graceful_shutdown(),
            }
            tokio::select! {
                ended = connection.as_mut() => ended,
                () = overdue => return,
            }
        }
    };
    note(ended);
}

fn note(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Waits while a head has begun and is not whole.
async fn past_head(mut state: watch::Receiver<State>) {
    // Its sender goes with the connection, which is waited for beside this.
    let _ = state.wait_for(|state| *state != State::Head).await;
}

/// Waits until a connection has been in a state for too long, or gives way.
async fn overdue(mut state: watch::Receiver<State>, times: Times, crowd: &Notify) {
    loop {
        let present = *state.borrow_and_update();
        let (time, gives_way) = match present {
            State::New | State::Idle => (times.idle, true),
            State::Head => (times.head, false),
            // A request has its own times, and the answer that of [`Wire`].
            State::Working | State::Answered => (Duration::MAX, false),
        };
        tokio::select! {
            changed = state.changed() => if changed.is_err() {
                return std::future::pending().await;
            },
            () = sleep(time) => return,
            () = crowd.notified(), if gives_way => return,
        }
    }
}

/// The bytes of a connection.
struct Wire {
    stream: TcpStream,
    course: Course,
    rate: ByteRate,
    ahead: Ahead,
}

impl Wire {
    /// How long the body is of the request that is worked on, after those that were answered meanwhile.
    fn body(&mut self) -> u64 {
        let mut bodies = self.course.bodies();
        while bodies.len() > 1 {
            self.ahead.has_next(bodies.pop_front().unwrap_or_default());
        }
        bodies.front().copied().unwrap_or_default()
    }

    fn wrote(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.rate.moved(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => self.rate.poll_too_slow(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = &buffer.filled()[before..];
        if !read.is_empty() {
            let body = self.body();
            self.ahead.read(read, body);
            self.course.advance(|state| match state {
                State::New | State::Idle => Some(State::Head),
                State::Head | State::Working | State::Answered => None,
            });
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written everything it has.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.rate.rest();
        let body = self.body();
        let Self { course, ahead, .. } = &mut *self;
        course.advance(|state| {
            let next = || {
                course.bodies().clear();
                if ahead.has_next(body) { State::Head } else { State::Idle }
            };
            (state == State::Answered).then(next)
        });
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The body of an answer, which tells when hyper is through with it.
struct Answer {
    body: Body,
    course: Course,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.course.advance(|state| (state == State::Working).then_some(State::Answered));
    }
}
