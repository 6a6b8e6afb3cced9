//! The JSON body of a request, field by field: each wrong one has an error of its own name.

use axum::{
    extract::{FromRequest, Request},
    http::HeaderMap,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{envelope::ApiError, extract::read_id};
use crate::{
    api::body::{BodyError, MAX_JSON, read_object, whole},
    domain::error::Error,
    http::conditional::if_match,
    service::Expectation,
};

/// A JSON object; nothing at all is an empty one. `null` and `""` are the same: the client has no value.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The text of a field; `None` if it was not sent.
    ///
    /// # Errors
    /// `errMsg_<name>isNotValid` when it is neither text nor `null`.
    pub fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some("")),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::field(name, "isNotValid", "must be text")),
        }
    }

    /// The text of a field that has to have one.
    ///
    /// # Errors
    /// `errMsg_<name>isRequired`, or as [`Self::text`].
    pub fn required(&self, name: &str) -> Result<&str, ApiError> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::field(name, "isRequired", "is required"))
    }

    /// The id in a field that has to have one.
    ///
    /// # Errors
    /// `errMsg_<name>isRequired`, `errMsg_<name>isNotAValidID`, or as [`Self::text`].
    pub fn id(&self, name: &str) -> Result<Uuid, ApiError> {
        read_id(name, self.required(name)?)
    }

    /// The id in a field that may be left out.
    ///
    /// # Errors
    /// As [`Self::id`].
    pub fn optional_id(&self, name: &str) -> Result<Option<Uuid>, ApiError> {
        self.text(name)?.map(|text| read_id(name, text)).transpose()
    }

    /// Refuses fields that a caller must not set, unless they say what is so already.
    ///
    /// # Errors
    /// `errMsg_<name>CannotBeChanged` for the first that says anything else.
    pub fn guard(&self, names: &[&str], present: &Value) -> Result<(), ApiError> {
        let changes = |name: &&&str| self.0.get(**name).is_some_and(|sent| *sent != present[**name]);
        match names.iter().find(changes) {
            Some(name) => Err(ApiError::field(name, "CannotBeChanged", "cannot be changed here")),
            None => Ok(()),
        }
    }

    /// What the request expects of the record it changes.
    ///
    /// # Errors
    /// `errMsg_recordVersionisNotValid` when that is not a whole number.
    pub fn expectation(&self, headers: &HeaderMap, current: i64) -> Result<Expectation, ApiError> {
        let version = match self.0.get("recordVersion") {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                whole(value).ok_or_else(|| ApiError::field("recordVersion", "isNotValid", "must be a whole number"))?,
            ),
        };
        Ok(Expectation::of(if_match(headers, current), version, current))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        read_object(request, state).await.map(Self).map_err(|error| match error {
            BodyError::MediaType => ApiError::media_type("the body must be application/json"),
            BodyError::TooLarge => ApiError::too_large(format!("a JSON body may have at most {MAX_JSON} bytes")),
            BodyError::Interrupted(why) => Error::from(why).into(),
            BodyError::Malformed(words) => ApiError::malformed(words),
        })
    }
}
