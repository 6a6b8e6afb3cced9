//! What every dialect writes into a response in the same way.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header::CONTENT_LENGTH},
    response::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};
use tower_http::request_id::{MakeRequestId, MakeRequestUuid, RequestId};

/// Lets pages of other origins show what is public, like pictures of people (Fetch, section 3.8). It has to stand on the 304
/// as on the 200: browsers take the headers of the newer one.
pub const CROSS_ORIGIN: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));

/// A time to the millisecond, in UTC, as JavaScript writes it.
pub fn iso8601(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `Retry-After` in whole seconds, rounded up: who comes back on the second must not be too early.
pub fn retry_after(wait: Duration) -> HeaderValue {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    seconds.max(1).into()
}

/// `full`, with the headers of `bare` that do not speak of its body.
pub fn with_body(bare: Response, mut full: Response) -> Response {
    let (mut parts, _) = bare.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(std::mem::take(full.headers_mut()));
    *full.headers_mut() = parts.headers;
    full
}

/// The server's `x-request-id` of a request, or a fresh one.
pub fn request_id(request: &Request) -> String {
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.or_else(|| MakeRequestUuid.make_request_id(request));
    id.as_ref().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned()
}
