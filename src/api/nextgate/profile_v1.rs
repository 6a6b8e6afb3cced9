//! The first version of the profile, whose update reaches the account as well.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    entry::SentTo,
    envelope::{Answer, ApiError, Envelope},
    extract::Caller,
    fields::{Body, PictureUrl, Version, clearable, clearable_list, guard},
    me::{GUARDED_V1, Me},
    refusals::RefusedChange,
    username::RENAMED,
};
use crate::{
    domain::code::CodeReceipt,
    service::{Accounts, profile::ProfileChange},
};

/// What is changed; what is not sent stays as it is. `null` and `""` clear what is optional.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "firstName": "John", "lastName": "Smith", "email": "john.smith@example.com" }))]
pub(super) struct UpdateBasicInfo {
    /// 3-30 characters, a letter first, then letters, digits, `_` and `-`. Another one ends every session.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(nullable = false, min_length = 3, max_length = 30, pattern = "^[A-Za-z][A-Za-z0-9_-]*$")]
    user_name: Option<String>,
    /// 1-30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(nullable = false, min_length = 1, max_length = 30, pattern = r"\S")]
    first_name: Option<String>,
    /// 1-30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 30)]
    last_name: Option<String>,
    /// At most 30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 30)]
    middle_name: Option<String>,
    /// Needs a code, which is sent at once.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(pattern = "^$|@")]
    email: Option<String>,
    /// Needs a code, which is sent at once.
    #[serde(default, deserialize_with = "clearable")]
    phone_number: Option<String>,
    /// At most 5, `https`, ending in .jpg, .jpeg, .png, .gif or .webp, at most 500 characters each.
    #[serde(default, deserialize_with = "clearable_list")]
    #[schema(value_type = Option<Vec<PictureUrl>>, max_items = 5)]
    profile_picture_urls: Option<Vec<String>>,
    #[serde(default)]
    record_version: Version,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Map<String, Value>,
}

/// A code that a change sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verification {
    /// For `verify-email` or `verify-phone`.
    #[schema(example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    #[serde(flatten)]
    sent: SentTo,
}

/// The profile after the change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Updated {
    #[serde(flatten)]
    me: Me,
    /// The code that was sent, if one was: to a new email before a new phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
    /// The second one, where both are new.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verification: Option<Verification>,
}

impl From<CodeReceipt> for Verification {
    fn from(receipt: CodeReceipt) -> Self {
        Self { temp_token: receipt.token.clone(), sent: receipt.into() }
    }
}

/// Changes names, pictures, username, email and phone number.
///
/// 409 for a taken username, email or phone number, at most 10 such tries an hour; 422 for a reserved or ill-formed one
/// and for fields that are not to be set.
#[utoipa::path(put, path = "/api/v1/profile/update-basic-info", tag = "NextGate: profile",
    request_body = UpdateBasicInfo,
    responses((status = 200, description = "As it is now", body = Envelope<Updated>), RefusedChange))]
pub(super) async fn update_basic_info(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<UpdateBasicInfo>,
) -> Result<Answer, ApiError> {
    let me = Me::read(&accounts, &caller.account).await?;
    guard(&body.rest, GUARDED_V1, &me.present())?;
    let change = ProfileChange {
        username: body.user_name,
        given_name: body.first_name,
        middle_name: body.middle_name,
        family_name: body.last_name,
        email: body.email,
        phone: body.phone_number,
        with_primary: true,
        pictures: body.profile_picture_urls,
        ..ProfileChange::default()
    };
    let expected = caller.expectation(body.record_version);
    let updated = accounts.update_account(&caller.actor, caller.actor.account_id, change, expected).await?;
    let message = if updated.signed_out { RENAMED } else { "Profile updated successfully" };
    let mut receipts = updated.receipts.into_iter().map(Verification::from);
    let data = Updated {
        me: Me::read(&accounts, &updated.account).await?,
        verification: receipts.next(),
        phone_verification: receipts.next(),
    };
    Ok(Answer::ok(message, data).tagged(&updated.account))
}
