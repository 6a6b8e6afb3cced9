//! The second step of signing in: a code goes to the verified address or number, and makes the session of the login a whole
//! one. Its access token is good from then on, and a new pair is told with the answer.

use axum::{
    Json, Router,
    extract::State,
    routing::{MethodRouter, post},
};
use serde_json::{Value, json};

use super::{
    envelope::ApiError,
    extract::Client,
    fields::Fields,
    session::signed_in,
    verification::{SPACING, receipt},
};
use crate::{
    domain::{code::Channel, error::Error, session::Origin},
    service::{Accounts, two_factor::challenge::Challenge},
};

const SERVICES: [(&str, Channel); 2] =
    [("email-2factor-verification", Channel::Email), ("mobile-2factor-verification", Channel::Sms)];

/// `POST /verification-services/<name>/start` and `/complete`.
pub(super) fn routes() -> Router<Accounts> {
    SERVICES.into_iter().fold(Router::new(), |router, (name, channel)| {
        router
            .route(&format!("/verification-services/{name}/start"), starts(channel))
            .route(&format!("/verification-services/{name}/complete"), post(complete))
    })
}

fn starts(channel: Channel) -> MethodRouter<Accounts> {
    post(move |State(accounts): State<Accounts>, Client(origin): Client, fields: Fields| async move {
        let challenge = challenge(&accounts, &fields, &origin).await?;
        let sent = accounts.send_challenge_code(&challenge, Some(channel), SPACING).await?;
        Ok::<_, ApiError>(Json(receipt(&sent)))
    })
}

/// Either service takes whatever answers the second step: a code that was sent, one of an app, a recovery code.
async fn complete(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let code = fields.required("secretCode")?;
    let challenge = match challenge(&accounts, &fields, &origin).await {
        Err(error) if error.is_unauthenticated() => return Err(Error::CodeNotFound.into()),
        challenge => challenge?,
    };
    let new = accounts.answer_challenge(&challenge, code, None).await?;
    let mut told = signed_in(&accounts, &new, &origin)?;
    told["isVerified"] = json!(true);
    Ok(Json(told))
}

async fn challenge(accounts: &Accounts, fields: &Fields, origin: &Origin) -> Result<Challenge, ApiError> {
    let (user, session) = (fields.id("userId")?, fields.id("sessionId")?);
    Ok(accounts.challenge_by_id(user, session, origin).await?)
}
