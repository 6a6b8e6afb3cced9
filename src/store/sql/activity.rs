//! Activity in SQL.

use std::cmp::Reverse;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::{QueryBuilder, query, query_as, types::Json};
use uuid::{Builder, Uuid};

use super::{SqlTransaction, on_both_engines, row, statements, swept};
use crate::{
    domain::activity::{Activity, Kind},
    store::{Result, activity::ActivityStore},
};

/// Several events follow it.
const INSERT_ALL: &str = "INSERT INTO activity (id, account_id, kind, device, address, detail, at) ";

statements! {
    INSERT = "
        INSERT INTO activity (id, account_id, kind, device, address, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Ids are UUIDv7: their order is the order in which things happened.
    PAGE = "
        SELECT ", ActivityRow::COLUMNS, " FROM activity WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    // One for each kind: for several at once, either engine would read all there are of them, and sort them.
    PAGE_OF_KIND = "
        SELECT ", ActivityRow::COLUMNS, " FROM activity WHERE account_id = $1 AND kind = $4 AND id < $2
        ORDER BY id DESC LIMIT $3";
    SWEEP = swept!("activity", "id", "id < $1");
}

row! {
    struct ActivityRow of "activity" {
        id: Uuid,
        account_id: Uuid,
        kind: String,
        device: String,
        address: String,
        detail: Json<Map<String, Value>>,
        at: DateTime<Utc>,
    }
}

impl From<ActivityRow> for Activity {
    fn from(row: ActivityRow) -> Self {
        let ActivityRow { id, account_id, kind, device, address, detail, at } = row;
        Self { id, account_id, kind, device, address, detail: detail.0, at }
    }
}

on_both_engines! {
    #[async_trait]
    impl ActivityStore for SqlTransaction<Db> {
        async fn insert_activity(&mut self, activity: &Activity) -> Result<()> {
            query(INSERT)
                .bind(activity.id).bind(activity.account_id).bind(&activity.kind).bind(&activity.device)
                .bind(&activity.address).bind(Json(&activity.detail)).bind(activity.at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn insert_activities(&mut self, events: &[Activity]) -> Result<()> {
            if events.is_empty() {
                return Ok(());
            }
            let mut insert = QueryBuilder::<Db>::new(INSERT_ALL);
            insert.push_values(events, |mut row, event| {
                row.push_bind(event.id).push_bind(event.account_id).push_bind(&event.kind).push_bind(&event.device)
                    .push_bind(&event.address).push_bind(Json(&event.detail)).push_bind(event.at);
            });
            // One for each number of events: not worth keeping.
            insert.build().persistent(false).execute(self.connection()).await?;
            Ok(())
        }

        async fn sweep_activity(&mut self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
            // No id of that moment is lower.
            let milliseconds = u64::try_from(before.timestamp_millis()).unwrap_or_default();
            let first = Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid();
            Ok(query(SWEEP).bind(first).bind(limit).execute(self.connection()).await?.rows_affected())
        }

        async fn activity_of(
            &mut self, account_id: Uuid, kinds: &[Kind], before: Option<Uuid>, limit: i64,
        ) -> Result<Vec<Activity>> {
            let before = before.unwrap_or(Uuid::max());
            let mut rows = Vec::new();
            if kinds.is_empty() {
                let page = query_as::<Db, ActivityRow>(PAGE).bind(account_id).bind(before).bind(limit);
                rows = page.fetch_all(self.connection()).await?;
            }
            for kind in kinds {
                let page = query_as::<Db, ActivityRow>(PAGE_OF_KIND).bind(account_id).bind(before).bind(limit);
                rows.extend(page.bind(kind.as_str()).fetch_all(self.connection()).await?);
            }
            rows.sort_unstable_by_key(|row| Reverse(row.id));
            rows.truncate(usize::try_from(limit).unwrap_or_default());
            Ok(rows.into_iter().map(Into::into).collect())
        }
    }
}
