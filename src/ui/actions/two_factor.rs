//! Two-step verification: on and off, the authenticator app, recovery codes.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Turns the second step on.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "enable-two-factor")]
pub async fn enable_two_factor() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let enabled = request
        .accounts()
        .enable_two_factor(request.require_step_up().await?, None, crate::service::Expectation::Any)
        .await;
    enabled.map_err(|error| request.refuse(error))?;
    Ok(request.at_two_factor(request.text().two_factor.enabled))
}

/// Turns the second step off.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "disable-two-factor")]
pub async fn disable_two_factor(
    #[server(default)] old_password: String,
    #[server(default)] code: String,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let disabled = request
        .accounts()
        .disable_two_factor(request.actor()?, &old_password, Some(&code), None, crate::service::Expectation::Any)
        .await;
    disabled.map_err(|error| request.refuse(error))?;
    Ok(request.at_two_factor(request.text().two_factor.disabled))
}

/// Sends a code with which the second step can be turned off, or the app removed: `next` says where it is entered.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "send-factor-code")]
pub async fn send_factor_code(
    #[server(default)] channel: String,
    #[server(default)] next: String,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.send_factor_code(&channel, &next).await
}

/// Makes the secret of a new authenticator app.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "set-up-authenticator")]
pub async fn set_up_authenticator() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let told = request
        .accounts()
        .set_up_authenticator(request.require_step_up().await?, None, crate::service::Expectation::Any)
        .await;
    told.map_err(|error| request.refuse(error))?;
    Ok(Done { next: Some("/security/two-factor/app".to_owned()), ..Done::default() })
}

/// Confirms the new app by one of its codes.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "confirm-authenticator")]
pub async fn confirm_authenticator(#[server(default)] code: String) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.confirm_authenticator(&code).await
}

/// Removes the app.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "remove-authenticator")]
pub async fn remove_authenticator(
    #[server(default)] old_password: String,
    #[server(default)] code: String,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.remove_authenticator(&old_password, &code).await
}

/// Makes ten new recovery codes, and shows them once.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "renew-recovery-codes")]
pub async fn renew_recovery_codes() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let codes = request
        .accounts()
        .renew_recovery_codes(request.require_step_up().await?, None, crate::service::Expectation::Any)
        .await;
    request.show_recovery_codes(&codes.map_err(|error| request.refuse(error))?, None).await
}
