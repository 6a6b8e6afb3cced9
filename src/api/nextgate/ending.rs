//! The end of an account: archived for a month, or locked.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope, Nothing},
    extract::Caller,
    fields::{Body, Version, given},
    refusals::RefusedChange,
};
use crate::{http::response::iso8601, service::Accounts};

/// The phrase that archives.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Archive {
    #[serde(deserialize_with = "given")]
    #[schema(pattern = "^ARCH[Iİ]VE MY ACCOUNT$", max_length = 18, example = "ARCHIVE MY ACCOUNT")]
    confirmation: String,
    #[serde(default)]
    record_version: Version,
}

/// How long an archived account can be restored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Archived {
    #[schema(required, format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    archived_at: Option<String>,
    /// When it is deleted unless it is restored before.
    #[schema(required, format = DateTime, example = "2026-02-02T03:04:05.678Z")]
    purge_at: Option<String>,
}

/// The password, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deactivate {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, example = "CurrentPassword123!")]
    password: String,
    /// At most 500 characters.
    #[schema(max_length = 500, example = "No longer using the platform")]
    reason: Option<String>,
    #[serde(default)]
    record_version: Version,
}

/// Archives the account and ends every session.
///
/// Signing in or registering within a month restores it; then it is deleted.
#[utoipa::path(post, path = "/api/v1/account/archive", tag = "NextGate: account", request_body = Archive,
    responses((status = 200, description = "It is archived", body = Envelope<Archived>), RefusedChange))]
pub(super) async fn archive(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<Archive>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let account = accounts.archive(&caller.actor, caller.actor.account_id, Some(&body.confirmation), expected).await?;
    let archived = Archived {
        archived_at: account.archived_at.as_ref().map(iso8601),
        purge_at: account.purge_at.as_ref().map(iso8601),
    };
    Ok(Answer::ok("Account archived successfully", archived))
}

/// Locks the account and ends every session; only an admin unlocks it.
///
/// 400 for a reason that is too long, 401 for a wrong password.
#[utoipa::path(delete, path = "/api/v1/profile/deactivate", tag = "NextGate: account", request_body = Deactivate,
    responses((status = 200, description = "It is locked", body = Envelope<Nothing>), RefusedChange))]
pub(super) async fn deactivate(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<Deactivate>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    accounts.deactivate(&caller.actor, &body.password, body.reason.as_deref(), expected).await?;
    Ok(Answer::done("Account deactivated successfully"))
}
