//! Changing the e-mail address, the phone and the username.

use chrono::TimeDelta;

use super::{RequestContext, cookies, paths};
use crate::{
    domain::{
        code::Channel,
        error::{Error, Field, Reason},
    },
    service::profile::Updated,
    ui::{
        error::{ActionError, Done},
        flash::{Notice, Tone},
    },
};

/// The page of an identifier.
pub(super) fn page_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => paths::EMAIL,
        Channel::Sms => paths::PHONE,
    }
}

/// The page on which its code is entered.
pub(super) fn code_page_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => paths::EMAIL_CODE,
        Channel::Sms => paths::PHONE_CODE,
    }
}

impl RequestContext {
    /// Writes another e-mail address or phone, and goes where its code is entered.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn change_identifier(
        &self,
        channel: Channel,
        wanted: &str,
        record_version: Option<&str>,
    ) -> Result<Done, ActionError> {
        // Whoever is not signed in hears nothing else.
        self.actor()?;
        if wanted.trim().is_empty() {
            let field = if channel == Channel::Email { Field::Email } else { Field::Phone };
            return Err(self.refuse(Error::invalid(field, Reason::Required)));
        }
        let Updated { mut receipts, .. } = self.write_identifier(channel, wanted, record_version).await?;
        Ok(match receipts.pop() {
            Some(receipt) => self.wait_for_code(code_page_of(channel), receipt, None),
            None => done(channel, Tone::Info, self.words(channel).unchanged),
        })
    }

    /// Leaves the account without an e-mail address or phone.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn remove_identifier(&self, channel: Channel, record_version: Option<&str>) -> Result<Done, ActionError> {
        self.write_identifier(channel, "", record_version).await?;
        Ok(done(channel, Tone::Ok, self.words(channel).removed))
    }

    async fn write_identifier(
        &self,
        channel: Channel,
        wanted: &str,
        record_version: Option<&str>,
    ) -> Result<Updated, ActionError> {
        let (actor, accounts) = (self.require_step_up().await?, self.accounts());
        let expected = self.expectation(record_version)?;
        let written = match channel {
            Channel::Email => accounts.change_email(actor, wanted, expected).await,
            Channel::Sms => accounts.change_phone(actor, wanted, expected).await,
        };
        written.map_err(|error| self.refuse(error))
    }

    /// Ends a pending change.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn cancel_identifier_change(
        &self,
        channel: Channel,
        record_version: Option<&str>,
    ) -> Result<Done, ActionError> {
        let actor = self.require_step_up().await?;
        let expected = self.expectation(record_version)?;
        let cancelled = self.accounts().cancel_change(actor, channel, expected).await;
        cancelled.map_err(|error| self.refuse(error))?;
        Ok(done(channel, Tone::Ok, self.text().identifiers.cancelled))
    }

    /// Sends a code to the e-mail address or phone that is not verified yet, and goes where it is entered.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn send_identifier_code(&self, channel: Channel) -> Result<Done, ActionError> {
        let sent = self.accounts().request_verification(self.actor()?, channel).await;
        Ok(self.wait_for_code(code_page_of(channel), sent.map_err(|error| self.refuse(error))?, None))
    }

    /// Confirms such a code.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn confirm_identifier(&self, channel: Channel, token: &str, code: &str) -> Result<Done, ActionError> {
        let actor = self.actor()?;
        if code.trim().is_empty() {
            return Err(self.refuse(Error::invalid(Field::Code, Reason::Required)));
        }
        match self.accounts().confirm_verification(actor, channel, token, code, crate::service::Expectation::Any).await
        {
            Ok(_) => {
                self.answer_with_cookie(cookies::STEP, "", TimeDelta::zero());
                Ok(done(channel, Tone::Ok, self.words(channel).confirmed))
            }
            // Somebody else was faster: another one is needed, not another code.
            Err(error @ Error::Taken(_)) => {
                let text = self.text().error(&error);
                Ok(done(channel, Tone::Error, &text))
            }
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Takes another username, which signs out everywhere.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn change_username(&self, wanted: &str, record_version: Option<&str>) -> Result<Done, ActionError> {
        let actor = self.require_step_up().await?;
        let expected = self.expectation(record_version)?;
        let text = &self.text().username_change;
        let wanted = wanted.trim();
        if self.account().is_some_and(|account| account.username.as_str() == wanted) {
            let notice = Notice { tone: Tone::Info, text: (text.yours)(wanted) };
            return Ok(Done { notice: Some(notice), ..Done::default() });
        }
        let changed = self.accounts().change_username(actor, wanted, expected).await;
        let account = changed.map_err(|error| self.refuse(error))?;
        Ok(self.signed_out("/login", (text.done)(account.username.as_str())))
    }

    fn words(&self, channel: Channel) -> Words {
        let (email, phone) = (&self.text().email_change, &self.text().phone_change);
        match channel {
            Channel::Email => Words { unchanged: email.unchanged, removed: email.removed, confirmed: email.confirmed },
            Channel::Sms => Words { unchanged: phone.unchanged, removed: phone.removed, confirmed: phone.confirmed },
        }
    }
}

/// What is said of either kind.
struct Words {
    unchanged: &'static str,
    removed: &'static str,
    confirmed: &'static str,
}

fn done(channel: Channel, tone: Tone, text: &str) -> Done {
    let notice = Notice { tone, text: text.to_owned() };
    Done { notice: Some(notice), next: Some(page_of(channel).to_owned()), ..Done::default() }
}
