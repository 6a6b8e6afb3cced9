//! Changing the e-mail address, the phone and the username.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Changes the e-mail address; a code goes to the new one.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "change-email")]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.change_identifier(crate::domain::code::Channel::Email, &email, record_version.as_deref()).await
}

/// Changes the phone; a code goes to the new one.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "change-phone")]
pub async fn change_phone(
    #[server(default)] phone: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.change_identifier(crate::domain::code::Channel::Sms, &phone, record_version.as_deref()).await
}

/// Removes the e-mail address, where one signs in with something else.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "remove-email")]
pub async fn remove_email(#[server(default)] record_version: Option<String>) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.remove_identifier(crate::domain::code::Channel::Email, record_version.as_deref()).await
}

/// Removes the phone, where one signs in with something else.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "remove-phone")]
pub async fn remove_phone(#[server(default)] record_version: Option<String>) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.remove_identifier(crate::domain::code::Channel::Sms, record_version.as_deref()).await
}

/// Ends a pending change of the e-mail address.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "cancel-email-change")]
pub async fn cancel_email_change(#[server(default)] record_version: Option<String>) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.cancel_identifier_change(crate::domain::code::Channel::Email, record_version.as_deref()).await
}

/// Ends a pending change of the phone.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "cancel-phone-change")]
pub async fn cancel_phone_change(#[server(default)] record_version: Option<String>) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.cancel_identifier_change(crate::domain::code::Channel::Sms, record_version.as_deref()).await
}

/// Sends a code to the e-mail address that is not verified yet.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "send-email-code")]
pub async fn send_email_code() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.send_identifier_code(crate::domain::code::Channel::Email).await
}

/// Sends a code to the phone that is not verified yet.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "send-phone-code")]
pub async fn send_phone_code() -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.send_identifier_code(crate::domain::code::Channel::Sms).await
}

/// Confirms the code that went to the e-mail address.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "confirm-email")]
pub async fn confirm_email(
    #[server(default)] token: String,
    #[server(default)] code: String,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.confirm_identifier(crate::domain::code::Channel::Email, &token, &code).await
}

/// Confirms the code that went to the phone.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "confirm-phone")]
pub async fn confirm_phone(
    #[server(default)] token: String,
    #[server(default)] code: String,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.confirm_identifier(crate::domain::code::Channel::Sms, &token, &code).await
}

/// Takes another username, which signs out everywhere.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "change-username")]
pub async fn change_username(
    #[server(default)] username: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.change_username(&username, record_version.as_deref()).await
}
