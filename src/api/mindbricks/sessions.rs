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
    envelope::{Action, Answer, ApiError},
    extract::{Caller, Client, Params, PathId},
    fields::Fields,
    schemas::{
        CurrentUser, Done, EndedSessionAnswer, EndedSessionsAnswer, ErrorBody, KeyId, Login, LoginAnswer, NoLogin,
        OpenSession, PastLogin, PublicKey, Refresh, SignedIn, Tokens,
    },
    session::{described, half_signed_in, signed_in, tokens},
};
use crate::{
    domain::{
        activity::{self, Activity},
        error::Error,
        session::Kind,
    },
    http::{request::bearer, response::iso8601},
    service::{
        Accounts,
        login::{OnArchived, SignIn},
        secrets::Material,
    },
};

/// The latest events, among which the sign-ins are told.
const HISTORY: i64 = 100;
/// The DER prefix of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the point follow.
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// Signs in.
///
/// Restores an archived account. With two-factor authentication on, a right password gives a session that waits for its
/// second step.
#[utoipa::path(
    post, path = "/login", tag = "Mindbricks: sessions", security(()), request_body = Login,
    responses(
        (status = 200, description = "Signed in, or on the way to it", body = LoginAnswer),
        (status = 401, description = "`UserLoginWithoutCredentials`: no identifier, or no password", body = ErrorBody, example = json!({
            "result": "ERR", "status": 401, "message": "errMsg_UserCanNotLoginWithoutCredentials",
            "errCode": "UserLoginWithoutCredentials", "date": "2026-01-02T03:04:05.678Z",
            "detail": "username and password are required",
        })),
        (status = 403, description = "`WrongPassword`, for an unknown user too. After the right password: \
            `EmailVerificationNeeded`, `MobileVerificationNeeded` while the code of a registration is missing; \
            `ForbiddenAccess` where the account is deactivated", body = ErrorBody, example = json!({
            "result": "ERR", "status": 403, "message": "errMsg_PasswordDoesntMatch", "errCode": "WrongPassword",
            "date": "2026-01-02T03:04:05.678Z", "detail": "wrong identifier or password",
        })),
    ),
)]
pub(super) async fn login(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let mut identifier = "";
    for name in ["username", "email", "mobile"] {
        identifier = fields.text(name)?.filter(|_| identifier.is_empty()).unwrap_or(identifier);
    }
    let password = fields.text("password")?.unwrap_or_default();
    if identifier.is_empty() || password.is_empty() {
        return Err(ApiError::named(
            StatusCode::UNAUTHORIZED,
            "UserLoginWithoutCredentials",
            "errMsg_UserCanNotLoginWithoutCredentials",
            "username and password are required",
        ));
    }
    match accounts.sign_in(identifier, password, Kind::Api, OnArchived::Restore, &origin).await? {
        SignIn::Complete(new) => signed_in(&accounts, &new, &origin).map(Json),
        SignIn::SecondFactor { session, methods } => half_signed_in(&accounts, &session, &methods, &origin).map(Json),
        SignIn::RestoreOffered(_) => Err(ApiError::internal("a restore was offered where one was asked for")),
    }
}

/// The caller's session.
#[utoipa::path(
    get, path = "/currentuser", tag = "Mindbricks: sessions",
    responses(
        (status = 200, description = "Signed in", body = CurrentUser),
        (status = 401, description = "Nobody is signed in", body = NoLogin),
    ),
)]
pub(super) async fn current(
    State(accounts): State<Accounts>,
    caller: Result<Caller, ApiError>,
) -> Result<Response, ApiError> {
    let caller = match caller {
        Err(error) if error.is_unauthenticated() => return Ok(no_login()),
        caller => caller?,
    };
    let Some(own) = accounts.own_session(&caller.actor).await? else { return Ok(no_login()) };
    let mut told = described(&accounts, &caller.account, &own, &own.address);
    told["status"] = json!("OK");
    Ok(Json(told).into_response())
}

/// The one refusal outside of the dialect's error envelope: its clients take it for "nobody", not for an error.
fn no_login() -> Response {
    let told = json!({ "status": "ERR", "message": "No login found" });
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], Json(told)).into_response()
}

/// A new session and new tokens in place of this one.
#[utoipa::path(
    method(get, post), path = "/relogin", tag = "Mindbricks: sessions",
    responses((status = 200, description = "Signed in anew; the old tokens are dead", body = SignedIn)),
)]
pub(super) async fn relogin(
    State(accounts): State<Accounts>,
    caller: Caller,
    Client(origin): Client,
) -> Result<Json<Value>, ApiError> {
    let new = accounts.renew(&caller.actor).await?;
    signed_in(&accounts, &new, &origin).map(Json)
}

/// A new pair of tokens for a refresh token.
///
/// Used again within thirty seconds it answers the same pair; later it ends the session.
#[utoipa::path(
    post, path = "/refresh", tag = "Mindbricks: sessions", security(()), request_body = Refresh,
    responses(
        (status = 200, description = "New tokens", body = Tokens),
        (status = 401, description = "`LoginRequired`: the refresh token is dead"),
    ),
)]
pub(super) async fn refresh(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
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

/// Signs out, whether or not there is a session to end.
#[utoipa::path(
    post, path = "/logout", tag = "Mindbricks: sessions", security((), ("bearer" = [])),
    responses((status = 200, description = "No session is left", body = Done)),
)]
pub(super) async fn logout(
    State(accounts): State<Accounts>,
    Client(origin): Client,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    if let Some(token) = bearer(&headers) {
        accounts.sign_out_by_bearer(token, &origin).await?;
    }
    Ok(Json(json!({ "status": "OK" })))
}

/// The caller's open sessions, newest first.
#[utoipa::path(
    get, path = "/getusersessions", tag = "Mindbricks: sessions",
    responses((status = 200, description = "A bare array", body = [OpenSession])),
)]
pub(super) async fn list(State(accounts): State<Accounts>, caller: Caller) -> Result<Json<Value>, ApiError> {
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

/// The caller's latest sign-ins, newest first.
#[utoipa::path(
    get, path = "/getuserhistory", tag = "Mindbricks: sessions",
    responses((status = 200, description = "A bare array", body = [PastLogin])),
)]
pub(super) async fn history(State(accounts): State<Accounts>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let sign_ins = accounts.activity(&caller.actor, &[activity::Kind::SignedIn], None, HISTORY).await?;
    Ok(Json(sign_ins.iter().map(sign_in_event).collect()))
}

fn sign_in_event(event: &Activity) -> Value {
    json!({ "id": event.id, "loginAt": iso8601(&event.at), "ip": event.address, "device": event.device })
}

/// Ends a session of the caller.
#[utoipa::path(
    delete, path = "/deleteusersession/{sessionId}", tag = "Mindbricks: sessions",
    params(("sessionId" = Uuid, Path, description = "As `getusersessions` tells it")),
    responses(
        (status = 200, description = "It has ended", body = EndedSessionAnswer),
        (status = 404, description = "`errMsg_RecordNotFound`: the caller has no such session"),
    ),
)]
pub(super) async fn end(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    accounts.end_session(&caller.actor, id).await?;
    Ok(Answer::row(Action::Delete, "session", json!({ "sessionId": id }), 0))
}

/// Ends all sessions of the caller, this one too.
#[utoipa::path(
    delete, path = "/deleteallsessions", tag = "Mindbricks: sessions",
    responses((status = 200, description = "They have ended", body = EndedSessionsAnswer)),
)]
pub(super) async fn end_all(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    let sessions = accounts.sessions(&caller.actor).await?;
    accounts.end_all_sessions(&caller.actor, false).await?;
    let rows = sessions.iter().map(|session| json!({ "sessionId": session.id })).collect();
    Ok(Answer::rows(Action::Delete, "sessions", rows, Vec::new()))
}

/// The public key that verifies tokens.
#[utoipa::path(
    get, path = "/publickey", tag = "Mindbricks: sessions", security(()), params(KeyId),
    responses(
        (status = 200, description = "The key", body = PublicKey),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such key"),
    ),
)]
pub(super) async fn public_key(State(accounts): State<Accounts>, params: Params) -> Result<Json<Value>, ApiError> {
    let keys = accounts.public_keys();
    let wanted = params.0.get("keyId");
    // The tokens of the dialect are signed with no other keys than these.
    let own = keys.iter().filter_map(|key| match &key.material {
        Material::Ed25519 { x } => Some((key, x)),
        Material::P256 { .. } | Material::Rsa { .. } => None,
    });
    let named = own.into_iter().find(|(key, _)| wanted.is_none_or(|id| *id == key.id));
    let (key, x) = named.ok_or(Error::NotFound)?;
    let der = [&ED25519_SPKI[..], x].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der));
    Ok(Json(json!({ "keyId": key.id, "keyData": pem })))
}
