//! The second step of signing in. The right password of an account with a second factor opens a session that every route
//! refuses but this step; a right answer makes it a whole one, under another secret.
//!
//! The session keeps its id, so that an access token told at the first step becomes good with the second: clients of the
//! Mindbricks dialect go on with the one they have. A browser's cookie gets another value, which nobody can have planted.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, State},
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose},
        error::Error,
        second_factor::Method,
        session::{Kind, Origin, SecondFactor, Session},
    },
    store::Transaction,
};

use crate::service::{
    Accounts, Result,
    secrets::fingerprint,
    sessions::{NewSession, Secret, renewed_by},
    two_factor::factor::FactorChallenge,
};

/// Somebody between the two steps of signing in: proof that a half-signed-in session was looked up and found alive.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Whose account; it may be archived, then the second step restores it.
    pub account: Account,
    /// The session; its `expires_at` is when this step can no longer be taken.
    pub session: Session,
    /// What can answer, in the order of preference.
    pub methods: Vec<Method>,
    origin: Origin,
}

impl Accounts {
    /// Who waits for the second step under this session cookie.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody does, [`Error::Locked`].
    pub async fn challenge_by_cookie(&self, value: &str, origin: &Origin) -> Result<Challenge> {
        let session = self.read().await?.session_by_token(&fingerprint(value)).await?;
        self.challenge(session, origin).await
    }

    /// Who waits for the second step with this access token.
    ///
    /// # Errors
    /// As [`Self::challenge_by_cookie`].
    pub async fn challenge_by_bearer(&self, token: &str, origin: &Origin) -> Result<Challenge> {
        let session = self.session_of_bearer(token).await?;
        self.challenge(session, origin).await
    }

    /// Who waits for the second step in this session. Its id is random and told to nobody but who gave the password.
    ///
    /// # Errors
    /// As [`Self::challenge_by_cookie`].
    pub async fn challenge_by_id(&self, account_id: Uuid, session_id: Uuid, origin: &Origin) -> Result<Challenge> {
        let session = self.read().await?.session(session_id).await?;
        self.challenge(session.filter(|session| session.account_id == account_id), origin).await
    }

    pub(in crate::service) async fn challenge(&self, session: Option<Session>, origin: &Origin) -> Result<Challenge> {
        let now = self.now();
        let session = session.filter(|session| session.is_alive(now) && session.second_factor.is_missing());
        let session = session.ok_or(Error::Unauthenticated)?;
        let mut tx = self.read().await?;
        let account = tx.account(session.account_id).await?;
        let account = self.unlocked(account)?;
        let methods = self.factors_of(&mut tx, &account).await?.methods;
        Ok(Challenge { account, session, methods, origin: origin.clone() })
    }

    /// Sends the code of the preferred method where that is one that is sent: what a surface does that does not ask first.
    ///
    /// # Errors
    /// [`Error::TooManyCodes`]; [`Error::Unauthenticated`] when the session ended in the meantime, [`Error::Locked`].
    pub async fn send_preferred_code(
        &self,
        half: &NewSession,
        methods: &[Method],
        origin: &Origin,
    ) -> Result<Option<CodeReceipt>> {
        let Some(channel) = methods.first().and_then(|method| method.channel()) else { return Ok(None) };
        let mut tx = self.write().await?;
        let account = &self.lock_half(&mut tx, &half.session).await?;
        let challenge =
            FactorChallenge { account, session_id: half.session.id, purpose: Purpose::SecondFactor, origin };
        self.send_factor_code(tx, challenge, Some(channel), TimeDelta::zero()).await.map(Some)
    }

    /// Sends a code that answers the challenge: by the channel asked for, else by mail before text message. `spacing` is
    /// the least time between two codes to one destination.
    ///
    /// # Errors
    /// [`Error::NoSecondFactor`] when nothing is verified there, [`Error::CodeTooSoon`], [`Error::TooManyCodes`];
    /// [`Error::Unauthenticated`] when the session ended in the meantime, [`Error::Locked`].
    pub async fn send_challenge_code(
        &self,
        challenge: &Challenge,
        channel: Option<Channel>,
        spacing: TimeDelta,
    ) -> Result<CodeReceipt> {
        let mut tx = self.write().await?;
        let account = self.lock_half(&mut tx, &challenge.session).await?;
        let challenge = FactorChallenge { account: &account, ..challenge.challenge() };
        self.send_factor_code(tx, challenge, channel, spacing).await
    }

    /// Takes the second step. An archived account is restored in the same transaction, so that a purge cannot come between.
    ///
    /// # Errors
    /// The errors of a code; [`Error::Throttled`]; [`Error::Unauthenticated`] when the session ended in the meantime;
    /// [`Error::Locked`].
    pub async fn answer_challenge(
        &self,
        challenge: &Challenge,
        code: &str,
        method: Option<Method>,
    ) -> Result<NewSession> {
        let origin = &challenge.origin;
        let right = match self.verify_factor(challenge.challenge(), code, method).await {
            Err(error @ Error::CodeWrong { .. }) => {
                self.note_failure(challenge.account.id, origin).await?;
                return Err(error);
            }
            judged => judged?,
        };
        let mut tx = self.write().await?;
        let mut account = self.lock_half(&mut tx, &challenge.session).await?;
        self.spend_answer(&mut tx, &account, &right, origin).await?;
        let (session, secret) = self.complete(&mut tx, &challenge.session).await?;
        self.restore_with_second_step(&mut tx, &mut account, challenge).await?;
        let device = self.note_entry(&mut tx, &mut account, session.kind, origin).await?;
        tx.commit().await?;
        self.end_replaced(&challenge.session, origin).await?;
        Ok(NewSession { account, session, secret, device })
    }

    /// Ends the session that a cookie names, half-signed-in or whole. One that names none is no error.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn sign_out_by_cookie(&self, value: &str, origin: &Origin) -> Result<()> {
        let session = self.read().await?.session_by_token(&fingerprint(value)).await?;
        self.end_named(session, origin).await
    }

    /// Ends the session that an access token names, half-signed-in or whole. One that names none is no error.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn sign_out_by_bearer(&self, token: &str, origin: &Origin) -> Result<()> {
        match self.session_of_bearer(token).await {
            Err(Error::Unauthenticated) => Ok(()),
            session => self.end_named(session?, origin).await,
        }
    }

    /// Ends the session that a refresh token renews. One that names none is no error (RFC 7009, section 2.2).
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn sign_out_by_refresh(&self, token: &str, origin: &Origin) -> Result<()> {
        let session = renewed_by(&mut self.read().await?, &fingerprint(token)).await?;
        self.end_named(session, origin).await
    }

    pub(in crate::service) async fn end_named(&self, session: Option<Session>, origin: &Origin) -> Result<()> {
        let Some(session) = session else { return Ok(()) };
        let mut tx = self.write().await?;
        tx.lock_account(session.account_id).await?;
        let ended = tx.end_session(session.account_id, session.id, self.now()).await?;
        if ended && !session.second_factor.is_missing() {
            self.record(&mut tx, session.account_id, Event::SignedOut, origin, &[]).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Locks the account of a session that waits for its second step still.
    async fn lock_half(&self, tx: &mut Box<dyn Transaction>, session: &Session) -> Result<Account> {
        let account = tx.lock_account(session.account_id).await?;
        let account = self.unlocked(account)?;
        let session = tx.session(session.id).await?;
        let waits = session.is_some_and(|session| session.is_alive(self.now()) && session.second_factor.is_missing());
        if waits { Ok(account) } else { Err(Error::Unauthenticated) }
    }

    /// The account that was found, if signing in to it is possible.
    fn unlocked(&self, found: Option<Account>) -> Result<Account> {
        let account = found.ok_or(Error::Unauthenticated)?;
        match account.state(self.now()) {
            None => Err(Error::Unauthenticated),
            Some(State::Deactivated) => Err(Error::Locked),
            Some(State::Active | State::Archived { .. }) => Ok(account),
        }
    }

    /// Makes a half-signed-in session a whole one.
    async fn complete(&self, tx: &mut Box<dyn Transaction>, half: &Session) -> Result<(Session, Secret)> {
        let now = self.now();
        let token = self.rng().token();
        let session = Session {
            token_hash: half.token_hash.as_ref().map(|_| fingerprint(&token)),
            second_factor: SecondFactor::Passed,
            last_used_at: now,
            authenticated_at: now,
            expires_at: now + half.kind.lifetime(),
            ..half.clone()
        };
        if !tx.complete_session(session.id, session.token_hash.as_deref(), now, session.expires_at).await? {
            return Err(Error::Unauthenticated);
        }
        let session = self.in_place_of_old(tx, session).await?;
        let secret = match session.kind {
            Kind::Browser | Kind::App => Secret::Cookie(token),
            Kind::Api => self.first_tokens(tx, &session, token).await?,
        };
        Ok((session, secret))
    }

    /// The session that the browser had before, in the place of this one, where it is of the same account.
    async fn in_place_of_old(&self, tx: &mut Box<dyn Transaction>, whole: Session) -> Result<Session> {
        let Some(old) = whole.replaces else { return Ok(whole) };
        let Some(old) = tx.session(old).await? else { return Ok(whole) };
        let goes_on = old.kind == Kind::Browser && old.account_id == whole.account_id && old.is_alive(self.now());
        if !goes_on {
            return Ok(whole);
        }
        // First: no two have one cookie.
        tx.delete_session(whole.id).await?;
        self.continued(tx, &whole).await?.ok_or(Error::Unauthenticated)
    }

    /// Brings an archived account back, with the password of its confirmed registration where that led here.
    async fn restore_with_second_step(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        challenge: &Challenge,
    ) -> Result<()> {
        let now = self.now();
        if challenge.session.second_factor == SecondFactor::PendingRestore {
            let password_hash = tx.restore(account.id, now).await?.ok_or(Error::Unauthenticated)?;
            account.password_hash = Some(password_hash);
            account.password_changed_at = Some(now);
            // Who gave the old password is half-signed-in no longer.
            tx.end_sessions(account.id, Some(challenge.session.id), now).await?;
        }
        if account.archived_at.is_some() { self.bring_back(tx, account, &challenge.origin).await } else { Ok(()) }
    }
}

impl Challenge {
    fn challenge(&self) -> FactorChallenge<'_> {
        FactorChallenge {
            account: &self.account,
            session_id: self.session.id,
            purpose: Purpose::SecondFactor,
            origin: &self.origin,
        }
    }
}
