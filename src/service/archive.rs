//! Archiving an account, bringing it back, and deleting what nobody brought back.

use chrono::{DateTime, TimeDelta, Utc};
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
    store::{Store, Transaction, accounts::Tombstone},
};

use super::{Accounts, Expectation, Result, callers::Locked, messages::Notice};

/// Accounts looked at in one go of the purge or the reminders.
const BATCH: usize = 100;
/// After so many accounts in a row for which the database did not answer, it is asked whether it answers at all.
const NO_ANSWERS: u32 = 3;
/// When an account whose day has come should be gone: the jobs look every hour.
const OVERDUE_AFTER: TimeDelta = TimeDelta::hours(3);
/// Most overdue accounts that are counted.
const COUNTED: i64 = 1000;

/// Accounts that a job had to do something with.
#[derive(Debug)]
pub struct JobReport {
    job: &'static str,
    /// With which it did.
    pub done: Vec<Uuid>,
    /// With which it could not; the log says why.
    pub failed: Vec<Uuid>,
    no_answers: u32,
}

impl JobReport {
    fn new(job: &'static str) -> Self {
        Self { job, done: Vec::new(), failed: Vec::new(), no_answers: 0 }
    }

    /// How many to ask for: those that failed are among what is due still.
    fn batch(&self) -> i64 {
        i64::try_from(BATCH + self.failed.len()).unwrap_or(i64::MAX)
    }

    fn left_of(&self, due: Vec<Uuid>) -> Vec<Uuid> {
        due.into_iter().filter(|id| !self.failed.contains(id)).collect()
    }

    /// Notes how it went with an account. `true` when it was one of several in a row for which the database did not answer.
    fn note(&mut self, id: Uuid, outcome: Result<bool>) -> bool {
        let no_answer = matches!(outcome, Err(Error::Busy { .. }));
        self.no_answers = if no_answer { self.no_answers + 1 } else { 0 };
        match outcome {
            Ok(true) => self.done.push(id),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(job = self.job, account = %id, ?error, "the job failed with an account, and goes on");
                self.failed.push(id);
            }
        }
        self.no_answers > 0 && self.no_answers.is_multiple_of(NO_ANSWERS)
    }
}

/// Accounts with which the jobs should have done something hours ago, each counted up to a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// That should be deleted.
    pub purges: usize,
    /// Whose owners should have been reminded.
    pub reminders: usize,
}

/// Counts what is overdue.
///
/// # Errors
/// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
pub async fn overdue(store: &dyn Store, now: DateTime<Utc>) -> Result<Overdue> {
    let long_ago = now - OVERDUE_AFTER;
    let mut tx = store.read().await?;
    let purges = tx.due_for_purge(long_ago, COUNTED).await?;
    let mut reminders = Vec::new();
    for (sent, ahead) in archive::REMINDERS.into_iter().enumerate() {
        let due = i64::try_from(sent).unwrap_or(i64::MAX) + 1;
        reminders.extend(tx.due_for_reminder(long_ago + ahead, due, COUNTED).await?);
    }
    // What should be deleted needs no reminder any more.
    reminders.retain(|id| !purges.contains(id));
    reminders.sort_unstable();
    reminders.dedup();
    Ok(Overdue { purges: purges.len(), reminders: reminders.len() })
}

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
        self.notify_owner(&mut tx, &account, &Notice::Archived { purge_at }, &actor.origin).await?;
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
        self.notify_owner(tx, account, &Notice::Restored, origin).await
    }

    /// Accounts whose day has come.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn due_for_purge(&self) -> Result<Vec<Uuid>> {
        Ok(self.read().await?.due_for_purge(self.now(), i64::MAX).await?)
    }

    /// Deletes every account whose day has come, each in a transaction of its own. One that cannot be deleted is told of
    /// and left, and those behind it have their turn.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer; what was deleted before stays deleted.
    pub async fn purge(&self) -> Result<JobReport> {
        let mut turn = JobReport::new("purge");
        loop {
            let due = self.read().await?.due_for_purge(self.now(), turn.batch()).await?;
            let due = turn.left_of(due);
            if due.is_empty() {
                return Ok(turn);
            }
            for id in due {
                let purged = self.purge_in_turn(id).await;
                if turn.note(id, purged) {
                    self.ask_database().await?;
                }
            }
        }
    }

    /// Whether the database answers, and takes writes. If it does, what went wrong is about the accounts themselves: a
    /// statement that takes longer than the operator lets it (`statement_timeout`), or rows that somebody else holds.
    async fn ask_database(&self) -> Result<()> {
        self.0.parts.store.check().await?;
        self.write().await.map(drop)
    }

    async fn purge_in_turn(&self, id: Uuid) -> Result<bool> {
        let mut tx = self.write().await?;
        let purged = self.purge_one(&mut tx, id).await?;
        if purged {
            tx.commit().await?;
            tracing::info!(account = %id, "purged");
        }
        Ok(purged)
    }

    /// Deletes an account if its day has come, with everything that refers to it. The date is read again under lock.
    pub(super) async fn purge_one(&self, tx: &mut Box<dyn Transaction>, id: Uuid) -> Result<bool> {
        let now = self.now();
        let Some(account) = tx.lock_account(id).await? else { return Ok(false) };
        let (Some(archived_at), None) = (account.archived_at, account.state(now)) else { return Ok(false) };
        self.erase(tx, &account, archived_at).await?;
        Ok(true)
    }

    /// Deletes an account with everything that refers to it, but a tombstone. What somebody has begun with its address or
    /// number since its day came is of another account: that it was deleted late is no reason to spoil it.
    pub(super) async fn erase(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        archived_at: DateTime<Utc>,
    ) -> Result<()> {
        let id = account.id;
        // What it never proved is not its own: others may be about to prove it.
        let proved = [Channel::Email, Channel::Sms].map(|channel| account.verified(channel));
        let now = self.now();
        let until = account.purge_at.filter(|day| *day <= now).unwrap_or(now + TimeDelta::microseconds(1));
        // Counters name the account, too.
        tx.delete_limits_of(id).await?;
        for own in proved.iter().flatten() {
            // In this order, as where a registration is completed.
            tx.delete_codes_to(&own.key(), until).await?;
            tx.delete_registrations_before(&own.key(), until).await?;
        }
        for own in proved.iter().flatten() {
            tx.delete_messages_to(&own.recipient(), until).await?;
        }
        // Each end of a session is noted for the app that it is of, before the sessions go with the account.
        tx.end_sessions(id, None, now).await?;
        tx.delete_account(id).await?;
        let id_hash = Sha256::digest(id.as_bytes()).to_vec();
        let tombstone = Tombstone { id_hash, created_at: account.created_at, archived_at, purged_at: now };
        Ok(tx.insert_tombstone(&tombstone).await?)
    }

    /// The account that was found, unless it is locked and its day has come: then it is deleted, as if the job had reached
    /// it.
    pub(super) async fn purge_if_due(
        &self,
        tx: &mut Box<dyn Transaction>,
        found: Option<Account>,
        locked: &Locked,
    ) -> Result<Option<Account>> {
        match found {
            Some(account) if locked.has(account.id) && account.state(self.now()).is_none() => {
                self.purge_one(tx, account.id).await?;
                Ok(None)
            }
            found => Ok(found),
        }
    }

    /// Mails the owners of archived accounts 7 days and 1 day before deletion. One that cannot be reminded is told of and
    /// left, and those behind it have their turn.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn remind(&self) -> Result<JobReport> {
        let mut turn = JobReport::new("remind");
        for (sent, ahead) in archive::REMINDERS.into_iter().enumerate() {
            let reminders = i64::try_from(sent).unwrap_or(i64::MAX) + 1;
            loop {
                let due = self.read().await?.due_for_reminder(self.now() + ahead, reminders, turn.batch()).await?;
                let due = turn.left_of(due);
                if due.is_empty() {
                    break;
                }
                for id in due {
                    let reminded = self.remind_one(id, reminders).await;
                    if turn.note(id, reminded) {
                        self.ask_database().await?;
                    }
                }
            }
        }
        Ok(turn)
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
            self.notify_owner(&mut tx, &account, &Notice::PurgeReminder { purge_at }, &Origin::default()).await?;
        }
        tx.commit().await?;
        Ok(still.is_some())
    }
}
