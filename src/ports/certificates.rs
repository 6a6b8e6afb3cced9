//! Certificate authorities of this system: whom connections to servers elsewhere trust.

/// What an operator is told where there are none.
pub const MISSING: &str = "no TLS connection can be made, because this system has no certificate authorities: install the package \
    ca-certificates, or name a file that holds them in SSL_CERT_FILE";

/// How many there are: in `SSL_CERT_FILE` and `SSL_CERT_DIR`, or where the system keeps them.
pub fn count() -> usize {
    rustls_native_certs::load_native_certs().certs.len()
}

/// Whether there are any.
pub fn are_there() -> bool {
    count() > 0
}
