//! Forgetting what has had its time.

use chrono::TimeDelta;
use futures::future::BoxFuture;

use crate::{
    domain::{avatar, error::Error},
    store::{self, Transaction},
};

use super::{Accounts, Result, two_factor::authenticator::SETUP_LIFETIME};

/// How long ended sessions, spent codes, counters and sent messages are kept.
const KEEP: TimeDelta = TimeDelta::days(30);
/// Counters reach back a day at most; see `service::codes::limits`.
const KEEP_LIMITS: TimeDelta = TimeDelta::days(2);
/// How long a retired key still verifies: its last tokens live an hour, and not every server retires it at once.
const KEEP_KEYS: TimeDelta = TimeDelta::hours(2);
/// How long a device stays known that is not seen again: as long as a browser keeps its cookie.
const KEEP_DEVICES: TimeDelta = TimeDelta::days(400);
/// Rows deleted in one transaction: on SQLite everybody who writes waits for it.
const BATCH: i64 = 500;
/// Uploads deleted in one transaction; their pictures go along.
const UPLOADS: i64 = 100;

impl Accounts {
    /// Deletes what has had its time: ended sessions, devices not seen for long, old codes, counters and keys, sent messages,
    /// old activity, forgotten registrations, held usernames, undo links, and uploads that no profile has shown for a day. And
    /// makes the keys that names are found by, where another version has written one without. What fails keeps nothing else
    /// from it, and is logged.
    ///
    /// # Errors
    /// [`Error::Internal`] if anything failed, [`Error::Busy`] if the database or an object store did not answer.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.now();
        // What hangs on something else goes before it, so that few rows go along with that.
        let swept = [
            ("codes", self.in_batches(BATCH, |tx| tx.sweep_codes(now - KEEP_LIMITS, BATCH)).await),
            ("authorization codes", {
                self.in_batches(BATCH, |tx| tx.sweep_authorization_codes(now - KEEP_LIMITS, BATCH)).await
            }),
            ("refresh tokens", self.in_batches(BATCH, |tx| tx.sweep_refresh_tokens(now, BATCH)).await),
            ("sessions", self.in_batches(BATCH, |tx| tx.sweep_sessions(now - KEEP, BATCH)).await),
            ("devices", self.in_batches(BATCH, |tx| tx.sweep_devices(now - KEEP_DEVICES, BATCH)).await),
            ("limits", self.in_batches(BATCH, |tx| tx.sweep_limits(now - KEEP_LIMITS, BATCH)).await),
            ("registrations", self.in_batches(BATCH, |tx| tx.sweep_registrations(now, BATCH)).await),
            ("factors", self.in_batches(BATCH, |tx| tx.sweep_factors(now - SETUP_LIFETIME, now, BATCH)).await),
            ("flashes", self.in_batches(BATCH, |tx| tx.sweep_flashes(now, BATCH)).await),
            ("usernames", self.in_batches(BATCH, |tx| tx.sweep_usernames(now, BATCH)).await),
            ("undo links", self.in_batches(BATCH, |tx| tx.sweep_undo_links(now, BATCH)).await),
            ("messages", self.in_batches(BATCH, |tx| tx.sweep_messages(now, now - KEEP, BATCH)).await),
            ("activity", self.sweep_activity().await),
            ("keys", self.in_batches(BATCH, |tx| tx.sweep_keys(now - KEEP_KEYS)).await),
            ("uploads", self.in_batches(UPLOADS, |tx| tx.sweep_uploads(now - avatar::UNUSED_KEPT_FOR, UPLOADS)).await),
            ("objects", self.sweep_objects().await),
            ("names without a key", self.in_batches(BATCH, |tx| tx.key_names(BATCH)).await),
        ];
        let mut failed = Ok(());
        for (what, error) in swept.into_iter().filter_map(|(what, done)| done.err().map(|error| (what, error))) {
            tracing::error!(what, ?error, "what has had its time could not be deleted");
            // What is not there passes; anything else is to be told before it.
            if !matches!((&failed, &error), (Err(_), Error::Busy { .. })) {
                failed = Err(error);
            }
        }
        failed
    }

    /// Deletes what happened longer ago than the operator keeps it.
    async fn sweep_activity(&self) -> Result<()> {
        let kept = TimeDelta::days(self.settings().activity_keep_days.into());
        match self.now().checked_sub_signed(kept) {
            Some(before) => self.in_batches(BATCH, |tx| tx.sweep_activity(before, BATCH)).await,
            None => Ok(()),
        }
    }

    /// Deletes a batch in a transaction of its own, until one is not full.
    async fn in_batches<F>(&self, batch: i64, sweep: F) -> Result<()>
    where
        F: for<'a> Fn(&'a mut Box<dyn Transaction>) -> BoxFuture<'a, store::Result<u64>> + Send + Sync,
    {
        loop {
            let mut tx = self.write().await?;
            let swept = sweep(&mut tx).await?;
            tx.commit().await?;
            if swept < batch.unsigned_abs() {
                return Ok(());
            }
        }
    }
}
