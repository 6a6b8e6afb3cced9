//! Uploads, and the database bucket that holds their renditions.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;

/// An upload as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose it is.
    pub owner_id: Uuid,
    /// 128 random bits and `.webp`: who knows it may see the picture.
    pub access_key: String,
    /// The name it was sent with, shortened.
    pub file_name: String,
    /// The type that was sent, by its content.
    pub mime_type: String,
    /// Bytes that were sent.
    pub file_size: i64,
    /// Whether the profile shows it.
    pub in_use: bool,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When `in_use` last changed.
    pub updated_at: DateTime<Utc>,
}

/// Access to uploads.
#[async_trait]
pub trait PictureStore {
    /// Adds an upload.
    async fn insert_upload(&mut self, upload: &Upload) -> Result<()>;
    /// Finds an upload by id.
    async fn upload(&mut self, id: Uuid) -> Result<Option<Upload>>;
    /// Finds an upload by access key.
    async fn upload_by_key(&mut self, access_key: &str) -> Result<Option<Upload>>;
    /// All uploads of an account, oldest first.
    async fn uploads_of(&mut self, owner_id: Uuid) -> Result<Vec<Upload>>;
    /// Marks an upload as shown by the profile, or not. `false` if it is not there any more.
    async fn mark_upload(&mut self, id: Uuid, in_use: bool, at: DateTime<Utc>) -> Result<bool>;
    /// Deletes an upload and its renditions in the database. `false` if it was not there.
    async fn delete_upload(&mut self, id: Uuid) -> Result<bool>;
    /// Deletes uploads that no profile shows since before `before`, `limit` at most, and says how many.
    async fn sweep_uploads(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
    /// Notes that an object store may hold a key from now on, which is deleted there from `due_at` on.
    async fn expect_object(&mut self, access_key: &str, due_at: DateTime<Utc>) -> Result<()>;
    /// Forgets such a key: an upload names it now, or its objects are deleted.
    async fn forget_object(&mut self, access_key: &str) -> Result<()>;
    /// Keys in the object store that no upload names, due before `now`, at most `limit`. Deleting an upload, in whatever
    /// way, adds its key.
    async fn stray_objects(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<String>>;
    /// Adds a rendition to the database bucket.
    async fn insert_blob(&mut self, access_key: &str, rendition: &str, bytes: &[u8]) -> Result<()>;
    /// Reads a rendition from the database bucket.
    async fn blob(&mut self, access_key: &str, rendition: &str) -> Result<Option<Vec<u8>>>;
}
