//! What happened to the caller's account.

use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    envelope::{Answer, ApiError, Envelope},
    extract::{Caller, Slice},
    page::Page,
    refusals::Refused,
};
use crate::{domain::activity::Activity, http::response::iso8601, service::Accounts};

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad92")]
    id: Uuid,
    /// What.
    #[schema(example = "password-changed")]
    kind: String,
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// From which network, never the full address.
    #[schema(example = "203.0.113.0/24")]
    address: String,
    /// Names of changed fields and the like.
    #[schema(value_type = Object)]
    detail: Map<String, Value>,
    /// When.
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    at: String,
}

impl From<Activity> for Event {
    fn from(event: Activity) -> Self {
        let Activity { id, kind, device, address, detail, at, .. } = event;
        Self { id, kind, device, address, detail, at: iso8601(&at) }
    }
}

/// The caller's activity, newest first.
#[utoipa::path(get, path = "/api/v1/account/activity", tag = "NextGate: account",
    params(("cursor" = Option<Uuid>, Query, nullable = false, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, nullable = false, minimum = 1, maximum = 99,
            description = "How many; 20 without it")),
    responses((status = 200, description = "A part of it", body = Envelope<Page<Event>>), Refused))]
pub(super) async fn list(State(accounts): State<Accounts>, caller: Caller, slice: Slice) -> Result<Answer, ApiError> {
    // One more than asked for tells whether there is a next part.
    let mut events = accounts.activity(&caller.actor, &[], slice.after, slice.limit + 1).await?;
    let limit = usize::try_from(slice.limit).unwrap_or_default();
    let has_more = events.len() > limit;
    events.truncate(limit);
    let next_cursor = events.last().filter(|_| has_more).map(|event| event.id);
    let page = Page { items: events.into_iter().map(Event::from).collect(), next_cursor };
    Ok(Answer::ok("Activity retrieved successfully", page))
}
