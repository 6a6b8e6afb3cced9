//! Services that use the management API: their credentials, and the tokens they get for them (RFC 6749, section 4.4).
//!
//! A token says who it was given to; whether that client may still do anything is read from its row at every call.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::domain::{
    client::{Client, ClientType, Scope},
    error::{Error, Field, Reason},
    oidc::app::App,
    session::Origin,
    text,
};

use crate::service::{
    Accounts, Result,
    secrets::{Claims, TokenKind, fingerprint},
};

/// The resource by which Logto's own clients call every management API.
const LOGTO_RESOURCE: &str = "https://default.logto.app/api";
/// How long a management token is good.
const LIFETIME: TimeDelta = TimeDelta::hours(1);
const MANAGEMENT: TokenKind = TokenKind { typ: "at+jwt", audience: "/api" };
/// A client's last use is written at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Longest name of a client.
const NAME: usize = 100;
/// What the secret of an unknown client is compared with; no secret has this hash.
const NOBODY: [u8; 32] = [0; 32];

/// A client that was just made.
pub struct NewClient {
    /// As it is kept.
    pub client: Client,
    /// Its secret, shown this once.
    pub secret: String,
}

/// A resource (RFC 8707) that tokens can be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource(String);

/// A token for the management API.
pub struct ManagementToken {
    /// A JWT of RFC 9068.
    pub access: String,
    /// Its life.
    pub expires_in: Duration,
    /// What it is good for.
    pub scope: Scope,
}

/// A service that called with a good management token.
#[derive(Clone, Debug)]
pub struct ManagementClient {
    /// Which.
    pub client: Client,
    /// What both its token and its row allow.
    pub scope: Scope,
}

#[derive(Serialize, Deserialize)]
struct ManagementClaims {
    client_id: Uuid,
    jti: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

impl Accounts {
    /// Makes a client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is empty, too long or no plain text.
    pub async fn create_client(&self, name: &str, scope: Scope) -> Result<NewClient> {
        let field = Field::Other("name");
        let name = text::line(name, NAME).map_err(|reason| Error::invalid(field, reason))?;
        let name = name.ok_or(Error::invalid(field, Reason::Required))?;
        let now = self.now();
        let secret = self.rng().token();
        let client = Client {
            id: self.rng().uuid(now),
            kind: ClientType::Service,
            name,
            scope,
            secret_hash: fingerprint(&secret),
            previous_secret: None,
            app: App::default(),
            created_at: now,
            last_used_at: None,
            revoked_at: None,
        };
        let mut tx = self.write().await?;
        tx.insert_client(&client).await?;
        tx.commit().await?;
        tracing::info!(client = %client.id, scope = scope.as_str(), "client created");
        Ok(NewClient { client, secret })
    }

    /// All clients, oldest first.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn clients(&self) -> Result<Vec<Client>> {
        Ok(self.read().await?.clients().await?)
    }

    /// Revokes a client: its secret and all its tokens are worth nothing from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke_client(&self, id: Uuid) -> Result<()> {
        let mut tx = self.write().await?;
        if !tx.revoke_client(id, self.now()).await? {
            return Err(Error::NotFound);
        }
        tx.commit().await?;
        self.end_all_of_app(id).await?;
        tracing::info!(client = %id, "client revoked");
        Ok(())
    }

    /// The client that this id and secret belong to. A failure counts for the caller's address.
    ///
    /// # Errors
    /// [`Error::BadCredentials`] for an unknown or revoked client and for a wrong secret, [`Error::Throttled`].
    pub async fn authenticate_client(&self, id: &str, secret: &str, origin: &Origin) -> Result<Client> {
        let attempt = self.address_try(origin).await?;
        let found = match Uuid::try_parse(id) {
            Ok(id) => self.read().await?.client(id).await?,
            Err(_) => None,
        };
        let is_right = self.is_secret_of(found.as_ref(), secret);
        let client = found.filter(|client| is_right && client.revoked_at.is_none()).ok_or(Error::BadCredentials)?;
        let mut tx = self.write().await?;
        attempt.forgive(&mut tx).await?;
        tx.commit().await?;
        Ok(self.note_use(client))
    }

    /// The client of this id, whatever it is: with its secret, or without one if it has none. A wrong secret counts for the
    /// caller's address.
    ///
    /// # Errors
    /// [`Error::BadCredentials`] for an unknown or revoked client and for a wrong secret, [`Error::Throttled`].
    pub async fn authenticate_any(&self, id: &str, secret: Option<&str>, origin: &Origin) -> Result<Client> {
        let found = match Uuid::try_parse(id) {
            Ok(id) => self.read().await?.client(id).await?,
            Err(_) => None,
        };
        let is_right = match secret {
            Some(secret) => self.is_secret_of(found.as_ref(), secret),
            None => found.as_ref().is_some_and(|client| !client.kind.has_secret()),
        };
        if let Some(client) = found.filter(|client| is_right && client.revoked_at.is_none()) {
            return Ok(self.note_use(client));
        }
        // There are 256 bits to guess: it does no harm that a right one is taken however many wrong ones came before.
        if secret.is_some() {
            self.address_try(origin).await?;
        }
        Err(Error::BadCredentials)
    }

    /// Whether a secret is one of a client's that works now.
    fn is_secret_of(&self, client: Option<&Client>, secret: &str) -> bool {
        let (now, given) = (self.now(), fingerprint(secret));
        let present = client.map_or(&NOBODY[..], |client| &client.secret_hash);
        let previous = client.and_then(|client| client.previous_secret.as_ref()).filter(|secret| now < secret.until);
        let previous = previous.map_or(&NOBODY[..], |secret| &secret.hash);
        (given.ct_eq(present) | given.ct_eq(previous)).into()
    }

    /// The resource of this name; none when tokens are not for it.
    pub fn resource(&self, name: &str) -> Option<Resource> {
        self.resources().into_iter().find(|resource| resource == name).map(Resource)
    }

    /// A token for a client that was authenticated. A scope that was not asked for or is not held is left out.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub fn issue_management_token(
        &self,
        client: &Client,
        resource: &Resource,
        requested: &str,
    ) -> Result<ManagementToken> {
        let now = self.now();
        let scope = client.scope.grant(requested);
        let claims = Claims {
            iss: self.issuer(),
            aud: resource.0.clone(),
            sub: client.id.to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            more: ManagementClaims {
                client_id: client.id,
                jti: self.rng().uuid(now),
                scope: (scope == Scope::All).then(|| scope.as_str().to_owned()),
            },
        };
        let access = self.secrets().sign(MANAGEMENT, &claims)?;
        Ok(ManagementToken { access, expires_in: LIFETIME.to_std().unwrap_or_default(), scope })
    }

    /// The service that calls with this token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the token is no good or its client was revoked.
    pub async fn authenticate_management(&self, token: &str) -> Result<ManagementClient> {
        let resources = self.resources();
        let audiences = resources.each_ref().map(String::as_str);
        let secrets = self.secrets();
        let claims: Claims<ManagementClaims> =
            secrets.verify(MANAGEMENT, &self.issuer(), &audiences, token, self.now()).await?;
        let client = self.read().await?.client(claims.more.client_id).await?;
        let client = client.filter(|client| client.revoked_at.is_none()).ok_or(Error::Unauthenticated)?;
        let scope = client.scope.grant(claims.more.scope.as_deref().unwrap_or_default());
        Ok(ManagementClient { client: self.note_use(client), scope })
    }

    fn resources(&self) -> [String; 2] {
        [LOGTO_RESOURCE.to_owned(), self.absolute(MANAGEMENT.audience)]
    }

    fn note_use(&self, client: Client) -> Client {
        let now = self.now();
        if client.last_used_at.is_some_and(|last| now - last < TOUCH_EVERY) {
            return client;
        }
        self.note_client(client.id);
        Client { last_used_at: Some(now), ..client }
    }
}
