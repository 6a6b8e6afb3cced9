//! Sessions and tokens. The row is the authority: whatever names it — cookie, access token, refresh token — is worth nothing
//! once it has ended.

use std::time::Duration;

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        error::Error,
        limits,
        session::{ACCESS_LIFETIME, Actor, Kind, Origin, REFRESH_GRACE, SECOND_STEP_LIFETIME, SecondFactor, Session},
    },
    store::{Transaction, sessions::RefreshToken},
};

use super::{
    Accounts, Result,
    notify::request_location,
    secrets::{Claims, PublicKey, TokenKind, fingerprint},
};

const ACCESS: TokenKind = TokenKind { typ: "at+jwt", audience: "" };
/// A session's last use is written at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A session that just began, with what names it: told once and stored hashed.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub account: Account,
    /// The session.
    pub session: Session,
    /// What names it.
    pub secret: Secret,
    /// The cookie by which a browser is known among the account's devices, where somebody came in by one.
    pub device: Option<String>,
}

/// What names a session.
#[derive(Clone, Debug)]
pub enum Secret {
    /// The value of the session cookie.
    Cookie(String),
    /// What an API client gets.
    Tokens {
        /// A JWT of RFC 9068.
        access: String,
        /// Exchanged for a new pair, once.
        refresh: String,
        /// The life of the access token.
        expires_in: Duration,
    },
    /// An access token alone, which every route but the second step refuses.
    Access(String),
}

#[derive(Serialize, Deserialize)]
struct AccessClaims {
    sid: Uuid,
    jti: Uuid,
}

impl Accounts {
    /// Whose session cookie this is.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is dead, [`Error::SecondFactorRequired`] between the two steps of signing in.
    pub async fn authenticate_cookie(&self, value: &str, origin: &Origin) -> Result<(Actor, Account)> {
        let session = self.read().await?.session_by_token(&fingerprint(value)).await?;
        self.authenticate(session.filter(|session| session.kind == Kind::Browser), origin).await
    }

    /// Whose access token this is.
    ///
    /// # Errors
    /// As [`Self::authenticate_cookie`].
    pub async fn authenticate_bearer(&self, token: &str, origin: &Origin) -> Result<(Actor, Account)> {
        let session = self.session_of_bearer(token).await?;
        self.authenticate(session, origin).await
    }

    /// The session that an access token names, dead or alive.
    pub(super) async fn session_of_bearer(&self, token: &str) -> Result<Option<Session>> {
        let claims: Claims<AccessClaims> = self.verify_token(ACCESS, token).await?;
        let session = self.read().await?.session(claims.more.sid).await?;
        let is_own = |session: &Session| session.kind != Kind::App && session.account_id.to_string() == claims.sub;
        Ok(session.filter(is_own))
    }

    async fn authenticate(&self, session: Option<Session>, origin: &Origin) -> Result<(Actor, Account)> {
        let now = self.now();
        let session = session.map(|session| self.as_last_used(session)).filter(|session| session.is_alive(now));
        let session = session.ok_or(Error::Unauthenticated)?;
        if session.second_factor.is_missing() {
            let challenge = self.challenge(Some(session), origin).await?;
            return Err(Error::SecondFactorRequired { methods: challenge.methods });
        }
        let account = self.read().await?.account(session.account_id).await?;
        let account = account.filter(Account::is_active).ok_or(Error::Unauthenticated)?;
        if now - session.last_used_at >= TOUCH_EVERY {
            let expires_at = match session.kind {
                Kind::Browser => now + session.kind.lifetime(),
                Kind::Api | Kind::App => session.expires_at,
            };
            self.note_session(session.id, expires_at);
        }
        let actor = Actor {
            account_id: account.id,
            session_id: session.id,
            role: account.role,
            authenticated_at: session.authenticated_at,
            second_factor: session.second_factor,
            origin: origin.clone(),
        };
        Ok((actor, account))
    }

    /// Exchanges a refresh token for a new pair. The same token within thirty seconds gives the same successor; later it ends
    /// the session, because two parties hold it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a dead, unknown or reused token.
    pub async fn refresh(&self, token: &str, origin: &Origin) -> Result<NewSession> {
        let now = self.now();
        let token_hash = fingerprint(token);
        let mut tx = self.write().await?;
        let owner = renewed_by(&mut tx, &token_hash).await?.ok_or(Error::Unauthenticated)?.account_id;
        let account = tx.lock_account(owner).await?.filter(Account::is_active).ok_or(Error::Unauthenticated)?;
        let first_use = tx.use_refresh_token(&token_hash, now).await?;
        let stored = tx.refresh_token(&token_hash).await?.ok_or(Error::Unauthenticated)?;
        let session = tx.session(stored.session_id).await?.filter(|session| session.is_alive(now));
        let session = session.filter(|_| now < stored.expires_at).ok_or(Error::Unauthenticated)?;
        let in_grace = stored.used_at.is_some_and(|used_at| now - used_at <= REFRESH_GRACE);
        if !first_use && !in_grace {
            tx.end_session(account.id, session.id, now).await?;
            self.record(&mut tx, account.id, Event::RefreshTokenReused, origin, &[]).await?;
            tx.commit().await?;
            return Err(Error::Unauthenticated);
        }
        // Made from its predecessor, so that asking again needs no copy of it in the database.
        let refresh = BASE64URL_NOPAD.encode(&self.secrets().mac(&[b"refresh", token.as_bytes()])?);
        if first_use {
            tx.insert_refresh_token(&RefreshToken {
                token_hash: fingerprint(&refresh),
                session_id: session.id,
                created_at: now,
                expires_at: stored.expires_at,
                used_at: None,
                grant: None,
            })
            .await?;
            tx.touch_session(session.id, now, session.expires_at).await?;
        }
        tx.commit().await?;
        let secret = self.tokens(&session, refresh)?;
        Ok(NewSession { account, session, secret, device: None })
    }

    /// A new session in place of the caller's, which ends when that one would have: nobody gave a password or a second
    /// factor anew.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the session ended in the meantime.
    pub async fn renew(&self, actor: &Actor) -> Result<NewSession> {
        let (mut tx, account) = self.write_as(actor).await?;
        let old = tx.session(actor.session_id).await?.map(|session| self.as_last_used(session));
        let old = old.ok_or(Error::Unauthenticated)?;
        tx.end_session(account.id, old.id, self.now()).await?;
        let token = self.rng().token();
        let fresh = self.new_session(&account, old.kind, old.second_factor, &token, &actor.origin);
        let fresh = Session { authenticated_at: old.authenticated_at, expires_at: old.expires_at, ..fresh };
        let new = self.keep_session(&mut tx, &account, fresh, token).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// The caller's sessions that are alive, newest first.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        let sessions = self.read().await?.sessions_of(actor.account_id, self.now()).await?;
        let whole = sessions.into_iter().filter(|session| !session.second_factor.is_missing());
        Ok(whole.map(|session| self.as_last_used(session)).collect())
    }

    /// The caller's own session, unless it has ended in the meantime.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn own_session(&self, actor: &Actor) -> Result<Option<Session>> {
        let own = self.read().await?.session(actor.session_id).await?;
        Ok(own.map(|session| self.as_last_used(session)).filter(|session| session.is_alive(self.now())))
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the caller's own ended in the meantime, [`Error::NotFound`] when it is not theirs or
    /// not alive.
    pub async fn end_session(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let (mut tx, _) = self.write_as(actor).await?;
        if !tx.end_session(actor.account_id, id, self.now()).await? {
            return Err(Error::NotFound);
        }
        self.record(&mut tx, actor.account_id, Event::SessionEnded, &actor.origin, &[]).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all of the caller's sessions, or all others, and says how many.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the caller's own ended in the meantime.
    pub async fn end_all_sessions(&self, actor: &Actor, keep_own: bool) -> Result<u64> {
        let (mut tx, _) = self.write_as(actor).await?;
        let except = keep_own.then_some(actor.session_id);
        let ended = tx.end_sessions(actor.account_id, except, self.now()).await?;
        self.record(&mut tx, actor.account_id, Event::SessionsEnded, &actor.origin, &[("count", ended.into())]).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The keys that verify access tokens, newest first.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.secrets().public_keys()
    }

    /// Adds a session and makes what names it.
    pub(super) async fn open_session(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        kind: Kind,
        second_factor: SecondFactor,
        origin: &Origin,
    ) -> Result<NewSession> {
        let token = self.rng().token();
        let session = self.new_session(account, kind, second_factor, &token, origin);
        self.keep_session(tx, account, session, token).await
    }

    /// A session that begins now.
    fn new_session(
        &self,
        account: &Account,
        kind: Kind,
        second_factor: SecondFactor,
        token: &str,
        origin: &Origin,
    ) -> Session {
        let now = self.now();
        let place = request_location(origin);
        let lifetime = if second_factor.is_missing() { SECOND_STEP_LIFETIME } else { kind.lifetime() };
        Session {
            id: self.rng().uuid(now),
            account_id: account.id,
            kind,
            token_hash: (kind == Kind::Browser).then(|| fingerprint(token)),
            user_agent: origin.user_agent.chars().take(limits::USER_AGENT).collect(),
            device: place.device,
            address: place.address,
            second_factor,
            created_at: now,
            last_used_at: now,
            authenticated_at: now,
            expires_at: now + lifetime,
            ended_at: None,
            app: None,
            replaces: origin.session_id.filter(|_| kind == Kind::Browser),
        }
    }

    async fn keep_session(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        session: Session,
        token: String,
    ) -> Result<NewSession> {
        let session = match session.second_factor.is_missing() {
            // Nobody is in yet.
            true => None,
            false => self.continued(tx, &session).await?,
        }
        .map_or((session, true), |continued| (continued, false));
        let (session, is_new) = session;
        if is_new {
            tx.insert_session(&session).await?;
        }
        let secret = match session.kind {
            Kind::Browser | Kind::App => Secret::Cookie(token),
            Kind::Api if session.second_factor.is_missing() => Secret::Access(self.access_token(&session)?),
            Kind::Api => self.first_tokens(tx, &session, token).await?,
        };
        Ok(NewSession { account: account.clone(), session, secret, device: None })
    }

    /// The session that a browser had before, with the cookie and the sign-in of this one: whoever signs in again as the same
    /// account stays signed in to apps. None where there is no such session.
    pub(super) async fn continued(&self, tx: &mut Box<dyn Transaction>, by: &Session) -> Result<Option<Session>> {
        let Some(id) = by.replaces else { return Ok(None) };
        if !tx.continue_session(id, by).await? {
            return Ok(None);
        }
        Ok(tx.session(id).await?)
    }

    /// Ends the session that a browser had before, if it was another account's: only one is signed in at a time.
    pub(super) async fn end_replaced(&self, by: &Session, origin: &Origin) -> Result<()> {
        let Some(id) = by.replaces else { return Ok(()) };
        let old = self.read().await?.session(id).await?;
        self.end_named(old.filter(|old| old.account_id != by.account_id), origin).await
    }

    /// Notes that somebody is in: last sign-in, activity, and from which device. The answer is the cookie by which a browser
    /// is known.
    pub(super) async fn note_entry(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        kind: Kind,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let now = self.now();
        tx.note_sign_in(account.id, now).await?;
        account.last_sign_in_at = Some(now);
        self.record(tx, account.id, Event::SignedIn, origin, &[]).await?;
        self.note_device(tx, account, kind, origin).await
    }

    /// The first tokens of a session; `refresh` is random.
    pub(super) async fn first_tokens(
        &self,
        tx: &mut Box<dyn Transaction>,
        session: &Session,
        refresh: String,
    ) -> Result<Secret> {
        tx.insert_refresh_token(&RefreshToken {
            token_hash: fingerprint(&refresh),
            session_id: session.id,
            created_at: self.now(),
            expires_at: session.expires_at,
            used_at: None,
            grant: None,
        })
        .await?;
        self.tokens(session, refresh)
    }

    fn access_token(&self, session: &Session) -> Result<String> {
        let more = AccessClaims { sid: session.id, jti: self.rng().uuid(self.now()) };
        self.sign_token(ACCESS, session.account_id, ACCESS_LIFETIME, more)
    }

    fn tokens(&self, session: &Session, refresh: String) -> Result<Secret> {
        let access = self.access_token(session)?;
        Ok(Secret::Tokens { access, refresh, expires_in: ACCESS_LIFETIME.to_std().unwrap_or_default() })
    }

    pub(super) fn sign_token<T: Serialize>(
        &self,
        kind: TokenKind,
        subject: Uuid,
        lifetime: TimeDelta,
        more: T,
    ) -> Result<String> {
        let now = self.now();
        let claims = Claims {
            iss: self.issuer(),
            aud: self.audience(kind),
            sub: subject.to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + lifetime).timestamp(),
            more,
        };
        self.secrets().sign(kind, &claims)
    }

    pub(super) async fn verify_token<T: DeserializeOwned>(&self, kind: TokenKind, token: &str) -> Result<Claims<T>> {
        self.secrets().verify(kind, &self.issuer(), &[&self.audience(kind)], token, self.now()).await
    }

    /// The `iss` of every token.
    pub fn issuer(&self) -> String {
        self.absolute("/oidc")
    }

    fn audience(&self, kind: TokenKind) -> String {
        self.absolute(kind.audience)
    }

    /// A path below the public URL.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.settings().public_url.as_str().trim_end_matches('/'))
    }
}

/// The session that a refresh token renews, dead or alive.
pub(super) async fn renewed_by(tx: &mut Box<dyn Transaction>, token_hash: &[u8]) -> Result<Option<Session>> {
    match tx.refresh_token(token_hash).await? {
        // That of an app is good at the token endpoint alone, and nothing ends that it is shown elsewhere.
        Some(stored) => Ok(tx.session(stored.session_id).await?.filter(|session| session.kind == Kind::Api)),
        None => Ok(None),
    }
}
