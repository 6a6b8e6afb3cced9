//! When sessions and clients were last used.
//!
//! It is kept in memory and written down behind the answers, every few seconds: a read must not wait for whoever writes,
//! nor fail with them. A crash loses a few seconds of it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::session::Session;

use super::{Accounts, Result};

/// The last uses that are not written down yet, by the id of the session or client.
#[derive(Default)]
pub(super) struct LastUses(Mutex<HashMap<Uuid, Use>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Session { at: DateTime<Utc>, expires_at: DateTime<Utc> },
    Client { at: DateTime<Utc> },
}

impl LastUses {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Use>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accounts {
    /// Notes that a session is used now, and when it ends after that.
    pub(super) fn note_session(&self, id: Uuid, expires_at: DateTime<Utc>) {
        self.0.uses.lock().insert(id, Use::Session { at: self.now(), expires_at });
    }

    /// Notes that a client is seen now.
    pub(super) fn note_client(&self, id: Uuid) {
        self.0.uses.lock().insert(id, Use::Client { at: self.now() });
    }

    /// A session that was read, with its last use if that is not written down yet.
    pub(super) fn as_last_used(&self, session: Session) -> Session {
        match self.0.uses.lock().get(&session.id) {
            Some(Use::Session { at, expires_at }) if *at > session.last_used_at => {
                Session { last_used_at: *at, expires_at: *expires_at, ..session }
            }
            _ => session,
        }
    }

    /// Writes down what was used since the last time. Each in a transaction of its own: one of several sessions could wait
    /// in a circle with one that ends them.
    ///
    /// # Errors
    /// [`crate::domain::error::Error::Busy`] while the database does not take it; what is not written then waits for the
    /// next time.
    pub async fn write_uses(&self) -> Result<()> {
        let noted = self.0.uses.lock().clone();
        for (id, used) in noted {
            let mut tx = self.write().await?;
            match used {
                Use::Session { at, expires_at } => tx.touch_session(id, at, expires_at).await?,
                Use::Client { at } => tx.touch_client(id, at).await?,
            }
            tx.commit().await?;
            let mut uses = self.0.uses.lock();
            if uses.get(&id) == Some(&used) {
                uses.remove(&id);
            }
        }
        Ok(())
    }
}
