//! The dialect described in OpenAPI.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::DateTime;
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, Modify, OpenApi, PartialSchema, ToSchema,
    openapi::{
        Components, Content, Header, HttpMethod, Object, OpenApi as Document, PathItem, Ref, RefOr, Required, Response,
        Schema,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        response::ResponseBuilder,
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    activity, auth, ending, envelope::Envelope, password, profile, profile_v1, recovery, registration, security,
    sessions, social, two_factor, username, verification,
};

/// The routes of the dialect, with their requests, answers and refusals.
#[derive(OpenApi)]
#[openapi(
    paths(
        registration::register, registration::verify_otp, registration::resend_otp, auth::login, auth::refresh,
        auth::logout, recovery::forgot_password, recovery::reset_password, profile::me, profile::by_id,
        profile::by_username, profile::update, profile_v1::update_basic_info, password::change, username::validate,
        username::check, username::change, verification::request_email, verification::verify_email,
        verification::request_phone, verification::verify_phone, verification::link_email, verification::link_phone,
        security::info, two_factor::status, two_factor::enable, two_factor::disable, two_factor::request_code,
        two_factor::set_up, two_factor::confirm, two_factor::recovery_codes, sessions::list, sessions::end_others,
        sessions::end, activity::list, ending::archive, ending::deactivate, social::follow, social::unfollow,
        social::block, social::unblock, social::followers, social::following, social::requests, social::accept,
        social::decline,
    ),
    tags(
        (name = "NextGate: sign-in", description = "Registration, signing in and out, and the forgotten password."),
        (name = "NextGate: profile", description = "Profiles: the own one, and those of others."),
        (name = "NextGate: account", description = "Password, username, addresses, sessions, activity, and the end."),
        (name = "NextGate: two-factor", description = "The second step of signing in."),
        (name = "NextGate: social", description = "Who follows whom, who asks to, and who is blocked."),
    ),
    security(("bearer" = [])),
    modifiers(&OptionalBodies, &SecondAddresses, &SharedParts),
)]
pub struct NextgateApi;

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

/// Why any route may refuse.
pub(super) enum Refused {}
/// As [`Refused`], where the account may be expected to have a version: by `If-Match`, or by `recordVersion` in the body.
pub(super) enum RefusedChange {}

/// Status, what it means, and a message.
const REFUSALS: [(StatusCode, &str, &str); 12] = [
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

/// Routes all of whose fields may be left out, the braces around them too.
const OPTIONAL_BODIES: [&str; 3] =
    ["/api/v1/profile/update", "/api/v1/profile/update-basic-info", "/api/v1/account/2fa/request-code"];

/// Addresses of one version at which an operation of the other can be reached as well.
const SECOND_ADDRESSES: [(HttpMethod, &str, HttpMethod, &str); 9] = [
    (HttpMethod::Post, "/api/v1/account/password/change", HttpMethod::Put, "/api/v1/profile/change-password"),
    (HttpMethod::Post, "/api/v1/account/link/email/verify", HttpMethod::Post, "/api/v1/profile/verify-email"),
    (HttpMethod::Post, "/api/v1/account/link/phone/verify", HttpMethod::Post, "/api/v1/profile/verify-phone"),
    (
        HttpMethod::Post,
        "/api/v1/account/email/request-verification",
        HttpMethod::Post,
        "/api/v1/profile/request-email-verification",
    ),
    (HttpMethod::Post, "/api/v1/account/email/verify", HttpMethod::Post, "/api/v1/profile/verify-email"),
    (HttpMethod::Get, "/api/v1/account/security-info", HttpMethod::Get, "/api/v1/profile/security-info"),
    (HttpMethod::Post, "/api/v1/account/2fa/enable", HttpMethod::Post, "/api/v1/profile/enable-2fa"),
    (HttpMethod::Post, "/api/v1/account/2fa/disable", HttpMethod::Post, "/api/v1/profile/disable-2fa"),
    (HttpMethod::Delete, "/api/v1/account/deactivate", HttpMethod::Delete, "/api/v1/profile/deactivate"),
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

/// Says which bodies may be missing.
struct OptionalBodies;

impl Modify for OptionalBodies {
    fn modify(&self, document: &mut Document) {
        for path in OPTIONAL_BODIES {
            let Some(item) = document.paths.paths.get_mut(path) else { continue };
            for (_, operation) in operations(item) {
                if let Some(RefOr::T(body)) = operation.request_body.as_mut() {
                    body.required = Some(Required::False);
                }
            }
        }
    }
}

/// Adds [`SECOND_ADDRESSES`], and names every operation after the address it is reached at.
struct SecondAddresses;

impl Modify for SecondAddresses {
    fn modify(&self, document: &mut Document) {
        for (method, path, other_method, other_path) in SECOND_ADDRESSES {
            let other = document.paths.get_path_operation(other_path, other_method).cloned();
            if let Some(operation) = other {
                document.paths.paths.insert(path.to_owned(), PathItem::new(method, operation));
            }
        }
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                let words = path.split(['/', '-', '{', '}']).filter(|word| !word.is_empty()).skip(2);
                operation.operation_id = Some(words.fold(format!("nextgate_{method}"), |id, word| id + "_" + word));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [("get", &mut item.get), ("put", &mut item.put), ("post", &mut item.post), ("delete", &mut item.delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds what operations refer to: the refusals, and how a caller is known.
struct SharedParts;

impl Modify for SharedParts {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_with(Components::default);
        for ((status, name), (_, words, message)) in refusals().zip(REFUSALS) {
            components.responses.insert(name, RefOr::T(refusal(status, words, message)));
        }
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                let impossible = impossible(operation);
                operation.responses.responses.retain(|status, _| !impossible.contains(&status.as_str()));
                if operation.responses.responses.contains_key(StatusCode::PRECONDITION_FAILED.as_str()) {
                    operation.parameters.get_or_insert_default().push(RefOr::T(if_match()));
                }
            }
        }
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// Refusals that an operation has no part for.
fn impossible(operation: &Operation) -> Vec<&'static str> {
    let is_in_path =
        |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(Parameter { parameter_in: ParameterIn::Path, .. }));
    let mut impossible = Vec::new();
    if operation.request_body.is_none() {
        impossible.extend(["413", "415"]);
    }
    if !operation.parameters.iter().flatten().any(is_in_path) {
        impossible.push("404");
    }
    impossible
}

fn if_match() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).examples([json!("\"4\"")]).build();
    let parameter =
        ParameterBuilder::new().name("If-Match").parameter_in(ParameterIn::Header).required(Required::False);
    parameter.description(Some("The `ETag` that the account is expected to have")).schema(Some(text)).build()
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
