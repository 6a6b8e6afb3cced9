//! What others see of an account, and the numbers that services add to it.

use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        error::{Error, Field, Issues, Reason},
        relationship::{Connections, Relationship},
        session::Actor,
        username::Username,
    },
    store::Transaction,
};

use super::{Accounts, Expectation, Result, management::Access, relationships::visible};

/// An account as others see it; the surface shows the fields that are public, and no others.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicProfile {
    /// Whose profile.
    pub account: Account,
    /// How many it is connected with.
    pub connections: Connections,
    /// Whether the viewer looks at their own.
    pub is_own: bool,
    /// What it is to the viewer; none for strangers and for oneself.
    pub relationship: Option<Relationship>,
}

/// Numbers that services set. What is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CounterChange {
    /// Published posts.
    pub posts: Option<i64>,
    /// Active shops.
    pub shops: Option<i64>,
    /// Published events.
    pub events: Option<i64>,
}

impl Accounts {
    /// The public profile of an account, for anyone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that is active, and for those it blocks.
    pub async fn public_profile(&self, viewer: Option<&Actor>, id: Uuid) -> Result<PublicProfile> {
        let mut tx = self.read().await?;
        self.show(&mut tx, viewer, id).await
    }

    /// As [`Self::public_profile`], by username without regard to case, with or without `@` before it.
    ///
    /// # Errors
    /// As [`Self::public_profile`].
    pub async fn public_profile_by_username(&self, viewer: Option<&Actor>, username: &str) -> Result<PublicProfile> {
        let name = username.strip_prefix('@').unwrap_or(username);
        let username = Username::parse(name).map_err(|_| Error::NotFound)?;
        let mut tx = self.read().await?;
        let account = tx.account_by_username(&username.key()).await?.ok_or(Error::NotFound)?;
        self.show(&mut tx, viewer, account.id).await
    }

    async fn show(&self, tx: &mut Box<dyn Transaction>, viewer: Option<&Actor>, id: Uuid) -> Result<PublicProfile> {
        let (account, relationship) = visible(tx, viewer, id).await?;
        let connections = tx.connections(id).await?;
        let is_own = viewer.is_some_and(|viewer| viewer.account_id == id);
        Ok(PublicProfile { account, connections, is_own, relationship })
    }

    /// Sets counters of an account: the management API's to do.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] for a negative number; [`Error::Unauthenticated`] when the client was revoked
    /// in the meantime.
    pub async fn set_counters(&self, access: &Access, target: Uuid, change: CounterChange) -> Result<Account> {
        let mut issues = Issues::default();
        for (name, count) in
            [("postsCount", change.posts), ("shopsCount", change.shops), ("eventsCount", change.events)]
        {
            if count.is_some_and(|count| count < 0) {
                issues.push(Field::Other(name), Reason::Malformed);
            }
        }
        issues.finish()?;
        let (mut tx, before) = self.lock_managed(access, target, Expectation::Any).await?;
        let mut account = before.clone();
        account.posts_count = change.posts.unwrap_or(account.posts_count);
        account.shops_count = change.shops.unwrap_or(account.shops_count);
        account.events_count = change.events.unwrap_or(account.events_count);
        if account != before {
            account.touch_unshown(self.now());
            tx.update_account(&account).await?;
            tx.commit().await?;
        }
        Ok(account)
    }
}
