//! Keys that all servers of one database share: signing keys of tokens, and the key that hashes codes.

use std::{
    collections::VecDeque,
    sync::{Arc, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::{
    domain::error::Error,
    ports::{clock::Clock, rng::Rng},
    store::{Store, keys::StoredKey},
};

use super::Result;

/// Clocks of client and server may differ by this much.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// Keys that are not known are looked for in the database at most this often; servers read them every few seconds anyway.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(2);
/// How many keys are remembered that are not there.
const ABSENT: usize = 64;
/// Purpose of token signing keys in the store.
const SIGNING: &str = "token-signing";
/// Purpose and id of the key that hashes codes: there is one, so the database settles who made it.
const HASHING: &str = "code-hashing";
/// Keeps other servers from making first keys at the same moment.
const KEYS_LOCK: &str = "keys";
/// The DER prefix of an Ed25519 private key (RFC 8410, section 7); the 32 bytes of the seed follow.
const ED25519_PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// A public key that verifies our tokens.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// The `kid` of tokens signed with it.
    pub id: String,
    /// The point, 32 bytes.
    pub x: Vec<u8>,
}

/// The keys of this database, as far as this server has read them.
pub struct Secrets {
    store: Arc<dyn Store>,
    ring: RwLock<Arc<Ring>>,
    looks: Mutex<Looks>,
}

/// Which unknown keys were looked for.
#[derive(Default)]
struct Looks {
    /// When one was last.
    at: Option<DateTime<Utc>>,
    /// Those that were not there, the last ones first.
    absent: VecDeque<String>,
}

struct Ring {
    hashing: Vec<u8>,
    /// The one in use, which signs, before retired ones.
    signing: Vec<SigningKey>,
}

struct SigningKey {
    public: PublicKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// A kind of token: none is accepted in place of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenKind {
    /// The header's `typ`.
    pub typ: &'static str,
    /// Appended to the public URL for `aud`.
    pub audience: &'static str,
}

/// Claims every token has (RFC 7519, RFC 9068).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims<T> {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    #[serde(flatten)]
    pub more: T,
}

impl Secrets {
    /// Reads the keys of a database, and makes them if it has none yet.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer, [`Error::Internal`] for keys of another form.
    pub async fn load(store: Arc<dyn Store>, clock: &dyn Clock, rng: &dyn Rng) -> Result<Self> {
        let mut tx = store.write().await?;
        tx.lock_limit(KEYS_LOCK, clock.now()).await?;
        let keys = tx.keys().await?;
        for purpose in [SIGNING, HASHING] {
            if !keys.iter().any(|key| key.purpose == purpose && key.retired_at.is_none()) {
                tx.insert_key(&new_key(purpose, clock.now(), rng)?).await?;
            }
        }
        let ring = Ring::read(&tx.keys().await?)?;
        tx.commit().await?;
        Ok(Self { store, ring: RwLock::new(Arc::new(ring)), looks: Mutex::default() })
    }

    /// Reads the keys again: another server may have made new ones.
    pub(super) async fn reload(&self) -> Result<()> {
        let ring = Ring::read(&self.store.read().await?.keys().await?)?;
        *self.ring.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(ring);
        Ok(())
    }

    /// Makes a new signing key in place of the present one, which verifies until [`super::housekeeping`] deletes it.
    pub(super) async fn rotate(&self, now: DateTime<Utc>, rng: &dyn Rng) -> Result<String> {
        let key = new_key(SIGNING, now, rng)?;
        let mut tx = self.store.write().await?;
        tx.lock_limit(KEYS_LOCK, now).await?;
        tx.retire_keys(SIGNING, now).await?;
        tx.insert_key(&key).await?;
        tx.commit().await?;
        self.reload().await?;
        Ok(key.id)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// The public keys that tokens in use may be signed with, newest first.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.ring().signing.iter().map(|key| key.public.clone()).collect()
    }

    /// HMAC-SHA-256 over parts that cannot run into one another.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Result<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.ring().hashing).map_err(internal)?;
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().to_vec())
    }

    /// A keyed digest of an address or identifier, under which it is counted but cannot be read.
    pub(super) fn digest(&self, value: &str) -> Result<String> {
        Ok(BASE64URL_NOPAD.encode(&self.mac(&[b"digest", value.as_bytes()])?))
    }

    /// Signs a token.
    pub(super) fn sign<T: Serialize>(&self, kind: TokenKind, claims: &Claims<T>) -> Result<String> {
        let ring = self.ring();
        let key = ring.signing.first().ok_or_else(|| internal("there is no signing key"))?;
        let header = Header {
            typ: Some(kind.typ.to_owned()),
            kid: Some(key.public.id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        encode(&header, claims, &key.encoding).map_err(internal)
    }

    /// Reads a token of this kind, of this issuer and for one of these audiences, that is good at `now`.
    pub(super) async fn verify<T: DeserializeOwned>(
        &self,
        kind: TokenKind,
        issuer: &str,
        audiences: &[&str],
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims<T>> {
        let header = decode_header(token).map_err(unauthenticated)?;
        if header.typ.as_deref() != Some(kind.typ) {
            return Err(Error::Unauthenticated);
        }
        let kid = header.kid.ok_or(Error::Unauthenticated)?;
        if !self.knows(&kid) && kid.len() == KEY_ID_LENGTH {
            self.look(&kid, now).await?;
        }
        let ring = self.ring();
        let key = ring.signing.iter().find(|key| key.public.id == kid).ok_or(Error::Unauthenticated)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(audiences);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library reads the machine's clock; ours is handed in, so the times are checked below.
        validation.validate_exp = false;
        let claims = decode::<Claims<T>>(token, &key.decoding, &validation).map_err(unauthenticated)?.claims;
        let in_time = claims.nbf <= (now + LEEWAY).timestamp() && claims.exp > (now - LEEWAY).timestamp();
        if in_time { Ok(claims) } else { Err(Error::Unauthenticated) }
    }

    /// Asks the database for a key that is not known, but not over and over: anybody can name one. Who comes while somebody
    /// asks waits for what they find, and a question that failed is none.
    ///
    /// # Errors
    /// [`Error::Busy`] for a key that was not asked about when the database was asked last: another server may just have made
    /// it, and a good token is not to be thrown away because others named keys that nobody has.
    async fn look(&self, kid: &str, now: DateTime<Utc>) -> Result<()> {
        let mut looks = self.looks.lock().await;
        // Nobody has a token of a key that is yet to be made: one that was not there will never be.
        if self.knows(kid) || looks.absent.iter().any(|absent| absent == kid) {
            return Ok(());
        }
        // Not a clock that was set back: that would keep a new key unknown.
        if looks.at.is_some_and(|at| at <= now && now < at + LOOK_EVERY) {
            return Err(Error::Busy { retry_after: LOOK_EVERY.to_std().unwrap_or_default() });
        }
        self.reload().await?;
        looks.at = Some(now);
        if !self.knows(kid) {
            looks.absent.truncate(ABSENT - 1);
            looks.absent.push_front(kid.to_owned());
        }
        Ok(())
    }

    fn knows(&self, kid: &str) -> bool {
        self.ring().signing.iter().any(|key| key.public.id == kid)
    }
}

/// Base64url characters of a SHA-256 thumbprint.
const KEY_ID_LENGTH: usize = 43;

impl Ring {
    fn read(keys: &[StoredKey]) -> Result<Self> {
        let hashing = keys.iter().find(|key| key.purpose == HASHING).ok_or_else(|| internal("no hashing key"))?;
        let mut signing: Vec<_> = keys.iter().filter(|key| key.purpose == SIGNING).collect();
        // Stable: they come newest first. A server whose clock is behind may have made the one in use "before" another.
        signing.sort_by_key(|key| key.retired_at.is_some());
        let signing = signing.into_iter().map(SigningKey::read).collect::<Result<_>>()?;
        Ok(Self { hashing: hashing.secret.clone(), signing })
    }
}

impl SigningKey {
    fn read(stored: &StoredKey) -> Result<Self> {
        let encoding = EncodingKey::from_ed_der(&[&ED25519_PKCS8[..], &stored.secret].concat());
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(internal)?;
        let AlgorithmParameters::OctetKeyPair(parameters) = &jwk.algorithm else {
            return Err(internal("the signing key is not an Ed25519 key"));
        };
        let decoding = DecodingKey::from_ed_components(&parameters.x).map_err(internal)?;
        let x = BASE64URL_NOPAD.decode(parameters.x.as_bytes()).map_err(internal)?;
        Ok(Self { public: PublicKey { id: stored.id.clone(), x }, encoding, decoding })
    }
}

/// A new key of a purpose; signing keys are named by their thumbprint (RFC 7638).
fn new_key(purpose: &str, now: DateTime<Utc>, rng: &dyn Rng) -> Result<StoredKey> {
    let mut secret = vec![0; 32];
    rng.fill(&mut secret);
    let id = if purpose == SIGNING {
        let encoding = EncodingKey::from_ed_der(&[&ED25519_PKCS8[..], &secret].concat());
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(internal)?;
        jwk.thumbprint(ThumbprintHash::SHA256).map_err(internal)?
    } else {
        purpose.to_owned()
    };
    Ok(StoredKey { id, purpose: purpose.to_owned(), secret, created_at: now, retired_at: None })
}

/// SHA-256, under which opaque tokens are stored.
pub(super) fn fingerprint(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

fn unauthenticated(_: jsonwebtoken::errors::Error) -> Error {
    Error::Unauthenticated
}
