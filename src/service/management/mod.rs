//! What services do to accounts through the management API: they need no session of the user, and no code.
//!
//! Whatever a service does about an account stands in that account's activity, refused or not: the surface asks
//! [`Accounts::managed`] first. An account is there for services in every state; only a purged one is gone.
//!
//! A client may be revoked while the body of its call comes. So whatever writes for it reads the client again, in the
//! transaction that writes.

pub mod change;
pub mod clients;
pub mod codes;

use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::{Activity, Kind as Event},
        client::Scope,
        error::{Error, Field, Issues, PasswordReason, Reason},
        limits::SEARCH,
        password::Password,
        search::Search,
        session::Origin,
        text,
    },
    ports::hasher::Verdict,
    store::{StoreError, Transaction, accounts::AccountSearch},
};

use super::{
    Accounts, Expectation, Result, callers::Getting, locked_accounts::LockedAccounts, login::password_key,
    management::clients::ManagementClient, messages::Notice,
};

/// Most accounts of one page of a search.
const PAGE: i64 = 100;
/// Most texts of one search: as many as can be found on a page.
const TEXTS: usize = 100;

/// A call of a service.
#[derive(Clone, Debug)]
pub struct Access {
    /// Who calls.
    pub manager: ManagementClient,
    /// What it calls, as the route is written: `PATCH /api/users/{userId}`.
    pub operation: String,
    /// From where.
    pub origin: Origin,
}

impl Access {
    /// A call with this token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the token is no good, [`Error::Forbidden`] when it allows nothing.
    pub async fn new(accounts: &Accounts, token: &str, operation: String, origin: Origin) -> Result<Self> {
        let manager = accounts.authenticate_management(token).await?;
        match manager.scope {
            Scope::All => Ok(Self { manager, operation, origin }),
            Scope::None => Err(Error::Forbidden),
        }
    }
}

impl Accounts {
    /// The account that a call is about. That it was made is in its activity from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn managed(&self, access: &Access, id: Uuid) -> Result<Account> {
        let mut tx = self.write_for(access).await?;
        let account = tx.account(id).await?.filter(|account| account.state(self.now()).is_some());
        let mut account = account.ok_or(Error::NotFound)?;
        account.custom_data = tx.custom_data(id).await?;
        self.record_access(&mut tx, access, id).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// A page of the accounts that a search finds, newest first, and how many there are in all.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a text longer than anything it could find, or for more than a page of them;
    /// [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn search_accounts(
        &self,
        access: &Access,
        search: &Search,
        offset: i64,
        limit: i64,
    ) -> Result<(Vec<Account>, i64)> {
        check_search(search).map_err(|reason| Error::invalid(Field::Other("search"), reason))?;
        let search = AccountSearch {
            search: search.clone(),
            now: self.now(),
            offset: offset.max(0),
            limit: limit.clamp(1, PAGE),
        };
        let found = self.read().await?.search_accounts(&search).await?;
        let mut tx = self.write_for(access).await?;
        let mut events: Vec<_> = found.0.iter().map(|account| self.access_event(access, account.id)).collect();
        // An event keeps its account from going: in the order in which accounts are locked everywhere.
        events.sort_unstable_by_key(|event| event.account_id);
        match tx.insert_activities(&events).await {
            Ok(()) => tx.commit().await?,
            // One of them was deleted since it was found; a failed statement ends the transaction on PostgreSQL.
            Err(StoreError::Dangling) => {
                drop(tx);
                self.record_each(access, &events).await?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(found)
    }

    /// Notes events of accounts some of which may be gone.
    async fn record_each(&self, access: &Access, events: &[Activity]) -> Result<()> {
        for event in events {
            let mut tx = self.write_for(access).await?;
            match tx.insert_activity(event).await {
                Ok(()) => tx.commit().await?,
                Err(StoreError::Dangling) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Checks a password without signing in. A wrong one counts as everywhere else, but not for the caller's address:
    /// that is the service's, and stands for all its users.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], also when there is none; [`Error::Throttled`]; [`Error::Busy`]; [`Error::NotFound`];
    /// [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn verify_managed_password(&self, access: &Access, id: Uuid, password: &str) -> Result<()> {
        check_client(&mut self.read().await?, access).await?;
        let attempt = self.attempt(password_key(id), &Origin::default()).await?;
        let account = self.read().await?.account(id).await?.ok_or(Error::NotFound)?;
        match attempt.permit.verify(&Password::new(password), account.password_hash.as_deref()).await? {
            Verdict::Wrong => Err(Error::WrongPassword),
            Verdict::Right | Verdict::RightButOutdated => self.succeed(&attempt).await,
        }
    }

    /// Sets a password. Every session and code ends, and the owner is told.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it breaks a rule, [`Error::PreconditionFailed`], [`Error::Busy`], [`Error::NotFound`],
    /// [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn set_managed_password(
        &self,
        access: &Access,
        id: Uuid,
        password: &str,
        expected: Expectation,
    ) -> Result<Account> {
        let account = self.read().await?.account(id).await?.ok_or(Error::NotFound)?;
        let password = Password::new(password);
        let mut issues = Issues::default();
        self.check_password(&mut issues, Field::Password, &password, &account.password_context()).await?;
        issues.finish()?;
        let same = self.hasher().permit()?.verify(&password, account.password_hash.as_deref()).await?;
        if same != Verdict::Wrong {
            return Err(Error::invalid(Field::Password, Reason::Password(PasswordReason::Unchanged)));
        }
        let hash = self.hasher().hash(&password).await?;
        let (event, notice) = (Event::PasswordChanged, Notice::PasswordChanged);
        let (mut tx, mut account) = self.lock_managed(access, id, expected).await?;
        self.set_password(&mut tx, &mut account, hash, event, &notice, &access.origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Locks an account, which ends its sessions, or unlocks it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::PreconditionFailed`]; [`Error::Unauthenticated`] when the client was revoked in the
    /// meantime.
    pub async fn suspend(&self, access: &Access, id: Uuid, suspended: bool, expected: Expectation) -> Result<Account> {
        let (mut tx, mut account) = self.lock_managed(access, id, expected).await?;
        if !suspended {
            self.write_unlock(&mut tx, &mut account, &access.origin).await?;
        } else if account.locked_at.is_none() {
            self.write_lock(&mut tx, &mut account, None, &access.origin).await?;
        }
        tx.commit().await?;
        Ok(account)
    }

    /// Deletes an account at once, with everything that refers to it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn delete_managed(&self, access: &Access, id: Uuid) -> Result<()> {
        let (mut tx, account) = self.lock_managed(access, id, Expectation::Any).await?;
        self.erase(&mut tx, &account, account.archived_at.unwrap_or(self.now())).await?;
        tx.commit().await?;
        tracing::info!(account = %id, client = %access.manager.client.id, "deleted by a service");
        Ok(())
    }

    /// A transaction in the name of a client.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it was revoked.
    pub(super) async fn write_for(&self, access: &Access) -> Result<Box<dyn Transaction>> {
        let mut tx = self.write().await?;
        check_client(&mut tx, access).await?;
        Ok(tx)
    }

    /// The same, with an account that is locked and as expected.
    pub(super) async fn lock_managed(
        &self,
        access: &Access,
        id: Uuid,
        expected: Expectation,
    ) -> Result<(Box<dyn Transaction>, Account)> {
        let (tx, account, _) = self.lock_managed_getting(access, id, Getting::default(), expected).await?;
        Ok((tx, account))
    }

    /// The same, for an account that is about to get what others may have; and which accounts are locked then.
    pub(super) async fn lock_managed_getting(
        &self,
        access: &Access,
        id: Uuid,
        getting: Getting<'_>,
        expected: Expectation,
    ) -> Result<(Box<dyn Transaction>, Account, LockedAccounts)> {
        let mut tx = self.write().await?;
        let (account, locked) = self.lock_getting(&mut tx, id, getting).await?;
        let account = account.filter(|account| account.state(self.now()).is_some());
        check_client(&mut tx, access).await?;
        let mut account = account.ok_or(Error::NotFound)?;
        expected.check(&account)?;
        account.custom_data = tx.custom_data(id).await?;
        Ok((tx, account, locked))
    }

    /// Notes in an account's activity that a service called, and what.
    pub(super) async fn record_access(&self, tx: &mut Box<dyn Transaction>, access: &Access, id: Uuid) -> Result<()> {
        Ok(tx.insert_activity(&self.access_event(access, id)).await?)
    }

    fn access_event(&self, access: &Access, id: Uuid) -> Activity {
        let client = access.manager.client.name.clone();
        let detail = [("client", client.into()), ("operation", access.operation.clone().into())];
        self.event(id, Event::ManagementAccess, &access.origin, &detail)
    }
}

fn check_search(search: &Search) -> std::result::Result<(), Reason> {
    let texts = || search.terms.iter().flat_map(|term| term.matching.texts());
    if texts().count() > TEXTS {
        return Err(Reason::TooMany { max: TEXTS });
    }
    texts().try_for_each(|one| text::at_most(one, SEARCH))
}

/// Refuses a client that was revoked since it was authenticated.
async fn check_client(tx: &mut Box<dyn Transaction>, access: &Access) -> Result<()> {
    let client = tx.client(access.manager.client.id).await?.filter(|client| client.revoked_at.is_none());
    client.map(drop).ok_or(Error::Unauthenticated)
}
