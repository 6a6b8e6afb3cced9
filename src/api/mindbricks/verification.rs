//! Codes that prove an address or a number, and those that let a forgotten password be set anew.
//!
//! `start` answers a stranger the same whether or not anybody has the address.

use axum::{
    Json, Router,
    extract::State,
    routing::{MethodRouter, post},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    envelope::ApiError,
    extract::{Caller, Client},
    fields::Fields,
};
use crate::{
    domain::{
        code::{Channel, CodeReceipt, Purpose},
        error::{Error, Field, Issue},
        session::Origin,
    },
    http::response::iso8601,
    service::{Accounts, codes::verification::CodeRecipient},
};

/// The least time between two codes to one destination.
pub(super) const SPACING: TimeDelta = TimeDelta::seconds(60);

/// One of the verification services.
#[derive(Clone, Copy, Debug)]
struct Service {
    purpose: Purpose,
    channel: Channel,
}

const SERVICES: [(&str, Service); 4] = [
    ("email-verification", Service { purpose: Purpose::Verification, channel: Channel::Email }),
    ("mobile-verification", Service { purpose: Purpose::Verification, channel: Channel::Sms }),
    ("password-reset-by-email", Service { purpose: Purpose::PasswordReset, channel: Channel::Email }),
    ("password-reset-by-mobile", Service { purpose: Purpose::PasswordReset, channel: Channel::Sms }),
];

/// `POST /verification-services/<name>/start` and `/complete`.
pub(super) fn routes() -> Router<Accounts> {
    SERVICES.into_iter().fold(Router::new(), |router, (name, service)| {
        router
            .route(&format!("/verification-services/{name}/start"), service.starts())
            .route(&format!("/verification-services/{name}/complete"), service.completes())
    })
}

impl Service {
    fn starts(self) -> MethodRouter<Accounts> {
        post(move |State(accounts): State<Accounts>, caller: Option<Caller>, Client(origin): Client, fields: Fields| {
            self.start(accounts, caller, origin, fields)
        })
    }

    fn completes(self) -> MethodRouter<Accounts> {
        post(move |State(accounts): State<Accounts>, caller: Option<Caller>, Client(origin): Client, fields: Fields| {
            self.complete(accounts, caller, origin, fields)
        })
    }

    /// The field that holds the address or number.
    fn destination(self) -> &'static str {
        match self.channel {
            Channel::Email => "email",
            Channel::Sms => "mobile",
        }
    }

    async fn start(
        self,
        accounts: Accounts,
        caller: Option<Caller>,
        origin: Origin,
        fields: Fields,
    ) -> Result<Json<Value>, ApiError> {
        let destination = fields.required(self.destination())?;
        let actor = caller.as_ref().map(|caller| &caller.actor);
        let to = CodeRecipient { channel: self.channel, destination, user_id: fields.optional_id("userId")? };
        let sent = accounts.start_verification(self.purpose, to, SPACING, actor, &origin).await?;
        Ok(Json(receipt(&sent)))
    }

    async fn complete(
        self,
        accounts: Accounts,
        caller: Option<Caller>,
        origin: Origin,
        fields: Fields,
    ) -> Result<Json<Value>, ApiError> {
        let destination = fields.required(self.destination())?;
        let code = fields.required("secretCode")?;
        let account = if self.purpose == Purpose::PasswordReset {
            let password = fields.required("password")?;
            let reset = accounts.reset_password_by_destination(self.channel, destination, code, password, &origin);
            reset.await.map_err(of_the_password)?
        } else {
            let actor = caller.as_ref().map(|caller| &caller.actor);
            let to = CodeRecipient { channel: self.channel, destination, user_id: fields.optional_id("userId")? };
            accounts.complete_verification(to, code, actor, &origin).await?
        };
        // As it is stored: a number may have been written as it is dialled.
        let confirmed = match self.channel {
            Channel::Email => account.email.as_ref().map(ToString::to_string),
            Channel::Sms => account.phone.as_ref().map(ToString::to_string),
        };
        Ok(Json(json!({
            "status": "OK",
            "isVerified": true,
            self.destination(): confirmed,
            "userId": account.id,
        })))
    }
}

/// What is told of a code that was sent: everything but the code.
pub(super) fn receipt(sent: &CodeReceipt) -> Value {
    json!({
        "status": "OK",
        // The message says it, too, from the second on: a person who has several knows which one is asked for.
        "codeIndex": sent.index,
        "timeStamp": sent.created_at.timestamp_millis(),
        "date": iso8601(&sent.created_at),
        "expireTime": (sent.expires_at - sent.created_at).num_seconds(),
        "verificationType": "byCode",
    })
}

/// These routes call the new password just `password`.
fn of_the_password(error: Error) -> ApiError {
    let renamed = |issue: Issue| match issue.field {
        Field::NewPassword => Issue { field: Field::Password, ..issue },
        _ => issue,
    };
    match error {
        Error::Invalid(issues) => Error::Invalid(issues.into_iter().map(renamed).collect()).into(),
        error => error.into(),
    }
}
