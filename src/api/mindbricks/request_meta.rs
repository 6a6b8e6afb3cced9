//! What the envelope tells of a request: when it came, what it asked for, who called.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{extract::Request, http::Method};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::http::request::request_id;

/// Bytes of a cache key: enough that two answers never share one by accident.
const CACHE_KEY_BYTES: usize = 16;

/// A request on its way, as far as its envelope tells of it.
#[derive(Clone, Debug)]
pub(super) struct RequestMeta {
    started: Instant,
    /// The server's `x-request-id`.
    pub request_id: Arc<str>,
    /// `HEAD` is told as `GET`: its headers are those of the answer to `GET`.
    pub method: Method,
    route: Arc<str>,
    caller: Arc<OnceLock<AuthInfo>>,
}

/// The caller, once checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct AuthInfo {
    /// Who calls.
    pub account_id: Uuid,
    /// By which session.
    pub session_id: Uuid,
    /// How long the check took.
    pub took: Duration,
}

impl RequestMeta {
    /// Begins with the request's head.
    pub fn begin(request: &Request) -> Self {
        let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
        Self {
            started: Instant::now(),
            request_id: request_id(request.extensions()).into(),
            route: format!("{method} {}", request.uri()).into(),
            method,
            caller: Arc::default(),
        }
    }

    /// Notes who calls.
    pub fn saw(&self, caller: AuthInfo) {
        // A second check in one request would find the same caller.
        let _ = self.caller.set(caller);
    }

    /// Who calls, if that was checked.
    pub fn caller(&self) -> Option<AuthInfo> {
        self.caller.get().copied()
    }

    /// Since the request came in.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Under what a cache may keep an answer: the same for the same route, parameters and record versions, and for
    /// nothing else.
    pub fn cache_key(&self, versions: &[i64]) -> String {
        let mut hash = Sha256::new_with_prefix(self.route.as_bytes());
        for version in versions {
            hash.update(version.to_be_bytes());
        }
        HEXLOWER.encode(&hash.finalize()[..CACHE_KEY_BYTES])
    }
}
