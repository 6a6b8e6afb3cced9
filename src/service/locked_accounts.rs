//! Which accounts a transaction has locked.

use uuid::Uuid;

use crate::domain::account::Account;

/// The accounts that a transaction has locked. Whoever turns up later has to be left alone: its lock would be out of order.
pub(super) struct LockedAccounts(Vec<Uuid>);

impl LockedAccounts {
    /// Accounts that were locked in the order of their ids.
    pub fn of(ids: Vec<Uuid>) -> Self {
        Self(ids)
    }

    /// An account that was locked by itself.
    pub fn only(account: Option<&Account>) -> Self {
        Self(account.map(|account| account.id).into_iter().collect())
    }

    /// Whether an account is among them.
    pub fn has(&self, id: Uuid) -> bool {
        self.0.contains(&id)
    }
}
