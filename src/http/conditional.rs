//! Entity tags and preconditions (RFC 9110, sections 8.8.3 and 13.1).

use axum::http::{
    HeaderMap, HeaderValue,
    header::{IF_MATCH, IF_NONE_MATCH},
};

/// A version no record has: the first one is 1.
const NEVER: i64 = 0;

/// The entity tag of a record version.
pub fn version_tag(version: i64) -> HeaderValue {
    // A quoted number is visible ASCII, which every header takes.
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The record version that `If-Match` asks for, if it asks for one. Where it names several, it is the one in force if that is
/// among them; what is not a strong tag of ours is a version that no record has.
pub fn if_match(headers: &HeaderMap, current: i64) -> Option<i64> {
    let mut wanted = None;
    let fields = headers.get_all(IF_MATCH).into_iter().map(HeaderValue::as_bytes);
    for tag in fields.flat_map(|field| field.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii) {
        if tag == b"*" {
            return None;
        }
        let version = version_in(tag);
        if version == Some(current) {
            return version;
        }
        wanted = wanted.or(Some(version.unwrap_or(NEVER)));
    }
    wanted
}

/// The version in a tag as we write it: tags are compared character by character, so `"03"` is not `"3"`.
fn version_in(tag: &[u8]) -> Option<i64> {
    let opaque = std::str::from_utf8(tag).ok()?.strip_prefix('"')?.strip_suffix('"')?;
    opaque.parse::<i64>().ok().filter(|version| version.to_string() == opaque)
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
    fn if_match_asks_for_the_version_in_force_when_it_may() {
        for (fields, asked) in [
            (&[][..], None),
            (&["*"], None),
            (&["\"3\""], Some(3)),
            (&["\"2\""], Some(2)),
            (&["\"2\", \"3\""], Some(3)),
            (&["\"2\"", "\"3\""], Some(3)),
            (&["\"2\",*"], None),
            (&["W/\"3\""], Some(NEVER)),
            (&["3"], Some(NEVER)),
            (&["\"3"], Some(NEVER)),
            (&["\"03\""], Some(NEVER)),
            (&["\"+3\""], Some(NEVER)),
            (&["\" 3\""], Some(NEVER)),
            (&["\"abc\""], Some(NEVER)),
            (&["\u{e9}"], Some(NEVER)),
            (&[""], Some(NEVER)),
        ] {
            let value = |field: &&str| HeaderValue::from_bytes(field.as_bytes()).unwrap();
            let headers = fields.iter().map(|field| (IF_MATCH, value(field))).collect();
            assert_eq!(if_match(&headers, 3), asked, "{fields:?}");
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
            let headers = values.iter().map(|value| (IF_NONE_MATCH, HeaderValue::from_static(value))).collect();
            assert_eq!(if_none_match(&headers, "\"a\""), same, "{values:?}");
        }
    }
}
