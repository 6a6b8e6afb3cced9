//! What answers tell of uploads.

#![expect(dead_code, reason = "these describe answers")]

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Status;

/// What was done with an upload.
#[derive(ToSchema)]
pub struct FileAnswer {
    status: Status,
    #[schema(inline)]
    action: FileAction,
    #[schema(example = "userAvatars")]
    bucket: String,
    file: File,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum FileAction {
    Upload,
    Get,
    Delete,
}

/// An uploaded picture.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct File {
    id: Uuid,
    #[schema(example = "ada.jpg")]
    file_name: String,
    #[schema(example = "image/jpeg")]
    mime_type: String,
    #[schema(minimum = 0)]
    file_size: i64,
    /// What makes its public address; 128 random bits.
    #[schema(pattern = r"\.webp$")]
    access_key: String,
    owner_id: Uuid,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// What to send as `avatar`.
    url: String,
}
