//! Chance, handed in.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use rand::{Rng as _, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// Bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// A source of unpredictable bytes.
pub trait Rng: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Rng + '_ {
    /// A UUIDv7 (RFC 9562) of this moment.
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(now.timestamp_millis().unsigned_abs(), &random).into_uuid()
    }

    /// An opaque token of 256 bits, safe in cookies, headers and addresses.
    pub fn token(&self) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        self.fill(&mut bytes);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// A number below `bound`, each as likely as any other.
    pub fn below(&self, bound: u32) -> u32 {
        // Values past the last whole multiple of `bound` would make small numbers likelier.
        let limit = u32::MAX - u32::MAX % bound;
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let value = u32::from_le_bytes(bytes);
            if value < limit {
                return value % bound;
            }
        }
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(clippy::disallowed_methods, reason = "the one place that takes chance")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same sequence in every run, for tests.
#[derive(Debug)]
pub struct FakeRng(Mutex<StdRng>);

impl FakeRng {
    /// A sequence of its own for each seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Rng for FakeRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).fill_bytes(bytes);
    }
}
