//! The dialect's two envelopes: around an answer, and around a refusal.

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
use uuid::Uuid;

use super::{request_meta::RequestMeta, user::User};
use crate::{
    domain::account::Account,
    http::{
        conditional::version_tag,
        response::{iso8601, retry_after, with_body},
    },
    service::Accounts,
};

/// What a route did with its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    Get,
    Update,
    Delete,
    Create,
    List,
}

/// What a `/v1` route answers; [`super::envelope_layer`] puts the envelope around it.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    action: Action,
    data_name: &'static str,
    /// What stands under `data_name`, and beside it.
    data: Map<String, Value>,
    /// Record versions of the rows, which the cache key depends on.
    versions: Vec<i64>,
    rows: usize,
    /// Whether the version of the one row is its entity tag.
    tagged: bool,
}

impl Answer {
    fn new(action: Action, data_name: &'static str, data: Value, rows: usize, versions: Vec<i64>) -> Self {
        let data = Map::from_iter([(data_name.to_owned(), data)]);
        Self { action, data_name, data, versions, rows, tagged: false }
    }

    /// One row under a name of its own.
    pub fn row(action: Action, data_name: &'static str, data: Value, version: i64) -> Self {
        Self::new(action, data_name, data, 1, vec![version])
    }

    /// Rows under a name of their own.
    pub fn rows(action: Action, data_name: &'static str, data: Vec<Value>, versions: Vec<i64>) -> Self {
        let count = data.len();
        Self::new(action, data_name, Value::Array(data), count, versions)
    }

    /// An account as its owner sees it, with its version as entity tag.
    pub fn user(action: Action, accounts: &Accounts, account: &Account) -> Self {
        let answer = Self::row(action, "user", json!(User::of(accounts, account)), account.record_version);
        Self { tagged: true, ..answer }
    }

    /// Adds a member beside the data.
    pub fn beside(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    fn status(&self) -> StatusCode {
        if self.action == Action::Create { StatusCode::CREATED } else { StatusCode::OK }
    }

    /// The whole answer to `call`, with the headers that `bare` already had.
    pub fn into_response_for(self, bare: Response, meta: &RequestMeta) -> Response {
        let status = self.status();
        let caller = meta.caller();
        let tag = self.versions.first().filter(|_| self.tagged).map(|version| version_tag(*version));
        let envelope = Envelope {
            status: "OK",
            status_code: status.as_str(),
            elapsed_ms: meta.elapsed().as_millis(),
            sso_time: caller.map_or(0, |caller| caller.took.as_millis()),
            source: "db",
            cache_key: meta.cache_key(&self.versions),
            user_id: caller.map(|caller| caller.account_id),
            session_id: caller.map(|caller| caller.session_id),
            request_id: &meta.request_id,
            data_name: self.data_name,
            method: meta.method.as_str(),
            action: self.action,
            app_version: env!("CARGO_PKG_VERSION"),
            row_count: self.rows,
            data: &self.data,
        };
        let mut response = with_body(bare, (status, Json(envelope)).into_response());
        response.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
        response
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut bare = self.status().into_response();
        bare.extensions_mut().insert(self);
        bare
    }
}

/// The members in the order in which the source shows them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    status: &'static str,
    status_code: &'a str,
    elapsed_ms: u128,
    sso_time: u128,
    source: &'static str,
    cache_key: String,
    user_id: Option<Uuid>,
    session_id: Option<Uuid>,
    request_id: &'a str,
    data_name: &'static str,
    method: &'a str,
    action: Action,
    app_version: &'static str,
    row_count: usize,
    #[serde(flatten)]
    data: &'a Map<String, Value>,
}

/// Why a request was not done, in the dialect's words.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    /// The error's name; without one, `errCode` is the HTTP status.
    code: Option<&'static str>,
    message: Cow<'static, str>,
    detail: String,
    retry_after: Option<Duration>,
    /// What went wrong on our side, for the log alone.
    cause: Option<String>,
}

impl ApiError {
    /// A refusal whose `errCode` is the HTTP status.
    pub(super) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), detail: detail.into(), retry_after: None, cause: None }
    }

    /// A refusal whose `errCode` is a name.
    pub(super) fn named(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self { code: Some(code), ..Self::new(status, message, detail) }
    }

    /// A field of the request that is not as it must be; `verdict` ends the message, like `isRequired`.
    pub(super) fn field(name: &str, verdict: &str, words: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("errMsg_{name}{verdict}"), format!("{name} {words}"))
    }

    /// A body that cannot be read.
    pub(super) fn malformed(words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "errMsg_bodyisNotValid", words)
    }

    /// A body of a type that the route does not take.
    pub(super) fn media_type(words: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "errMsg_UnsupportedMediaType", words)
    }

    /// A body with more bytes than the route takes.
    pub(super) fn too_large(words: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "errMsg_PayloadTooLarge", words)
    }

    /// Our fault; the cause goes to the log.
    pub(super) fn internal(cause: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "errMsg_InternalServerError", "");
        Self { cause: Some(cause.into()), ..error }
    }

    /// Says when to come back.
    pub(super) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// Whether it is for want of a session.
    pub(super) fn is_unauthenticated(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// The whole refusal, with the headers that `bare` already had (like `Allow`).
    pub fn into_response_for(self, bare: Response, date: DateTime<Utc>, request_id: &str) -> Response {
        let detail = match &self.cause {
            Some(cause) => {
                tracing::error!(request_id, cause, "a request failed");
                format!("something went wrong on our side; the log has it under {request_id}")
            }
            None => self.detail,
        };
        let body = json!({
            "result": "ERR",
            "status": self.status.as_u16(),
            "message": self.message,
            "errCode": self.code.map_or(json!(self.status.as_u16()), Value::from),
            "date": iso8601(&date),
            "detail": detail,
        });
        let mut response = with_body(bare, (self.status, Json(body)).into_response());
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, retry_after(wait));
        }
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
