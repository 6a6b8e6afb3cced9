//! What handlers take from a request's head. Whatever is wrong with it is told in the dialect's envelope.

use std::convert::Infallible;

use axum::{
    RequestPartsExt,
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use url::form_urlencoded;
use uuid::Uuid;

use super::{envelope::ApiError, fields::Version};
use crate::{
    domain::{
        account::Account,
        error::Error,
        session::{Actor, Origin},
    },
    http::{
        conditional::if_match,
        request::{bearer, origin, uuid},
    },
    service::{Accounts, Expectation},
};

/// Entries of a page, unless asked otherwise.
const PAGE: i64 = 20;
/// Most entries of a page: one more is asked for to know whether there is a next one.
const MAX_PAGE: i64 = 99;

/// A signed-in caller: the session and the account behind the token in `Authorization`.
pub(super) struct Caller {
    pub actor: Actor,
    pub account: Account,
    if_match: Option<i64>,
}

impl Caller {
    /// What the request expects of the caller's account, with the `recordVersion` of its body.
    pub fn expectation(&self, version: Version) -> Expectation {
        Expectation::of(self.if_match, version.0, self.account.record_version)
    }

    async fn check(parts: &Parts, accounts: &Accounts) -> Result<Self, Error> {
        let token = bearer(&parts.headers).ok_or(Error::Unauthenticated)?;
        let (actor, account) = accounts.authenticate_bearer(token, &origin(parts)).await?;
        let if_match = if_match(&parts.headers, account.record_version);
        Ok(Self { actor, account, if_match })
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let accounts = Accounts::from_ref(state);
        match Self::check(parts, &accounts).await {
            Err(Error::Unauthenticated) => Err(unauthorized(bearer(&parts.headers), accounts.now())),
            checked => Ok(checked?),
        }
    }
}

/// On public routes a dead token counts for nothing, like none; a half-signed-in caller is refused there, too.
impl<S> OptionalFromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        match Self::check(parts, &Accounts::from_ref(state)).await {
            Err(Error::Unauthenticated) => Ok(None),
            checked => Ok(Some(checked?)),
        }
    }
}

/// What is wrong with a token. Its own claims are believed for the wording alone.
fn unauthorized(token: Option<&str>, now: DateTime<Utc>) -> ApiError {
    let words = match token {
        None => "Authentication required",
        Some(token) if expiry(token).is_some_and(|expiry| expiry <= now.timestamp()) => "Token has expired",
        Some(_) => "Token is not valid",
    };
    ApiError::new(StatusCode::UNAUTHORIZED, words)
}

fn expiry(token: &str) -> Option<i64> {
    let payload = BASE64URL_NOPAD.decode(token.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice::<Value>(&payload).ok()?["exp"].as_i64()
}

/// Where a request comes from.
pub(super) struct Client(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(origin(parts)))
    }
}

/// The id in a route's path.
pub(super) struct PathId(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (name, value) = parameter(parts).await?;
        read_id(&name, &value).map(Self)
    }
}

/// A text in a route's path.
pub(super) struct PathText(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(parameter(parts).await?.1))
    }
}

async fn parameter(parts: &mut Parts) -> Result<(String, String), ApiError> {
    // The only way to fail is text that is not UTF-8 when decoded; then the name is out of reach too.
    let params: RawPathParams = parts.extract().await.map_err(|_| ApiError::bad_request("Invalid path parameter"))?;
    let first = params.iter().next().map(|(name, value)| (name.to_owned(), value.to_owned()));
    first.ok_or_else(|| ApiError::internal("a route without the parameter it takes"))
}

fn read_id(name: &str, value: &str) -> Result<Uuid, ApiError> {
    uuid(value).ok_or_else(|| ApiError::bad_request(format!("{name} must be a UUID")))
}

/// A parameter of the query; of one that is repeated the last.
pub(super) fn query(parts: &Parts, name: &str) -> Option<String> {
    let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

/// Which part of a list is asked for: `limit` entries after the one that `cursor` names.
#[derive(Clone, Copy)]
pub(super) struct Slice {
    pub after: Option<Uuid>,
    pub limit: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for Slice {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let after = query(parts, "cursor").map(|cursor| read_id("cursor", &cursor)).transpose()?;
        let limit = match query(parts, "limit").map(|limit| limit.parse::<i64>()) {
            None => PAGE,
            Some(Ok(limit)) if (1..=MAX_PAGE).contains(&limit) => limit,
            Some(Ok(_)) => return Err(ApiError::of_field("limit", format!("limit must be from 1 to {MAX_PAGE}"))),
            Some(Err(_)) => return Err(ApiError::bad_request("limit must be a whole number")),
        };
        Ok(Self { after, limit })
    }
}
