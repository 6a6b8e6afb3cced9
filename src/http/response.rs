//! What is written into responses in one way.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, header::CONTENT_LENGTH},
    response::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};

/// Lets pages of other origins show what is public, like pictures of people (Fetch, section 3.8). It has to stand on the 304
/// as on the 200: browsers take the headers of the newer one.
pub const CROSS_ORIGIN: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));

/// A time to the millisecond, in UTC, as JavaScript writes it.
pub fn iso8601(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A wait in whole seconds, rounded up: who comes back on the second must not be too early.
pub fn retry_after_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// `Retry-After` (RFC 9110, section 10.2.3).
pub fn retry_after(wait: Duration) -> HeaderValue {
    retry_after_seconds(wait).into()
}

/// `full`, with the headers of `bare` that do not speak of its body.
pub fn with_body(bare: Response, mut full: Response) -> Response {
    let (mut parts, _) = bare.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(std::mem::take(full.headers_mut()));
    *full.headers_mut() = parts.headers;
    full
}
