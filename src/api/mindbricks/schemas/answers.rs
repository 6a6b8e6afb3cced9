//! What answers have in them, where the handlers put them together as they go.

#![expect(dead_code, reason = "these describe answers")]

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::mindbricks::{
    envelope::Action,
    user::{BriefUser, User},
};

/// A refusal, whatever refused.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ErrorBody {
    #[schema(inline)]
    result: Err,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    #[schema(example = "errMsg_fullnameisRequired")]
    message: String,
    err_code: ErrorCode,
    date: DateTime<Utc>,
    /// The same in words, with the names of fields.
    detail: String,
}

/// `ERR`, always.
#[derive(ToSchema)]
pub enum Err {
    #[schema(rename = "ERR")]
    Err,
}

/// The error's name, or the HTTP status of one without.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum ErrorCode {
    Named(String),
    Status(u16),
}

/// The one refusal outside of the envelope: nobody is signed in.
#[derive(ToSchema)]
pub struct NoLogin {
    #[schema(inline)]
    status: Err,
    #[schema(example = "No login found")]
    message: String,
}

/// What somebody may do.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum RoleId {
    User,
    Admin,
}

/// `OK`, always.
#[derive(ToSchema)]
pub enum Status {
    #[schema(rename = "OK")]
    Ok,
}

/// What stands around the data of every `/v1` answer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Envelope {
    status: Status,
    /// The HTTP status, as text.
    #[schema(pattern = "^20[01]$", example = "200")]
    status_code: String,
    #[schema(minimum = 0)]
    elapsed_ms: i64,
    /// Milliseconds spent checking the caller.
    #[schema(minimum = 0)]
    sso_time: i64,
    #[schema(example = "db")]
    source: String,
    #[schema(pattern = "^[0-9a-f]{32}$", example = "3b2c9d3c9d0f4c54a1f1f3f0b1d0a6c2")]
    cache_key: String,
    /// Of the caller.
    #[schema(required)]
    user_id: Option<Uuid>,
    /// Of the caller.
    #[schema(required)]
    session_id: Option<Uuid>,
    request_id: String,
    /// The member that has the data.
    #[schema(example = "user")]
    data_name: String,
    #[schema(example = "GET")]
    method: String,
    #[schema(inline)]
    action: Action,
    app_version: String,
    #[schema(minimum = 0)]
    row_count: i64,
}

/// One user.
#[derive(ToSchema)]
pub struct UserAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    user: User,
}

/// The user that a registration becomes.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct RegistrationAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    user: User,
    /// The code went out by mail.
    #[schema(nullable = false)]
    email_verification_needed: Option<bool>,
    /// The code went out as text message.
    #[schema(nullable = false)]
    mobile_verification_needed: Option<bool>,
}

/// One user in public.
#[derive(ToSchema)]
pub struct BriefUserAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    user: BriefUser,
}

/// A page of users.
#[derive(ToSchema)]
pub struct UsersAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    users: Vec<User>,
    paging: Paging,
}

/// Which page of how many.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Paging {
    #[schema(minimum = 1)]
    page_number: i64,
    #[schema(minimum = 1, maximum = 100)]
    page_row_count: i64,
    #[schema(minimum = 0)]
    total_row_count: i64,
    #[schema(minimum = 0)]
    page_count: i64,
}
