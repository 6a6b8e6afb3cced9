//! The NextGate dialect, under `/api/v1`: both versions of its source, as one service.
//!
//! | file | what it is |
//! |---|---|
//! | `envelope_layer` | stands around every route and puts the envelope around what it left |
//! | `envelope`, `errors` | the envelope, and the dialect's words for each error |
//! | `extract`, `fields` | what handlers take from a request's head and body |
//! | `me`, `entry`, `person`, `page` | the shapes in several answers |
//! | `openapi` | the description that `/openapi.json` is made of |
//! | the others | one resource each |
//!
//! Tokens count in `Authorization: Bearer` alone. Cookies are never looked at, so these routes need no guard against
//! forged requests.

mod activity;
mod auth;
mod ending;
mod entry;
mod envelope;
mod envelope_layer;
mod errors;
mod extract;
mod fields;
mod me;
pub mod openapi;
mod page;
mod password;
mod person;
mod profile;
mod profile_v1;
mod recovery;
mod refusals;
mod registration;
mod security;
mod sessions;
mod social;
mod two_factor;
mod username;
mod verification;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use chrono::{DateTime, Utc};

use crate::{api::body::MAX_JSON, domain::error::Error, service::Accounts};
use envelope::ApiError;

/// The routes of the dialect, to be nested under `/api/v1`. The server in front leaves a
/// [`RequestId`](tower_http::request_id::RequestId) and an [`Origin`](crate::domain::session::Origin) in the request's
/// extensions.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .merge(of_signing_in())
        .merge(of_the_profile())
        .merge(of_the_account())
        .merge(of_the_second_step())
        .merge(of_people())
        .fallback(route_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(accounts.clone(), envelope_layer::envelope_layer))
        .layer(DefaultBodyLimit::max(MAX_JSON))
        .with_state(accounts)
}

/// A refusal in the dialect's words, for what stands in front of its routes.
pub fn refuse(error: Error, now: DateTime<Utc>, request_id: &str) -> Response {
    ApiError::from(error).into_response_for(().into_response(), &now, request_id)
}

fn of_signing_in() -> Router<Accounts> {
    Router::new()
        .route("/auth/register", post(registration::register))
        .route("/auth/verify-otp", post(registration::verify_otp))
        .route("/auth/resend-otp", post(registration::resend_otp))
        .route("/auth/login", post(auth::login))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/forgot-password", post(recovery::forgot_password))
        .route("/auth/reset-password", post(recovery::reset_password))
}

fn of_the_profile() -> Router<Accounts> {
    Router::new()
        .route("/profile/me", get(profile::me))
        .route("/profile/id/{userId}", get(profile::by_id))
        .route("/profile/u/{username}", get(profile::by_username))
        .route("/profile/update", put(profile::update))
        .route("/profile/update-basic-info", put(profile_v1::update_basic_info))
        .route("/profile/change-password", put(password::change))
        .route("/profile/validate-username/{username}", get(username::validate))
        .route("/profile/request-email-verification", post(verification::request_email))
        .route("/profile/verify-email", post(verification::verify_email))
        .route("/profile/request-phone-verification", post(verification::request_phone))
        .route("/profile/verify-phone", post(verification::verify_phone))
        .route("/profile/security-info", get(security::info))
        .route("/profile/enable-2fa", post(two_factor::enable))
        .route("/profile/disable-2fa", post(two_factor::disable))
        .route("/profile/deactivate", delete(ending::deactivate))
}

fn of_the_account() -> Router<Accounts> {
    Router::new()
        .route("/account/username/change", post(username::change))
        .route("/account/username/check", get(username::check))
        .route("/account/password/change", post(password::change))
        .route("/account/link/email/initiate", post(verification::link_email))
        .route("/account/link/email/verify", post(verification::verify_email))
        .route("/account/link/phone/initiate", post(verification::link_phone))
        .route("/account/link/phone/verify", post(verification::verify_phone))
        .route("/account/email/request-verification", post(verification::request_email))
        .route("/account/email/verify", post(verification::verify_email))
        .route("/account/security-info", get(security::info))
        .route("/account/sessions", get(sessions::list).delete(sessions::end_others))
        .route("/account/sessions/{sessionId}", delete(sessions::end))
        .route("/account/activity", get(activity::list))
        .route("/account/archive", post(ending::archive))
        .route("/account/deactivate", delete(ending::deactivate))
}

fn of_the_second_step() -> Router<Accounts> {
    Router::new()
        .route("/account/2fa", get(two_factor::status))
        .route("/account/2fa/enable", post(two_factor::enable))
        .route("/account/2fa/disable", post(two_factor::disable))
        .route("/account/2fa/request-code", post(two_factor::request_code))
        .route("/account/2fa/totp/setup", post(two_factor::set_up))
        .route("/account/2fa/totp/confirm", post(two_factor::confirm))
        .route("/account/2fa/recovery-codes", post(two_factor::recovery_codes))
}

fn of_people() -> Router<Accounts> {
    Router::new()
        .route("/social/follow/{userId}", post(social::follow).delete(social::unfollow))
        .route("/social/block/{userId}", post(social::block).delete(social::unblock))
        .route("/social/followers/{userId}", get(social::followers))
        .route("/social/following/{userId}", get(social::following))
        .route("/social/requests", get(social::requests))
        .route("/social/requests/{userId}/accept", post(social::accept))
        .route("/social/requests/{userId}/decline", post(social::decline))
}

async fn route_not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "Route not found")
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed; Allow names those that are")
}
