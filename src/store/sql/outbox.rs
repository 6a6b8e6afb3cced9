//! The outbox in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::{code::Channel, message::OutboxMessage},
    store::{Result, outbox::OutboxStore},
};

statements! {
    INSERT = "
        INSERT INTO outbox (id, account_id, channel, recipient, subject, body_text, body_html, created_at, due_at, expires_at,
            attempts, sent_at, parked_at, last_error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    NEWEST = "SELECT ", MessageRow::COLUMNS, " FROM outbox ORDER BY id DESC LIMIT $1";
    DUE = "
        SELECT ", MessageRow::COLUMNS, " FROM outbox WHERE channel = $1 AND due_at <= $2 AND sent_at IS NULL AND parked_at IS NULL
        ORDER BY due_at, id LIMIT $3";
    WAITING = "
        SELECT ", MessageRow::COLUMNS, " FROM outbox
        WHERE channel = $1 AND due_at >= $2 AND sent_at IS NULL AND parked_at IS NULL
        ORDER BY due_at DESC, id DESC LIMIT $3";
    // Both channels, by name: the index begins with them.
    COUNT_DUE = "
        SELECT COUNT(*) FROM outbox
        WHERE channel IN ('email', 'sms') AND due_at <= $1 AND sent_at IS NULL AND parked_at IS NULL";
    CLAIM = "
        UPDATE outbox SET due_at = $3 WHERE id = $1 AND due_at = $2 AND sent_at IS NULL AND parked_at IS NULL";
    UPDATE = "
        UPDATE outbox SET due_at = $3, attempts = $4, sent_at = $5, parked_at = $6, last_error = $7
        WHERE id = $1 AND due_at = $2 AND sent_at IS NULL AND parked_at IS NULL";
    SWEEP_EXPIRED = swept!("outbox", "id", "expires_at < $1");
    SWEEP_SENT = swept!("outbox", "id", "sent_at < $1");
    SWEEP_PARKED = swept!("outbox", "id", "parked_at < $1");
    DELETE_TO = "DELETE FROM outbox WHERE recipient = $1 AND created_at < $2";
    DELETE = "DELETE FROM outbox WHERE id = $1";
}

row! {
    struct MessageRow of "outbox" {
        id: Uuid,
        account_id: Option<Uuid>,
        channel: String,
        recipient: String,
        subject: String,
        body_text: String,
        body_html: String,
        created_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
        attempts: i64,
        sent_at: Option<DateTime<Utc>>,
        parked_at: Option<DateTime<Utc>>,
        last_error: Option<String>,
    }
}

impl From<MessageRow> for OutboxMessage {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            channel: if row.channel == Channel::Sms.as_str() { Channel::Sms } else { Channel::Email },
            recipient: row.recipient,
            subject: row.subject,
            body_text: row.body_text,
            body_html: row.body_html,
            created_at: row.created_at,
            due_at: row.due_at,
            expires_at: row.expires_at,
            attempts: row.attempts,
            sent_at: row.sent_at,
            parked_at: row.parked_at,
            last_error: row.last_error,
        }
    }
}

on_both_engines! {
    #[async_trait]
    impl OutboxStore for SqlTransaction<Db> {
        async fn insert_message(&mut self, message: &OutboxMessage) -> Result<()> {
            query(INSERT)
                .bind(message.id).bind(message.account_id).bind(message.channel.as_str()).bind(&message.recipient)
                .bind(&message.subject).bind(&message.body_text).bind(&message.body_html).bind(message.created_at)
                .bind(message.due_at).bind(message.expires_at).bind(message.attempts).bind(message.sent_at)
                .bind(message.parked_at).bind(message.last_error.as_deref())
                .execute(self.connection()).await?;
            self.has_mail = true;
            Ok(())
        }

        async fn newest_messages(&mut self, limit: i64) -> Result<Vec<OutboxMessage>> {
            let rows = query_as::<Db, MessageRow>(NEWEST).bind(limit).fetch_all(self.connection()).await?;
            Ok(rows.into_iter().map(Into::into).collect())
        }

        async fn due_messages(&mut self, channel: Channel, now: DateTime<Utc>, limit: i64) -> Result<Vec<OutboxMessage>> {
            let due = query_as::<Db, MessageRow>(DUE).bind(channel.as_str()).bind(now).bind(limit);
            Ok(due.fetch_all(self.connection()).await?.into_iter().map(Into::into).collect())
        }

        async fn count_due_messages(&mut self, now: DateTime<Utc>) -> Result<i64> {
            Ok(query_scalar(COUNT_DUE).bind(now).fetch_one(self.connection()).await?)
        }

        async fn waiting_messages(
            &mut self, channel: Channel, since: DateTime<Utc>, limit: i64,
        ) -> Result<Vec<OutboxMessage>> {
            let waiting = query_as::<Db, MessageRow>(WAITING).bind(channel.as_str()).bind(since).bind(limit);
            Ok(waiting.fetch_all(self.connection()).await?.into_iter().map(Into::into).collect())
        }

        async fn update_message(&mut self, message: &OutboxMessage, due_at: DateTime<Utc>) -> Result<bool> {
            let updated = query(UPDATE)
                .bind(message.id).bind(due_at).bind(message.due_at).bind(message.attempts).bind(message.sent_at)
                .bind(message.parked_at).bind(message.last_error.as_deref())
                .execute(self.connection()).await?;
            Ok(updated.rows_affected() > 0)
        }

        async fn sweep_messages(&mut self, now: DateTime<Utc>, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            let mut swept = 0;
            for (statement, end) in [(SWEEP_EXPIRED, now), (SWEEP_SENT, before), (SWEEP_PARKED, before)] {
                let sweep = query(statement).bind(end).bind(limit);
                swept += sweep.execute(self.connection()).await?.rows_affected();
            }
            Ok(swept)
        }

        async fn delete_messages_to(&mut self, recipient: &str, before: DateTime<Utc>) -> Result<u64> {
            let deleted = query(DELETE_TO).bind(recipient).bind(before).execute(self.connection()).await?;
            Ok(deleted.rows_affected())
        }

        async fn delete_message(&mut self, id: Uuid) -> Result<()> {
            query(DELETE).bind(id).execute(self.connection()).await?;
            Ok(())
        }

        async fn claim_message(&mut self, id: Uuid, due_at: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool> {
            let claimed = query(CLAIM).bind(id).bind(due_at).bind(until).execute(self.connection()).await?;
            Ok(claimed.rows_affected() > 0)
        }
    }
}
