//! Temporary tokens: what an API client holds between a request and the code that completes it.
//!
//! A code that was sent is named by a random token, kept hashed; it goes on naming what it was sent for when a newer code has
//! taken its place. A registration and a half-signed-in session that no code names yet are named by a signed one. Each is
//! good for one purpose, and for nothing without the digits.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    account::Account,
    code::{Channel, CodeReceipt, LIFETIME, Purpose, SentCode},
    error::Error,
    second_factor::Method,
    session::{Kind, Origin},
};

use crate::service::{
    Accounts, Result,
    codes::Destination,
    login::SignIn,
    secrets::{Claims, TokenKind, fingerprint},
    sessions::NewSession,
    two_factor::challenge::Challenge,
};

const REGISTRATION: TokenKind = TokenKind { typ: "registration+jwt", audience: "/registration" };
const SECOND_STEP: TokenKind = TokenKind { typ: "second-step+jwt", audience: "/second-step" };

/// A signed temporary token.
#[derive(Clone, Debug)]
pub struct TemporaryToken {
    /// The token.
    pub token: String,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct NoMore {}

impl Accounts {
    /// Names a registration to somebody who just gave its password.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when it is not there (any more).
    pub async fn registration_token(&self, id: Uuid) -> Result<TemporaryToken> {
        let registration = self.read().await?.registration(id).await?;
        let id = registration.ok_or(Error::CodeNotFound)?.account_id;
        self.temporary(REGISTRATION, id, LIFETIME)
    }

    /// Names a half-signed-in session to the second step, and to nothing else.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub fn second_step_token(&self, half: &NewSession) -> Result<TemporaryToken> {
        self.temporary(SECOND_STEP, half.session.id, half.session.expires_at - self.now())
    }

    /// Who waits for the second step under this token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody does, [`Error::Locked`].
    pub async fn challenge_by_token(&self, token: &str, origin: &Origin) -> Result<Challenge> {
        let id = self.named_by(SECOND_STEP, token).await?;
        let session = self.read().await?.session(id).await?;
        self.challenge(session, origin).await
    }

    /// Completes what a token of a registration or of a second step waits for.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it names neither; the errors of a code; [`Error::Throttled`]; [`Error::Locked`].
    pub async fn confirm_entry(
        &self,
        token: &str,
        code: &str,
        method: Option<Method>,
        kind: Kind,
        origin: &Origin,
    ) -> Result<SignIn> {
        match self.challenge_by_token(token, origin).await {
            Err(Error::Unauthenticated) => match self.confirm_registration(token, code, kind, origin).await {
                Err(Error::CodeNotFound) => Err(Error::Unauthenticated),
                confirmed => confirmed,
            },
            challenge => {
                let session = self.answer_challenge(&challenge?, code, method).await?;
                Ok(SignIn::Complete(Box::new(session)))
            }
        }
    }

    /// Sends another code for what a token waits for. The receipt has the token to go on with. `channel` is a wish where a
    /// second step can be taken by mail and by text message.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when it names nothing that waits; [`Error::NoSecondFactor`] when nothing is verified
    /// there; [`Error::TooManyCodes`].
    pub async fn resend_code(&self, token: &str, channel: Option<Channel>, origin: &Origin) -> Result<CodeReceipt> {
        match self.challenge_by_token(token, origin).await {
            Err(Error::Unauthenticated) => {}
            challenge => {
                let challenge = challenge?;
                let receipt = self.send_challenge_code(&challenge, channel, TimeDelta::zero()).await?;
                let expires_at = challenge.session.expires_at;
                return Ok(CodeReceipt { token: token.to_owned(), expires_at, ..receipt });
            }
        }
        let Some(code) = self.code_named(token).await? else {
            return self.resend_registration_code(token, origin).await;
        };
        let destination = Destination::from_stored(code.channel(), code.destination.clone());
        match Purpose::from_stored(&code.purpose) {
            Some(Purpose::Registration) => self.resend_registration_code(token, origin).await,
            Some(Purpose::PasswordReset) => self.send_reset_code(&destination, TimeDelta::zero(), origin).await,
            Some(Purpose::Verification) => self.resend_own_code(&code, &destination, origin).await,
            Some(Purpose::SecondFactor | Purpose::FactorChange | Purpose::Management) | None => {
                Err(Error::CodeNotFound)
            }
        }
    }

    /// The open code that a token names, or the one that took its place with the same owner and destination.
    pub(in crate::service) async fn open_code(&self, token: &str) -> Result<SentCode> {
        let named = self.code_named(token).await?.ok_or(Error::CodeNotFound)?;
        if named.used_at.is_none() {
            return Ok(named);
        }
        let mut tx = self.read().await?;
        let newest = match (named.account_id, named.registration_id) {
            (Some(id), _) => tx.newest_code_of(id, &named.purpose, &named.destination).await?,
            (None, Some(id)) => tx.newest_code_for(id).await?,
            (None, None) => tx.newest_code(&named.purpose, &named.destination).await?,
        };
        newest.filter(|newest| newest.owner() == named.owner()).ok_or(Error::CodeNotFound)
    }

    /// The open code of the registration that a token names.
    pub(in crate::service) async fn registration_code(&self, token: &str) -> Result<SentCode> {
        let id = match self.named_by(REGISTRATION, token).await {
            Err(Error::Unauthenticated) => {
                let code = self.open_code(token).await?;
                // Looked at before its digits are: a try of another purpose must not count.
                return if code.registration_id.is_some() { Ok(code) } else { Err(Error::CodeNotFound) };
            }
            id => id?,
        };
        self.read().await?.newest_code_for(id).await?.ok_or(Error::CodeNotFound)
    }

    /// The registration that a token names.
    pub(in crate::service) async fn registration_of(&self, token: &str) -> Result<Uuid> {
        match self.named_by(REGISTRATION, token).await {
            Err(Error::Unauthenticated) => {
                let code = self.code_named(token).await?;
                code.and_then(|code| code.registration_id).ok_or(Error::CodeNotFound)
            }
            id => id,
        }
    }

    async fn resend_own_code(
        &self,
        code: &SentCode,
        destination: &Destination,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        let id = code.account_id.ok_or(Error::CodeNotFound)?;
        let mut tx = self.write().await?;
        let account = tx.lock_account(id).await?.filter(Account::is_active);
        let account = account.ok_or(Error::CodeNotFound)?;
        // As its owner wrote it, where it still waits for a code.
        let waiting = account.unverified(code.channel()).filter(|waiting| waiting == destination);
        let (waiting, none) = (waiting.ok_or(Error::CodeNotFound)?, TimeDelta::zero());
        let receipt = self.send_own_code(&mut tx, &account, &waiting, none, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    pub(in crate::service) async fn code_named(&self, token: &str) -> Result<Option<SentCode>> {
        Ok(self.read().await?.code_by_token(&fingerprint(token)).await?)
    }

    async fn named_by(&self, kind: TokenKind, token: &str) -> Result<Uuid> {
        let claims: Claims<NoMore> = self.verify_token(kind, token).await?;
        Uuid::parse_str(&claims.sub).map_err(|_| Error::Unauthenticated)
    }

    fn temporary(&self, kind: TokenKind, id: Uuid, lifetime: TimeDelta) -> Result<TemporaryToken> {
        let token = self.sign_token(kind, id, lifetime, NoMore {})?;
        Ok(TemporaryToken { token, expires_at: self.now() + lifetime })
    }
}

impl SentCode {
    fn owner(&self) -> [Option<Uuid>; 3] {
        [self.account_id, self.registration_id, self.session_id]
    }
}
