//! What each error of the core is in the dialect's words. Together with the snapshot in the tests, this is its error
//! contract.

use axum::http::StatusCode;

use super::envelope::ApiError;
use crate::domain::{
    avatar::AvatarError,
    code::Channel,
    error::{Error, Field, Issue, Reason},
    second_factor::Method,
};

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        let forbidden = |code, message: &'static str| Self::named(StatusCode::FORBIDDEN, code, message, words.clone());
        match error {
            Error::Unauthenticated => {
                Self::named(StatusCode::UNAUTHORIZED, "LoginRequired", "errMsg_LoginRequired", words)
            }
            Error::BadCredentials => forbidden("WrongPassword", "errMsg_PasswordDoesntMatch"),
            Error::WrongPassword => Self::new(StatusCode::FORBIDDEN, "TheOldPasswordDoesNotMatch", words),
            Error::Locked => forbidden("ForbiddenAccess", "errMsg_UserIsLocked"),
            Error::RegistrationPending { channel: Channel::Email, .. } => {
                forbidden("EmailVerificationNeeded", "errMsg_EmailVerificationNeeded")
            }
            Error::RegistrationPending { channel: Channel::Sms, .. } => {
                forbidden("MobileVerificationNeeded", "errMsg_MobileVerificationNeeded")
            }
            Error::SecondFactorRequired { methods } => match second_step(&methods) {
                Channel::Email => forbidden("EmailTwoFactorNeeded", "errMsg_EmailTwoFactorNeeded"),
                Channel::Sms => forbidden("MobileTwoFactorNeeded", "errMsg_MobileTwoFactorNeeded"),
            },
            Error::TwoFactorOn => Self::new(StatusCode::BAD_REQUEST, "errMsg_TwoFactorAlreadyEnabled", words),
            Error::TwoFactorOff => Self::new(StatusCode::BAD_REQUEST, "errMsg_TwoFactorNotEnabled", words),
            Error::NoSecondFactor => Self::new(StatusCode::BAD_REQUEST, "errMsg_UserHasNoSecondFactor", words),
            Error::CodeRequired { .. } => Self::new(StatusCode::BAD_REQUEST, "errMsg_secretCodeisRequired", words),
            Error::StepUpRequired => forbidden("ForbiddenAccess", "errMsg_PasswordConfirmationNeeded"),
            Error::Forbidden => Self::new(StatusCode::FORBIDDEN, "errMsg_UserShouldBeTheOwnerOfTheObject", words),
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, "errMsg_RecordNotFound", words),
            Error::Taken(field) => taken(field, &words),
            Error::Invalid(issues) => invalid(&issues),
            Error::NothingToChange => Self::new(StatusCode::BAD_REQUEST, "errMsg_UpdateDataClauseCanNotBeEmpty", words),
            Error::CodeNotFound => forbidden("StepNotFound", "errMsg_StepNotFound"),
            Error::CodeExpired => forbidden("CodeExpired", "errMsg_CodeExpired"),
            Error::CodeWrong { tries_left } => wrong_code(tries_left, &words),
            // To the client it is what an expired code is: only a new one helps.
            Error::CodeExhausted => forbidden("CodeExpired", "errMsg_CodeTriedTooOften"),
            Error::AlreadyVerified(channel) => already_verified(channel, words),
            Error::ChannelOff(channel) => {
                let message = match channel {
                    Channel::Email => "errMsg_EmailIsSwitchedOff",
                    Channel::Sms => "errMsg_SmsIsSwitchedOff",
                };
                Self::new(StatusCode::BAD_REQUEST, message, words)
            }
            Error::CodeTooSoon { retry_after } => {
                forbidden("CodeSpamError", "errMsg_CodeCanBeSentOnceInTheTimeWindow").after(retry_after)
            }
            Error::TooManyCodes { retry_after }
            | Error::TooManyRenames { retry_after }
            | Error::Throttled { retry_after } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "errMsg_TooManyRequests", words).after(retry_after)
            }
            Error::Stale { current } => version(StatusCode::CONFLICT, "errMsg_RecordVersionConflict", current, &words),
            Error::PreconditionFailed { current } => {
                version(StatusCode::PRECONDITION_FAILED, "errMsg_PreconditionFailed", current, &words)
            }
            Error::BodyTimedOut => Self::new(StatusCode::REQUEST_TIMEOUT, "errMsg_RequestTimeout", words),
            Error::Busy { retry_after } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "errMsg_ServiceBusy", words).after(retry_after)
            }
            Error::Avatar(error) => picture(&error),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

/// What this dialect asks for as second step. Its clients know two kinds: a code by mail, and one by text message where
/// mail cannot be had.
pub(super) fn second_step(methods: &[Method]) -> Channel {
    let only_phone = methods.contains(&Method::Sms) && !methods.contains(&Method::Email);
    if only_phone { Channel::Sms } else { Channel::Email }
}

fn taken(field: Field, words: &str) -> ApiError {
    let name = name(field);
    let message = format!("errMsg_DuplicateUniqueIndexError:{name}-index");
    ApiError::new(StatusCode::BAD_REQUEST, message, format!("{name} is {words}"))
}

/// The message names the first issue, the detail all of them.
fn invalid(issues: &[Issue]) -> ApiError {
    let Some(first) = issues.first() else { return ApiError::malformed("some values are not acceptable") };
    // The dialect has one word for a code that is not right, whatever its form.
    if first.field == Field::Code && first.reason != Reason::Required {
        return ApiError::named(
            StatusCode::FORBIDDEN,
            "CodeMismatch",
            "errMsg_CodeMismatch",
            format!("secretCode {}", first.reason),
        );
    }
    let verdict = match first.reason {
        Reason::Required => "isRequired",
        Reason::NotSettable => "CannotBeChanged",
        Reason::TooShort { .. }
        | Reason::TooLong { .. }
        | Reason::PartTooLong { .. }
        | Reason::ForbiddenCharacters
        | Reason::Malformed
        | Reason::NotAPhoneNumber
        | Reason::NotARecoveryCode
        | Reason::UnknownCountryCode
        | Reason::UsernameForm
        | Reason::Reserved
        | Reason::Mismatch
        | Reason::WrongPhrase
        | Reason::TooMany { .. }
        | Reason::PictureUrl(_)
        | Reason::Password(_) => "isNotValid",
    };
    let detail: Vec<_> = issues.iter().map(|issue| format!("{} {}", name(issue.field), issue.reason)).collect();
    let message = format!("errMsg_{}{verdict}", name(first.field));
    ApiError::new(StatusCode::BAD_REQUEST, message, detail.join("; "))
}

fn wrong_code(tries_left: u32, words: &str) -> ApiError {
    let detail = format!("{words}; tries left: {tries_left}");
    ApiError::named(StatusCode::FORBIDDEN, "CodeMismatch", "errMsg_CodeMismatch", detail)
}

fn already_verified(channel: Channel, words: String) -> ApiError {
    let (code, message) = match channel {
        Channel::Email => ("EmailAlreadyVerified", "errMsg_UserEmailAlreadyVerified"),
        Channel::Sms => ("MobileAlreadyVerified", "errMsg_UserMobileAlreadyVerified"),
    };
    ApiError::named(StatusCode::BAD_REQUEST, code, message, words)
}

fn version(status: StatusCode, message: &'static str, current: i64, words: &str) -> ApiError {
    ApiError::new(status, message, format!("{words}; recordVersion is {current}"))
}

fn picture(error: &AvatarError) -> ApiError {
    let words = error.to_string();
    match error {
        AvatarError::TooLarge { .. } | AvatarError::SideTooLong { .. } | AvatarError::TooManyPixels { .. } => {
            ApiError::too_large(words)
        }
        AvatarError::UnsupportedType | AvatarError::OtherFormat { .. } => ApiError::media_type(words),
        AvatarError::Empty | AvatarError::ArithmeticJpeg | AvatarError::Undecodable => {
            ApiError::new(StatusCode::BAD_REQUEST, "errMsg_fileIsNotValid", words)
        }
        AvatarError::CropMalformed | AvatarError::CropOutside { .. } => {
            ApiError::new(StatusCode::BAD_REQUEST, "errMsg_cropisNotValid", words)
        }
        AvatarError::UnknownSize => ApiError::new(StatusCode::BAD_REQUEST, "errMsg_sizeisNotValid", words),
    }
}

/// The dialect's name of an input.
fn name(field: Field) -> &'static str {
    match field {
        // Where either identifier would do and none is given, the e-mail address is what is asked for.
        Field::Identifier | Field::Email => "email",
        Field::Phone => "mobile",
        Field::Username => "username",
        Field::FullName | Field::GivenName | Field::MiddleName | Field::FamilyName => "fullname",
        Field::Bio => "bio",
        Field::Location => "location",
        Field::Pictures | Field::Avatar => "avatar",
        Field::Password => "password",
        Field::CurrentPassword => "oldPassword",
        Field::NewPassword => "newPassword",
        Field::ConfirmPassword => "confirmPassword",
        Field::Code => "secretCode",
        Field::Confirmation => "confirmation",
        Field::Role => "roleId",
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
