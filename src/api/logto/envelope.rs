//! The dialect's envelope around a refusal, and its words for each error of the core. Together with the snapshot in the
//! tests, this is its error contract.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    domain::error::{Error, Field, Issue, PasswordReason, Reason},
    http::response::{retry_after, with_body},
};

/// Why a request was not done.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "guard.invalid_input",
    "message": "The request is invalid.",
    "data": { "issues": [{ "path": ["name"], "code": "invalid_type", "message": "must be text" }] },
    "details": "name: must be text"
}))]
pub(in crate::api) struct ErrorBody {
    /// Names the error, for programs.
    #[schema(value_type = String)]
    code: Cow<'static, str>,
    /// Says it in words.
    message: String,
    /// What there is to know besides, like the issues of an invalid request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    details: Option<Box<str>>,
    /// Of the token endpoint alone: the error of RFC 6749, section 5.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    /// Beside `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct InputIssue {
    /// Where: names of members, from the outermost on.
    path: Vec<String>,
    /// What kind of thing.
    #[schema(value_type = String)]
    code: &'static str,
    /// In words.
    message: String,
}

impl InputIssue {
    /// An issue of the member at `path`, whose parts have dots between them.
    pub fn new(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let path = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { path, code, message: message.into() }
    }

    fn in_words(&self) -> String {
        let subject = if self.path.is_empty() { "the body".to_owned() } else { self.path.join(".") };
        format!("{subject}: {}", self.message)
    }
}

/// Why a request was not done, in the dialect's words.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    /// At the token endpoint, that follows from `oauth`.
    code: &'static str,
    message: Box<str>,
    data: Option<Box<Value>>,
    details: Option<Box<str>>,
    /// The error's name at the token endpoint.
    oauth: Option<&'static str>,
    retry_after: Option<Duration>,
    /// How to say who one is, where that is not what all routes ask for.
    challenge: Option<Box<HeaderValue>>,
    /// What went wrong on our side, for the log alone.
    cause: Option<Box<str>>,
}

impl ApiError {
    /// A refusal of this kind.
    pub(in crate::api) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into().into_boxed_str(),
            data: None,
            details: None,
            oauth: None,
            retry_after: None,
            challenge: None,
            cause: None,
        }
    }

    /// A request that is not as it must be.
    pub(super) fn invalid_input(issues: &[InputIssue]) -> Self {
        let details = issues.iter().map(InputIssue::in_words).collect::<Vec<_>>().join("; ");
        let error = Self::new(StatusCode::BAD_REQUEST, "guard.invalid_input", "The request is invalid.");
        Self { data: Some(Box::new(json!({ "issues": issues }))), details: Some(details.into()), ..error }
    }

    /// An error of RFC 6749.
    pub(in crate::api) fn oauth(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { oauth: Some(error), ..Self::new(status, "", description) }
    }

    /// Says how to authenticate (RFC 9110, section 11.6.1), whatever the status is.
    pub(in crate::api) fn challenging(self, challenge: &str) -> Self {
        Self { challenge: HeaderValue::from_str(challenge).ok().map(Box::new), ..self }
    }

    /// The same refusal as the token endpoint words it.
    pub(in crate::api) fn in_oauth(self) -> Self {
        let error = match self.status {
            StatusCode::FORBIDDEN => "access_denied",
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
            StatusCode::INTERNAL_SERVER_ERROR => "server_error",
            _ => "invalid_request",
        };
        Self { data: None, details: None, oauth: Some(error), ..self }
    }

    /// Adds what there is to know besides.
    pub(super) fn with(self, data: Value) -> Self {
        Self { data: Some(Box::new(data)), ..self }
    }

    fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The whole refusal, with the headers that `bare` already had (like `Allow`).
    pub fn into_response_for(self, bare: Response, request_id: &str) -> Response {
        let message = match &self.cause {
            Some(cause) => {
                tracing::error!(request_id, cause, "a request failed");
                format!("Something went wrong on our side; the log has it under {request_id}.")
            }
            None => self.message.into_string(),
        };
        let error_description = self.oauth.map(|_| message.clone());
        let (error, data, details) = (self.oauth, self.data.map(|data| *data), self.details);
        let code = error.map_or(self.code.into(), |error| format!("oidc.{error}").into());
        let body = ErrorBody { code, message, data, details, error, error_description };
        let mut response = with_body(bare, (self.status, Json(body)).into_response());
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge.map(|challenge| *challenge) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        } else if self.status == StatusCode::UNAUTHORIZED {
            let challenge = if error.is_some() { "Basic realm=\"token\"" } else { "Bearer" };
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        headers.extend(self.retry_after.map(|wait| (RETRY_AFTER, retry_after(wait))));
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut bare = self.status.into_response();
        bare.extensions_mut().insert(self);
        bare
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let words = in_words(&error);
        let refuse = |status, code| Self::new(status, code, words.clone());
        let unprocessable = |code| refuse(StatusCode::UNPROCESSABLE_ENTITY, code);
        let bad = |code| refuse(StatusCode::BAD_REQUEST, code);
        match error {
            Error::Unauthenticated => {
                let words = "This is no management token that is good now.";
                Self::new(StatusCode::UNAUTHORIZED, "auth.unauthorized", words)
            }
            Error::BadCredentials | Error::WrongPassword => unprocessable("session.invalid_credentials"),
            // What follows asks a person for something; no service is ever asked.
            Error::Locked
            | Error::RegistrationPending { .. }
            | Error::SecondFactorRequired { .. }
            | Error::CodeRequired { .. }
            | Error::StepUpRequired
            | Error::Forbidden => refuse(StatusCode::FORBIDDEN, "auth.forbidden"),
            Error::TwoFactorOn
            | Error::TwoFactorOff
            | Error::NoSecondFactor
            | Error::NothingToChange
            | Error::AlreadyVerified(_) => unprocessable("entity.invalid_input"),
            Error::NotFound => refuse(StatusCode::NOT_FOUND, "entity.not_found"),
            Error::Taken(field) => taken(field),
            Error::Invalid(issues) => invalid(&issues),
            Error::CodeNotFound => bad("verification_code.not_found"),
            Error::CodeExpired => bad("verification_code.expired"),
            Error::CodeWrong { tries_left } => {
                bad("verification_code.code_mismatch").with(json!({ "triesLeft": tries_left }))
            }
            Error::CodeExhausted => bad("verification_code.exceed_max_try"),
            Error::ChannelOff(_) => refuse(StatusCode::NOT_IMPLEMENTED, "connector.not_found"),
            Error::CodeTooSoon { retry_after } | Error::TooManyCodes { retry_after } => {
                refuse(StatusCode::TOO_MANY_REQUESTS, "request.message_rate_limited").after(retry_after)
            }
            Error::TooManyRenames { retry_after } => {
                refuse(StatusCode::TOO_MANY_REQUESTS, "user.username_change_limited").after(retry_after)
            }
            Error::Throttled { retry_after } => {
                let code = "session.verification_blocked_too_many_attempts";
                refuse(StatusCode::TOO_MANY_REQUESTS, code).after(retry_after)
            }
            Error::Stale { .. } => refuse(StatusCode::CONFLICT, "request.version_conflict"),
            Error::PreconditionFailed { .. } => refuse(StatusCode::PRECONDITION_FAILED, "request.precondition_failed"),
            Error::BodyTimedOut => refuse(StatusCode::REQUEST_TIMEOUT, "request.timeout"),
            Error::Busy { retry_after } => {
                refuse(StatusCode::SERVICE_UNAVAILABLE, "request.service_busy").after(retry_after)
            }
            Error::Avatar(error) => Self::invalid_input(&[InputIssue::new("avatar", "custom", error.to_string())]),
            Error::Internal(cause) => Self {
                cause: Some(cause.into()),
                ..refuse(StatusCode::INTERNAL_SERVER_ERROR, "request.internal_error")
            },
        }
    }
}

/// The error as a sentence.
fn in_words(error: &Error) -> String {
    let words = error.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn taken(field: Field) -> ApiError {
    let (code, words) = match field {
        Field::Email => ("user.email_already_in_use", "This e-mail address is already in use."),
        Field::Phone => ("user.phone_already_in_use", "This phone number is already in use."),
        Field::Username => ("user.username_already_in_use", "This username is already in use."),
        other => return ApiError::invalid_input(&[InputIssue::new(path(other), "custom", "is already in use")]),
    };
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, words)
}

/// Values that break a rule of ours; two rules have answers of their own in Logto.
fn invalid(issues: &[Issue]) -> ApiError {
    let unprocessable = |code, words: String| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, words);
    match issues {
        [Issue { field: Field::Identifier, .. }] => {
            unprocessable("entity.invalid_input", "An e-mail address or a phone number must be left.".to_owned())
        }
        [Issue { field: Field::Phone, reason }] if *reason != Reason::Required => {
            unprocessable("user.invalid_phone", format!("The phone number {reason}."))
        }
        _ => {
            let issues: Vec<_> = issues.iter().map(InputIssue::from).collect();
            ApiError::invalid_input(&issues)
        }
    }
}

impl From<&Issue> for InputIssue {
    fn from(issue: &Issue) -> Self {
        let code = match &issue.reason {
            Reason::Required => "invalid_type",
            Reason::TooShort { .. } | Reason::Password(PasswordReason::TooShort | PasswordReason::NotLong) => {
                "too_small"
            }
            Reason::TooLong { .. } | Reason::PartTooLong { .. } | Reason::TooMany { .. } => "too_big",
            Reason::Password(PasswordReason::TooLong) => "too_big",
            Reason::ForbiddenCharacters
            | Reason::Malformed
            | Reason::NotAPhoneNumber
            | Reason::NotARecoveryCode
            | Reason::UnknownCountryCode
            | Reason::UsernameForm
            | Reason::PictureUrl(_) => "invalid_string",
            Reason::NotSettable => "unrecognized_keys",
            Reason::Reserved | Reason::Mismatch | Reason::WrongPhrase | Reason::Password(_) => "custom",
        };
        Self::new(path(issue.field), code, issue.reason.to_string())
    }
}

/// Where the dialect has an input, with dots between the parts.
fn path(field: Field) -> &'static str {
    match field {
        Field::Identifier | Field::Email => "primaryEmail",
        Field::Phone => "primaryPhone",
        Field::Username => "username",
        Field::FullName => "name",
        Field::GivenName => "profile.givenName",
        Field::MiddleName => "profile.middleName",
        Field::FamilyName => "profile.familyName",
        Field::TimeZone => "profile.zoneinfo",
        Field::Locale => "profile.locale",
        Field::Pictures | Field::Avatar | Field::File | Field::Crop => "avatar",
        Field::Password | Field::CurrentPassword | Field::NewPassword | Field::ConfirmPassword => "password",
        Field::Code => "verificationCode",
        Field::CustomData => "customData",
        Field::Bio => "bio",
        Field::Location => "location",
        Field::Confirmation => "confirmation",
        Field::Role => "role",
        Field::Theme => "theme",
        Field::DeactivationReason => "reason",
        Field::RecordVersion => "recordVersion",
        Field::Other(name) => name,
    }
}
