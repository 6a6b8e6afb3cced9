//! What handlers take from a request's head. Whatever is wrong with it is told in the dialect's envelope.

use std::{collections::HashMap, convert::Infallible, time::Instant};

use axum::{
    RequestPartsExt,
    extract::{FromRef, FromRequestParts, MatchedPath, OptionalFromRequestParts, RawPathParams},
    http::request::Parts,
};
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    envelope::ApiError,
    request_meta::{AuthInfo, RequestMeta},
};
use crate::{
    domain::{
        account::Account,
        error::Error,
        session::{Actor, Origin},
    },
    http::request::{bearer, origin, uuid},
    service::Accounts,
};

/// A signed-in caller: the session and the account behind the token in `Authorization`.
pub(super) struct Caller {
    pub actor: Actor,
    pub account: Account,
}

impl Caller {
    async fn check(parts: &Parts, accounts: &Accounts) -> Result<Self, Error> {
        let started = Instant::now();
        let token = bearer(&parts.headers).ok_or(Error::Unauthenticated)?;
        let (actor, account) = accounts.authenticate_bearer(token, &origin(parts)).await?;
        if let Some(meta) = parts.extensions.get::<RequestMeta>() {
            meta.saw(AuthInfo { account_id: actor.account_id, session_id: actor.session_id, took: started.elapsed() });
        }
        Ok(Self { actor, account })
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self::check(parts, &Accounts::from_ref(state)).await?)
    }
}

/// On public routes a token that is not good counts for nothing, like none.
impl<S> OptionalFromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        match Self::check(parts, &Accounts::from_ref(state)).await {
            Ok(caller) => Ok(Some(caller)),
            Err(Error::Unauthenticated | Error::SecondFactorRequired { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// The caller of a route that names the account's owner, or nobody.
pub(super) struct Owner(pub Caller);

impl<S> FromRequestParts<S> for Owner
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::check(parts, &Accounts::from_ref(state)).await?;
        match path_id(parts).await? {
            Some(id) if id != caller.actor.account_id => Err(Error::Forbidden.into()),
            _ => Ok(Self(caller)),
        }
    }
}

/// The id in a route's path.
pub(super) struct PathId(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        path_id(parts).await?.map(Self).ok_or_else(|| ApiError::internal("a route without the id it takes"))
    }
}

async fn path_id(parts: &mut Parts) -> Result<Option<Uuid>, ApiError> {
    match parts.extract::<RawPathParams>().await {
        Ok(params) => params.iter().next().map(|(name, value)| read_id(name, value)).transpose(),
        // The only way to fail is text that is not UTF-8 when decoded; then the route alone has the name.
        Err(_) => {
            let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
            let name =
                route.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("userId", |(name, _)| name);
            Err(not_an_id(name))
        }
    }
}

/// An id in the one form that is accepted.
pub(super) fn read_id(name: &str, value: &str) -> Result<Uuid, ApiError> {
    uuid(value).ok_or_else(|| not_an_id(name))
}

fn not_an_id(name: &str) -> ApiError {
    ApiError::field(name, "isNotAValidID", "must be a UUID")
}

/// A secret name in a route's path. One that does not decode names nothing.
pub(super) struct PathKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let params: RawPathParams = parts.extract().await.map_err(|_| Error::NotFound)?;
        let value = params.iter().next().map(|(_, value)| value.to_owned());
        Ok(Self(value.ok_or(Error::NotFound)?))
    }
}

/// The parameters of the query; of one that is repeated the last.
pub(super) struct Params(pub HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

/// Where a request comes from: what the server found out and left with the request, else its `User-Agent` alone.
pub(super) struct Client(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(origin(parts)))
    }
}
