//! `nameplate doctor`: whether everything that a server needs is there.

use std::{
    fmt,
    fs::{self, File},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::output::Output;
use crate::{
    domain::password::Password,
    ports::{
        certificates,
        clock::{Clock as _, SystemClock},
        rng::SystemRng,
        sms::Gateway,
    },
    server::{
        assets::{Assets, Files},
        config::{Config, ConfigError, is_loopback},
        data_dir::{self, Found},
        mounts,
        state::{Fatal, LATER, blobs, hasher},
    },
    service::archive::{self, Overdue},
    store::{Schema, Store, StoreError, sql},
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

/// Prints what each check found. Changes nothing.
pub async fn run(config: Result<Config, ConfigError>, files: Files, output: Output) -> Result<(), Fatal> {
    let mut findings = Vec::new();
    let mut tell = |what: &'static str, finding: Finding| {
        if !output.is_json() {
            say!("{:4}  {what}: {}", finding.0, finding.1);
        }
        findings.push((what, finding));
    };
    match config {
        Err(error) => tell("configuration", (Fail, error.to_string())),
        Ok(config) => {
            tell("configuration", ok("every key is valid"));
            for warning in config.warnings() {
                tell("configuration", (Warn, warning));
            }
            tell("public URL", public_url(&config));
            tell("proxies", proxies(&config));
            tell("certificates", certificates(&config));
            tell("data directory", data_directory(&config));
            if let Some(finding) = file_system(&config) {
                tell("file system", finding);
            }
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
    let failed = findings.iter().filter(|(_, (verdict, _))| *verdict == Fail).count();
    if output.is_json() {
        let told = findings.iter().map(
            |(check, (verdict, detail))| json!({ "check": check, "verdict": verdict.to_string(), "detail": detail }),
        );
        say!("{}", told.collect::<Value>());
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

/// Whether the addresses that requests are counted by are those of people.
fn proxies(config: &Config) -> Finding {
    let trusted = &config.server.trusted_proxies;
    // Nobody speaks https to the server itself.
    let has_proxy = config.server.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    match trusted.iter().find(|network| network.prefix_len() == 0) {
        Some(all) => (Warn, format!("server.trusted_proxies has {all}: anybody can claim to come from any address")),
        None if trusted.is_empty() && has_proxy => {
            let detail = "the public URL is https, which a proxy in front must speak, but server.trusted_proxies names none: \
                behind it everybody counts as one address";
            (Warn, detail.to_owned())
        }
        None if trusted.is_empty() => ok("none: X-Forwarded-For does not count"),
        None => ok(format!("{} may say where requests come from", joined(trusted))),
    }
}

fn joined(values: &[impl ToString]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Whether servers elsewhere can be trusted.
fn certificates(config: &Config) -> Finding {
    let needed = config.tls_keys();
    match (certificates::count(), needed.is_empty()) {
        (0, true) => ok("there are no certificate authorities, and nothing is configured that needs them"),
        (0, false) => (Fail, format!("{}: {}", joined(&needed), certificates::MISSING)),
        (count, _) => ok(format!("{count} certificate authorities are there")),
    }
}

/// Whether SQLite can work where its file is; none for another engine.
fn file_system(config: &Config) -> Option<Finding> {
    let url = config.database();
    let path = sql::file_of(url.expose())?;
    let kind = mounts::kind(path)?;
    Some(match mounts::is_remote(&kind) {
        false => ok(format!("{} is on {kind}", path.display())),
        true => {
            let detail = format!(
                "{} is on {kind}, which another machine keeps: SQLite's locks do not work there, and the database may be \
                 damaged; keep it on a disk of this machine, or use PostgreSQL",
                path.display()
            );
            (Warn, detail)
        }
    })
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
    let failed = |error: StoreError| (Fail, format!("{engine}: {error}"));
    if path.is_none() && sql::shares_connections(url.expose()).await.map_err(failed)? {
        return Err((Fail, format!("{engine}: {}", sql::POOLER_HINT)));
    }
    let store = sql::connect(url.expose()).await.map_err(failed)?;
    match store.check().await {
        Ok(Schema::Current) => Ok((store, ok(format!("{engine} answers and is up to date")))),
        Ok(Schema::Later) => Ok((store, (Warn, format!("{engine} answers; a later version has migrated it: {LATER}")))),
        Ok(Schema::Earlier(missing)) => {
            let detail = format!(
                "{engine} answers; it is of an earlier version, as migration {missing} was not run: serve brings it up to this one, \
                 and so does migrate"
            );
            Err((Warn, detail))
        }
        Err(error) => Err(failed(error)),
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
