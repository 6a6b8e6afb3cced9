//! Archiving the account.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Archives the account, once the phrase is typed.
///
/// # Errors
/// Why it is not archived.
#[server(prefix = "/fn", endpoint = "archive-profile")]
pub async fn archive_profile(#[server(default)] confirmation: String) -> Result<Done, ActionError> {
    use crate::service::Expectation;

    let visit = crate::ui::ssr::Visit::here()?;
    let actor = visit.actor()?;
    let archived = visit.accounts().archive(actor, actor.account_id, Some(&confirmation), Expectation::Any).await;
    let account = archived.map_err(|error| visit.refuse(error))?;
    Ok(visit.signed_out("/login", visit.archived_notice(&account)))
}
