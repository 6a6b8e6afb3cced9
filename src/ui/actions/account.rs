//! Getting in and out: sign-up, sign-in, forgotten passwords, restore; and how the pages look to this browser.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Signs in, or leads to what is missing: a code, the second step, the question whether to restore.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] identifier: String,
    #[server(default)] password: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    use crate::{
        domain::{error::Error, session::Kind},
        service::login::OnArchived,
    };

    let request = crate::ui::ssr::RequestContext::current()?;
    let accounts = request.accounts();
    match accounts.sign_in(&identifier, &password, Kind::Browser, OnArchived::Ask, request.origin()).await {
        Ok(sign_in) => request.enter(sign_in, next).await,
        Err(pending @ Error::RegistrationPending { id, .. }) => request.ask_for_code(&pending, id, next).await,
        Err(error) => Err(request.refuse(error)),
    }
}

/// Ends this session. Where an app asked for it, `back` names the way back.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "sign-out")]
pub async fn sign_out(#[server(default)] back: Option<String>) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    match back {
        Some(back) => request.sign_out_to_app(&back).await,
        None => {
            request.leave().await?;
            Ok(request.signed_out("/login", None))
        }
    }
}

/// Begins a registration; a code goes to the identifier.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "register")]
pub async fn register(
    #[server(default)] email: Option<String>,
    #[server(default)] phone: Option<String>,
    #[server(default)] given_name: String,
    #[server(default)] family_name: Option<String>,
    #[server(default)] password: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    use crate::service::{profile::NameInput, register::SignUp};

    let request = crate::ui::ssr::RequestContext::current()?;
    let name = NameInput::Parts { given: given_name, middle: None, family: family_name };
    let locale = Some(request.locale());
    let sign_up = SignUp { email, phone, name, password, locale, ..SignUp::default() };
    let pending = request.accounts().register(sign_up, request.origin()).await;
    let pending = pending.map_err(|error| request.refuse(error))?;
    Ok(request.wait_for_code("/register/confirm", pending.receipt, next))
}

/// Completes a registration.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "confirm-registration")]
pub async fn confirm_registration(
    #[server(default)] token: String,
    #[server(default)] code: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let kind = crate::domain::session::Kind::Browser;
    let confirmed = request.accounts().confirm_registration(&token, code.trim(), kind, request.origin()).await;
    request.enter(confirmed.map_err(|error| request.refuse(error))?, next).await
}

/// Sends the code of a registration once more.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "resend-code")]
pub async fn resend_code(
    #[server(default)] token: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let sent = request.accounts().resend_registration_code(&token, request.origin()).await;
    Ok(request.wait_for_code("/register/confirm", sent.map_err(|error| request.refuse(error))?, next))
}

/// Sends a code with which a forgotten password can be set anew, if the identifier is anybody's.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "request-reset")]
pub async fn request_reset(
    #[server(default)] identifier: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let sent = request.accounts().request_password_reset(&identifier, request.origin()).await;
    Ok(request.wait_for_reset(sent.map_err(|error| request.refuse(error))?, identifier, next))
}

/// Sets a new password with such a code.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] code: String,
    #[server(default)] new_password: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    use crate::{domain::next::LocalPath, ui::page_context::with_next};

    let request = crate::ui::ssr::RequestContext::current()?;
    let reset = request.accounts().reset_password(&token, code.trim(), &new_password, None, request.origin()).await;
    reset.map_err(|error| request.refuse(error))?;
    let next = next.as_deref().and_then(LocalPath::parse);
    let login = with_next("/login", next.as_ref().map(LocalPath::as_str));
    Ok(request.signed_out(&login, request.text().password.changed.to_string()))
}

/// Restores an archived account and signs in.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "restore")]
pub async fn restore(
    #[server(default)] token: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let kind = crate::domain::session::Kind::Browser;
    let restored = request.accounts().restore(&token, kind, request.origin()).await;
    request.enter(restored.map_err(|error| request.refuse(error))?, next).await
}

/// Chooses the language or the colours: for this browser, and for the account of whoever is signed in.
///
/// # Errors
/// [`Cause::Invalid`](crate::ui::error::Cause::Invalid) for an unknown language or theme.
#[server(prefix = "/fn", endpoint = "set-appearance")]
pub async fn set_appearance(
    #[server(default)] locale: Option<String>,
    #[server(default)] theme: Option<String>,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.set_appearance(locale, theme, next).await
}
