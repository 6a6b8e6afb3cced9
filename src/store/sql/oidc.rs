//! What apps hold, in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::{FromRow, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{SqlTransaction, accounts::AccountRow, on_both_engines, row, sessions::SessionRow, statements, swept};
use crate::{
    domain::{
        oidc::grant::{Access, CodeGrant},
        session::Session,
    },
    store::{
        Result,
        oidc::{AppSession, AuthorizationCode, Consent, LogoutDelivery, OidcStore, Subject},
    },
};

statements! {
    OF_PARENT = "
        SELECT ", SessionRow::COLUMNS, ", parent.expires_at AS parent_expires_at FROM sessions
            LEFT JOIN sessions AS parent ON parent.id = sessions.parent_id
        WHERE sessions.parent_id = $1 AND sessions.client_id = $2 AND sessions.ended_at IS NULL
        ORDER BY sessions.created_at DESC, sessions.id DESC LIMIT 1";
    BY_ID = "
        SELECT ", SessionRow::COLUMNS, ", parent.expires_at AS parent_expires_at FROM sessions
            LEFT JOIN sessions AS parent ON parent.id = sessions.parent_id
        WHERE sessions.id = $1 AND sessions.kind = 'app'";
    OF_ACCOUNT = "
        SELECT ", SessionRow::COLUMNS, ", parent.expires_at AS parent_expires_at FROM sessions
            LEFT JOIN sessions AS parent ON parent.id = sessions.parent_id
        WHERE sessions.account_id = $1 AND sessions.kind = 'app' AND sessions.ended_at IS NULL
        ORDER BY sessions.created_at DESC, sessions.id DESC";
    RENEW = "
        UPDATE sessions SET second_factor = $2, last_used_at = $3, authenticated_at = $4, expires_at = $5, access = $6
        WHERE id = $1 AND ended_at IS NULL";
    END = "
        UPDATE sessions SET ended_at = $3 WHERE id = $2 AND account_id = $1 AND kind = 'app' AND ended_at IS NULL";
    END_OF_APP = "UPDATE sessions SET ended_at = $3 WHERE account_id = $1 AND client_id = $2 AND ended_at IS NULL";
    SIGNED_IN = "SELECT DISTINCT account_id FROM sessions WHERE client_id = $1 AND ended_at IS NULL LIMIT $2";
    SUBJECT = "
        SELECT ", AccountRow::COLUMNS, ", accounts.custom_data, sessions.expires_at AS session_expires_at,
            sessions.last_used_at AS session_last_used_at, sessions.ended_at AS session_ended_at,
            parent.expires_at AS parent_expires_at, clients.revoked_at AS client_revoked_at
        FROM sessions
            JOIN accounts ON accounts.id = sessions.account_id
            JOIN clients ON clients.id = sessions.client_id
            LEFT JOIN sessions AS parent ON parent.id = sessions.parent_id
        WHERE sessions.id = $1 AND sessions.client_id = $2";
    INSERT_CODE = "
        INSERT INTO authorization_codes (code_hash, session_id, granted, created_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    CODE = "SELECT ", CodeRow::COLUMNS, " FROM authorization_codes WHERE code_hash = $1";
    USE_CODE = "UPDATE authorization_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL";
    COUNT_CODES = "SELECT COUNT(*) FROM authorization_codes WHERE session_id = $1 AND created_at > $2";
    SWEEP_CODES = swept!("authorization_codes", "code_hash", "expires_at < $1");
    TRIM_REFRESH = "
        DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at IS NULL AND token_hash NOT IN (
            SELECT token_hash FROM refresh_tokens WHERE session_id = $1 AND used_at IS NULL
            ORDER BY created_at DESC, token_hash LIMIT $2
        )";
    DUE = "
        SELECT ", DeliveryRow::COLUMNS, " FROM logout_deliveries WHERE due_at <= $1 ORDER BY due_at, session_id LIMIT $2";
    CLAIM = "
        UPDATE logout_deliveries SET attempts = attempts + 1, due_at = $3 WHERE session_id = $1 AND due_at = $2";
    POSTPONE = "UPDATE logout_deliveries SET due_at = $2 WHERE session_id = $1";
    DELETE_DELIVERY = "DELETE FROM logout_deliveries WHERE session_id = $1";
    CONSENT = "SELECT ", ConsentRow::COLUMNS, " FROM consents WHERE account_id = $1 AND client_id = $2";
    CONSENTS = "SELECT ", ConsentRow::COLUMNS, " FROM consents WHERE account_id = $1 ORDER BY created_at, client_id";
    PUT_CONSENT = "
        INSERT INTO consents (account_id, client_id, access, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, client_id) DO UPDATE SET access = excluded.access, last_used_at = excluded.last_used_at";
    DELETE_CONSENT = "DELETE FROM consents WHERE account_id = $1 AND client_id = $2";
    DELETE_CONSENTS = "DELETE FROM consents WHERE client_id = $1";
}

#[derive(FromRow)]
struct AppSessionRow {
    #[sqlx(flatten)]
    session: SessionRow,
    parent_expires_at: Option<DateTime<Utc>>,
}

impl From<AppSessionRow> for AppSession {
    fn from(row: AppSessionRow) -> Self {
        Self { session: row.session.into(), parent_expires_at: row.parent_expires_at }
    }
}

#[derive(FromRow)]
struct SubjectRow {
    #[sqlx(flatten)]
    account: AccountRow,
    custom_data: Json<Map<String, Value>>,
    session_expires_at: DateTime<Utc>,
    session_last_used_at: DateTime<Utc>,
    session_ended_at: Option<DateTime<Utc>>,
    parent_expires_at: Option<DateTime<Utc>>,
    client_revoked_at: Option<DateTime<Utc>>,
}

row! {
    struct CodeRow of "authorization_codes" {
        code_hash: Vec<u8>,
        session_id: Uuid,
        granted: Json<CodeGrant>,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        used_at: Option<DateTime<Utc>>,
    }
}

impl From<CodeRow> for AuthorizationCode {
    fn from(row: CodeRow) -> Self {
        let CodeRow { code_hash, session_id, granted, created_at, expires_at, used_at } = row;
        Self { code_hash, session_id, granted: granted.0, created_at, expires_at, used_at }
    }
}

row! {
    struct ConsentRow of "consents" {
        account_id: Uuid,
        client_id: Uuid,
        access: Json<Access>,
        created_at: DateTime<Utc>,
        last_used_at: DateTime<Utc>,
    }
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        let ConsentRow { account_id, client_id, access, created_at, last_used_at } = row;
        Self { account_id, client_id, access: access.0, created_at, last_used_at }
    }
}

row! {
    struct DeliveryRow of "logout_deliveries" {
        session_id: Uuid,
        client_id: Uuid,
        account_id: Option<Uuid>,
        attempts: i64,
        created_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    }
}

impl From<DeliveryRow> for LogoutDelivery {
    fn from(row: DeliveryRow) -> Self {
        let DeliveryRow { session_id, client_id, account_id, attempts, created_at, due_at } = row;
        Self { session_id, client_id, account_id, attempts, created_at, due_at }
    }
}

on_both_engines! {
    #[async_trait]
    impl OidcStore for SqlTransaction<Db> {
        async fn app_session(&mut self, parent_id: Uuid, client_id: Uuid) -> Result<Option<AppSession>> {
            let row = query_as::<Db, AppSessionRow>(OF_PARENT).bind(parent_id).bind(client_id);
            Ok(row.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn app_session_by_id(&mut self, id: Uuid) -> Result<Option<AppSession>> {
            let row = query_as::<Db, AppSessionRow>(BY_ID).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn app_sessions_of(&mut self, account_id: Uuid) -> Result<Vec<AppSession>> {
            let rows = query_as::<Db, AppSessionRow>(OF_ACCOUNT).bind(account_id).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn renew_app_session(&mut self, session: &Session) -> Result<()> {
            query(RENEW)
                .bind(session.id).bind(session.second_factor.as_str()).bind(session.last_used_at)
                .bind(session.authenticated_at).bind(session.expires_at)
                .bind(session.app.as_ref().map(|app| Json(&app.access)))
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn end_app_session(&mut self, account_id: Uuid, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
            let ended = query(END).bind(account_id).bind(id).bind(at).execute(self.connection()).await?;
            Ok(ended.rows_affected() > 0)
        }

        async fn end_sessions_of_app(&mut self, account_id: Uuid, client_id: Uuid, at: DateTime<Utc>) -> Result<u64> {
            let ended = query(END_OF_APP).bind(account_id).bind(client_id).bind(at).execute(self.connection()).await?;
            Ok(ended.rows_affected())
        }

        async fn accounts_signed_in_to(&mut self, client_id: Uuid, limit: i64) -> Result<Vec<Uuid>> {
            let accounts = query_scalar::<Db, Uuid>(SIGNED_IN).bind(client_id).bind(limit);
            Ok(accounts.fetch_all(self.connection()).await?)
        }

        async fn subject(&mut self, session_id: Uuid, client_id: Uuid) -> Result<Option<Subject>> {
            let row = query_as::<Db, SubjectRow>(SUBJECT).bind(session_id).bind(client_id);
            let Some(row) = row.fetch_optional(self.connection()).await? else { return Ok(None) };
            let mut account = row.account.into_account()?;
            account.custom_data = Some(row.custom_data.0);
            Ok(Some(Subject {
                account,
                expires_at: row.session_expires_at,
                last_used_at: row.session_last_used_at,
                ended_at: row.session_ended_at,
                parent_expires_at: row.parent_expires_at,
                client_revoked_at: row.client_revoked_at,
            }))
        }

        async fn insert_authorization_code(&mut self, code: &AuthorizationCode) -> Result<()> {
            query(INSERT_CODE)
                .bind(&code.code_hash).bind(code.session_id).bind(Json(&code.granted)).bind(code.created_at)
                .bind(code.expires_at).bind(code.used_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn authorization_code(&mut self, code_hash: &[u8]) -> Result<Option<AuthorizationCode>> {
            let code = query_as::<Db, CodeRow>(CODE).bind(code_hash).fetch_optional(self.connection()).await?;
            Ok(code.map(Into::into))
        }

        async fn use_authorization_code(&mut self, code_hash: &[u8], at: DateTime<Utc>) -> Result<bool> {
            let used = query(USE_CODE).bind(code_hash).bind(at).execute(self.connection()).await?;
            Ok(used.rows_affected() > 0)
        }

        async fn count_authorization_codes(&mut self, session_id: Uuid, since: DateTime<Utc>) -> Result<i64> {
            let count = query_scalar::<Db, i64>(COUNT_CODES).bind(session_id).bind(since);
            Ok(count.fetch_one(self.connection()).await?)
        }

        async fn sweep_authorization_codes(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP_CODES).bind(before).bind(limit).execute(self.connection()).await?.rows_affected())
        }

        async fn trim_refresh_tokens(&mut self, session_id: Uuid, keep: i64) -> Result<()> {
            query(TRIM_REFRESH).bind(session_id).bind(keep).execute(self.connection()).await?;
            Ok(())
        }

        async fn due_logout_deliveries(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<LogoutDelivery>> {
            let rows = query_as::<Db, DeliveryRow>(DUE).bind(now).bind(limit).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn claim_logout_delivery(
            &mut self, session_id: Uuid, due_at: DateTime<Utc>, until: DateTime<Utc>,
        ) -> Result<bool> {
            let claimed = query(CLAIM).bind(session_id).bind(due_at).bind(until);
            Ok(claimed.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn postpone_logout_delivery(&mut self, session_id: Uuid, until: DateTime<Utc>) -> Result<()> {
            query(POSTPONE).bind(session_id).bind(until).execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_logout_delivery(&mut self, session_id: Uuid) -> Result<()> {
            query(DELETE_DELIVERY).bind(session_id).execute(self.connection()).await?;
            Ok(())
        }

        async fn consent(&mut self, account_id: Uuid, client_id: Uuid) -> Result<Option<Consent>> {
            let row = query_as::<Db, ConsentRow>(CONSENT).bind(account_id).bind(client_id);
            Ok(row.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn consents_of(&mut self, account_id: Uuid) -> Result<Vec<Consent>> {
            let rows = query_as::<Db, ConsentRow>(CONSENTS).bind(account_id).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn put_consent(&mut self, consent: &Consent) -> Result<()> {
            query(PUT_CONSENT)
                .bind(consent.account_id).bind(consent.client_id).bind(Json(&consent.access)).bind(consent.created_at)
                .bind(consent.last_used_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_consent(&mut self, account_id: Uuid, client_id: Uuid) -> Result<bool> {
            let gone = query(DELETE_CONSENT).bind(account_id).bind(client_id).execute(self.connection()).await?;
            Ok(gone.rows_affected() > 0)
        }

        async fn delete_consents_of_app(&mut self, client_id: Uuid) -> Result<u64> {
            Ok(query(DELETE_CONSENTS).bind(client_id).execute(self.connection()).await?.rows_affected())
        }
    }
}
