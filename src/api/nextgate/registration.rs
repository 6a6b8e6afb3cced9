//! Registration, and the codes that complete it or a second step.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    entry::{Entry, Otp, entered},
    envelope::{Answer, ApiError, Envelope},
    errors::of_token,
    extract::Client,
    fields::{Body, ChannelName, MethodName, any_code, channel, given, guard, method},
    me::{GUARDED_NEW, newcomer},
    refusals::Refused,
};
use crate::{
    domain::{error::Error, session::Kind},
    service::{Accounts, profile::NameInput, register::SignUp},
};

/// A new user.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "email": "john@example.com", "password": "NewSecurePass456@", "firstName": "John", "lastName": "Doe" }))]
pub(super) struct Register {
    /// Needed where people sign in with it.
    #[schema(format = Email)]
    email: Option<String>,
    /// Needed where people sign in with it.
    phone_number: Option<String>,
    /// 15 characters or more, or upper case, lower case, digit and special; at least 8.
    #[schema(min_length = 8, max_length = 256)]
    password: String,
    #[schema(min_length = 1, max_length = 30, pattern = r"\S")]
    first_name: String,
    #[schema(max_length = 30)]
    last_name: Option<String>,
    #[schema(max_length = 30)]
    middle_name: Option<String>,
    /// One is made from the name without it.
    #[schema(max_length = 30)]
    user_name: Option<String>,
    /// `EMAIL` or `SMS`, where both are given and either would do.
    #[schema(value_type = Option<ChannelName>)]
    verification_channel: Option<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Map<String, Value>,
}

/// What a code completes, and the code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifyOtp {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    /// Six digits, or a recovery code.
    #[serde(deserialize_with = "any_code")]
    #[schema(
        pattern = "^([0-9]{6}|[0-9A-TV-Za-tv-z]{4}(-[0-9A-TV-Za-tv-z]{4}){3})$",
        max_length = 19,
        example = "123456"
    )]
    otp_code: String,
    /// `EMAIL`, `SMS`, `TOTP` or `RECOVERY_CODE`; without it any of them is looked for.
    #[schema(value_type = Option<MethodName>, example = "EMAIL")]
    method: Option<String>,
}

/// What another code is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResendOtp {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    /// `EMAIL` or `SMS`, where a second step can be taken by both.
    #[schema(value_type = Option<ChannelName>, example = "EMAIL")]
    method: Option<String>,
}

/// Begins a registration and sends its code.
///
/// The account exists once `verify-otp` has confirmed it. The answer is the same for a free, a taken and an archived
/// identifier.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "NextGate: sign-in", security(()), request_body = Register,
    responses((status = 201, description = "A code was sent", body = Envelope<Otp>), Refused))]
pub(super) async fn register(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<Register>,
) -> Result<Answer, ApiError> {
    guard(&body.rest, GUARDED_NEW, &newcomer())?;
    let identifier = accounts.settings().login_identifier;
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let (by_email, by_phone) = (identifier.email(), identifier.mobile());
    if !(by_email && given(&body.email) || by_phone && given(&body.phone_number)) {
        let name = if by_email { "email" } else { "phoneNumber" };
        return Err(ApiError::bad_request(format!("missing field `{name}`")));
    }
    let sign_up = SignUp {
        email: body.email,
        phone: body.phone_number,
        username: body.user_name,
        name: NameInput::Parts { given: body.first_name, middle: body.middle_name, family: body.last_name },
        password: body.password,
        confirm_password: None,
        picture: None,
        locale: origin.locale,
        channel: channel("verificationChannel", body.verification_channel.as_deref())?,
    };
    let pending = accounts.register(sign_up, &origin).await?;
    let message = "Registration successful. Please verify it with the code that was sent";
    Ok(Answer::created(message, Otp::sent(pending.receipt)))
}

/// Confirms a registration, or takes the second step of signing in.
///
/// An archived account that is restored so, and has two-factor authentication, is asked for its second step.
#[utoipa::path(post, path = "/api/v1/auth/verify-otp", tag = "NextGate: sign-in", security(()), request_body = VerifyOtp,
    responses((status = 200, description = "Signed in, or on the way to it", body = Envelope<Entry>), Refused))]
pub(super) async fn verify_otp(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<VerifyOtp>,
) -> Result<Answer, ApiError> {
    let method = method(body.method.as_deref())?;
    let sign_in = match accounts.confirm_entry(&body.temp_token, &body.otp_code, method, Kind::Api, &origin).await {
        Err(Error::Unauthenticated) => return Err(of_token(Error::CodeNotFound)),
        sign_in => sign_in?,
    };
    entered(&accounts, sign_in, "Verification successful", &origin).await
}

/// Sends another code for what a temporary token waits for.
///
/// The answer has the token to go on with.
#[utoipa::path(post, path = "/api/v1/auth/resend-otp", tag = "NextGate: sign-in", security(()), request_body = ResendOtp,
    responses((status = 200, description = "A code was sent", body = Envelope<Otp>), Refused))]
pub(super) async fn resend_otp(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<ResendOtp>,
) -> Result<Answer, ApiError> {
    let channel = channel("method", body.method.as_deref())?;
    let receipt = accounts.resend_code(&body.temp_token, channel, &origin).await.map_err(of_token)?;
    Ok(Answer::ok("OTP sent successfully", Otp::sent(receipt)))
}
