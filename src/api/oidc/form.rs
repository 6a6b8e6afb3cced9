//! Parameters of a form body (RFC 6749, section 3.2), and from where it comes.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
};

use crate::{
    api::logto::envelope::ApiError,
    domain::{
        error::Error,
        interruption::Interruption,
        oidc::{form::read, request::Parameters},
        session::Origin,
    },
    http::request::{media_type, origin},
};

/// The parameters of a form. One without a value counts as not sent.
pub(super) struct Form(pub Parameters);

impl Form {
    /// The value of a parameter that must not be repeated.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        self.0.one(name).map_err(|_| bad("invalid_request", format!("The parameter {name} is repeated.")))
    }

    /// The value of a parameter that must be there.
    pub fn required(&self, name: &'static str) -> Result<&str, ApiError> {
        self.one(name)?.ok_or_else(|| bad("invalid_request", format!("The parameter {name} is missing.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if media_type(request.headers()) != "application/x-www-form-urlencoded" {
            return Err(bad("invalid_request", "The body must be application/x-www-form-urlencoded."));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match Interruption::within(&rejection) {
            Some(why) => ApiError::from(Error::from(why)).in_oauth(),
            None => ApiError::oauth(rejection.status(), "invalid_request", "The body cannot be read."),
        })?;
        let unreadable = || bad("invalid_request", "The body has a NUL, or what is not UTF-8.");
        read(&body).map(Self).ok_or_else(unreadable)
    }
}

/// From where a request comes.
pub(super) struct Client(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(origin(parts)))
    }
}

pub(super) fn bad(error: &'static str, description: impl Into<String>) -> ApiError {
    ApiError::oauth(StatusCode::BAD_REQUEST, error, description)
}
