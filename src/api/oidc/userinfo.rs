//! The userinfo endpoint (Core, section 5.3).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::form::{Form, bad};
use crate::{
    api::logto::envelope::{ApiError, ErrorBody},
    http::request::{bearer, media_type},
    service::{Accounts, oidc::verification::UserInfoError},
};

/// What is told of an account: what the scopes of the token give.
#[derive(ToSchema)]
#[schema(example = json!({
    "sub": "019b7f21-6f1e-7c3a-9d54-0f6f6f1b2a10",
    "name": "Ada Lovelace",
    "username": "ada",
    "email": "ada@example.com",
    "email_verified": true
}))]
#[expect(dead_code, reason = "it describes an object that is made claim by claim")]
pub(super) struct Claims {
    /// The account's id, for ever: key on it. Usernames and addresses change hands.
    sub: String,
}

/// The token, where it is not in the header.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a form that is read parameter by parameter")]
pub(super) struct TokenForm {
    access_token: Option<String>,
}

/// Tells who a token names.
#[utoipa::path(
    get, path = "/oidc/me", operation_id = "GetUserInfo", tag = "OpenID Connect", security(("app" = [])),
    responses(
        (status = 200, description = "The claims", body = Claims),
        (status = 401, description = "`invalid_token`: it is not good any more", body = ErrorBody),
        (status = 403, description = "`insufficient_scope`: it was given without `openid`", body = ErrorBody),
    ),
)]
pub(super) async fn get(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
) -> Result<Json<Map<String, Value>>, ApiError> {
    tell(&accounts, bearer(&headers)).await
}

/// Tells who a token names that stands in the header or in the form.
#[utoipa::path(
    post, path = "/oidc/me", operation_id = "PostUserInfo", tag = "OpenID Connect", security(("app" = [])),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The claims", body = Claims),
        (status = 400, description = "`invalid_request`: two tokens, or a form that cannot be read", body = ErrorBody),
        (status = 401, description = "`invalid_token`: it is not good any more", body = ErrorBody),
        (status = 403, description = "`insufficient_scope`: it was given without `openid`", body = ErrorBody),
        (status = 413, description = "`invalid_request`", body = ErrorBody),
    ),
)]
pub(super) async fn post(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Json<Map<String, Value>>, ApiError> {
    use axum::extract::FromRequest as _;
    let in_header = bearer(&headers);
    // What is no form has no token in it.
    if !is_form(&headers) {
        return tell(&accounts, in_header).await;
    }
    let form = Form::from_request(request, &()).await?;
    match (in_header, form.one("access_token")?) {
        // RFC 6750, section 2.
        (Some(_), Some(_)) => Err(bad("invalid_request", "The token must be sent in one way only.")),
        (header, form) => tell(&accounts, header.or(form)).await,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/x-www-form-urlencoded"
}

async fn tell(accounts: &Accounts, token: Option<&str>) -> Result<Json<Map<String, Value>>, ApiError> {
    let Some(token) = token else {
        // RFC 6750, section 3.1: no error code for who said nothing.
        let words = "An access token is needed.";
        let error = ApiError::oauth(StatusCode::UNAUTHORIZED, "invalid_token", words);
        return Err(error.challenging("Bearer"));
    };
    let refuse = |status, error: &'static str, words: &'static str| {
        let challenge = format!("Bearer error=\"{error}\", error_description=\"{words}\"");
        ApiError::oauth(status, error, words).challenging(&challenge)
    };
    match accounts.user_info(token).await {
        Ok(claims) => Ok(Json(claims)),
        Err(UserInfoError::InvalidToken) => {
            Err(refuse(StatusCode::UNAUTHORIZED, "invalid_token", "The access token is not good, or has ended."))
        }
        Err(UserInfoError::InsufficientScope) => {
            Err(refuse(StatusCode::FORBIDDEN, "insufficient_scope", "The token was given without the scope openid."))
        }
        Err(UserInfoError::Core(error)) => Err(ApiError::from(error).in_oauth()),
    }
}
