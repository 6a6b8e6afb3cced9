//! The JSON body of a request.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use super::envelope::ApiError;
use crate::{
    api::body::{BodyError, MAX_JSON, read_object, whole},
    domain::{
        code::{Channel, DIGITS},
        error::{Error, Field, Reason},
        recovery_code::RecoveryCode,
        second_factor::Method,
    },
};

/// The version this is meant for; 409 if it is not the present one. Nothing and `null` mean any.
#[derive(Clone, Copy, Default, ToSchema)]
#[schema(value_type = Option<i64>, example = json!(null))]
pub(super) struct Version(pub Option<i64>);

impl<'de> Deserialize<'de> for Version {
    /// Reads it. JSON may write it with a fraction of nought.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self(None)),
            value => whole(&value)
                .map(|version| Self(Some(version)))
                .ok_or_else(|| D::Error::custom("must be a whole number")),
        }
    }
}

/// What answers a second step.
#[derive(ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(dead_code, reason = "it describes a field that is read as text")]
pub(super) enum MethodName {
    Email,
    Sms,
    Totp,
    RecoveryCode,
}

/// By what a code is sent.
#[derive(ToSchema)]
#[schema(rename_all = "UPPERCASE")]
#[expect(dead_code, reason = "it describes a field that is read as text")]
pub(super) enum ChannelName {
    Email,
    Sms,
}

/// The address of a picture.
pub(super) struct PictureUrl;

impl PartialSchema for PictureUrl {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(500)).into()
    }
}

impl ToSchema for PictureUrl {}

/// A body of the form `T`; what is not is 400.
pub(super) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let sent = read_object(request, state).await.map_err(|error| match error {
            BodyError::MediaType => {
                ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json")
            }
            BodyError::TooLarge => {
                let words = format!("A JSON body may have at most {MAX_JSON} bytes");
                ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, words)
            }
            BodyError::Interrupted(why) => Error::from(why).into(),
            BodyError::Malformed(words) => ApiError::bad_request(words),
        })?;
        read(sent).map(Self)
    }
}

fn read<T: DeserializeOwned>(sent: Map<String, Value>) -> Result<T, ApiError> {
    let whole = Value::Object(sent);
    T::deserialize(&whole).map_err(|error| {
        let words = error.to_string();
        let name = if words.starts_with("missing field") { None } else { culprit::<T>(&whole, &words) };
        ApiError::bad_request(name.map_or_else(|| words.clone(), |name| format!("{name}: {words}")))
    })
}

/// The field without which the complaint would be another one. Serde's own words name missing fields alone.
fn culprit<T: DeserializeOwned>(whole: &Value, words: &str) -> Option<String> {
    let fields = whole.as_object()?;
    let names = fields.keys().find(|name| {
        let rest: Map<_, _> = fields
            .iter()
            .filter(|(other, _)| other != name)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        T::deserialize(&Value::Object(rest)).err().is_none_or(|error| error.to_string() != words)
    });
    names.cloned()
}

/// A text that cannot be left empty.
pub(super) fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(D::Error::custom("must not be empty")) } else { Ok(text) }
}

/// Six digits.
pub(super) fn six_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_code = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Ok(text) } else { Err(D::Error::custom("must be exactly 6 digits")) }
}

/// Six digits or a recovery code.
pub(super) fn any_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if RecoveryCode::parse(&text).is_some() {
        Ok(text)
    } else {
        six_digits(Value::String(text)).map_err(D::Error::custom)
    }
}

/// A text that may be cleared: `null` is empty, and a field that was not sent is `None` (with `#[serde(default)]`).
pub(super) fn clearable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(Option::<String>::deserialize(deserializer)?.unwrap_or_default()))
}

/// As [`clearable`], for a list.
pub(super) fn clearable_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(Some(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default()))
}

/// What answers a second step, by its name.
///
/// # Errors
/// 422 for another name.
pub(super) fn method(name: Option<&str>) -> Result<Option<Method>, Error> {
    let parse = |name: &str| Method::deserialize(Value::from(name));
    let parsed = name.filter(|name| !name.is_empty()).map(parse).transpose();
    parsed.map_err(|_| Error::invalid(Field::Other("method"), Reason::Malformed))
}

/// How a code shall be sent, by the name of the second step that it answers.
///
/// # Errors
/// 422 for a name of nothing that is sent.
pub(super) fn channel(field: &'static str, name: Option<&str>) -> Result<Option<Channel>, Error> {
    let malformed = Error::invalid(Field::Other(field), Reason::Malformed);
    match method(name).map_err(|_| malformed.clone())? {
        None => Ok(None),
        Some(method) => method.channel().map(Some).ok_or(malformed),
    }
}

/// A field that nobody sets here, and the route that does, where there is one.
pub(super) type Guarded = (&'static str, Option<&'static str>);

/// Refuses fields that a caller must not set, unless they say what is so already.
///
/// # Errors
/// 422 with all that say anything else.
pub(super) fn guard(sent: &Map<String, Value>, guarded: &[Guarded], present: &Value) -> Result<(), ApiError> {
    let refused = guarded.iter().filter(|(name, _)| sent.get(*name).is_some_and(|value| *value != present[*name]));
    let refused: Vec<_> = refused
        .map(|(name, route)| {
            let words = match route {
                Some(route) => format!("{name} cannot be changed here; use {route}"),
                None => format!("{name} cannot be changed"),
            };
            ((*name).to_owned(), words)
        })
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(ApiError::invalid(refused)) }
}
