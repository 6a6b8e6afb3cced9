//! What a page tells of a code while it waits to be entered.

use chrono::{DateTime, Utc};

use crate::domain::{
    code::{MAX_REQUESTS, MAX_TRIES, Purpose, WINDOW},
    error::Error,
};

use super::{Accounts, Result};

/// How a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeState {
    /// How often it may still be tried.
    pub tries_left: u32,
    /// When another one can be sent, if not at once.
    pub resend_at: Option<DateTime<Utc>>,
}

impl Accounts {
    /// How the code that `token` names stands. A decoy answers like any other code.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when it was used or replaced.
    pub async fn code_state(&self, token: &str) -> Result<CodeState> {
        let code = self.code_named(token).await?.filter(|code| code.used_at.is_none()).ok_or(Error::CodeNotFound)?;
        let mut keys = vec![format!("code-to:{}", self.secrets().digest(&code.destination)?)];
        // What a stranger can ask for is counted by the address alone: an account's own count would tell of the account.
        let by_stranger = [Purpose::Registration, Purpose::PasswordReset].map(Purpose::as_str);
        let account = code.account_id.filter(|_| !by_stranger.contains(&code.purpose.as_str()));
        keys.extend(account.map(|id| format!("code-of:{id}")));
        let (now, mut tx) = (self.now(), self.read().await?);
        let mut resend_at = None;
        for key in keys {
            let hits = tx.hits(&key, now - WINDOW).await?;
            let leaving = hits.len().checked_sub(MAX_REQUESTS as usize).map(|over| hits[over] + WINDOW);
            resend_at = resend_at.max(leaving);
        }
        Ok(CodeState { tries_left: u32::try_from(MAX_TRIES - code.tries).unwrap_or(0), resend_at })
    }
}
