//! What a session must show before something sensitive is changed in it.

use crate::{
    domain::{
        account::Account,
        error::Error,
        password::Password,
        session::{Actor, STEP_UP_WINDOW},
    },
    ports::hasher::Verdict,
};

use super::{Accounts, Result, login::password_key};

impl Accounts {
    /// Whether the caller may make a sensitive change now: with the password, or without one within five minutes of
    /// signing in or of giving it. Every operation of the pages that asks for this calls it; where REST asks for a password,
    /// its absence is refused before.
    ///
    /// # Errors
    /// [`Error::StepUpRequired`] without a password and too late, [`Error::WrongPassword`], [`Error::Throttled`],
    /// [`Error::Busy`].
    pub async fn step_up(&self, actor: &Actor, password: Option<&str>) -> Result<()> {
        match password {
            Some(password) => self.confirm_password(actor, password).await,
            None if self.now() - actor.authenticated_at <= STEP_UP_WINDOW => Ok(()),
            None => Err(Error::StepUpRequired),
        }
    }

    /// Confirms the caller's password, so that sensitive changes can follow.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::Throttled`], [`Error::Busy`].
    pub async fn confirm_password(&self, actor: &Actor, password: &str) -> Result<()> {
        self.verify_own_password(actor, &Password::new(password)).await?;
        let (mut tx, _) = self.write_as(actor).await?;
        tx.authenticate_session(actor.session_id, self.now(), actor.second_factor).await?;
        Ok(tx.commit().await?)
    }

    /// The account of a caller who gave the right password. A wrong one counts like one at sign-in; that of a session that
    /// has ended is not looked at.
    pub(super) async fn verify_own_password(&self, actor: &Actor, password: &Password) -> Result<Account> {
        self.check_caller(actor).await?;
        let attempt = self.attempt(password_key(actor.account_id), &actor.origin).await?;
        let account = self.read().await?.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        match attempt.permit.verify(password, account.password_hash.as_deref()).await? {
            Verdict::Wrong => Err(Error::WrongPassword),
            Verdict::Right | Verdict::RightButOutdated => {
                self.succeed(&attempt).await?;
                Ok(account)
            }
        }
    }
}
