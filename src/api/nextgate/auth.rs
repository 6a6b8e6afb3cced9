//! Signing in and out.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    entry::{Entry, Tokens, entered},
    envelope::{Answer, ApiError, Envelope, Nothing},
    extract::Client,
    fields::{Body, given},
    refusals::Refused,
};
use crate::{
    domain::{error::Error, session::Kind},
    http::response::iso8601,
    service::{Accounts, login::OnArchived},
};

/// A password, and whom it belongs to. `email`, `phoneNumber` and `userName` are other names for `identifier`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "identifier": "john@example.com", "password": "CurrentPassword123!" }))]
pub(super) struct Login {
    /// An email, a phone number or a username.
    #[schema(value_type = String, min_length = 1, pattern = r"\S")]
    identifier: Option<String>,
    #[schema(ignore)]
    email: Option<String>,
    #[schema(ignore)]
    phone_number: Option<String>,
    #[schema(ignore)]
    user_name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1)]
    password: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshToken {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "ya1iXnJBcn0KqOvbyAW6BNNqYgU8uNkx3EJpUsgmzK4")]
    refresh_token: String,
}

/// The first text that is not blank of those under which a client may name somebody.
///
/// # Errors
/// 400 without any.
pub(super) fn identifier(named: [&Option<String>; 4]) -> Result<&str, ApiError> {
    let mut given = named.into_iter().flatten().map(String::as_str).filter(|text| !text.trim().is_empty());
    given.next().ok_or_else(|| ApiError::bad_request("missing field `identifier`"))
}

/// Signs in.
///
/// With two-factor authentication the answer is the way to the second step; a mailed factor is sent at once. An archived
/// account is restored. 403 for a locked account and for a registration that is not confirmed, which has
/// `{tempToken, expireAt}` in `data`, for `verify-otp` and `resend-otp`.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "NextGate: sign-in", security(()), request_body = Login,
    responses((status = 200, description = "Signed in, or on the way to it", body = Envelope<Entry>), Refused))]
pub(super) async fn login(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<Login>,
) -> Result<Answer, ApiError> {
    let identifier = identifier([&body.identifier, &body.email, &body.phone_number, &body.user_name])?;
    match accounts.sign_in(identifier, &body.password, Kind::Api, OnArchived::Restore, &origin).await {
        Err(pending @ Error::RegistrationPending { id, .. }) => {
            let named = accounts.registration_token(id).await?;
            let data = json!({ "tempToken": named.token, "expireAt": iso8601(&named.expires_at) });
            Err(ApiError::from(pending).with(data))
        }
        sign_in => entered(&accounts, sign_in?, "Login successful", &origin).await,
    }
}

/// Exchanges a refresh token for a new pair.
///
/// Once: used again within thirty seconds it answers the same pair, later it ends the session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "NextGate: sign-in", security(()), request_body = RefreshToken,
    responses((status = 200, description = "A new pair", body = Envelope<Tokens>), Refused))]
pub(super) async fn refresh(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<RefreshToken>,
) -> Result<Answer, ApiError> {
    let new = accounts.refresh(&body.refresh_token, &origin).await.map_err(dead_token)?;
    Ok(Answer::ok("Token refreshed successfully", Tokens::of(&accounts, new).await?))
}

/// Ends the session of a refresh token.
///
/// One that names no session is no error.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "NextGate: sign-in", security(()), request_body = RefreshToken,
    responses((status = 200, description = "Signed out", body = Envelope<Nothing>), Refused))]
pub(super) async fn logout(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<RefreshToken>,
) -> Result<Answer, ApiError> {
    accounts.sign_out_by_refresh(&body.refresh_token, &origin).await?;
    Ok(Answer::done("Logout successful"))
}

fn dead_token(error: Error) -> ApiError {
    match error {
        Error::Unauthenticated => {
            ApiError::new(axum::http::StatusCode::UNAUTHORIZED, "Invalid or expired refresh token")
        }
        error => error.into(),
    }
}
