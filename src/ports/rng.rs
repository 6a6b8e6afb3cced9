//! Chance, handed in.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use rand::{Rng as _, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// Bytes of a token: 256 bits.
pub const TOKEN_BYTES: usize = 32;

/// A source of unpredictable bytes.
pub trait Rng: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Rng + '_ {
    /// A UUIDv7 of this moment. Its twelve bits after the milliseconds continue the time (RFC 9562, section 6.2, method
    /// 3), so that ids of one server sort as they were made, to a quarter of a microsecond.
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let fraction = now.timestamp_subsec_micros() % 1000 * 4096 / 1000;
        let [.., high, low] = fraction.to_be_bytes();
        (random[0], random[1]) = (high, low);
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

/// The same sequence in every run, for tests. Its ids sort as they were made, even within a moment, so that what is the
/// newest does not hang on how often chance was asked before.
#[derive(Debug)]
pub struct FakeRng(Mutex<(StdRng, u32)>);

impl FakeRng {
    /// A sequence of its own for each seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new((StdRng::seed_from_u64(seed), 0)))
    }
}

impl Rng for FakeRng {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.0.fill_bytes(bytes);
        // What an id is made of; its third byte shares its place with the variant.
        if let [_, _, shared, count @ .., _, _, _] = bytes
            && count.len() == 4
        {
            *shared = 0;
            state.1 += 1;
            count.copy_from_slice(&state.1.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn ids_sort_by_time_and_differ_within_a_moment() {
        let rng: &dyn Rng = &FakeRng::seeded(1);
        let start = DateTime::from_timestamp(1_790_000_000, 123_998_000).unwrap_or_default();
        let ids: Vec<_> = (0..50).map(|step| rng.uuid(start + TimeDelta::microseconds(step / 10))).collect();
        let moments: Vec<_> = ids.iter().map(|id| id.as_u128() >> 64).collect();
        assert!(moments.is_sorted() && ids.is_sorted(), "{moments:x?}");
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        let mut distinct = ids.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), ids.len());
    }
}
