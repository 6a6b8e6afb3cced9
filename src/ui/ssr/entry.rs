//! Ways in and out: sessions begin and end, and what is missing is asked for on the next page.

use chrono::TimeDelta;

use super::{
    Visit, cookies,
    steps::{self, Step},
};
use crate::{
    domain::{
        account::Account,
        archive,
        code::{Channel, CodeReceipt, Purpose},
        error::Error,
        next::LocalPath,
    },
    service::{
        login::SignIn,
        sessions::{NewSession, Secret},
    },
    ui::{
        error::{ActionError, Cause, Done},
        flash::{Notice, Tone},
        frame::with_next,
        text,
    },
};

impl Visit {
    /// Goes on from the right password or code.
    ///
    /// # Errors
    /// [`Cause::Internal`] when the session has no cookie.
    pub fn enter(&self, sign_in: SignIn, next: Option<String>) -> Result<Done, ActionError> {
        let then = |path: &str| Done { next: Some(path.to_owned()), ..Done::default() };
        match sign_in {
            SignIn::Complete(session) => {
                self.begin(&session)?;
                self.answer_with_cookie(cookies::STEP, "", TimeDelta::zero());
                Ok(then(next.as_deref().and_then(LocalPath::parse).as_ref().map_or("/profile", LocalPath::as_str)))
            }
            SignIn::SecondFactor { session, .. } => {
                self.begin(&session)?;
                Ok(then(&with_next("/login", next.as_deref())))
            }
            SignIn::RestoreOffered(offer) => {
                let page = "/login/restore".to_owned();
                Ok(self.step(Step { page, token: offer.token, code: None, next }))
            }
        }
    }

    fn begin(&self, session: &NewSession) -> Result<(), ActionError> {
        match &session.secret {
            Secret::Cookie(value) => {
                self.answer_with_cookie(cookies::SESSION, value, cookies::LASTING);
                Ok(())
            }
            Secret::Tokens { .. } | Secret::Access(_) => Err(Cause::Internal.into()),
        }
    }

    /// Sends the code that a registration still waits for, and goes where it is entered.
    ///
    /// # Errors
    /// Why no code was sent.
    pub async fn ask_for_code(
        &self,
        channel: Channel,
        identifier: &str,
        next: Option<String>,
    ) -> Result<Done, ActionError> {
        let none = TimeDelta::zero();
        let purpose = Purpose::Registration;
        let sent = self.accounts().start_verification(purpose, channel, identifier, none, None, self.origin()).await;
        let done = self.wait_for_code("/register/confirm", sent.map_err(|error| self.refuse(error))?, next);
        let text = self.text().error(&Error::RegistrationPending { channel });
        Ok(Done { notice: Some(Notice { tone: Tone::Info, text }), ..done })
    }

    /// Goes to the page where a code is entered.
    pub fn wait_for_code(&self, page: &str, receipt: CodeReceipt, next: Option<String>) -> Done {
        self.step(Step::code(page, receipt, next))
    }

    fn step(&self, step: Step) -> Done {
        self.answer_with_cookie(cookies::STEP, &step.encode(), steps::LIFETIME);
        Done { next: Some(step.page), ..Done::default() }
    }

    /// Ends the session of this browser, half-signed-in or whole.
    ///
    /// # Errors
    /// [`Cause::Internal`] only.
    pub async fn leave(&self) -> Result<(), ActionError> {
        let Some(value) = self.cookie(cookies::SESSION) else { return Ok(()) };
        self.accounts().sign_out_by_cookie(&value, self.origin()).await.map_err(|error| self.refuse(error))
    }

    /// Goes to a page as nobody.
    pub fn signed_out(&self, next: &str, said: impl Into<Option<String>>) -> Done {
        self.answer_with_cookie(cookies::SESSION, "", TimeDelta::zero());
        let notice = said.into().map(|text| Notice { tone: Tone::Ok, text });
        Done { notice, next: Some(next.to_owned()), ..Done::default() }
    }

    /// That the account is archived, and until when it can be restored.
    pub fn archived_notice(&self, account: &Account) -> String {
        let frame = self.frame();
        let date = frame.date(account.purge_at.unwrap_or_else(|| archive::purge_at(frame.now)));
        text::fill(&self.text().archive.done, &[("date", &date)])
    }
}
