//! Sessions, the password in between, deactivation, and taking a change back.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Ends one session.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "end-session")]
pub async fn end_session(#[server(default)] id: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.end_session(&id).await
}

/// Ends all sessions but this one.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let ended = request.accounts().end_all_sessions(request.require_step_up().await?, true).await;
    ended.map_err(|error| request.refuse(error))?;
    Ok(request.at_sessions(request.text().sessions.others_ended))
}

/// Goes on to a page that waited for the password, which is looked at before.
///
/// # Errors
/// When there was none.
#[server(prefix = "/fn", endpoint = "confirm-password")]
pub async fn confirm_password(#[server(default)] next: Option<String>) -> Result<Done, ActionError> {
    use crate::domain::next::LocalPath;

    let request = crate::ui::ssr::RequestContext::current()?;
    request.require_step_up().await?;
    Ok(Done { next: Some(LocalPath::parse_or_home(next.as_deref()).to_string()), ..Done::default() })
}

/// Locks the account until somebody unlocks it.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "deactivate")]
pub async fn deactivate(
    #[server(default)] old_password: String,
    #[server(default)] reason: String,
) -> Result<Done, ActionError> {
    use crate::service::Expectation;

    let request = crate::ui::ssr::RequestContext::current()?;
    let reason = Some(reason.as_str());
    let locked = request.accounts().deactivate(request.actor()?, &old_password, reason, Expectation::Any).await;
    locked.map_err(|error| request.refuse(error))?;
    Ok(request.signed_out("/login", request.text().deactivate.done.to_owned()))
}

/// Takes back the change that an undo link speaks of.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "undo-change")]
pub async fn undo_change(#[server(default)] token: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.undo_change(&token).await
}
