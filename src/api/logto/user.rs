//! The user, as the management API shows it.

use axum::{
    Json,
    http::header::ETAG,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{account::Account, oidc_profile},
    http::conditional::version_tag,
    service::Accounts,
};

/// Members of a user that no service writes as such.
pub(super) const GUARDED: [&str; 7] =
    ["id", "applicationId", "identities", "isSuspended", "hasPassword", "role", "roleId"];

/// A user. Every member is present; what is empty is `null`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "019b7f21-6f1e-7c3a-9d54-0f6f6f1b2a10",
    "username": "ada-a1B2c3D",
    "primaryEmail": "ada@example.com",
    "primaryPhone": "12015550123",
    "name": "Ada Lovelace",
    "avatar": null,
    "customData": { "plan": "gold" },
    "identities": {},
    "lastSignInAt": 1_767_323_045_678_i64,
    "createdAt": 1_767_323_045_678_i64,
    "updatedAt": 1_767_323_045_678_i64,
    "profile": { "givenName": "Ada", "familyName": "Lovelace", "zoneinfo": "Europe/London" },
    "applicationId": null,
    "isSuspended": false,
    "hasPassword": true
}))]
pub(super) struct User {
    id: Uuid,
    username: String,
    /// The address in force, not a pending one.
    #[schema(required)]
    primary_email: Option<String>,
    /// The number in force: digits with the country code, without `+`.
    #[schema(required)]
    primary_phone: Option<String>,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    avatar: Option<String>,
    #[schema(value_type = Object)]
    custom_data: Map<String, Value>,
    /// Social identities; there are none here.
    #[schema(value_type = Object)]
    identities: Map<String, Value>,
    /// In milliseconds since 1970, like all times.
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    #[schema(required, value_type = Option<i64>)]
    last_sign_in_at: Option<DateTime<Utc>>,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    #[schema(value_type = i64)]
    created_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    #[schema(value_type = i64)]
    updated_at: DateTime<Utc>,
    /// The standard claims of OpenID Connect that the user has.
    #[schema(value_type = Profile)]
    profile: Map<String, Value>,
    /// The application that the user signed up with; there are none here.
    #[schema(required)]
    application_id: Option<String>,
    is_suspended: bool,
    has_password: bool,
}

/// The standard claims of OpenID Connect (Core 1.0, section 5.1); what is empty is left out.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes a JSON object that is kept as such")]
pub(super) struct Profile {
    family_name: Option<String>,
    given_name: Option<String>,
    middle_name: Option<String>,
    nickname: Option<String>,
    preferred_username: Option<String>,
    profile: Option<String>,
    website: Option<String>,
    gender: Option<String>,
    birthdate: Option<String>,
    /// A name of the IANA time zone database.
    zoneinfo: Option<String>,
    /// A BCP 47 language tag.
    locale: Option<String>,
    address: Option<Address>,
}

/// The address claim.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes a JSON object that is kept as such")]
pub(super) struct Address {
    formatted: Option<String>,
    street_address: Option<String>,
    locality: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl User {
    /// The account as it is.
    pub fn of(accounts: &Accounts, account: &Account) -> Self {
        Self {
            id: account.id,
            username: account.username.to_string(),
            primary_email: account.email.as_ref().map(ToString::to_string),
            primary_phone: account.phone.as_ref().map(|phone| phone.digits().to_owned()),
            name: Some(account.names.full()).filter(|name| !name.is_empty()),
            avatar: account.pictures.first().map(|picture| accounts.picture_url(picture)),
            custom_data: account.custom_data.clone().unwrap_or_default(),
            identities: Map::new(),
            last_sign_in_at: account.last_sign_in_at,
            created_at: account.created_at,
            updated_at: account.updated_at,
            profile: oidc_profile::claims(account),
            application_id: None,
            is_suspended: account.locked_at.is_some(),
            has_password: account.password_hash.is_some(),
        }
    }
}

/// A user, with its version as entity tag.
pub(super) fn answer(accounts: &Accounts, account: &Account) -> Response {
    tagged(account, User::of(accounts, account))
}

/// What is told of an account, with its version as entity tag.
pub(super) fn tagged(account: &Account, body: impl Serialize) -> Response {
    ([(ETAG, version_tag(account.record_version))], Json(body)).into_response()
}
