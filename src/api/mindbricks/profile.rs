//! The caller's profile.

use axum::{extract::State, http::HeaderMap};
use serde_json::json;

use super::{
    envelope::{Action, Answer, Refusal},
    extract::{Caller, Owner},
    fields::Fields,
    user::{GUARDED, User},
};
use crate::{
    domain::error::Error,
    service::{Accounts, profile::ProfileChange},
};

/// `PATCH /v1/profile[/{userId}]`: changes the fields that are sent; `null` and `""` clear.
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, Refusal> {
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
