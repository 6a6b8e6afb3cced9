//! How the engines find what statements ask for: never by reading a whole table that grows with accounts.

use std::{collections::BTreeSet, fs, path::Path};

use nameplate::store::sql;
use serde_json::Value;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, query_as, query_scalar, raw_sql, types::Json,
};

use crate::harness::postgres;

/// Tables of which there are a few rows, however many accounts there are.
const SMALL: [&str; 3] = ["clients", "keys", "leases"];

/// Parts of statements with a few rows: constants, and what a `LIMIT` ends.
const BOUNDED: [&str; 2] = ["CONSTANT", "listed"];

/// Statements that read a whole table or index all the same, and why.
const EXCEPTIONS: [(&str, &str); 4] = [
    ("accounts::MATCHING", "a part of a name or address may be anywhere; for admins alone"),
    ("accounts::COUNT_MATCHING", "the same"),
    ("accounts::UNKEYED", "the index holds those that are asked for alone: none once a version is in place"),
    ("outbox::NEWEST", "along the primary key, and ends after as many rows as are asked for"),
];

/// The same, on PostgreSQL alone.
const ON_POSTGRESQL: [(&str, &str); 2] = [
    ("factors::PROPOSED", "without statistics the few apps that wait look as good as those of the account"),
    ("factors::DELETE_PROPOSED", "the same"),
];

/// What breaks the rule, and the exceptions that are none any more.
fn judge(scans: &BTreeSet<String>, more: &[(&str, &str)]) {
    let excepted: BTreeSet<_> = EXCEPTIONS.iter().chain(more).map(|(name, _)| (*name).to_owned()).collect();
    let names: BTreeSet<_> = scans.iter().map(|scan| scan.split(' ').next().unwrap_or_default().to_owned()).collect();
    let broken: Vec<_> = scans.iter().filter(|scan| !excepted.iter().any(|name| scan.starts_with(name))).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert_eq!(names, excepted, "these exceptions are none");
}

#[tokio::test]
async fn sqlite_reads_no_table_that_grows_as_a_whole() {
    let (store, dir) = super::sqlite().await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let mut scans = BTreeSet::new();
    for (name, statement) in sql::statements() {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> =
            query_as(explain).fetch_all(&mut connection).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for (_, _, _, step) in steps {
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            if scanned.is_some_and(|table| !SMALL.contains(&table) && !BOUNDED.contains(&table)) {
                scans.insert(format!("{name} {step}"));
            }
        }
    }
    store.close().await;
    judge(&scans, &[]);
}

#[tokio::test]
async fn postgresql_reads_no_table_that_grows_as_a_whole() {
    let mut connection = connect().await;
    raw_sql("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        .execute(&mut connection)
        .await
        .unwrap();
    let mut scans = BTreeSet::new();
    for (name, statement) in sql::statements() {
        let arguments = (1..=99).filter(|number| statement.contains(&format!("${number}"))).count();
        let arguments =
            if arguments == 0 { String::new() } else { format!("({})", vec!["NULL"; arguments].join(", ")) };
        let prepare = AssertSqlSafe(format!("DEALLOCATE ALL; PREPARE asked AS {statement}"));
        raw_sql(prepare).execute(&mut connection).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let explain = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) EXECUTE asked{arguments}"));
        let plan: Json<Value> = query_scalar(explain).persistent(false).fetch_one(&mut connection).await.unwrap();
        whole_scans(&plan.0[0]["Plan"], &mut |step| {
            scans.insert(format!("{name} {step}"));
        });
    }
    judge(&scans, &ON_POSTGRESQL);
}

/// Tells the steps of a plan that read a whole table or index.
fn whole_scans(step: &Value, tell: &mut impl FnMut(String)) {
    let kind = step["Node Type"].as_str().unwrap_or_default();
    let table = step["Relation Name"].as_str().or(step["Index Name"].as_str()).unwrap_or_default();
    let is_whole = match kind {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => step["Index Cond"].is_null(),
        _ => false,
    };
    if is_whole && !SMALL.iter().any(|small| table.starts_with(small)) {
        tell(format!("{kind} {table}"));
    }
    for below in step["Plans"].as_array().into_iter().flatten() {
        whole_scans(below, tell);
    }
}

/// Statements that read a page of what an account has, however much that is.
const PAGES: [&str; 6] = [
    "activity::PAGE",
    "activity::PAGE_OF_KIND",
    "relationships::PAGE_FOLLOWERS",
    "relationships::PAGE_FOLLOWING",
    "relationships::PAGE_REQUESTS",
    "relationships::PAGE_BLOCKED",
];

fn pages() -> Vec<(String, &'static str)> {
    let pages: Vec<_> = sql::statements().into_iter().filter(|(name, _)| PAGES.contains(&name.as_str())).collect();
    assert_eq!(pages.len(), PAGES.len());
    pages
}

#[tokio::test]
async fn sqlite_reads_pages_in_the_order_of_an_index() {
    let (store, dir) = super::sqlite().await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for (name, statement) in pages() {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> = query_as(explain).fetch_all(&mut connection).await.unwrap();
        assert!(steps.iter().all(|(_, _, _, step)| !step.contains("TEMP B-TREE")), "{name}: {steps:?}");
        let by_kind =
            steps.iter().any(|(_, _, _, step)| step.contains("activity_by_kind (account_id=? AND kind=? AND id<?)"));
        assert_eq!(by_kind, name == "activity::PAGE_OF_KIND", "{name}: {steps:?}");
    }
    store.close().await;
}

#[tokio::test]
async fn postgresql_reads_pages_of_activity_in_the_order_of_an_index() {
    let mut connection = connect().await;
    // Of a table without rows nobody knows what costs less.
    raw_sql("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan")
        .execute(&mut connection)
        .await
        .unwrap();
    for (name, statement) in pages() {
        let prepare = AssertSqlSafe(format!("DEALLOCATE ALL; PREPARE asked AS {statement}"));
        raw_sql(prepare).execute(&mut connection).await.unwrap();
        let nulls = vec!["NULL"; (1..=9).filter(|number| statement.contains(&format!("${number}"))).count()].join(", ");
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked({nulls})"));
        let plan: Vec<String> = query_scalar(explain).persistent(false).fetch_all(&mut connection).await.unwrap();
        assert!(plan.iter().all(|step| !step.contains("Sort")), "{name}: {plan:#?}");
    }
}

async fn connect() -> PgConnection {
    let url = postgres::database().await;
    let store = sql::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    PgConnection::connect(&url).await.unwrap()
}

#[tokio::test]
async fn sqlite_finds_what_refers_to_a_row_by_an_index() {
    let (store, dir) = super::sqlite().await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let without: Vec<String> = query_scalar(
        "SELECT tables.name || '.' || keys.\"from\" FROM sqlite_master AS tables
            JOIN pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table' AND NOT EXISTS (
            SELECT 1 FROM pragma_index_list(tables.name) AS indexes
                JOIN pragma_index_info(indexes.name) AS columns
            WHERE indexes.partial = 0 AND columns.seqno = 0 AND columns.name = keys.\"from\")",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    store.close().await;
    assert_eq!(without, [""; 0], "deleting what they refer to reads all of them");
}

#[tokio::test]
async fn postgresql_finds_what_refers_to_a_row_by_an_index() {
    let without: Vec<String> = query_scalar(
        "SELECT key.conrelid::REGCLASS::TEXT || '.' || attribute.attname FROM pg_constraint AS key
            JOIN pg_attribute AS attribute ON attribute.attrelid = key.conrelid AND attribute.attnum = key.conkey[1]
        WHERE key.contype = 'f' AND NOT EXISTS (
            SELECT 1 FROM pg_index AS found
            WHERE found.indrelid = key.conrelid AND found.indkey[0] = key.conkey[1] AND found.indpred IS NULL)",
    )
    .fetch_all(&mut connect().await)
    .await
    .unwrap();
    assert_eq!(without, [""; 0], "deleting what they refer to reads all of them");
}

#[test]
fn every_statement_is_declared_where_the_plans_are_read() {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql")).unwrap();
    for path in
        files.map(|entry| entry.unwrap().path()).filter(|path| !path.ends_with("files.rs") && !path.ends_with("mod.rs"))
    {
        let text = fs::read_to_string(&path).unwrap();
        for call in ["query(", "query::<", "query_as(", "query_as::<", "query_scalar(", "query_scalar::<"] {
            for (at, _) in text.match_indices(call) {
                // What is built for the terms of one search reads the whole table, or finds rows by an index: as it is asked.
                if text[..at].ends_with("build_") {
                    continue;
                }
                let rest = &text[at + call.len()..];
                let argument = if call.ends_with('<') { rest.split_once(">(").unwrap().1 } else { rest };
                let is_declared = argument.starts_with(|c: char| c.is_ascii_uppercase())
                    || ["statement)", "page_of(list)", "$statement)"].iter().any(|name| argument.starts_with(name));
                assert!(is_declared, "{}: {}", path.display(), argument.lines().next().unwrap_or_default());
            }
        }
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_read = sql::statements().iter().any(|(name, _)| name.starts_with(&format!("{module}::")));
        assert!(is_read || !text.contains("statements! {"), "{module} is not among the files");
    }
}
