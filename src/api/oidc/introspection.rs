//! Token introspection (RFC 7662).

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    client::{Credentials, invalid_client},
    form::{Client, Form},
};
use crate::{
    api::logto::envelope::{ApiError, ErrorBody},
    domain::client::ClientType,
    service::Accounts,
};

/// A token that is asked about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a form that is read parameter by parameter")]
pub(super) struct IntrospectionRequest {
    /// An access token or a refresh token.
    token: String,
    /// Of no account: both are looked at.
    token_type_hint: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// What a token is worth.
#[derive(ToSchema)]
#[schema(example = json!({ "active": false }))]
#[expect(dead_code, reason = "it describes an object that is made claim by claim")]
pub(super) struct Introspection {
    /// Whether it is good now, and the caller's to know.
    active: bool,
    /// Whose it is.
    sub: Option<String>,
    /// What it is good for.
    scope: Option<String>,
    /// The app that it was given to.
    client_id: Option<String>,
    /// Until when, in seconds.
    exp: Option<i64>,
}

/// Tells what a token is worth: an app those of its own and those for its APIs, a service any app's.
#[utoipa::path(
    post, path = "/oidc/token/introspection", operation_id = "IntrospectToken", tag = "OpenID Connect",
    security((), ("client" = [])),
    request_body(content = IntrospectionRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "What it is worth", body = Introspection),
        (status = 400, description = "`invalid_request`", body = ErrorBody),
        (status = 401, description = "`invalid_client`: an unknown client, not its secret, or one without", body = ErrorBody),
        (status = 413, description = "`invalid_request`", body = ErrorBody),
        (status = 429, description = "`temporarily_unavailable`: too many failures; see `Retry-After`", body = ErrorBody),
    ),
)]
pub(super) async fn introspect(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    headers: HeaderMap,
    form: Form,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let client = Credentials::read(&headers, &form)?.client(&accounts, &origin).await?;
    if client.kind == ClientType::Public {
        return Err(invalid_client());
    }
    let told = accounts.introspect(&client, form.required("token")?).await;
    told.map(Json).map_err(|error| ApiError::from(error).in_oauth())
}
