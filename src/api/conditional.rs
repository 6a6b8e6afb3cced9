//! Entity tags and preconditions (RFC 9110, sections 8.8.3 and 13.1).

use axum::http::{
    HeaderMap, HeaderValue,
    header::{IF_MATCH, IF_NONE_MATCH},
};

use crate::service::expectation;

/// The entity tag of a record version.
pub fn version_tag(version: i64) -> HeaderValue {
    // A quoted number is visible ASCII, which every header takes.
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The record version that `If-Match` asks for, if it asks for one: see [`expectation::if_match`].
pub fn if_match(headers: &HeaderMap, current: i64) -> Option<i64> {
    expectation::if_match(headers.get_all(IF_MATCH).iter().map(HeaderValue::as_bytes), current)
}

/// Whether `If-None-Match` names this tag, so that 304 is the answer. Compares weakly, as the header demands.
pub fn if_none_match(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim_start_matches("W/").to_owned();
    tags(headers).any(|candidate| candidate == "*" || opaque(candidate) == opaque(tag))
}

/// The members of the list of tags, which may be spread over several fields.
fn tags(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let fields = headers.get_all(IF_NONE_MATCH).into_iter();
    fields.flat_map(|field| field.to_str().unwrap_or("unreadable").split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_compares_weakly() {
        for (values, same) in [
            (&[][..], false),
            (&["\"a\""], true),
            (&["W/\"a\""], true),
            (&["\"b\", \"a\""], true),
            (&["*"], true),
            (&["\"b\""], false),
            (&["a"], false),
        ] {
            let headers = values.iter().map(|value| (IF_NONE_MATCH, HeaderValue::from_static(value))).collect();
            assert_eq!(if_none_match(&headers, "\"a\""), same, "{values:?}");
        }
    }
}
