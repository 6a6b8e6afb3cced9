//! A forgotten password.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    auth::identifier,
    entry::Otp,
    envelope::{Answer, ApiError, Envelope, Nothing},
    errors::of_token,
    extract::Client,
    fields::{Body, given, six_digits},
    refusals::Refused,
};
use crate::{
    domain::error::{Error, Field, Issue},
    service::Accounts,
};

/// Whose password is forgotten. `email` and `phoneNumber` are other names for `identifier`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "identifier": "john@example.com" }))]
pub(super) struct ForgotPassword {
    /// An email or a phone number.
    #[schema(value_type = String, min_length = 1, pattern = r"\S")]
    identifier: Option<String>,
    #[schema(ignore)]
    email: Option<String>,
    #[schema(ignore)]
    phone_number: Option<String>,
}

/// A new password, and the code that permits it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResetPassword {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "Yk9uB0Wc1p3qHkq7mC0c3v5o0mXyQm2nq5m0cG1x2yA")]
    temp_token: String,
    #[serde(deserialize_with = "six_digits")]
    #[schema(pattern = "^[0-9]{6}$", max_length = 6, example = "123456")]
    otp_code: String,
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 8, max_length = 256, example = "NewSecurePass456@")]
    new_password: String,
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "NewSecurePass456@")]
    confirm_password: String,
}

/// Sends a code that lets the password be set anew.
///
/// The answer is the same whether or not anybody has the address.
#[utoipa::path(post, path = "/api/v1/auth/forgot-password", tag = "NextGate: sign-in", security(()),
    request_body = ForgotPassword,
    responses((status = 200, description = "A code was sent, if somebody is there", body = Envelope<Otp>), Refused))]
pub(super) async fn forgot_password(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<ForgotPassword>,
) -> Result<Answer, ApiError> {
    let identifier = identifier([&body.identifier, &body.email, &body.phone_number, &None])?;
    let receipt = accounts.request_password_reset(identifier.trim(), &origin).await.map_err(of_the_identifier)?;
    Ok(Answer::ok("Password reset OTP sent successfully", Otp::perhaps_sent(receipt)))
}

/// Sets a new password with the code.
///
/// Every session ends. 400 when the two passwords differ, 422 when the new one is too weak; either leaves the code good.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "NextGate: sign-in", security(()),
    request_body = ResetPassword,
    responses((status = 200, description = "The password was set", body = Envelope<Nothing>), Refused))]
pub(super) async fn reset_password(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    Body(body): Body<ResetPassword>,
) -> Result<Answer, ApiError> {
    let confirm = Some(body.confirm_password.as_str());
    let reset = accounts.reset_password(&body.temp_token, &body.otp_code, &body.new_password, confirm, &origin).await;
    reset.map_err(of_token)?;
    Ok(Answer::done("Password reset successfully"))
}

/// This route has one field for either kind.
fn of_the_identifier(error: Error) -> ApiError {
    match error {
        Error::Invalid(issues) => {
            let renamed = issues.into_iter().map(|issue| Issue { field: Field::Identifier, ..issue });
            Error::Invalid(renamed.collect()).into()
        }
        error => error.into(),
    }
}
