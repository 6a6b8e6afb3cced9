//! The caller's password.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope, Nothing},
    extract::Caller,
    fields::{Body, Version, given},
    refusals::RefusedChange,
};
use crate::service::Accounts;

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangePassword {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "OldPassword123!")]
    current_password: String,
    /// 15 characters or more, or upper case, lower case, digit and special; at least 8.
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 8, max_length = 256, example = "NewSecurePass456@")]
    new_password: String,
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "NewSecurePass456@")]
    confirm_password: String,
    #[serde(default)]
    record_version: Version,
}

/// Changes the password and ends every session, this one too.
///
/// 400 when the two new ones differ, 401 when the present one is wrong, 422 when the new one is too weak.
#[utoipa::path(put, path = "/api/v1/profile/change-password", tag = "NextGate: account", request_body = ChangePassword,
    responses((status = 200, description = "The password was changed", body = Envelope<Nothing>), RefusedChange))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<ChangePassword>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let (current, new, confirm) = (&body.current_password, &body.new_password, Some(body.confirm_password.as_str()));
    accounts.change_password(&caller.actor, caller.actor.account_id, current, new, confirm, expected).await?;
    Ok(Answer::done("Password changed successfully"))
}
