//! What each error of the core is in the dialect's words. Together with the snapshot in the tests, this is its error
//! contract.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use super::envelope::ApiError;
use crate::domain::{
    avatar::AvatarError,
    code::Channel,
    error::{Error, Field, Issue, Reason},
};

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let forbidden = |words: &'static str| Self::new(StatusCode::FORBIDDEN, words);
        let too_many = |words: &'static str| Self::new(StatusCode::TOO_MANY_REQUESTS, words);
        match error {
            Error::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, "Authentication required"),
            Error::BadCredentials => Self::new(StatusCode::UNAUTHORIZED, "Invalid credentials"),
            Error::WrongPassword => Self::new(StatusCode::UNAUTHORIZED, "Incorrect password"),
            Error::Locked => forbidden("Account is locked"),
            Error::RegistrationPending { .. } => forbidden("Account is not verified yet"),
            Error::SecondFactorRequired { .. } => forbidden("Two-factor authentication is not completed yet"),
            Error::TwoFactorOn => Self::bad_request("Two-factor authentication is already enabled"),
            Error::TwoFactorOff => Self::bad_request("Two-factor authentication is not enabled"),
            Error::NoSecondFactor => Self::of_field(
                "isTwoFactorEnabled",
                "Two-factor authentication needs a verified email, a verified phone number or an authenticator app",
            ),
            Error::CodeRequired { .. } => {
                Self::of_field("otpCode", "A code of the second factor is required besides the password")
            }
            Error::StepUpRequired => forbidden("Confirm your password to continue"),
            Error::Forbidden => forbidden("You are not allowed to do this"),
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, "Not found"),
            Error::Taken(field) => Self::new(StatusCode::CONFLICT, format!("{} is already taken", label(field))),
            Error::Invalid(issues) => invalid(&issues),
            Error::NothingToChange => Self::bad_request("Nothing to change was given"),
            Error::CodeNotFound => Self::of_field("otpCode", "There is no code to confirm"),
            Error::CodeExpired => Self::of_field("otpCode", "The code has expired"),
            Error::CodeWrong { tries_left } => {
                Self::of_field("otpCode", format!("The code is wrong; tries left: {tries_left}"))
            }
            Error::CodeExhausted => Self::of_field("otpCode", "The code was tried too often"),
            Error::AlreadyVerified(Channel::Email) => Self::bad_request("Email is already verified"),
            Error::AlreadyVerified(Channel::Sms) => Self::bad_request("Phone number is already verified"),
            Error::ChannelOff(Channel::Email) => Self::of_field("email", "This service sends no mail"),
            Error::ChannelOff(Channel::Sms) => Self::of_field("phoneNumber", "This service sends no text messages"),
            Error::CodeTooSoon { retry_after } => too_many("A code was sent a moment ago").after(retry_after),
            Error::TooManyCodes { retry_after } => too_many("Too many codes were requested").after(retry_after),
            Error::TooManyRenames { retry_after } => too_many("Username was changed too often").after(retry_after),
            Error::Throttled { retry_after } => too_many("Too many attempts").after(retry_after),
            Error::Stale { current } => {
                Self::new(StatusCode::CONFLICT, format!("The record has changed; recordVersion is {current}"))
            }
            Error::PreconditionFailed { current } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                format!("The precondition does not hold; recordVersion is {current}"),
            ),
            Error::BodyTimedOut => Self::new(StatusCode::REQUEST_TIMEOUT, "The body of the request took too long"),
            Error::Busy { retry_after } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "The service is busy").after(retry_after)
            }
            Error::Avatar(error) => picture(&error),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

/// An error of a route that takes a temporary token: one that names nothing is as good as none.
pub(super) fn of_token(error: Error) -> ApiError {
    match error {
        Error::CodeNotFound => ApiError::new(StatusCode::UNAUTHORIZED, "Invalid or expired temporary token"),
        error => error.into(),
    }
}

/// An error of a route that names a user.
pub(super) fn of_user(error: Error) -> ApiError {
    match error {
        Error::NotFound => ApiError::new(StatusCode::NOT_FOUND, "User not found"),
        error => error.into(),
    }
}

/// An error of a route that answers a request to follow.
pub(super) fn of_request(error: Error) -> ApiError {
    match error {
        Error::NotFound => ApiError::new(StatusCode::NOT_FOUND, "Follow request not found"),
        error => error.into(),
    }
}

/// All issues by field. Two kinds of them the source counts among requests that are not understood.
fn invalid(issues: &[Issue]) -> ApiError {
    let misunderstood = |issue: &&Issue| {
        matches!(
            (issue.field, &issue.reason),
            (Field::ConfirmPassword, Reason::Mismatch) | (Field::DeactivationReason, Reason::TooLong { .. })
        )
    };
    if let Some(issue) = issues.iter().find(misunderstood) {
        return ApiError::bad_request(words(issue));
    }
    let mut fields = BTreeMap::<String, String>::new();
    for issue in issues {
        let said = fields.entry(name(issue.field).to_owned()).or_default();
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(&words(issue));
    }
    ApiError::invalid(fields)
}

/// An issue in words; those that the source shows as it has them.
fn words(issue: &Issue) -> String {
    match (issue.field, &issue.reason) {
        (Field::GivenName, Reason::Required | Reason::TooLong { .. }) => {
            "First name must be between 1 and 30 characters".to_owned()
        }
        (Field::FamilyName, Reason::TooLong { .. }) => "Last name must be between 1 and 30 characters".to_owned(),
        (Field::Pictures, Reason::TooMany { max }) => format!("Maximum {max} profile pictures allowed"),
        (field, reason) => format!("{} {reason}", label(field)),
    }
}

fn picture(error: &AvatarError) -> ApiError {
    let words = error.to_string();
    match error {
        AvatarError::TooLarge { .. } => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, words),
        AvatarError::UnsupportedType | AvatarError::OtherFormat { .. } => {
            ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words)
        }
        AvatarError::Empty
        | AvatarError::ArithmeticJpeg
        | AvatarError::SideTooLong { .. }
        | AvatarError::TooManyPixels { .. }
        | AvatarError::Undecodable
        | AvatarError::CropMalformed
        | AvatarError::CropOutside { .. }
        | AvatarError::UnknownSize => ApiError::of_field(name(Field::Pictures), words),
    }
}

/// The dialect's name of an input.
pub(super) fn name(field: Field) -> &'static str {
    match field {
        Field::Identifier => "identifier",
        Field::Email => "email",
        Field::Phone => "phoneNumber",
        Field::Username => "userName",
        Field::FullName | Field::GivenName => "firstName",
        Field::MiddleName => "middleName",
        Field::FamilyName => "lastName",
        Field::Bio => "bio",
        Field::Location => "location",
        Field::Pictures | Field::Avatar => "profilePictureUrls",
        Field::Password => "password",
        Field::CurrentPassword => "currentPassword",
        Field::NewPassword => "newPassword",
        Field::ConfirmPassword => "confirmPassword",
        Field::Code => "otpCode",
        Field::Confirmation => "confirmation",
        Field::Role => "role",
        Field::Locale => "locale",
        Field::TimeZone => "timeZone",
        Field::Theme => "theme",
        Field::CustomData => "customData",
        Field::DeactivationReason => "reason",
        Field::RecordVersion => "recordVersion",
        Field::File => "file",
        Field::Crop => "crop",
        Field::Other(name) => name,
    }
}

/// What an input is called in a sentence.
fn label(field: Field) -> &'static str {
    match field {
        Field::Identifier => "Identifier",
        Field::Email => "Email",
        Field::Phone => "Phone number",
        Field::Username => "Username",
        Field::FullName | Field::GivenName => "First name",
        Field::MiddleName => "Middle name",
        Field::FamilyName => "Last name",
        Field::Bio => "Bio",
        Field::Location => "Location",
        Field::Pictures | Field::Avatar => "Profile picture URL",
        Field::Password => "Password",
        Field::CurrentPassword => "Current password",
        Field::NewPassword => "New password",
        Field::ConfirmPassword => "Confirmation password",
        Field::Code => "Code",
        Field::Confirmation => "Confirmation",
        Field::DeactivationReason => "Reason",
        Field::Role
        | Field::Locale
        | Field::TimeZone
        | Field::Theme
        | Field::CustomData
        | Field::RecordVersion
        | Field::File
        | Field::Crop
        | Field::Other(_) => name(field),
    }
}
