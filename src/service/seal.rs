//! Things that wait in the database for one browser. They are sealed under a token that only the browser holds, so that
//! whoever reads the database, or a backup of it, reads nothing of them.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Keeps the key apart from whatever else is made of a token.
const PURPOSE: &[u8] = b"nameplate: seal";

/// Seals something under a token, for the one use that `context` names. Each token seals one thing.
///
/// # Errors
/// Never for anything that fits in memory.
pub(super) fn seal(token: &str, context: &str, mut plain: Vec<u8>) -> Result<Vec<u8>, Unspecified> {
    key(token)?.seal_in_place_append_tag(nonce(), Aad::from(context), &mut plain)?;
    Ok(plain)
}

/// What was sealed under this token for this use.
///
/// # Errors
/// For another token or use, and for what was changed since.
pub(super) fn open(token: &str, context: &str, mut sealed: Vec<u8>) -> Result<Vec<u8>, Unspecified> {
    let length = key(token)?.open_in_place(nonce(), Aad::from(context), &mut sealed)?.len();
    sealed.truncate(length);
    Ok(sealed)
}

/// A key of its own for each token, which has 256 random bits. The database knows the token's SHA-256, of which nothing
/// leads to this.
fn key(token: &str) -> Result<LessSafeKey, Unspecified> {
    let mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).map_err(|_| Unspecified)?;
    let key = mac.chain_update(PURPOSE).finalize().into_bytes();
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?))
}

/// Always the same: no key seals a second time.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_token_for_its_use_alone() {
        let plain = "{\"bio\":\"a\0b\"}".as_bytes().to_vec();
        let sealed = seal("token", "/profile", plain.clone()).unwrap();
        assert!(!sealed.windows(3).any(|bytes| bytes == b"bio"), "{sealed:?}");
        assert_eq!(open("token", "/profile", sealed.clone()), Ok(plain));
        assert!(open("tokem", "/profile", sealed.clone()).is_err());
        assert!(open("token", "/login", sealed.clone()).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open("token", "/profile", changed).is_err(), "{at}");
        }
        assert!(open("token", "/profile", Vec::new()).is_err());
    }
}
