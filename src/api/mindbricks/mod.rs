//! The Mindbricks dialect, under `/auth-api`.
//!
//! | file | what it is |
//! |---|---|
//! | `envelope_layer`, `request_meta` | stands around every route and puts the envelope around what it left |
//! | `envelope`, `errors` | the two envelopes, and the dialect's words for each error |
//! | `extract`, `fields` | what handlers take from a request's head and body |
//! | `user`, `session`, `agent` | the shapes in answers |
//! | `openapi` | all of it described |
//! | the others | one resource each |
//!
//! Tokens count in `Authorization: Bearer` alone. Cookies are never looked at, so these routes need no guard against
//! forged requests.

mod agent;
mod archive;
mod bucket;
mod envelope;
mod envelope_layer;
mod errors;
mod extract;
mod fields;
mod openapi;
mod password;
mod profile;
mod registration;
mod request_meta;
mod schemas;
mod second_step;
mod session;
mod sessions;
mod user;
mod users;
mod verification;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post},
};
use chrono::{DateTime, Utc};

use crate::{api::body::MAX_JSON, domain::error::Error, service::Accounts};
use envelope::ApiError;

pub use self::openapi::MindbricksApi;

/// The routes of the dialect, to be nested under `/auth-api`. The server in front leaves a
/// [`RequestId`](tower_http::request_id::RequestId) and an [`Origin`](crate::domain::session::Origin) in the request's
/// extensions.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .merge(of_sessions())
        .merge(of_users())
        .merge(of_the_bucket())
        .merge(verification::routes())
        .merge(second_step::routes())
        .fallback(route_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(accounts.clone(), envelope_layer::envelope_layer))
        .layer(DefaultBodyLimit::max(MAX_JSON))
        .with_state(accounts)
}

/// A refusal in the dialect's words, for what stands in front of its routes.
pub fn refuse(error: Error, date: DateTime<Utc>, request_id: &str) -> Response {
    ApiError::from(error).into_response_for(().into_response(), date, request_id)
}

fn of_sessions() -> Router<Accounts> {
    Router::new()
        .route("/login", post(sessions::login))
        .route("/currentuser", get(sessions::current))
        .route("/relogin", get(sessions::relogin).post(sessions::relogin))
        .route("/refresh", post(sessions::refresh))
        .route("/logout", post(sessions::logout))
        .route("/getusersessions", get(sessions::list))
        .route("/getuserhistory", get(sessions::history))
        .route("/deleteusersession/{sessionId}", delete(sessions::end))
        .route("/deleteallsessions", delete(sessions::end_all))
        .route("/publickey", get(sessions::public_key))
}

fn of_users() -> Router<Accounts> {
    Router::new()
        .route("/v1/registeruser", post(registration::register))
        .route("/v1/users", get(users::list))
        .route("/v1/users/{userId}", get(users::get))
        .route("/v1/briefuser/{userId}", get(users::brief))
        .route("/v1/userrole/{userId}", patch(users::set_role))
        .route("/v1/profile", patch(profile::update))
        .route("/v1/profile/{userId}", patch(profile::update))
        .route("/v1/userpassword", patch(password::change))
        .route("/v1/userpassword/{userId}", patch(password::change))
        .route("/v1/archiveprofile", delete(archive::archive))
        .route("/v1/archiveprofile/{userId}", delete(archive::archive))
}

fn of_the_bucket() -> Router<Accounts> {
    let upload = post(bucket::upload).layer(DefaultBodyLimit::max(bucket::MAX_UPLOAD));
    Router::new()
        .route("/bucket/userAvatars/upload", upload)
        .route("/bucket/userAvatars/download/key/{accessKey}", get(bucket::download))
        .route("/bucket/userAvatars/meta/{id}", get(bucket::meta))
        .route("/bucket/userAvatars/{id}", delete(bucket::delete))
}

async fn route_not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "errMsg_RouteNotFound", "there is no such route")
}

async fn method_not_allowed() -> ApiError {
    let words = "the route does not take this method; Allow names those it does";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "errMsg_MethodNotAllowed", words)
}
