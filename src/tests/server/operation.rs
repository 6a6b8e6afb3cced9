//! What an operator does on the command line beside serving.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::sleep;

use crate::harness::{
    PASSWORD,
    site::{Site, on_both_sites, until},
};

on_both_sites!(clients_are_made_listed_and_revoked, a_lost_password_is_replaced, the_doctor_says_what_is_wrong);

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.map(str::trim).unwrap_or_else(|| panic!("no {name} in {text}"))
}

async fn clients_are_made_listed_and_revoked(site: Site) {
    let made = site.run(&["client", "create", "Shop front"], "");
    let (id, secret) = (field(&made, "id"), field(&made, "secret"));
    assert_eq!(secret.len(), 43, "{made}");
    let other = site.run(&["client", "create", "Reader", "--scope", "none", "--json"], "");
    let other: Value = serde_json::from_str(&other).unwrap();
    assert_eq!((&other["name"], &other["scope"]), (&json!("Reader"), &json!("none")));
    site.run(&["client", "revoke", id], "");
    let list = site.run(&["client", "list"], "");
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].starts_with(id) && lines[0].contains("revoked") && lines[0].ends_with("Shop front"), "{list}");
    assert!(lines[1].starts_with(other["id"].as_str().unwrap()) && lines[1].contains("never used"), "{list}");
    assert!(!list.contains(secret));
    let (ok, _, error) = site.try_run(&["client", "revoke", "00000000-0000-7000-8000-000000000000"], "");
    assert!(!ok && error.contains("not found"), "{error}");
    let (ok, _, error) = site.try_run(&["client", "create", " "], "");
    assert!(!ok && error == "nameplate: the name is required\n", "{error}");
}

async fn a_lost_password_is_replaced(site: Site) {
    let create = ["user", "create", "--email", "ada@example.com", "--name", "Ada"];
    site.run(&create, &format!("{PASSWORD}\n"));
    let server = site.serve(&[]).await;
    let before = server.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let (ok, _, error) = site.try_run(&["user", "reset-password", "ada@example.com"], "password1\n");
    assert!(!ok && error.contains("nameplate: the password "), "{error}");
    assert!(server.knows(&before).await, "nothing has changed");

    let made = site.run(&["user", "reset-password", "ada@example.com"], "\n");
    assert!(!server.knows(&before).await);
    assert_eq!(server.sign_in("ada@example.com", PASSWORD).await.err(), Some(403));
    assert!(server.sign_in("ada@example.com", field(&made, "password")).await.is_ok());

    let file = site.path("password");
    fs::write(&file, "  Spaces belong to it 42 \nand no second line\n").unwrap();
    let said = site.run(&["user", "reset-password", "ada@example.com", "--password-file", &file], "");
    assert!(!said.contains("password"), "{said}");
    assert!(server.sign_in("ada@example.com", "  Spaces belong to it 42 ").await.is_ok());
    assert!(!site.try_run(&["user", "reset-password", "nobody"], "").0);
}

async fn the_doctor_says_what_is_wrong(site: Site) {
    site.store().await.close().await;
    let well = site.run(&["doctor"], "");
    for check in ["configuration", "public URL", "data directory", "clock", "accounts", "database", "mail"] {
        assert!(well.lines().any(|line| line.starts_with("ok") && line.contains(&format!("  {check}: "))), "{well}");
    }
    assert!(well.contains("  passwords: one argon2id hash takes"), "{well}");
    site.run(&["user", "create", "--email", "ada@example.com", "--name", "Ada"], &format!("{PASSWORD}\n"));
    let id = field(&site.run(&["user", "show", "ada@example.com"], ""), "id").parse().unwrap();
    let store = site.store().await;
    let mut tx = store.write().await.unwrap();
    let mut account = tx.lock_account(id).await.unwrap().unwrap();
    let long_ago = account.created_at - TimeDelta::days(40);
    (account.archived_at, account.purge_at) = (Some(long_ago), Some(long_ago + TimeDelta::days(30)));
    tx.update_account(&account).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let told = site.run(&["doctor"], "");
    assert!(told.contains("warn  accounts: 1 should have been deleted hours ago, and 0 reminded"), "{told}");
    // A port where nothing listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (smtp, sms) = (format!("smtp://user:hunter2@{free}"), format!("http://user:hunter2@{free}/send"));
    let args = ["doctor", "--mail.smtp_url", &smtp, "--mail.from", "no-reply@example.com", "--sms.url", &sms];
    let (ok, ill, error) = site.try_run(&args, "");
    assert!(!ok && error.contains("2 checks failed"), "{ill}{error}");
    for check in ["mail", "text messages"] {
        assert!(ill.lines().any(|line| line.starts_with("fail") && line.contains(&format!("  {check}: "))), "{ill}");
    }
    assert!(!ill.contains("hunter2"), "{ill}");
    let (ok, ill, _) = site.try_run(&["doctor", "--log.format", "xml"], "");
    assert!(!ok && ill.contains("fail  configuration: log.format"), "{ill}");
}

#[tokio::test]
async fn a_doctor_that_finds_nothing_creates_nothing() {
    let site = Site::sqlite();
    let said = site.run(&["doctor"], "");
    assert!(said.contains("warn  data directory: ") && said.contains("warn  database: "), "{said}");
    assert!(!site.home().join("data").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole_and_can_be_restored() {
    let site = Site::sqlite();
    let server = Arc::new(site.serve(&[]).await);
    server.sign_up("ada@example.com").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = {
        let (server, stop) = (Arc::clone(&server), Arc::clone(&stop));
        tokio::spawn(async move {
            let token = server.sign_in("ada@example.com", PASSWORD).await.unwrap().access;
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                let name = json!({ "fullname": format!("Name{number}") });
                assert_eq!(server.call("PATCH /auth-api/v1/profile", Some(&token), &name).await.0, 200);
            }
        })
    };
    let copies: Vec<_> = (0..3).map(|number| site.path(&format!("copy-{number}.db"))).collect();
    for copy in &copies {
        sleep(Duration::from_millis(200)).await;
        site.run(&["backup", copy], "");
        assert_eq!(fs::metadata(copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (ok, _, error) = site.try_run(&["backup", &copies[0]], "");
    assert!(!ok && error.contains("exists"), "what is there is not written over: {error}");
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    server.sign_up("late@example.com").await;

    let (ok, _, error) = site.try_run(&["restore", &copies[2]], "");
    assert!(!ok && error.contains("is in use"), "{error}");
    assert!(server.sign_in("late@example.com", PASSWORD).await.is_ok(), "nothing has changed");
    drop(server);

    let said = site.run(&["restore", &copies[2]], "");
    let kept = said.trim_end().trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
    assert_eq!(fs::metadata(site.home().join("data/nameplate.db")).unwrap().permissions().mode() & 0o777, 0o600);
    let server = site.serve(&[]).await;
    assert!(server.sign_in("ada@example.com", PASSWORD).await.is_ok());
    assert_eq!(server.sign_in("late@example.com", PASSWORD).await.err(), Some(403), "it came after the copy");
    drop(server);

    site.run(&["restore", &kept], "");
    let server = site.serve(&[]).await;
    assert!(server.sign_in("late@example.com", PASSWORD).await.is_ok(), "the old one was kept whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_a_crash_left_is_not_taken_for_the_restored_ones() {
    let site = Site::sqlite();
    let mut server = site.serve(&[]).await;
    server.sign_up("ada@example.com").await;
    let copy = site.path("copy.db");
    site.run(&["backup", &copy], "");
    server.sign_up("late@example.com").await;
    server.kill();
    let data = site.home().join("data");
    let log = data.join("nameplate.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0, "what came late is in the log");
    fs::remove_file(data.join("nameplate.db")).unwrap();

    site.run(&["restore", &copy], "");
    let server = site.serve(&[]).await;
    assert!(server.sign_in("ada@example.com", PASSWORD).await.is_ok());
    assert_eq!(server.sign_in("late@example.com", PASSWORD).await.err(), Some(403), "it came after the copy");
    let mut names = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.any(|name| name.contains(".before-") && name.ends_with("-wal")), "it is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_database_of_a_known_version_is_restored() {
    let site = Site::sqlite();
    site.run(&["user", "create", "--email", "ada@example.com", "--name", "Ada"], &format!("{PASSWORD}\n"));
    let whole = site.path("whole.db");
    site.run(&["backup", &whole], "");
    let text = site.path("text");
    fs::write(&text, "no database at all, whatever its name says").unwrap();
    let cut = site.path("cut.db");
    let bytes = fs::read(&whole).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let [foreign, newer] = ["foreign.db", "newer.db"].map(|name| site.path(name));
    fs::copy(&whole, &newer).unwrap();
    for (path, statement) in [
        (&foreign, "CREATE TABLE accounts (id BLOB)"),
        (&newer, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 9"),
    ] {
        let url = format!("sqlite://{path}?mode=rwc");
        let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    }
    for (file, reason) in [
        (&text, "cannot be restored"),
        (&cut, "cannot be restored"),
        (&foreign, "not a database of Nameplate"),
        (&newer, "newer version"),
        (&site.path("nothing"), "No such file"),
    ] {
        let (ok, _, error) = site.try_run(&["restore", file], "");
        assert!(!ok && error.contains(reason) && error.contains(file), "{file}: {error}");
    }
    assert!(site.run(&["user", "show", "ada@example.com"], "").contains("Ada"), "nothing has changed");
    let left: Vec<_> =
        fs::read_dir(site.home().join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["nameplate.db"], "nothing is left over");

    // A database that is broken is what restoring is for.
    fs::write(site.home().join("data/nameplate.db"), "broken").unwrap();
    site.run(&["restore", &whole], "");
    assert!(site.run(&["user", "show", "ada@example.com"], "").contains("Ada"));
}

#[tokio::test]
async fn postgres_is_left_to_its_own_tools() {
    let site = Site::postgres().await;
    for command in ["backup", "restore"] {
        let (ok, _, error) = site.try_run(&[command, "copy.db"], "");
        assert!(!ok && error.contains("pg_dump"), "{error}");
        assert!(!error.contains("127.0.0.1"), "{error}");
    }
}

/// Tells the database of a site something, and ends everybody else's connections to it.
async fn tell_database(connection: &mut PgConnection, setting: &str) {
    // By now this session may be told to read only, too.
    sqlx::query("SET default_transaction_read_only = off").execute(&mut *connection).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut *connection).await.unwrap();
    let statement = format!("ALTER DATABASE \"{name}\" {setting}");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_only_reads_passes() {
    let site = Site::postgres().await;
    let server = site.serve(&[]).await;
    let ada = server.sign_up("ada@example.com").await;
    let mut connection = PgConnection::connect(site.database()).await.unwrap();
    let name = json!({ "fullname": "Ada King" });
    let write = async || server.call("PATCH /auth-api/v1/profile", Some(&ada.access), &name).await.0;
    let ready = async || server.call("GET /readyz", None, &Value::Null).await.0;
    assert_eq!((write().await, ready().await), (200, 200));

    tell_database(&mut connection, "SET default_transaction_read_only = on").await;
    // As after a failover: connections are new ones, and to a server that only reads.
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::query(others).execute(&mut connection).await.unwrap();
    until("it is not ready", async || ready().await == 503).await;
    assert_eq!(write().await, 503);
    let brief = format!("GET /auth-api/v1/briefuser/{}", ada.id);
    assert_eq!(server.call(&brief, None, &Value::Null).await.0, 200, "what is there can be read");

    // What it has by now are connections that stay as they were made.
    tell_database(&mut connection, "RESET default_transaction_read_only").await;
    until("it is ready again", async || ready().await == 200).await;
    until("every connection writes", async || {
        let mut writes = 0;
        while writes < 8 && write().await == 200 {
            writes += 1;
        }
        writes == 8
    })
    .await;
}
