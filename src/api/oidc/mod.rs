//! The OpenID Provider, under `/oidc`, at Logto's paths. What people see of it are pages: `/oidc/auth` and what follows
//! stand in [`crate::ui`].
//!
//! | file | what it is |
//! |---|---|
//! | `form`, `client` | what handlers take: parameters, and who asks |
//! | `discovery` | what clients need to know |
//! | `token` | codes, refresh tokens and client credentials in, tokens out |
//! | `userinfo` | the claims of whoever a token names |
//! | `introspection`, `revocation` | what a token is worth, and its end |
//! | `openapi` | the description of all routes |

mod client;
mod discovery;
mod form;
mod introspection;
pub mod openapi;
mod revocation;
mod token;
mod userinfo;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use tower_http::cors::{Any, CorsLayer};

use super::{
    body::MAX_JSON,
    jwks,
    logto::{
        envelope::ApiError,
        envelope_layer::envelope_layer,
        {method_not_allowed, route_not_found, with_routes},
    },
};
use crate::{domain::error::Error, service::Accounts};

/// The routes, to be nested under `/oidc`. The server in front leaves a
/// [`RequestId`](tower_http::request_id::RequestId) and an [`Origin`](crate::domain::session::Origin) in the request's
/// extensions.
pub fn router(accounts: Accounts) -> Router {
    with_routes(routes().into_iter())
        .fallback(async || route_not_found().await.in_oauth())
        .method_not_allowed_fallback(async || method_not_allowed().await.in_oauth())
        .layer(from_fn(envelope_layer))
        .layer(DefaultBodyLimit::max(MAX_JSON))
        .with_state(accounts)
}

/// The metadata, for the root of the service, where RFC 8414, section 3, looks for them.
pub fn server_metadata() -> MethodRouter<Accounts> {
    get(discovery::metadata).layer(for_scripts())
}

/// The paths of the router, as the server has them.
pub fn paths() -> Vec<String> {
    routes().map(|(path, _)| format!("/oidc{path}")).into()
}

/// A refusal in the words of the token endpoint.
pub fn refuse(error: Error, request_id: &str) -> Response {
    ApiError::from(error).in_oauth().into_response_for(().into_response(), request_id)
}

fn routes() -> [(&'static str, MethodRouter<Accounts>); 6] {
    [
        ("/.well-known/openid-configuration", get(discovery::metadata).layer(for_scripts())),
        ("/jwks", get(jwks::keys).layer(for_scripts())),
        ("/token", post(token::token).layer(for_scripts())),
        ("/me", get(userinfo::get).post(userinfo::post).layer(for_scripts())),
        ("/token/revocation", post(revocation::revoke).layer(for_scripts())),
        ("/token/introspection", post(introspection::introspect)),
    ]
}

/// Lets scripts of any site call a route, without cookies: apps in browsers have no server of their own (RFC 9700, section
/// 2.6, wants it at no endpoint that people are redirected to).
fn for_scripts() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::WWW_AUTHENTICATE, header::RETRY_AFTER])
}
