//! A PostgreSQL server of this test run: started at first use, on a free port, stopped when the run ends however it ends.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{ConnectOptions, Connection, Executor, postgres::PgConnectOptions};

static SERVER: OnceLock<Server> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

struct Server {
    port: u16,
    /// Waits for the pipe to this process to close, then stops the server and removes its files.
    _undertaker: Child,
}

/// The address of an empty database.
pub async fn database() -> String {
    let server = SERVER.get_or_init(start);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let options = PgConnectOptions::new().host("127.0.0.1").port(server.port).username("postgres").database("postgres");
    let mut connection = options.disable_statement_logging().connect().await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    connection.close().await.unwrap();
    format!("postgres://postgres@127.0.0.1:{}/{name}", server.port)
}

fn start() -> Server {
    let bin = programs();
    let dir = std::env::temp_dir().join(format!("nameplate-postgres-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    let user = ordinary_user();
    if let Some((_, id)) = &user {
        chown(&dir, Some(*id), None).unwrap();
    }
    let data = dir.join("data");
    let run = |program: &str, arguments: &[&str]| {
        let program = bin.join(program);
        let mut command = match &user {
            Some((name, _)) => {
                let mut command = Command::new("runuser");
                command.args(["-u", name, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(arguments).current_dir(&dir).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{command:?} failed");
    };
    let data_text = data.to_str().unwrap();
    run("initdb", &["-D", data_text, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // The tests prove logic, not this server's durability: syncing every commit would only make them slow.
    let options =
        format!("-p {port} -c listen_addresses=127.0.0.1 -k {} -c fsync=off -c max_connections=300", dir.display());
    run("pg_ctl", &["-D", data_text, "-w", "-l", dir.join("log").to_str().unwrap(), "-o", &options, "start"]);
    Server { port, _undertaker: undertaker(&bin, &dir, user.as_ref().map(|(name, _)| name.as_str())) }
}

fn undertaker(bin: &Path, dir: &Path, user: Option<&str>) -> Child {
    let prefix = user.map(|name| format!("runuser -u {name} -- ")).unwrap_or_default();
    let (pg_ctl, dir) = (bin.join("pg_ctl").display().to_string(), dir.display());
    let script = format!("read _; cd /; {prefix}{pg_ctl} -D {dir}/data -m immediate stop; rm -rf {dir}");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// The folder of PostgreSQL's programs: on PATH, or where Debian keeps them.
fn programs() -> PathBuf {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut debian: Vec<_> = debian.collect();
    debian.sort();
    on_path
        .chain(debian.into_iter().rev())
        .find(|dir| dir.join("pg_ctl").exists() && dir.join("initdb").exists())
        .expect("PostgreSQL is not installed: `make test` installs it")
}

/// PostgreSQL refuses to run as root; the `postgres` user of its package, or `nobody`, stands in.
pub(super) fn ordinary_user() -> Option<(String, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    ["postgres", "nobody"].iter().find_map(|name| Some(((*name).to_owned(), id(&["-u", name])?)))
}
