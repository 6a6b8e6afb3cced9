//! What a page tells of a code while it waits to be entered.

use chrono::{DateTime, Utc};

use crate::domain::{code::MAX_TRIES, error::Error, session::Origin};

use crate::service::{Accounts, Result};

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
    pub async fn code_state(&self, token: &str, origin: &Origin) -> Result<CodeState> {
        let code = self.code_named(token).await?.filter(|code| code.used_at.is_none()).ok_or(Error::CodeNotFound)?;
        let mut tx = self.read().await?;
        let full_for = self.codes_full_for(&mut tx, &code.destination, code.party(), origin).await?;
        let resend_at = full_for.map(|wait| self.now() + wait);
        Ok(CodeState { tries_left: u32::try_from(MAX_TRIES - code.tries).unwrap_or(0), resend_at })
    }
}
