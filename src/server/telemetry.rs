//! Logs: text for people or JSON for machines, each line of a request with its id.
//!
//! A request is logged by its route's template, never by its path or query: those may hold tokens, names and addresses.

use std::{
    io::{self, IsTerminal},
    panic,
    sync::Arc,
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tower_http::request_id::RequestId;
use tracing::{Instrument, Level};
use tracing_subscriber::{EnvFilter, fmt};

use super::{config::Log, metrics};
use crate::{
    http::request::REQUEST_ID,
    ports::{clock::Clock, rng::Rng},
};

/// Starts logging to standard error. What was started before in this process stays.
pub fn start(log: &Log) {
    // The configuration checked the directives already.
    let filter = EnvFilter::try_new(&log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    // A log that cannot be written must not end the server, as telling of it on a closed standard error would.
    let lines = fmt()
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let _ = if log.json {
        lines.json().flatten_event(true).with_span_list(false).try_init()
    } else {
        lines.with_target(false).try_init()
    };
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, reason = panic.payload_as_str().unwrap_or_default(), "a panic");
    }));
}

/// What [`observe`] needs.
#[derive(Clone)]
pub struct Observer {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
}

/// Names, times, counts and logs a request. An id that came from outside counts for nothing.
pub async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let id = observer.rng.uuid(observer.clock.now()).to_string();
    let header = HeaderValue::try_from(&id).unwrap_or(HeaderValue::from_static(""));
    request.headers_mut().insert(REQUEST_ID, header.clone());
    request.extensions_mut().insert(RequestId::new(header.clone()));
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method, route);

    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    response.headers_mut().insert(REQUEST_ID, header);
    let status = response.status().as_u16();
    metrics::count_request(method, route, status, elapsed);
    let (_entered, elapsed_ms) = (span.enter(), elapsed.as_millis());
    match status {
        500.. => tracing::event!(Level::WARN, status, elapsed_ms, "answered"),
        _ if is_probe(route) => tracing::event!(Level::DEBUG, status, elapsed_ms, "answered"),
        _ => tracing::event!(Level::INFO, status, elapsed_ms, "answered"),
    }
    response
}

/// Asked every few seconds by whatever runs the server.
fn is_probe(route: &str) -> bool {
    matches!(route, "/livez" | "/readyz" | "/metrics")
}

/// A method that HTTP knows; anybody can invent others, and each would be a time series of its own.
fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("OTHER")
}
