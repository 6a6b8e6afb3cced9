//! Every rule, once. The surfaces — pages, dialects, command line — call methods of [`Accounts`] and translate the outcome.

pub mod activity;
pub mod administration;
pub mod archive;
mod callers;
pub mod channels;
pub mod codes;
pub mod deactivate;
mod devices;
pub mod errors;
pub mod expectation;
pub mod flashes;
pub mod housekeeping;
pub mod identifiers;
mod last_uses;
mod limits;
pub mod login;
pub mod management;
pub mod messages;
mod notify;
pub mod oidc;
pub mod operator;
pub mod outbox;
mod owner;
pub mod password;
pub mod pictures;
pub mod profile;
pub mod public_profile;
pub mod recovery;
pub mod register;
pub mod relationships;
mod restore_offer;
mod seal;
pub mod secrets;
pub mod sessions;
mod sign_in;
pub mod step_up;
pub mod strength;
pub mod two_factor;
pub mod undo;
pub mod username;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, Notify};
use url::Url;

use crate::{
    domain::{account::LoginIdentifier, error::Error, password_rules::Policy},
    ports::{blobs::Blobs, clock::Clock, hasher::Hasher, remote_picture::RemotePictures, rng::Rng},
    store::{Store, Transaction},
};
use channels::Channels;
pub use expectation::Expectation;
use messages::Brand;
use secrets::Secrets;

/// What services answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Stripes of the in-process lock that lets tries of one password follow one another.
const GATES: usize = 64;

/// What an operator chose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach this service; links, issuer and cookies come from it.
    pub public_url: Url,
    /// How it presents itself.
    pub brand: Brand,
    /// What people sign in with.
    pub login_identifier: LoginIdentifier,
    /// The country (ISO 3166 alpha-2) of phone numbers without a country code.
    pub default_region: String,
    /// What a password must have.
    pub password_policy: Policy,
    /// Days that the activity of accounts is kept.
    pub activity_keep_days: u32,
    /// Which messages can be sent.
    pub channels: Channels,
}

/// What [`Accounts`] is made of.
pub struct Parts {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
    /// Password hashing.
    pub hasher: Hasher,
    /// Keys that all servers of the database share.
    pub secrets: Secrets,
    /// Where pictures are kept, if not in the database.
    pub blobs: Option<Blobs>,
    /// What looks at remote pictures before they are accepted, if anything does.
    pub remote_pictures: Option<Arc<dyn RemotePictures>>,
    /// What the operator chose.
    pub settings: Settings,
}

/// The account core. Cheap to clone.
///
/// What writes for an [`Actor`](crate::domain::session::Actor) or an [`Access`](management::Access) refuses with
/// [`Error::Unauthenticated`] when the session has ended or the client was revoked since the request began.
#[derive(Clone)]
pub struct Accounts(Arc<Core>);

struct Core {
    parts: Parts,
    gates: [Mutex<()>; GATES],
    tries: Arc<limits::InFlight>,
    uses: last_uses::LastUses,
    uploads: pictures::uploads::Uploads,
}

impl Accounts {
    /// The core over these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Core {
            parts,
            gates: [const { Mutex::const_new(()) }; GATES],
            tries: Arc::default(),
            uses: last_uses::LastUses::default(),
            uploads: pictures::uploads::Uploads::default(),
        }))
    }

    /// What the operator chose.
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// The present time.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.parts.clock.now()
    }

    /// Wakes when this server has a new message in the outbox.
    pub fn outbox_notify(&self) -> Arc<Notify> {
        self.0.parts.store.outbox_notify()
    }

    fn rng(&self) -> &dyn Rng {
        self.0.parts.rng.as_ref()
    }

    fn hasher(&self) -> &Hasher {
        &self.0.parts.hasher
    }

    fn secrets(&self) -> &Secrets {
        &self.0.parts.secrets
    }

    fn remote_pictures(&self) -> Option<&dyn RemotePictures> {
        self.0.parts.remote_pictures.as_deref()
    }

    async fn read(&self) -> Result<Box<dyn Transaction>> {
        Ok(self.0.parts.store.read().await?)
    }

    async fn write(&self) -> Result<Box<dyn Transaction>> {
        Ok(self.0.parts.store.write().await?)
    }
}
