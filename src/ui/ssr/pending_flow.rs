//! What leads from one page to the next: a code that was sent, the question whether to restore.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::domain::{
    code::{Channel, CodeReceipt},
    email::readable,
};

/// How long the browser remembers it: as long as a registration waits for its code.
pub const LIFETIME: TimeDelta = TimeDelta::days(1);

/// Kept in a cookie, so that the page can be loaded again and the address bar shows nothing that opens an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingFlow {
    /// The page that asks for it.
    pub page: String,
    /// What names it to the core.
    pub token: String,
    /// The code it is about.
    pub code: Option<Sent>,
    /// The local path to go to afterwards.
    pub next: Option<String>,
    /// The e-mail address or number that was typed, where a password manager shall keep a password under it.
    #[serde(default)]
    pub identifier: Option<String>,
}

/// What the page says of a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// How it was sent.
    pub channel: Channel,
    /// Where to, masked.
    pub masked: String,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
}

impl PendingFlow {
    /// A step that a code completes.
    pub fn code(page: &str, receipt: CodeReceipt, next: Option<String>) -> Self {
        let CodeReceipt { token, channel, masked, expires_at, .. } = receipt;
        let code = Some(Sent { channel, masked: readable(&masked), expires_at });
        Self { page: page.to_owned(), token, code, next, identifier: None }
    }

    /// The value of the cookie.
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads such a value; whoever sends another one has no step.
    pub fn decode(value: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(value.as_bytes()).ok()?).ok()
    }
}
