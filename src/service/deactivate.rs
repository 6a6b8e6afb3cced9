//! Deactivating an account: it stays as it is, locked, until an admin unlocks it.

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        error::{Error, Field},
        limits::DEACTIVATION_REASON,
        password::Password,
        session::{Actor, Origin},
        text,
    },
    store::Transaction,
};

use super::{Accounts, Expectation, Result, messages::Notice};

impl Accounts {
    /// Deactivates the caller's account and ends every session and code. The reason, at most 500 characters, is kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the reason, [`Error::WrongPassword`], [`Error::Throttled`], [`Error::Busy`],
    /// [`Error::Stale`] or [`Error::PreconditionFailed`].
    pub async fn deactivate(
        &self,
        actor: &Actor,
        password: &str,
        reason: Option<&str>,
        expected: Expectation,
    ) -> Result<Account> {
        let reason = text::lines(reason.unwrap_or_default(), DEACTIVATION_REASON)
            .map_err(|reason| Error::invalid(Field::DeactivationReason, reason))?;
        self.verify_own_password(actor, &Password::new(password)).await?;
        // Another password since would have ended the session.
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        self.write_lock(&mut tx, &mut account, reason, &actor.origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    pub(super) async fn write_lock(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        reason: Option<String>,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        account.locked_at = Some(now);
        account.lock_reason = reason;
        account.touch(now);
        tx.update_account(account).await?;
        tx.end_sessions(account.id, None, now).await?;
        tx.end_codes(account.id, now).await?;
        self.record(tx, account.id, Event::Deactivated, origin, &[]).await?;
        self.notify_owner(tx, account, &Notice::Deactivated, origin).await
    }
}
