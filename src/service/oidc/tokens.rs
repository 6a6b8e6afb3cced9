//! Access tokens (RFC 9068) and ID tokens (Core, section 2).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        client::Client,
        error::Error,
        oidc::{app::Algorithm, grant::Grant},
        session::ACCESS_LIFETIME,
    },
    service::{Accounts, Result, secrets::half_hash},
    store::StoreError,
};

use super::{authorization::IdTokenHint, claims};

/// The `typ` of access tokens.
pub(super) const ACCESS: &str = "at+jwt";
/// The `typ` of ID tokens.
const ID: &str = "JWT";
/// How long an ID token is good.
const ID_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Why there are no tokens (RFC 6749, section 5.2; RFC 8707, section 2).
#[derive(Debug)]
pub enum TokenError {
    /// The code or refresh token is not good; says what to change.
    InvalidGrant(&'static str),
    /// A scope was not given.
    InvalidScope,
    /// A resource was not given.
    InvalidTarget,
    /// Anything else.
    Core(Error),
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Core(error.into())
    }
}

/// What an app gets.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// A JWT.
    pub access: String,
    /// Its life, in seconds.
    pub expires_in: i64,
    /// What it is good for.
    pub scope: String,
    /// Who signed in, where `openid` was asked for.
    pub id_token: Option<String>,
    /// Where `offline_access` was.
    pub refresh: Option<String>,
}

/// Whom and what tokens are about.
pub(super) struct Issued<'a> {
    pub client: &'a Client,
    pub account: &'a Account,
    pub session_id: Uuid,
    pub grant: &'a Grant,
    /// The API that the access token is for; none for userinfo.
    pub resource: Option<&'a str>,
    pub nonce: Option<&'a str>,
}

/// The claims of an access token of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    pub iss: String,
    pub sub: Uuid,
    pub aud: String,
    pub client_id: Uuid,
    pub scope: String,
    pub sid: Uuid,
    pub jti: Uuid,
    pub auth_time: i64,
    pub acr: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

impl Accounts {
    /// Refuses a resource that was not given, or that the app has no more.
    pub(super) fn check_resource(
        &self,
        client: &Client,
        grant: &Grant,
        resource: Option<&str>,
    ) -> Result<(), TokenError> {
        match resource {
            Some(uri) if client.app.api(uri).is_none() || !grant.resources.iter().any(|given| given == uri) => {
                Err(TokenError::InvalidTarget)
            }
            _ => Ok(()),
        }
    }

    /// Signs the tokens of an answer.
    pub(super) fn issue(&self, issued: Issued<'_>, refresh: Option<String>) -> Result<Tokens, TokenError> {
        let now = self.now();
        let Issued { client, account, session_id, grant, resource, .. } = issued;
        let scope = grant.scopes_for(&client.app, resource).join(" ");
        let claims = AccessClaims {
            iss: self.issuer(),
            sub: account.id,
            aud: resource.map_or_else(|| self.userinfo_audience(), str::to_owned),
            client_id: client.id,
            scope: scope.clone(),
            sid: session_id,
            jti: self.rng().uuid(now),
            auth_time: grant.auth_time.timestamp(),
            acr: grant.acr().to_owned(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
        };
        // Only our own userinfo endpoint reads the other one.
        let alg = if resource.is_some() { client.app.alg } else { Algorithm::EdDSA };
        let access = self.secrets().sign_for_app(alg, ACCESS, &claims)?;
        let id_token = match grant.is_openid() {
            true => Some(self.id_token(&issued, &access, now)?),
            false => None,
        };
        Ok(Tokens { access, expires_in: ACCESS_LIFETIME.num_seconds(), scope, id_token, refresh })
    }

    fn id_token(&self, issued: &Issued<'_>, access: &str, now: DateTime<Utc>) -> Result<String> {
        let Issued { client, account, session_id, grant, nonce, .. } = issued;
        let mut token = Map::new();
        let mut say = |name: &str, value: Value| token.insert(name.to_owned(), value);
        say("iss", self.issuer().into());
        say("sub", account.id.to_string().into());
        say("aud", client.id.to_string().into());
        say("exp", (now + ID_LIFETIME).timestamp().into());
        say("iat", now.timestamp().into());
        say("auth_time", grant.auth_time.timestamp().into());
        say("acr", grant.acr().into());
        say("amr", json!(grant.amr()));
        say("sid", session_id.to_string().into());
        say("at_hash", half_hash(client.app.alg, access).into());
        if let Some(nonce) = nonce {
            say("nonce", (*nonce).into());
        }
        // None of them is called as one of the above.
        token.extend(self.claims_of(account, &grant.scopes, claims::ToldIn::IdToken));
        self.secrets().sign_for_app(client.app.alg, ID, &token)
    }

    /// The `aud` of access tokens for the userinfo endpoint.
    pub(super) fn userinfo_audience(&self) -> String {
        format!("{}/me", self.issuer())
    }

    /// Reads an ID token of ours, expired or not.
    pub(super) async fn read_id_token(&self, token: &str) -> Result<Option<IdTokenHint>> {
        self.secrets().read_of_app(ID, &self.issuer(), token, self.now()).await
    }
}
