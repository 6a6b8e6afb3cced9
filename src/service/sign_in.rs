//! What was proved to sign in, and what it leads to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Result, sessions::NewSession};
use crate::{
    domain::{account::Account, second_factor::Method},
    store::Transaction,
};

/// What the right password leads to.
pub enum SignIn {
    /// Signed in.
    Complete(Box<NewSession>),
    /// A session that every route but the second step refuses.
    SecondFactor {
        /// The half-signed-in session.
        session: Box<NewSession>,
        /// What can answer the second step, in the order of preference.
        methods: Vec<Method>,
    },
    /// The account is archived, and the person is asked whether to restore it.
    RestoreOffered(RestoreOffer),
}

/// The question whether to restore an archived account.
#[derive(Clone, Debug)]
pub struct RestoreOffer {
    /// Proves that the password was right; good for ten minutes, and until another one is set.
    pub token: String,
    /// Whose account, by its full name or username.
    pub name: String,
    /// When it was archived.
    pub archived_at: DateTime<Utc>,
    /// When it will be deleted.
    pub purge_at: DateTime<Utc>,
}

/// What somebody proved who is to be let in. It was looked at before the account was locked, maybe long before: it must hold
/// still when the session begins.
pub(super) enum ProvenIdentity {
    /// To know the password behind this hash.
    Password(Option<String>),
    /// To have known it when restoring the account was offered.
    Offer(OfferClaims),
    /// To know the password of a confirmed registration that waits for the second step: the one behind this hash, or
    /// whichever it is for who confirmed a code just now.
    Restore(Option<String>),
}

impl ProvenIdentity {
    /// Whether it holds for a locked account.
    pub async fn holds(&self, tx: &mut Box<dyn Transaction>, account: &Account, now: DateTime<Utc>) -> Result<bool> {
        Ok(match self {
            Self::Password(verified) => account.password_hash == *verified,
            Self::Offer(claims) => claims.hold(account),
            Self::Restore(None) => tx.restore(account.id, now).await?.is_some(),
            Self::Restore(verified) => tx.restore(account.id, now).await? == *verified,
        })
    }
}

/// Which archiving of the account an offer is about, and which of its passwords was given.
#[derive(Serialize, Deserialize)]
pub(super) struct OfferClaims {
    archived_at: i64,
    password_changed_at: Option<i64>,
}

impl OfferClaims {
    pub fn of(account: &Account) -> Option<Self> {
        Some(Self {
            archived_at: account.archived_at?.timestamp_micros(),
            password_changed_at: account.password_changed_at.map(|at| at.timestamp_micros()),
        })
    }

    /// Whether the account is as it was when the offer was made.
    pub fn hold(&self, account: &Account) -> bool {
        Self::of(account).is_some_and(|present| {
            present.archived_at == self.archived_at && present.password_changed_at == self.password_changed_at
        })
    }
}
