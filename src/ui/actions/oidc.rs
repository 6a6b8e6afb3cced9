//! What a person answers when an app asks for something, and taking it back.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Lets an app have what it asks for.
///
/// # Errors
/// Why it does not get it.
#[server(prefix = "/fn", endpoint = "allow-app")]
pub async fn allow_app(#[server(default)] token: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.answer_app(&token, crate::domain::oidc::decision::Answer::Allow).await
}

/// Goes on to an app with the account that is signed in.
///
/// # Errors
/// Why it does not go on.
#[server(prefix = "/fn", endpoint = "continue-as")]
pub async fn continue_as(#[server(default)] token: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.answer_app(&token, crate::domain::oidc::decision::Answer::Continue).await
}

/// Goes on to an app with another account, which signs in first.
///
/// # Errors
/// Why it does not go on.
#[server(prefix = "/fn", endpoint = "continue-as-another")]
pub async fn continue_as_another(#[server(default)] token: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.continue_as_another(&token)
}

/// Goes back to an app with nothing.
///
/// # Errors
/// Why it does not go back.
#[server(prefix = "/fn", endpoint = "refuse-app")]
pub async fn refuse_app(#[server(default)] token: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.answer_app(&token, crate::domain::oidc::decision::Answer::Cancel).await
}

/// Takes an app's access away.
///
/// # Errors
/// Why it stays.
#[server(prefix = "/fn", endpoint = "remove-app")]
pub async fn remove_app(#[server(default)] id: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.remove_app(&id).await
}
