//! Second factors in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::store::{
    Result,
    factors::{AuthenticatorApp, FactorStore},
};

statements! {
    INSERT_APP = "
        INSERT INTO authenticator_apps (id, account_id, secret, created_at, confirmed_at, last_step)
        VALUES ($1, $2, $3, $4, $5, $6)";
    DELETE_PROPOSED = "DELETE FROM authenticator_apps WHERE account_id = $1 AND confirmed_at IS NULL";
    PROPOSED = "SELECT ", AppRow::COLUMNS, " FROM authenticator_apps WHERE account_id = $1 AND confirmed_at IS NULL";
    CONFIRMED = "SELECT ", AppRow::COLUMNS, " FROM authenticator_apps WHERE account_id = $1 AND confirmed_at IS NOT NULL";
    CONFIRM = "
        UPDATE authenticator_apps SET confirmed_at = $4, last_step = $3
        WHERE account_id = $1 AND id = $2 AND confirmed_at IS NULL";
    DELETE_OTHERS = "DELETE FROM authenticator_apps WHERE account_id = $1 AND id <> $2";
    USE_STEP = "
        UPDATE authenticator_apps SET last_step = $2
        WHERE id = $1 AND confirmed_at IS NOT NULL AND (last_step IS NULL OR last_step < $2)";
    DELETE_APPS = "DELETE FROM authenticator_apps WHERE account_id = $1";
    INSERT_CODE = "INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)";
    DELETE_CODES = "DELETE FROM recovery_codes WHERE account_id = $1";
    COUNT_CODES = "SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL";
    COUNT_CODE = "
        SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL";
    USE_CODE = "
        UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL";
    PUT_RESTORE = "
        INSERT INTO restores (account_id, password_hash, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET password_hash = $2, expires_at = $3";
    RESTORE = "SELECT password_hash FROM restores WHERE account_id = $1 AND expires_at > $2";
    DELETE_RESTORE = "DELETE FROM restores WHERE account_id = $1";
    SWEEP_PROPOSED = swept!("authenticator_apps", "id", "confirmed_at IS NULL AND created_at < $1");
    SWEEP_RESTORES = swept!("restores", "account_id", "expires_at <= $1");
}

row! {
    struct AppRow of "authenticator_apps" {
        id: Uuid,
        account_id: Uuid,
        secret: Vec<u8>,
        created_at: DateTime<Utc>,
        confirmed_at: Option<DateTime<Utc>>,
        last_step: Option<i64>,
    }
}

impl From<AppRow> for AuthenticatorApp {
    fn from(row: AppRow) -> Self {
        let AppRow { id, account_id, secret, created_at, confirmed_at, last_step } = row;
        Self { id, account_id, secret, created_at, confirmed_at, last_step }
    }
}

on_both_engines! {
    #[async_trait]
    impl FactorStore for SqlTransaction<Db> {
        async fn propose_app(&mut self, app: &AuthenticatorApp) -> Result<()> {
            query(DELETE_PROPOSED).bind(app.account_id).execute(self.connection()).await?;
            query(INSERT_APP)
                .bind(app.id).bind(app.account_id).bind(&app.secret).bind(app.created_at).bind(app.confirmed_at)
                .bind(app.last_step)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn proposed_app(&mut self, account_id: Uuid) -> Result<Option<AuthenticatorApp>> {
            let row = query_as::<Db, AppRow>(PROPOSED).bind(account_id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn confirmed_app(&mut self, account_id: Uuid) -> Result<Option<AuthenticatorApp>> {
            let row = query_as::<Db, AppRow>(CONFIRMED).bind(account_id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn confirm_app(&mut self, account_id: Uuid, id: Uuid, step: i64, at: DateTime<Utc>) -> Result<bool> {
            let confirm = query(CONFIRM).bind(account_id).bind(id).bind(step).bind(at);
            if confirm.execute(self.connection()).await?.rows_affected() == 0 {
                return Ok(false);
            }
            query(DELETE_OTHERS).bind(account_id).bind(id).execute(self.connection()).await?;
            Ok(true)
        }

        async fn use_app_step(&mut self, id: Uuid, step: i64) -> Result<bool> {
            Ok(query(USE_STEP).bind(id).bind(step).execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn delete_apps(&mut self, account_id: Uuid) -> Result<u64> {
            Ok(query(DELETE_APPS).bind(account_id).execute(self.connection()).await?.rows_affected())
        }

        async fn replace_recovery_codes(&mut self, account_id: Uuid, hashes: &[Vec<u8>]) -> Result<()> {
            query(DELETE_CODES).bind(account_id).execute(self.connection()).await?;
            for hash in hashes {
                query(INSERT_CODE).bind(account_id).bind(hash).execute(self.connection()).await?;
            }
            Ok(())
        }

        async fn count_recovery_codes(&mut self, account_id: Uuid) -> Result<i64> {
            Ok(query_scalar(COUNT_CODES).bind(account_id).fetch_one(self.connection()).await?)
        }

        async fn has_recovery_code(&mut self, account_id: Uuid, hash: &[u8]) -> Result<bool> {
            let count: i64 = query_scalar(COUNT_CODE).bind(account_id).bind(hash).fetch_one(self.connection()).await?;
            Ok(count > 0)
        }

        async fn use_recovery_code(&mut self, account_id: Uuid, hash: &[u8], at: DateTime<Utc>) -> Result<bool> {
            let used = query(USE_CODE).bind(account_id).bind(hash).bind(at).execute(self.connection()).await?;
            Ok(used.rows_affected() > 0)
        }

        async fn put_restore(&mut self, account_id: Uuid, password_hash: &str, expires_at: DateTime<Utc>) -> Result<()> {
            let put = query(PUT_RESTORE).bind(account_id).bind(password_hash).bind(expires_at);
            put.execute(self.connection()).await?;
            Ok(())
        }

        async fn restore(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Option<String>> {
            Ok(query_scalar(RESTORE).bind(account_id).bind(now).fetch_optional(self.connection()).await?)
        }

        async fn delete_restore(&mut self, account_id: Uuid) -> Result<()> {
            query(DELETE_RESTORE).bind(account_id).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_factors(&mut self, before: DateTime<Utc>, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            let mut swept = 0;
            for (statement, end) in [(SWEEP_PROPOSED, before), (SWEEP_RESTORES, now)] {
                let sweep = query(statement).bind(end).bind(limit);
                swept += sweep.execute(self.connection()).await?.rows_affected();
            }
            Ok(swept)
        }
    }
}
