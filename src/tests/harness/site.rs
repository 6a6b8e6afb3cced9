//! Servers as processes of the built binary, several of them over one database.

use std::{
    fs::{self, File},
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use nameplate::store::{Store, sql};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{PASSWORD, postgres};

/// Under which address all servers of a site are reached, as far as tokens and links go.
const PUBLIC_URL: &str = "http://localhost:3999";
/// How long to wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Repeats each case, a function of a site, as a test on SQLite and one on PostgreSQL.
macro_rules! on_both_sites {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::harness::site::Site::sqlite()).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::harness::site::Site::postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_sites;

/// A directory and a database that servers share.
pub struct Site {
    home: TempDir,
    database: String,
    servers: AtomicU32,
}

/// A server that runs.
pub struct Server {
    /// From its start until it was ready.
    pub ready_after: Duration,
    child: Child,
    base: String,
    log: PathBuf,
    client: reqwest::Client,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Whose account.
    pub id: String,
    /// An access token.
    pub access: String,
    /// A refresh token.
    pub refresh: String,
}

impl Site {
    /// A site over a SQLite file in its data directory.
    pub fn sqlite() -> Self {
        let home = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", home.path().join("data/nameplate.db").display());
        Self { home, database, servers: AtomicU32::default() }
    }

    /// A site over a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home, database: postgres::database().await, servers: AtomicU32::default() }
    }

    /// The address of its database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Its directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A path in its directory.
    pub fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// The database itself, its tables made.
    pub async fn store(&self) -> Arc<dyn Store> {
        if !self.home.path().join("data").exists() {
            self.run(&["migrate"], "");
        }
        sql::connect(&self.database).await.unwrap()
    }

    /// The binary with these arguments, without our environment.
    pub fn command(&self, args: &[&str]) -> Command {
        self.command_on(&self.database, args)
    }

    fn command_on(&self, database: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nameplate"));
        command.args(args).args(["--server.public_url", PUBLIC_URL]).current_dir(self.home.path()).env_clear();
        // The SQLite file is the default one, so that the binary cares for the directory as it does for operators.
        if database.starts_with("postgres") {
            command.args(["--database.url", database]);
        }
        command
    }

    /// Runs the binary to its end with another address of the database.
    pub fn try_run_on(&self, database: &str, args: &[&str]) -> (bool, String, String) {
        let Output { status, stdout, stderr } = self.command_on(database, args).output().unwrap();
        (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    /// Runs the binary to its end: whether it went well, and what it said.
    pub fn try_run(&self, args: &[&str], input: &str) -> (bool, String, String) {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // What does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    /// Runs the binary to its end, which must be a good one, and answers what it printed.
    pub fn run(&self, args: &[&str], input: &str) -> String {
        let (ok, out, error) = self.try_run(args, input);
        assert!(ok, "{args:?}: {out}{error}");
        out
    }

    /// A server, once it is ready.
    pub async fn serve(&self, args: &[&str]) -> Server {
        self.serve_in(&[], args).await
    }

    /// The same, in an environment.
    pub async fn serve_in(&self, environment: &[(&str, &str)], args: &[&str]) -> Server {
        let number = self.servers.fetch_add(1, Ordering::Relaxed);
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let log = self.home.path().join(format!("log-{number}"));
        let started = Instant::now();
        let mut command = self.command(&["--server.listen", &address]);
        command
            .args(args)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap());
        let child = command.spawn().unwrap();
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE);
        let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let base = format!("http://{address}");
        let mut server = Server { ready_after: Duration::ZERO, child, base, log, client };
        while !server.is_ready().await {
            assert!(started.elapsed() < PATIENCE, "it does not get ready: {}", server.log());
            assert!(server.child.try_wait().unwrap().is_none(), "it ended: {}", server.log());
            sleep(Duration::from_millis(20)).await;
        }
        server.ready_after = started.elapsed();
        server
    }
}

impl Server {
    async fn is_ready(&self) -> bool {
        let asked = self.client.get(format!("{}/readyz", self.base)).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// A request to be sent; `route` is like `GET /auth-api/currentuser`. Redirects are not followed.
    pub fn request(&self, route: &str) -> reqwest::RequestBuilder {
        let (method, path) = route.split_once(' ').unwrap();
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.base))
    }

    /// Sends a request; `None` when no whole answer came back.
    pub async fn try_call(&self, route: &str, token: Option<&str>, body: &Value) -> Option<(u16, Value)> {
        let mut request = self.request(route).header("accept", "application/json");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// As [`Self::try_call`], of a server that lives.
    pub async fn call(&self, route: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
        self.try_call(route, token, body).await.unwrap_or_else(|| panic!("no answer to {route}: {}", self.log()))
    }

    /// The six digits of the newest code to an address, from `/dev/outbox`.
    pub async fn code_to(&self, recipient: &str) -> Option<String> {
        let (_, messages) = self.try_call("GET /dev/outbox", None, &Value::Null).await?;
        let to = |message: &&Value| message["to"].as_str().is_some_and(|to| to.eq_ignore_ascii_case(recipient));
        let six = |message: &Value| {
            let mut words = message["text"].as_str()?.split(|c: char| !c.is_ascii_digit());
            words.find(|word| word.len() == 6).map(str::to_owned)
        };
        messages.as_array()?.iter().filter(to).find_map(six)
    }

    /// Signs somebody up, as far as answers come back: `true` once the account is acknowledged.
    pub async fn try_sign_up(&self, email: &str, password: &str) -> Option<bool> {
        let new = json!({ "email": email, "password": password, "fullname": "Quentin Marrow" });
        let (status, answer) = self.try_call("POST /auth-api/v1/registeruser", None, &new).await?;
        assert_eq!(status, 201, "{answer}");
        let proof = json!({ "email": email, "secretCode": self.code_to(email).await? });
        let route = "POST /auth-api/verification-services/email-verification/complete";
        let (status, answer) = self.try_call(route, None, &proof).await?;
        assert_eq!(status, 200, "{answer}");
        Some(true)
    }

    /// Signs somebody up and in.
    pub async fn sign_up(&self, email: &str) -> Signed {
        assert_eq!(self.try_sign_up(email, PASSWORD).await, Some(true), "{}", self.log());
        self.sign_in(email, PASSWORD).await.unwrap()
    }

    /// Signs somebody in; the status when that is refused.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Signed, u16> {
        let credentials = json!({ "username": email, "password": password });
        let (status, answer) = self.call("POST /auth-api/login", None, &credentials).await;
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        if status != 200 {
            return Err(status);
        }
        Ok(Signed { id: text("userId"), access: text("accessToken"), refresh: text("refreshToken") })
    }

    /// Whether an access token is good here.
    pub async fn knows(&self, signed: &Signed) -> bool {
        self.call("GET /auth-api/currentuser", Some(&signed.access), &Value::Null).await.0 == 200
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until something is so.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(100)).await;
    }
}
