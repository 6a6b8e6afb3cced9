//! Entity tags and preconditions (RFC 9110, sections 8.8.3 and 13.1).

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{IF_MATCH, IF_NONE_MATCH},
};

use crate::service::Expectation;

/// A version no record has: the first one is 1.
const NEVER: i64 = 0;

/// The entity tag of a record version.
pub fn version_tag(version: i64) -> HeaderValue {
    // A quoted number is visible ASCII, which every header takes.
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The record version that `If-Match` asks for, if it asks for one. Where it names several, it is the one in force if
/// that is among them; what is not a strong tag of ours is a version that no record has.
pub fn if_match(headers: &HeaderMap, current: i64) -> Option<i64> {
    let mut wanted = None;
    for tag in tags(headers, IF_MATCH) {
        if tag == "*" {
            return None;
        }
        let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
        if version == Some(current) {
            return version;
        }
        wanted = wanted.or(Some(version.unwrap_or(NEVER)));
    }
    wanted
}

/// What a request expects of the record it changes: the version that [`if_match`] read, else the `recordVersion` of its
/// body. Where both are sent, the one that does not hold counts.
pub fn expectation(if_match: Option<i64>, version: Option<i64>, current: i64) -> Expectation {
    match (if_match, version) {
        (Some(tag), Some(version)) if tag == current => Expectation::Version(version),
        (Some(tag), _) => Expectation::Matches(tag),
        (None, Some(version)) => Expectation::Version(version),
        (None, None) => Expectation::Any,
    }
}

/// Whether `If-None-Match` names this tag, so that 304 is the answer. Compares weakly, as the header demands.
pub fn if_none_match(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim_start_matches("W/").to_owned();
    tags(headers, IF_NONE_MATCH).any(|candidate| candidate == "*" || opaque(candidate) == opaque(tag))
}

/// The members of a list of tags, which may be spread over several fields of one name.
fn tags(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let fields = headers.get_all(name).into_iter();
    fields.flat_map(|field| field.to_str().unwrap_or("unreadable").split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn if_match_asks_for_the_version_in_force_when_it_may() {
        for (values, asked) in [
            (&[][..], None),
            (&["*"], None),
            (&["\"3\""], Some(3)),
            (&["\"2\""], Some(2)),
            (&["\"2\", \"3\""], Some(3)),
            (&["\"2\"", "\"3\""], Some(3)),
            (&["W/\"3\""], Some(NEVER)),
            (&["3"], Some(NEVER)),
            (&["\"abc\""], Some(NEVER)),
        ] {
            assert_eq!(if_match(&headers(IF_MATCH, values), 3), asked, "{values:?}");
        }
    }

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
            assert_eq!(if_none_match(&headers(IF_NONE_MATCH, values), "\"a\""), same, "{values:?}");
        }
    }
}
