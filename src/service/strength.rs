//! How well an account is secured.

use crate::domain::{
    account::Account,
    strength::{Facts, Strength},
};

use super::Accounts;

impl Accounts {
    /// The rating of an account as its owner sees it: a pending address or number counts as unverified.
    pub fn strength(&self, account: &Account) -> Strength {
        let facts = Facts {
            email_verified: account.shown_email().is_some() && account.shown_email_verified(),
            phone_verified: account.shown_phone().is_some() && account.shown_phone_verified(),
            two_factor: account.two_factor_enabled,
            password_changed_at: account.password_hash.as_ref().and(account.password_changed_at),
        };
        Strength::assess(facts, self.now())
    }
}
