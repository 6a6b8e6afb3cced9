//! The token endpoint (RFC 6749, section 3.2; RFC 8707).

use axum::{Json, extract::State, http::HeaderMap};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    client::{Credentials, invalid_client, not_authenticated},
    form::{Client, Form, bad},
};
use crate::{
    api::logto::envelope::{ApiError, ErrorBody},
    domain::{client::Scope, session::Origin},
    service::{
        Accounts,
        oidc::{
            codes::Exchange,
            tokens::{TokenError, Tokens},
        },
    },
};

/// What a client asks with. Its credentials may stand in an `Authorization: Basic` header instead; public apps say their
/// `client_id` alone.
#[derive(ToSchema)]
#[schema(example = json!({
    "grant_type": "client_credentials",
    "client_id": "019b7f21-6f1e-7c3a-9d54-0f6f6f1b2a10",
    "client_secret": "…",
    "resource": "https://default.logto.app/api",
    "scope": "all"
}))]
#[expect(dead_code, reason = "it describes a form that is read parameter by parameter")]
pub(super) struct TokenRequest {
    #[schema(pattern = "^(authorization_code|refresh_token|client_credentials)$", max_length = 18)]
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// The code, for `authorization_code`.
    code: Option<String>,
    /// The same as in the authorization request, if it is sent.
    redirect_uri: Option<String>,
    /// What is behind the `code_challenge` (RFC 7636).
    code_verifier: Option<String>,
    /// For `refresh_token`.
    refresh_token: Option<String>,
    /// An API that the access token is for; for services `https://default.logto.app/api`, or `/api` at our own address.
    resource: Option<String>,
    /// For services `all`; with a refresh token, some of what was given.
    scope: Option<String>,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "access_token": "eyJ…", "expires_in": 3600, "token_type": "Bearer", "scope": "all" }))]
pub(super) struct TokenAnswer {
    /// A JWT (RFC 9068).
    access_token: String,
    /// In seconds.
    expires_in: u64,
    #[schema(value_type = String)]
    token_type: &'static str,
    /// What was granted; without it every call of a service is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    scope: Option<String>,
    /// Who signed in (Core, section 2), where the scope `openid` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id_token: Option<String>,
    /// Where the scope `offline_access` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    refresh_token: Option<String>,
}

/// Gives a client tokens.
#[utoipa::path(
    post, path = "/oidc/token", operation_id = "GetTokens", tag = "OpenID Connect", security((), ("client" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = 400, description = "`invalid_request`, `invalid_grant`, `invalid_scope`, `invalid_target`, \
            `unauthorized_client` or `unsupported_grant_type`", body = ErrorBody),
        (status = 401, description = "`invalid_client`: an unknown client, or not its secret", body = ErrorBody),
        (status = 413, description = "`invalid_request`", body = ErrorBody),
        (status = 429, description = "`temporarily_unavailable`: too many failures; see `Retry-After`", body = ErrorBody),
        (status = 500, description = "`server_error`", body = ErrorBody),
        (status = 503, description = "`temporarily_unavailable`; see `Retry-After`", body = ErrorBody),
    ),
)]
pub(super) async fn token(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    headers: HeaderMap,
    form: Form,
) -> Result<Json<TokenAnswer>, ApiError> {
    match form.required("grant_type")? {
        "client_credentials" => management_token(&accounts, &origin, &headers, &form).await,
        "authorization_code" | "refresh_token" => app_tokens(&accounts, &origin, &headers, &form).await,
        _ => {
            let words = "The grants are authorization_code, refresh_token and client_credentials.";
            Err(bad("unsupported_grant_type", words))
        }
    }
}

/// RFC 6749, section 4.4: a token for the management API.
async fn management_token(
    accounts: &Accounts,
    origin: &Origin,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Json<TokenAnswer>, ApiError> {
    let Credentials { id, secret } = Credentials::read(headers, form)?;
    let secret = secret.ok_or_else(invalid_client)?;
    let client = accounts.authenticate_client(&id, &secret, origin).await.map_err(not_authenticated)?;
    if client.kind.is_app() {
        return Err(bad("unauthorized_client", "This grant is for services; an app signs people in."));
    }
    let resource = match form.0.all("resource").as_slice() {
        [resource] => accounts.resource(resource),
        _ => None,
    };
    let resource = resource.ok_or_else(|| bad("invalid_target", "The resource indicator is missing or unknown."))?;
    let scope = form.one("scope")?.unwrap_or_default();
    let token = accounts.issue_management_token(&client, &resource, scope);
    let token = token.map_err(|error| ApiError::from(error).in_oauth())?;
    Ok(Json(TokenAnswer {
        access_token: token.access,
        expires_in: token.expires_in.as_secs(),
        token_type: "Bearer",
        scope: (token.scope == Scope::All).then(|| token.scope.as_str().to_owned()),
        id_token: None,
        refresh_token: None,
    }))
}

/// RFC 6749, sections 4.1.3 and 6.
async fn app_tokens(
    accounts: &Accounts,
    origin: &Origin,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Json<TokenAnswer>, ApiError> {
    let client = Credentials::read(headers, form)?.client(accounts, origin).await?;
    if !client.kind.is_app() {
        return Err(bad("unauthorized_client", "This grant is for apps; the one of a service is client_credentials."));
    }
    let resource = match form.0.all("resource").as_slice() {
        [] => None,
        [resource] => Some(*resource),
        _ => return Err(bad("invalid_target", "A token is for one resource; ask for one at a time.")),
    };
    let tokens = match form.one("grant_type")? {
        Some("refresh_token") => {
            let (token, scope) = (form.required("refresh_token")?, form.one("scope")?);
            accounts.refresh_app(&client, token, scope, resource, origin).await
        }
        _ => {
            let exchange = Exchange {
                code: form.required("code")?,
                redirect_uri: form.one("redirect_uri")?,
                code_verifier: form.one("code_verifier")?,
                resource,
            };
            accounts.exchange_code(&client, &exchange).await
        }
    };
    let Tokens { access, expires_in, scope, id_token, refresh } = tokens.map_err(refuse)?;
    Ok(Json(TokenAnswer {
        access_token: access,
        expires_in: expires_in.unsigned_abs(),
        token_type: "Bearer",
        scope: Some(scope),
        id_token,
        refresh_token: refresh,
    }))
}

fn refuse(error: TokenError) -> ApiError {
    match error {
        TokenError::InvalidGrant(words) => bad("invalid_grant", words),
        TokenError::InvalidScope => bad("invalid_scope", "The refresh token was given without one of these scopes."),
        TokenError::InvalidTarget => bad("invalid_target", "The person was not asked for this resource."),
        TokenError::Core(error) => ApiError::from(error).in_oauth(),
    }
}
