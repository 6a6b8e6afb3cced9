//! The password of a user: whether there is one, whether it is this one, and another one in its place.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Target,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, LimitErrors, UserErrors, ValueErrors},
    user::{User, answer},
};
use crate::service::Accounts;

/// A password.
#[derive(ToSchema)]
#[schema(example = json!({ "password": "Quill-harbour 73 moss" }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct PasswordInput {
    #[schema(min_length = 1)]
    password: String,
}

/// A new password: 15 characters or more, or all of upper and lower case, digit and special; none that is easily guessed.
#[derive(ToSchema)]
#[schema(example = json!({ "password": "Quill-harbour 73 moss" }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct NewPassword {
    #[schema(min_length = 8, max_length = 256)]
    password: String,
}

/// Whether a user has a password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "hasPassword": true }))]
pub(super) struct HasPassword {
    has_password: bool,
}

/// Checks a password.
///
/// Too many wrong ones make the next try wait.
#[utoipa::path(
    post, path = "/api/users/{userId}/password/verify", operation_id = "VerifyUserPassword", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    request_body = PasswordInput,
    responses((status = 204, description = "It is the user's"), CallErrors, UserErrors, BodyErrors, ValueErrors, LimitErrors),
)]
pub(super) async fn verify(
    State(accounts): State<Accounts>,
    Target { access, account, .. }: Target,
    mut fields: Fields,
) -> Result<StatusCode, ApiError> {
    let password = fields.required_text("password");
    fields.finish()?;
    accounts.verify_managed_password(&access, account.id, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a password.
///
/// It must keep the password policy. Every session of the user ends.
#[utoipa::path(
    patch, path = "/api/users/{userId}/password", operation_id = "UpdateUserPassword", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    request_body = NewPassword,
    responses((status = 200, description = "The user", body = User), CallErrors, UserErrors, BodyErrors),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Target { access, account, expected }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    let password = fields.required_text("password");
    fields.finish()?;
    let account = accounts.set_managed_password(&access, account.id, &password, expected).await?;
    Ok(answer(&accounts, &account))
}

/// Tells whether a user has a password.
#[utoipa::path(
    get, path = "/api/users/{userId}/has-password", operation_id = "GetUserHasPassword", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    responses((status = 200, description = "Whether there is one", body = HasPassword), CallErrors, UserErrors),
)]
pub(super) async fn has(Target { account, .. }: Target) -> Json<HasPassword> {
    Json(HasPassword { has_password: account.password_hash.is_some() })
}
