//! Changing the password.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Sets a new password, which signs out everywhere.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "change-password")]
pub async fn change_password(
    #[server(default)] old_password: String,
    #[server(default)] new_password: String,
    #[server(default)] confirm_password: String,
    #[server(default)] record_version: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    let actor = request.actor()?;
    let accounts = request.accounts();
    let expected = request.expectation(record_version.as_deref())?;
    let (own, again) = (actor.account_id, Some(confirm_password.as_str()));
    if let Err(error) = accounts.change_password(actor, own, &old_password, &new_password, again, expected).await {
        return Err(request.refuse_write(error).await);
    }
    Ok(request.signed_out("/login", request.text().password.changed.to_string()))
}

/// Says what there is against a new password, before it is sent for good.
///
/// # Errors
/// Everything against it.
#[server(prefix = "/fn", endpoint = "check-password")]
pub async fn check_password(#[server(default)] new_password: String) -> Result<Done, ActionError> {
    use crate::domain::error::{Error, Field, Issue, Reason};

    let request = crate::ui::ssr::RequestContext::current()?;
    let rated = request.accounts().rate_password(request.actor()?, &new_password).await;
    let against = rated.map_err(|error| request.refuse(error))?;
    if against.is_empty() {
        return Ok(Done::default());
    }
    let issues = against.into_iter().map(|reason| Issue::new(Field::NewPassword, Reason::Password(reason)));
    Err(request.refuse(Error::Invalid(issues.collect())))
}
