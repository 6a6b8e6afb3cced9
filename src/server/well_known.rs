//! Addresses that other software knows: public keys, where a password is changed, drawn avatars.

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::surface::Refuse;
use crate::{
    api::{jwks, oidc},
    domain::error::Error,
    http::{conditional::if_none_match, response::CROSS_ORIGIN},
    service::Accounts,
};

/// A drawn avatar shows the account's name, and ends with it: whoever keeps one asks each time whether it is so still.
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("public, no-cache");
/// An SVG is a document to whoever opens its address: one that may do nothing.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
/// Bytes of an entity tag.
const TAG_BYTES: usize = 16;
/// Where the page has its password block.
const CHANGE_PASSWORD: &str = "/profile#password";

/// The routes. `refuse` words what keeps an avatar from being drawn.
pub fn router(accounts: Accounts, refuse: Refuse) -> Router {
    let avatars = Router::new().route("/avatars/{file}", get(avatar)).with_state((accounts.clone(), refuse));
    Router::new()
        .route("/.well-known/jwks.json", get(jwks::keys))
        .route("/.well-known/change-password", get(async || Redirect::to(CHANGE_PASSWORD)))
        .route("/.well-known/oauth-authorization-server/oidc", oidc::server_metadata())
        .with_state(accounts)
        .merge(avatars)
}

async fn avatar(
    State((accounts, refuse)): State<(Accounts, Refuse)>,
    file: Result<Path<String>, PathRejection>,
    head: Parts,
) -> Response {
    let id = file.ok().and_then(|Path(file)| Uuid::try_parse(file.strip_suffix(".svg")?).ok());
    let drawn = match id {
        Some(id) => accounts.generated_avatar(id).await,
        None => Err(Error::NotFound),
    };
    match drawn {
        Ok(svg) => picture(svg, &head.headers),
        Err(error) => refuse(error, &head),
    }
}

fn picture(svg: String, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&svg)[..TAG_BYTES]));
    let mut response = match if_none_match(request, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response(),
    };
    // The same on both: the headers of a 304 count for what was kept.
    let about = [(header::CACHE_CONTROL, ASK_EACH_TIME), (header::CONTENT_SECURITY_POLICY, INERT), CROSS_ORIGIN];
    response.headers_mut().extend(about);
    response.headers_mut().extend(HeaderValue::try_from(tag).ok().map(|tag| (header::ETAG, tag)));
    response
}
