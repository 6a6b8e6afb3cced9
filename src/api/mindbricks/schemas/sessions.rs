//! What answers tell of sessions.

#![expect(dead_code, reason = "these describe answers")]

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Envelope, RoleId, Status};
use crate::api::mindbricks::agent::Agent;

/// A session that ended.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct EndedSession {
    session_id: Uuid,
}

/// The session that ended.
#[derive(ToSchema)]
pub struct EndedSessionAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    session: EndedSession,
}

/// The sessions that ended.
#[derive(ToSchema)]
pub struct EndedSessionsAnswer {
    #[serde(flatten)]
    envelope: Envelope,
    sessions: Vec<EndedSession>,
}

/// A session, and whose it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Session {
    session_id: Uuid,
    user_id: Uuid,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = "Ada Byron Lovelace")]
    fullname: String,
    avatar: String,
    role_id: RoleId,
    #[schema(required, example = "+905551234567")]
    mobile: Option<String>,
    email_verified: bool,
    mobile_verified: bool,
    login_at: DateTime<Utc>,
    /// Of an open session only the network.
    #[schema(required, example = "203.0.113.0/24")]
    login_ip: Option<String>,
    agent: Agent,
    /// The brand's name as a slug.
    #[schema(example = "nameplate")]
    app_codename: String,
}

/// The caller's session.
#[derive(ToSchema)]
pub struct CurrentUser {
    status: Status,
    #[serde(flatten)]
    session: Session,
}

/// One of the caller's sessions.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct OpenSession {
    #[serde(flatten)]
    session: Session,
    last_active_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current_one: bool,
}

/// A session with its tokens.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SignedIn {
    status: Status,
    access_token: String,
    refresh_token: String,
    #[serde(flatten)]
    session: Session,
}

/// A session; before the second step with nothing of the account but its id, and without a refresh token.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct LoginAnswer {
    status: Status,
    /// A JWT, good for ten minutes; before the second step for that step alone.
    access_token: String,
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    session_id: Uuid,
    user_id: Uuid,
    #[schema(example = "ada@example.com")]
    email: Option<String>,
    #[schema(nullable = false, example = "Ada Byron Lovelace")]
    fullname: Option<String>,
    #[schema(nullable = false)]
    avatar: Option<String>,
    #[schema(nullable = false, inline)]
    role_id: Option<RoleId>,
    #[schema(example = "+905551234567")]
    mobile: Option<String>,
    #[schema(nullable = false)]
    email_verified: Option<bool>,
    #[schema(nullable = false)]
    mobile_verified: Option<bool>,
    login_at: DateTime<Utc>,
    #[schema(required, example = "203.0.113.7")]
    login_ip: Option<String>,
    agent: Agent,
    #[schema(example = "nameplate")]
    app_codename: String,
    /// The second step is a code by mail, of an app, or a recovery code.
    #[serde(rename = "sessionNeedsEmail2FA")]
    #[schema(nullable = false)]
    needs_email: Option<bool>,
    /// The second step is a code by text message, of an app, or a recovery code.
    #[serde(rename = "sessionNeedsMobile2FA")]
    #[schema(nullable = false)]
    needs_mobile: Option<bool>,
}

/// A new pair of tokens.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Tokens {
    status: Status,
    access_token: String,
    refresh_token: String,
    session_id: Uuid,
    user_id: Uuid,
}

/// That it is done.
#[derive(ToSchema)]
pub struct Done {
    status: Status,
}

/// A sign-in.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PastLogin {
    id: Uuid,
    login_at: DateTime<Utc>,
    /// The network it came from.
    ip: String,
    device: String,
}

/// What verifies tokens.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PublicKey {
    key_id: String,
    /// An Ed25519 key in PEM.
    #[schema(pattern = "^-----BEGIN PUBLIC KEY-----")]
    key_data: String,
}
