//! What handlers take from a request's head: the service that calls, the user it calls about, the page it asks for.

use std::collections::HashMap;

use axum::{
    RequestPartsExt,
    extract::{FromRef, FromRequestParts, MatchedPath, RawPathParams},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
};
use serde_json::json;
use url::form_urlencoded;

use super::{envelope::ApiError, search};
use crate::{
    domain::{account::Account, error::Error, search::Search},
    http::{
        conditional::if_match,
        request::{bearer, origin, uuid},
    },
    service::{Accounts, Expectation, management::Access},
};

/// Rows of a page, unless asked otherwise.
const PAGE_SIZE: u32 = 20;
/// Most rows of a page.
const MAX_PAGE_SIZE: u32 = 100;

/// A service with a management token that allows everything.
pub(super) struct Caller(pub Access);

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let unauthorized = |code, words| ApiError::new(StatusCode::UNAUTHORIZED, code, words);
        let Some(header) = parts.headers.get(AUTHORIZATION) else {
            return Err(unauthorized("auth.authorization_header_missing", "The Authorization header is missing."));
        };
        let scheme = header.to_str().unwrap_or_default().split(' ').next().unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            let code = "auth.authorization_token_type_not_supported";
            let error = unauthorized(code, "The Authorization header must hold a bearer token.");
            return Err(error.with(json!({ "supportedTypes": ["Bearer"] })));
        }
        let token = bearer(&parts.headers).ok_or(Error::Unauthenticated)?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let operation = format!("{} {route}", parts.method);
        let access = Access::new(&Accounts::from_ref(state), token, operation, origin(parts)).await?;
        Ok(Self(access))
    }
}

/// The user that a route names, and the service that calls about them. The call is in the user's activity by now.
pub(super) struct Target {
    pub access: Access,
    pub account: Account,
    /// What the request expects of the user it changes.
    pub expected: Expectation,
}

impl<S> FromRequestParts<S> for Target
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Caller(access) = Caller::from_request_parts(parts, state).await?;
        // A text that is no id names nobody, like one that does not decode.
        let params: RawPathParams = parts.extract().await.map_err(|_| Error::NotFound)?;
        let id = params.iter().next().and_then(|(_, id)| uuid(id)).ok_or(Error::NotFound)?;
        let account = Accounts::from_ref(state).managed(&access, id).await?;
        let expected = Expectation::of(if_match(&parts.headers, account.record_version), None, account.record_version);
        Ok(Self { access, account, expected })
    }
}

/// A page of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// Which, from 1 on.
    pub number: u32,
    /// With how many rows.
    pub size: u32,
}

impl Page {
    /// Rows before it.
    pub fn offset(self) -> i64 {
        i64::from(self.number - 1) * i64::from(self.size)
    }
}

/// The parameters of a list.
pub(super) struct Listing {
    pub page: Page,
    /// Who is looked for.
    pub search: Search,
    /// The parameters that say so, as they were sent: they belong to the links to other pages.
    pub filters: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let (search, filters) = search::read(&pairs)?;
        let params: HashMap<String, String> = pairs.into_iter().collect();
        let number = read_number(&params, "page", 1, u32::MAX)?;
        let size = read_number(&params, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)?;
        Ok(Self { page: Page { number, size }, search, filters })
    }
}

fn read_number(params: &HashMap<String, String>, name: &str, default: u32, most: u32) -> Result<u32, ApiError> {
    let Some(text) = params.get(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        let words = format!("The parameter {name} must be a number from 1 to {most}.");
        ApiError::new(StatusCode::BAD_REQUEST, "guard.invalid_pagination", words)
    })
}
