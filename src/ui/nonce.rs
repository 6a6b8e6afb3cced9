//! The nonce of a page's content security policy.

use std::fmt;

/// Made anew for every request by whoever sets the policy; pages put it on their scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl From<String> for Nonce {
    fn from(random: String) -> Self {
        Self(random)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
