//! The dialect's error contract: every error of the core, rendered.

use std::{fmt::Write, time::Duration};

use nameplate::{
    api::mindbricks,
    domain::{
        avatar::AvatarError,
        code::Channel,
        error::{Error, Field, Issue, PasswordReason, PictureUrlReason, Reason},
        second_factor::Method,
    },
};

use uuid::Uuid;

use crate::harness::Reply;

/// Errors of every kind. A new variant does not compile in [`variant`] until it has an example here, too.
pub fn examples() -> Vec<Error> {
    let wait = Duration::from_millis(1_500);
    vec![
        Error::Unauthenticated,
        Error::BadCredentials,
        Error::WrongPassword,
        Error::Locked,
        Error::RegistrationPending { id: Uuid::nil(), channel: Channel::Email },
        Error::RegistrationPending { id: Uuid::nil(), channel: Channel::Sms },
        Error::SecondFactorRequired { methods: vec![Method::Email, Method::Sms] },
        Error::SecondFactorRequired { methods: vec![Method::Sms, Method::RecoveryCode] },
        Error::SecondFactorRequired { methods: vec![Method::Totp] },
        Error::TwoFactorOn,
        Error::TwoFactorOff,
        Error::NoSecondFactor,
        Error::CodeRequired { methods: vec![Method::Totp, Method::RecoveryCode] },
        Error::StepUpRequired,
        Error::Forbidden,
        Error::NotFound,
        Error::Taken(Field::Email),
        Error::Taken(Field::Phone),
        Error::invalid(Field::GivenName, Reason::Required),
        Error::invalid(Field::Phone, Reason::NotSettable),
        Error::Invalid(vec![
            Issue::new(Field::NewPassword, Reason::Password(PasswordReason::Common)),
            Issue::new(Field::Avatar, Reason::PictureUrl(PictureUrlReason::NotHttps)),
            Issue::new(Field::Other("storeId"), Reason::NotSettable),
        ]),
        Error::NothingToChange,
        Error::CodeNotFound,
        Error::CodeExpired,
        Error::CodeWrong { tries_left: 3 },
        Error::CodeExhausted,
        Error::AlreadyVerified(Channel::Email),
        Error::AlreadyVerified(Channel::Sms),
        Error::ChannelOff(Channel::Email),
        Error::ChannelOff(Channel::Sms),
        Error::CodeTooSoon { retry_after: wait },
        Error::TooManyCodes { retry_after: wait },
        Error::TooManyRenames { retry_after: wait },
        Error::Throttled { retry_after: Duration::ZERO },
        Error::Stale { current: 4 },
        Error::PreconditionFailed { current: 4 },
        Error::BodyTimedOut,
        Error::Busy { retry_after: Duration::from_secs(2) },
        Error::Avatar(AvatarError::Empty),
        Error::Avatar(AvatarError::TooLarge { max_bytes: 10_485_760 }),
        Error::Avatar(AvatarError::UnsupportedType),
        Error::Avatar(AvatarError::OtherFormat { name: "HEIC" }),
        Error::Avatar(AvatarError::ArithmeticJpeg),
        Error::Avatar(AvatarError::SideTooLong { max_side: 8_192 }),
        Error::Avatar(AvatarError::TooManyPixels { max_pixels: 50_000_000 }),
        Error::Avatar(AvatarError::Undecodable),
        Error::Avatar(AvatarError::CropMalformed),
        Error::Avatar(AvatarError::CropOutside { width: 20, height: 10 }),
        Error::Avatar(AvatarError::UnknownSize),
        Error::Internal("table accounts is on fire".into()),
    ]
}

/// Holds [`examples`] to all variants.
fn variant(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "Unauthenticated",
        Error::BadCredentials => "BadCredentials",
        Error::WrongPassword => "WrongPassword",
        Error::Locked => "Locked",
        Error::RegistrationPending { .. } => "RegistrationPending",
        Error::SecondFactorRequired { .. } => "SecondFactorRequired",
        Error::TwoFactorOn => "TwoFactorOn",
        Error::TwoFactorOff => "TwoFactorOff",
        Error::NoSecondFactor => "NoSecondFactor",
        Error::CodeRequired { .. } => "CodeRequired",
        Error::StepUpRequired => "StepUpRequired",
        Error::Forbidden => "Forbidden",
        Error::NotFound => "NotFound",
        Error::Taken(_) => "Taken",
        Error::Invalid(_) => "Invalid",
        Error::NothingToChange => "NothingToChange",
        Error::CodeNotFound => "CodeNotFound",
        Error::CodeExpired => "CodeExpired",
        Error::CodeWrong { .. } => "CodeWrong",
        Error::CodeExhausted => "CodeExhausted",
        Error::AlreadyVerified(_) => "AlreadyVerified",
        Error::ChannelOff(_) => "ChannelOff",
        Error::CodeTooSoon { .. } => "CodeTooSoon",
        Error::TooManyCodes { .. } => "TooManyCodes",
        Error::TooManyRenames { .. } => "TooManyRenames",
        Error::Throttled { .. } => "Throttled",
        Error::Stale { .. } => "Stale",
        Error::PreconditionFailed { .. } => "PreconditionFailed",
        Error::BodyTimedOut => "BodyTimedOut",
        Error::Busy { .. } => "Busy",
        Error::Avatar(_) => "Avatar",
        Error::Internal(_) => "Internal",
    }
}

#[tokio::test]
async fn every_error_has_its_place_in_the_contract() {
    let date = "2026-01-02T03:04:05.678901Z".parse().expect("a time");
    let mut contract = String::new();
    for error in examples() {
        let named = format!("{error:?}");
        assert!(named.starts_with(variant(&error)), "{named}");
        let reply = Reply::read(mindbricks::refuse(error, date, "request-1")).await;
        writeln!(contract, "## {named}\n{}", reply.status).expect("text");
        for (name, value) in &reply.headers {
            writeln!(contract, "{name}: {}", value.to_str().expect("text")).expect("text");
        }
        let body = reply.json();
        writeln!(contract, "{body:#}\n").expect("text");
        assert_eq!(body["status"], reply.status.as_u16(), "the body tells its status");
        assert!(!body.to_string().contains("on fire"), "what went wrong on our side is for the log alone");
    }
    insta::assert_snapshot!("error_contract", contract);
}
