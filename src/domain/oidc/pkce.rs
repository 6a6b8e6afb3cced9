//! Proof Key for Code Exchange (RFC 7636), with `S256` alone.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Characters of a challenge: SHA-256 in base64url.
const CHALLENGE: usize = 43;
/// Least and most characters of a verifier (section 4.1).
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;

/// Whether a text is a challenge of the method `S256` (section 4.2).
pub fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE && BASE64URL_NOPAD.decode(text.as_bytes()).is_ok()
}

/// Whether a verifier is the one behind a challenge (section 4.6).
pub fn proves(verifier: &str, challenge: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_verifier = VERIFIER.contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let made = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    is_verifier && bool::from(made.as_bytes().ct_eq(challenge.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_example_of_the_standard_holds() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_challenge(challenge) && proves(verifier, challenge));
        assert!(!proves(challenge, challenge) && !proves(verifier, verifier));
        for challenge in
            ["", "short", &challenge[1..], "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", &format!("{challenge}=")]
        {
            assert!(!is_challenge(challenge), "{challenge}");
        }
    }
}
