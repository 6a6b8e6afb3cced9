//! Addresses that other software knows: public keys, where a password is changed, drawn avatars.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::error::Error,
    service::{Accounts, secrets::PublicKey},
};

/// How long clients may keep the keys: a new one signs only from its making on, and is looked up when it is first seen.
const KEYS_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// A drawn avatar depends on the account's id and name.
const AVATAR_FOR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Where the page has its password block.
const CHANGE_PASSWORD: &str = "/profile#password";

/// The routes.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .route("/.well-known/jwks.json", get(keys))
        .route("/oidc/jwks", get(keys))
        .route("/.well-known/change-password", get(async || Redirect::to(CHANGE_PASSWORD)))
        .route("/avatars/{file}", get(avatar))
        .with_state(accounts)
}

async fn keys(State(accounts): State<Accounts>) -> impl IntoResponse {
    let keys: Vec<Value> = accounts.public_keys().iter().map(jwk).collect();
    ([(header::CACHE_CONTROL, KEYS_FOR)], Json(json!({ "keys": keys })))
}

/// A public key as RFC 8037 writes it.
fn jwk(key: &PublicKey) -> Value {
    let x = BASE64URL_NOPAD.encode(&key.x);
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.id, "x": x })
}

async fn avatar(State(accounts): State<Accounts>, Path(file): Path<String>) -> Response {
    let id = file.strip_suffix(".svg").and_then(|id| Uuid::try_parse(id).ok());
    let drawn = match id {
        Some(id) => accounts.portrait(id).await,
        None => Err(Error::NotFound),
    };
    match drawn {
        Ok(svg) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
                (header::CACHE_CONTROL, AVATAR_FOR),
            ];
            (headers, svg).into_response()
        }
        Err(Error::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(?error, "an avatar cannot be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
