//! Relationships in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::{SqlTransaction, accounts::AccountRow, on_both_engines, statements};
use crate::{
    domain::{
        account::Account,
        relationship::{Connections, Relationship},
    },
    store::{
        Result,
        relationships::{Block, Follow, List, MOST_COUNTED, Page, RelationshipStore},
    },
};

statements! {
    INSERT_FOLLOW = "
        INSERT INTO follows (id, follower_id, followed_id, requested_at, accepted_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING";
    ACCEPT = "
        UPDATE follows SET accepted_at = $3 WHERE follower_id = $1 AND followed_id = $2 AND accepted_at IS NULL";
    ACCEPT_ALL = "UPDATE follows SET accepted_at = $2 WHERE followed_id = $1 AND accepted_at IS NULL";
    DECLINE = "DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2 AND accepted_at IS NULL";
    DELETE_FOLLOW = "DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2";
    INSERT_BLOCK = "
        INSERT INTO blocks (id, blocker_id, blocked_id, blocked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    DELETE_BLOCK = "DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2";
    RELATIONSHIP = "
        SELECT
            EXISTS (SELECT 1 FROM follows WHERE follower_id = $1 AND followed_id = $2 AND accepted_at IS NOT NULL)
                AS is_following,
            EXISTS (SELECT 1 FROM follows WHERE follower_id = $1 AND followed_id = $2 AND accepted_at IS NULL)
                AS is_requested,
            EXISTS (SELECT 1 FROM follows WHERE follower_id = $2 AND followed_id = $1 AND accepted_at IS NOT NULL)
                AS is_followed_by,
            EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2) AS is_blocked,
            EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $2 AND blocked_id = $1) AS is_blocked_by";
    CONNECTIONS = "SELECT followers, following FROM connection_counts WHERE account_id = $1";
    PAGE_FOLLOWERS = ENTRY, AccountRow::COLUMNS, FOLLOWERS, PAGE;
    PAGE_FOLLOWING = ENTRY, AccountRow::COLUMNS, FOLLOWING, PAGE;
    COUNT_REQUESTS = COUNT, REQUESTS, COUNTED;
    PAGE_REQUESTS = ENTRY, AccountRow::COLUMNS, REQUESTS, PAGE;
    COUNT_BLOCKED = COUNT, BLOCKED, COUNTED;
    PAGE_BLOCKED = ENTRY, AccountRow::COLUMNS, BLOCKED, PAGE;
}

/// From where active accounts that `$1` is connected with are read.
macro_rules! edges {
    ($table:literal, $own:literal, $other:literal, $condition:literal) => {
        concat!(
            " FROM ",
            $table,
            " AS edge JOIN accounts ON accounts.id = edge.",
            $other,
            " WHERE edge.",
            $own,
            " = $1 AND archived_at IS NULL AND locked_at IS NULL AND ",
            $condition,
        )
    };
}

const FOLLOWERS: &str = edges!("follows", "followed_id", "follower_id", "accepted_at IS NOT NULL");
const FOLLOWING: &str = edges!("follows", "follower_id", "followed_id", "accepted_at IS NOT NULL");
const REQUESTS: &str = edges!("follows", "followed_id", "follower_id", "accepted_at IS NULL");
const BLOCKED: &str = edges!("blocks", "blocker_id", "blocked_id", "TRUE");
const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1";
const COUNTED: &str = " LIMIT $2) AS listed";
const ENTRY: &str = "SELECT edge.id AS edge_id, ";
/// Which part of a list is read: `$2` is who looks at it, `$3` the entry to go on after.
const PAGE: &str = " AND NOT EXISTS (
        SELECT 1 FROM blocks WHERE blocks.blocker_id = accounts.id AND blocks.blocked_id = $2
    ) AND edge.id < $3 ORDER BY edge.id DESC LIMIT $4";

/// Reads a page of a list.
fn page_of(list: List) -> &'static str {
    match list {
        List::Followers => PAGE_FOLLOWERS,
        List::Following => PAGE_FOLLOWING,
        List::Requests => PAGE_REQUESTS,
        List::Blocked => PAGE_BLOCKED,
    }
}

#[derive(FromRow)]
struct RelationshipRow {
    is_following: bool,
    is_requested: bool,
    is_followed_by: bool,
    is_blocked: bool,
    is_blocked_by: bool,
}

impl From<RelationshipRow> for Relationship {
    fn from(row: RelationshipRow) -> Self {
        let RelationshipRow { is_following, is_requested, is_followed_by, is_blocked, is_blocked_by } = row;
        Self { is_following, is_requested, is_followed_by, is_blocked, is_blocked_by }
    }
}

#[derive(FromRow)]
struct EdgeRow {
    edge_id: Uuid,
    #[sqlx(flatten)]
    account: AccountRow,
}

on_both_engines! {
    #[async_trait]
    impl RelationshipStore for SqlTransaction<Db> {
        async fn insert_follow(&mut self, follow: &Follow) -> Result<()> {
            query(INSERT_FOLLOW)
                .bind(follow.id).bind(follow.follower_id).bind(follow.followed_id)
                .bind(follow.requested_at).bind(follow.accepted_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn accept_follow(&mut self, follower_id: Uuid, followed_id: Uuid, at: DateTime<Utc>) -> Result<bool> {
            let accepted = query(ACCEPT).bind(follower_id).bind(followed_id).bind(at);
            Ok(accepted.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn accept_follows(&mut self, followed_id: Uuid, at: DateTime<Utc>) -> Result<u64> {
            Ok(query(ACCEPT_ALL).bind(followed_id).bind(at).execute(self.connection()).await?.rows_affected())
        }

        async fn decline_follow(&mut self, follower_id: Uuid, followed_id: Uuid) -> Result<bool> {
            let declined = query(DECLINE).bind(follower_id).bind(followed_id);
            Ok(declined.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn delete_follow(&mut self, follower_id: Uuid, followed_id: Uuid) -> Result<bool> {
            let deleted = query(DELETE_FOLLOW).bind(follower_id).bind(followed_id);
            Ok(deleted.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn insert_block(&mut self, block: &Block) -> Result<()> {
            query(INSERT_BLOCK)
                .bind(block.id).bind(block.blocker_id).bind(block.blocked_id).bind(block.blocked_at)
                .execute(self.connection()).await?;
            Ok(())
        }

        async fn delete_block(&mut self, blocker_id: Uuid, blocked_id: Uuid) -> Result<bool> {
            let deleted = query(DELETE_BLOCK).bind(blocker_id).bind(blocked_id);
            Ok(deleted.execute(self.connection()).await?.rows_affected() > 0)
        }

        async fn relationship(&mut self, viewer: Uuid, other: Uuid) -> Result<Relationship> {
            let row = query_as::<Db, RelationshipRow>(RELATIONSHIP).bind(viewer).bind(other);
            Ok(row.fetch_one(self.connection()).await?.into())
        }

        async fn connections(&mut self, account_id: Uuid) -> Result<Connections> {
            let counts = query_as::<Db, (i64, i64)>(CONNECTIONS).bind(account_id);
            let (followers, following) = counts.fetch_optional(self.connection()).await?.unwrap_or_default();
            Ok(Connections { followers, following })
        }

        async fn count_connected(&mut self, account_id: Uuid, list: List) -> Result<i64> {
            let statement = match list {
                List::Followers => return Ok(self.connections(account_id).await?.followers),
                List::Following => return Ok(self.connections(account_id).await?.following),
                List::Requests => COUNT_REQUESTS,
                List::Blocked => COUNT_BLOCKED,
            };
            Ok(query_scalar(statement).bind(account_id).bind(MOST_COUNTED).fetch_one(self.connection()).await?)
        }

        async fn connected(&mut self, account_id: Uuid, list: List, page: Page) -> Result<Vec<(Uuid, Account)>> {
            let rows = query_as::<Db, EdgeRow>(page_of(list))
                .bind(account_id).bind(page.viewer).bind(page.before.unwrap_or(Uuid::max())).bind(page.limit)
                .fetch_all(self.connection()).await?;
            rows.into_iter().map(|row| Ok((row.edge_id, row.account.into_account()?))).collect()
        }
    }
}
