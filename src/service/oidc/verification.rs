//! Whose token it is: userinfo (Core, section 5.3), introspection (RFC 7662), revocation (RFC 7009).

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::{
    domain::{
        client::{Client, ClientType, Scope},
        error::Error,
        oidc::scope::{self, OPENID},
        session::ACCESS_LIFETIME,
    },
    service::{Accounts, Result, secrets::fingerprint},
    store::oidc::Subject,
};

use super::{
    claims::ToldIn,
    tokens::{ACCESS, AccessClaims},
};

/// Clocks of apps and servers may differ by this much.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// The last use of a session is written at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Why userinfo tells nothing (RFC 6750, section 3.1).
#[derive(Debug)]
pub enum UserInfoError {
    /// The token is not good (any more).
    InvalidToken,
    /// It was given without `openid`.
    InsufficientScope,
    /// Anything else.
    Core(Error),
}

/// Why a token is not revoked.
#[derive(Debug)]
pub enum RevocationError {
    /// It is another app's.
    NotYours,
    /// Anything else.
    Core(Error),
}

impl Accounts {
    /// The claims of whoever an access token names.
    ///
    /// # Errors
    /// [`UserInfoError`].
    pub async fn user_info(&self, token: &str) -> Result<Map<String, Value>, UserInfoError> {
        let claims = self.read_access_token(token).await.map_err(UserInfoError::Core)?;
        let claims = claims.ok_or(UserInfoError::InvalidToken)?;
        if claims.aud != self.userinfo_audience() {
            return Err(UserInfoError::InvalidToken);
        }
        let subject = self.subject_of(&claims).await.map_err(UserInfoError::Core)?;
        let subject = subject.ok_or(UserInfoError::InvalidToken)?;
        let scopes: Vec<_> = scope::split(&claims.scope).into_iter().map(str::to_owned).collect();
        if !scopes.iter().any(|name| name == OPENID) {
            return Err(UserInfoError::InsufficientScope);
        }
        let mut told = Map::new();
        told.insert("sub".to_owned(), subject.account.id.to_string().into());
        told.extend(self.claims_of(&subject.account, &scopes, ToldIn::UserInfo));
        Ok(told)
    }

    /// What a token is worth, to a client that was authenticated. Of what is not its to know it hears that it is not active.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn introspect(&self, client: &Client, token: &str) -> Result<Map<String, Value>> {
        let mut told = match self.read_access_token(token).await? {
            Some(claims) => self.introspect_access(client, claims).await?,
            None => self.introspect_refresh(client, token).await?,
        };
        told.entry("active").or_insert(Value::Bool(false));
        Ok(told)
    }

    async fn introspect_access(&self, client: &Client, claims: AccessClaims) -> Result<Map<String, Value>> {
        let may = client.kind == ClientType::Confidential && client.app.api(&claims.aud).is_some();
        let Some(subject) = self.subject_of(&claims).await?.filter(|_| may || may_introspect(client, claims.client_id))
        else {
            return Ok(Map::new());
        };
        let told = json!({
            "active": true,
            "token_type": "Bearer",
            "username": subject.account.username.as_str(),
            "iss": claims.iss,
            "sub": claims.sub,
            "aud": claims.aud,
            "client_id": claims.client_id,
            "scope": claims.scope,
            "sid": claims.sid,
            "jti": claims.jti,
            "auth_time": claims.auth_time,
            "acr": claims.acr,
            "iat": claims.iat,
            "nbf": claims.nbf,
            "exp": claims.exp,
        });
        Ok(object(told))
    }

    async fn introspect_refresh(&self, client: &Client, token: &str) -> Result<Map<String, Value>> {
        let now = self.now();
        let mut tx = self.read().await?;
        let Some(stored) = tx.refresh_token(&fingerprint(token)).await? else { return Ok(Map::new()) };
        let is_good = stored.used_at.is_none() && now < stored.expires_at;
        let (Some(grant), true) = (stored.grant, is_good) else { return Ok(Map::new()) };
        let known = tx.app_session_by_id(stored.session_id).await?;
        let owner = known.and_then(|known| known.session.app).map(|app| app.client_id);
        let Some(owner) = owner.filter(|owner| may_introspect(client, *owner)) else { return Ok(Map::new()) };
        let subject = tx.subject(stored.session_id, owner).await?.filter(|subject| subject.is_alive(now));
        let Some(subject) = subject else { return Ok(Map::new()) };
        Ok(object(json!({
            "active": true,
            "token_type": "refresh_token",
            "username": subject.account.username.as_str(),
            "iss": self.issuer(),
            "sub": subject.account.id,
            "client_id": owner,
            "scope": grant.scopes.join(" "),
            "sid": stored.session_id,
            "iat": stored.created_at.timestamp(),
            "exp": stored.expires_at.timestamp(),
        })))
    }

    /// Ends the session of an app that one of its tokens names. A token that names none is no error.
    ///
    /// # Errors
    /// [`RevocationError::NotYours`] for another app's, of which nothing ends.
    pub async fn revoke_token(&self, client: &Client, token: &str) -> Result<(), RevocationError> {
        let named = async {
            let mut tx = self.read().await?;
            let session_id = match self.read_access_token(token).await? {
                Some(claims) => Some(claims.sid),
                None => tx.refresh_token(&fingerprint(token)).await?.map(|stored| stored.session_id),
            };
            match session_id {
                Some(id) => Ok(tx.app_session_by_id(id).await?),
                None => Ok(None),
            }
        };
        let Some(known) = named.await.map_err(RevocationError::Core)? else { return Ok(()) };
        let session = known.session;
        if session.app.as_ref().is_none_or(|app| app.client_id != client.id) {
            return Err(RevocationError::NotYours);
        }
        let end = async {
            let mut tx = self.write().await?;
            tx.lock_account(session.account_id).await?;
            tx.end_app_session(session.account_id, session.id, self.now()).await?;
            Ok(tx.commit().await?)
        };
        end.await.map_err(RevocationError::Core)
    }

    /// The claims of an access token of an app that is good by itself.
    async fn read_access_token(&self, token: &str) -> Result<Option<AccessClaims>> {
        let now = self.now();
        let claims: Option<AccessClaims> = self.secrets().read_of_app(ACCESS, &self.issuer(), token, now).await?;
        let in_time =
            |claims: &AccessClaims| claims.nbf <= (now + LEEWAY).timestamp() && claims.exp > (now - LEEWAY).timestamp();
        Ok(claims.filter(in_time))
    }

    /// Whom an access token names, while the session of the app lives.
    async fn subject_of(&self, claims: &AccessClaims) -> Result<Option<Subject>> {
        let now = self.now();
        let subject = self.read().await?.subject(claims.sid, claims.client_id).await?;
        let subject = subject.filter(|subject| subject.account.id == claims.sub && subject.is_alive(now));
        if let Some(subject) = &subject
            && now - subject.last_used_at >= TOUCH_EVERY
        {
            self.note_session(claims.sid, subject.expires_at);
        }
        Ok(subject)
    }
}

/// Whether a client may hear of the tokens of an app: its own, and a service that may do everything of any.
fn may_introspect(client: &Client, owner: uuid::Uuid) -> bool {
    match client.kind {
        ClientType::Service => client.scope == Scope::All,
        ClientType::Confidential => client.id == owner,
        ClientType::Public => false,
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// How long an access token is good, in seconds.
pub const EXPIRES_IN: i64 = ACCESS_LIFETIME.num_seconds();
