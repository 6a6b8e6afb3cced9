//! Codes in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::code::{Channel, SentCode},
    store::{Result, codes::CodeStore},
};

statements! {
    INSERT = "
        INSERT INTO codes (id, purpose, account_id, registration_id, session_id, channel, destination, code_hash, token_hash,
            tries, created_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    NEWEST = "
        SELECT ", CodeRow::COLUMNS, " FROM codes WHERE destination = $2 AND purpose = $1 AND used_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1";
    OF_ACCOUNTS = "
        SELECT ", CodeRow::COLUMNS, " FROM codes
        WHERE destination = $2 AND purpose = $1 AND created_at > $3 AND account_id IS NOT NULL AND used_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT $4";
    NEWEST_OF = "
        SELECT ", CodeRow::COLUMNS, " FROM codes WHERE account_id = $1 AND purpose = $2 AND destination = $3 AND used_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1";
    NEWEST_FOR = "
        SELECT ", CodeRow::COLUMNS, " FROM codes WHERE registration_id = $1 AND used_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1";
    BY_TOKEN = "SELECT ", CodeRow::COLUMNS, " FROM codes WHERE token_hash = $1";
    COUNT = "SELECT COUNT(*) FROM codes WHERE destination = $2 AND purpose = $1 AND created_at > $3";
    COUNT_TRY = "
        UPDATE codes SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND used_at IS NULL RETURNING tries";
    USE = "UPDATE codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
    REPLACE = "
        UPDATE codes SET used_at = $3
        WHERE purpose = $1 AND destination = $2 AND account_id IS NULL AND registration_id IS NULL AND used_at IS NULL";
    REPLACE_FOR = "UPDATE codes SET used_at = $2 WHERE registration_id = $1 AND used_at IS NULL";
    END_OF = "
        UPDATE codes SET used_at = $4 WHERE account_id = $1 AND purpose = $2 AND channel = $3 AND used_at IS NULL";
    END = "UPDATE codes SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL";
    DELETE_TO = "DELETE FROM codes WHERE destination = $1 AND created_at < $2";
    SWEEP = swept!("codes", "id", "expires_at < $1");
}

row! {
    struct CodeRow of "codes" {
        id: Uuid,
        purpose: String,
        account_id: Option<Uuid>,
        registration_id: Option<Uuid>,
        session_id: Option<Uuid>,
        channel: String,
        destination: String,
        code_hash: Vec<u8>,
        token_hash: Option<Vec<u8>>,
        tries: i64,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        used_at: Option<DateTime<Utc>>,
    }
}

impl From<CodeRow> for SentCode {
    fn from(row: CodeRow) -> Self {
        Self {
            id: row.id,
            purpose: row.purpose,
            account_id: row.account_id,
            registration_id: row.registration_id,
            session_id: row.session_id,
            channel: row.channel,
            destination: row.destination,
            code_hash: row.code_hash,
            token_hash: row.token_hash,
            tries: row.tries,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}

on_both_engines! {
    #[async_trait]
    impl CodeStore for SqlTransaction<Db> {
        async fn insert_code(&mut self, code: &SentCode) -> Result<()> {
            query(INSERT)
                .bind(code.id).bind(&code.purpose).bind(code.account_id).bind(code.registration_id)
                .bind(code.session_id).bind(&code.channel).bind(&code.destination).bind(&code.code_hash)
                .bind(code.token_hash.as_deref()).bind(code.tries).bind(code.created_at).bind(code.expires_at)
                .bind(code.used_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn newest_code(&mut self, purpose: &str, destination: &str) -> Result<Option<SentCode>> {
            let newest = query_as::<Db, CodeRow>(NEWEST).bind(purpose).bind(destination);
            Ok(newest.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn codes_of_accounts(
            &mut self, purpose: &str, destination: &str, since: DateTime<Utc>, limit: i64,
        ) -> Result<Vec<SentCode>> {
            let codes = query_as::<Db, CodeRow>(OF_ACCOUNTS).bind(purpose).bind(destination).bind(since).bind(limit);
            Ok(codes.fetch_all(self.connection()).await?.into_iter().map(Into::into).collect())
        }

        async fn newest_code_of(
            &mut self, account_id: Uuid, purpose: &str, destination: &str,
        ) -> Result<Option<SentCode>> {
            let newest = query_as::<Db, CodeRow>(NEWEST_OF).bind(account_id).bind(purpose).bind(destination);
            Ok(newest.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn newest_code_for(&mut self, registration_id: Uuid) -> Result<Option<SentCode>> {
            let newest = query_as::<Db, CodeRow>(NEWEST_FOR).bind(registration_id);
            Ok(newest.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn code_by_token(&mut self, token_hash: &[u8]) -> Result<Option<SentCode>> {
            let code = query_as::<Db, CodeRow>(BY_TOKEN).bind(token_hash);
            Ok(code.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn count_codes(&mut self, purpose: &str, destination: &str, since: DateTime<Utc>) -> Result<i64> {
            let count = query_scalar(COUNT).bind(purpose).bind(destination).bind(since);
            Ok(count.fetch_one(self.connection()).await?)
        }

        async fn count_try(&mut self, id: Uuid, max: i64) -> Result<Option<i64>> {
            Ok(query_scalar(COUNT_TRY).bind(id).bind(max).fetch_optional(self.connection()).await?)
        }

        async fn use_code(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
            Ok(query(USE).bind(id).bind(at).execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn replace_codes(&mut self, purpose: &str, destination: &str, at: DateTime<Utc>) -> Result<()> {
            query(REPLACE).bind(purpose).bind(destination).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn replace_codes_for(&mut self, registration_id: Uuid, at: DateTime<Utc>) -> Result<()> {
            query(REPLACE_FOR).bind(registration_id).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn end_codes_of(
            &mut self, account_id: Uuid, purpose: &str, channel: Channel, at: DateTime<Utc>,
        ) -> Result<()> {
            let codes = query(END_OF).bind(account_id).bind(purpose).bind(channel.as_str()).bind(at);
            codes.execute(self.connection()).await?;
            Ok(())
        }

        async fn end_codes(&mut self, account_id: Uuid, at: DateTime<Utc>) -> Result<()> {
            query(END).bind(account_id).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_codes_to(&mut self, destination: &str, before: DateTime<Utc>) -> Result<()> {
            query(DELETE_TO).bind(destination).bind(before).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_codes(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(before).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
