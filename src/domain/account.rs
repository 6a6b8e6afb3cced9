//! The account: one record behind every page and every dialect.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    email::EmailAddress,
    locale::{Locale, Theme},
    names::Names,
    phone::PhoneNumber,
    username::Username,
};

/// What an account may do beyond its own profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Its own account.
    User,
    /// Reads every account and sets roles.
    Admin,
}

impl Role {
    /// The name in the database and in the Mindbricks dialect.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// Reads such a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// What a person signs in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LoginIdentifier {
    /// The e-mail address.
    #[default]
    Email,
    /// The mobile number.
    Mobile,
    /// Either.
    EmailOrMobile,
}

impl LoginIdentifier {
    /// Whether an e-mail address is a primary identifier.
    pub fn email(self) -> bool {
        self != Self::Mobile
    }

    /// Whether a mobile number is a primary identifier.
    pub fn mobile(self) -> bool {
        self != Self::Email
    }
}

/// A picture of the account, in its order; the first is the avatar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    /// One of our own uploads, kept as a reference so that it survives a new public URL.
    Upload(String),
    /// An address elsewhere that passed the picture rule.
    Remote(String),
}

/// Which of the states of the contract the account is in. Purged accounts are not there at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In use.
    Active,
    /// Waiting for restore or purge.
    Archived {
        /// Since when.
        archived_at: DateTime<Utc>,
        /// When it may be deleted.
        purge_at: DateTime<Utc>,
    },
    /// Locked until an operator unlocks it.
    Deactivated,
}

/// An account as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// UUIDv7.
    pub id: Uuid,
    /// The address in force.
    pub email: Option<EmailAddress>,
    /// Whether a code confirmed it.
    pub email_verified: bool,
    /// An address that waits for its code.
    pub pending_email: Option<EmailAddress>,
    /// The number in force.
    pub phone: Option<PhoneNumber>,
    /// Whether a code confirmed it.
    pub phone_verified: bool,
    /// A number that waits for its code.
    pub pending_phone: Option<PhoneNumber>,
    /// The public name.
    pub username: Username,
    /// Argon2id in PHC form; an account made by a service may have none.
    pub password_hash: Option<String>,
    /// When it was last set.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Given, middle and family name.
    pub names: Names,
    /// Up to 500 characters of plain text.
    pub bio: String,
    /// Up to 100 characters of plain text.
    pub location: String,
    /// At most [`super::limits::PICTURES`].
    pub pictures: Vec<Picture>,
    /// What it may do.
    pub role: Role,
    /// The language of pages and mails; none follows the browser.
    pub locale: Option<Locale>,
    /// An IANA name; none follows UTC.
    pub time_zone: Option<String>,
    /// Light, dark or the system's.
    pub theme: Theme,
    /// Whether follows wait for acceptance.
    pub is_private: bool,
    /// Whether signing in takes a second step.
    pub two_factor_enabled: bool,
    /// A service's own data, 64 KiB at most. Read for services alone; written where there is any, and left as it is
    /// otherwise.
    pub custom_data: Option<Map<String, Value>>,
    /// OIDC claims that have no column of their own.
    pub oidc_profile: Map<String, Value>,
    /// Set by services.
    pub posts_count: i64,
    /// Set by services.
    pub shops_count: i64,
    /// Set by services.
    pub events_count: i64,
    /// 1, then one more at every change.
    pub record_version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When somebody last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When it was archived.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it may be deleted.
    pub purge_at: Option<DateTime<Utc>>,
    /// How many reminders of that were mailed.
    pub purge_reminders: i64,
    /// When it was deactivated.
    pub locked_at: Option<DateTime<Utc>>,
    /// Why, in the person's words.
    pub lock_reason: Option<String>,
}

impl Account {
    /// An account that has nothing yet but its username.
    pub fn new(id: Uuid, username: Username, now: DateTime<Utc>) -> Self {
        Self {
            id,
            email: None,
            email_verified: false,
            pending_email: None,
            phone: None,
            phone_verified: false,
            pending_phone: None,
            username,
            password_hash: None,
            password_changed_at: None,
            names: Names::default(),
            bio: String::new(),
            location: String::new(),
            pictures: Vec::new(),
            role: Role::User,
            locale: None,
            time_zone: None,
            theme: Theme::default(),
            is_private: false,
            two_factor_enabled: false,
            custom_data: None,
            oidc_profile: Map::new(),
            posts_count: 0,
            shops_count: 0,
            events_count: 0,
            record_version: 1,
            created_at: now,
            updated_at: now,
            last_sign_in_at: None,
            archived_at: None,
            purge_at: None,
            purge_reminders: 0,
            locked_at: None,
            lock_reason: None,
        }
    }

    /// The state at `now`; from `purge_at` on an account that the purge has not reached yet is gone all the same.
    pub fn state(&self, now: DateTime<Utc>) -> Option<State> {
        match (self.archived_at, self.purge_at, self.locked_at) {
            (Some(_), Some(purge_at), _) if now >= purge_at => None,
            // A lock keeps an archived account from being restored.
            (_, _, Some(_)) => Some(State::Deactivated),
            (Some(archived_at), Some(purge_at), None) => Some(State::Archived { archived_at, purge_at }),
            _ => Some(State::Active),
        }
    }

    /// Whether it is neither archived nor deactivated.
    pub fn is_active(&self) -> bool {
        self.archived_at.is_none() && self.locked_at.is_none()
    }

    /// The name to show: the full name, else the username.
    pub fn display_name(&self) -> String {
        let full = self.names.full();
        if full.is_empty() { self.username.as_str().to_owned() } else { full }
    }

    /// The e-mail address that pages, NextGate and Mindbricks show: a pending one before the one in force.
    pub fn shown_email(&self) -> Option<&EmailAddress> {
        self.pending_email.as_ref().or(self.email.as_ref())
    }

    /// Whether [`Self::shown_email`] is verified.
    pub fn shown_email_verified(&self) -> bool {
        self.pending_email.is_none() && self.email_verified
    }

    /// An e-mail address that waits to take the place of the one in force.
    pub fn next_email(&self) -> Option<&EmailAddress> {
        self.pending_email.as_ref().filter(|_| self.email.is_some())
    }

    /// A phone number that waits to take the place of the one in force.
    pub fn next_phone(&self) -> Option<&PhoneNumber> {
        self.pending_phone.as_ref().filter(|_| self.phone.is_some())
    }

    /// The phone number that pages, NextGate and Mindbricks show.
    pub fn shown_phone(&self) -> Option<&PhoneNumber> {
        self.pending_phone.as_ref().or(self.phone.as_ref())
    }

    /// Whether [`Self::shown_phone`] is verified.
    pub fn shown_phone_verified(&self) -> bool {
        self.pending_phone.is_none() && self.phone_verified
    }

    /// Counts a change.
    pub fn touch(&mut self, now: DateTime<Utc>) {
        self.record_version += 1;
        self.updated_at = now;
    }
}

/// A sign-up that waits for its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Reserved for the account it becomes.
    pub account_id: Uuid,
    /// The folded identifier it was made with.
    pub identifier_key: String,
    /// As typed.
    pub email: Option<EmailAddress>,
    /// In E.164.
    pub phone: Option<PhoneNumber>,
    /// A chosen username; none lets one be made from the name.
    pub username: Option<Username>,
    /// The names.
    pub names: Names,
    /// A remote picture that came with the sign-up.
    pub picture: Option<String>,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// The language it was made in.
    pub locale: Option<Locale>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
}
