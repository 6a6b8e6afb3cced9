//! Archiving an account, bringing it back, and deleting what nobody brought back.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, State},
        activity::Kind as Event,
        archive,
        code::Channel,
        error::{Error, Field, Reason},
        session::{Actor, Origin},
    },
    store::{Transaction, accounts::Tombstone},
};

use super::{Accounts, Expectation, Result, messages::Notice};

/// Accounts looked at in one go of the purge or the reminders.
const BATCH: i64 = 100;

impl Accounts {
    /// Archives the caller's account: it can be restored for one calendar month. Every session ends.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody else's, [`Error::Invalid`] when a confirmation was sent that is not the phrase,
    /// [`Error::Stale`] or [`Error::PreconditionFailed`].
    pub async fn archive(
        &self,
        actor: &Actor,
        target: Uuid,
        confirmation: Option<&str>,
        expected: Expectation,
    ) -> Result<Account> {
        if actor.account_id != target {
            return Err(Error::Forbidden);
        }
        if confirmation.is_some_and(|typed| !archive::is_phrase(typed)) {
            return Err(Error::invalid(Field::Confirmation, Reason::WrongPhrase));
        }
        let now = self.now();
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        let purge_at = archive::purge_at(now);
        account.archived_at = Some(now);
        account.purge_at = Some(purge_at);
        account.purge_reminders = 0;
        account.touch(now);
        tx.update_account(&account).await?;
        tx.end_sessions(target, None, now).await?;
        tx.end_codes(target, now).await?;
        self.record(&mut tx, target, Event::Archived, &actor.origin, &[]).await?;
        self.tell(&mut tx, &account, &Notice::Archived { purge_at }, &actor.origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Brings an archived account back. Its row is locked by the caller, so a purge waits and then finds nothing due.
    ///
    /// # Errors
    /// [`Error::Locked`]: a lock keeps an archived account from being restored.
    pub(super) async fn bring_back(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        origin: &Origin,
    ) -> Result<()> {
        if account.locked_at.is_some() {
            return Err(Error::Locked);
        }
        account.archived_at = None;
        account.purge_at = None;
        account.purge_reminders = 0;
        account.touch(self.now());
        tx.update_account(account).await?;
        tx.delete_restore(account.id).await?;
        self.record(tx, account.id, Event::Restored, origin, &[]).await?;
        self.tell(tx, account, &Notice::Restored, origin).await
    }

    /// Deletes every account whose day has come, each in a transaction of its own, and answers their ids.
    ///
    /// # Errors
    /// [`Error::Internal`] only; what was deleted before stays deleted.
    pub async fn purge(&self, dry_run: bool) -> Result<Vec<Uuid>> {
        let mut purged = Vec::new();
        loop {
            let limit = if dry_run { i64::MAX } else { BATCH };
            let due = self.read().await?.due_for_purge(self.now(), limit).await?;
            if dry_run {
                return Ok(due);
            }
            if due.is_empty() {
                return Ok(purged);
            }
            for id in due {
                let mut tx = self.write().await?;
                if self.purge_one(&mut tx, id).await? {
                    tx.commit().await?;
                    tracing::info!(account = %id, "purged");
                    purged.push(id);
                }
            }
        }
    }

    /// Deletes an account if its day has come, with everything that refers to it. The date is read again under lock.
    pub(super) async fn purge_one(&self, tx: &mut Box<dyn Transaction>, id: Uuid) -> Result<bool> {
        let now = self.now();
        let Some(account) = tx.lock_account(id).await? else { return Ok(false) };
        let (Some(archived_at), None) = (account.archived_at, account.state(now)) else { return Ok(false) };
        self.erase(tx, &account, archived_at).await?;
        Ok(true)
    }

    /// Deletes an account with everything that refers to it, but a tombstone.
    pub(super) async fn erase(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        archived_at: DateTime<Utc>,
    ) -> Result<()> {
        let id = account.id;
        // What it never proved is not its own: others may be about to prove it.
        let proved = [Channel::Email, Channel::Sms].map(|channel| account.verified(channel));
        // Counters name the account, too.
        tx.delete_limits_of(id).await?;
        for own in proved.iter().flatten() {
            // In this order, as where a registration is completed.
            tx.delete_codes_to(&own.key()).await?;
            tx.delete_registrations(&own.key()).await?;
        }
        for own in proved.iter().flatten() {
            tx.delete_messages_to(&own.recipient()).await?;
        }
        tx.delete_account(id).await?;
        let id_hash = Sha256::digest(id.as_bytes()).to_vec();
        let purged_at = self.now();
        let tombstone = Tombstone { id_hash, created_at: account.created_at, archived_at, purged_at };
        Ok(tx.insert_tombstone(&tombstone).await?)
    }

    /// The account that was found, unless its day has come: then it is deleted, as if the job had reached it.
    pub(super) async fn unless_due(
        &self,
        tx: &mut Box<dyn Transaction>,
        found: Option<Account>,
    ) -> Result<Option<Account>> {
        match found {
            Some(account) if account.state(self.now()).is_none() => {
                self.purge_one(tx, account.id).await?;
                Ok(None)
            }
            found => Ok(found),
        }
    }

    /// Mails the owners of archived accounts 7 days and 1 day before deletion, and says how many.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn remind(&self) -> Result<u64> {
        let mut reminded = 0;
        for (sent, ahead) in archive::REMINDERS.into_iter().enumerate() {
            let sent = i64::try_from(sent).unwrap_or(i64::MAX);
            loop {
                let due = self.read().await?.due_for_reminder(self.now() + ahead, sent + 1, BATCH).await?;
                if due.is_empty() {
                    break;
                }
                for id in due {
                    reminded += u64::from(self.remind_one(id, sent + 1).await?);
                }
            }
        }
        Ok(reminded)
    }

    async fn remind_one(&self, id: Uuid, reminders: i64) -> Result<bool> {
        let mut tx = self.write().await?;
        let Some(mut account) = tx.lock_account(id).await? else { return Ok(false) };
        if account.purge_reminders >= reminders {
            return Ok(false);
        }
        // Written even when the account is due already, so that it is not looked at again.
        account.purge_reminders = reminders;
        tx.update_account(&account).await?;
        let still = account.state(self.now());
        if let Some(State::Archived { purge_at, .. }) = still {
            self.tell(&mut tx, &account, &Notice::PurgeReminder { purge_at }, &Origin::default()).await?;
        }
        tx.commit().await?;
        Ok(still.is_some())
    }
}
