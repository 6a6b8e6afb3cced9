//! What stands around every route: the clock starts, the answer or refusal gets its envelope.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::envelope::{Answer, ApiError};
use crate::{api::response::request_id, service::Accounts};

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
    fn begin(request: &Request) -> Self {
        let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
        Self {
            started: Instant::now(),
            request_id: request_id(request).into(),
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

/// Puts the envelope around what a handler, an extractor or the router left.
pub(super) async fn envelope_layer(State(accounts): State<Accounts>, mut request: Request, next: Next) -> Response {
    let meta = RequestMeta::begin(&request);
    request.extensions_mut().insert(meta.clone());
    let mut response = next.run(request).await;
    if let Some(answer) = response.extensions_mut().remove::<Answer>() {
        response = answer.into_response_for(response, &meta);
    } else if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.into_response_for(response, accounts.now(), &meta.request_id);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
