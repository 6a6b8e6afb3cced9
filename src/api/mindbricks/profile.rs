//! The caller's profile.

use axum::{extract::State, http::HeaderMap};
use serde_json::json;

use super::{
    envelope::{Action, Answer, ApiError},
    extract::{Caller, Owner},
    fields::Fields,
    schemas::{IfMatch, ProfileUpdate, UserAnswer},
    user::{GUARDED, User},
};
use crate::{
    domain::error::Error,
    service::{Accounts, profile::ProfileChange},
};

/// Changes the caller's profile: the fields that are sent.
///
/// `null` and `""` clear. What cannot be changed here is refused unless it says what is so already: `id`, `email`,
/// `roleId`, `password` and the like.
#[utoipa::path(
    patch, path = "/v1/profile/{userId}", tag = "Mindbricks: profile", request_body = ProfileUpdate,
    params(("userId" = Uuid, Path, description = "The caller's id"), IfMatch),
    responses(
        (status = 200, description = "The user as it is now", body = UserAnswer, headers(("ETag" = String, description = "The `recordVersion`, in quotes"))),
        (status = 400, description = "`errMsg_UpdateDataClauseCanNotBeEmpty`, `errMsg_<field>CannotBeChanged`, \
            `errMsg_DuplicateUniqueIndexError:<field>-index`"),
        (status = 403, description = "`errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's id"),
        (status = 409, description = "`errMsg_RecordVersionConflict`: `recordVersion` is not in force any more"),
        (status = 412, description = "`errMsg_PreconditionFailed`: `If-Match` names a version that is not in force"),
    ),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, ApiError> {
    let mut present = json!(User::of(&accounts, &account));
    present["userId"] = json!(account.id);
    fields.guard(&GUARDED, &present)?;
    let change = ProfileChange {
        full_name: fields.text("fullname")?.map(str::to_owned),
        avatar: fields.text("avatar")?.map(str::to_owned),
        phone: fields.text("mobile")?.map(str::to_owned),
        ..ProfileChange::default()
    };
    if change.full_name.is_none() && change.avatar.is_none() && change.phone.is_none() {
        return Err(Error::NothingToChange.into());
    }
    let expected = fields.expectation(&headers, account.record_version)?;
    let account = accounts.update_profile(&actor, actor.account_id, change, expected).await?;
    Ok(Answer::user(Action::Update, &accounts, &account))
}
