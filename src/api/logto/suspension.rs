//! Suspending users, which deactivates their account, and letting them in again.

use axum::{extract::State, response::Response};
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Target,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, UserErrors},
    user::{User, answer},
};
use crate::service::Accounts;

/// Whether a user is to be suspended.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "isSuspended": true }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Suspension {
    is_suspended: bool,
}

/// Suspends a user, which ends every session, or lets one in again.
#[utoipa::path(
    patch, path = "/api/users/{userId}/is-suspended", operation_id = "UpdateUserIsSuspended", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    request_body = Suspension,
    responses((status = 200, description = "The user", body = User), CallErrors, UserErrors, BodyErrors),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Target { access, account, expected }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    let suspended = fields.required_bool("isSuspended");
    fields.finish()?;
    let account = accounts.suspend(&access, account.id, suspended, expected).await?;
    Ok(answer(&accounts, &account))
}
