//! Archiving the account.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Archives the account, once the phrase is typed.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "archive-profile")]
pub async fn archive_profile(
    #[server(default)] confirmation: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let actor = request.actor()?;
    let expected = request.expectation(record_version.as_deref())?;
    match request.accounts().archive(actor, actor.account_id, Some(&confirmation), expected).await {
        Ok(account) => Ok(request.signed_out("/login", request.archived_notice(&account))),
        Err(error) => Err(request.refuse_write(error).await),
    }
}
