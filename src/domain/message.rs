//! A mail or text message on its way out.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::code::Channel;

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose account it speaks of; it goes with the account.
    pub account_id: Option<Uuid>,
    /// How it leaves.
    pub channel: Channel,
    /// An e-mail address or an E.164 number.
    pub recipient: String,
    /// Empty for text messages.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// HTML; empty for text messages.
    pub body_html: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it is next tried.
    pub due_at: DateTime<Utc>,
    /// From when on it is worthless (codes).
    pub expires_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub parked_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}
