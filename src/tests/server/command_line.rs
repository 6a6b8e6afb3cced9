//! The command line as people and programs use it: what it asks for and when, and what it prints.

use std::{
    fs,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use nameplate::store::sql;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::harness::{
    PASSWORD,
    pooler::Pooler,
    site::{Site, on_both_sites, until},
};

on_both_sites!(every_command_prints_json, the_doctor_passes_what_serve_would_migrate);

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(60);
const CREATE: [&str; 6] = ["user", "create", "--email", "ada@example.com", "--name", "Ada"];

/// Runs the binary at a standard input on which nothing ever comes; what it says on standard error as it fails.
fn refusal(site: &Site, args: &[&str]) -> String {
    let mut command = site.command(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.take();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < PATIENCE, "{args:?} waits for a password");
        sleep(Duration::from_millis(20));
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_is_wrong_is_told_before_a_password_is_asked_for() {
    let site = Site::sqlite();
    site.run(&CREATE, &format!("{PASSWORD}\n"));
    let nowhere = site.path("nowhere");
    for (args, words) in [
        (&["user", "create", "--email", "ada", "--name", "Ada"][..], "the e-mail address "),
        (&["user", "create", "--mobile", "1", "--name", "Ada"], "the mobile number "),
        (&["user", "create", "--email", "bob@example.com", "--name", " "], "the name is required"),
        (&["user", "create", "--name", "Ada"], "an e-mail address or a mobile number is required"),
        (&CREATE, "the e-mail address is already in use"),
        (&["user", "create", "--email", "bob@example.com", "--name", "Bob", "--role", "king"], "invalid value 'king'"),
        (&["user", "reset-password", "nobody"], "not found"),
        (&["user", "reset-password", "ada@example.com", "--password-file", &nowhere], "the password cannot be read"),
    ] {
        let error = refusal(&site, args);
        assert!(error.contains(words), "{args:?}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_read_from_a_file() {
    let site = Site::sqlite();
    let file = site.path("password");
    fs::write(&file, format!("{PASSWORD}\nand no second line\n")).unwrap();
    let said = site.run(&[&CREATE[..], &["--password-file", &file]].concat(), "");
    assert!(!said.contains("password"), "{said}");
    let server = site.serve(&[]).await;
    assert!(server.sign_in("ada@example.com", PASSWORD).await.is_ok());
}

fn json(site: &Site, args: &[&str], input: &str) -> Value {
    let printed = site.run(&[args, &["--json"]].concat(), input);
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{args:?}: {error}: {printed}"))
}

async fn every_command_prints_json(site: Site) {
    assert_eq!(json(&site, &["migrate"], "")["isUpToDate"], true);
    let ada = json(&site, &CREATE, "\n");
    assert_eq!((&ada["email"], &ada["emailVerified"]), (&"ada@example.com".into(), &true.into()));
    assert_eq!(ada["password"].as_str().map(str::len), Some(24), "one was made");
    let id = ada["id"].as_str().unwrap();
    let shown = json(&site, &["user", "show", id], "");
    assert_eq!((&shown["name"], &shown["state"], shown.get("password")), (&"Ada".into(), &"active".into(), None));
    assert_eq!(json(&site, &["user", "set-role", id, "admin"], "")["role"], "admin");
    assert_eq!(json(&site, &["user", "unlock", id], "")["id"], id);
    assert_eq!(json(&site, &["user", "reset-password", id], &format!("{PASSWORD}\n")).get("password"), None);

    let client = json(&site, &["client", "create", "Shop"], "");
    let listed = json(&site, &["client", "list"], "");
    assert_eq!((&listed[0]["id"], &listed[0]["revokedAt"]), (&client["id"], &Value::Null));
    assert!(listed[0].get("secret").is_none());
    let revoked = json(&site, &["client", "revoke", client["id"].as_str().unwrap()], "");
    assert_eq!(revoked["id"], client["id"]);

    assert!(json(&site, &["keys", "rotate"], "")["keyId"].is_string());
    assert_eq!(json(&site, &["purge", "--dry-run"], "")["due"], Value::Array(Vec::new()));
    let checked = json(&site, &["config", "check"], "");
    let keys = checked["keys"].as_array().unwrap();
    assert!(keys.iter().any(|key| key["key"] == "server.public_url" && key["source"].is_string()), "{checked}");
    let example = json(&site, &["config", "example"], "");
    assert!(example.as_array().unwrap().iter().any(|key| key["key"] == "database.url" && key["isSecret"] == true));
    let found = json(&site, &["doctor"], "");
    let database = found.as_array().unwrap().iter().find(|finding| finding["check"] == "database").unwrap();
    assert_eq!(database["verdict"], "ok", "{found}");
    if !site.database().starts_with("postgres") {
        let copy = site.path("copy.db");
        assert_eq!(json(&site, &["backup", &copy], "")["file"], copy.as_str());
        assert!(json(&site, &["restore", &copy], "")["kept"].is_string());
    }
}

async fn the_doctor_passes_what_serve_would_migrate(site: Site) {
    if site.database().starts_with("postgres") {
        let said = site.run(&["doctor"], "");
        assert!(said.contains("warn  database: PostgreSQL answers; it is of an earlier version"), "{said}");
    }
    site.run(&["migrate"], "");
    let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    if site.database().starts_with("postgres") {
        let mut connection = PgConnection::connect(site.database()).await.unwrap();
        sqlx::query(AssertSqlSafe(newest)).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = SqliteConnection::connect(site.database()).await.unwrap();
        sqlx::query(AssertSqlSafe(newest)).execute(&mut connection).await.unwrap();
    }
    let said = site.run(&["doctor"], "");
    assert!(said.contains("warn  database: ") && said.contains("was not run: serve brings it up"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_asked_for_its_health() {
    let site = Site::sqlite();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (ok, _, error) = site.try_run(&["health", "--server.listen", &free], "");
    assert!(!ok && error.contains(&free), "{error}");
    let server = site.serve(&[]).await;
    let listen = server.address();
    assert_eq!(site.run(&["health", "--server.listen", listen], ""), "ready\n");
    let anywhere = format!("0.0.0.0:{}", listen.rsplit(':').next().unwrap());
    assert_eq!(json(&site, &["health", "--server.listen", &anywhere], "")["status"], "ready");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_nobody_configured_is_told_of_once() {
    let site = Site::sqlite();
    let server = site.serve(&[]).await;
    for _ in 0..3 {
        let request = server.request("GET /livez").header("x-forwarded-for", "203.0.113.9");
        assert!(request.send().await.unwrap().status().is_success());
    }
    until("the log has it", async || server.log().contains("X-Forwarded-For")).await;
    assert_eq!(server.log().matches("127.0.0.1 sends X-Forwarded-For").count(), 1, "{}", server.log());
    let trusting = site.serve(&["--server.trusted_proxies", "127.0.0.1"]).await;
    let request = trusting.request("GET /livez").header("x-forwarded-for", "203.0.113.9");
    assert!(request.send().await.unwrap().status().is_success());
    assert!(!trusting.log().contains("X-Forwarded-For"), "{}", trusting.log());

    let told = |args: &[&str]| site.run(&[&["doctor"], args].concat(), "");
    assert!(told(&[]).contains("ok    proxies: none"));
    let all = told(&["--server.trusted_proxies", "0.0.0.0/0"]);
    assert!(all.contains("warn  proxies: ") && all.contains("0.0.0.0/0"), "{all}");
    let one = told(&["--server.trusted_proxies", "10.0.0.0/8"]);
    assert!(one.contains("ok    proxies: 10.0.0.0/8"), "{one}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_behind_a_proxy_that_nobody_configured_do_not_lock_each_other_out() {
    let site = Site::sqlite();
    site.run(&CREATE, &format!("{PASSWORD}\n"));
    let server = site.serve(&[]).await;
    for number in 0..40 {
        let failed = server.sign_in(&format!("nobody-{number}@example.com"), "wrong").await;
        assert_eq!(failed.err(), Some(403), "{number}");
    }
    assert!(server.sign_in("ada@example.com", PASSWORD).await.is_ok());
}

/// The binary on a system that has no certificate authorities.
fn without_authorities(site: &Site, args: &[&str]) -> std::process::Command {
    let mut command = site.command(args);
    command.env("SSL_CERT_FILE", site.path("nothing")).env("SSL_CERT_DIR", site.path("nothing"));
    command
}

#[test]
fn the_doctor_says_that_there_are_no_certificate_authorities() {
    let site = Site::sqlite();
    let doctor = |args: &[&str]| {
        let output = without_authorities(&site, &[&["doctor"], args].concat()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(doctor(&[]).contains("ok    certificates: there are no certificate authorities"));
    let mail = ["--mail.smtp_url", "smtps://mail.example", "--mail.from", "a@example.com"];
    let sms = ["--sms.url", "https://sms.example/send", "--pictures.verify_remote", "true"];
    let told = doctor(&[&mail[..], &sms[..]].concat());
    let found = "fail  certificates: mail.smtp_url, sms.url, pictures.verify_remote: no TLS connection can be made";
    assert!(told.contains(found), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_certificate_authorities_it_serves_and_blames_no_picture() {
    let site = Site::sqlite();
    site.run(&CREATE, &format!("{PASSWORD}\n"));
    let nothing = site.path("nothing");
    let environment = [("SSL_CERT_FILE", &*nothing), ("SSL_CERT_DIR", &*nothing)];
    let mail = ["--mail.smtp_url", "smtps://mail.example", "--mail.from", "a@example.com"];
    let args = [&mail[..], &["--pictures.verify_remote", "true"]].concat();
    let server = site.serve_in(&environment, &args).await;
    let told = "mail.smtp_url, pictures.verify_remote: no TLS connection can be made";
    assert!(server.log().contains(told), "{}", server.log());
    let ada = server.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let avatar = serde_json::json!({ "avatar": "https://pictures.example.com/ada.png" });
    let (status, told) = server.call("PATCH /auth-api/v1/profile", Some(&ada.access), &avatar).await;
    assert_eq!((status, &told["message"]), (503, &"errMsg_ServiceBusy".into()), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_names_a_pooler_that_shares_connections() {
    let site = Site::postgres().await;
    site.run(&["migrate"], "");
    for (mode, is_shared) in [("transaction", true), ("session", false)] {
        let pooler = Pooler::start(site.database(), mode);
        assert_eq!(sql::shares_connections(&pooler.database).await.unwrap(), is_shared, "{mode}");
        let (ok, said, _) = site.try_run_on(&pooler.database, &["doctor"]);
        assert_eq!((ok, said.contains("pool_mode = transaction")), (!is_shared, is_shared), "{mode}: {said}");
    }
    assert!(!sql::shares_connections(site.database()).await.unwrap(), "nothing is between");
}
