//! The JSON body of a request, field by field. What is wrong is noted and told together.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde_json::{Map, Value};

use super::envelope::{ApiError, InputIssue};
use crate::{
    api::body::{BodyError, MAX_JSON, read_object, whole},
    domain::error::Error,
};

/// The greatest number that all who read JSON agree on (RFC 8259, section 6).
const MAX_COUNT: i64 = (1 << 53) - 1;
const INVALID_TYPE: &str = "invalid_type";

/// A JSON object; nothing at all is an empty one.
pub(super) struct Fields {
    sent: Map<String, Value>,
    issues: Vec<InputIssue>,
}

impl Fields {
    /// Whether any of these fields was sent.
    pub fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.sent.contains_key(*name))
    }

    /// The text of a field; `null` is the empty one.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.sent.get(name)? {
            Value::Null => Some(String::new()),
            Value::String(text) => Some(text.clone()),
            _ => self.wrong(name, "must be text"),
        }
    }

    /// The text of a field that has to have one.
    pub fn required_text(&mut self, name: &str) -> String {
        match self.sent.get(name) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::String(_)) => self.issue(name, "too_small", "must not be empty").unwrap_or_default(),
            Some(_) => self.wrong(name, "must be text").unwrap_or_default(),
            None => self.wrong(name, "is required").unwrap_or_default(),
        }
    }

    /// The object in a field; `null` is the empty one.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.sent.get(name)? {
            Value::Null => Some(Map::new()),
            Value::Object(object) => Some(object.clone()),
            _ => self.wrong(name, "must be an object"),
        }
    }

    /// The object in a field that has to have one.
    pub fn required_object(&mut self, name: &str) -> Map<String, Value> {
        match self.sent.get(name) {
            Some(Value::Object(object)) => object.clone(),
            Some(_) => self.wrong(name, "must be an object").unwrap_or_default(),
            None => self.wrong(name, "is required").unwrap_or_default(),
        }
    }

    /// The truth value of a field that has to have one.
    pub fn required_bool(&mut self, name: &str) -> bool {
        match self.sent.get(name) {
            Some(Value::Bool(value)) => *value,
            Some(_) => self.wrong(name, "must be true or false").unwrap_or_default(),
            None => self.wrong(name, "is required").unwrap_or_default(),
        }
    }

    /// The count in a field.
    pub fn count(&mut self, name: &str) -> Option<i64> {
        let count = whole(self.sent.get(name)?).filter(|count| (0..=MAX_COUNT).contains(count));
        count.or_else(|| self.wrong(name, &format!("must be a whole number from 0 to {MAX_COUNT}")))
    }

    /// Refuses fields that a caller must not set, unless they say what is so already.
    pub fn guard(&mut self, names: &[&str], present: &Value) {
        for name in names {
            if self.sent.get(*name).is_some_and(|sent| *sent != present[*name]) {
                let _: Option<()> = self.issue(name, "unrecognized_keys", "cannot be changed here");
            }
        }
    }

    /// Notes that a field is not as it must be.
    pub fn wrong<T>(&mut self, name: &str, words: &str) -> Option<T> {
        self.issue(name, INVALID_TYPE, words)
    }

    fn issue<T>(&mut self, name: &str, code: &'static str, words: &str) -> Option<T> {
        self.issues.push(InputIssue::new(name, code, words));
        None
    }

    /// `Ok` when nothing was wrong.
    ///
    /// # Errors
    /// `guard.invalid_input` with everything that was noted.
    pub fn finish(&self) -> Result<(), ApiError> {
        if self.issues.is_empty() { Ok(()) } else { Err(ApiError::invalid_input(&self.issues)) }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let sent = read_object(request, state).await.map_err(|error| match error {
            BodyError::MediaType => ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "request.unsupported_media_type",
                "The body must be application/json.",
            ),
            BodyError::TooLarge => ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "request.payload_too_large",
                format!("A body may have at most {MAX_JSON} bytes."),
            ),
            BodyError::Interrupted(why) => Error::from(why).into(),
            BodyError::Malformed(words) => {
                let words = words.strip_prefix("the body ").unwrap_or(&words);
                ApiError::invalid_input(&[InputIssue::new("", "custom", words)])
            }
        })?;
        Ok(Self { sent, issues: Vec::new() })
    }
}
