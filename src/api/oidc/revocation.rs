//! Token revocation (RFC 7009).

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    client::Credentials,
    form::{Client, Form, bad},
};
use crate::{
    api::logto::envelope::{ApiError, ErrorBody},
    service::{Accounts, oidc::verification::RevocationError},
};

/// A token that shall end.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a form that is read parameter by parameter")]
pub(super) struct RevocationRequest {
    /// An access token or a refresh token.
    token: String,
    /// Of no account: both are looked at.
    token_type_hint: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// Nothing.
#[derive(ToSchema)]
#[schema(example = json!({}))]
pub(super) struct Revoked {}

/// Ends the session of an app that a token belongs to. One that is unknown is no error.
#[utoipa::path(
    post, path = "/oidc/token/revocation", operation_id = "RevokeToken", tag = "OpenID Connect",
    security((), ("client" = [])),
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is worth nothing", body = Revoked),
        (status = 400, description = "`invalid_request`, or `invalid_grant`: it is another app's", body = ErrorBody),
        (status = 401, description = "`invalid_client`: an unknown client, or not its secret", body = ErrorBody),
        (status = 413, description = "`invalid_request`", body = ErrorBody),
        (status = 429, description = "`temporarily_unavailable`: too many failures; see `Retry-After`", body = ErrorBody),
    ),
)]
pub(super) async fn revoke(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    headers: HeaderMap,
    form: Form,
) -> Result<Json<Value>, ApiError> {
    let client = Credentials::read(&headers, &form)?.client(&accounts, &origin).await?;
    match accounts.revoke_token(&client, form.required("token")?).await {
        Ok(()) => Ok(Json(json!({}))),
        Err(RevocationError::NotYours) => Err(bad("invalid_grant", "The token was given to another client.")),
        Err(RevocationError::Core(error)) => Err(ApiError::from(error).in_oauth()),
    }
}
