//! The caller's password.

use axum::{extract::State, http::HeaderMap};

use super::{
    envelope::{Action, Answer, Refusal},
    extract::{Caller, Owner},
    fields::Fields,
};
use crate::service::Accounts;

/// `PATCH /v1/userpassword[/{userId}]`: ends every session, this one too.
pub(super) async fn change(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, Refusal> {
    let (current, new) = (fields.required("oldPassword")?, fields.required("newPassword")?);
    let expected = fields.expectation(&headers, account.record_version)?;
    let account = accounts.change_password(&actor, actor.account_id, current, new, None, expected).await?;
    Ok(Answer::user(Action::Update, &accounts, &account))
}
