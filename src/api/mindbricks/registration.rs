//! Registration: the answer is the same for a free, a taken and an archived identifier.

use axum::extract::State;
use serde_json::json;

use super::{
    envelope::{Action, Answer, ApiError},
    extract::Client,
    fields::Fields,
    schemas::{Registration, RegistrationAnswer},
    user::{GUARDED, User},
};
use crate::{
    domain::code::Channel,
    service::{Accounts, profile::NameInput, register::SignUp},
};

/// Registers somebody, and sends a code.
///
/// The account exists once `email-verification` or `mobile-verification` has confirmed the code. The answer is the same
/// for a free, a taken and an archived identifier.
#[utoipa::path(
    post, path = "/v1/registeruser", tag = "Mindbricks: users", security(()), request_body = Registration,
    responses((status = 201, description = "A code was sent; the id is reserved", body = RegistrationAnswer)),
)]
pub(super) async fn register(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Answer, ApiError> {
    // A new user is all of this, so that saying it is no attempt to be something else.
    let newcomer = json!({ "roleId": "user", "emailVerified": false, "mobileVerified": false, "isActive": true });
    let settable = ["email", "password"];
    let guarded: Vec<_> = GUARDED.into_iter().filter(|name| !settable.contains(name)).collect();
    fields.guard(&guarded, &newcomer)?;
    let optional = |name| fields.text(name).map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned));
    let sign_up = SignUp {
        email: optional("email")?,
        phone: optional("mobile")?,
        username: None,
        name: NameInput::Full(fields.required("fullname")?.to_owned()),
        password: fields.required("password")?.to_owned(),
        confirm_password: None,
        picture: optional("avatar")?,
        locale: origin.locale,
        channel: None,
    };
    let pending = accounts.register(sign_up, &origin).await?;
    let needed = match pending.receipt.channel {
        Channel::Email => "emailVerificationNeeded",
        Channel::Sms => "mobileVerificationNeeded",
    };
    let user = json!(User::reserved(&accounts, &pending.registration));
    Ok(Answer::row(Action::Create, "user", user, 1).beside(needed, true))
}
