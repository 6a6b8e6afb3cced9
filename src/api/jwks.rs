//! The public keys of our tokens, for whoever verifies them (RFC 7517).

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::CACHE_CONTROL},
    response::IntoResponse,
};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::{Accounts, secrets::PublicKey};

/// How long clients may keep the keys: a new one signs only from its making on, and is looked up when it is first seen.
const KEYS_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The keys that tokens in use may be signed with, newest first.
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// A public key as RFC 8037 writes it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}))]
struct Key {
    kty: &'static str,
    crv: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
}

/// Lists the keys that verify access tokens and management tokens.
#[utoipa::path(
    get, path = "/oidc/jwks", operation_id = "GetPublicKeys", tag = "OpenID Connect",
    responses((status = 200, description = "The keys, newest first", body = KeySet)),
)]
pub async fn keys(State(accounts): State<Accounts>) -> impl IntoResponse {
    let keys = accounts.public_keys().iter().map(Key::of).collect();
    ([(CACHE_CONTROL, KEYS_FOR)], Json(KeySet { keys }))
}

impl Key {
    fn of(key: &PublicKey) -> Self {
        let (kid, x) = (key.id.clone(), BASE64URL_NOPAD.encode(&key.x));
        Self { kty: "OKP", crv: "Ed25519", purpose: "sig", alg: "EdDSA", kid, x }
    }
}
