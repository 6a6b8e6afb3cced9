//! What clients need to know to get tokens (OpenID Connect Discovery 1.0; RFC 8414).

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::CACHE_CONTROL},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{domain::client::Scope, service::Accounts};

/// It changes with the configuration alone.
const METADATA_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The metadata of the issuer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "issuer": "https://id.example/oidc",
    "token_endpoint": "https://id.example/oidc/token",
    "jwks_uri": "https://id.example/oidc/jwks",
    "grant_types_supported": ["client_credentials"],
    "response_types_supported": [],
    "scopes_supported": ["all"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["EdDSA"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]
}))]
pub(super) struct Metadata {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    #[schema(value_type = [String])]
    grant_types_supported: [&'static str; 1],
    /// None: people sign in on our own pages, not by way of an authorization endpoint.
    #[schema(value_type = [String])]
    response_types_supported: [&'static str; 0],
    #[schema(value_type = [String])]
    scopes_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    subject_types_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    id_token_signing_alg_values_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    token_endpoint_auth_methods_supported: [&'static str; 2],
}

/// Tells where tokens are given and how they are verified.
#[utoipa::path(
    get, path = "/oidc/.well-known/openid-configuration", operation_id = "GetIssuerMetadata", tag = "OpenID Connect",
    responses((status = 200, description = "The metadata", body = Metadata)),
)]
pub(super) async fn metadata(State(accounts): State<Accounts>) -> impl IntoResponse {
    let metadata = Metadata {
        issuer: accounts.issuer(),
        token_endpoint: accounts.absolute("/oidc/token"),
        jwks_uri: accounts.absolute("/oidc/jwks"),
        grant_types_supported: ["client_credentials"],
        response_types_supported: [],
        scopes_supported: [Scope::All.as_str()],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["EdDSA"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    };
    ([(CACHE_CONTROL, METADATA_FOR)], Json(metadata))
}
