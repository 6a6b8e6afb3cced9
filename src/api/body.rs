//! Reading JSON bodies: what is no JSON object of a bearable size is refused, in the words of each dialect.

use std::{error::Error, future::poll_fn, pin::Pin};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{
        FromRequest, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header::CONTENT_TYPE},
};
use serde_json::{Map, Value};

use crate::domain::interruption::Interruption;

/// Most bytes of a JSON body.
pub const MAX_JSON: usize = 64 * 1024;

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is not said to be JSON.
    MediaType,
    /// It has more than [`MAX_JSON`] bytes.
    TooLarge,
    /// The server read no further.
    Interrupted(Interruption),
    /// It is no JSON object, in words.
    Malformed(String),
}

/// The JSON object in a body; nothing at all is an empty one. What is not said to be JSON is not read, but for the first of it
/// where nothing is said: without a length (RFC 9112, section 7.1), only that tells a body from none.
///
/// # Errors
/// See [`BodyError`].
pub async fn read_object<S: Send + Sync>(request: Request, state: &S) -> Result<Map<String, Value>, BodyError> {
    if request.body().is_end_stream() {
        return Ok(Map::new());
    }
    if !is_json(request.headers()) {
        let unsaid = !request.headers().contains_key(CONTENT_TYPE);
        return if unsaid && is_empty(request.into_body()).await? { Ok(Map::new()) } else { Err(BodyError::MediaType) };
    }
    let body = Bytes::from_request(request, state).await.map_err(|rejection| BodyError::from(&rejection))?;
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(BodyError::Malformed("the body must be a JSON object".to_owned())),
        Err(error) => Err(BodyError::Malformed(format!("the body is not JSON: {error}"))),
    }
}

/// Whether a body ends without anything in it. It is read as far as its first byte.
async fn is_empty(mut body: Body) -> Result<bool, BodyError> {
    if body.size_hint().lower() > 0 {
        return Ok(false);
    }
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|error| ended(&error))?;
        if frame.data_ref().is_some_and(|data| !data.is_empty()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A whole number, which JSON may write with a fraction of nought. One beyond the range becomes the nearest in it.
pub fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64))
}

/// Whether a body is said to be a form with files.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    essence(headers) == "multipart/form-data"
}

/// `application/json`, or a type built on it (RFC 6839).
fn is_json(headers: &HeaderMap) -> bool {
    let essence = essence(headers);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The media type without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

impl From<&BytesRejection> for BodyError {
    fn from(rejection: &BytesRejection) -> Self {
        match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Self::TooLarge,
            other => ended(other),
        }
    }
}

/// Of a body that ended with an error.
fn ended(error: &(dyn Error + 'static)) -> BodyError {
    match Interruption::within(error) {
        Some(why) => BodyError::Interrupted(why),
        None => BodyError::Malformed("the body ended early".to_owned()),
    }
}
