//! Errors of the core in the visitor's words, beside the inputs they speak of.

use super::RequestContext;
use crate::{
    domain::{
        avatar::AvatarError,
        error::{Error, Field, Issue},
    },
    http::response::retry_after_seconds,
    ui::{
        error::{ActionError, Cause, FieldError},
        flash::{Notice, Tone},
        text::Text,
    },
};

impl RequestContext {
    /// An error in the visitor's words.
    pub fn refuse(&self, error: Error) -> ActionError {
        let text = self.text();
        let beside = |field: &str| vec![FieldError { field: field.to_owned(), message: text.error(&error) }];
        let errors = match &error {
            Error::Invalid(issues) => beside_inputs(issues, text),
            Error::WrongPassword => beside("old_password"),
            Error::TooManyRenames { .. } => beside("username"),
            Error::Taken(field) => beside(input_name(*field)),
            Error::Avatar(_) => beside("file"),
            Error::CodeNotFound
            | Error::CodeExpired
            | Error::CodeWrong { .. }
            | Error::CodeExhausted
            | Error::CodeRequired { .. } => beside("code"),
            _ => Vec::new(),
        };
        let retry_after = match &error {
            Error::Throttled { retry_after }
            | Error::TooManyCodes { retry_after }
            | Error::TooManyRenames { retry_after }
            | Error::CodeTooSoon { retry_after }
            | Error::Busy { retry_after } => Some(retry_after_seconds(*retry_after)),
            _ => None,
        };
        if let Error::Internal(reason) = &error {
            tracing::error!(reason, "an action failed");
        }
        let tone = if error == Error::StepUpRequired { Tone::Info } else { Tone::Error };
        let notice = Some(Notice { tone, text: text.error(&error) });
        ActionError { notice, errors, retry_after, ..cause(&error).into() }
    }
}

/// Everything about one input in one place.
fn beside_inputs(issues: &[Issue], text: &Text) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    for issue in issues {
        let (field, message) = (input_name(issue.field), text.issue(issue));
        match errors.iter_mut().find(|error| error.field == field) {
            Some(error) => error.message = [&error.message, " ", &message].concat(),
            None => errors.push(FieldError { field: field.to_owned(), message }),
        }
    }
    errors
}

fn cause(error: &Error) -> Cause {
    match error {
        Error::Unauthenticated | Error::SecondFactorRequired { .. } => Cause::SignedOut,
        Error::Forbidden | Error::Locked => Cause::Forbidden,
        Error::StepUpRequired => Cause::StepUp,
        Error::NotFound => Cause::NotFound,
        Error::Stale { .. } => Cause::Stale,
        Error::PreconditionFailed { .. } => Cause::PreconditionFailed,
        Error::Avatar(AvatarError::TooLarge { .. }) => Cause::TooLarge,
        Error::BadCredentials
        | Error::WrongPassword
        | Error::RegistrationPending { .. }
        | Error::Taken(_)
        | Error::Invalid(_)
        | Error::NothingToChange
        | Error::CodeNotFound
        | Error::CodeExpired
        | Error::CodeWrong { .. }
        | Error::CodeExhausted
        | Error::AlreadyVerified(_)
        | Error::ChannelOff(_)
        | Error::TwoFactorOn
        | Error::TwoFactorOff
        | Error::NoSecondFactor
        | Error::CodeRequired { .. }
        | Error::Avatar(_) => Cause::Invalid,
        Error::CodeTooSoon { .. }
        | Error::TooManyCodes { .. }
        | Error::TooManyRenames { .. }
        | Error::Throttled { .. } => Cause::Throttled,
        Error::BodyTimedOut => Cause::TimedOut,
        Error::Busy { .. } => Cause::Busy,
        Error::Internal(_) => Cause::Internal,
    }
}

/// The input that a rule speaks of.
fn input_name(field: Field) -> &'static str {
    match field {
        Field::Identifier => "identifier",
        Field::Email => "email",
        Field::Phone => "phone",
        Field::Username => "username",
        Field::FullName | Field::GivenName => "given_name",
        Field::MiddleName => "middle_name",
        Field::FamilyName => "family_name",
        Field::Bio => "bio",
        Field::Location => "location",
        Field::Pictures | Field::Avatar => "avatar",
        Field::Password => "password",
        Field::CurrentPassword => "old_password",
        Field::NewPassword => "new_password",
        Field::ConfirmPassword => "confirm_password",
        Field::Code => "code",
        Field::Confirmation => "confirmation",
        Field::Role => "role",
        Field::Locale => "locale",
        Field::TimeZone => "time_zone",
        Field::Theme => "theme",
        Field::CustomData => "custom_data",
        Field::DeactivationReason => "reason",
        Field::RecordVersion => "record_version",
        Field::File => "file",
        Field::Crop => "crop",
        Field::Other(name) => name,
    }
}
