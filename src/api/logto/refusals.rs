//! The refusals that many routes share, as the description of each tells them.

use utoipa::IntoResponses;

use super::envelope::ErrorBody;

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
    /// `request.timeout`: the body did not come in time
    #[response(status = 408)]
    TimedOut(ErrorBody),
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
    /// `request.message_rate_limited`, `session.verification_blocked_too_many_attempts` or
    /// `user.username_change_limited`; see `Retry-After`
    #[response(status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")))]
    TooMany(ErrorBody),
}

/// What calls can be answered that have something sent.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes refusals, which are made elsewhere")]
pub(super) enum ConnectorErrors {
    /// `connector.not_found`: mail, or text messages, are switched off
    #[response(status = 501)]
    NotFound(ErrorBody),
}
