//! Writing in the name of a caller.
//!
//! An [`Actor`] says who somebody was when the request began. Its body may come minutes later, and by then the session may
//! have ended or the role be another. So whatever writes for a caller asks again, in the transaction that writes and with
//! the account's row locked. Sessions end and roles change under the same lock: a write comes before that, or not at all.
//!
//! Locks are taken in one order, so that transactions never wait for each other in a circle: first accounts, of two the one
//! with the lower id, then what belongs to them: codes, sessions, factors. The other way round would not do: which codes and
//! sessions an account has is known only to whoever holds it, and most of what ends them ends all. Whose accounts are locked
//! is settled at the beginning: who turns up later has to wait for the next try ([`LockedAccounts`]).
//!
//! If two should wait for each other all the same, beside a server of another version, PostgreSQL ends one of them as a whole
//! (`40P01`): nothing of it is written, and its caller is told to try again ([`Error::Busy`]). It is not tried again here, as
//! what was counted before the transaction would count twice.

use uuid::Uuid;

use crate::{
    domain::{account::Account, error::Error, session::Actor, username::Username},
    store::Transaction,
};

use super::{Accounts, Result, codes::Destination, locked_accounts::LockedAccounts, owner::holder};

impl Accounts {
    /// A transaction in the name of a caller, and the caller's account, locked until it ends. The role that counts is
    /// this account's.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the caller's session has ended, or the account is not active any more.
    pub(super) async fn write_as(&self, actor: &Actor) -> Result<(Box<dyn Transaction>, Account)> {
        let mut tx = self.write().await?;
        let account = self.lock_caller(&mut tx, actor).await?;
        Ok((tx, account))
    }

    /// As [`Self::write_as`], in a transaction that has begun.
    pub(super) async fn lock_caller(&self, tx: &mut Box<dyn Transaction>, actor: &Actor) -> Result<Account> {
        let account = tx.lock_account(actor.account_id).await?;
        self.prove(tx, actor, account).await
    }

    /// As [`Self::lock_caller`], and locks another account, if there is one under this id. It may be the caller's own.
    pub(super) async fn lock_caller_and(
        &self,
        tx: &mut Box<dyn Transaction>,
        actor: &Actor,
        other: Uuid,
    ) -> Result<(Account, Option<Account>)> {
        let (own, other) = lock_both(tx, actor.account_id, other).await?;
        Ok((self.prove(tx, actor, own).await?, other))
    }

    /// Whether the caller is signed in still: asked before something is counted or costs much. It holds for this moment
    /// alone; what writes asks again.
    ///
    /// # Errors
    /// As [`Self::write_as`].
    pub(super) async fn check_caller(&self, actor: &Actor) -> Result<Account> {
        let mut tx = self.read().await?;
        let account = tx.account(actor.account_id).await?;
        self.prove(&mut tx, actor, account).await
    }

    /// The caller's account, if it is active and the session theirs, whole and alive.
    pub(super) async fn prove(
        &self,
        tx: &mut Box<dyn Transaction>,
        actor: &Actor,
        account: Option<Account>,
    ) -> Result<Account> {
        let account = account.filter(Account::is_active).ok_or(Error::Unauthenticated)?;
        let session = tx.session(actor.session_id).await?.map(|session| self.as_last_used(session));
        let good = session.is_some_and(|session| {
            session.account_id == account.id && session.is_alive(self.now()) && !session.second_factor.is_missing()
        });
        if good { Ok(account) } else { Err(Error::Unauthenticated) }
    }
}

/// What an account is about to get that another one may have.
#[derive(Clone, Copy, Default)]
pub(super) struct Getting<'a> {
    /// E-mail addresses and phone numbers.
    pub identifiers: &'a [Destination],
    /// Whether these count as proved: then another account that has not proved them loses them.
    pub proved: bool,
    /// A username.
    pub username: Option<&'a Username>,
}

impl Accounts {
    /// Locks an account, and before or after it whoever has to give up what it is about to get: those whose day has come,
    /// and those that lose an identifier.
    pub(super) async fn lock_getting(
        &self,
        tx: &mut Box<dyn Transaction>,
        id: Uuid,
        getting: Getting<'_>,
    ) -> Result<(Option<Account>, LockedAccounts)> {
        let is_due = |account: &Account| account.state(self.now()).is_none();
        let mut ids = vec![id];
        for destination in getting.identifiers {
            let holder = holder(tx, destination).await?;
            ids.extend(holder.filter(|holder| getting.proved || is_due(holder)).map(|holder| holder.id));
        }
        if let Some(username) = getting.username {
            let holder = tx.account_by_username(&username.key()).await?;
            ids.extend(holder.filter(is_due).map(|holder| holder.id));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut own = None;
        for one in &ids {
            let locked = tx.lock_account(*one).await?;
            own = own.or(locked.filter(|account| account.id == id));
        }
        Ok((own, LockedAccounts::of(ids)))
    }
}

/// Locks two accounts in the order of their ids. They may be one.
async fn lock_both(
    tx: &mut Box<dyn Transaction>,
    first: Uuid,
    second: Uuid,
) -> Result<(Option<Account>, Option<Account>)> {
    if first == second {
        let both = tx.lock_account(first).await?;
        return Ok((both.clone(), both));
    }
    let lower = tx.lock_account(first.min(second)).await?;
    let higher = tx.lock_account(first.max(second)).await?;
    Ok(if first < second { (lower, higher) } else { (higher, lower) })
}

/// The account that was found, locked, and as it is then. Asked for nobody, too, so that it takes the same time.
pub(super) async fn lock_found(tx: &mut Box<dyn Transaction>, found: Option<Account>) -> Result<Option<Account>> {
    Ok(tx.lock_account(found.map_or(Uuid::nil(), |found| found.id)).await?)
}
