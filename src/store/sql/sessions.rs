//! Sessions in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::{
        oidc::grant::{Access, Grant},
        session::{AppPart, Kind, SecondFactor, Session},
    },
    store::{
        Result,
        sessions::{RefreshToken, SessionStore},
    },
};

statements! {
    INSERT = "
        INSERT INTO sessions (id, account_id, kind, token_hash, user_agent, device, address, second_factor, created_at,
            last_used_at, authenticated_at, expires_at, ended_at, client_id, parent_id, access, replaces_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    BY_ID = "SELECT ", SessionRow::COLUMNS, " FROM sessions WHERE id = $1";
    BY_TOKEN = "SELECT ", SessionRow::COLUMNS, " FROM sessions WHERE token_hash = $1";
    ALIVE = "
        SELECT ", SessionRow::COLUMNS, " FROM sessions
        WHERE account_id = $1 AND kind <> 'app' AND ended_at IS NULL AND expires_at > $2
        ORDER BY created_at DESC, id DESC";
    TOUCH = "
        UPDATE sessions SET last_used_at = $2, expires_at = CASE WHEN expires_at < $3 THEN $3 ELSE expires_at END
        WHERE id = $1 AND ended_at IS NULL AND last_used_at < $2";
    AUTHENTICATE = "
        UPDATE sessions SET authenticated_at = $2, second_factor = $3 WHERE id = $1 AND ended_at IS NULL";
    COMPLETE = "
        UPDATE sessions SET second_factor = 'passed', token_hash = $2, authenticated_at = $3, last_used_at = $3,
            expires_at = $4
        WHERE id = $1 AND second_factor IN ('pending', 'pending-restore') AND ended_at IS NULL AND expires_at > $3";
    // What ends a browser session ends the apps' that hang on it.
    END = "UPDATE sessions SET ended_at = $3 WHERE id = $2 AND account_id = $1 AND ended_at IS NULL";
    END_APPS = "UPDATE sessions SET ended_at = $3 WHERE parent_id = $2 AND account_id = $1 AND ended_at IS NULL";
    END_ALL = "
        UPDATE sessions SET ended_at = $3
        WHERE account_id = $1 AND id <> $2 AND (parent_id IS NULL OR parent_id <> $2) AND ended_at IS NULL";
    CONTINUE = "
        UPDATE sessions SET token_hash = $3, user_agent = $4, device = $5, address = $6, second_factor = $7,
            last_used_at = $8, authenticated_at = $9, expires_at = $10
        WHERE id = $2 AND account_id = $1 AND kind = 'browser' AND ended_at IS NULL AND expires_at > $8";
    DELETE = "DELETE FROM sessions WHERE id = $1";
    SWEEP_ENDED = swept!("sessions", "id", "ended_at < $1");
    // An app's may go on as long as the one it hangs on is there. Written so that no index of parents is taken for it.
    SWEEP_EXPIRED = swept!("sessions", "id", "expires_at < $1 AND COALESCE(parent_id, id) = id");
    SWEEP_REFRESH = swept!("refresh_tokens", "token_hash", "expires_at < $1");
    INSERT_REFRESH = "
        INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at, used_at, granted)
        VALUES ($1, $2, $3, $4, $5, $6)";
    REFRESH_BY_HASH = "SELECT ", RefreshRow::COLUMNS, " FROM refresh_tokens WHERE token_hash = $1";
    USE_REFRESH = "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL";
    SEE_DEVICE = "UPDATE known_devices SET last_seen_at = $3 WHERE account_id = $1 AND fingerprint = $2";
    ADD_DEVICE = "
        INSERT INTO known_devices (account_id, fingerprint, last_seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    ANY_DEVICE = "SELECT account_id FROM known_devices WHERE account_id = $1 LIMIT 1";
    FORGET_DEVICE = "DELETE FROM known_devices WHERE account_id = $1 AND fingerprint = $2";
    SWEEP_DEVICES = "
        DELETE FROM known_devices
        WHERE (account_id, fingerprint) IN (
            SELECT account_id, fingerprint FROM known_devices WHERE last_seen_at < $1 LIMIT $2
        ) AND last_seen_at < $1";
}

row! {
    pub(super) struct SessionRow of "sessions" {
        id: Uuid,
        account_id: Uuid,
        kind: String,
        token_hash: Option<Vec<u8>>,
        user_agent: String,
        device: String,
        address: String,
        second_factor: String,
        created_at: DateTime<Utc>,
        last_used_at: DateTime<Utc>,
        authenticated_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
        client_id: Option<Uuid>,
        parent_id: Option<Uuid>,
        access: Option<Json<Access>>,
        replaces_id: Option<Uuid>,
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let access = row.access.map(|access| access.0).unwrap_or_default();
        Self {
            id: row.id,
            account_id: row.account_id,
            kind: Kind::from_stored(&row.kind),
            token_hash: row.token_hash,
            user_agent: row.user_agent,
            device: row.device,
            address: row.address,
            second_factor: SecondFactor::from_stored(&row.second_factor),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            authenticated_at: row.authenticated_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            app: row.client_id.map(|client_id| AppPart { client_id, parent_id: row.parent_id, access }),
            replaces: row.replaces_id,
        }
    }
}

row! {
    struct RefreshRow of "refresh_tokens" {
        token_hash: Vec<u8>,
        session_id: Uuid,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        used_at: Option<DateTime<Utc>>,
        granted: Option<Json<Grant>>,
    }
}

impl From<RefreshRow> for RefreshToken {
    fn from(row: RefreshRow) -> Self {
        let RefreshRow { token_hash, session_id, created_at, expires_at, used_at, granted } = row;
        Self { token_hash, session_id, created_at, expires_at, used_at, grant: granted.map(|grant| grant.0) }
    }
}

on_both_engines! {
    #[async_trait]
    impl SessionStore for SqlTransaction<Db> {
        async fn insert_session(&mut self, session: &Session) -> Result<()> {
            let app = session.app.as_ref();
            query(INSERT)
                .bind(session.id).bind(session.account_id).bind(session.kind.as_str())
                .bind(session.token_hash.as_deref()).bind(&session.user_agent).bind(&session.device)
                .bind(&session.address).bind(session.second_factor.as_str()).bind(session.created_at)
                .bind(session.last_used_at).bind(session.authenticated_at).bind(session.expires_at)
                .bind(session.ended_at).bind(app.map(|app| app.client_id)).bind(app.and_then(|app| app.parent_id))
                .bind(app.map(|app| Json(&app.access))).bind(session.replaces)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn session(&mut self, id: Uuid) -> Result<Option<Session>> {
            let row = query_as::<Db, SessionRow>(BY_ID).bind(id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn session_by_token(&mut self, token_hash: &[u8]) -> Result<Option<Session>> {
            let row = query_as::<Db, SessionRow>(BY_TOKEN).bind(token_hash).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn sessions_of(&mut self, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Session>> {
            let rows = query_as::<Db, SessionRow>(ALIVE).bind(account_id).bind(now).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn touch_session(&mut self, id: Uuid, at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<()> {
            query(TOUCH).bind(id).bind(at).bind(expires_at).execute(self.connection()).await?;
            Ok(())
        }

        async fn authenticate_session(&mut self, id: Uuid, at: DateTime<Utc>, second_factor: SecondFactor) -> Result<()> {
            query(AUTHENTICATE).bind(id).bind(at).bind(second_factor.as_str()).execute(self.connection()).await?;
            Ok(())
        }

        async fn complete_session(
            &mut self, id: Uuid, token_hash: Option<&[u8]>, at: DateTime<Utc>, expires_at: DateTime<Utc>,
        ) -> Result<bool> {
            let complete = query(COMPLETE).bind(id).bind(token_hash).bind(at).bind(expires_at);
            Ok(complete.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn end_session(&mut self, account_id: Uuid, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
            let ended = query(END).bind(account_id).bind(id).bind(at).execute(self.connection()).await?;
            query(END_APPS).bind(account_id).bind(id).bind(at).execute(self.connection()).await?;
            Ok(ended.rows_affected() > 0)
        }

        async fn end_sessions(&mut self, account_id: Uuid, except: Option<Uuid>, at: DateTime<Utc>) -> Result<u64> {
            let except = except.unwrap_or(Uuid::nil());
            let ended = query(END_ALL).bind(account_id).bind(except).bind(at).execute(self.connection()).await?;
            Ok(ended.rows_affected())
        }

        async fn continue_session(&mut self, id: Uuid, by: &Session) -> Result<bool> {
            let continued = query(CONTINUE)
                .bind(by.account_id).bind(id).bind(by.token_hash.as_deref()).bind(&by.user_agent).bind(&by.device)
                .bind(&by.address).bind(by.second_factor.as_str()).bind(by.last_used_at).bind(by.authenticated_at)
                .bind(by.expires_at);
            Ok(continued.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn delete_session(&mut self, id: Uuid) -> Result<()> {
            query(DELETE).bind(id).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_sessions(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            let mut swept = 0;
            for statement in [SWEEP_ENDED, SWEEP_EXPIRED] {
                let sweep = query(statement).bind(before).bind(limit);
                swept += sweep.execute(self.connection()).await?.rows_affected();
            }
            Ok(swept)
        }

        async fn sweep_refresh_tokens(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP_REFRESH).bind(now).bind(limit).execute(self.connection()).await?.rows_affected())
        }

        async fn insert_refresh_token(&mut self, token: &RefreshToken) -> Result<()> {
            query(INSERT_REFRESH)
                .bind(&token.token_hash).bind(token.session_id).bind(token.created_at).bind(token.expires_at)
                .bind(token.used_at).bind(token.grant.as_ref().map(Json))
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn refresh_token(&mut self, token_hash: &[u8]) -> Result<Option<RefreshToken>> {
            let token = query_as::<Db, RefreshRow>(REFRESH_BY_HASH).bind(token_hash);
            Ok(token.fetch_optional(self.connection()).await?.map(Into::into))
        }

        async fn use_refresh_token(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<bool> {
            let used = query(USE_REFRESH).bind(token_hash).bind(at).execute(self.connection()).await?;
            Ok(used.rows_affected() > 0)
        }

        async fn see_device(&mut self, account_id: Uuid, fingerprint: &[u8], at: DateTime<Utc>) -> Result<bool> {
            let seen = query(SEE_DEVICE).bind(account_id).bind(fingerprint).bind(at).execute(self.connection()).await?;
            Ok(seen.rows_affected() > 0)
        }

        async fn add_device(&mut self, account_id: Uuid, fingerprint: &[u8], at: DateTime<Utc>) -> Result<()> {
            query(ADD_DEVICE).bind(account_id).bind(fingerprint).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn has_devices(&mut self, account_id: Uuid) -> Result<bool> {
            let any = query_scalar::<Db, Uuid>(ANY_DEVICE).bind(account_id).fetch_optional(self.connection()).await?;
            Ok(any.is_some())
        }

        async fn forget_device(&mut self, account_id: Uuid, fingerprint: &[u8]) -> Result<bool> {
            let gone = query(FORGET_DEVICE).bind(account_id).bind(fingerprint).execute(self.connection()).await?;
            Ok(gone.rows_affected() > 0)
        }

        async fn sweep_devices(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP_DEVICES).bind(before).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
