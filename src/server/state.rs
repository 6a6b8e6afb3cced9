//! The parts of a running server: database, keys, clock, account core.

use std::{borrow::Cow, net::SocketAddr, sync::Arc};

use thiserror::Error;

use super::{
    config::{Config, ConfigError, Secret},
    data_dir::{self, DataDirError},
    job_health::JobHealth,
};
use crate::{
    domain::error::{Error, Field},
    ports::{
        blobs::Blobs,
        clock::{Clock, SystemClock},
        hasher::{HashError, Hasher},
        remote_picture::{RemotePictures, Web},
        rng::{Rng, SystemRng},
    },
    service::{Accounts, Parts, Settings, channels::Channels, messages::Brand, secrets::Secrets},
    store::{Schema, Store, StoreError, sql},
};

/// What an operator is told of a database that a later version has migrated.
pub const LATER: &str = "this version works with it if it is the one before";

/// Why the program cannot go on.
#[derive(Debug, Error)]
pub enum Fatal {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Passwords cannot be hashed as configured.
    #[error("password.argon2: {0}")]
    Hasher(#[from] HashError),
    /// The account core refused.
    #[error("{}", in_words(.0))]
    Refused(#[from] Error),
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

/// An error as an operator may read it, who is told what went wrong inside as well.
fn in_words(error: &Error) -> String {
    match error {
        Error::Invalid(issues) => issues
            .iter()
            .map(|issue| format!("{} {}", called(issue.field), issue.reason))
            .collect::<Vec<_>>()
            .join("; "),
        Error::Taken(field) => format!("{} is already in use", called(*field)),
        Error::Internal(reason) => reason.clone(),
        other => other.to_string(),
    }
}

/// What an input is called on the command line.
fn called(field: Field) -> Cow<'static, str> {
    Cow::Borrowed(match field {
        Field::Identifier => "an e-mail address or a mobile number",
        Field::Email => "the e-mail address",
        Field::Phone => "the mobile number",
        Field::Username => "the username",
        Field::FullName => "the name",
        Field::GivenName => "the given name",
        Field::MiddleName => "the middle name",
        Field::FamilyName => "the family name",
        Field::Bio => "the bio",
        Field::Location => "the location",
        Field::Pictures | Field::Avatar => "the picture",
        Field::Password | Field::CurrentPassword | Field::NewPassword | Field::ConfirmPassword => "the password",
        Field::Code => "the code",
        Field::Confirmation => "the confirmation",
        Field::Role => "the role",
        Field::Locale => "the language",
        Field::TimeZone => "the time zone",
        Field::Theme => "the theme",
        Field::CustomData => "the custom data",
        Field::DeactivationReason => "the reason",
        Field::RecordVersion => "the version",
        Field::File => "the file",
        Field::Crop => "the crop",
        Field::Other(name) => return Cow::Owned(format!("the {name}")),
    })
}

/// What serving and the command line work with.
#[derive(Clone)]
pub struct State {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
    /// Password hashing.
    pub hasher: Hasher,
    /// The account core.
    pub accounts: Accounts,
    /// Whether background work lives.
    pub job_health: JobHealth,
}

/// Opens the database, creating what is not there yet, and brings it up to this version.
///
/// # Errors
/// When the data directory or the database cannot be used.
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>, Fatal> {
    if config.database_url.is_none() {
        data_dir::prepare(&config.data_dir)?;
    }
    let connected = sql::connect(config.database().expose()).await;
    let store = connected.map_err(|error| match config.database_url {
        Some(_) => Fatal::Other(format!("database.url: {error}")),
        None => error.into(),
    })?;
    store.migrate().await?;
    if matches!(store.check().await, Ok(Schema::Later)) {
        tracing::warn!("a later version has migrated the database: {LATER}");
    }
    Ok(store)
}

/// What hashes passwords.
///
/// # Errors
/// When argon2 refuses the cost or a pepper.
pub fn hasher(config: &Config, rng: Arc<dyn Rng>) -> Result<Hasher, HashError> {
    let bytes = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().as_bytes().to_vec());
    let (present, previous) = (bytes(&config.password.pepper), bytes(&config.password.previous_pepper));
    Hasher::with_previous_pepper(config.password.argon2, present, previous, rng)
}

/// The object store, where one is configured.
///
/// # Errors
/// When it cannot be used as configured.
pub fn blobs(config: &Config) -> Result<Option<Blobs>, Fatal> {
    let blobs = config.storage_url.as_ref().map(|url| Blobs::s3(url, std::env::vars())).transpose();
    blobs.map_err(|error| Fatal::Other(format!("storage.url: {error}")))
}

/// Whether the messages that nothing carries can be read in a browser: with no mail server, on this machine alone.
pub fn shows_outbox(config: &Config, bound: SocketAddr) -> bool {
    config.mail.is_none() && bound.ip().is_loopback()
}

impl State {
    /// The parts as configured, for a server that is reached at `bound` unless the configuration says otherwise.
    ///
    /// # Errors
    /// When the database or a setting cannot be used.
    pub async fn open(config: &Config, bound: SocketAddr, logo: Option<String>) -> Result<Self, Fatal> {
        let store = open_store(config).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let hasher = hasher(config, Arc::clone(&rng))?;
        let secrets = Secrets::load(Arc::clone(&store), &*clock, &*rng).await?;
        let settings = Settings {
            public_url: config.public_url(bound),
            brand: Brand { name: config.brand.name.clone(), colour: config.brand.colour.clone(), logo },
            login_identifier: config.account.login_identifier,
            default_region: config.account.default_region.clone(),
            password_policy: config.password.policy,
            activity_keep_days: config.activity_keep_days,
            channels: Channels::configured(config.mail.is_some(), config.sms.is_some(), shows_outbox(config, bound)),
        };
        let accounts = Accounts::new(Parts {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            rng: Arc::clone(&rng),
            hasher: hasher.clone(),
            secrets,
            blobs: blobs(config)?,
            remote_pictures: config.verify_remote.then(|| Arc::new(Web::default()) as Arc<dyn RemotePictures>),
            settings,
        });
        let job_health = JobHealth::new(Arc::clone(&clock));
        Ok(Self { store, clock, rng, hasher, accounts, job_health })
    }
}
