//! What admins do to other accounts. The operator's command line does the same without being asked who it is.

use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Role},
        activity::Kind as Event,
        error::Error,
        session::{Actor, Origin},
    },
    store::Transaction,
};

use super::{Accounts, Expectation, Result, messages::Notice};

impl Accounts {
    /// Sets a role. It ends the account's sessions: what they were opened with no longer holds.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller is an admin, [`Error::NotFound`], [`Error::Stale`] or
    /// [`Error::PreconditionFailed`].
    pub async fn set_role(&self, actor: &Actor, target: Uuid, role: Role, expected: Expectation) -> Result<Account> {
        let mut tx = self.write().await?;
        let mut account = self.lock_for_admin(&mut tx, actor, target, expected).await?;
        if account.role != role {
            self.write_role(&mut tx, &mut account, role, &actor.origin).await?;
            tx.commit().await?;
        }
        Ok(account)
    }

    /// Unlocks a deactivated account; any other stays as it is.
    ///
    /// # Errors
    /// As [`Self::set_role`].
    pub async fn unlock(&self, actor: &Actor, target: Uuid, expected: Expectation) -> Result<Account> {
        let mut tx = self.write().await?;
        let mut account = self.lock_for_admin(&mut tx, actor, target, expected).await?;
        self.write_unlock(&mut tx, &mut account, &actor.origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    async fn lock_for_admin(
        &self,
        tx: &mut Box<dyn Transaction>,
        actor: &Actor,
        target: Uuid,
        expected: Expectation,
    ) -> Result<Account> {
        let (own, target) = self.lock_caller_and(tx, actor, target).await?;
        if own.role != Role::Admin {
            return Err(Error::Forbidden);
        }
        let account = target.filter(|account| account.state(self.now()).is_some()).ok_or(Error::NotFound)?;
        expected.check(&account)?;
        Ok(account)
    }

    pub(super) async fn write_role(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        role: Role,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        account.role = role;
        account.touch(now);
        tx.update_account(account).await?;
        tx.end_sessions(account.id, None, now).await?;
        self.record(tx, account.id, Event::RoleChanged, origin, &[("role", role.as_str().into())]).await?;
        self.notify_owner(tx, account, &Notice::RoleChanged { role }, origin).await
    }

    pub(super) async fn write_unlock(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        origin: &Origin,
    ) -> Result<()> {
        if account.locked_at.take().is_none() {
            return Ok(());
        }
        account.lock_reason = None;
        account.touch(self.now());
        tx.update_account(account).await?;
        self.record(tx, account.id, Event::Unlocked, origin, &[]).await?;
        self.notify_owner(tx, account, &Notice::Unlocked, origin).await
    }
}
