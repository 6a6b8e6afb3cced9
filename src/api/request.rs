//! What every dialect reads from a request's head in the same way.

use axum::http::{
    HeaderMap,
    header::{AUTHORIZATION, USER_AGENT},
    request::Parts,
};
use uuid::Uuid;

use crate::domain::session::Origin;

/// Characters of a UUID in the one form that is accepted.
const UUID_LENGTH: usize = 36;
/// Characters of a `User-Agent` that are kept.
const AGENT_LENGTH: usize = 256;

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). Cookies and queries are never looked at, so
/// that no page elsewhere can make a browser call these routes with somebody's session.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Where a request comes from: what the server found out and left with the request, else its `User-Agent` alone.
pub fn origin(parts: &Parts) -> Origin {
    parts.extensions.get().cloned().unwrap_or_else(|| {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Origin { user_agent: agent.chars().take(AGENT_LENGTH).collect(), ..Origin::default() }
    })
}

/// An id in the one form that is accepted.
pub fn uuid(text: &str) -> Option<Uuid> {
    Some(text).filter(|text| text.len() == UUID_LENGTH).and_then(|text| Uuid::try_parse(text).ok())
}
