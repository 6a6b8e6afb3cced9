//! The numbers of followers that the migration makes, held against those that triggers keep.

use std::{fs, path::Path, sync::Arc};

use nameplate::store::{Store, relationships::Follow, sql};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, query_as};
use uuid::Uuid;

use super::{accounts, at};
use crate::harness::postgres;

type Counts = Vec<(Uuid, i64, i64)>;

const KEPT: &str = "SELECT account_id, followers, following FROM connection_counts ORDER BY account_id";

/// What the migration counts in a database of the version before.
fn counting(engine: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine).join("0018_store.sql");
    let text = fs::read_to_string(path).unwrap();
    let (_, after) =
        text.split_once("INSERT INTO connection_counts (account_id, followers, following)\nSELECT").unwrap();
    let (counting, _) = after.split_once(";\n").unwrap();
    format!("SELECT {counting} ORDER BY id")
}

/// Everybody follows somebody; some are archived, locked or gone, some follow again, and some requests wait.
async fn fill(store: &Arc<dyn Store>) {
    let names: Vec<_> = (0..12).map(|number| format!("p{number}x")).collect();
    let people = accounts::insert(store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut tx = store.write().await.unwrap();
    for (one, follower) in people.iter().enumerate() {
        for (other, followed) in people.iter().enumerate().filter(|(other, _)| *other != one) {
            if (one * 7 + other * 3) % 5 > 2 {
                continue;
            }
            let id = Uuid::from_u128((one * 100 + other) as u128);
            let accepted_at = ((one + other) % 4 > 0).then(|| at(1));
            let (follower_id, followed_id) = (follower.id, followed.id);
            let follow = Follow { id, follower_id, followed_id, requested_at: at(0), accepted_at };
            tx.insert_follow(&follow).await.unwrap();
        }
    }
    for (number, person) in people.iter().enumerate().filter(|(number, _)| number % 3 == 0) {
        let mut person = person.clone();
        (person.archived_at, person.locked_at) =
            if number % 2 == 0 { (Some(at(2)), None) } else { (None, Some(at(2))) };
        tx.update_account(&person).await.unwrap();
    }
    tx.accept_follows(people[1].id, at(3)).await.unwrap();
    tx.delete_account(people[6].id).await.unwrap();
    tx.delete_account(people[7].id).await.unwrap();
    tx.update_account(&people[9]).await.unwrap();
    tx.commit().await.unwrap();
}

fn judge(kept: &Counts, counted: &Counts) {
    assert_eq!(kept, counted);
    assert_eq!(kept.len(), 10);
    assert!(kept.iter().any(|(_, followers, following)| *followers > 2 && *following > 2), "{kept:?}");
}

#[tokio::test]
async fn are_those_of_the_migration_on_sqlite() {
    let (store, dir) = super::sqlite().await;
    fill(&store).await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let kept: Counts = query_as(KEPT).fetch_all(&mut connection).await.unwrap();
    let counted = query_as(AssertSqlSafe(counting("sqlite"))).fetch_all(&mut connection).await.unwrap();
    judge(&kept, &counted);
}

#[tokio::test]
async fn are_those_of_the_migration_on_postgresql() {
    let url = postgres::database().await;
    let store = sql::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    fill(&store).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let kept: Counts = query_as(KEPT).fetch_all(&mut connection).await.unwrap();
    let counted = query_as(AssertSqlSafe(counting("postgres"))).fetch_all(&mut connection).await.unwrap();
    judge(&kept, &counted);
}
