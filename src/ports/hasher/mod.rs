//! Password hashing: argon2id (RFC 9106), bounded, never on an async thread.
//!
//! A password that turns out to be wrong always costs the same, whatever it was compared with: nothing, a hash of the
//! configured cost, one from before the cost was raised, or one that may have either pepper. What a comparison itself does
//! not cost is worked off.

mod pepper;

use std::{
    hint::black_box,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, ParamsBuilder, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use thiserror::Error;
use tokio::{sync::Semaphore, task::spawn_blocking};
use zeroize::Zeroizing;

use super::rng::Rng;
use crate::domain::password::Password;

use pepper::{Pepper, Peppers};

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
    /// It is the one, but hashed at a lower cost than configured or without the present pepper: hash it anew.
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
    peppers: Peppers,
    rng: Arc<dyn Rng>,
    cores: Arc<Semaphore>,
    room: usize,
    inside: AtomicUsize,
    /// What a wrong password costs: as much as a hash of the configured cost that names no pepper, or the costliest comparison
    /// since the start.
    price: AtomicU64,
    done: AtomicU64,
}

impl Hasher {
    /// A hasher of this cost. The pepper is argon2's secret key, kept outside the database.
    ///
    /// # Errors
    /// [`HashError::Failed`] when argon2 refuses the cost or pepper.
    pub fn new(cost: Cost, pepper: Option<Vec<u8>>, rng: Arc<dyn Rng>) -> Result<Self, HashError> {
        Self::with_previous_pepper(cost, pepper, None, rng)
    }

    /// The same; passwords that were hashed with the previous pepper are good, too, and outdated.
    ///
    /// # Errors
    /// [`HashError::Failed`] when argon2 refuses the cost or a pepper.
    pub fn with_previous_pepper(
        cost: Cost,
        pepper: Option<Vec<u8>>,
        previous: Option<Vec<u8>>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, HashError> {
        let peppers = Peppers::new(pepper, previous)?;
        let mut params = ParamsBuilder::new();
        params.m_cost(cost.memory_kib).t_cost(cost.iterations).p_cost(cost.parallelism);
        if let Some(pepper) = peppers.present() {
            params.keyid(pepper.key_id()?);
        }
        let params = params.build().map_err(failed)?;
        let cores = available_parallelism().map_or(1, NonZero::get);
        let inner = Inner {
            // From the first comparison on: a hash that names no pepper is compared with each.
            price: AtomicU64::new(work_of(&params) * peppers.of(&[]).len() as u64),
            done: AtomicU64::new(0),
            params,
            peppers,
            rng,
            cores: Arc::new(Semaphore::new(cores)),
            room: cores + QUEUE,
            inside: AtomicUsize::new(0),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// How much argon2 has done since the start, in KiB times passes.
    pub fn work_done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    /// A place in the queue, taken before anything else is waited for.
    ///
    /// # Errors
    /// [`HashError::Busy`] when the queue is full.
    pub fn permit(&self) -> Result<HashPermit, HashError> {
        let permit = HashPermit(Arc::clone(&self.0));
        let before = self.0.inside.fetch_add(1, Ordering::AcqRel);
        if before < self.0.room { Ok(permit) } else { Err(HashError::Busy) }
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
        self.permit()?.run(move |_| Ok(work())).await
    }

    /// Hashes a password, in PHC form.
    ///
    /// # Errors
    /// [`HashError::Busy`] when the queue is full.
    pub async fn hash(&self, password: &Password) -> Result<String, HashError> {
        self.permit()?.hash(password).await
    }
}

/// A place in the queue or at a core, given back when dropped.
pub struct HashPermit(Arc<Inner>);

impl Drop for HashPermit {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

impl HashPermit {
    /// Hashes a password, in PHC form.
    ///
    /// # Errors
    /// [`HashError::Failed`] when argon2 does not.
    pub async fn hash(&self, password: &Password) -> Result<String, HashError> {
        let password = Zeroizing::new(password.expose().to_owned());
        self.run(move |inner| inner.hash(&password)).await
    }

    /// Verifies a password; without a hash it is always wrong, and costs as much as any other that is.
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
    fn argon2<'a>(&self, pepper: Option<&'a Pepper>, params: Params) -> Result<Argon2<'a>, HashError> {
        self.done.fetch_add(work_of(&params), Ordering::Relaxed);
        match pepper {
            Some(pepper) => pepper.argon2(params),
            None => Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)),
        }
    }

    fn hash(&self, password: &str) -> Result<String, HashError> {
        let mut salt = [0; SALT_BYTES];
        self.rng.fill(&mut salt);
        let argon2 = self.argon2(self.peppers.present(), self.params.clone())?;
        Ok(argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?.to_string())
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verdict, HashError> {
        let (mut verdict, mut cost) = (Verdict::Wrong, 0);
        if let Some(hash) = hash {
            let stored = PasswordHash::new(hash).map_err(failed)?;
            let params = Params::try_from(&stored).map_err(failed)?;
            let outdated = self.is_outdated(&params);
            for pepper in self.peppers.of(params.keyid()) {
                cost += work_of(&params);
                if self.argon2(pepper, params.clone())?.verify_password(password.as_bytes(), &stored).is_ok() {
                    verdict = if outdated { Verdict::RightButOutdated } else { Verdict::Right };
                }
            }
        }
        let price = self.price.fetch_max(cost, Ordering::Relaxed).max(cost);
        if verdict == Verdict::Wrong {
            self.work_off(price - cost)?;
        }
        Ok(verdict)
    }

    /// Whether a hash is weaker than the ones that are made now.
    fn is_outdated(&self, params: &Params) -> bool {
        params.m_cost() < self.params.m_cost()
            || params.t_cost() < self.params.t_cost()
            || params.p_cost() < self.params.p_cost()
            || params.keyid() != self.params.keyid()
    }

    /// Does so much for nothing, with at most the memory of a hash.
    fn work_off(&self, work: u64) -> Result<(), HashError> {
        let passes = work.div_ceil(self.params.m_cost().into());
        let Some(memory) = work.checked_div(passes) else { return Ok(()) };
        // RFC 9106, section 3.1: rather a few blocks too many than a remainder that argon2 refuses.
        let memory = u32::try_from(memory).map_err(failed)?.max(8 * self.params.p_cost());
        let passes = u32::try_from(passes).map_err(failed)?;
        let params = Params::new(memory, passes, self.params.p_cost(), None).map_err(failed)?;
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        let argon2 = self.argon2(None, params)?;
        argon2.hash_password_into(b"", &[0; SALT_BYTES], &mut output).map_err(failed)?;
        black_box(output);
        Ok(())
    }
}

/// What argon2 does for one hash of these parameters, in KiB times passes.
fn work_of(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}

#[cfg(test)]
mod tests;
