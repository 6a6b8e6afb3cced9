//! What a form gets back on the next page when there is no JavaScript, and new recovery codes until they are shown: kept
//! here, named by a cookie, read once, and sealed under what the cookie holds.

use chrono::TimeDelta;
use serde_json::Value;

use crate::{
    domain::{
        error::Error,
        recovery_code::RecoveryCode,
        session::{Actor, Origin},
    },
    store::flashes::NewFlash,
};

use super::{
    Accounts, Result,
    notify::address_prefix,
    seal::{open, seal},
    secrets::fingerprint,
};

/// How long it waits to be read.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// Most bytes of one, as JSON.
pub const MOST_BYTES: usize = 48 * 1024;
/// Most of one account, or of the strangers of one address, at a time: a browser leaves one or two, and takes them with its
/// next request.
const MOST_WAITING: i64 = 32;
/// Where recovery codes wait; no page is called so.
const RECOVERY_CODES: &str = "recovery-codes";

impl Accounts {
    /// Leaves something for the next view of a page, and answers the token that names it. Where many of the same caller
    /// wait, the oldest goes.
    ///
    /// # Errors
    /// [`Error::Internal`] when it has more than [`MOST_BYTES`]; [`Error::Busy`] while the database does not answer in time.
    pub async fn leave_flash(
        &self,
        actor: Option<&Actor>,
        origin: &Origin,
        page: &str,
        payload: &Value,
    ) -> Result<String> {
        let account = actor.map(|actor| actor.account_id.to_string());
        let address = || origin.address.map(address_prefix).unwrap_or_default();
        let caller = account.unwrap_or_else(address);
        self.leave(&caller, page, page, payload.to_string()).await
    }

    /// Takes what was left for a page; it is gone then.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn take_flash(&self, token: &str, page: &str) -> Result<Option<Value>> {
        let taken = self.take(token, page, page).await?;
        Ok(taken.and_then(|payload| serde_json::from_slice(&payload).ok()))
    }

    /// Keeps new recovery codes until the session that made them shows them, and answers the token that names them.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn leave_recovery_codes(&self, actor: &Actor, codes: &[RecoveryCode]) -> Result<String> {
        let codes = codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        self.leave(&actor.account_id.to_string(), RECOVERY_CODES, &of_session(actor), codes).await
    }

    /// Takes the recovery codes that this session made; they are gone then.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn take_recovery_codes(&self, actor: &Actor, token: &str) -> Result<Option<Vec<String>>> {
        let taken = self.take(token, RECOVERY_CODES, &of_session(actor)).await?;
        let codes = taken.and_then(|codes| String::from_utf8(codes).ok());
        Ok(codes.map(|codes| codes.split(' ').map(str::to_owned).collect()))
    }

    async fn leave(&self, caller: &str, page: &str, context: &str, payload: String) -> Result<String> {
        if payload.len() > MOST_BYTES {
            return Err(Error::Internal(format!("{} bytes were to wait for {page}", payload.len())));
        }
        let token = self.rng().token();
        let sealed = seal(&token, context, payload.into_bytes()).map_err(|error| Error::Internal(error.to_string()))?;
        let caller = format!("flashes:{}", self.secrets().digest(caller)?);
        let now = self.now();
        let flash = NewFlash {
            token_hash: &fingerprint(&token),
            caller: &caller,
            page,
            sealed: &sealed,
            expires_at: now + LIFETIME,
        };
        let mut tx = self.write().await?;
        // One after the other: two that drop the same rows at once would wait for each other.
        tx.lock_limit(&caller, now).await?;
        tx.insert_flash(flash).await?;
        tx.drop_oldest_flashes(&caller, MOST_WAITING).await?;
        tx.commit().await?;
        Ok(token)
    }

    async fn take(&self, token: &str, page: &str, context: &str) -> Result<Option<Vec<u8>>> {
        let (token_hash, now) = (fingerprint(token), self.now());
        // Anybody may send a cookie: one that names nothing takes no writer.
        if !self.read().await?.has_flash(&token_hash, page, now).await? {
            return Ok(None);
        }
        let mut tx = self.write().await?;
        let taken = tx.take_flash(&token_hash, page, now).await?;
        tx.commit().await?;
        Ok(taken.and_then(|sealed| open(token, context, sealed).ok()))
    }
}

/// The use of codes that one session may show.
fn of_session(actor: &Actor) -> String {
    format!("{RECOVERY_CODES}:{}", actor.session_id)
}
