//! Refresh tokens of apps (RFC 6749, section 6): rotated at each use (RFC 9700, section 4.14). What they may do stays with
//! them; what is asked for of it is the answer's alone.

use data_encoding::BASE64URL_NOPAD;

use crate::{
    domain::{
        activity::Kind as Event,
        client::Client,
        oidc::{grant::Grant, scope},
        session::{Origin, REFRESH_GRACE, Session},
    },
    service::{Accounts, Result, messages::Notice, secrets::fingerprint},
    store::{Transaction, sessions::RefreshToken},
};

use super::{
    codes::in_days,
    tokens::{Issued, TokenError, Tokens},
};

/// Refresh tokens that one session of an app has; the oldest goes.
const MOST: i64 = 20;
const UNKNOWN: TokenError = TokenError::InvalidGrant("The refresh token is unknown, was used, or has expired.");

impl Accounts {
    /// The first refresh token of a grant.
    pub(super) async fn first_refresh_token(
        &self,
        tx: &mut Box<dyn Transaction>,
        client: &Client,
        session: &Session,
        grant: &Grant,
    ) -> Result<String> {
        let now = self.now();
        let token = self.rng().token();
        tx.insert_refresh_token(&RefreshToken {
            token_hash: fingerprint(&token),
            session_id: session.id,
            created_at: now,
            expires_at: in_days(now, client.app.refresh_days),
            used_at: None,
            grant: Some(grant.clone()),
        })
        .await?;
        tx.trim_refresh_tokens(session.id, MOST).await?;
        Ok(token)
    }

    /// Exchanges a refresh token of an app for new tokens. For 30 seconds the same one gives the same successor; later it
    /// ends the app's session, because two parties hold it, and the person is told.
    ///
    /// # Errors
    /// [`TokenError::InvalidGrant`], [`TokenError::InvalidScope`], [`TokenError::InvalidTarget`]; none of them rotates.
    pub async fn refresh_app(
        &self,
        client: &Client,
        token: &str,
        scope: Option<&str>,
        resource: Option<&str>,
        origin: &Origin,
    ) -> Result<Tokens, TokenError> {
        self.secrets().prepare(client.app.alg).await?;
        let now = self.now();
        let token_hash = fingerprint(token);
        let mut tx = self.write().await?;
        let stored = tx.refresh_token(&token_hash).await?.ok_or(UNKNOWN)?;
        let known = tx.app_session_by_id(stored.session_id).await?.ok_or(UNKNOWN)?;
        let account = tx.lock_account(known.session.account_id).await?.ok_or(UNKNOWN)?;
        let stored = tx.refresh_token(&token_hash).await?.ok_or(UNKNOWN)?;
        let known = tx.app_session_by_id(stored.session_id).await?.ok_or(UNKNOWN)?;
        let is_own = known.session.app.as_ref().is_some_and(|app| app.client_id == client.id);
        let current = tx.client(client.id).await?.filter(|_| is_own).filter(Client::is_app_in_use).ok_or(UNKNOWN)?;
        let grant = stored.grant.clone().ok_or(UNKNOWN)?;
        let is_good = now < stored.expires_at && known.is_alive(now) && account.is_active();
        if !is_good {
            return Err(UNKNOWN);
        }
        let session = known.session;
        let in_grace = stored.used_at.is_some_and(|used_at| now - used_at <= REFRESH_GRACE);
        if stored.used_at.is_some() && !in_grace {
            tx.end_app_session(account.id, session.id, now).await?;
            let app = current.name.clone();
            let detail = [("app", app.clone().into())];
            self.record(&mut tx, account.id, Event::RefreshTokenReused, origin, &detail).await?;
            self.notify_owner(&mut tx, &account, &Notice::AppTokenReused { app }, origin).await?;
            tx.commit().await?;
            return Err(UNKNOWN);
        }
        self.check_resource(&current, &grant, resource)?;
        let narrowed = narrowed(&grant, scope)?;
        // Made from its predecessor, so that asking again needs no copy of it in the database.
        let successor = BASE64URL_NOPAD.encode(&self.secrets().mac(&[b"refresh", token.as_bytes()])?);
        if stored.used_at.is_none() {
            tx.use_refresh_token(&token_hash, now).await?;
            tx.insert_refresh_token(&RefreshToken {
                token_hash: fingerprint(&successor),
                session_id: session.id,
                created_at: now,
                expires_at: stored.expires_at,
                used_at: None,
                grant: Some(grant),
            })
            .await?;
            tx.trim_refresh_tokens(session.id, MOST).await?;
            tx.touch_session(session.id, now, session.expires_at).await?;
        }
        tx.commit().await?;
        let issued = Issued {
            client: &current,
            account: &account,
            session_id: session.id,
            grant: &narrowed,
            resource,
            nonce: None,
        };
        self.issue(issued, Some(successor))
    }
}

/// The grant with the scopes that are asked for: all, unless some are named (RFC 6749, section 6).
fn narrowed(grant: &Grant, scope: Option<&str>) -> Result<Grant, TokenError> {
    let Some(asked) = scope else { return Ok(grant.clone()) };
    let asked = scope::split(asked);
    match asked.iter().find(|name| !grant.has(name)) {
        Some(_) => Err(TokenError::InvalidScope),
        None => Ok(Grant { scopes: asked.into_iter().map(str::to_owned).collect(), ..grant.clone() }),
    }
}
