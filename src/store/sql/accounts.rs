//! Accounts in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::{query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, patterns::literal, read_back, row, statements};
use crate::{
    domain::{
        account::{Account, Picture, Role},
        email::EmailAddress,
        names::{Names, search_key},
        phone::PhoneNumber,
        username::Username,
    },
    store::{
        Result,
        accounts::{AccountFilter, AccountSearch, AccountStore, Tombstone},
    },
};

statements! {
    INSERT = "
        INSERT INTO accounts (id, email, email_key, email_verified, pending_email, phone, phone_verified, pending_phone,
            username, username_key, password_hash, password_changed_at, given_name, middle_name, family_name, bio, location,
            pictures, role, locale, time_zone, theme, is_private, two_factor_enabled, custom_data, oidc_profile,
            posts_count, shops_count, events_count, record_version, created_at, updated_at, last_sign_in_at,
            archived_at, purge_at, purge_reminders, locked_at, lock_reason, name_key, shown_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)";
    UPDATE = "
        UPDATE accounts SET email = $2, email_key = $3, email_verified = $4, pending_email = $5, phone = $6,
            phone_verified = $7, pending_phone = $8, username = $9, username_key = $10, password_hash = $11,
            password_changed_at = $12, given_name = $13, middle_name = $14, family_name = $15, bio = $16, location = $17,
            pictures = $18, role = $19, locale = $20, time_zone = $21, theme = $22, is_private = $23,
            two_factor_enabled = $24, custom_data = COALESCE($25, custom_data), oidc_profile = $26, posts_count = $27,
            shops_count = $28, events_count = $29, record_version = $30, created_at = $31, updated_at = $32, last_sign_in_at = $33,
            archived_at = $34, purge_at = $35, purge_reminders = $36, locked_at = $37, lock_reason = $38,
            name_key = $39, shown_version = $40
        WHERE id = $1";
    BY_ID = "SELECT ", AccountRow::COLUMNS, " FROM accounts WHERE id = $1";
    // Both engines know no common `SELECT … FOR UPDATE`; a write that changes nothing takes the same lock.
    LOCK = "UPDATE accounts SET record_version = record_version WHERE id = $1 RETURNING ", AccountRow::COLUMNS;
    BY_EMAIL = "SELECT ", AccountRow::COLUMNS, " FROM accounts WHERE email_key = $1";
    BY_PHONE = "SELECT ", AccountRow::COLUMNS, " FROM accounts WHERE phone = $1";
    BY_USERNAME = "SELECT ", AccountRow::COLUMNS, " FROM accounts WHERE username_key = $1";
    CUSTOM_DATA = "SELECT custom_data FROM accounts WHERE id = $1";
    NOTE_SIGN_IN = "UPDATE accounts SET last_sign_in_at = $2 WHERE id = $1";
    // Patterns of `%` match everything, so that one statement serves every combination of filters.
    MATCHING = "
        SELECT ", AccountRow::COLUMNS, " FROM accounts
        WHERE COALESCE(email_key, '') LIKE $1 ESCAPE '\\' AND role LIKE $2
            AND COALESCE(name_key, '') LIKE $3 ESCAPE '\\'
        ORDER BY created_at, id LIMIT $4 OFFSET $5";
    COUNT_MATCHING = "
        SELECT COUNT(*) FROM accounts
        WHERE COALESCE(email_key, '') LIKE $1 ESCAPE '\\' AND role LIKE $2
            AND COALESCE(name_key, '') LIKE $3 ESCAPE '\\'";
    DUE_FOR_PURGE = "SELECT id FROM accounts WHERE purge_at <= $1 ORDER BY purge_at, id LIMIT $2";
    DUE_FOR_REMINDER = "
        SELECT id FROM accounts WHERE purge_at <= $1 AND purge_reminders < $2 ORDER BY purge_at, id LIMIT $3";
    UNKEYED = "
        SELECT id, given_name, middle_name, family_name FROM accounts WHERE name_key IS NULL ORDER BY id LIMIT $1";
    // Unless the name has changed meanwhile: then it is read again.
    SET_NAME = "
        UPDATE accounts SET given_name = $2, middle_name = $3, family_name = $4, name_key = $5
        WHERE id = $1 AND name_key IS NULL AND COALESCE(given_name, '') = $6 AND COALESCE(middle_name, '') = $7
            AND COALESCE(family_name, '') = $8";
    DELETE = "DELETE FROM accounts WHERE id = $1";
    INSERT_TOMBSTONE = "
        INSERT INTO tombstones (id_hash, created_at, archived_at, purged_at) VALUES ($1, $2, $3, $4)";
}

row! {
    pub(super) struct AccountRow of "accounts" {
        id: Uuid,
        email: Option<String>,
        email_verified: bool,
        pending_email: Option<String>,
        phone: Option<String>,
        phone_verified: bool,
        pending_phone: Option<String>,
        username: String,
        password_hash: Option<String>,
        password_changed_at: Option<DateTime<Utc>>,
        given_name: Option<String>,
        middle_name: Option<String>,
        family_name: Option<String>,
        bio: String,
        location: String,
        pictures: Json<Vec<Picture>>,
        role: String,
        locale: Option<String>,
        time_zone: Option<String>,
        theme: String,
        is_private: bool,
        two_factor_enabled: bool,
        oidc_profile: Json<Map<String, Value>>,
        posts_count: i64,
        shops_count: i64,
        events_count: i64,
        record_version: i64,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        last_sign_in_at: Option<DateTime<Utc>>,
        archived_at: Option<DateTime<Utc>>,
        purge_at: Option<DateTime<Utc>>,
        purge_reminders: i64,
        locked_at: Option<DateTime<Utc>>,
        lock_reason: Option<String>,
        shown_version: i64,
    }
}

impl AccountRow {
    pub(super) fn into_account(self) -> Result<Account> {
        Ok(Account {
            id: self.id,
            email: self.email.map(EmailAddress::from_stored),
            email_verified: self.email_verified,
            pending_email: self.pending_email.map(EmailAddress::from_stored),
            phone: self.phone.map(PhoneNumber::from_stored),
            phone_verified: self.phone_verified,
            pending_phone: self.pending_phone.map(PhoneNumber::from_stored),
            username: Username::from_stored(self.username),
            password_hash: self.password_hash,
            password_changed_at: self.password_changed_at,
            names: Names::from_stored(self.given_name, self.middle_name, self.family_name),
            bio: self.bio,
            location: self.location,
            pictures: self.pictures.0,
            role: read_back("accounts.role", Role::parse(&self.role))?,
            locale: self.locale.and_then(|name| name.parse().ok()),
            time_zone: self.time_zone,
            theme: self.theme.parse().unwrap_or_default(),
            is_private: self.is_private,
            two_factor_enabled: self.two_factor_enabled,
            custom_data: None,
            oidc_profile: self.oidc_profile.0,
            posts_count: self.posts_count,
            shops_count: self.shops_count,
            events_count: self.events_count,
            record_version: self.record_version,
            shown_version: self.shown_version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_sign_in_at: self.last_sign_in_at,
            archived_at: self.archived_at,
            purge_at: self.purge_at,
            purge_reminders: self.purge_reminders,
            locked_at: self.locked_at,
            lock_reason: self.lock_reason,
        })
    }
}

/// A `LIKE` pattern for "contains", in which what was typed has no special meaning.
fn contains(part: Option<&str>) -> String {
    match part.unwrap_or_default() {
        "" => "%".to_owned(),
        part => format!("%{}%", literal(part)),
    }
}

/// Binds every column of an account in the order of [`INSERT`] and [`UPDATE`].
macro_rules! bind_account {
    ($statement:expr, $account:expr) => {
        query($statement)
            .bind($account.id)
            .bind($account.email.as_ref().map(EmailAddress::as_str))
            .bind($account.email.as_ref().map(EmailAddress::key))
            .bind($account.email_verified)
            .bind($account.pending_email.as_ref().map(EmailAddress::as_str))
            .bind($account.phone.as_ref().map(PhoneNumber::as_str))
            .bind($account.phone_verified)
            .bind($account.pending_phone.as_ref().map(PhoneNumber::as_str))
            .bind($account.username.as_str())
            .bind($account.username.key())
            .bind($account.password_hash.as_deref())
            .bind($account.password_changed_at)
            .bind($account.names.given())
            .bind($account.names.middle())
            .bind($account.names.family())
            .bind(&$account.bio)
            .bind(&$account.location)
            .bind(Json(&$account.pictures))
            .bind($account.role.as_str())
            .bind($account.locale.map(|locale| locale.to_string()))
            .bind($account.time_zone.as_deref())
            .bind($account.theme.to_string())
            .bind($account.is_private)
            .bind($account.two_factor_enabled)
            .bind($account.custom_data.as_ref().map(Json))
            .bind(Json(&$account.oidc_profile))
            .bind($account.posts_count)
            .bind($account.shops_count)
            .bind($account.events_count)
            .bind($account.record_version)
            .bind($account.created_at)
            .bind($account.updated_at)
            .bind($account.last_sign_in_at)
            .bind($account.archived_at)
            .bind($account.purge_at)
            .bind($account.purge_reminders)
            .bind($account.locked_at)
            .bind($account.lock_reason.as_deref())
            .bind($account.names.key())
            .bind($account.shown_version)
    };
}

/// An account without a key of its names: its id, and given, middle and family name.
type UnkeyedRow = (Uuid, Option<String>, Option<String>, Option<String>);

on_both_engines! {
    impl SqlTransaction<Db> {
        async fn one_account<'q, T>(&mut self, statement: &'static str, key: T) -> Result<Option<Account>>
        where
            T: sqlx::Encode<'q, Db> + sqlx::Type<Db> + Send + 'q,
        {
            let row = query_as::<Db, AccountRow>(statement).bind(key).fetch_optional(self.connection()).await?;
            row.map(AccountRow::into_account).transpose()
        }
    }

    #[async_trait]
    impl AccountStore for SqlTransaction<Db> {
        async fn insert_account(&mut self, account: &Account) -> Result<()> {
            let account = Account {
                custom_data: Some(account.custom_data.clone().unwrap_or_default()),
                ..account.clone()
            };
            bind_account!(INSERT, account).execute(self.connection()).await?;
            Ok(())
        }

        async fn account(&mut self, id: Uuid) -> Result<Option<Account>> {
            self.one_account(BY_ID, id).await
        }

        async fn lock_account(&mut self, id: Uuid) -> Result<Option<Account>> {
            self.one_account(LOCK, id).await
        }

        async fn custom_data(&mut self, id: Uuid) -> Result<Option<Map<String, Value>>> {
            let data = query_scalar::<Db, Json<Map<String, Value>>>(CUSTOM_DATA).bind(id);
            Ok(data.fetch_optional(self.connection()).await?.map(|data| data.0))
        }

        async fn account_by_email(&mut self, email_key: &str) -> Result<Option<Account>> {
            self.one_account(BY_EMAIL, email_key.to_owned()).await
        }

        async fn account_by_phone(&mut self, phone: &str) -> Result<Option<Account>> {
            self.one_account(BY_PHONE, phone.to_owned()).await
        }

        async fn account_by_username(&mut self, username_key: &str) -> Result<Option<Account>> {
            self.one_account(BY_USERNAME, username_key.to_owned()).await
        }

        async fn update_account(&mut self, account: &Account) -> Result<()> {
            bind_account!(UPDATE, account).execute(self.connection()).await?;
            Ok(())
        }

        async fn note_sign_in(&mut self, id: Uuid, at: DateTime<Utc>) -> Result<()> {
            query(NOTE_SIGN_IN).bind(id).bind(at).execute(self.connection()).await?;
            Ok(())
        }

        async fn list_accounts(&mut self, filter: &AccountFilter) -> Result<(Vec<Account>, i64)> {
            let email = contains(filter.email.as_deref().map(str::to_lowercase).as_deref());
            let name = contains(filter.full_name.as_deref().map(search_key).as_deref());
            let role = filter.role.map_or("%", Role::as_str);
            let rows = query_as::<Db, AccountRow>(MATCHING)
                .bind(&email).bind(role).bind(&name).bind(filter.limit).bind(filter.offset)
                .fetch_all(self.connection()).await?;
            let total = query_scalar::<Db, i64>(COUNT_MATCHING)
                .bind(&email).bind(role).bind(&name)
                .fetch_one(self.connection()).await?;
            Ok((rows.into_iter().map(AccountRow::into_account).collect::<Result<_>>()?, total))
        }

        async fn search_accounts(&mut self, search: &AccountSearch) -> Result<(Vec<Account>, i64)> {
            self.find_accounts(search).await
        }

        async fn due_for_purge(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Uuid>> {
            Ok(query_scalar(DUE_FOR_PURGE).bind(now).bind(limit).fetch_all(self.connection()).await?)
        }

        async fn due_for_reminder(&mut self, before: DateTime<Utc>, reminders: i64, limit: i64) -> Result<Vec<Uuid>> {
            let due = query_scalar(DUE_FOR_REMINDER).bind(before).bind(reminders).bind(limit);
            Ok(due.fetch_all(self.connection()).await?)
        }

        async fn key_names(&mut self, limit: i64) -> Result<u64> {
            let rows: Vec<UnkeyedRow> = query_as(UNKEYED).bind(limit).fetch_all(self.connection()).await?;
            let count = rows.len() as u64;
            for (id, given, middle, family) in rows {
                let kept = Names::from_stored(given, middle, family);
                let names = kept.composed();
                query(SET_NAME)
                    .bind(id).bind(names.given()).bind(names.middle()).bind(names.family()).bind(names.key())
                    .bind(kept.given().unwrap_or_default()).bind(kept.middle().unwrap_or_default())
                    .bind(kept.family().unwrap_or_default())
                    .execute(self.connection()).await?;
            }
            Ok(count)
        }

        async fn delete_account(&mut self, id: Uuid) -> Result<bool> {
            Ok(query(DELETE).bind(id).execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn insert_tombstone(&mut self, tombstone: &Tombstone) -> Result<()> {
            query(INSERT_TOMBSTONE)
                .bind(&tombstone.id_hash).bind(tombstone.created_at)
                .bind(tombstone.archived_at).bind(tombstone.purged_at)
                .execute(self.connection()).await?;
            Ok(())
        }
    }
}
