//! The dialect described in OpenAPI.

use axum::http::StatusCode;
use serde_json::json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components, HttpMethod, OpenApi as Document, PathItem, RefOr, Required,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    activity, auth, ending, password, profile, profile_v1, recovery, refusals, registration, security, sessions,
    social, two_factor, username, verification,
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
        components.responses.extend(refusals::responses().map(|(name, response)| (name, RefOr::T(response))));
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
        impossible.extend(["408", "413", "415"]);
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
