//! A part of a list.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A part of a list, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    pub items: Vec<T>,
    /// The `cursor` of the next part; `null` at the end.
    #[schema(required, example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    pub next_cursor: Option<Uuid>,
}
