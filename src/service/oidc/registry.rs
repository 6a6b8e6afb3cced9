//! Which applications sign people in here, and how.

use chrono::TimeDelta;
use thiserror::Error as ThisError;
use uuid::Uuid;

use crate::{
    domain::{
        client::{Client, ClientType, PreviousSecret, Scope},
        error::Error,
        oidc::app::{App, SettingError},
        text,
    },
    service::{Accounts, Result, secrets::fingerprint},
    store::StoreError,
};

/// Longest name of a client.
const NAME: usize = 100;
/// How long a secret works beside the one that took its place.
const PREVIOUS_FOR: TimeDelta = TimeDelta::hours(24);

/// Why the registry stays as it is.
#[derive(Debug, ThisError)]
pub enum RegistryError {
    /// A setting cannot be.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// Anything else.
    #[error(transparent)]
    Core(#[from] Error),
}

impl From<StoreError> for RegistryError {
    fn from(error: StoreError) -> Self {
        Self::Core(error.into())
    }
}

/// An app to be made.
#[derive(Clone, Debug)]
pub struct AppDraft {
    /// What the operator calls it; people read it, too.
    pub name: String,
    /// Confidential or public.
    pub kind: ClientType,
    /// Its `client_id`, if it shall be this one.
    pub id: Option<Uuid>,
    /// Its settings.
    pub app: App,
}

/// An app that was just made.
pub struct NewApp {
    /// As it is kept.
    pub client: Client,
    /// Its secret, shown this once; public apps have none.
    pub secret: Option<String>,
}

impl Accounts {
    /// Makes an app, and with the first one the keys that its tokens are signed with.
    ///
    /// # Errors
    /// [`RegistryError::Setting`] for a name, id or setting that cannot be.
    pub async fn create_app(&self, draft: AppDraft) -> Result<NewApp, RegistryError> {
        let AppDraft { name, kind, id, app } = draft;
        if !kind.is_app() {
            return Err(SettingError::new("type", "must be confidential or public").into());
        }
        let name = self.check_settings(&name, kind, &app)?;
        let now = self.now();
        self.secrets().add_app_keys(now, self.rng()).await?;
        let secret = kind.has_secret().then(|| self.rng().token());
        let client = Client {
            id: id.unwrap_or_else(|| self.rng().uuid(now)),
            kind,
            name,
            scope: Scope::None,
            secret_hash: secret.as_deref().map(fingerprint).unwrap_or_default(),
            previous_secret: None,
            app,
            created_at: now,
            last_used_at: None,
            revoked_at: None,
        };
        let mut tx = self.write().await?;
        // The `sub` of a token must name one party (RFC 9700, section 4.15).
        if tx.account(client.id).await?.is_some() {
            return Err(SettingError::new("id", "is that of an account").into());
        }
        if tx.client(client.id).await?.is_some() {
            return Err(SettingError::new("id", "is that of another client").into());
        }
        match tx.insert_client(&client).await {
            Err(StoreError::NotUnique(_)) => return Err(SettingError::new("id", "is that of another client").into()),
            inserted => inserted?,
        }
        tx.commit().await?;
        tracing::info!(client = %client.id, kind = kind.as_str(), "client created");
        Ok(NewApp { client, secret })
    }

    /// A client, for an operator.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn client_for_operator(&self, id: Uuid) -> Result<Client> {
        self.read().await?.client(id).await?.ok_or(Error::NotFound)
    }

    /// Changes the name or the settings of an app.
    ///
    /// # Errors
    /// [`RegistryError::Setting`] for one that cannot be, [`Error::NotFound`] also for one that was revoked.
    pub async fn update_app(
        &self,
        id: Uuid,
        change: impl FnOnce(&mut String, &mut App) + Send,
    ) -> Result<Client, RegistryError> {
        let mut tx = self.write().await?;
        let client = tx.lock_client(id).await?.filter(|client| client.revoked_at.is_none());
        let mut client = client.ok_or(Error::NotFound)?;
        change(&mut client.name, &mut client.app);
        client.name = self.check_settings(&client.name, client.kind, &client.app)?;
        tx.update_client(&client).await?;
        tx.commit().await?;
        tracing::info!(client = %id, "client changed");
        Ok(client)
    }

    /// A new secret. The one before works for a day beside it, or not.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for a client that was revoked, [`RegistryError::Setting`] for one that has none.
    pub async fn renew_client_secret(&self, id: Uuid, end_previous: bool) -> Result<String, RegistryError> {
        let mut tx = self.write().await?;
        let client = tx.lock_client(id).await?.filter(|client| client.revoked_at.is_none());
        let mut client = client.ok_or(Error::NotFound)?;
        if !client.kind.has_secret() {
            return Err(SettingError::new("type", "a public app has no secret").into());
        }
        let secret = self.rng().token();
        let hash = std::mem::replace(&mut client.secret_hash, fingerprint(&secret));
        client.previous_secret = (!end_previous).then(|| PreviousSecret { hash, until: self.now() + PREVIOUS_FOR });
        tx.update_client(&client).await?;
        tx.commit().await?;
        tracing::info!(client = %id, "client secret renewed");
        Ok(secret)
    }

    /// The name as it is kept, if it and the settings can be.
    fn check_settings(&self, name: &str, kind: ClientType, app: &App) -> Result<String, RegistryError> {
        let line = text::line(name, NAME).map_err(|reason| SettingError::new("name", reason.to_string()))?;
        let name = line.ok_or_else(|| SettingError::new("name", "is required"))?;
        app.check(kind, |uri| self.is_own_address(uri))?;
        Ok(name)
    }

    /// Whether an address is one of ours, or names one of our APIs.
    fn is_own_address(&self, uri: &str) -> bool {
        let own = self.settings().public_url.origin();
        self.resource(uri).is_some() || url::Url::parse(uri).is_ok_and(|url| url.origin() == own)
    }
}
