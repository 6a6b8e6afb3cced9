//! What every store must do, on both engines.

mod accounts;
mod clients;
mod codes;
mod connection_counts;
mod factors;
mod keyed_names;
mod leases;
mod limits;
mod messages;
mod migrations;
mod oidc;
mod pictures;
mod plans;
mod registrations;
mod relationships;
mod sessions;
mod undo;
mod usernames;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use nameplate::store::{Store, sql};
use tempfile::TempDir;
use uuid::Uuid;

use crate::harness::postgres;

/// Repeats each case as a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let (store, _dir) = crate::store::sqlite().await;
                    super::$case(store).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::store::postgres().await).await;
                }
            )*
        }
    };
}
use on_both_engines;

async fn sqlite() -> (Arc<dyn Store>, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let store = sql::connect(&format!("sqlite://{}", dir.path().join("test.db").display())).await.unwrap();
    store.migrate().await.unwrap();
    (store, dir)
}

async fn postgres() -> Arc<dyn Store> {
    let store = sql::connect(&postgres::database().await).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// A moment of the tests, `seconds` after their beginning; with microseconds, which both engines must keep.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 123_456_000).unwrap() + TimeDelta::seconds(seconds)
}

/// An id of its own for each name.
fn named(name: &str) -> Uuid {
    Uuid::from_u128(name.bytes().fold(7, |id: u128, byte| id.wrapping_mul(257).wrapping_add(byte.into())))
}
