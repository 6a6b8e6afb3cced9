//! Codes that prove an e-mail address or phone number to a service. They belong to no user.

use axum::{extract::State, http::StatusCode};
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Caller,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, ConnectorErrors, LimitErrors, ValueErrors},
};
use crate::{
    domain::{
        code::Channel,
        error::{Error, Field, Issue},
    },
    service::Accounts,
};

/// Where a code goes: one of the two.
#[derive(ToSchema)]
#[serde(untagged)]
#[schema(example = json!({ "email": "ada@example.com" }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) enum Recipient {
    Email {
        #[schema(format = Email, min_length = 3)]
        email: String,
    },
    Phone {
        /// With the country code.
        #[schema(min_length = 1)]
        phone: String,
    },
}

/// A code, and where it went: one of the two.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "ada@example.com", "verificationCode": "004219" }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Confirmation {
    #[serde(flatten)]
    recipient: Recipient,
    #[serde(rename = "verificationCode")]
    #[schema(min_length = 1)]
    verification_code: String,
}

/// Sends a code.
///
/// At most ten within ten minutes go to one address or number.
#[utoipa::path(
    post, path = "/api/verification-codes", operation_id = "CreateVerificationCode", tag = "Logto", security(("management" = [])), request_body = Recipient,
    responses((status = 204, description = "It is on its way"), CallErrors, BodyErrors, ValueErrors, LimitErrors,
        ConnectorErrors),
)]
pub(super) async fn send(
    State(accounts): State<Accounts>,
    Caller(access): Caller,
    mut fields: Fields,
) -> Result<StatusCode, ApiError> {
    let (channel, recipient) = recipient(&mut fields);
    fields.finish()?;
    accounts.send_management_code(&access, channel, &recipient).await.map_err(worded)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms a code, once.
///
/// Errors are `verification_code.not_found`, `.code_mismatch`, `.expired` and, after ten tries, `.exceed_max_try`.
#[utoipa::path(
    post, path = "/api/verification-codes/verify", operation_id = "VerifyVerificationCode", tag = "Logto", security(("management" = [])), request_body = Confirmation,
    responses((status = 204, description = "It is the newest one that went there"), CallErrors, BodyErrors, ValueErrors),
)]
pub(super) async fn verify(
    State(accounts): State<Accounts>,
    Caller(access): Caller,
    mut fields: Fields,
) -> Result<StatusCode, ApiError> {
    let (channel, recipient) = recipient(&mut fields);
    let code = fields.required_text("verificationCode");
    fields.finish()?;
    accounts.verify_management_code(&access, channel, &recipient, &code).await.map_err(worded)?;
    Ok(StatusCode::NO_CONTENT)
}

fn recipient(fields: &mut Fields) -> (Channel, String) {
    if fields.any(&["email"]) && fields.any(&["phone"]) {
        let _: Option<()> = fields.wrong("phone", "must not come with email");
    }
    if fields.any(&["phone"]) {
        (Channel::Sms, fields.required_text("phone"))
    } else {
        (Channel::Email, fields.required_text("email"))
    }
}

/// Here an address has a name of its own.
fn worded(error: Error) -> ApiError {
    let renamed = |issue: Issue| match issue.field {
        Field::Email => Issue::new(Field::Other("email"), issue.reason),
        _ => issue,
    };
    match error {
        Error::Invalid(issues) => Error::Invalid(issues.into_iter().map(renamed).collect()).into(),
        error => error.into(),
    }
}
