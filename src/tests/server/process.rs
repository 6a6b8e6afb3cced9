//! The binary itself: its command line, a server and the signals that end it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// The binary, in a directory of its own and without our environment.
fn nameplate(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nameplate"));
    command.args(args).current_dir(home).env_clear().stdin(Stdio::null());
    command
}

fn run(home: &TempDir, args: &[&str], input: &str) -> (bool, String, String) {
    let mut command = nameplate(home.path(), args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // What does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.map(str::trim).unwrap_or_else(|| panic!("no {name} in {text}"))
}

#[test]
fn the_configuration_is_shown_and_its_mistakes_are_named() {
    let home = tempfile::tempdir().unwrap();
    let (ok, example, _) = run(&home, &["config", "example"], "");
    assert!(ok && example.contains("[server]") && example.contains("#listen = \"127.0.0.1:3000\""));
    std::fs::write(home.path().join("nameplate.toml"), "[brand]\nname = 'Acme'\n").unwrap();
    let (ok, shown, _) = run(&home, &["config", "check", "--database.url", "postgres://u:hunter2@db/x"], "");
    assert!(ok && shown.contains("brand.name = Acme  (") && shown.contains("nameplate.toml)"), "{shown}");
    assert!(shown.contains("database.url = (secret)  (flag --database.url)") && !shown.contains("hunter2"), "{shown}");
    let (ok, _, error) = run(&home, &["config", "check", "--log.format", "xml"], "");
    assert!(!ok);
    assert_eq!(error, "nameplate: log.format: must be text or json (flag --log.format)\n");
}

#[test]
fn operators_make_show_and_change_accounts() {
    let home = tempfile::tempdir().unwrap();
    let create = ["user", "create", "--email", "Ada@Example.com", "--name", "Ada Lovelace", "--role", "admin"];
    let (ok, made, error) = run(&home, &create, "correct horse battery staple\n");
    assert!(ok, "{error}");
    assert!(!made.contains("password"), "{made}");
    let (id, username) = (field(&made, "id"), field(&made, "username"));
    for name in [id, username, "ada@example.com"] {
        let (ok, shown, error) = run(&home, &["user", "show", name], "");
        assert!(ok && field(&shown, "id") == id && field(&shown, "role") == "admin", "{shown}{error}");
    }
    let (ok, shown, _) = run(&home, &["user", "set-role", username, "user"], "");
    assert!(ok && field(&shown, "role") == "user");
    assert!(run(&home, &["user", "unlock", id], "").0);

    let (ok, made, _) = run(&home, &["user", "create", "--mobile", "+905321234567", "--name", "Cher"], "");
    assert!(ok && field(&made, "password").len() == 24, "{made}");
    assert_eq!(field(&made, "mobile"), "+905321234567");

    for (args, reason) in [
        (&["user", "show", "nobody"][..], "not found"),
        (&["user", "create", "--email", "ada@example.com", "--name", "Ada"], "the e-mail address is already in use"),
        (&["user", "create", "--name", "Nobody"], "an e-mail address or a mobile number is required"),
    ] {
        let (ok, _, error) = run(&home, args, "correct horse battery staple\n");
        assert!(!ok && error.contains(reason), "{error}");
    }
    let (ok, purged, error) = run(&home, &["purge", "--dry-run"], "");
    assert!(ok && purged.is_empty(), "{purged}{error}");
    assert!(run(&home, &["migrate"], "").0);
    let mode = |path: &str| std::fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/nameplate.db")), (0o700, 0o600));
}

struct Serving {
    child: Child,
    port: u16,
    greeting: Vec<String>,
}

impl Serving {
    /// The server on a port that is free, once it says where it is.
    fn start(home: &TempDir, args: &[&str]) -> Self {
        let all: Vec<_> = ["--server.listen", "127.0.0.1:0"].iter().chain(args).copied().collect();
        let mut child = nameplate(home.path(), &all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().expect("says where it is");
        let port = first.trim_end_matches('/').rsplit(':').next().unwrap().parse().expect("ends in a port");
        let greeting = std::iter::once(first).chain(lines.next()).collect();
        Self { child, port, greeting }
    }

    async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// How long it takes to end, and whether it ended well.
    fn end(mut self) -> (Duration, bool) {
        let started = Instant::now();
        let ended = self.child.wait().unwrap();
        (started.elapsed(), ended.success())
    }
}

#[tokio::test]
async fn without_configuration_it_serves_says_where_and_ends_well() {
    let home = tempfile::tempdir().unwrap();
    let server = Serving::start(&home, &[]);
    assert!(server.greeting[0].contains("http://127.0.0.1:"), "{:?}", server.greeting);
    assert!(server.greeting[1].ends_with("/dev/outbox"), "{:?}", server.greeting);
    assert!(server.get("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(server.get("/dev/outbox").await.starts_with("HTTP/1.1 200"));
    server.signal("TERM");
    let (took, well) = server.end();
    assert!(well && took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn it_outlives_whoever_reads_what_it_says() {
    let home = tempfile::tempdir().unwrap();
    let mut command = nameplate(home.path(), &["--server.listen", "127.0.0.1:0", "--log.level", "debug"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    drop(child.stderr.take());
    let port = first.trim_end_matches('/').rsplit(':').next().unwrap().parse().expect("ends in a port");
    let server = Serving { child, port, greeting: vec![first] };
    for _ in 0..3 {
        assert!(server.get("/login").await.starts_with("HTTP/1.1 200"));
    }
    server.signal("TERM");
    assert!(server.end().1);
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let home = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Serving::start(&home, &["--metrics.listen", &free.to_string()]);
    server.get("/livez").await;
    assert!(server.get("/metrics").await.starts_with("HTTP/1.1 404"));
    let metrics = Serving { port: free.port(), ..server };
    let text = metrics.get("/metrics").await;
    for name in ["http_requests_total", "http_request_duration_seconds_bucket", "nameplate_password_hashes"] {
        assert!(text.contains(name), "{name} is missing in {text}");
    }
    metrics.signal("INT");
    assert!(metrics.end().1);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let home = tempfile::tempdir().unwrap();
    let server = Serving::start(&home, &[]);
    let mut held = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    let head =
        "POST /auth-api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n";
    held.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.signal("TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(server.get("/readyz").await.starts_with("HTTP/1.1 503"), "it waits for the request, and says so");
    server.signal("TERM");
    let (took, _) = server.end();
    assert!(took < Duration::from_secs(2), "{took:?}");
}
