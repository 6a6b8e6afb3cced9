//! Reading JSON bodies: what is no JSON object of a bearable size is refused, in the words of each dialect.

use axum::{
    body::Bytes,
    extract::{
        FromRequest, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header::CONTENT_TYPE},
};
use serde_json::{Map, Value};

/// Most bytes of a JSON body.
pub const MAX_JSON: usize = 64 * 1024;

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is not said to be JSON.
    MediaType,
    /// It has more than [`MAX_JSON`] bytes.
    TooLarge,
    /// It is no JSON object, in words.
    Malformed(String),
}

/// The JSON object in a body; nothing at all is an empty one.
///
/// # Errors
/// See [`BodyError`].
pub async fn read_object<S: Send + Sync>(request: Request, state: &S) -> Result<Map<String, Value>, BodyError> {
    let json = is_json(request.headers());
    let body = Bytes::from_request(request, state).await.map_err(unreadable)?;
    if body.is_empty() {
        return Ok(Map::new());
    }
    if !json {
        return Err(BodyError::MediaType);
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(BodyError::Malformed("the body must be a JSON object".to_owned())),
        Err(error) => Err(BodyError::Malformed(format!("the body is not JSON: {error}"))),
    }
}

/// A whole number, which JSON may write with a fraction of nought. One beyond the range becomes the nearest in it.
pub fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64))
}

/// `application/json`, or a type built on it (RFC 6839).
fn is_json(headers: &HeaderMap) -> bool {
    let Some(media_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unreadable(rejection: BytesRejection) -> BodyError {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => BodyError::TooLarge,
        _ => BodyError::Malformed("the body ended early".to_owned()),
    }
}
