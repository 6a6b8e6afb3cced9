//! Refusals: those that are common to many operations, and the envelope of all.

use serde_json::{Value, json};
use utoipa::{
    Modify, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, Parameter, ParameterIn},
        schema::{ObjectBuilder, Type},
    },
};

use super::operations;
use crate::api::mindbricks::schemas::ErrorBody;

const UNREADABLE: &str = "`errMsg_bodyisNotValid`, `errMsg_<field>isRequired`, `errMsg_<field>isNotValid`: the body \
    cannot be read, or a field of it";
const NOT_AN_ID: &str = "`errMsg_<name>isNotAValidID`: an id that is no UUID";
const NO_CALLER: &str = "`LoginRequired`: no token, or a dead one";
const HALF_SIGNED_IN: &str =
    "`EmailTwoFactorNeeded`, `MobileTwoFactorNeeded`: the second step of signing in is missing";
const TOO_LARGE: &str = "`errMsg_PayloadTooLarge`: a JSON body of more than 64 KiB, or a file of more than 10 MiB";
const TIMED_OUT: &str = "`errMsg_RequestTimeout`: the body did not come in time";
const MEDIA_TYPE: &str = "`errMsg_UnsupportedMediaType`: a body of a type that the route does not take";
const TOO_MANY: &str = "`errMsg_TooManyRequests`: too many tries or codes";
const BUSY: &str = "`errMsg_ServiceBusy`: more work than the server takes at once";

/// Adds to every operation the refusals that its parts can cause, and to all refusals their envelope.
pub(super) struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut Document) {
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                for (status, words) in causes(operation) {
                    add(operation, status, words);
                }
                wrap_in_envelope(operation);
            }
        }
    }
}

fn causes(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let mut causes = vec![("429", TOO_MANY), ("503", BUSY)];
    // Without a requirement of its own, an operation has that of the document.
    if operation.security.is_none() {
        causes.extend([("401", NO_CALLER), ("403", HALF_SIGNED_IN)]);
    }
    if operation.request_body.is_some() {
        causes.extend([("400", UNREADABLE), ("408", TIMED_OUT), ("413", TOO_LARGE), ("415", MEDIA_TYPE)]);
    }
    if operation.parameters.iter().flatten().any(is_id) {
        causes.push(("400", NOT_AN_ID));
    }
    causes
}

fn is_id(parameter: &RefOr<Parameter>) -> bool {
    let RefOr::T(Parameter { parameter_in: ParameterIn::Path, name, .. }) = parameter else { return false };
    name.ends_with("Id") || name == "id"
}

/// Adds a refusal, or its words to those that the operation has for the status.
fn add(operation: &mut Operation, status: &str, words: &str) {
    let responses = &mut operation.responses.responses;
    match responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(Response::new(""))) {
        RefOr::T(response) if response.description.is_empty() => words.clone_into(&mut response.description),
        RefOr::T(response) => response.description = format!("{words}. {}", response.description),
        RefOr::Ref(_) => {}
    }
}

/// Gives refusals without a body of their own the common one, and the headers of their status.
fn wrap_in_envelope(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let Some((status, example)) = status.parse().ok().and_then(example) else { continue };
        let has_body = !response.content.is_empty();
        let mut complete = ResponseBuilder::from(response.clone());
        if !has_body {
            let schema = Ref::from_schema_name(<ErrorBody as ToSchema>::name());
            let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
            complete = complete.content("application/json", content);
        }
        if matches!(status, 429 | 503) {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
            let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait")).build();
            complete = complete.header("Retry-After", header);
        }
        if status == 401 {
            let scheme = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Bearer"])).build();
            complete = complete.header("WWW-Authenticate", HeaderBuilder::new().schema(Some(scheme)).build());
        }
        *response = complete.build();
    }
}

/// A refusal with this status.
fn example(status: u16) -> Option<(u16, Value)> {
    let number = json!(status);
    let (message, code, detail) = match status {
        400 => ("errMsg_fullnameisRequired", number, "fullname is required"),
        401 => ("errMsg_LoginRequired", json!("LoginRequired"), "no valid session"),
        403 => ("errMsg_UserShouldBeTheOwnerOfTheObject", number, "not allowed"),
        404 => ("errMsg_RecordNotFound", number, "nothing there"),
        408 => ("errMsg_RequestTimeout", number, "the body of the request took too long"),
        409 => ("errMsg_RecordVersionConflict", number, "the record was changed meanwhile; recordVersion is 4"),
        412 => ("errMsg_PreconditionFailed", number, "the precondition does not hold; recordVersion is 4"),
        413 => ("errMsg_PayloadTooLarge", number, "a JSON body may have at most 65536 bytes"),
        415 => ("errMsg_UnsupportedMediaType", number, "the body must be application/json"),
        429 => ("errMsg_TooManyRequests", number, "too many tries"),
        503 => ("errMsg_ServiceBusy", number, "the service is busy"),
        _ => return None,
    };
    let body = json!({
        "result": "ERR", "status": status, "message": message, "errCode": code, "date": "2026-01-02T03:04:05.678Z",
        "detail": detail,
    });
    Some((status, body))
}
