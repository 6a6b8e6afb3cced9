//! Reading what happened to an account.

use uuid::Uuid;

use crate::domain::{
    activity::{Activity, Kind},
    session::Actor,
};

use super::{Accounts, Result};

/// Most events of one page.
const PAGE: i64 = 100;

impl Accounts {
    /// A page of the caller's activity of these kinds, or of any if there are none: newest first, older than the event
    /// `before`, at most 100 events.
    ///
    /// # Errors
    /// [`crate::domain::error::Error::Busy`] while the database does not answer in time, else [`crate::domain::error::Error::Internal`].
    pub async fn activity(
        &self,
        actor: &Actor,
        kinds: &[Kind],
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Activity>> {
        Ok(self.read().await?.activity_of(actor.account_id, kinds, before, limit.clamp(1, PAGE)).await?)
    }
}
