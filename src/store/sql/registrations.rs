//! Pending registrations in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::{account::Registration, email::EmailAddress, names::Names, phone::PhoneNumber, username::Username},
    store::{Result, registrations::RegistrationStore},
};

statements! {
    INSERT = "
        INSERT INTO registrations (account_id, identifier_key, email, phone, username, given_name, middle_name, family_name,
            picture, password_hash, locale, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    BY_ID = "SELECT ", RegistrationRow::COLUMNS, " FROM registrations WHERE account_id = $1";
    OPEN = "
        SELECT ", RegistrationRow::COLUMNS, " FROM registrations WHERE identifier_key = $1 AND expires_at > $2
        ORDER BY created_at DESC, account_id DESC LIMIT $3";
    DELETE = "DELETE FROM registrations WHERE identifier_key = $1";
    DELETE_BEFORE = "DELETE FROM registrations WHERE identifier_key = $1 AND created_at < $2";
    SWEEP = swept!("registrations", "account_id", "expires_at <= $1");
}

row! {
    struct RegistrationRow of "registrations" {
        account_id: Uuid,
        identifier_key: String,
        email: Option<String>,
        phone: Option<String>,
        username: Option<String>,
        given_name: Option<String>,
        middle_name: Option<String>,
        family_name: Option<String>,
        picture: Option<String>,
        password_hash: String,
        locale: Option<String>,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    }
}

impl From<RegistrationRow> for Registration {
    fn from(row: RegistrationRow) -> Self {
        Self {
            account_id: row.account_id,
            identifier_key: row.identifier_key,
            email: row.email.map(EmailAddress::from_stored),
            phone: row.phone.map(PhoneNumber::from_stored),
            username: row.username.map(Username::from_stored),
            names: Names::from_stored(row.given_name, row.middle_name, row.family_name),
            picture: row.picture,
            password_hash: row.password_hash,
            locale: row.locale.and_then(|name| name.parse().ok()),
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

on_both_engines! {
    #[async_trait]
    impl RegistrationStore for SqlTransaction<Db> {
        async fn insert_registration(&mut self, registration: &Registration) -> Result<()> {
            query(INSERT)
                .bind(registration.account_id)
                .bind(&registration.identifier_key)
                .bind(registration.email.as_ref().map(EmailAddress::as_str))
                .bind(registration.phone.as_ref().map(PhoneNumber::as_str))
                .bind(registration.username.as_ref().map(Username::as_str))
                .bind(registration.names.given())
                .bind(registration.names.middle())
                .bind(registration.names.family())
                .bind(registration.picture.as_deref())
                .bind(&registration.password_hash)
                .bind(registration.locale.map(|locale| locale.to_string()))
                .bind(registration.created_at)
                .bind(registration.expires_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn registration(&mut self, account_id: Uuid) -> Result<Option<Registration>> {
            let row = query_as::<Db, RegistrationRow>(BY_ID).bind(account_id).fetch_optional(self.connection()).await?;
            Ok(row.map(Into::into))
        }

        async fn open_registrations(
            &mut self, identifier_key: &str, now: DateTime<Utc>, limit: i64,
        ) -> Result<Vec<Registration>> {
            let open = query_as::<Db, RegistrationRow>(OPEN).bind(identifier_key).bind(now).bind(limit);
            Ok(open.fetch_all(self.connection()).await?.into_iter().map(Into::into).collect())
        }

        async fn delete_registrations(&mut self, identifier_key: &str) -> Result<()> {
            query(DELETE).bind(identifier_key).execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_registrations_before(&mut self, identifier_key: &str, before: DateTime<Utc>) -> Result<()> {
            query(DELETE_BEFORE).bind(identifier_key).bind(before).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_registrations(&mut self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
            Ok(query(SWEEP).bind(now).bind(limit).execute(self.connection()).await?.rows_affected())
        }
    }
}
