//! The second step of signing in.

use serde::{Deserialize, Serialize};

/// What can answer the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// A code mailed to the verified address.
    Email,
    /// A code sent to the verified phone.
    Sms,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// One of ten recovery codes.
    RecoveryCode,
}
