//! Archiving the account.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Archives the account, once the phrase is typed.
///
/// # Errors
/// Why it is not archived.
#[server(prefix = "/fn", endpoint = "archive-profile")]
pub async fn archive_profile(
    #[server(default)] confirmation: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let visit = crate::ui::ssr::Visit::here()?;
    let actor = visit.actor()?;
    let expected = visit.expectation(record_version.as_deref())?;
    match visit.accounts().archive(actor, actor.account_id, Some(&confirmation), expected).await {
        Ok(account) => Ok(visit.signed_out("/login", visit.archived_notice(&account))),
        Err(error) => Err(visit.refuse_write(error).await),
    }
}
