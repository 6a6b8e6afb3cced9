//! The user, in the two shapes of the dialect.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::schemas::RoleId;
use crate::{
    domain::account::{Account, Registration, Role},
    http::response::iso8601,
    service::Accounts,
};

/// What nobody sets through a profile or a registration.
pub(super) const GUARDED: [&str; 13] = [
    "id",
    "email",
    "roleId",
    "password",
    "emailVerified",
    "mobileVerified",
    "isActive",
    "storeId",
    "_owner",
    "createdAt",
    "updatedAt",
    "archivedAt",
    "userId",
];

/// A user as the owner and admins see it. The source's sample shows a `password`; this never has one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: Uuid,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = "Ada Byron Lovelace")]
    fullname: String,
    avatar: String,
    #[schema(value_type = RoleId)]
    role_id: &'static str,
    #[schema(required, example = "+905551234567")]
    mobile: Option<String>,
    mobile_verified: bool,
    email_verified: bool,
    /// Of the source's own shop; there are none here.
    #[schema(required)]
    store_id: Option<Uuid>,
    is_active: bool,
    #[schema(minimum = 1)]
    record_version: i64,
    #[serde(serialize_with = "as_iso8601")]
    created_at: DateTime<Utc>,
    #[serde(serialize_with = "as_iso8601")]
    updated_at: DateTime<Utc>,
    #[serde(rename = "_owner")]
    owner: Uuid,
    #[schema(required, format = DateTime)]
    archived_at: Option<String>,
}

impl User {
    /// The account as it is.
    pub fn of(accounts: &Accounts, account: &Account) -> Self {
        Self {
            id: account.id,
            email: account.shown_email().map(ToString::to_string),
            fullname: account.display_name(),
            avatar: accounts.avatar_url(account),
            role_id: account.role.as_str(),
            mobile: account.shown_phone().map(ToString::to_string),
            mobile_verified: account.shown_phone_verified(),
            email_verified: account.shown_email_verified(),
            store_id: None,
            is_active: account.is_active(),
            record_version: account.record_version,
            created_at: account.created_at,
            updated_at: account.updated_at,
            owner: account.id,
            archived_at: account.archived_at.as_ref().map(iso8601),
        }
    }

    /// The account that a registration becomes once its code is confirmed.
    pub fn reserved(accounts: &Accounts, registration: &Registration) -> Self {
        Self {
            id: registration.account_id,
            email: registration.email.as_ref().map(ToString::to_string),
            fullname: registration.names.full(),
            avatar: registration
                .picture
                .clone()
                .unwrap_or_else(|| accounts.generated_avatar_url(registration.account_id)),
            role_id: Role::User.as_str(),
            mobile: registration.phone.as_ref().map(ToString::to_string),
            mobile_verified: false,
            email_verified: false,
            store_id: None,
            is_active: true,
            record_version: 1,
            created_at: registration.created_at,
            updated_at: registration.created_at,
            owner: registration.account_id,
            archived_at: None,
        }
    }
}

/// A user as anybody sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BriefUser {
    id: Uuid,
    #[serde(rename = "_owner")]
    owner: Uuid,
    #[schema(example = "Ada Byron Lovelace")]
    fullname: String,
    avatar: String,
    is_active: bool,
}

impl BriefUser {
    /// The account as it is.
    pub fn of(accounts: &Accounts, account: &Account) -> Self {
        Self {
            id: account.id,
            owner: account.id,
            fullname: account.display_name(),
            avatar: accounts.avatar_url(account),
            is_active: account.is_active(),
        }
    }
}

fn as_iso8601<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso8601(time))
}
