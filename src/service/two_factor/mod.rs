//! The second step of signing in, turned on and off, and its recovery codes.
//!
//! Every change ends all other sessions with their refresh tokens, so that whoever came in without the second factor is
//! out; the session that makes the change goes on.

pub mod authenticator;
pub mod challenge;
pub(super) mod factor;

use chrono::TimeDelta;
use serde_json::Value;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose},
        error::Error,
        password::Password,
        recovery_code::{self, RecoveryCode},
        second_factor::{Method, Status},
        session::{Actor, SecondFactor},
    },
    store::Transaction,
};

use super::{
    Accounts, Expectation, Result,
    messages::Notice,
    two_factor::factor::{FactorChallenge, RightAnswer},
};

impl Accounts {
    /// Where the caller's account stands with the second step.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the account is gone.
    pub async fn two_factor_status(&self, actor: &Actor) -> Result<Status> {
        let mut tx = self.read().await?;
        let account = tx.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        let status = self.factors_of(&mut tx, &account).await?;
        Ok(if status.enabled { status } else { Status { methods: Vec::new(), ..status } })
    }

    /// Turns the second step on, with codes that are sent or an app that was confirmed before.
    ///
    /// # Errors
    /// Those of [`Self::step_up`]; [`Error::TwoFactorOn`]; [`Error::NoSecondFactor`] without a verified e-mail address, a
    /// verified phone and an app.
    pub async fn enable_two_factor(
        &self,
        actor: &Actor,
        password: Option<&str>,
        expected: Expectation,
    ) -> Result<Account> {
        expected.check(&self.check_caller(actor).await?)?;
        self.step_up(actor, password).await?;
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        if account.two_factor_enabled {
            return Err(Error::TwoFactorOn);
        }
        let factors = self.factors_of(&mut tx, &account).await?;
        if !factors.has_app && !factors.can_be_sent {
            return Err(Error::NoSecondFactor);
        }
        account.two_factor_enabled = true;
        let (event, notice) = (Event::TwoFactorEnabled, Notice::TwoFactorEnabled);
        self.change_factors(&mut tx, &mut account, actor, event, &notice).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Turns the second step off. An app and recovery codes stay, for when it is turned on again.
    ///
    /// # Errors
    /// [`Error::WrongPassword`]; [`Error::TwoFactorOff`]; [`Error::CodeRequired`] without a code in a session that has not
    /// passed the second step; the errors of a code; [`Error::Throttled`]; [`Error::Busy`].
    pub async fn disable_two_factor(
        &self,
        actor: &Actor,
        password: &str,
        code: Option<&str>,
        method: Option<Method>,
        expected: Expectation,
    ) -> Result<Account> {
        expected.check(&self.check_caller(actor).await?)?;
        let account = self.verify_own_password(actor, &Password::new(password)).await?;
        if !account.two_factor_enabled {
            return Err(Error::TwoFactorOff);
        }
        let right = self.second_proof(actor, &account, code, method).await?;
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        if !account.two_factor_enabled {
            return Err(Error::TwoFactorOff);
        }
        self.spend_proof(&mut tx, &account, right, actor).await?;
        account.two_factor_enabled = false;
        let (event, notice) = (Event::TwoFactorDisabled, Notice::TwoFactorDisabled);
        self.change_factors(&mut tx, &mut account, actor, event, &notice).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Sends a code for [`Self::disable_two_factor`] and [`Self::remove_authenticator`]: by the channel asked for, else by
    /// mail before text message. `spacing` is the least time between two codes to one destination.
    ///
    /// # Errors
    /// [`Error::TwoFactorOff`], [`Error::NoSecondFactor`] when nothing is verified there, [`Error::CodeTooSoon`],
    /// [`Error::TooManyCodes`].
    pub async fn request_factor_code(
        &self,
        actor: &Actor,
        channel: Option<Channel>,
        spacing: TimeDelta,
    ) -> Result<CodeReceipt> {
        let (tx, account) = self.write_as(actor).await?;
        if !account.two_factor_enabled {
            return Err(Error::TwoFactorOff);
        }
        self.send_factor_code(tx, actor.challenge(&account), channel, spacing).await
    }

    /// Makes ten new recovery codes; the old ones are worthless. They are told here and never again.
    ///
    /// # Errors
    /// Those of [`Self::step_up`]; [`Error::TwoFactorOff`].
    pub async fn renew_recovery_codes(
        &self,
        actor: &Actor,
        password: Option<&str>,
        expected: Expectation,
    ) -> Result<Vec<RecoveryCode>> {
        expected.check(&self.check_caller(actor).await?)?;
        self.step_up(actor, password).await?;
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        if !account.two_factor_enabled {
            return Err(Error::TwoFactorOff);
        }
        let codes = self.make_recovery_codes(&mut tx, &account).await?;
        let (event, notice) = (Event::RecoveryCodesRenewed, Notice::RecoveryCodesRenewed);
        self.change_factors(&mut tx, &mut account, actor, event, &notice).await?;
        tx.commit().await?;
        Ok(codes)
    }

    pub(super) async fn make_recovery_codes(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
    ) -> Result<Vec<RecoveryCode>> {
        let mut codes = Vec::new();
        for _ in 0..recovery_code::COUNT {
            let mut random = [0; 16];
            self.rng().fill(&mut random);
            codes.push(RecoveryCode::new(random));
        }
        let hashes = codes.iter().map(|code| self.recovery_hash(account.id, code)).collect::<Result<Vec<_>>>()?;
        tx.replace_recovery_codes(account.id, &hashes).await?;
        Ok(codes)
    }

    /// The answer of a second factor where a change needs one: in a session that has not passed the second step, while that
    /// is on.
    pub(super) async fn second_proof(
        &self,
        actor: &Actor,
        account: &Account,
        code: Option<&str>,
        method: Option<Method>,
    ) -> Result<Option<RightAnswer>> {
        if !account.two_factor_enabled || actor.second_factor == SecondFactor::Passed {
            return Ok(None);
        }
        match code.filter(|code| !code.trim().is_empty()) {
            Some(code) => self.verify_factor(actor.challenge(account), code, method).await.map(Some),
            None => {
                let methods = self.factors_of(&mut self.read().await?, account).await?.methods;
                Err(Error::CodeRequired { methods })
            }
        }
    }

    pub(super) async fn spend_proof(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        proof: Option<RightAnswer>,
        actor: &Actor,
    ) -> Result<()> {
        match proof {
            Some(right) => self.spend_answer(tx, account, &right, &actor.origin).await,
            None => Ok(()),
        }
    }

    /// Writes a change of the second factors, ends all other sessions, and tells.
    pub(super) async fn change_factors(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        actor: &Actor,
        event: Event,
        notice: &Notice,
    ) -> Result<()> {
        let now = self.now();
        account.touch(now);
        tx.update_account(account).await?;
        let ended = tx.end_sessions(account.id, Some(actor.session_id), now).await?;
        let detail = [("sessionsEnded", Value::from(ended))];
        self.record(tx, account.id, event, &actor.origin, &detail).await?;
        self.notify_owner(tx, account, notice, &actor.origin).await
    }

    /// Whether an account whose second step is on keeps something that answers it besides recovery codes: asked before
    /// something that does is taken away.
    ///
    /// # Errors
    /// [`Error::NoSecondFactor`] when it does not.
    pub(super) async fn keep_a_factor(&self, tx: &mut Box<dyn Transaction>, account: &Account) -> Result<()> {
        let factors = self.factors_of(tx, account).await?;
        if factors.enabled && !factors.has_app && !factors.can_be_sent {
            return Err(Error::NoSecondFactor);
        }
        Ok(())
    }
}

impl Actor {
    /// What a signed-in person is asked for a second factor for.
    fn challenge<'a>(&'a self, account: &'a Account) -> FactorChallenge<'a> {
        FactorChallenge { account, session_id: self.session_id, purpose: Purpose::FactorChange, origin: &self.origin }
    }
}
