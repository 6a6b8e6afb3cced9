//! Signing in and out, and the sessions that are open. These routes answer flat, without the envelope.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{
    envelope::{Action, Answer, Refusal},
    extract::{Caller, Client, Params, PathId},
    fields::Fields,
    session::{described, half_signed_in, signed_in, tokens},
};
use crate::{
    api::{request::bearer, response::iso8601},
    domain::{
        activity::{self, Activity},
        error::Error,
        session::Kind,
    },
    service::{
        Accounts,
        login::{OnArchived, SignIn},
    },
};

/// The latest events, among which the sign-ins are told.
const HISTORY: i64 = 100;
/// The DER prefix of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the point follow.
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// `POST /login`: `username` is any identifier; `email` and `mobile` are other names for it. Restores an archived account.
pub(super) async fn login(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    let mut identifier = "";
    for name in ["username", "email", "mobile"] {
        identifier = fields.text(name)?.filter(|_| identifier.is_empty()).unwrap_or(identifier);
    }
    let password = fields.text("password")?.unwrap_or_default();
    if identifier.is_empty() || password.is_empty() {
        return Err(Refusal::named(
            StatusCode::UNAUTHORIZED,
            "UserLoginWithoutCredentials",
            "errMsg_UserCanNotLoginWithoutCredentials",
            "username and password are required",
        ));
    }
    match accounts.sign_in(identifier, password, Kind::Api, OnArchived::Restore, &origin).await? {
        SignIn::Complete(new) => signed_in(&accounts, &new, &origin).map(Json),
        SignIn::SecondFactor { session, methods } => half_signed_in(&accounts, &session, &methods, &origin).map(Json),
        SignIn::RestoreOffered(_) => Err(Refusal::internal("a restore was offered where one was asked for")),
    }
}

/// `GET /currentuser`.
pub(super) async fn current(
    State(accounts): State<Accounts>,
    caller: Result<Caller, Refusal>,
) -> Result<Response, Refusal> {
    let caller = match caller {
        Err(refusal) if refusal.is_unauthenticated() => return Ok(no_login()),
        caller => caller?,
    };
    let sessions = accounts.sessions(&caller.actor).await?;
    let Some(own) = sessions.iter().find(|session| session.id == caller.actor.session_id) else {
        return Ok(no_login());
    };
    let mut told = described(&accounts, &caller.account, own, &own.address);
    told["status"] = json!("OK");
    Ok(Json(told).into_response())
}

/// The one refusal outside of the dialect's error envelope: its clients take it for "nobody", not for an error.
fn no_login() -> Response {
    let told = json!({ "status": "ERR", "message": "No login found" });
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], Json(told)).into_response()
}

/// `GET` or `POST /relogin`: a new session and token in place of this one.
pub(super) async fn relogin(
    State(accounts): State<Accounts>,
    caller: Caller,
    Client(origin): Client,
) -> Result<Json<Value>, Refusal> {
    let new = accounts.renew(&caller.actor).await?;
    signed_in(&accounts, &new, &origin).map(Json)
}

/// `POST /refresh`: a new pair of tokens for a refresh token.
pub(super) async fn refresh(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    let new = accounts.refresh(fields.required("refreshToken")?, &origin).await?;
    let (access, refresh) = tokens(&new)?;
    Ok(Json(json!({
        "status": "OK",
        "accessToken": access,
        "refreshToken": refresh,
        "sessionId": new.session.id,
        "userId": new.account.id,
    })))
}

/// `POST /logout`: 200, whether or not there is a session to end.
pub(super) async fn logout(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    if let Some(token) = bearer(&headers) {
        accounts.sign_out_by_bearer(token, &origin).await?;
    }
    Ok(Json(json!({ "status": "OK" })))
}

/// `GET /getusersessions`: a bare array, newest first.
pub(super) async fn list(State(accounts): State<Accounts>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let sessions = accounts.sessions(&caller.actor).await?;
    let rows = sessions.iter().map(|session| {
        let mut row = described(&accounts, &caller.account, session, &session.address);
        row["lastActiveAt"] = json!(iso8601(&session.last_used_at));
        row["expiresAt"] = json!(iso8601(&session.expires_at));
        row["currentOne"] = json!(session.id == caller.actor.session_id);
        row
    });
    Ok(Json(rows.collect()))
}

/// `GET /getuserhistory`: the latest sign-ins, a bare array.
pub(super) async fn history(State(accounts): State<Accounts>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let sign_ins = accounts.activity(&caller.actor, &[activity::Kind::SignedIn], None, HISTORY).await?;
    Ok(Json(sign_ins.iter().map(sign_in_event).collect()))
}

fn sign_in_event(event: &Activity) -> Value {
    json!({ "id": event.id, "loginAt": iso8601(&event.at), "ip": event.address, "device": event.device })
}

/// `DELETE /deleteusersession/{sessionId}`.
pub(super) async fn end(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    accounts.end_session(&caller.actor, id).await?;
    Ok(Answer::row(Action::Delete, "session", json!({ "sessionId": id }), 0))
}

/// `DELETE /deleteallsessions`: this one, too.
pub(super) async fn end_all(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, Refusal> {
    let sessions = accounts.sessions(&caller.actor).await?;
    accounts.end_all_sessions(&caller.actor, false).await?;
    let rows = sessions.iter().map(|session| json!({ "sessionId": session.id })).collect();
    Ok(Answer::rows(Action::Delete, "sessions", rows, Vec::new()))
}

/// `GET /publickey?keyId`: what verifies our tokens; without `keyId` the one that signs now.
pub(super) async fn public_key(State(accounts): State<Accounts>, params: Params) -> Result<Json<Value>, Refusal> {
    let keys = accounts.public_keys();
    let wanted = params.0.get("keyId");
    let key = keys.iter().find(|key| wanted.is_none_or(|id| *id == key.id)).ok_or(Error::NotFound)?;
    let der = [&ED25519_SPKI[..], &key.x].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der));
    Ok(Json(json!({ "keyId": key.id, "keyData": pem })))
}
