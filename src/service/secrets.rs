//! Keys that all servers of one database share: signing keys of tokens, and the key that hashes codes.

use std::sync::{Arc, RwLock};

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{self, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256, Sha512};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{
    domain::{error::Error, oidc::app},
    ports::{clock::Clock, rng::Rng},
    store::{Store, keys::StoredKey},
};

use super::Result;

/// Clocks of client and server may differ by this much.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// Keys that are not known are looked for in the database at most this often; servers read them every few seconds anyway.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(2);
/// Purposes of the keys in the store that sign tokens, by the algorithm. Those of RSA and P-256 are made with the first app.
const SIGNING: [(&str, Algorithm); 3] = [
    ("token-signing", Algorithm::EdDSA),
    ("token-signing-rs256", Algorithm::RS256),
    ("token-signing-es256", Algorithm::ES256),
];
/// The one of them that signs the tokens of people and services.
const OWN_SIGNING: &str = SIGNING[0].0;
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
    /// The key itself.
    pub material: Material,
}

/// What a public key is made of: numbers as big-endian bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// Ed25519.
    Ed25519 {
        /// The point, 32 bytes.
        x: Vec<u8>,
    },
    /// P-256.
    P256 {
        /// The first coordinate, 32 bytes.
        x: Vec<u8>,
        /// The second, 32 bytes.
        y: Vec<u8>,
    },
    /// RSA.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
}

/// The keys of this database, as far as this server has read them.
pub struct Secrets {
    store: Arc<dyn Store>,
    ring: RwLock<Arc<Ring>>,
    /// When an unknown key was last looked for.
    looked_at: Mutex<Option<DateTime<Utc>>>,
}

struct Ring {
    hashing: Vec<u8>,
    /// The one in use, which signs, before retired ones.
    signing: Vec<SigningKey>,
}

struct SigningKey {
    algorithm: Algorithm,
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
        for purpose in [OWN_SIGNING, HASHING] {
            if !keys.iter().any(|key| key.purpose == purpose && key.retired_at.is_none()) {
                tx.insert_key(&new_key(purpose, clock.now(), rng)?).await?;
            }
        }
        let ring = Ring::read(&tx.keys().await?)?;
        tx.commit().await?;
        Ok(Self { store, ring: RwLock::new(Arc::new(ring)), looked_at: Mutex::default() })
    }

    /// Reads the keys again: another server may have made new ones.
    pub(super) async fn reload(&self) -> Result<()> {
        let ring = Ring::read(&self.store.read().await?.keys().await?)?;
        *self.ring.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(ring);
        Ok(())
    }

    /// Makes the keys that apps need besides, where they are not there yet.
    pub(super) async fn add_app_keys(&self, now: DateTime<Utc>, rng: &dyn Rng) -> Result<()> {
        let lacking = |keys: &[StoredKey]| {
            let purposes = SIGNING.into_iter().map(|(purpose, _)| purpose);
            purposes.filter(|purpose| !keys.iter().any(|key| key.purpose == *purpose)).collect::<Vec<_>>()
        };
        if lacking(&self.store.read().await?.keys().await?).is_empty() {
            return Ok(());
        }
        // Before the transaction: a key of RSA takes long.
        let made = new_keys(&SIGNING.map(|(purpose, _)| purpose), now, rng).await?;
        let mut tx = self.store.write().await?;
        tx.lock_limit(KEYS_LOCK, now).await?;
        let lacking = lacking(&tx.keys().await?);
        for key in made.iter().filter(|key| lacking.contains(&key.purpose.as_str())) {
            tx.insert_key(key).await?;
        }
        tx.commit().await?;
        self.reload().await
    }

    /// Makes new signing keys in place of the present ones, which verify until [`super::housekeeping`] deletes them.
    pub(super) async fn rotate(&self, now: DateTime<Utc>, rng: &dyn Rng) -> Result<Vec<String>> {
        let present = self.store.read().await?.keys().await?;
        let purposes = SIGNING.into_iter().map(|(purpose, _)| purpose);
        let purposes: Vec<_> = purposes.filter(|purpose| present.iter().any(|key| key.purpose == *purpose)).collect();
        let made = new_keys(&purposes, now, rng).await?;
        let mut tx = self.store.write().await?;
        tx.lock_limit(KEYS_LOCK, now).await?;
        for key in &made {
            tx.retire_keys(&key.purpose, now).await?;
            tx.insert_key(key).await?;
        }
        tx.commit().await?;
        self.reload().await?;
        Ok(made.into_iter().map(|key| key.id).collect())
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
        self.ring().sign(Algorithm::EdDSA, kind.typ, claims)
    }

    /// Signs what an app is told.
    pub(super) fn sign_for_app<T: Serialize>(
        &self,
        algorithm: app::Algorithm,
        typ: &str,
        claims: &T,
    ) -> Result<String> {
        self.ring().sign(of_app(algorithm), typ, claims)
    }

    /// Sees to it that there is a key of this algorithm: another server may have made the first one a moment ago.
    pub(super) async fn prepare(&self, algorithm: app::Algorithm) -> Result<()> {
        let has = self.ring().signing.iter().any(|key| key.algorithm == of_app(algorithm));
        if has { Ok(()) } else { self.reload().await }
    }

    /// Reads what an app was told, whatever it is signed with and however old it is. None for what is not ours.
    pub(super) async fn read_of_app<T: DeserializeOwned>(
        &self,
        typ: &str,
        issuer: &str,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<T>> {
        let Ok(header) = decode_header(token) else { return Ok(None) };
        let kid = header.kid.filter(|_| header.typ.as_deref() == Some(typ));
        let Some(kid) = kid.filter(|kid| kid.len() == KEY_ID_LENGTH) else { return Ok(None) };
        if !self.knows(&kid) {
            self.look(&kid, now).await?;
        }
        let ring = self.ring();
        let Some(key) = ring.signing.iter().find(|key| key.public.id == kid) else { return Ok(None) };
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
        // Whoever asks looks at the audience and at the times.
        (validation.validate_aud, validation.validate_exp) = (false, false);
        Ok(decode::<T>(token, &key.decoding, &validation).ok().map(|token| token.claims))
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
        let own = ring.signing.iter().filter(|key| key.algorithm == Algorithm::EdDSA);
        let key = own.into_iter().find(|key| key.public.id == kid).ok_or(Error::Unauthenticated)?;
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
    async fn look(&self, kid: &str, now: DateTime<Utc>) -> Result<()> {
        let mut looked_at = self.looked_at.lock().await;
        // Not a clock that was set back: that would keep a new key unknown.
        let lately = looked_at.is_some_and(|at| at <= now && now < at + LOOK_EVERY);
        if !self.knows(kid) && !lately {
            self.reload().await?;
            *looked_at = Some(now);
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
        let mut signing = Vec::new();
        for (purpose, algorithm) in SIGNING {
            let mut own: Vec<_> = keys.iter().filter(|key| key.purpose == purpose).collect();
            // Stable: they come newest first. A server whose clock is behind may have made the one in use "before" another.
            own.sort_by_key(|key| key.retired_at.is_some());
            for key in own {
                signing.push(SigningKey::read(key, algorithm)?);
            }
        }
        Ok(Self { hashing: hashing.secret.clone(), signing })
    }

    fn sign<T: Serialize>(&self, algorithm: Algorithm, typ: &str, claims: &T) -> Result<String> {
        let key = self.signing.iter().find(|key| key.algorithm == algorithm);
        let key = key.ok_or_else(|| internal("there is no signing key"))?;
        let header = Header { typ: Some(typ.to_owned()), kid: Some(key.public.id.clone()), ..Header::new(algorithm) };
        encode(&header, claims, &key.encoding).map_err(internal)
    }
}

impl SigningKey {
    fn read(stored: &StoredKey, algorithm: Algorithm) -> Result<Self> {
        let encoding = encoding_key(algorithm, &stored.secret);
        let jwk = Jwk::from_encoding_key(&encoding, algorithm).map_err(internal)?;
        let decoding = DecodingKey::from_jwk(&jwk).map_err(internal)?;
        let bytes = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(internal);
        let material = match &jwk.algorithm {
            AlgorithmParameters::OctetKeyPair(parts) => Material::Ed25519 { x: bytes(&parts.x)? },
            AlgorithmParameters::EllipticCurve(parts) => Material::P256 { x: bytes(&parts.x)?, y: bytes(&parts.y)? },
            AlgorithmParameters::RSA(parts) => Material::Rsa { n: bytes(&parts.n)?, e: bytes(&parts.e)? },
            _ => return Err(internal("the signing key is of an unknown kind")),
        };
        Ok(Self { algorithm, public: PublicKey { id: stored.id.clone(), material }, encoding, decoding })
    }
}

/// A key as it is kept: the seed of Ed25519, PKCS #8 of P-256 (RFC 5915), PKCS #1 of RSA (RFC 8017).
fn encoding_key(algorithm: Algorithm, secret: &[u8]) -> EncodingKey {
    match algorithm {
        Algorithm::RS256 => EncodingKey::from_rsa_der(secret),
        Algorithm::ES256 => EncodingKey::from_ec_der(secret),
        _ => EncodingKey::from_ed_der(&[&ED25519_PKCS8[..], secret].concat()),
    }
}

/// A new key of each purpose.
async fn new_keys(purposes: &[&'static str], now: DateTime<Utc>, rng: &dyn Rng) -> Result<Vec<StoredKey>> {
    let mut made = Vec::new();
    for purpose in purposes {
        made.push(match SIGNING.into_iter().find(|(known, _)| known == purpose) {
            Some((purpose, algorithm @ (Algorithm::RS256 | Algorithm::ES256))) => {
                // The library takes its own chance, and for RSA a good part of a second.
                let secret = spawn_blocking(move || generate(algorithm)).await.map_err(internal)??;
                signing_key(purpose, algorithm, secret, now)?
            }
            _ => new_key(purpose, now, rng)?,
        });
    }
    Ok(made)
}

/// A new key of a purpose whose secret is nothing but chance.
fn new_key(purpose: &str, now: DateTime<Utc>, rng: &dyn Rng) -> Result<StoredKey> {
    let mut secret = vec![0; 32];
    rng.fill(&mut secret);
    if purpose == OWN_SIGNING {
        return signing_key(purpose, Algorithm::EdDSA, secret, now);
    }
    let (id, purpose) = (purpose.to_owned(), purpose.to_owned());
    Ok(StoredKey { id, purpose, secret, created_at: now, retired_at: None })
}

/// Signing keys are named by their thumbprint (RFC 7638).
fn signing_key(purpose: &str, algorithm: Algorithm, secret: Vec<u8>, now: DateTime<Utc>) -> Result<StoredKey> {
    let jwk = Jwk::from_encoding_key(&encoding_key(algorithm, &secret), algorithm).map_err(internal)?;
    let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(internal)?;
    Ok(StoredKey { id, purpose: purpose.to_owned(), secret, created_at: now, retired_at: None })
}

/// A new secret of P-256, or of RSA with 2048 bits.
fn generate(algorithm: Algorithm) -> Result<Vec<u8>> {
    const KIND: &str = "a signing key could not be made";
    if algorithm == Algorithm::ES256 {
        let made = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).and_then(|key| key.to_pkcs8v1());
        return Ok(made.map_err(|_| internal(KIND))?.as_ref().to_vec());
    }
    let made = rsa::KeyPair::generate(KeySize::Rsa2048).map_err(|_| internal(KIND))?;
    let pkcs8: Pkcs8V1Der = made.as_der().map_err(|_| internal(KIND))?;
    pkcs1(pkcs8.as_ref()).map(<[u8]>::to_vec).ok_or_else(|| internal(KIND))
}

/// The key of RSA inside of a `PrivateKeyInfo` (RFC 5208, section 5): a sequence of the version, the algorithm, and the key
/// in an octet string. With 2048 bits all lengths have two bytes.
fn pkcs1(pkcs8: &[u8]) -> Option<&[u8]> {
    const AFTER_LENGTH: [u8; 20] =
        [2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0, 4, 0x82];
    let inner = pkcs8.strip_prefix(&[0x30, 0x82])?.get(2..)?.strip_prefix(&AFTER_LENGTH)?;
    let (length, key) = inner.split_first_chunk::<2>()?;
    (key.len() == usize::from(u16::from_be_bytes(*length))).then_some(key)
}

fn of_app(algorithm: app::Algorithm) -> Algorithm {
    match algorithm {
        app::Algorithm::RS256 => Algorithm::RS256,
        app::Algorithm::ES256 => Algorithm::ES256,
        app::Algorithm::EdDSA => Algorithm::EdDSA,
    }
}

/// The left half of a hash (Core, section 3.1.3.6): that of the signature, which for Ed25519 is SHA-512.
pub(super) fn half_hash(algorithm: app::Algorithm, text: &str) -> String {
    match algorithm {
        app::Algorithm::EdDSA => BASE64URL_NOPAD.encode(&Sha512::digest(text.as_bytes())[..32]),
        app::Algorithm::RS256 | app::Algorithm::ES256 => BASE64URL_NOPAD.encode(&Sha256::digest(text.as_bytes())[..16]),
    }
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
