//! Addresses that other software knows: public keys, where a password is changed, drawn avatars.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use uuid::Uuid;

use crate::{api::jwks, domain::error::Error, service::Accounts};

/// A drawn avatar depends on the account's id and name.
const AVATAR_FOR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Where the page has its password block.
const CHANGE_PASSWORD: &str = "/profile#password";

/// The routes.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .route("/.well-known/jwks.json", get(jwks::keys))
        .route("/.well-known/change-password", get(async || Redirect::to(CHANGE_PASSWORD)))
        .route("/avatars/{file}", get(avatar))
        .with_state(accounts)
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
