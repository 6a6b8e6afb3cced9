//! The end of an account, for a month at first.

use axum::{extract::State, http::HeaderMap};

use super::{
    envelope::{Action, Answer, Refusal},
    extract::{Caller, Owner},
    fields::Fields,
};
use crate::service::Accounts;

/// `DELETE /v1/archiveprofile[/{userId}]`: the phrase is checked if it is sent; ends every session.
pub(super) async fn archive(
    State(accounts): State<Accounts>,
    Owner(Caller { actor, account }): Owner,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, Refusal> {
    let expected = fields.expectation(&headers, account.record_version)?;
    let confirmation = fields.text("confirmation")?;
    let account = accounts.archive(&actor, actor.account_id, confirmation, expected).await?;
    Ok(Answer::user(Action::Delete, &accounts, &account))
}
