//! The second step of signing in, turned on and off, its app and its recovery codes.

use axum::extract::State;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    entry::SentTo,
    envelope::{Answer, ApiError, Envelope, Nothing},
    extract::Caller,
    fields::{Body, ChannelName, MethodName, Version, channel, given, method, six_digits},
    refusals::{Refused, RefusedChange},
};
use crate::{
    domain::{recovery_code::RecoveryCode, second_factor::Method},
    service::Accounts,
};

/// The caller's password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WithPassword {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "CurrentPassword123!")]
    password: String,
    #[serde(default)]
    record_version: Version,
}

/// The caller's password, and a code in a session that has not passed the second step.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Disable {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "CurrentPassword123!")]
    password: String,
    /// Six digits, or a recovery code.
    #[schema(max_length = 256, example = "123456")]
    otp_code: Option<String>,
    /// `EMAIL`, `SMS`, `TOTP` or `RECOVERY_CODE`; without it any of them is looked for.
    #[schema(value_type = Option<MethodName>, example = "EMAIL")]
    method: Option<String>,
    #[serde(default)]
    record_version: Version,
}

/// A code of the new app.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfirmApp {
    #[serde(deserialize_with = "six_digits")]
    #[schema(pattern = "^[0-9]{6}$", max_length = 6, example = "123456")]
    otp_code: String,
    #[serde(default)]
    record_version: Version,
}

/// By what a code shall be sent.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestCode {
    /// `EMAIL` or `SMS`; by mail without it, if there is one.
    #[schema(value_type = Option<ChannelName>, example = "EMAIL")]
    method: Option<String>,
}

/// Where the account stands with the second step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    enabled: bool,
    /// What answers it, in the order of preference.
    #[schema(value_type = Vec<MethodName>, example = json!(["TOTP", "EMAIL", "RECOVERY_CODE"]))]
    methods: Vec<Method>,
    #[schema(maximum = 10, example = 10)]
    recovery_codes_left: usize,
}

/// What an authenticator app is told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enrolment {
    /// In base 32, to be typed.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    #[schema(example = "otpauth://totp/Nameplate:john%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Nameplate")]
    otpauth_url: String,
    /// The same as an SVG element, to be scanned.
    #[schema(example = "<svg …></svg>")]
    qr_svg: String,
}

/// Ten codes, told this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecoveryCodes {
    #[schema(example = json!(["0h2k-4n6q-8sav-cxez"]))]
    recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodes {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self { recovery_codes: codes.iter().map(ToString::to_string).collect() }
    }
}

/// Whether signing in takes a second step, and what answers it.
#[utoipa::path(get, path = "/api/v1/account/2fa", tag = "NextGate: two-factor",
    responses((status = 200, description = "Where it stands", body = Envelope<Status>), Refused))]
pub(super) async fn status(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    let status = accounts.two_factor_status(&caller.actor).await?;
    let status =
        Status { enabled: status.enabled, methods: status.methods, recovery_codes_left: status.recovery_codes_left };
    Ok(Answer::ok("Two-factor authentication status retrieved successfully", status).tagged(&caller.account))
}

/// Turns the second step on, with codes that are sent or a confirmed app.
///
/// Every other session ends. 400 when it is on already, 422 when nothing could answer it.
#[utoipa::path(post, path = "/api/v1/profile/enable-2fa", tag = "NextGate: two-factor", request_body = WithPassword,
    responses((status = 200, description = "It is on", body = Envelope<Nothing>), RefusedChange))]
pub(super) async fn enable(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<WithPassword>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let account = accounts.enable_two_factor(&caller.actor, Some(&body.password), expected).await?;
    Ok(Answer::done("Two-factor authentication enabled successfully").tagged(&account))
}

/// Turns the second step off.
///
/// Every other session ends. 400 when it is not on; 422 without `otpCode` in a session that has not passed the second step.
#[utoipa::path(post, path = "/api/v1/profile/disable-2fa", tag = "NextGate: two-factor", request_body = Disable,
    responses((status = 200, description = "It is off", body = Envelope<Nothing>), RefusedChange))]
pub(super) async fn disable(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<Disable>,
) -> Result<Answer, ApiError> {
    let method = method(body.method.as_deref())?;
    let expected = caller.expectation(body.record_version);
    let code = body.otp_code.as_deref();
    let account = accounts.disable_two_factor(&caller.actor, &body.password, code, method, expected).await?;
    Ok(Answer::done("Two-factor authentication disabled successfully").tagged(&account))
}

/// Sends a code for `2fa/disable`.
#[utoipa::path(post, path = "/api/v1/account/2fa/request-code", tag = "NextGate: two-factor",
    request_body = RequestCode,
    responses((status = 200, description = "A code was sent", body = Envelope<SentTo>), Refused))]
pub(super) async fn request_code(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<RequestCode>,
) -> Result<Answer, ApiError> {
    let channel = channel("method", body.method.as_deref())?;
    let receipt = accounts.request_factor_code(&caller.actor, channel, TimeDelta::zero()).await?;
    Ok(Answer::ok("OTP sent successfully", SentTo::from(receipt)))
}

/// Makes the secret of an authenticator app.
///
/// It counts for nothing until `totp/confirm`; an app in use goes on.
#[utoipa::path(post, path = "/api/v1/account/2fa/totp/setup", tag = "NextGate: two-factor", request_body = WithPassword,
    responses((status = 200, description = "What the app is told", body = Envelope<Enrolment>), RefusedChange))]
pub(super) async fn set_up(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<WithPassword>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let told = accounts.set_up_authenticator(&caller.actor, Some(&body.password), expected).await?;
    let told = Enrolment { secret: told.secret, otpauth_url: told.otpauth_url, qr_svg: told.qr_svg };
    Ok(Answer::ok("Authenticator app set up successfully", told))
}

/// Confirms an authenticator app by one of its codes, and turns the second step on.
///
/// Every other session ends. The first time `data` has ten recovery codes, else it is null.
#[utoipa::path(post, path = "/api/v1/account/2fa/totp/confirm", tag = "NextGate: two-factor", request_body = ConfirmApp,
    responses((status = 200, description = "The app is in use", body = Envelope<RecoveryCodes>), RefusedChange))]
pub(super) async fn confirm(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<ConfirmApp>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let codes = accounts.confirm_authenticator(&caller.actor, &body.otp_code, expected).await?;
    Ok(Answer::ok("Authenticator app confirmed successfully", codes.map(RecoveryCodes::from)))
}

/// Makes ten new recovery codes; the old ones are worthless.
#[utoipa::path(post, path = "/api/v1/account/2fa/recovery-codes", tag = "NextGate: two-factor",
    request_body = WithPassword,
    responses((status = 200, description = "The codes", body = Envelope<RecoveryCodes>), RefusedChange))]
pub(super) async fn recovery_codes(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<WithPassword>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let codes = accounts.renew_recovery_codes(&caller.actor, Some(&body.password), expected).await?;
    Ok(Answer::ok("Recovery codes generated successfully", RecoveryCodes::from(codes)))
}
