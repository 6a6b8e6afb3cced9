//! The description of the dialect's routes.

use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        self, Deprecated, RefOr, Required,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    codes, counters, custom_data, discovery, envelope::ErrorBody, password, profile, suspension, token, users,
};
use crate::api::jwks;

/// Logto's Management API and the token endpoint.
#[derive(OpenApi)]
#[openapi(
    paths(
        users::list,
        users::create,
        users::get,
        users::update,
        users::delete,
        password::update,
        password::verify,
        password::has,
        custom_data::get,
        custom_data::update,
        profile::update,
        suspension::update,
        counters::put,
        codes::send,
        codes::verify,
        token::token,
        discovery::metadata,
        jwks::keys,
    ),
    tags(
        (name = "Logto", description = "What services do with users: Logto's Management API. Takes a management token."),
        (name = "OpenID Connect", description = "Where services get management tokens, and what verifies all tokens."),
    ),
    modifiers(&Schemes, &OptionalBody, &Singular),
)]
pub struct LogtoApi;

/// How services say who they are.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let schemes = [("management", HttpAuthScheme::Bearer), ("client", HttpAuthScheme::Basic)];
        for (name, scheme) in schemes {
            components.add_security_scheme(name, SecurityScheme::Http(Http::new(scheme)));
        }
    }
}

/// A new user may be nobody in particular: all fields can be left out, the braces around them too.
struct OptionalBody;

impl Modify for OptionalBody {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let create = api.paths.paths.get_mut("/api/users").and_then(|item| item.post.as_mut());
        if let Some(RefOr::T(body)) = create.and_then(|create| create.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
    }
}

/// The source's names of two routes.
struct Singular;

impl Modify for Singular {
    fn modify(&self, api: &mut openapi::OpenApi) {
        for (path, source) in [
            ("/api/verification-codes", "/api/verification-code"),
            ("/api/verification-codes/verify", "/api/verification-code/verify"),
        ] {
            let Some(mut item) = api.paths.paths.get(path).cloned() else { continue };
            if let Some(operation) = &mut item.post {
                operation.deprecated = Some(Deprecated::True);
                operation.operation_id = operation.operation_id.take().map(|id| format!("{id}Singular"));
            }
            api.paths.paths.insert(source.to_owned(), item);
        }
    }
}

/// What any call of the management API can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum CallErrors {
    /// `auth.authorization_header_missing`, `auth.authorization_token_type_not_supported` or `auth.unauthorized`
    #[response(status = 401, headers(("WWW-Authenticate" = String, description = "`Bearer`")))]
    Unauthorized(ErrorBody),
    /// `auth.forbidden`: the token has no scope
    #[response(status = 403)]
    Forbidden(ErrorBody),
    /// `request.internal_error`
    #[response(status = 500)]
    Internal(ErrorBody),
    /// `request.service_busy`; see `Retry-After`
    #[response(status = 503, headers(("Retry-After" = u32, description = "Seconds to wait")))]
    Busy(ErrorBody),
}

/// What calls about one user can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum UserErrors {
    /// `entity.not_found`
    #[response(status = 404)]
    NotFound(ErrorBody),
    /// `request.precondition_failed`: `If-Match` names another version
    #[response(status = 412)]
    PreconditionFailed(ErrorBody),
}

/// What calls with a body can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum BodyErrors {
    /// `guard.invalid_input`, with `data.issues`; for codes `verification_code.…`
    #[response(status = 400)]
    Invalid(ErrorBody),
    /// `request.payload_too_large`
    #[response(status = 413)]
    TooLarge(ErrorBody),
    /// `request.unsupported_media_type`
    #[response(status = 415)]
    MediaType(ErrorBody),
}

/// What calls can be answered whose values are well-formed and not acceptable.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum ValueErrors {
    /// `entity.invalid_input`, `user.username_already_in_use`, `user.email_already_in_use`,
    /// `user.phone_already_in_use`, `user.invalid_phone` or `session.invalid_credentials`
    #[response(status = 422)]
    Unprocessable(ErrorBody),
}

/// What calls can be answered that are counted.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum LimitErrors {
    /// `request.message_rate_limited` or `session.verification_blocked_too_many_attempts`; see `Retry-After`
    #[response(status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")))]
    TooMany(ErrorBody),
}
