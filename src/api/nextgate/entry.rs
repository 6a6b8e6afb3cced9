//! What signing in answers: tokens, or the way to the second step.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError},
    fields::MethodName,
    me::Me,
};
use crate::{
    domain::{
        code::{Channel, CodeReceipt},
        error::Error,
        second_factor::Method,
        session::Origin,
    },
    http::response::iso8601,
    service::{
        Accounts,
        login::SignIn,
        sessions::{NewSession, Secret},
    },
};

/// A session of this API.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    /// A JWT (RFC 9068), for `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9…")]
    access_token: String,
    /// Exchanged for a new pair, once.
    #[schema(example = "ya1iXnJBcn0KqOvbyAW6BNNqYgU8uNkx3EJpUsgmzK4")]
    refresh_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// The life of the access token, in seconds.
    #[schema(example = 600)]
    expires_in: u64,
    user: Me,
}

impl Tokens {
    /// What a session that just began or went on is told.
    ///
    /// # Errors
    /// Ours only.
    pub async fn of(accounts: &Accounts, new: NewSession) -> Result<Self, ApiError> {
        let Secret::Tokens { access, refresh, expires_in } = new.secret else {
            return Err(ApiError::internal("an API session was given no tokens"));
        };
        Ok(Self {
            access_token: access,
            refresh_token: refresh,
            token_type: "Bearer",
            expires_in: expires_in.as_secs(),
            user: Me::read(accounts, &new.account).await?,
        })
    }
}

/// What a right password answers before the second step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondStep {
    #[schema(example = true)]
    requires_two_factor: bool,
    /// For `verify-otp` and `resend-otp` alone.
    #[schema(example = "eyJ0eXAiOiJzZWNvbmQtc3RlcCtqd3QiLCJhbGciOiJFZERTQSJ9…")]
    temp_token: String,
    /// What can answer, in the order of preference.
    #[schema(value_type = Vec<MethodName>, example = json!(["EMAIL", "RECOVERY_CODE"]))]
    methods: Vec<Method>,
    #[schema(format = DateTime, example = "2026-01-02T03:14:05.678Z")]
    expire_at: String,
}

/// What a right password or code answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Entry {
    /// Signed in.
    Complete(Box<Tokens>),
    /// The second step is missing.
    Half(SecondStep),
}

/// Where a code went, and until when it is good.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentTo {
    #[schema(format = DateTime, example = "2026-01-02T03:14:05.678Z")]
    expire_at: String,
    /// The email it went to, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "jo***@example.com")]
    email: Option<String>,
    /// The phone number it went to, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

impl From<CodeReceipt> for SentTo {
    fn from(receipt: CodeReceipt) -> Self {
        let (email, phone_number) = match receipt.channel {
            Channel::Email => (Some(receipt.masked), None),
            Channel::Sms => (None, Some(receipt.masked)),
        };
        Self { expire_at: iso8601(&receipt.expires_at), email, phone_number }
    }
}

/// A code that was sent, by the temporary token that names it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Otp {
    /// For the route that takes the code.
    #[schema(example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    #[schema(example = "Verification email sent successfully")]
    message: &'static str,
    #[serde(flatten)]
    sent: SentTo,
}

impl Otp {
    /// A code that was sent.
    pub fn sent(receipt: CodeReceipt) -> Self {
        let message = match receipt.channel {
            Channel::Email => "Verification email sent successfully",
            Channel::Sms => "Verification SMS sent successfully",
        };
        Self { temp_token: receipt.token.clone(), message, sent: receipt.into() }
    }

    /// A code that was sent if there is somebody to have it; other words would tell who is.
    pub fn perhaps_sent(receipt: CodeReceipt) -> Self {
        Self { message: "If an account has it verified, a code is on its way", ..Self::sent(receipt) }
    }
}

/// Answers whatever a right password or code led to. A code that is the preferred second step is sent at once.
///
/// One that cannot be sent does not stand in the way of the other methods: it is named after them.
///
/// # Errors
/// When the session has ended by now.
pub(super) async fn entered(
    accounts: &Accounts,
    sign_in: SignIn,
    message: &'static str,
    origin: &Origin,
) -> Result<Answer, ApiError> {
    match sign_in {
        SignIn::Complete(new) => {
            let tokens = Tokens::of(accounts, *new).await?;
            Ok(Answer::ok(message, Entry::Complete(Box::new(tokens))))
        }
        SignIn::SecondFactor { session, mut methods } => {
            match accounts.send_preferred_code(&session, &methods, origin).await {
                Ok(_) => {}
                Err(error @ (Error::Unauthenticated | Error::Locked | Error::Internal(_))) => return Err(error.into()),
                // What was to be sent cannot be just now: another method may be at hand, and this one later.
                Err(_) => methods.rotate_left(1),
            }
            let named = accounts.second_step_token(&session)?;
            let step = SecondStep {
                requires_two_factor: true,
                temp_token: named.token,
                methods,
                expire_at: iso8601(&named.expires_at),
            };
            Ok(Answer::ok("Two-factor authentication required", Entry::Half(step)))
        }
        SignIn::RestoreOffered(_) => Err(ApiError::internal("a restore was offered where one was asked for")),
    }
}
