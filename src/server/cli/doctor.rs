//! `nameplate doctor`: whether everything that a server needs is there.

use std::{
    fmt,
    fs::{self, File},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    domain::password::Password,
    ports::{
        clock::{Clock as _, SystemClock},
        rng::SystemRng,
        sms::Gateway,
    },
    server::{
        assets::{Assets, Files},
        config::{Config, ConfigError, is_loopback},
        data_dir::{self, Found},
        state::{Fatal, LATER, blobs, hasher},
    },
    service::archive::{self, Overdue},
    store::{Schema, Store, sql},
};

/// What a sign-in may take before people notice.
const SLOW_HASH: Duration = Duration::from_secs(1);
/// Clocks of servers on one database may differ by this much.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// What the pages need.
const FILES: [&str; 3] = ["pkg/nameplate.js", "pkg/nameplate.wasm", "pkg/nameplate.css"];

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ok,
    /// It works, but probably not as meant.
    Warn,
    /// A server cannot work with it.
    Fail,
}
use Verdict::{Fail, Warn};

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        })
    }
}

type Finding = (Verdict, String);

fn ok(detail: impl Into<String>) -> Finding {
    (Verdict::Ok, detail.into())
}

/// Prints a line for each check. Changes nothing.
pub async fn run(config: Result<Config, ConfigError>, files: Files) -> Result<(), Fatal> {
    let mut failed = 0_u32;
    let mut tell = |what: &str, (verdict, detail): Finding| {
        say!("{verdict:4}  {what}: {detail}");
        failed += u32::from(verdict == Fail);
    };
    match config {
        Err(error) => tell("configuration", (Fail, error.to_string())),
        Ok(config) => {
            tell("configuration", ok("every key is valid"));
            for warning in config.warnings() {
                tell("configuration", (Warn, warning));
            }
            tell("public URL", public_url(&config));
            tell("data directory", data_directory(&config));
            let store = database(&config).await;
            tell("clock", clock(store.as_ref().ok()).await);
            if let Ok((store, _)) = &store {
                tell("accounts", accounts(store).await);
            }
            tell("database", store.map_or_else(|finding| finding, |(_, finding)| finding));
            tell("mail", mail(&config).await);
            tell("text messages", sms(&config).await);
            tell("storage", storage(&config).await);
            tell("pages", pages(files));
            tell("passwords", passwords(&config).await);
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err(Fatal::Other("1 check failed".to_owned())),
        _ => Err(Fatal::Other(format!("{failed} checks failed"))),
    }
}

fn public_url(config: &Config) -> Finding {
    let url = config.public_url(config.server.listen);
    match &config.server.public_url {
        None if !config.server.listen.ip().is_loopback() => {
            (Warn, format!("server.public_url is not set: links in mails lead to {url}"))
        }
        Some(url) if is_loopback(url) && !config.server.listen.ip().is_loopback() => {
            (Warn, format!("{url} is this machine alone, but the server listens on {}", config.server.listen))
        }
        Some(url) if url.scheme() == "http" && !is_loopback(url) => (Warn, format!("{url} is not https")),
        _ => ok(url.to_string()),
    }
}

fn data_directory(config: &Config) -> Finding {
    let directory = &config.data_dir;
    let shown = directory.display();
    match fs::metadata(directory) {
        // As a server does, it is looked at only where the database is in it.
        _ if config.database_url.is_some() => ok("not needed"),
        Err(_) => (Warn, format!("{shown} will be created")),
        Ok(found) if !found.is_dir() => (Fail, format!("{shown} is not a directory")),
        Ok(_) => match (write_probe(directory), data_dir::rehearse(directory)) {
            (Err(error), _) => (Fail, format!("{shown} cannot be written to: {error}")),
            (_, Err(error)) => (Fail, error.to_string()),
            (_, Ok(found)) => open_to_others(&found).unwrap_or_else(|| ok(format!("{shown} is for its owner alone"))),
        },
    }
}

/// What others have permissions for, if they have any; first of all what stays so.
fn open_to_others(found: &[Found]) -> Option<Finding> {
    let left = found.iter().find_map(|found| match found {
        Found::Left(path, why) => Some(format!(
            "others may read {}, and serve cannot change that ({why}): it works all the same",
            path.display()
        )),
        Found::Closed(_) => None,
    });
    let closed = found.iter().find_map(|found| match found {
        Found::Closed(path) => Some(format!("others can read {}; serve closes it", path.display())),
        Found::Left(..) => None,
    });
    left.or(closed).map(|detail| (Warn, detail))
}

fn write_probe(directory: &Path) -> std::io::Result<()> {
    let probe = directory.join(format!(".doctor-{}", std::process::id()));
    File::create_new(&probe)?;
    fs::remove_file(probe)
}

/// The database, if it answers and has the tables of this version.
async fn database(config: &Config) -> Result<(Arc<dyn Store>, Finding), Finding> {
    let url = config.database();
    let (engine, path) = match sql::file_of(url.expose()) {
        Some(path) => (format!("SQLite in {}", path.display()), Some(path)),
        None => ("PostgreSQL".to_owned(), None),
    };
    if path.is_some_and(|path| !path.exists()) {
        return Err((Warn, format!("{engine} will be created")));
    }
    let store = sql::connect(url.expose()).await.map_err(|error| (Fail, format!("{engine}: {error}")))?;
    match store.check().await {
        Ok(Schema::Current) => Ok((store, ok(format!("{engine} answers and is up to date")))),
        Ok(Schema::Later) => Ok((store, (Warn, format!("{engine} answers; a later version has migrated it: {LATER}")))),
        Err(error) => Err((Fail, format!("{engine}: {error}; run nameplate migrate"))),
    }
}

/// Whether the time is not before something that has happened already.
async fn clock(store: Option<&(Arc<dyn Store>, Finding)>) -> Finding {
    let now = SystemClock.now();
    let newest: Option<DateTime<Utc>> = match store {
        Some((store, _)) => match store.read().await {
            Ok(mut tx) => tx.keys().await.ok().and_then(|keys| keys.iter().map(|key| key.created_at).max()),
            Err(_) => None,
        },
        None => None,
    };
    match newest {
        Some(made) if now + SKEW < made => (Fail, format!("it is {now}, but a key was made at {made}")),
        _ => ok(now.to_rfc3339()),
    }
}

/// Whether the jobs keep up with what they have to do with accounts.
async fn accounts(store: &Arc<dyn Store>) -> Finding {
    match archive::overdue(&**store, SystemClock.now()).await {
        Ok(Overdue { purges: 0, reminders: 0 }) => ok("nothing is overdue"),
        Ok(Overdue { purges, reminders }) => (
            Warn,
            format!(
                "{purges} should have been deleted hours ago, and {reminders} reminded of it: where a server runs, its log says why"
            ),
        ),
        Err(error) => (Fail, error.to_string()),
    }
}

async fn mail(config: &Config) -> Finding {
    let Some(mail) = &config.mail else { return ok("no server is configured: mails stay in the outbox") };
    let smtp = match mail.relay(&config.public_url(config.server.listen)) {
        Ok(smtp) => smtp,
        Err(error) => return (Fail, format!("mail.smtp_url: {error}")),
    };
    match smtp.check().await {
        Ok(()) => ok("the server answers and lets us in"),
        Err(error) => (Fail, format!("mail.smtp_url: {error}")),
    }
}

async fn sms(config: &Config) -> Finding {
    let Some(sms) = &config.sms else {
        return match (&config.mail, config.account.login_identifier.mobile()) {
            (None, _) => ok("no gateway is configured: text messages stay in the outbox"),
            (Some(_), false) => ok("no gateway is configured: none are sent, and nothing by text message is offered"),
            (Some(_), true) => (
                Warn,
                "no gateway is configured: nobody can register with a mobile number, which is an identifier".to_owned(),
            ),
        };
    };
    let gateway = match Gateway::new(sms.url.expose(), sms.body.expose()) {
        Ok(gateway) => gateway,
        Err(error) => return (Fail, format!("sms.url: {error}")),
    };
    match gateway.check().await {
        Ok(()) => ok("the gateway answers"),
        Err(error) => (Fail, format!("sms.url: {error}")),
    }
}

async fn storage(config: &Config) -> Finding {
    match blobs(config) {
        Ok(None) => ok("pictures are kept in the database"),
        // Reading what is not there needs the right to read, and changes nothing.
        Ok(Some(blobs)) => match blobs.get("doctor", "none").await {
            Ok(_) => ok("the object store answers and lets us in"),
            Err(error) => (Fail, format!("storage.url: {error}")),
        },
        Err(error) => (Fail, error.to_string()),
    }
}

fn pages(files: Files) -> Finding {
    let assets = Assets::new(files);
    match FILES.into_iter().find(|name| !assets.contains(name)) {
        Some(missing) => (Warn, format!("{missing} is not part of this build: pages work without scripts only")),
        None => ok("scripts and styles are part of this build"),
    }
}

async fn passwords(config: &Config) -> Finding {
    let hasher = match hasher(config, Arc::new(SystemRng)) {
        Ok(hasher) => hasher,
        Err(error) => return (Fail, error.to_string()),
    };
    let started = Instant::now();
    if let Err(error) = hasher.hash(&Password::new("how long does this take?")).await {
        return (Fail, error.to_string());
    }
    let took = started.elapsed();
    let detail = format!("one argon2id hash takes {} ms", took.as_millis());
    if took > SLOW_HASH { (Warn, format!("{detail}: signing in is slow")) } else { ok(detail) }
}
