//! The dialect's one envelope, around answers and refusals alike.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{ETAG, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    domain::account::Account,
    http::{
        conditional::version_tag,
        response::{iso8601, retry_after, with_body},
    },
};

/// What stands around every answer. A refusal repeats its message in `data`; a 422 has a map there, from field to message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Envelope<T> {
    /// Whether it was done.
    success: bool,
    /// The name of the HTTP status.
    #[serde(rename = "httpStatus")]
    #[schema(pattern = "^[A-Z_]+$", example = "OK")]
    http_status: String,
    /// The outcome in words.
    #[schema(example = "Operation completed successfully")]
    message: String,
    /// When it was answered.
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    action_time: String,
    /// What was asked for.
    data: T,
}

/// `null`, where there is nothing to tell but that it was done.
pub(super) type Nothing = ();

impl Envelope<Value> {
    /// Around data of this dialect at `now`.
    pub fn around(status: StatusCode, message: String, now: &DateTime<Utc>, data: Value) -> Self {
        let name = status.canonical_reason().unwrap_or_default();
        let http_status = name.to_ascii_uppercase().replace(' ', "_");
        Self { success: status.is_success(), http_status, message, action_time: iso8601(now), data }
    }
}

/// What a route answers; [`super::envelope_layer`] puts the envelope around it.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: StatusCode,
    message: Cow<'static, str>,
    data: Value,
    version: Option<i64>,
}

impl Answer {
    /// 200, with data.
    pub fn ok(message: impl Into<Cow<'static, str>>, data: impl Serialize) -> Self {
        Self { status: StatusCode::OK, message: message.into(), data: json!(data), version: None }
    }

    /// 200, with nothing more to tell.
    pub fn done(message: impl Into<Cow<'static, str>>) -> Self {
        Self::ok(message, Value::Null)
    }

    /// 201, with data.
    pub fn created(message: impl Into<Cow<'static, str>>, data: impl Serialize) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(message, data) }
    }

    /// With the version of the caller's account as entity tag.
    pub fn tagged(self, account: &Account) -> Self {
        Self { version: Some(account.record_version), ..self }
    }

    /// The whole answer, with the headers that `bare` already had.
    pub fn into_response_for(self, bare: Response, now: &DateTime<Utc>) -> Response {
        let envelope = Envelope::around(self.status, self.message.into_owned(), now, self.data);
        let mut response = with_body(bare, (self.status, Json(envelope)).into_response());
        response.headers_mut().extend(self.version.map(|version| (ETAG, version_tag(version))));
        response
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut bare = self.status.into_response();
        bare.extensions_mut().insert(self);
        bare
    }
}

/// Why a request was not done, in the dialect's words.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    /// What stands in `data` in place of the message.
    data: Option<Value>,
    retry_after: Option<Duration>,
    /// What went wrong on our side, for the log alone.
    cause: Option<String>,
}

impl ApiError {
    /// A refusal that repeats its message.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), data: None, retry_after: None, cause: None }
    }

    /// A request that cannot be read, or that a rule of the source answers so.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Values that break a rule: a message for each field.
    pub fn invalid(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let fields: Map<_, _> = fields.into_iter().map(|(name, words)| (name, Value::from(words))).collect();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation failed").with(fields.into())
    }

    /// One field that stands against it, whose message is that of the whole.
    pub fn of_field(name: &str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        let data = json!({ name: message });
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message).with(data)
    }

    /// Our fault; the cause goes to the log.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "") }
    }

    /// With something else than the message in `data`.
    pub fn with(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }

    /// Says when to come back.
    pub fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The whole refusal, with the headers that `bare` already had (like `Allow`).
    pub fn into_response_for(self, bare: Response, now: &DateTime<Utc>, request_id: &str) -> Response {
        let message = match self.cause {
            Some(cause) => {
                tracing::error!(request_id, cause, "a request failed");
                format!("Something went wrong on our side; the log has it under {request_id}")
            }
            None => self.message.into_owned(),
        };
        let data = self.data.unwrap_or_else(|| Value::from(message.as_str()));
        let envelope = Envelope::around(self.status, message, now, data);
        let mut response = with_body(bare, (self.status, Json(envelope)).into_response());
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
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
