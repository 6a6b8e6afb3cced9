//! What a form gets back on the next page when there is no JavaScript: kept here, named by a cookie, read once.

use chrono::TimeDelta;
use serde_json::Value;

use super::{Accounts, Result, secrets::fingerprint};

/// How long it waits to be read.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

impl Accounts {
    /// Leaves something for the next view of a page, and answers the token that names it.
    ///
    /// # Errors
    /// [`crate::domain::error::Error::Internal`] only.
    pub async fn leave_flash(&self, page: &str, payload: &Value) -> Result<String> {
        let token = self.rng().token();
        let mut tx = self.write().await?;
        tx.insert_flash(&fingerprint(&token), page, payload, self.now() + LIFETIME).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Takes what was left for a page; it is gone then.
    ///
    /// # Errors
    /// [`crate::domain::error::Error::Internal`] only.
    pub async fn take_flash(&self, token: &str, page: &str) -> Result<Option<Value>> {
        let mut tx = self.write().await?;
        let taken = tx.take_flash(&fingerprint(token), page, self.now()).await?;
        tx.commit().await?;
        Ok(taken)
    }
}
