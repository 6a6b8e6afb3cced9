//! Serving connections. `axum::serve` sets no timers, so a client that never finishes its headers would keep its connection
//! for ever; here each step of a connection has an end.

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::shutdown::Shutdown;

/// How long a client may take for the headers of a request, and how long a connection may be idle between two.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests that have begun may go on after the first signal.
pub const DRAIN: Duration = Duration::from_secs(15);
/// Most bytes of the headers of a request; also the size of a connection's read buffer.
const BUFFER: usize = 64 * 1024;
/// Until the next try when no connection can be accepted, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(250);

/// Serves until the shutdown is asked for and what has begun is done, at most [`DRAIN`] later.
///
/// Until then new connections are still taken, so that load balancers hear `503` of `/readyz` instead of nothing; every
/// other request on them is refused by [`super::admission`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    serve_within(listener, router, shutdown, HEADER_TIMEOUT, DRAIN).await;
}

/// [`serve`] with other times.
pub async fn serve_within(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    header_timeout: Duration,
    drain: Duration,
) {
    let connections = TaskTracker::new();
    let http = http1_with(header_timeout);
    loop {
        tokio::select! {
            (stream, peer) = accept(&listener) => {
                connections.spawn(converse(http.clone(), stream, peer, router.clone(), shutdown.clone()));
            }
            () = shutdown.draining() => break,
        }
    }
    connections.close();
    tokio::select! {
        () = connections.wait() => {}
        () = turn_away(&listener, http, &router) => {}
        () = sleep(drain) => tracing::warn!("requests were still going on after {} s and were cut", drain.as_secs()),
        () = shutdown.at_once() => tracing::warn!("leaving at once"),
    }
}

fn http1_with(header_timeout: Duration) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_timeout).max_buf_size(BUFFER);
    http
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and whole; waiting for more to send with them only delays them.
                if stream.set_nodelay(true).is_ok() {
                    return (stream, peer);
                }
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection until it ends, or until its present request is answered when the server is leaving.
async fn converse(http: http1::Builder, stream: TcpStream, peer: SocketAddr, router: Router, shutdown: Shutdown) {
    let used = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&used);
    let service = service_fn(move |mut request: Request<Incoming>| {
        noted.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.draining() => {
            // Browsers open connections in advance: nothing was asked on this one, so nothing is waited for.
            if !used.load(Ordering::Relaxed) {
                return;
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Takes connections of a server that is leaving, one request each. Nobody waits for them.
async fn turn_away(listener: &TcpListener, mut http: http1::Builder, router: &Router) {
    http.keep_alive(false);
    loop {
        let (stream, peer) = accept(listener).await;
        tokio::spawn(converse(http.clone(), stream, peer, router.clone(), Shutdown::default()));
    }
}
