//! The caller's own profile: the union of what both versions of the source show.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    fields::Guarded,
    person::{Counts, first_name, is_verified, unless_empty},
};
use crate::{
    domain::{
        account::{Account, Role},
        error::Error,
        relationship::Connections,
        strength::Strength,
    },
    http::response::iso8601,
    service::Accounts,
};

/// What no route of a profile sets.
const FIXED: [Guarded; 18] = [
    ("id", None),
    ("role", None),
    ("roleId", None),
    ("roles", None),
    ("isVerified", None),
    ("isEmailVerified", None),
    ("isPhoneVerified", None),
    ("isTwoFactorEnabled", None),
    ("isAccountLocked", None),
    ("createdAt", None),
    ("editedAt", None),
    ("followersCount", None),
    ("followingCount", None),
    ("postsCount", None),
    ("shopsCount", None),
    ("eventsCount", None),
    ("securityStrength", None),
    ("password", Some("PUT /api/v1/profile/change-password")),
];
/// What `update` does not set, besides.
const OF_THE_ACCOUNT: [Guarded; 3] = [
    ("userName", Some("POST /api/v1/account/username/change")),
    ("email", Some("POST /api/v1/account/link/email/initiate")),
    ("phoneNumber", Some("POST /api/v1/account/link/phone/initiate")),
];

/// What `update-basic-info` refuses.
pub(super) const GUARDED_V1: &[Guarded] = &FIXED;
/// What registration refuses: all but the password.
pub(super) const GUARDED_NEW: &[Guarded] = FIXED.split_at(FIXED.len() - 1).0;

/// What `update` refuses.
pub(super) fn guarded_v2() -> Vec<Guarded> {
    FIXED.into_iter().chain(OF_THE_ACCOUNT).collect()
}

/// How well the account is secured.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecurityStrength {
    /// 25 for a verified email, 25 for a verified phone, 35 for 2FA, 15 for a password set within six months.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    score: u8,
    /// `STRONG` from 80 on, `MEDIUM` from 60 on, `WEAK` from 40 on, else `VERY_WEAK`.
    #[schema(pattern = "^(STRONG|MEDIUM|WEAK|VERY_WEAK)$", example = "WEAK")]
    level: &'static str,
    /// The level in words.
    #[schema(example = "Your account security needs improvement")]
    description: &'static str,
    /// What would raise the score.
    #[schema(example = json!(["Verify your phone number", "Enable two-factor authentication"]))]
    recommendations: Vec<String>,
}

impl From<Strength> for SecurityStrength {
    fn from(strength: Strength) -> Self {
        Self {
            score: strength.score,
            level: strength.level.as_str(),
            description: strength.level.description(),
            recommendations: strength.recommendations.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The caller's own profile.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Me {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    id: Uuid,
    #[schema(example = "john_doe")]
    user_name: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(required, example = "Doe")]
    last_name: Option<String>,
    #[schema(required, example = "Michael")]
    middle_name: Option<String>,
    /// The pending address while there is one.
    #[schema(required, example = "john@example.com")]
    email: Option<String>,
    /// The pending number while there is one.
    #[schema(required, example = "+12015550123")]
    phone_number: Option<String>,
    /// An address that waits for its code; the verified one goes on working.
    #[schema(required)]
    pending_email: Option<String>,
    /// A number that waits for its code; the verified one goes on working.
    #[schema(required)]
    pending_phone_number: Option<String>,
    #[schema(required, example = "Building cool things.")]
    bio: Option<String>,
    #[schema(required, example = "Nairobi, Kenya")]
    location: Option<String>,
    /// The first is the primary one.
    #[schema(example = json!(["https://cdn.example.com/profiles/john_main.jpg"]))]
    profile_picture_urls: Vec<String>,
    /// Whether follows wait for acceptance.
    is_private: bool,
    /// Whether an email or a phone number was ever confirmed and is still in force.
    is_verified: bool,
    is_email_verified: bool,
    is_phone_verified: bool,
    is_two_factor_enabled: bool,
    is_account_locked: bool,
    #[serde(flatten)]
    counts: Counts,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    edited_at: String,
    #[schema(example = json!(["ROLE_USER"]))]
    roles: Vec<&'static str>,
    /// Also the `ETag`.
    #[schema(minimum = 1, example = 1)]
    record_version: i64,
    security_strength: SecurityStrength,
}

impl Me {
    /// The account as its owner sees it now.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn read(accounts: &Accounts, account: &Account) -> Result<Self, Error> {
        Ok(Self::of(accounts, account, accounts.connections(account.id).await?))
    }

    fn of(accounts: &Accounts, account: &Account, connections: Connections) -> Self {
        Self {
            id: account.id,
            user_name: account.username.to_string(),
            first_name: first_name(account),
            last_name: account.names.family().map(str::to_owned),
            middle_name: account.names.middle().map(str::to_owned),
            email: account.shown_email().map(ToString::to_string),
            phone_number: account.shown_phone().map(ToString::to_string),
            pending_email: account.next_email().map(ToString::to_string),
            pending_phone_number: account.next_phone().map(ToString::to_string),
            bio: unless_empty(&account.bio),
            location: unless_empty(&account.location),
            profile_picture_urls: account.pictures.iter().map(|picture| accounts.picture_url(picture)).collect(),
            is_private: account.is_private,
            is_verified: is_verified(account),
            is_email_verified: account.shown_email_verified(),
            is_phone_verified: account.shown_phone_verified(),
            is_two_factor_enabled: account.two_factor_enabled,
            is_account_locked: account.locked_at.is_some(),
            counts: Counts::of(account, connections),
            created_at: iso8601(&account.created_at),
            edited_at: iso8601(&account.updated_at),
            roles: roles(account.role),
            record_version: account.record_version,
            security_strength: accounts.strength(account).into(),
        }
    }

    /// What a caller may send back although it cannot be set.
    pub fn present(&self) -> Value {
        let mut present = json!(self);
        present["role"] = json!(self.roles.last());
        present
    }
}

/// What a newcomer will be: saying so is no attempt to be something else.
pub(super) fn newcomer() -> Value {
    let roles = roles(Role::User);
    let mut newcomer = json!({ "role": roles[0], "roles": roles });
    for flag in ["isVerified", "isEmailVerified", "isPhoneVerified", "isTwoFactorEnabled", "isAccountLocked"] {
        newcomer[flag] = json!(false);
    }
    for count in ["followersCount", "followingCount", "postsCount", "shopsCount", "eventsCount"] {
        newcomer[count] = json!(0);
    }
    newcomer
}

/// The names of what an account may do.
pub(super) fn roles(role: Role) -> Vec<&'static str> {
    match role {
        Role::User => vec!["ROLE_USER"],
        Role::Admin => vec!["ROLE_USER", "ROLE_ADMIN"],
    }
}
