//! Ways in and out: sessions begin and end, and what is missing is asked for on the next page.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    RequestContext, cookies,
    page::page_of,
    pending_flow::{self, PendingFlow, Sent},
};
use crate::{
    domain::{account::Account, archive, code::CodeReceipt, error::Error, next::LocalPath},
    service::{
        login::SignIn,
        sessions::{NewSession, Secret},
    },
    ui::{
        error::{ActionError, Cause, Done},
        flash::{Notice, Tone},
        page_context::with_next,
        pages::CodeStep,
        text,
    },
};

/// Where to go afterwards stands in the step's cookie, unless it is longer than this: browsers drop cookies of more than 4 KiB
/// without a word. Then it stands in the address.
const LONGEST_IN_COOKIE: usize = 500;

impl RequestContext {
    /// Goes on from the right password or code.
    ///
    /// # Errors
    /// [`Cause::Internal`] when the session has no cookie.
    pub async fn enter(&self, sign_in: SignIn, next: Option<String>) -> Result<Done, ActionError> {
        match sign_in {
            SignIn::Complete(session) => {
                self.begin(&session)?;
                self.answer_with_cookie(cookies::STEP, "", TimeDelta::zero());
                let next = next.as_deref().and_then(LocalPath::parse);
                let next = next.as_ref().map_or("/profile", LocalPath::as_str).to_owned();
                Ok(Done { next: Some(next), ..Done::default() })
            }
            SignIn::SecondFactor { session, methods } => {
                self.begin(&session)?;
                Ok(self.ask_second_step(&session, &methods, next).await)
            }
            SignIn::RestoreOffered(offer) => {
                let page = "/login/restore".to_owned();
                Ok(self.step(PendingFlow { page, token: offer.token, code: None, next, identifier: None }))
            }
        }
    }

    fn begin(&self, session: &NewSession) -> Result<(), ActionError> {
        match &session.secret {
            Secret::Cookie(value) => {
                self.answer_with_cookie(cookies::SESSION, value, cookies::LASTING);
                if let Some(device) = &session.device {
                    self.answer_with_cookie(cookies::DEVICE, device, cookies::LASTING);
                }
                Ok(())
            }
            Secret::Tokens { .. } | Secret::Access(_) => Err(Cause::Internal.into()),
        }
    }

    /// Sends the code that a registration still waits for, and goes where it is entered.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn ask_for_code(&self, pending: &Error, id: Uuid, next: Option<String>) -> Result<Done, ActionError> {
        let sent = self.accounts().send_pending_code(id, self.origin()).await;
        let done = self.wait_for_code("/register/confirm", sent.map_err(|error| self.refuse(error))?, next);
        let text = self.text().error(pending);
        Ok(Done { notice: Some(Notice { tone: Tone::Info, text }), ..done })
    }

    /// Goes to the page where a code is entered.
    pub fn wait_for_code(&self, page: &str, receipt: CodeReceipt, next: Option<String>) -> Done {
        self.step(PendingFlow::code(page, receipt, next))
    }

    /// Goes to the page where a code sets a new password for `identifier`.
    pub fn wait_for_reset(&self, receipt: CodeReceipt, identifier: String, next: Option<String>) -> Done {
        self.step(PendingFlow { identifier: Some(identifier), ..PendingFlow::code("/reset", receipt, next) })
    }

    /// The step that leads to this page.
    pub(super) fn pending_flow(&self) -> Option<PendingFlow> {
        self.step_to(page_of(self.path()))
    }

    /// The step that leads to a page, if that is the one to be taken.
    pub(super) fn step_to(&self, page: &str) -> Option<PendingFlow> {
        let step = self.cookie(cookies::STEP).and_then(|value| PendingFlow::decode(&value));
        step.filter(|step| step.page == page)
    }

    /// The code that a step waits for, as it stands.
    pub(super) async fn code_step(&self, step: &PendingFlow) -> Option<CodeStep> {
        let Sent { channel, masked, expires_at } = step.code.clone()?;
        let state = self.accounts().code_state(&step.token, self.origin()).await.ok();
        Some(CodeStep {
            token: step.token.clone(),
            channel,
            masked,
            expires_at,
            tries_left: state.map(|state| state.tries_left),
            resend_at: state.and_then(|state| state.resend_at),
        })
    }

    fn step(&self, step: PendingFlow) -> Done {
        let long = step.next.clone().filter(|next| next.len() > LONGEST_IN_COOKIE);
        let step = PendingFlow { next: step.next.filter(|_| long.is_none()), ..step };
        self.answer_with_cookie(cookies::STEP, &step.encode(), pending_flow::LIFETIME);
        Done { next: Some(with_next(&step.page, long.as_deref())), ..Done::default() }
    }

    /// Ends the session of this browser, half-signed-in or whole.
    ///
    /// # Errors
    /// [`Cause::Busy`] or [`Cause::Internal`].
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
        let context = self.page_context();
        let date = context.date(account.purge_at.unwrap_or_else(|| archive::purge_at(context.now)));
        text::fill(self.text().archive.done, &[("date", &date)])
    }
}
