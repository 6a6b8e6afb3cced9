//! The caller's password.

use axum::{extract::State, http::HeaderMap};

use super::{
    envelope::{Action, Answer, ApiError},
    extract::{Caller, Owner},
    fields::Fields,
    schemas::{IfMatch, PasswordUpdate, UserAnswer},
};
use crate::service::Accounts;

/// Changes the caller's password. Ends every session, this one too.
#[utoipa::path(
    patch, path = "/v1/userpassword/{userId}", tag = "Mindbricks: profile", request_body = PasswordUpdate,
    params(("userId" = Uuid, Path, description = "The caller's id"), IfMatch),
    responses(
        (status = 200, description = "The user as it is now", body = UserAnswer, headers(("ETag" = String, description = "The `recordVersion`, in quotes"))),
        (status = 403, description = "`TheOldPasswordDoesNotMatch`; `errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's id"),
        (status = 409, description = "`errMsg_RecordVersionConflict`: `recordVersion` is not in force any more"),
        (status = 412, description = "`errMsg_PreconditionFailed`: `If-Match` names a version that is not in force"),
    ),
)]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, ApiError> {
    let (current, new) = (fields.required("oldPassword")?, fields.required("newPassword")?);
    let expected = fields.expectation(&headers, account.record_version)?;
    let account = accounts.change_password(&actor, actor.account_id, current, new, None, expected).await?;
    Ok(Answer::user(Action::Update, &accounts, &account))
}
