//! Two-step verification and sessions: what forms lead to.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{RequestContext, cookies, paths};
use crate::{
    domain::{
        error::{Error, Field, Reason},
        recovery_code::RecoveryCode,
        second_factor::Method,
    },
    service::flashes,
    ui::{
        error::{ActionError, Done},
        flash::{Notice, Tone},
        pages::method_named,
    },
};

impl RequestContext {
    /// Goes to the page of two-step verification.
    pub fn at_two_factor(&self, said: &str) -> Done {
        at(paths::TWO_FACTOR, Tone::Ok, said)
    }

    /// Goes to the list of sessions.
    pub fn at_sessions(&self, said: &str) -> Done {
        at("/security", Tone::Ok, said)
    }

    /// Ends one session. One that has ended already is told so.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn end_session(&self, id: &str) -> Result<Done, ActionError> {
        let actor = self.require_step_up().await?;
        let text = &self.text().sessions;
        let ended = match id.parse::<Uuid>() {
            Ok(id) => self.accounts().end_session(actor, id).await,
            Err(_) => Err(Error::NotFound),
        };
        match ended {
            Ok(()) => Ok(self.at_sessions(text.ended)),
            Err(Error::NotFound) => Ok(at("/security", Tone::Info, text.already_ended)),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Sends a code for taking a factor away.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn send_factor_code(&self, channel: &str, next: &str) -> Result<Done, ActionError> {
        let actor = self.actor()?;
        let channel = method_named(channel).and_then(Method::channel);
        let sent = self.accounts().request_factor_code(actor, channel, TimeDelta::zero()).await;
        Ok(self.wait_for_code(paths::removal(next), sent.map_err(|error| self.refuse(error))?, None))
    }

    /// Confirms a new app, and shows recovery codes where the account had none left.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn confirm_authenticator(&self, code: &str) -> Result<Done, ActionError> {
        let actor = self.actor()?;
        if code.trim().is_empty() {
            return Err(self.refuse(Error::invalid(Field::Code, Reason::Required)));
        }
        let text = &self.text().app_setup;
        match self.accounts().confirm_authenticator(actor, code, crate::service::Expectation::Any).await {
            Ok(Some(codes)) => self.show_recovery_codes(&codes, Some(text.done)).await,
            Ok(None) => Ok(self.at_two_factor(text.done)),
            Err(Error::CodeNotFound) => Ok(at(paths::TWO_FACTOR, Tone::Warn, text.waited)),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Removes the app.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn remove_authenticator(&self, password: &str, code: &str) -> Result<Done, ActionError> {
        match self.accounts().remove_authenticator(self.actor()?, password, Some(code), None).await {
            Ok(_) | Err(Error::NotFound) => Ok(self.at_two_factor(self.text().two_factor.app_removed)),
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Goes where recovery codes are shown. They wait there, and the browser is told their name alone.
    ///
    /// # Errors
    /// [`ActionError`]: signed out, or the database does not answer in time.
    pub async fn show_recovery_codes(&self, codes: &[RecoveryCode], said: Option<&str>) -> Result<Done, ActionError> {
        let token = self.accounts().leave_recovery_codes(self.actor()?, codes).await;
        let token = token.map_err(|error| self.refuse(error))?;
        self.answer_with_cookie(cookies::RECOVERY_CODES, &token, flashes::LIFETIME);
        Ok(match said {
            Some(said) => at(paths::RECOVERY_CODES, Tone::Ok, said),
            None => Done { next: Some(paths::RECOVERY_CODES.to_owned()), ..Done::default() },
        })
    }
}

fn at(page: &str, tone: Tone, said: &str) -> Done {
    Done { notice: Some(Notice { tone, text: said.to_owned() }), next: Some(page.to_owned()), ..Done::default() }
}
