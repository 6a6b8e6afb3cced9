//! What a write expects of the record it changes, as surfaces read it: from `If-Match` (RFC 9110, section 13.1.1) and from
//! the `recordVersion` of a body.

use crate::domain::{account::Account, error::Error};

use super::Result;

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
    /// What a request expects by the version that its `If-Match` asks for, else by the `recordVersion` of its body. Where both
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

#[cfg(test)]
mod tests {
    use super::*;

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
