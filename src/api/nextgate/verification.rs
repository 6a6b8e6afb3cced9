//! Proving the email address and the phone number, and changing them.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    entry::Otp,
    envelope::{Answer, ApiError, Envelope},
    errors::of_token,
    extract::Caller,
    fields::{Body, Version, given, six_digits},
    me::Me,
    refusals::{Refused, RefusedChange},
};
use crate::{
    domain::{account::Account, code::Channel},
    service::Accounts,
};

/// A code, and the token that names it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verify {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    /// Six digits.
    #[serde(deserialize_with = "six_digits")]
    #[schema(pattern = "^[0-9]{6}$", max_length = 6, example = "123456")]
    otp_code: String,
    #[serde(default)]
    record_version: Version,
}

/// Another email address.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkEmail {
    #[serde(alias = "newEmail", deserialize_with = "given")]
    #[schema(format = Email, min_length = 3, example = "john.smith@example.com")]
    email: String,
    #[serde(default)]
    record_version: Version,
}

/// Another phone number, as a person writes it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkPhone {
    #[serde(alias = "newPhoneNumber", deserialize_with = "given")]
    #[schema(min_length = 1, example = "+12015550123")]
    phone_number: String,
    #[serde(default)]
    record_version: Version,
}

/// Sends a code to the email that is not verified yet.
///
/// 400 when it is, 429 for the sixth code within 10 minutes.
#[utoipa::path(post, path = "/api/v1/profile/request-email-verification", tag = "NextGate: account",
    responses((status = 200, description = "A code was sent", body = Envelope<Otp>), Refused))]
pub(super) async fn request_email(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    request(&accounts, &caller, Channel::Email).await
}

/// Sends a code to the phone number that is not verified yet.
///
/// 400 when it is, 429 for the sixth code within 10 minutes.
#[utoipa::path(post, path = "/api/v1/profile/request-phone-verification", tag = "NextGate: account",
    responses((status = 200, description = "A code was sent", body = Envelope<Otp>), Refused))]
pub(super) async fn request_phone(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    request(&accounts, &caller, Channel::Sms).await
}

/// Confirms the email, present or pending, with its code.
///
/// 401 for a token that names no such code, 409 when somebody else proved the same address first, 422 for a wrong code.
#[utoipa::path(post, path = "/api/v1/profile/verify-email", tag = "NextGate: account", request_body = Verify,
    responses((status = 200, description = "As it is now", body = Envelope<Me>), RefusedChange))]
pub(super) async fn verify_email(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<Verify>,
) -> Result<Answer, ApiError> {
    verify(&accounts, &caller, Channel::Email, &body).await
}

/// Confirms the phone number, present or pending, with its code.
///
/// As `verify-email`.
#[utoipa::path(post, path = "/api/v1/profile/verify-phone", tag = "NextGate: account", request_body = Verify,
    responses((status = 200, description = "As it is now", body = Envelope<Me>), RefusedChange))]
pub(super) async fn verify_phone(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<Verify>,
) -> Result<Answer, ApiError> {
    verify(&accounts, &caller, Channel::Sms, &body).await
}

/// Begins to change the email: a code goes to the new one.
///
/// A verified old one works until the code is confirmed, and hears of it with a link to undo it. Writing the old one ends a
/// pending change.
#[utoipa::path(post, path = "/api/v1/account/link/email/initiate", tag = "NextGate: account", request_body = LinkEmail,
    responses((status = 200, description = "A code was sent; without one, `data` is null",
        body = Envelope<Otp>), RefusedChange))]
pub(super) async fn link_email(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<LinkEmail>,
) -> Result<Answer, ApiError> {
    link(&accounts, &caller, Channel::Email, &body.email, body.record_version).await
}

/// Begins to change the phone number.
///
/// As `link/email/initiate`.
#[utoipa::path(post, path = "/api/v1/account/link/phone/initiate", tag = "NextGate: account", request_body = LinkPhone,
    responses((status = 200, description = "A code was sent; without one, `data` is null",
        body = Envelope<Otp>), RefusedChange))]
pub(super) async fn link_phone(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<LinkPhone>,
) -> Result<Answer, ApiError> {
    link(&accounts, &caller, Channel::Sms, &body.phone_number, body.record_version).await
}

async fn request(accounts: &Accounts, caller: &Caller, channel: Channel) -> Result<Answer, ApiError> {
    let receipt = accounts.request_verification(&caller.actor, channel).await?;
    Ok(Answer::ok(sent(channel), Otp::sent(receipt)))
}

async fn verify(accounts: &Accounts, caller: &Caller, channel: Channel, body: &Verify) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let confirmed =
        accounts.confirm_verification(&caller.actor, channel, &body.temp_token, &body.otp_code, expected).await;
    let account = confirmed.map_err(of_token)?;
    let message = match channel {
        Channel::Email => "Email verified successfully",
        Channel::Sms => "Phone number verified successfully",
    };
    Ok(Answer::ok(message, Me::read(accounts, &account).await?).tagged(&account))
}

async fn link(
    accounts: &Accounts,
    caller: &Caller,
    channel: Channel,
    wanted: &str,
    version: Version,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(version);
    let updated = match channel {
        Channel::Email => accounts.change_email(&caller.actor, wanted, expected).await?,
        Channel::Sms => accounts.change_phone(&caller.actor, wanted, expected).await?,
    };
    if let Some(receipt) = updated.receipts.into_iter().next() {
        return Ok(Answer::ok(sent(channel), Otp::sent(receipt)).tagged(&updated.account));
    }
    if is_pending(&caller.account, channel) && !is_pending(&updated.account, channel) {
        return Ok(Answer::done("The pending change was cancelled").tagged(&updated.account));
    }
    request(accounts, caller, channel).await
}

fn is_pending(account: &Account, channel: Channel) -> bool {
    match channel {
        Channel::Email => account.pending_email.is_some(),
        Channel::Sms => account.pending_phone.is_some(),
    }
}

fn sent(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email verification OTP sent successfully",
        Channel::Sms => "Phone verification OTP sent successfully",
    }
}
