//! The refusals of all routes, as the description tells them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::DateTime;
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, PartialSchema,
    openapi::{
        Content, Header, Object, Ref, RefOr, Response, Schema,
        response::ResponseBuilder,
        schema::{ObjectBuilder, Type},
    },
};

use super::envelope::Envelope;

/// Why any route may refuse.
pub(super) enum Refused {}
/// As [`Refused`], where the account may be expected to have a version: by `If-Match`, or by `recordVersion` in the body.
pub(super) enum RefusedChange {}

/// Status, what it means, and a message.
const REFUSALS: [(StatusCode, &str, &str); 13] = [
    (
        StatusCode::BAD_REQUEST,
        "Unparsable, a missing field, a wrong type, an ill-formed id",
        "missing field `password`",
    ),
    (StatusCode::UNAUTHORIZED, "No token or a dead one, or a wrong password", "Token has expired"),
    (
        StatusCode::FORBIDDEN,
        "Locked, not verified, between two steps of signing in, or not the caller's",
        "Account is locked",
    ),
    (StatusCode::NOT_FOUND, "Nobody is there, or nobody whom the caller may see", "User not found"),
    (StatusCode::REQUEST_TIMEOUT, "A body that does not come in time", "The body of the request took too long"),
    (StatusCode::CONFLICT, "Taken by somebody else, or another version is in force", "Username is already taken"),
    (
        StatusCode::PRECONDITION_FAILED,
        "If-Match names another version",
        "The precondition does not hold; recordVersion is 4",
    ),
    (StatusCode::PAYLOAD_TOO_LARGE, "More than 64 KiB", "A JSON body may have at most 65536 bytes"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "A body that is not JSON", "The body must be application/json"),
    (StatusCode::UNPROCESSABLE_ENTITY, "Values that break a rule, by field", "Validation failed"),
    (StatusCode::TOO_MANY_REQUESTS, "Too many tries or codes; Retry-After says when to come back", "Too many attempts"),
    (StatusCode::INTERNAL_SERVER_ERROR, "Our fault", "Something went wrong on our side; the log has it under 0190163d"),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "More work than is taken at once; Retry-After says when to come back",
        "The service is busy",
    ),
];

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals().filter(|(status, _)| *status != StatusCode::PRECONDITION_FAILED).map(by_status).collect()
    }
}

impl IntoResponses for RefusedChange {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals().map(by_status).collect()
    }
}

fn refusals() -> impl Iterator<Item = (StatusCode, String)> {
    REFUSALS.into_iter().map(|(status, ..)| (status, format!("NextGate{}", status.as_u16())))
}

fn by_status((status, name): (StatusCode, String)) -> (String, RefOr<Response>) {
    (status.as_str().to_owned(), RefOr::Ref(Ref::from_response_name(name)))
}

/// The refusals by the names that routes refer to.
pub(super) fn responses() -> impl Iterator<Item = (String, Response)> {
    refusals().zip(REFUSALS).map(|((status, name), (_, words, message))| (name, refusal(status, words, message)))
}

/// The envelope with `data` of this form: of its own accord it would refer to a component.
fn envelope(data: Object) -> RefOr<Schema> {
    let mut schema = Envelope::<String>::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.properties.insert("data".to_owned(), data.into());
    }
    schema
}

fn refusal(status: StatusCode, words: &str, message: &str) -> Response {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let (schema, data) = if status == StatusCode::UNPROCESSABLE_ENTITY {
        let data = json!({ "firstName": "First name must be between 1 and 30 characters" });
        (ObjectBuilder::new().additional_properties(Some(text)), data)
    } else {
        (text, Value::from(message))
    };
    // 2026-01-02T03:04:05.678Z.
    let now = DateTime::from_timestamp_millis(1_767_323_045_678).unwrap_or_default();
    let mut content = Content::new(Some(envelope(schema.build())));
    content.example = Some(json!(Envelope::around(status, message.to_owned(), &now, data)));
    let response = ResponseBuilder::new().description(words).content("application/json", content);
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
        return response.header("Retry-After", Header::new(seconds)).build();
    }
    if status == StatusCode::UNAUTHORIZED {
        let scheme = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Bearer"])).build();
        return response.header("WWW-Authenticate", Header::new(scheme)).build();
    }
    response.build()
}
