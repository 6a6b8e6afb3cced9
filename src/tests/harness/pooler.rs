//! pgbouncer in front of the PostgreSQL server of this test run.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::postgres;

/// How long to wait for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A pooler, as long as it is kept.
pub struct Pooler {
    /// The address of the database through it.
    pub database: String,
    child: Child,
    _home: tempfile::TempDir,
}

impl Pooler {
    /// One in front of a database, that gives out connections by this `pool_mode`.
    pub fn start(database: &str, mode: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url: url::Url = database.parse().unwrap();
        let (server, name) = (url.port().unwrap(), url.path().trim_start_matches('/'));
        let settings = format!(
            "[databases]\n{name} = host=127.0.0.1 port={server} user={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = {mode}\nunix_socket_dir =\n\
             ignore_startup_parameters = extra_float_digits\n",
            url.username()
        );
        let file = home.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| Path::new(path).exists());
        let mut command = Command::new(program.unwrap_or("pgbouncer"));
        // It refuses to run as root.
        if let Some((user, _)) = postgres::ordinary_user() {
            command.args(["-u", &user]);
        }
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("pgbouncer is not installed: `make test` installs it");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "pgbouncer does not answer");
            sleep(Duration::from_millis(20));
        }
        let database = format!("postgres://{}@127.0.0.1:{port}/{name}", url.username());
        Self { database, child, _home: home }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
