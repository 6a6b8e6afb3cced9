//! From texts to typed values: every rule that a value of the configuration has to keep.

use std::{net::IpAddr, ops::RangeInclusive, path::PathBuf, time::Duration};

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;
use url::{Host, ParseError, Url};

use super::{Account, Brand, Config, ConfigError, Log, Mail, Password, Secret, Server, Sms, Sources};
use crate::{
    domain::{account::LoginIdentifier, phone::Region},
    ports::{
        hasher::Cost,
        mailer::smtp::Smtp,
        sms::{DEFAULT_BODY, Gateway},
    },
};

impl Config {
    /// Checks what was gathered.
    ///
    /// # Errors
    /// The first thing that is wrong, with its key and source.
    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        Ok(Self {
            server: Server {
                listen: sources.required("server.listen")?,
                public_url: public_url(sources)?,
                trusted_proxies: sources.list("server.trusted_proxies", network)?,
                keep_alive: seconds(sources, "server.keep_alive", 1..=3600)?,
                lame_duck: seconds(sources, "server.lame_duck", 0..=600)?,
            },
            data_dir: sources.required("data_dir")?,
            database_url: database_url(sources)?,
            storage_url: storage_url(sources)?,
            account: Account { login_identifier: login_identifier(sources)?, default_region: region(sources)? },
            activity_keep_days: activity_keep_days(sources)?,
            password: password(sources)?,
            mail: mail(sources)?,
            sms: sms(sources)?,
            verify_remote: sources.flag("pictures.verify_remote")?,
            cors_origins: sources.list("api.cors_origins", cors_origin)?,
            brand: brand(sources)?,
            metrics_listen: sources.parsed("metrics.listen")?,
            log: log(sources)?,
        })
    }
}

fn public_url(sources: &Sources) -> Result<Option<Url>, ConfigError> {
    let key = "server.public_url";
    let Some(url) = sources.parsed::<Url>(key)? else { return Ok(None) };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(sources.bad(key, "must begin with https:// or http://"));
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return Err(sources.bad(key, "must be scheme, host and port alone, without path, query or user"));
    }
    Ok(Some(url))
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "is neither an address nor a network".into())
}

fn seconds(sources: &Sources, key: &str, range: RangeInclusive<u64>) -> Result<Duration, ConfigError> {
    let (least, most) = (*range.start(), *range.end());
    match sources.required::<u64>(key)? {
        seconds if range.contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(sources.bad(key, format!("must be from {least} to {most}"))),
    }
}

/// The key under which a secret was given.
fn set_key(sources: &Sources, key: &str) -> String {
    if sources.source_of(key).is_some() { key.to_owned() } else { format!("{key}_file") }
}

fn database_url(sources: &Sources) -> Result<Option<Secret>, ConfigError> {
    let key = "database.url";
    let url = sources.secret(key)?;
    let known = |url: &Secret| {
        ["postgres://", "postgresql://", "sqlite://"].iter().any(|scheme| url.expose().starts_with(scheme))
    };
    match &url {
        Some(url) if !known(url) => {
            Err(sources.bad(&set_key(sources, key), "must begin with postgres:// or sqlite://"))
        }
        _ => Ok(url),
    }
}

fn storage_url(sources: &Sources) -> Result<Option<Url>, ConfigError> {
    let key = "storage.url";
    let url = sources.parsed::<Url>(key)?;
    match &url {
        Some(url) if url.scheme() != "s3" || !url.has_host() => {
            Err(sources.bad(key, "must be s3://bucket or s3://bucket/prefix"))
        }
        _ => Ok(url),
    }
}

fn login_identifier(sources: &Sources) -> Result<LoginIdentifier, ConfigError> {
    let key = "account.login_identifier";
    match sources.required::<String>(key)?.as_str() {
        "email" => Ok(LoginIdentifier::Email),
        "mobile" => Ok(LoginIdentifier::Mobile),
        "emailOrMobile" => Ok(LoginIdentifier::EmailOrMobile),
        _ => Err(sources.bad(key, "must be email, mobile or emailOrMobile")),
    }
}

fn region(sources: &Sources) -> Result<String, ConfigError> {
    let key = "account.default_region";
    let code: String = sources.required(key)?;
    match code.parse::<Region>() {
        Ok(_) => Ok(code),
        Err(_) => Err(sources.bad(key, "must be a country like US (ISO 3166 alpha-2)")),
    }
}

fn activity_keep_days(sources: &Sources) -> Result<u32, ConfigError> {
    let key = "activity.keep_days";
    match sources.required(key)? {
        0 => Err(sources.bad(key, "must be at least 1")),
        days => Ok(days),
    }
}

fn password(sources: &Sources) -> Result<Password, ConfigError> {
    let name: String = sources.required("password.policy")?;
    let policy = name.parse().map_err(|_| sources.bad("password.policy", "must be hybrid, composed or passphrase"))?;
    let least = Cost::default();
    let at_least = |key: &str, least: u32| match sources.required::<u32>(key)? {
        value if value < least => Err(sources.bad(key, format!("must be at least {least}"))),
        value => Ok(value),
    };
    let argon2 = Cost {
        memory_kib: at_least("password.argon2.memory_kib", least.memory_kib)?,
        iterations: at_least("password.argon2.iterations", least.iterations)?,
        parallelism: at_least("password.argon2.parallelism", least.parallelism)?,
    };
    if argon2.parallelism > argon2.memory_kib / 8 {
        // RFC 9106, section 3.1: eight blocks of 1 KiB per lane.
        return Err(sources.bad("password.argon2.parallelism", "needs 8 KiB of memory for each lane"));
    }
    let pepper = sources.secret_file("password.pepper_file")?;
    let previous_pepper = sources.secret_file("password.previous_pepper_file")?;
    if pepper.is_none() && previous_pepper.is_some() {
        return Err(sources.bad("password.previous_pepper_file", "needs password.pepper_file, which follows it"));
    }
    Ok(Password { policy, argon2, pepper, previous_pepper })
}

/// Each key is checked beside a sample of the other, so that what is wrong has its own name.
fn mail(sources: &Sources) -> Result<Option<Mail>, ConfigError> {
    let (smtp_url, from) = (sources.secret("mail.smtp_url")?, sources.text("mail.from")?);
    if let Some(url) = &smtp_url {
        let checked = Smtp::new(url.expose(), "no-reply@example.com");
        checked.map_err(|error| sources.bad(&set_key(sources, "mail.smtp_url"), error))?;
    }
    if let Some(from) = &from {
        Smtp::new("smtp://localhost", from).map_err(|error| sources.bad("mail.from", error))?;
    }
    let ehlo_name = sources.text("mail.ehlo_name")?;
    if ehlo_name.as_deref().is_some_and(|name| Host::parse(name).is_err()) {
        return Err(sources.bad("mail.ehlo_name", "must be a host name or an address"));
    }
    match (smtp_url, from) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(sources.bad("mail.from", "is needed with mail.smtp_url")),
        (Some(smtp_url), Some(from)) => Ok(Some(Mail { smtp_url, from, ehlo_name })),
    }
}

/// As [`mail`].
fn sms(sources: &Sources) -> Result<Option<Sms>, ConfigError> {
    let (url, body) = (sources.secret("sms.url")?, sources.secret("sms.body")?);
    let check = |key: &str, url: &str, body: &str| match Gateway::new(url, body) {
        Ok(_) => Ok(()),
        Err(error) => Err(sources.bad(&set_key(sources, key), error)),
    };
    if let Some(url) = &url {
        check("sms.url", url.expose(), DEFAULT_BODY)?;
    }
    if let Some(body) = &body {
        check("sms.body", "https://localhost/", body.expose())?;
    }
    Ok(url.map(|url| Sms { url, body: body.unwrap_or_else(|| DEFAULT_BODY.to_owned().into()) }))
}

fn cors_origin(text: &str) -> Result<String, String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    let url: Url = text.parse().map_err(|error: ParseError| error.to_string())?;
    let origin = url.origin().ascii_serialization();
    if url.path() != "/" || url.query().is_some() || origin == "null" {
        return Err("must be an origin like https://app.example.com".to_owned());
    }
    Ok(origin)
}

fn brand(sources: &Sources) -> Result<Brand, ConfigError> {
    let colour = sources.text("brand.colour")?;
    let is_colour = |text: &str| {
        text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if colour.as_deref().is_some_and(|colour| !is_colour(colour)) {
        return Err(sources.bad("brand.colour", "must be a colour like #3d5afe"));
    }
    let logo: Option<PathBuf> = sources.parsed("brand.logo")?;
    match &logo {
        Some(path) if !path.is_file() => Err(sources.bad("brand.logo", format!("there is no file {}", path.display()))),
        _ => Ok(Brand { name: sources.required("brand.name")?, colour, logo }),
    }
}

fn log(sources: &Sources) -> Result<Log, ConfigError> {
    let json = match sources.required::<String>("log.format")?.as_str() {
        "text" => false,
        "json" => true,
        _ => return Err(sources.bad("log.format", "must be text or json")),
    };
    let level: String = sources.required("log.level")?;
    EnvFilter::try_new(&level).map_err(|error| sources.bad("log.level", error))?;
    Ok(Log { json, level })
}
