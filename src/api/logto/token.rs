//! The token endpoint: client credentials in, a management token out (RFC 6749, section 4.4; RFC 8707).

use std::collections::HashMap;

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
        request::Parts,
    },
};
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::envelope::{ApiError, ErrorBody};
use crate::{
    domain::{client::Scope, error::Error, interruption::Interruption, session::Origin},
    http::request::origin,
    service::Accounts,
};

const GRANT: &str = "client_credentials";

/// What a client asks with. Its credentials may stand in an `Authorization: Basic` header instead.
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
    #[schema(pattern = "^client_credentials$", max_length = 18)]
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// `https://default.logto.app/api`, or `/api` at our own address.
    #[schema(min_length = 1)]
    resource: String,
    /// `all`.
    scope: Option<String>,
}

/// A management token.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "access_token": "eyJ…", "expires_in": 3600, "token_type": "Bearer", "scope": "all" }))]
pub(super) struct TokenAnswer {
    /// A JWT (RFC 9068).
    access_token: String,
    /// In seconds.
    expires_in: u64,
    #[schema(value_type = String)]
    token_type: &'static str,
    /// What was granted; without it every call is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    scope: Option<&'static str>,
}

/// Gives a client a management token.
#[utoipa::path(
    post, path = "/oidc/token", operation_id = "GetManagementToken", tag = "OpenID Connect", security((), ("client" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token, good for an hour", body = TokenAnswer),
        (status = 400, description = "`invalid_request`, `invalid_target` or `unsupported_grant_type`", body = ErrorBody),
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
    match form.one("grant_type")? {
        Some(GRANT) => {}
        Some(_) => return Err(bad("unsupported_grant_type", "The only grant is client_credentials.")),
        None => return Err(bad("invalid_request", "The parameter grant_type is missing.")),
    }
    let Credentials { id, secret } = Credentials::read(&headers, &form)?;
    let client = accounts.authenticate_client(&id, &secret, &origin).await.map_err(|error| match error {
        Error::BadCredentials => invalid_client(),
        error => ApiError::from(error).in_oauth(),
    })?;
    let resource = match form.all("resource").as_slice() {
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
        scope: (token.scope == Scope::All).then(|| token.scope.as_str()),
    }))
}

/// Who a client says it is.
struct Credentials {
    id: String,
    secret: String,
}

impl Credentials {
    /// From the header or the form, but not from both (RFC 6749, section 2.3).
    fn read(headers: &HeaderMap, form: &Form) -> Result<Self, ApiError> {
        let (id, secret) = (form.one("client_id")?, form.one("client_secret")?);
        let Some(header) = headers.get(AUTHORIZATION) else {
            let (id, secret) = id.zip(secret).ok_or_else(invalid_client)?;
            return Ok(Self { id: id.to_owned(), secret: secret.to_owned() });
        };
        let basic = header.to_str().ok().and_then(Self::of_basic).ok_or_else(invalid_client)?;
        if secret.is_some() || id.is_some_and(|id| id != basic.id) {
            return Err(bad("invalid_request", "A client must authenticate in one way only."));
        }
        Ok(basic)
    }

    /// From HTTP Basic, in which both parts are form-encoded (RFC 6749, section 2.3.1).
    fn of_basic(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        let decoded = BASE64.decode(encoded.trim().as_bytes()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        let plain = |part: &str| Some(percent_decode_str(&part.replace('+', " ")).decode_utf8().ok()?.into_owned());
        Some(Self { id: plain(id)?, secret: plain(secret)? })
    }
}

/// The parameters of a form.
pub(super) struct Form(HashMap<String, Vec<String>>);

impl Form {
    /// The values of a parameter. One without a value counts as not sent (RFC 6749, section 3.2).
    fn all(&self, name: &str) -> Vec<&str> {
        self.0.get(name).into_iter().flatten().map(String::as_str).filter(|value| !value.is_empty()).collect()
    }

    /// The value of a parameter that must not be repeated.
    fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.all(name).as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(bad("invalid_request", format!("The parameter {name} is repeated."))),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(bad("invalid_request", "The body must be application/x-www-form-urlencoded."));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match Interruption::within(&rejection) {
            Some(why) => ApiError::from(Error::from(why)).in_oauth(),
            None => ApiError::oauth(rejection.status(), "invalid_request", "The body cannot be read."),
        })?;
        let mut form: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in form_urlencoded::parse(&body).into_owned() {
            form.entry(name).or_default().push(value);
        }
        Ok(Self(form))
    }
}

/// From where a request comes.
pub(super) struct Client(Origin);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(origin(parts)))
    }
}

fn bad(error: &'static str, description: impl Into<String>) -> ApiError {
    ApiError::oauth(StatusCode::BAD_REQUEST, error, description)
}

fn invalid_client() -> ApiError {
    ApiError::oauth(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed.")
}
