//! One-time codes: six digits that prove control of an e-mail address or a phone.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Digits of a code.
pub const DIGITS: usize = 6;
/// How long a code can be confirmed.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Wrong tries that one code takes.
pub const MAX_TRIES: i64 = 5;
/// Requests for codes within [`WINDOW`], per account and per destination.
pub const MAX_REQUESTS: u32 = 5;
/// Wrong tries that a code takes which a service asked for.
pub const MANAGEMENT_TRIES: i64 = 10;
/// Codes that services may have sent to one destination within [`WINDOW`].
pub const MANAGEMENT_REQUESTS: u32 = 10;
/// The sliding window of [`MAX_REQUESTS`] and [`MANAGEMENT_REQUESTS`].
pub const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How a message reaches a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An e-mail address.
    Email,
    /// A text message to a phone.
    Sms,
}

impl Channel {
    /// The name in the database and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// What a code proves. A code of one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// That a new account's identifier is its owner's.
    Registration,
    /// That an account's e-mail address or phone, present or pending, is its owner's.
    Verification,
    /// That a forgotten password may be set anew.
    PasswordReset,
    /// The second step of signing in.
    SecondFactor,
    /// That a second factor may be taken away, in a session that has not passed the second step.
    FactorChange,
    /// Whatever a service of the management API wants to know: it belongs to no account.
    Management,
}

impl Purpose {
    const ALL: [Self; 6] = [
        Self::Registration,
        Self::Verification,
        Self::PasswordReset,
        Self::SecondFactor,
        Self::FactorChange,
        Self::Management,
    ];

    /// Reads the name in the database.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Verification => "verification",
            Self::PasswordReset => "password-reset",
            Self::SecondFactor => "second-factor",
            Self::FactorChange => "factor-change",
            Self::Management => "management",
        }
    }
}

/// A code that was sent, as it is kept: never the digits, only a keyed hash of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// Identifies this code.
    pub id: Uuid,
    /// What it proves.
    pub purpose: String,
    /// Whose it is; none for a registration, and none for an address nobody has (the answer is the same).
    pub account_id: Option<Uuid>,
    /// The registration it completes.
    pub registration_id: Option<Uuid>,
    /// The half-signed-in session it completes.
    pub session_id: Option<Uuid>,
    /// How it was sent.
    pub channel: String,
    /// Where it was sent: a folded e-mail address or an E.164 number.
    pub destination: String,
    /// HMAC-SHA-256 over purpose, owner, destination and digits.
    pub code_hash: Vec<u8>,
    /// SHA-256 of the opaque token that names this code to a client, where one was given.
    pub token_hash: Option<Vec<u8>>,
    /// Wrong tries so far.
    pub tries: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
    /// When it was confirmed, or replaced by a newer one.
    pub used_at: Option<DateTime<Utc>>,
}

impl SentCode {
    /// How it was sent.
    pub fn channel(&self) -> Channel {
        if self.channel == Channel::Sms.as_str() { Channel::Sms } else { Channel::Email }
    }
}

/// What a caller hears of a code that was sent; nothing in it tells whether anybody has the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeReceipt {
    /// Names the code when it is confirmed.
    pub token: String,
    /// How it was sent.
    pub channel: Channel,
    /// Where to, masked.
    pub masked: String,
    /// Which one it is of the codes of its purpose that went there within [`WINDOW`], from 1 on. The message says it, too,
    /// from 2 on: a person who has several knows which one is asked for.
    pub index: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
}
