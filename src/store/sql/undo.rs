//! Undo links in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::code::Channel,
    store::{
        Result,
        undo::{UndoLink, UndoStore},
    },
};

statements! {
    INSERT = "
        INSERT INTO undo_links (token_hash, account_id, channel, destination, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    BY_TOKEN = "SELECT ", UndoRow::COLUMNS, " FROM undo_links WHERE token_hash = $1";
    DELETE = "DELETE FROM undo_links WHERE token_hash = $1";
    DELETE_COVERED = "
        DELETE FROM undo_links WHERE account_id = $1 AND channel = $2 AND (destination = $3 OR created_at >= $4)";
    SWEEP = swept!("undo_links", "token_hash", "expires_at <= $1");
}

row! {
    struct UndoRow of "undo_links" {
        token_hash: Vec<u8>,
        account_id: Uuid,
        channel: String,
        destination: String,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    }
}

impl From<UndoRow> for UndoLink {
    fn from(row: UndoRow) -> Self {
        let UndoRow { token_hash, account_id, channel, destination, created_at, expires_at } = row;
        let channel = if channel == Channel::Sms.as_str() { Channel::Sms } else { Channel::Email };
        Self { token_hash, account_id, channel, destination, created_at, expires_at }
    }
}

on_both_engines! {
    #[async_trait]
    impl UndoStore for SqlTransaction<Db> {
        async fn insert_undo_link(&mut self, link: &UndoLink) -> Result<()> {
            query(INSERT)
                .bind(&link.token_hash).bind(link.account_id).bind(link.channel.as_str()).bind(&link.destination)
                .bind(link.created_at).bind(link.expires_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn undo_link(&mut self, token_hash: &[u8]) -> Result<Option<UndoLink>> {
            let link = query_as::<Db, UndoRow>(BY_TOKEN).bind(token_hash);
            Ok(link.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn use_undo_link(&mut self, link: &UndoLink) -> Result<bool> {
            let used = query(DELETE).bind(&link.token_hash).execute(self.connection()).await?.rows_affected() > 0;
            if used {
                query(DELETE_COVERED)
                    .bind(link.account_id).bind(link.channel.as_str()).bind(&link.destination).bind(link.created_at)
                    .execute(self.connection()).await?;
            }
            Ok(used)
        }

        async fn sweep_undo_links(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(now).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
