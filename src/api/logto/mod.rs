//! The dialect of Logto's Management API, under `/api`. Its clients get their tokens from [`super::oidc`].
//!
//! | file | what it is |
//! |---|---|
//! | `envelope_layer` | stands around every route and puts the envelope around a refusal |
//! | `envelope` | the envelope, and the dialect's words for each error |
//! | `extract`, `fields` | what handlers take from a request's head and body |
//! | `user` | the user in answers |
//! | `search` | who a list of users is asked for |
//! | `openapi` | the description of all routes |
//! | the others | one resource each |
//!
//! Services call with a management token; a user's token is refused here, and a management token everywhere else.

mod codes;
mod counters;
mod custom_data;
pub(super) mod envelope;
pub(super) mod envelope_layer;
mod extract;
mod fields;
mod openapi;
mod password;
mod profile;
mod refusals;
mod search;
mod suspension;
mod user;
mod users;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, patch, post, put},
};

use super::body::MAX_JSON;
use crate::{domain::error::Error, service::Accounts};
use envelope::ApiError;

pub use openapi::LogtoApi;

/// The routes of the dialect, to be nested under `/api`. The server in front leaves a
/// [`RequestId`](tower_http::request_id::RequestId) and an [`Origin`](crate::domain::session::Origin) in the request's
/// extensions.
pub fn router(accounts: Accounts) -> Router {
    with_routes(management_routes().into_iter())
        .fallback(route_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(envelope_layer::envelope_layer))
        .layer(DefaultBodyLimit::max(MAX_JSON))
        .with_state(accounts)
}

/// The paths of the router, as the server has them.
pub fn paths() -> Vec<String> {
    management_routes().map(|(path, _)| format!("/api{path}")).into()
}

/// A refusal in the dialect's words, for what stands in front of its routes.
pub fn refuse(error: Error, request_id: &str) -> Response {
    ApiError::from(error).into_response_for(().into_response(), request_id)
}

fn management_routes() -> [(&'static str, MethodRouter<Accounts>); 13] {
    [
        ("/users", get(users::list).post(users::create)),
        ("/users/{userId}", get(users::get).patch(users::update).delete(users::delete)),
        ("/users/{userId}/password", patch(password::update)),
        ("/users/{userId}/password/verify", post(password::verify)),
        ("/users/{userId}/has-password", get(password::has)),
        ("/users/{userId}/custom-data", get(custom_data::get).patch(custom_data::update)),
        ("/users/{userId}/profile", patch(profile::update)),
        ("/users/{userId}/is-suspended", patch(suspension::update)),
        ("/users/{userId}/counters", put(counters::put)),
        ("/verification-codes", post(codes::send)),
        ("/verification-codes/verify", post(codes::verify)),
        // The source writes it so, Logto's own clients as above.
        ("/verification-code", post(codes::send)),
        ("/verification-code/verify", post(codes::verify)),
    ]
}

pub(super) fn with_routes(routes: impl Iterator<Item = (&'static str, MethodRouter<Accounts>)>) -> Router<Accounts> {
    routes.fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

pub(super) async fn route_not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "entity.not_found", "There is no such route.")
}

pub(super) async fn method_not_allowed() -> ApiError {
    let words = "The route does not take this method; Allow names those it does.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "request.method_not_allowed", words)
}
