//! What is read from a request's head in one way.

use axum::http::{
    Extensions, HeaderMap, HeaderName,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
    request::Parts,
};
use tower_http::request_id::RequestId;
use uuid::Uuid;

use crate::domain::{limits, session::Origin};

/// Characters of a UUID in the one form that is accepted.
const UUID_LENGTH: usize = 36;

/// Names a request in its response and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). Cookies and queries are never looked at, so
/// that no page elsewhere can make a browser call these routes with somebody's session.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Where a request comes from: what the server found out and left with the request, else its `User-Agent` alone.
pub fn origin(parts: &Parts) -> Origin {
    parts
        .extensions
        .get()
        .cloned()
        .unwrap_or_else(|| Origin { user_agent: user_agent(&parts.headers), ..Origin::default() })
}

/// The `User-Agent`, as much of it as is kept.
pub fn user_agent(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    agent.unwrap_or_default().chars().take(limits::USER_AGENT).collect()
}

/// The id that the server gave the request; empty where none did.
pub fn request_id(extensions: &Extensions) -> &str {
    extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default()
}

/// The media type of a body, without its parameters.
pub fn media_type(headers: &HeaderMap) -> String {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// An id in the one form that is accepted.
pub fn uuid(text: &str) -> Option<Uuid> {
    Some(text).filter(|text| text.len() == UUID_LENGTH).and_then(|text| Uuid::try_parse(text).ok())
}
