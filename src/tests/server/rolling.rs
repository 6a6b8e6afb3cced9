//! A server that goes on while the next version changes the database under it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use super::{composition, half_signed_in::routed, secrecy::routes};
use crate::harness::{
    PASSWORD,
    site::{Server, Signed, Site, on_both_sites},
};

const EMAIL: &str = "ada@example.com";

on_both_sites!(columns_of_the_next_version_do_no_harm, a_server_begins_on_the_tables_of_the_next_version);

/// Adds a column to every table, as a migration of the next version would.
async fn add_columns(database: &str) {
    let tables = if database.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(database).await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND sql > ''")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        for table in ours(&tables) {
            let add = AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN a_later_one TEXT"));
            sqlx::raw_sql(add).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        tables
    } else {
        let mut connection = PgConnection::connect(database).await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        for table in ours(&tables) {
            let add = AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN a_later_one TEXT"));
            sqlx::raw_sql(add).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        tables
    };
    assert!(ours(&tables).count() > 15, "{tables:?}");
}

/// Notes that a migration was run which this version does not know.
async fn note_migration(database: &str) {
    let note = "
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'a later one', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    if database.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(database).await.unwrap();
        sqlx::query(note).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(database).await.unwrap();
        sqlx::query(note).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// The tables that are not the driver's.
fn ours(tables: &[String]) -> impl Iterator<Item = &String> {
    tables.iter().filter(|table| !table.starts_with('_') && !table.starts_with("sqlite_"))
}

/// Every route that is read, with what it answers.
async fn read_all(
    server: &Server,
    paths: &[String],
    signed: &Signed,
    tokens: &[&str],
    cookie: &str,
) -> BTreeMap<String, u16> {
    let mut answers = BTreeMap::new();
    for path in paths {
        let path = path.replace("{userId}", &signed.id).replace("{id}", &signed.id);
        let route = format!("GET {path}");
        for (who, token) in tokens.iter().enumerate() {
            let status = server.request(&route).bearer_auth(token).send().await.unwrap().status().as_u16();
            answers.insert(format!("{route} {who}"), status);
        }
        let page = server.request(&route).header("cookie", cookie).header("accept", "text/html");
        answers.insert(format!("{route} page"), page.send().await.unwrap().status().as_u16());
    }
    answers
}

async fn columns_of_the_next_version_do_no_harm(site: Site) {
    let create = ["user", "create", "--email", EMAIL, "--name", "Ada King Lovelace", "--role", "admin"];
    site.store().await.close().await;
    site.run(&create, &format!("{PASSWORD}\n"));
    let server = site.serve(&[]).await;
    let ada = server.sign_in(EMAIL, PASSWORD).await.unwrap();
    let manager = routes::management(&site, &server).await;
    let cookie = routes::enter(&server, EMAIL, PASSWORD).await;
    let (_, document) = server.call("GET /openapi.json", None, &Value::Null).await;
    let described = document["paths"].as_object().unwrap().iter().filter(|(_, item)| !item["get"].is_null());
    let composed = composition::site(false).await;
    let mut paths: Vec<_> = described.map(|(path, _)| path.clone()).collect();
    paths.extend(routed(&composed.router).into_iter().filter(|path| !path.starts_with("/fn/")));
    // This one ends the session that the others go on with.
    paths.retain(|path| path != "/auth-api/relogin");
    let (_, own) = server.call("GET /api/v1/profile/me", Some(&ada.access), &Value::Null).await;
    let username = own["data"]["userName"].as_str().unwrap_or_else(|| panic!("{own}"));
    let paths: Vec<_> = paths.into_iter().map(|path| path.replace("{username}", username)).collect();

    let tokens = [ada.access.as_str(), manager.as_str()];
    let before = read_all(&server, &paths, &ada, &tokens, &cookie).await;
    assert!(before.values().filter(|status| **status == 200).count() > 50, "{before:?}");
    add_columns(site.database()).await;
    let after = read_all(&server, &paths, &ada, &tokens, &cookie).await;
    let changed: Vec<_> = after.iter().filter(|(route, status)| before.get(*route) != Some(status)).collect();
    assert!(changed.is_empty(), "{changed:#?} {}", server.log());

    let renewed = server.call("GET /auth-api/relogin", Some(&ada.access), &Value::Null).await;
    assert_eq!(renewed.0, 200, "{}", server.log());
    let again = server.sign_in(EMAIL, PASSWORD).await.unwrap();
    let change = json!({ "fullname": "Ada King" });
    assert_eq!(
        server.call("PATCH /auth-api/v1/profile", Some(&again.access), &change).await.0,
        200,
        "{}",
        server.log()
    );
    let fresh = json!({ "refreshToken": again.refresh });
    assert_eq!(server.call("POST /auth-api/refresh", None, &fresh).await.0, 200, "{}", server.log());
}

/// Every migration leaves the version before at work, so a server of that begins, too: one of several that is replaced while
/// the next version is rolled out, or all of them when it is rolled back.
async fn a_server_begins_on_the_tables_of_the_next_version(site: Site) {
    let create = ["user", "create", "--email", EMAIL, "--name", "Ada King Lovelace"];
    site.store().await.close().await;
    site.run(&create, &format!("{PASSWORD}\n"));
    add_columns(site.database()).await;
    note_migration(site.database()).await;
    let server = site.serve(&[]).await;
    assert!(server.sign_in(EMAIL, PASSWORD).await.is_ok(), "{}", server.log());
    assert!(server.log().contains("a later version has migrated the database"), "{}", server.log());
    let told = site.run(&["doctor"], "");
    let about = told.lines().find(|line| line.contains("database:")).unwrap();
    assert!(about.starts_with("warn") && about.contains("a later version"), "{told}");
    if site.database().starts_with("sqlite") {
        let copy = site.path("copy.db");
        site.run(&["backup", &copy], "");
        drop(server);
        let (ok, _, error) = site.try_run(&["restore", &copy], "");
        assert!(!ok && error.contains("newer version"), "what it is to begin with it must know: {error}");
    }
}
