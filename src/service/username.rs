//! Usernames: whether one can be had, and taking another.

use chrono::TimeDelta;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        error::{Error, Field},
        limits::HELD_USERNAMES,
        session::{Actor, Origin},
        username::{Checks, Username},
        username_offer,
    },
    store::Transaction,
};

use super::{
    Accounts, Expectation, Result, limits::seconds_up, locked_accounts::LockedAccounts, messages::Notice,
    profile::ProfileChange,
};

/// How long an old username is kept from others.
const HELD_FOR: TimeDelta = TimeDelta::days(30);
/// Usernames that are suggested for a taken one.
const SUGGESTIONS: usize = 5;

/// Whether a username can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Which rules it keeps.
    pub checks: Checks,
    /// Nobody else has it, and it is not kept for anybody else.
    pub not_taken: bool,
    /// Free usernames like it, if it is taken: five.
    pub suggestions: Vec<Username>,
}

impl Availability {
    /// Whether the caller can have it.
    pub fn available(&self) -> bool {
        self.checks.passed() && self.not_taken
    }
}

/// Whom a username names.
#[derive(Clone, Debug)]
pub enum UsernameLookup {
    /// An active account.
    Present(Box<Account>),
    /// An active account that had the name until lately; this is its new one.
    Renamed(Username),
}

impl Accounts {
    /// Whether a username can be had, by the caller if there is one: its own names are not taken to it.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn check_username(&self, actor: Option<&Actor>, wanted: &str) -> Result<Availability> {
        let checks = Checks::of(wanted);
        let mut availability = Availability { checks, not_taken: true, suggestions: Vec::new() };
        let Ok(username) = Username::parse(wanted) else { return Ok(availability) };
        let own = actor.map(|actor| actor.account_id);
        let mut tx = self.read().await?;
        availability.not_taken = self.is_free(&mut tx, &username, own).await?;
        if !availability.not_taken {
            for like in username_offer::suggestions(wanted) {
                if self.is_free(&mut tx, &like, None).await? {
                    availability.suggestions.push(like);
                }
                if availability.suggestions.len() == SUGGESTIONS {
                    break;
                }
            }
        }
        Ok(availability)
    }

    /// Takes another username. Every session ends, this one included, and the old name is kept from others for 30 days;
    /// five are kept at once.
    ///
    /// # Errors
    /// [`Error::TooManyRenames`]; those of [`Self::update_account`].
    pub async fn change_username(&self, actor: &Actor, username: &str, expected: Expectation) -> Result<Account> {
        let change = ProfileChange { username: Some(username.to_owned()), ..Default::default() };
        self.update_profile(actor, actor.account_id, change, expected).await
    }

    /// Whom anybody finds under a username, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no active account has it, or had it in the last 30 days.
    pub async fn find_by_username(&self, username: &str) -> Result<UsernameLookup> {
        let key = Username::parse(username).map_err(|_| Error::NotFound)?.key();
        let mut tx = self.read().await?;
        if let Some(account) = tx.account_by_username(&key).await? {
            return if account.is_active() {
                Ok(UsernameLookup::Present(Box::new(account)))
            } else {
                Err(Error::NotFound)
            };
        }
        let holder = tx.username_holder(&key, self.now()).await?.ok_or(Error::NotFound)?;
        let account = tx.account(holder).await?.filter(Account::is_active).ok_or(Error::NotFound)?;
        Ok(UsernameLookup::Renamed(account.username))
    }

    /// Whether nobody else has a username, and it is kept for nobody else.
    pub(super) async fn is_free(
        &self,
        tx: &mut Box<dyn Transaction>,
        username: &Username,
        own: Option<uuid::Uuid>,
    ) -> Result<bool> {
        // In this order: whoever gives a name up writes the hold together with the new name.
        let holder = tx.account_by_username(&username.key()).await?.map(|account| account.id);
        let keeper = tx.username_holder(&username.key(), self.now()).await?;
        Ok([holder, keeper].into_iter().flatten().all(|id| Some(id) == own))
    }

    /// Refuses a username that another account has or that is kept for one.
    pub(super) async fn refuse_taken_username(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        username: &Username,
        locked: &LockedAccounts,
    ) -> Result<()> {
        let found = tx.account_by_username(&username.key()).await?;
        self.purge_if_due(tx, found, locked).await?;
        let free = self.is_free(tx, username, Some(account.id)).await?;
        if free { Ok(()) } else { Err(Error::Taken(Field::Username)) }
    }

    /// What follows when another username was written.
    ///
    /// # Errors
    /// [`Error::TooManyRenames`] when too many old ones would be kept: otherwise one account could take many from others.
    pub(super) async fn settle_username(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        old: &Username,
        origin: &Origin,
    ) -> Result<()> {
        let (now, new) = (self.now(), &account.username);
        tx.release_username(&new.key()).await?;
        if old.key() != new.key() {
            let held = tx.held_usernames(account.id, now).await?;
            // With more than are allowed, the last of those that are too many has to be free first.
            if let Some(free) = held.len().checked_sub(HELD_USERNAMES).and_then(|over| held.get(over)) {
                return Err(Error::TooManyRenames { retry_after: seconds_up(*free - now) });
            }
            tx.hold_username(&old.key(), account.id, now + HELD_FOR).await?;
        }
        tx.end_sessions(account.id, None, now).await?;
        let (from, to) = (old.to_string(), new.to_string());
        let detail = [("from", from.clone().into()), ("to", to.clone().into())];
        self.record(tx, account.id, Event::UsernameChanged, origin, &detail).await?;
        self.notify_owner(tx, account, &Notice::UsernameChanged { from, to }, origin).await
    }
}
