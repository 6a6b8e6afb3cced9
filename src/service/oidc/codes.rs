//! Authorization codes (RFC 6749, section 4.1): given to an app once a person is done, exchanged for tokens once.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        client::Client,
        error::Error,
        oidc::{
            decision::{Decision, PendingRequest},
            grant::{CodeGrant, Grant},
            pkce,
        },
        session::{ACCESS_LIFETIME, Actor, AppPart, Kind, SecondFactor, Session},
    },
    service::{Accounts, Result, limits::throttled, secrets::fingerprint},
    store::{
        Transaction,
        oidc::{AppSession, AuthorizationCode, Consent},
    },
};

use super::{
    authorization::Progress,
    tokens::{Issued, TokenError, Tokens},
};

/// How long a code can be exchanged (RFC 6749, section 4.1.2, recommends ten minutes at most).
const LIFETIME: TimeDelta = TimeDelta::seconds(60);
/// Codes that one session of an app is given within [`CODES_WINDOW`].
const CODES: i64 = 20;
/// The window of [`CODES`].
const CODES_WINDOW: TimeDelta = TimeDelta::minutes(1);

/// What an app sends for a code.
#[derive(Clone, Debug, Default)]
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// Where it was sent, if the app says it.
    pub redirect_uri: Option<&'a str>,
    /// What is behind the challenge.
    pub code_verifier: Option<&'a str>,
    /// The API that the access token is for; none for userinfo.
    pub resource: Option<&'a str>,
}

impl Accounts {
    /// Gives an app a code, if what was decided still holds with the account locked.
    pub(super) async fn give_code(&self, pending: &PendingRequest, actor: &Actor) -> Result<Progress> {
        let now = self.now();
        let (mut tx, account) = self.write_as(actor).await?;
        let client = tx.client(pending.client_id).await?.filter(Client::is_app_in_use).ok_or(Error::NotFound)?;
        let browser = tx.session(actor.session_id).await?.ok_or(Error::Unauthenticated)?;
        let mut who = self.signed_in(&mut tx, pending, actor).await?;
        (who.role, who.authenticated_at) = (account.role, browser.authenticated_at);
        match pending.decide(&client, Some(&who)) {
            Decision::Grant => {}
            decision => return Ok(Progress::Decided(decision)),
        }
        let session = self.app_session_in(&mut tx, &client, &account, &browser, pending, actor).await?;
        let since = now - CODES_WINDOW;
        if tx.count_authorization_codes(session.id, since).await? >= CODES {
            return Err(throttled(CODES_WINDOW));
        }
        let grant = Grant {
            scopes: pending.request.access.scopes.clone(),
            resources: pending.request.access.resources.clone(),
            auth_time: browser.authenticated_at,
            second_step: browser.second_factor == SecondFactor::Passed,
        };
        let code = self.rng().token();
        tx.insert_authorization_code(&AuthorizationCode {
            code_hash: fingerprint(&code),
            session_id: session.id,
            granted: CodeGrant {
                grant,
                redirect_uri: pending.request.target.redirect_uri.clone(),
                nonce: pending.request.nonce.clone(),
                challenge: pending.request.challenge.clone(),
            },
            created_at: now,
            expires_at: now + LIFETIME,
            used_at: None,
        })
        .await?;
        if let Some(consent) = tx.consent(account.id, client.id).await? {
            tx.put_consent(&Consent { last_used_at: now, ..consent }).await?;
        }
        tx.commit().await?;
        Ok(Progress::Granted(code))
    }

    /// The session of an app in this browser session, which begins now if there is none.
    async fn app_session_in(
        &self,
        tx: &mut Box<dyn Transaction>,
        client: &Client,
        account: &Account,
        browser: &Session,
        pending: &PendingRequest,
        actor: &Actor,
    ) -> Result<Session> {
        let now = self.now();
        let access = &pending.request.access;
        let lifetime = match access.has(crate::domain::oidc::scope::OFFLINE_ACCESS) {
            true => TimeDelta::days(client.app.refresh_days.into()),
            false => ACCESS_LIFETIME,
        };
        let known = tx.app_session(browser.id, client.id).await?;
        if let Some(AppSession { session, .. }) = known.filter(|known| known.is_alive(now)) {
            let before = session.app.as_ref().map(|app| app.access.clone()).unwrap_or_default();
            let renewed = Session {
                second_factor: browser.second_factor,
                last_used_at: now,
                authenticated_at: browser.authenticated_at,
                expires_at: session.expires_at.max(now + lifetime),
                app: session.app.clone().map(|app| AppPart { access: before.with(access), ..app }),
                ..session
            };
            tx.renew_app_session(&renewed).await?;
            return Ok(renewed);
        }
        let session = Session {
            id: self.rng().uuid(now),
            kind: Kind::App,
            token_hash: None,
            created_at: now,
            last_used_at: now,
            expires_at: now + lifetime,
            app: Some(AppPart { client_id: client.id, parent_id: Some(browser.id), access: access.clone() }),
            replaces: None,
            ..browser.clone()
        };
        tx.insert_session(&session).await?;
        let detail = [("app", client.name.clone().into())];
        self.record(tx, account.id, Event::AppSignedIn, &actor.origin, &detail).await?;
        Ok(session)
    }

    /// Exchanges a code for tokens. Used again by its app, with its verifier, it ends the app's session (RFC 6749, section
    /// 4.1.2): somebody else may hold it. A try that fails changes nothing.
    ///
    /// # Errors
    /// [`TokenError::InvalidGrant`], [`TokenError::InvalidTarget`].
    pub async fn exchange_code(&self, client: &Client, exchange: &Exchange<'_>) -> Result<Tokens, TokenError> {
        self.secrets().prepare(client.app.alg).await?;
        let now = self.now();
        let code_hash = fingerprint(exchange.code);
        let mut tx = self.write().await?;
        let bad = |words: &'static str| TokenError::InvalidGrant(words);
        let unknown = || bad("The code is unknown, was used, or has expired.");
        let owner = match tx.authorization_code(&code_hash).await? {
            Some(code) => tx.app_session_by_id(code.session_id).await?.ok_or_else(unknown)?.session.account_id,
            None => return Err(unknown()),
        };
        let account = tx.lock_account(owner).await?.ok_or_else(unknown)?;
        let code = tx.authorization_code(&code_hash).await?.ok_or_else(unknown)?;
        let known = tx.app_session_by_id(code.session_id).await?.ok_or_else(unknown)?;
        if known.session.app.as_ref().map(|app| app.client_id) != Some(client.id) {
            return Err(unknown());
        }
        if exchange.redirect_uri.is_some_and(|uri| uri != code.granted.redirect_uri) {
            return Err(bad("The redirect_uri is not the one of the authorization request."));
        }
        check_verifier(&code.granted, exchange.code_verifier)?;
        let current = tx.client(client.id).await?.filter(Client::is_app_in_use).ok_or_else(unknown)?;
        if code.used_at.is_some() {
            tx.end_app_session(account.id, known.session.id, now).await?;
            tx.commit().await?;
            tracing::warn!(client = %client.id, account = %account.id, "a code was used twice");
            return Err(unknown());
        }
        let is_good = now < code.expires_at && known.is_alive(now) && account.is_active();
        if !is_good {
            return Err(unknown());
        }
        self.check_resource(&current, &code.granted.grant, exchange.resource)?;
        tx.use_authorization_code(&code_hash, now).await?;
        let refresh = match code.granted.grant.is_offline() {
            true => Some(self.first_refresh_token(&mut tx, &current, &known.session, &code.granted.grant).await?),
            false => None,
        };
        tx.commit().await?;
        let CodeGrant { grant, nonce, .. } = code.granted;
        let issued = Issued {
            client: &current,
            account: &account,
            session_id: known.session.id,
            grant: &grant,
            resource: exchange.resource,
            nonce: nonce.as_deref(),
        };
        self.issue(issued, refresh)
    }
}

/// RFC 7636, section 4.6; a verifier without a challenge is a sign of a code that was injected (RFC 9700, section 4.8).
fn check_verifier(granted: &CodeGrant, verifier: Option<&str>) -> Result<(), TokenError> {
    match (&granted.challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if pkce::proves(verifier, challenge) => Ok(()),
        (Some(_), Some(_)) => Err(TokenError::InvalidGrant("PKCE: the code_verifier does not fit the code_challenge.")),
        (Some(_), None) => Err(TokenError::InvalidGrant("PKCE: the code_verifier is missing.")),
        (None, Some(_)) => {
            Err(TokenError::InvalidGrant("PKCE: there is a code_verifier, but the request had no code_challenge."))
        }
    }
}

/// When something that lives this long ends.
pub(super) fn in_days(now: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    now + TimeDelta::days(days.into())
}
