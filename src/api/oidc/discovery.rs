//! What clients need to know (OpenID Connect Discovery 1.0; RFC 8414).

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::CACHE_CONTROL},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        client::Scope,
        locale::Locale,
        oidc::{
            app::Algorithm,
            request::Prompt,
            scope::{CLAIMS, OFFLINE_ACCESS, OPENID},
        },
    },
    service::{Accounts, oidc::claims},
};

/// It changes with the configuration alone.
const METADATA_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");
const SECRET: [&str; 2] = ["client_secret_basic", "client_secret_post"];
const SECRET_OR_NONE: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

/// The metadata of the issuer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "issuer": "https://id.example/oidc", "token_endpoint": "https://id.example/oidc/token" }))]
pub(super) struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    end_session_endpoint: String,
    service_documentation: String,
    scopes_supported: Vec<&'static str>,
    #[schema(value_type = [String])]
    response_types_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    response_modes_supported: [&'static str; 2],
    #[schema(value_type = [String])]
    grant_types_supported: [&'static str; 3],
    #[schema(value_type = [String])]
    subject_types_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    id_token_signing_alg_values_supported: [&'static str; 3],
    #[schema(value_type = [String])]
    token_endpoint_auth_methods_supported: [&'static str; 3],
    #[schema(value_type = [String])]
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    #[schema(value_type = [String])]
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
    #[schema(value_type = [String])]
    code_challenge_methods_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    acr_values_supported: [&'static str; 2],
    #[schema(value_type = [String])]
    prompt_values_supported: [&'static str; 5],
    #[schema(value_type = [String])]
    claim_types_supported: [&'static str; 1],
    #[schema(value_type = [String])]
    claims_supported: &'static [&'static str],
    ui_locales_supported: Vec<&'static str>,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
}

/// Tells where people sign in, where tokens are given and how they are verified.
#[utoipa::path(
    get, path = "/oidc/.well-known/openid-configuration", operation_id = "GetIssuerMetadata", tag = "OpenID Connect",
    responses((status = 200, description = "The metadata", body = Metadata)),
)]
pub(super) async fn metadata(State(accounts): State<Accounts>) -> impl IntoResponse {
    let at = |path: &str| accounts.absolute(&format!("/oidc{path}"));
    let metadata = Metadata {
        issuer: accounts.issuer(),
        authorization_endpoint: at("/auth"),
        token_endpoint: at("/token"),
        userinfo_endpoint: at("/me"),
        jwks_uri: at("/jwks"),
        introspection_endpoint: at("/token/introspection"),
        revocation_endpoint: at("/token/revocation"),
        end_session_endpoint: at("/session/end"),
        service_documentation: accounts.absolute("/docs"),
        scopes_supported: [OPENID, OFFLINE_ACCESS].into_iter().chain(CLAIMS).chain([Scope::All.as_str()]).collect(),
        response_types_supported: ["code"],
        response_modes_supported: ["query", "form_post"],
        grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: Algorithm::ALL.map(Algorithm::as_str),
        token_endpoint_auth_methods_supported: SECRET_OR_NONE,
        introspection_endpoint_auth_methods_supported: SECRET,
        revocation_endpoint_auth_methods_supported: SECRET_OR_NONE,
        code_challenge_methods_supported: ["S256"],
        acr_values_supported: ["urn:nameplate:acr:1", "urn:nameplate:acr:2"],
        prompt_values_supported: Prompt::NAMES.map(|(name, _)| name),
        claim_types_supported: ["normal"],
        claims_supported: &claims::SUPPORTED,
        ui_locales_supported: Locale::ALL.iter().map(|locale| locale.as_str()).collect(),
        authorization_response_iss_parameter_supported: true,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        claims_parameter_supported: false,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
    };
    ([(CACHE_CONTROL, METADATA_FOR)], Json(metadata))
}
