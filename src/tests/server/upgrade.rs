//! Databases that earlier versions left behind.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::harness::{PASSWORD, site::Site};

/// Whose account is in each of them.
const EMAIL: &str = "ada@example.com";

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/fixtures")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_of_earlier_versions_are_brought_up_to_date() {
    let kept = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path());
    let databases: Vec<_> = kept.filter(|path| path.extension().is_some_and(|extension| extension == "db")).collect();
    assert!(!databases.is_empty());
    for database in databases {
        let site = Site::sqlite();
        let data = site.home().join("data");
        fs::create_dir(&data).unwrap();
        fs::copy(&database, data.join("nameplate.db")).unwrap();
        let server = site.serve(&[]).await;
        let ada = server.sign_in(EMAIL, PASSWORD).await.expect("the password is the one it was");
        let (_, user) = server.call("GET /auth-api/currentuser", Some(&ada.access), &Value::Null).await;
        assert_eq!((&user["fullname"], &user["roleId"]), (&json!("Ada King Lovelace"), &json!("admin")));
        let (_, found) = server.call("GET /auth-api/v1/users?fullname=LOVELACE", Some(&ada.access), &Value::Null).await;
        assert_eq!(found["paging"]["totalRowCount"], 1, "names are found as in new databases: {found}");
        let clients = site.run(&["client", "list"], "");
        assert!(clients.trim_end().ends_with("Shop"), "{clients}");
        for file in fs::read_dir(&data).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "files are closed to others");
        }
    }
}

#[tokio::test]
#[ignore = "keeps a database of this version, for versions to come"]
async fn keep_a_database_of_this_version() {
    let site = Site::sqlite();
    let create = ["user", "create", "--email", EMAIL, "--name", "Ada King Lovelace", "--role", "admin"];
    site.run(&create, &format!("{PASSWORD}\n"));
    site.run(&["client", "create", "Shop"], "");
    let version = env!("CARGO_PKG_VERSION");
    let database = fixtures().join(format!("nameplate-{version}.db"));
    let _ = fs::remove_file(&database);
    site.run(&["backup", database.to_str().unwrap()], "");
    // There is little in many tables: small pages make it a third of its size.
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
    sqlx::raw_sql("PRAGMA page_size = 1024; VACUUM").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let size = fs::metadata(&database).unwrap().len();
    assert!(size < 200_000, "{size} bytes are too many to keep");
}
