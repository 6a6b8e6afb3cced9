//! Between the password and the second step of signing in.

use axum::{http::StatusCode, response::Response};
use chrono::TimeDelta;
use leptos::prelude::*;

use super::{RequestContext, cookies, page::with_cookie};
use crate::{
    domain::{
        account::State,
        error::{Error, Field, Reason},
        second_factor::Method,
    },
    service::{login::SignIn, sessions::NewSession, two_factor::challenge::Challenge},
    ui::{
        error::{ActionError, Done},
        flash::{Notice, Tone},
        page_context::with_next,
        pages::{SecondStep, SecondStepPage, method_name, method_named},
    },
};

/// The page that asks for it.
const PAGE: &str = "/login";

impl RequestContext {
    /// Who waits for the second step in this browser.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody does, [`Error::Locked`].
    pub(super) async fn challenge(&self) -> Result<Challenge, Error> {
        let value = self.cookie(cookies::SESSION).ok_or(Error::Unauthenticated)?;
        self.accounts().challenge_by_cookie(&value, self.origin()).await
    }

    /// Asks for the second step, with a code on its way where the account prefers one that is sent.
    pub(super) async fn ask_second_step(&self, half: &NewSession, methods: &[Method], next: Option<String>) -> Done {
        let page = with_next(PAGE, next.as_deref());
        let sent = self.accounts().send_preferred_code(half, methods, self.origin()).await;
        let notice = match sent {
            Ok(Some(receipt)) => return Done { next: Some(page), ..self.wait_for_code(PAGE, receipt, next) },
            Ok(None) => None,
            Err(error) => self.refuse(error).notice,
        };
        // A code of an earlier try is none of this one.
        self.answer_with_cookie(cookies::STEP, "", TimeDelta::zero());
        Done { notice, next: Some(page), ..Done::default() }
    }

    /// Takes the second step.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn take_second_step(&self, method: &str, code: &str, next: Option<String>) -> Result<Done, ActionError> {
        if code.trim().is_empty() {
            return Err(self.refuse(Error::invalid(Field::Code, Reason::Required)));
        }
        let taken = match self.challenge().await {
            Ok(challenge) => self.accounts().answer_challenge(&challenge, code, method_named(method)).await,
            Err(error) => Err(error),
        };
        match taken {
            Ok(session) => self.enter(SignIn::Complete(Box::new(session)), next).await,
            Err(Error::Unauthenticated) => Ok(self.timed_out(next)),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Sends a code for the second step.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn send_second_step_code(&self, channel: &str, next: Option<String>) -> Result<Done, ActionError> {
        let malformed = || self.refuse(Error::NoSecondFactor);
        let channel = method_named(channel).and_then(Method::channel).ok_or_else(malformed)?;
        let sent = match self.challenge().await {
            Ok(challenge) => self.accounts().send_challenge_code(&challenge, Some(channel), TimeDelta::zero()).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(receipt) => {
                let page = format!("{PAGE}?method={}", method_name(channel.into()));
                let page = with_next(&page, next.as_deref());
                Ok(Done { next: Some(page), ..self.wait_for_code(PAGE, receipt, next) })
            }
            Err(Error::Unauthenticated) => Ok(self.timed_out(next)),
            Err(error) => Err(self.refuse(error)),
        }
    }

    fn timed_out(&self, next: Option<String>) -> Done {
        let notice = Notice { tone: Tone::Warn, text: self.text().second_step.timed_out.to_owned() };
        Done { notice: Some(notice), ..self.signed_out(&with_next(PAGE, next.as_deref()), None) }
    }

    /// The page of the second step. `wanted` names a method; without one the account's preferred one is asked for.
    pub(super) async fn second_step_page(
        mut self,
        challenge: Challenge,
        wanted: Option<&str>,
        next: Option<String>,
    ) -> Response {
        self.speak(challenge.account.locale);
        let methods = challenge.methods;
        let wanted = wanted.and_then(method_named).filter(|method| methods.contains(method));
        let method = wanted.or(methods.first().copied()).unwrap_or(Method::RecoveryCode);
        let code = match self.pending_flow() {
            Some(step) => self.code_step(&step).await.filter(|code| Some(code.channel) == method.channel()),
            None => None,
        };
        let restores = matches!(challenge.account.state(self.accounts().now()), Some(State::Archived { .. }));
        let (flash, cookie) = self.take_flash().await;
        let page = SecondStep { method, methods, code, restores, next };
        let title = self.text().second_step.title;
        let response = self.page(StatusCode::OK, title, move |context| view! { <SecondStepPage context page flash/> });
        with_cookie(response, cookie)
    }
}
