//! Forgetting what has had its time.

use chrono::TimeDelta;

use crate::domain::avatar;

use super::{Accounts, Result, authenticator::SETUP_LIFETIME};

/// How long ended sessions, spent codes, counters and sent messages are kept.
const KEEP: TimeDelta = TimeDelta::days(30);
/// Counters reach back a day at most; see `service::codes`.
const KEEP_LIMITS: TimeDelta = TimeDelta::days(2);
/// How long a retired key still verifies: its last tokens live an hour, and not every server retires it at once.
const KEEP_KEYS: TimeDelta = TimeDelta::hours(2);
/// Uploads deleted in one transaction.
const BATCH: i64 = 100;

impl Accounts {
    /// Deletes what has had its time: ended sessions, old codes, counters and keys, sent messages, forgotten registrations,
    /// held usernames, undo links, and uploads that no profile has shown for a day.
    ///
    /// # Errors
    /// [`crate::domain::error::Error::Internal`], and `Busy` while an object store does not answer.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.now();
        let mut tx = self.write().await?;
        tx.sweep_sessions(now - KEEP).await?;
        tx.sweep_codes(now - KEEP_LIMITS).await?;
        tx.sweep_limits(now - KEEP_LIMITS).await?;
        tx.sweep_registrations(now).await?;
        tx.sweep_factors(now - SETUP_LIFETIME, now).await?;
        tx.sweep_flashes(now).await?;
        tx.sweep_usernames(now).await?;
        tx.sweep_undo_links(now).await?;
        tx.sweep_messages(now, now - KEEP).await?;
        tx.sweep_keys(now - KEEP_KEYS).await?;
        tx.commit().await?;
        loop {
            let mut tx = self.write().await?;
            let unused = tx.unused_uploads(now - avatar::UNUSED_KEPT_FOR, BATCH).await?;
            if unused.is_empty() {
                break;
            }
            for upload in unused {
                tx.delete_upload(upload.id).await?;
            }
            tx.commit().await?;
        }
        self.sweep_objects().await
    }
}
