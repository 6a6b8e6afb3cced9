//! Following and blocking.
//!
//! Lists are read from the edges whenever they are asked for; numbers of followers are kept beside them. Both accounts of an
//! edge are locked before it changes, in the order of their ids, so that of a follow and a block at the same time the block wins.

use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        error::Error,
        relationship::{Connections, Relationship},
        session::Actor,
    },
    store::{
        Transaction,
        relationships::{Block, Follow, List, Page},
    },
};

use super::{Accounts, Result};

pub use crate::store::relationships::MOST_COUNTED;

/// Most accounts of one page of a list.
const PAGE: i64 = 100;

/// How many entries the caller's own lists have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnLists {
    /// Who follows the caller.
    pub followers: i64,
    /// Whom the caller follows.
    pub following: i64,
    /// Who waits to follow the caller; [`MOST_COUNTED`] stands for as many and more.
    pub requests: i64,
    /// Whom the caller blocks; as above.
    pub blocked: i64,
}

/// A page of accounts that an account is connected with, newest connection first.
#[derive(Clone, Debug, PartialEq)]
pub struct People {
    /// Active accounts only.
    pub accounts: Vec<Account>,
    /// What to ask the next page with; none at the end.
    pub next: Option<Uuid>,
}

impl Accounts {
    /// Follows an account; a private one is asked. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for oneself and for whom the caller blocks, [`Error::NotFound`] for whom they cannot see.
    pub async fn follow(&self, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let now = self.now();
        let mut tx = self.write().await?;
        let (followed, before) = self.lock_pair(&mut tx, actor, other).await?;
        if before.is_blocked {
            return Err(Error::Forbidden);
        }
        let follow = Follow {
            id: self.rng().uuid(now),
            follower_id: actor.account_id,
            followed_id: other,
            requested_at: now,
            accepted_at: (!followed.is_private).then_some(now),
        };
        tx.insert_follow(&follow).await?;
        self.commit_and_load(tx, actor, other).await
    }

    /// Follows an account no more, or takes the request back. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for oneself, [`Error::NotFound`] for whom the caller cannot see.
    pub async fn unfollow(&self, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let mut tx = self.write().await?;
        self.lock_pair(&mut tx, actor, other).await?;
        tx.delete_follow(actor.account_id, other).await?;
        self.commit_and_load(tx, actor, other).await
    }

    /// Blocks an account: neither follows the other any more, and the blocked one no longer sees the caller.
    ///
    /// # Errors
    /// As [`Self::unfollow`].
    pub async fn block(&self, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let now = self.now();
        let mut tx = self.write().await?;
        self.lock_pair(&mut tx, actor, other).await?;
        tx.delete_follow(actor.account_id, other).await?;
        tx.delete_follow(other, actor.account_id).await?;
        let id = self.rng().uuid(now);
        tx.insert_block(&Block { id, blocker_id: actor.account_id, blocked_id: other, blocked_at: now }).await?;
        self.commit_and_load(tx, actor, other).await
    }

    /// Takes a block back, even of somebody who cannot be seen at present. What it removed does not come back.
    ///
    /// # Errors
    /// As [`Self::unfollow`], unless there was a block.
    pub async fn unblock(&self, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let mut tx = self.write().await?;
        let (_, met) = self.lock_caller_and(&mut tx, actor, other).await?;
        if tx.delete_block(actor.account_id, other).await? {
            return self.commit_and_load(tx, actor, other).await;
        }
        Ok(see(&mut tx, actor, other, met).await?.1)
    }

    /// Lets somebody who asked follow the caller. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they did not ask, or cannot be seen.
    pub async fn accept_follower(&self, actor: &Actor, follower: Uuid) -> Result<Relationship> {
        let mut tx = self.write().await?;
        let (_, before) = self.lock_pair(&mut tx, actor, follower).await?;
        let accepted = tx.accept_follow(follower, actor.account_id, self.now()).await?;
        if !accepted && !before.is_followed_by {
            return Err(Error::NotFound);
        }
        self.commit_and_load(tx, actor, follower).await
    }

    /// Turns a request to follow the caller down. Without one nothing changes, and whoever follows already goes on.
    ///
    /// # Errors
    /// As [`Self::unfollow`].
    pub async fn decline_follower(&self, actor: &Actor, follower: Uuid) -> Result<Relationship> {
        let mut tx = self.write().await?;
        self.lock_pair(&mut tx, actor, follower).await?;
        tx.decline_follow(follower, actor.account_id).await?;
        self.commit_and_load(tx, actor, follower).await
    }

    /// What another account is to the caller.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the caller cannot see.
    pub async fn relationship(&self, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let mut tx = self.read().await?;
        Ok(visible(&mut tx, Some(actor), other).await?.1.unwrap_or_default())
    }

    /// What each of these accounts is to the caller, in their order; nothing, for whom the caller cannot see.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn relationships(&self, actor: &Actor, others: &[Uuid]) -> Result<Vec<Relationship>> {
        let mut tx = self.read().await?;
        let mut relationships = Vec::with_capacity(others.len());
        for other in others {
            let relationship = tx.relationship(actor.account_id, *other).await?;
            relationships.push(if relationship.is_blocked_by { Relationship::default() } else { relationship });
        }
        Ok(relationships)
    }

    /// How long the caller's own lists are.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn own_lists(&self, actor: &Actor) -> Result<OwnLists> {
        let (mut tx, own) = (self.read().await?, actor.account_id);
        let Connections { followers, following } = tx.connections(own).await?;
        Ok(OwnLists {
            followers,
            following,
            requests: tx.count_connected(own, List::Requests).await?,
            blocked: tx.count_connected(own, List::Blocked).await?,
        })
    }

    /// How many an account is connected with.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn connections(&self, account_id: Uuid) -> Result<Connections> {
        Ok(self.read().await?.connections(account_id).await?)
    }

    /// A page of who follows an account, after the entry `before`; at most 100. A private account shows it to those alone
    /// whose follow it accepted.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the viewer cannot see, [`Error::Forbidden`].
    pub async fn followers(
        &self,
        viewer: Option<&Actor>,
        account_id: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<People> {
        self.shown_list(viewer, account_id, List::Followers, before, limit).await
    }

    /// A page of whom an account follows; as [`Self::followers`].
    ///
    /// # Errors
    /// As [`Self::followers`].
    pub async fn following(
        &self,
        viewer: Option<&Actor>,
        account_id: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<People> {
        self.shown_list(viewer, account_id, List::Following, before, limit).await
    }

    /// A page of who waits to follow the caller.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn follow_requests(&self, actor: &Actor, before: Option<Uuid>, limit: i64) -> Result<People> {
        let mut tx = self.read().await?;
        page(&mut tx, actor.account_id, List::Requests, Uuid::nil(), before, limit).await
    }

    /// A page of whom the caller blocks.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn blocked(&self, actor: &Actor, before: Option<Uuid>, limit: i64) -> Result<People> {
        let mut tx = self.read().await?;
        page(&mut tx, actor.account_id, List::Blocked, Uuid::nil(), before, limit).await
    }

    async fn shown_list(
        &self,
        viewer: Option<&Actor>,
        account_id: Uuid,
        list: List,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<People> {
        let mut tx = self.read().await?;
        let (account, relationship) = visible(&mut tx, viewer, account_id).await?;
        let viewer = viewer.map_or(Uuid::nil(), |actor| actor.account_id);
        let accepted = relationship.is_some_and(|relationship| relationship.is_following);
        if account.is_private && viewer != account_id && !accepted {
            return Err(Error::Forbidden);
        }
        page(&mut tx, account_id, list, viewer, before, limit).await
    }

    /// Locks the caller's account and another one that they can see, and says what it is to them.
    async fn lock_pair(
        &self,
        tx: &mut Box<dyn Transaction>,
        actor: &Actor,
        other: Uuid,
    ) -> Result<(Account, Relationship)> {
        let (_, met) = self.lock_caller_and(tx, actor, other).await?;
        see(tx, actor, other, met).await
    }

    async fn commit_and_load(&self, mut tx: Box<dyn Transaction>, actor: &Actor, other: Uuid) -> Result<Relationship> {
        let after = tx.relationship(actor.account_id, other).await?;
        tx.commit().await?;
        // Whoever is blocked is not told.
        Ok(Relationship { is_blocked_by: false, ..after })
    }
}

/// Another account that was locked, if the caller can see it, and what it is to them.
async fn see(
    tx: &mut Box<dyn Transaction>,
    actor: &Actor,
    other: Uuid,
    met: Option<Account>,
) -> Result<(Account, Relationship)> {
    if actor.account_id == other {
        return Err(Error::Forbidden);
    }
    let met = met.filter(Account::is_active).ok_or(Error::NotFound)?;
    let relationship = tx.relationship(actor.account_id, other).await?;
    if relationship.is_blocked_by { Err(Error::NotFound) } else { Ok((met, relationship)) }
}

/// An active account that does not block the viewer, and what it is to them if they are signed in and it is another one.
pub(super) async fn visible(
    tx: &mut Box<dyn Transaction>,
    viewer: Option<&Actor>,
    id: Uuid,
) -> Result<(Account, Option<Relationship>)> {
    let account = tx.account(id).await?.filter(Account::is_active).ok_or(Error::NotFound)?;
    let relationship = match viewer.filter(|viewer| viewer.account_id != id) {
        Some(viewer) => Some(tx.relationship(viewer.account_id, id).await?),
        None => None,
    };
    if relationship.is_some_and(|relationship| relationship.is_blocked_by) {
        return Err(Error::NotFound);
    }
    Ok((account, relationship))
}

async fn page(
    tx: &mut Box<dyn Transaction>,
    account_id: Uuid,
    list: List,
    viewer: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> Result<People> {
    let limit = limit.clamp(1, PAGE);
    // One more than asked for tells whether there is a next page.
    let mut entries = tx.connected(account_id, list, Page { viewer, before, limit: limit + 1 }).await?;
    let has_more = entries.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        entries.pop();
    }
    let next = entries.last().filter(|_| has_more).map(|(edge, _)| *edge);
    Ok(People { accounts: entries.into_iter().map(|(_, account)| account).collect(), next })
}
