//! Uploads and the database bucket in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, findable, on_both_engines, row, statements, swept};
use crate::store::{
    Result,
    pictures::{PictureStore, Upload},
};

statements! {
    INSERT = "
        INSERT INTO uploads (id, owner_id, access_key, file_name, mime_type, file_size, in_use, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_ID = "SELECT ", UploadRow::COLUMNS, " FROM uploads WHERE id = $1";
    BY_KEY = "SELECT ", UploadRow::COLUMNS, " FROM uploads WHERE access_key = $1";
    OF_OWNER = "SELECT ", UploadRow::COLUMNS, " FROM uploads WHERE owner_id = $1 ORDER BY created_at, id";
    MARK = "UPDATE uploads SET in_use = $2, updated_at = $3 WHERE id = $1";
    DELETE = "DELETE FROM uploads WHERE id = $1";
    SWEEP = swept!("uploads", "id", "in_use = FALSE AND updated_at < $1");
    EXPECT_OBJECT = "INSERT INTO stray_objects (access_key, due_at) VALUES ($1, $2)";
    FORGET_OBJECT = "DELETE FROM stray_objects WHERE access_key = $1";
    STRAY_OBJECTS = "SELECT access_key FROM stray_objects WHERE due_at < $1 ORDER BY due_at LIMIT $2";
    INSERT_BLOB = "INSERT INTO blobs (access_key, rendition, bytes) VALUES ($1, $2, $3)";
    BLOB = "SELECT bytes FROM blobs WHERE access_key = $1 AND rendition = $2";
}

row! {
    struct UploadRow of "uploads" {
        id: Uuid,
        owner_id: Uuid,
        access_key: String,
        file_name: String,
        mime_type: String,
        file_size: i64,
        in_use: bool,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    }
}

impl From<UploadRow> for Upload {
    fn from(row: UploadRow) -> Self {
        let UploadRow { id, owner_id, access_key, file_name, mime_type, file_size, in_use, created_at, updated_at } =
            row;
        Self { id, owner_id, access_key, file_name, mime_type, file_size, in_use, created_at, updated_at }
    }
}

on_both_engines! {
    #[async_trait]
    impl PictureStore for SqlTransaction<Db> {
        async fn insert_upload(&mut self, upload: &Upload) -> Result<()> {
            query(INSERT)
                .bind(upload.id).bind(upload.owner_id).bind(&upload.access_key).bind(&upload.file_name)
                .bind(&upload.mime_type).bind(upload.file_size).bind(upload.in_use).bind(upload.created_at)
                .bind(upload.updated_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn upload(&mut self, id: Uuid) -> Result<Option<Upload>> {
            let row = query_as::<Db, UploadRow>(BY_ID).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn upload_by_key(&mut self, access_key: &str) -> Result<Option<Upload>> {
            let row = query_as::<Db, UploadRow>(BY_KEY).bind(findable(access_key)).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn uploads_of(&mut self, owner_id: Uuid) -> Result<Vec<Upload>> {
            let rows = query_as::<Db, UploadRow>(OF_OWNER).bind(owner_id).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn mark_upload(&mut self, id: Uuid, in_use: bool, at: DateTime<Utc>) -> Result<bool> {
            let marked = query(MARK).bind(id).bind(in_use).bind(at).execute(self.connection()).await?;
            Ok(marked.rows_affected() > 0)
        }

        async fn delete_upload(&mut self, id: Uuid) -> Result<bool> {
            Ok(query(DELETE).bind(id).execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn sweep_uploads(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(before).bind(limit).execute(self.connection()).await?.rows_affected())
        }

        async fn expect_object(&mut self, access_key: &str, due_at: DateTime<Utc>) -> Result<()> {
            query(EXPECT_OBJECT).bind(access_key).bind(due_at).execute(self.connection()).await?;
            Ok(())
        }

        async fn forget_object(&mut self, access_key: &str) -> Result<()> {
            query(FORGET_OBJECT).bind(access_key).execute(self.connection()).await?;
            Ok(())
        }

        async fn stray_objects(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<String>> {
            Ok(query_scalar(STRAY_OBJECTS).bind(now).bind(limit).fetch_all(self.connection()).await?)
        }

        async fn insert_blob(&mut self, access_key: &str, rendition: &str, bytes: &[u8]) -> Result<()> {
            query(INSERT_BLOB).bind(access_key).bind(rendition).bind(bytes).execute(self.connection()).await?;
            Ok(())
        }

        async fn blob(&mut self, access_key: &str, rendition: &str) -> Result<Option<Vec<u8>>> {
            Ok(query_scalar(BLOB).bind(findable(access_key)).bind(rendition).fetch_optional(self.connection()).await?)
        }
    }
}
