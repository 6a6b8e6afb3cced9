//! Password hashing: argon2id (RFC 9106), bounded, never on an async thread.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use thiserror::Error;
use tokio::{sync::Semaphore, task::spawn_blocking};
use zeroize::Zeroizing;

use super::rng::Rng;
use crate::domain::password::Password;

/// Hashes that may wait for a core. Beyond it the caller is told to come back.
const QUEUE: usize = 64;
/// When to come back.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
const SALT_BYTES: usize = 16;

/// Why a password could not be hashed or verified.
#[derive(Debug, Error)]
pub enum HashError {
    /// The queue is full.
    #[error("too many passwords are being checked")]
    Busy,
    /// A stored hash that does not parse, or parameters that argon2 refuses.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// How a password compares with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, but hashed with weaker parameters than configured: hash it anew.
    RightButOutdated,
}

/// The cost of one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Default for Cost {
    /// The least that is allowed: OWASP's m=19456 KiB, t=2, p=1.
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

/// Hashes and verifies passwords, at most one per core at a time.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    params: Params,
    pepper: Option<Zeroizing<Vec<u8>>>,
    rng: Arc<dyn Rng>,
    cores: Arc<Semaphore>,
    room: usize,
    inside: AtomicUsize,
    /// What an unknown identifier is verified against, so that it takes as long as a known one.
    nobody: String,
}

impl Hasher {
    /// A hasher of this cost. The pepper is argon2's secret key, kept outside the database.
    ///
    /// # Errors
    /// [`HashError::Failed`] when argon2 refuses the cost or pepper.
    pub fn new(cost: Cost, pepper: Option<Vec<u8>>, rng: Arc<dyn Rng>) -> Result<Self, HashError> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None).map_err(failed)?;
        let pepper = pepper.map(Zeroizing::new);
        let cores = available_parallelism().map_or(1, NonZero::get);
        let mut inner = Inner {
            params,
            pepper,
            rng,
            cores: Arc::new(Semaphore::new(cores)),
            room: cores + QUEUE,
            inside: AtomicUsize::new(0),
            nobody: String::new(),
        };
        inner.nobody = inner.hash(&Zeroizing::new(String::new()))?;
        Ok(Self(Arc::new(inner)))
    }

    /// A place in the queue, taken before anything else is waited for.
    ///
    /// # Errors
    /// [`HashError::Busy`] when the queue is full.
    pub fn place(&self) -> Result<Place, HashError> {
        let place = Place(Arc::clone(&self.0));
        let before = self.0.inside.fetch_add(1, Ordering::AcqRel);
        if before < self.0.room { Ok(place) } else { Err(HashError::Busy) }
    }

    /// Hashes being made or waiting for a core.
    pub fn under_way(&self) -> usize {
        self.0.inside.load(Ordering::Relaxed)
    }

    /// Does other work about passwords under the same bounds: estimating one takes as long as hashing it.
    ///
    /// # Errors
    /// [`HashError::Busy`] when the queue is full.
    pub async fn alongside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        self.place()?.run(move |_| Ok(work())).await
    }

    /// Hashes a password, in PHC form.
    ///
    /// # Errors
    /// [`HashError::Busy`] when the queue is full.
    pub async fn hash(&self, password: &Password) -> Result<String, HashError> {
        let password = Zeroizing::new(password.expose().to_owned());
        self.place()?.run(move |inner| inner.hash(&password)).await
    }
}

/// A place in the queue or at a core, given back when dropped.
pub struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Place {
    /// Verifies a password; without a hash it takes the same time and is always wrong.
    ///
    /// # Errors
    /// [`HashError::Failed`] when the stored hash does not parse.
    pub async fn verify(&self, password: &Password, hash: Option<&str>) -> Result<Verdict, HashError> {
        let password = Zeroizing::new(password.expose().to_owned());
        let hash = hash.map(str::to_owned);
        self.run(move |inner| inner.verify(&password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let permit = Arc::clone(&self.0.cores).acquire_owned().await.map_err(failed)?;
        let inner = Arc::clone(&self.0);
        // The permit goes with the work: a caller that gives up must not let another hash start beside this one.
        let job = move || {
            let done = work(&inner);
            drop(permit);
            done
        };
        spawn_blocking(job).await.map_err(failed)?
    }
}

impl Inner {
    fn argon2(&self) -> Result<Argon2<'_>, HashError> {
        match &self.pepper {
            Some(pepper) => Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, self.params.clone())
                .map_err(failed),
            None => Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())),
        }
    }

    fn hash(&self, password: &str) -> Result<String, HashError> {
        let mut salt = [0; SALT_BYTES];
        self.rng.fill(&mut salt);
        let hash = self.argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
        Ok(hash.to_string())
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verdict, HashError> {
        let stored = PasswordHash::new(hash.unwrap_or(&self.nobody)).map_err(failed)?;
        let right = self.argon2()?.verify_password(password.as_bytes(), &stored).is_ok();
        if hash.is_none() || !right {
            return Ok(Verdict::Wrong);
        }
        let params = Params::try_from(&stored).map_err(failed)?;
        let outdated = params.m_cost() < self.params.m_cost()
            || params.t_cost() < self.params.t_cost()
            || params.p_cost() < self.params.p_cost();
        Ok(if outdated { Verdict::RightButOutdated } else { Verdict::Right })
    }
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}
