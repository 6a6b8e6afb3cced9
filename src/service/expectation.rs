//! What a write expects of the record it changes, as surfaces read it: from `If-Match` (RFC 9110, section 13.1.1) and from
//! the `recordVersion` of a body.

use crate::domain::{account::Account, error::Error};

use super::Result;

/// A version no record has: the first one is 1.
const NEVER: i64 = 0;

/// What a write expects of the record it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing: the fields that are sent win.
    Any,
    /// The `recordVersion` in the body; another one in force is [`Error::Stale`].
    Version(i64),
    /// The version of a page's form. It is out of date when something that pages show has changed since; then
    /// [`Error::Stale`].
    Shown(i64),
    /// The version of an `If-Match` header; another one in force is [`Error::PreconditionFailed`].
    Matches(i64),
}

impl Expectation {
    /// What a request expects by the version that [`if_match`] read, else by the `recordVersion` of its body. Where both
    /// are sent, the one that does not hold counts.
    pub fn of(if_match: Option<i64>, version: Option<i64>, current: i64) -> Self {
        match (if_match, version) {
            (Some(tag), Some(version)) if tag == current => Self::Version(version),
            (Some(tag), _) => Self::Matches(tag),
            (None, Some(version)) => Self::Version(version),
            (None, None) => Self::Any,
        }
    }

    /// Whether the account is at the version that is expected.
    ///
    /// # Errors
    /// [`Error::Stale`] or [`Error::PreconditionFailed`].
    pub fn check(self, account: &Account) -> Result<()> {
        let current = account.record_version;
        match self {
            Self::Shown(seen) if !(account.shown_version..=current).contains(&seen) => Err(Error::Stale { current }),
            Self::Version(expected) if expected != current => Err(Error::Stale { current }),
            Self::Matches(expected) if expected != current => Err(Error::PreconditionFailed { current }),
            _ => Ok(()),
        }
    }
}

/// The record version that the fields of `If-Match` ask for, if they ask for one. Where they name several, it is the one
/// in force if that is among them; what is not a strong tag of ours is a version that no record has.
pub fn if_match<'a>(fields: impl IntoIterator<Item = &'a [u8]>, current: i64) -> Option<i64> {
    let mut wanted = None;
    for tag in fields.into_iter().flat_map(|field| field.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii) {
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
            assert_eq!(if_match(fields.iter().map(|field| field.as_bytes()), 3), asked, "{fields:?}");
        }
    }

    #[test]
    fn of_two_expectations_the_one_that_does_not_hold_counts() {
        for (tag, version, expected) in [
            (None, None, Expectation::Any),
            (None, Some(2), Expectation::Version(2)),
            (Some(3), Some(2), Expectation::Version(2)),
            (Some(2), Some(3), Expectation::Matches(2)),
            (Some(3), None, Expectation::Matches(3)),
        ] {
            assert_eq!(Expectation::of(tag, version, 3), expected);
        }
    }
}
