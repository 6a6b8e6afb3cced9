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

use crate::service::{
    Accounts,
    secrets::{Material, PublicKey},
};

/// How long clients may keep the keys: a new one signs only from its making on, and is looked up when it is first seen.
const KEYS_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The keys that tokens in use may be signed with, newest first.
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// A public key as RFC 7518 and RFC 8037 write it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}))]
struct Key {
    kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    crv: Option<&'static str>,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
    kid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    e: Option<String>,
}

/// Lists the keys that verify tokens.
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
        let number = |bytes: &[u8]| Some(BASE64URL_NOPAD.encode(bytes));
        let (kid, purpose) = (key.id.clone(), "sig");
        let none = Self { kty: "", crv: None, purpose, alg: "", kid, x: None, y: None, n: None, e: None };
        match &key.material {
            Material::Ed25519 { x } => Self { kty: "OKP", crv: Some("Ed25519"), alg: "EdDSA", x: number(x), ..none },
            Material::P256 { x, y } => {
                Self { kty: "EC", crv: Some("P-256"), alg: "ES256", x: number(x), y: number(y), ..none }
            }
            Material::Rsa { n, e } => Self { kty: "RSA", alg: "RS256", n: number(n), e: number(e), ..none },
        }
    }
}
