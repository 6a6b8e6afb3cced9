//! The password in between: what is sensitive asks for it, and the form that was sent goes on once it is given.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;

use super::{
    RequestContext,
    forms::FormValues,
    page::{page_of, see_other, with_cookie},
    views::{QueryParams, SiteState, next, request_context},
};
use crate::{
    domain::{
        account::Account,
        error::{Error, Field, Reason},
        session::Actor,
    },
    ui::{
        error::{ActionError, FieldError},
        flash::{Flash, Tone},
        page_context::with_next,
        pages::{STEP_UP_PASSWORD, StepUp, StepUpPage},
    },
};

/// The page that asks for it.
const PAGE: &str = "/step-up";
/// Under which name the flash of that page keeps where the waiting form goes. No input is called so.
const WAITING: &str = "/";

impl RequestContext {
    /// The caller, who signed in or gave the password in the last five minutes.
    ///
    /// # Errors
    /// `step-up` when that is longer ago, `signed-out`.
    pub async fn require_step_up(&self) -> Result<&Actor, ActionError> {
        let actor = self.actor()?;
        self.accounts().step_up(actor, None).await.map_err(|error| self.refuse(error))?;
        Ok(actor)
    }

    /// Takes the password out of a form that waited for it, and looks at it.
    pub(super) async fn take_password(&mut self, typed: &mut FormValues) -> Result<(), ActionError> {
        let Some(password) = typed.remove(STEP_UP_PASSWORD) else { return Ok(()) };
        let confirmed = match self.actor()? {
            _ if password.is_empty() => Err(Error::invalid(Field::Password, Reason::Required)),
            actor => self.accounts().confirm_password(actor, &password).await,
        };
        match confirmed {
            // The session counts as fresh from now on.
            Ok(()) => self.identify().await.map_err(|error| self.refuse(error)),
            Err(error) => Err(self.ask_again(error)),
        }
    }

    /// Says beside the password what is wrong with it; by that the form is known to wait.
    fn ask_again(&self, error: Error) -> ActionError {
        let refused = self.refuse(error);
        let beside = refused.errors.iter().map(|error| &error.message);
        let message =
            beside.chain(refused.notice.iter().map(|notice| &notice.text)).next().cloned().unwrap_or_default();
        let errors = vec![FieldError { field: STEP_UP_PASSWORD.to_owned(), message }];
        ActionError { errors, ..refused }
    }

    /// Leads to the page that asks for the password. The form waits there, and on its own page should that be left.
    pub(super) async fn ask_password(&self, back: &str, said: Flash) -> Response {
        let kept = Flash { values: said.values.clone(), ..Flash::default() };
        let mut waiting = said;
        // The page says by itself what it is for.
        waiting.notice = waiting.notice.filter(|notice| notice.tone == Tone::Error);
        waiting.values.insert(WAITING.to_owned(), page_of(self.path()).to_owned());
        if page_of(back) == PAGE {
            let left = self.leave_flash(&[(PAGE, &waiting)]).await;
            return with_cookie(see_other(back), left);
        }
        let left = self.leave_flash(&[(PAGE, &waiting), (back, &kept)]).await;
        with_cookie(see_other(&with_next(PAGE, Some(back))), left)
    }

    /// Leads a page that is sensitive to look at over the one that asks for the password.
    pub(super) fn password_first(&self) -> Response {
        see_other(&with_next(PAGE, Some(self.path())))
    }
}

/// `/step-up`
pub async fn step_up(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Some(account) = request.account().cloned() else {
        return Err(see_other(&with_next("/login", Some(request.path()))));
    };
    let (mut flash, cookie) = request.take_flash().await;
    let back = next(&query).map_or_else(|| "/security".to_owned(), |next| next.to_string());
    let (action, fields) = match flash.values.remove(WAITING) {
        Some(action) => (action, std::mem::take(&mut flash.values)),
        None => ("/fn/confirm-password".to_owned(), [("next".to_owned(), back.clone())].into()),
    };
    let page = StepUp { action, fields, identifier: identifier(&account), back };
    let title = request.text().step_up.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <StepUpPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

/// What the account is signed in to with.
fn identifier(account: &Account) -> String {
    let email = account.email.as_ref().map(ToString::to_string);
    email.or(account.phone.as_ref().map(ToString::to_string)).unwrap_or_else(|| account.username.to_string())
}
