//! The second step of signing in.

use serde::{Deserialize, Serialize};

use super::code::Channel;

/// What can answer the second step. Whatever an account has is offered in this order: an app costs nobody a message and
/// works without a network, and a recovery code is for when nothing else is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code mailed to the verified address.
    Email,
    /// A code sent to the verified phone.
    Sms,
    /// One of ten recovery codes.
    RecoveryCode,
}

impl Method {
    /// How its code reaches the person; none where they hold it already.
    pub fn channel(self) -> Option<Channel> {
        match self {
            Self::Email => Some(Channel::Email),
            Self::Sms => Some(Channel::Sms),
            Self::Totp | Self::RecoveryCode => None,
        }
    }
}

impl From<Channel> for Method {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms => Self::Sms,
        }
    }
}

/// Where an account stands with the second step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether signing in takes a second step.
    pub enabled: bool,
    /// What answers it, in the order of preference; empty while it is off.
    pub methods: Vec<Method>,
    /// Whether an authenticator app is confirmed, be the second step on or off.
    pub has_app: bool,
    /// Whether it could be turned on without an app: a code can be sent somewhere.
    pub can_be_sent: bool,
    /// Recovery codes that are not used yet.
    pub recovery_codes_left: usize,
}
