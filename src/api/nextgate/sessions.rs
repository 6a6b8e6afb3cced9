//! The sessions that are open.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    envelope::{Answer, ApiError, Envelope, Nothing},
    extract::{Caller, PathId},
    refusals::Refused,
};
use crate::{
    domain::{
        error::Error,
        session::{self, Actor},
    },
    http::response::iso8601,
    service::Accounts,
};

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad91")]
    id: Uuid,
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The network it began from, never the full address.
    #[schema(example = "203.0.113.0/24")]
    address: String,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    last_used_at: String,
    #[schema(format = DateTime, example = "2026-02-01T03:04:05.678Z")]
    expires_at: String,
    /// Whether it is the one that asks.
    is_current: bool,
}

impl Session {
    fn of(session: session::Session, actor: &Actor) -> Self {
        Self {
            id: session.id,
            device: session.device,
            address: session.address,
            created_at: iso8601(&session.created_at),
            last_used_at: iso8601(&session.last_used_at),
            expires_at: iso8601(&session.expires_at),
            is_current: session.id == actor.session_id,
        }
    }
}

/// The caller's open sessions, newest first.
#[utoipa::path(get, path = "/api/v1/account/sessions", tag = "NextGate: account",
    responses((status = 200, description = "The sessions", body = Envelope<Vec<Session>>), Refused))]
pub(super) async fn list(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    let sessions = accounts.sessions(&caller.actor).await?;
    let sessions: Vec<_> = sessions.into_iter().map(|session| Session::of(session, &caller.actor)).collect();
    Ok(Answer::ok("Sessions retrieved successfully", sessions))
}

/// Ends all of the caller's sessions but this one.
#[utoipa::path(delete, path = "/api/v1/account/sessions", tag = "NextGate: account",
    responses((status = 200, description = "They have ended", body = Envelope<Nothing>), Refused))]
pub(super) async fn end_others(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    accounts.end_all_sessions(&caller.actor, true).await?;
    Ok(Answer::done("All other sessions ended successfully"))
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/account/sessions/{sessionId}", tag = "NextGate: account",
    params(("sessionId" = Uuid, Path, description = "Which one")),
    responses((status = 200, description = "It has ended", body = Envelope<Nothing>), Refused))]
pub(super) async fn end(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    match accounts.end_session(&caller.actor, id).await {
        Err(Error::NotFound) => Err(ApiError::new(axum::http::StatusCode::NOT_FOUND, "Session not found")),
        ended => {
            ended?;
            Ok(Answer::done("Session ended successfully"))
        }
    }
}
