//! Secrets that go into hashes and are kept outside of the database. A stored hash names the one it has, by a keyed digest
//! in its `keyid` parameter, so that a pepper may come, or follow another, at any time.

use argon2::{Algorithm, Argon2, KeyId, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{HashError, failed};

/// Bytes of a `keyid`: as many as argon2 takes.
const ID_BYTES: usize = 8;

/// A secret.
pub(super) struct Pepper {
    id: [u8; ID_BYTES],
    secret: Zeroizing<Vec<u8>>,
}

/// The secret that new hashes have, and the one before it.
pub(super) struct Peppers {
    present: Option<Pepper>,
    previous: Option<Pepper>,
}

impl Pepper {
    /// # Errors
    /// [`HashError::Failed`] when argon2 does not take it.
    pub fn new(secret: Vec<u8>) -> Result<Self, HashError> {
        let secret = Zeroizing::new(secret);
        let mac = Hmac::<Sha256>::new_from_slice(&secret).map_err(failed)?;
        let digest = mac.chain_update(b"nameplate pepper").finalize().into_bytes();
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&digest[..ID_BYTES]);
        let pepper = Self { id, secret };
        // One that is too long is refused now, not at the first sign-in.
        pepper.argon2(Params::default())?;
        Ok(pepper)
    }

    /// How hashes name it.
    pub fn key_id(&self) -> Result<KeyId, HashError> {
        KeyId::new(&self.id).map_err(failed)
    }

    /// Argon2 with this secret.
    pub fn argon2(&self, params: Params) -> Result<Argon2<'_>, HashError> {
        Argon2::new_with_secret(&self.secret, Algorithm::Argon2id, Version::V0x13, params).map_err(failed)
    }
}

impl Peppers {
    pub fn new(present: Option<Vec<u8>>, previous: Option<Vec<u8>>) -> Result<Self, HashError> {
        Ok(Self { present: present.map(Pepper::new).transpose()?, previous: previous.map(Pepper::new).transpose()? })
    }

    /// The one that new hashes have.
    pub fn present(&self) -> Option<&Pepper> {
        self.present.as_ref()
    }

    /// What a hash that names this one may have been made with. A hash that names none has none, or is of the time before
    /// they were named.
    pub fn of(&self, key_id: &[u8]) -> Vec<Option<&Pepper>> {
        let known = || self.present.iter().chain(&self.previous);
        if key_id.is_empty() {
            return std::iter::once(None).chain(known().map(Some)).collect();
        }
        let named: Vec<_> = known().filter(|pepper| pepper.id == key_id).map(Some).take(1).collect();
        if named.is_empty() {
            tracing::warn!("a password has a pepper that is not configured, so it cannot be right");
        }
        named
    }
}
