//! The end of an account, for a month at first.

use axum::{extract::State, http::HeaderMap};

use super::{
    envelope::{Action, Answer, ApiError},
    extract::{Caller, Owner},
    fields::Fields,
    schemas::{Archiving, IfMatch, UserAnswer},
};
use crate::service::Accounts;

/// Archives the caller's account. Ends every session.
///
/// Signing in or registering with the same identifier restores it for a month; then it is deleted.
#[utoipa::path(
    delete, path = "/v1/archiveprofile/{userId}", tag = "Mindbricks: profile", request_body = Archiving,
    params(("userId" = Uuid, Path, description = "The caller's id"), IfMatch),
    responses(
        (status = 200, description = "The user as it was last", body = UserAnswer, headers(("ETag" = String, description = "The `recordVersion`, in quotes"))),
        (status = 403, description = "`errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's id"),
        (status = 409, description = "`errMsg_RecordVersionConflict`: `recordVersion` is not in force any more"),
        (status = 412, description = "`errMsg_PreconditionFailed`: `If-Match` names a version that is not in force"),
    ),
)]
pub(super) async fn archive(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, ApiError> {
    let expected = fields.expectation(&headers, account.record_version)?;
    let confirmation = fields.text("confirmation")?;
    let account = accounts.archive(&actor, actor.account_id, confirmation, expected).await?;
    Ok(Answer::user(Action::Delete, &accounts, &account))
}
