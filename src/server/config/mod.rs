//! The configuration: typed, checked at once, each error with the key and where it is set.
//!
//! | counts least | | | counts most |
//! |---|---|---|---|
//! | defaults in [`keys`] | `nameplate.toml` | `NAMEPLATE__SECTION__KEY` | `--section.key` |

pub mod keys;
mod read;
mod secret;
mod sources;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use url::{Host, Url};

use crate::{
    domain::{account::LoginIdentifier, password_rules::Policy},
    ports::{
        hasher::Cost,
        mailer::{Misconfigured, smtp::Smtp},
    },
};

pub use secret::Secret;
pub use sources::{ConfigError, DEFAULT_FILE, Flags, Sources, environment};

/// Everything an operator can choose.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens and how it is reached.
    pub server: Server,
    /// The directory of the database and keys.
    pub data_dir: PathBuf,
    /// The database; SQLite in [`Self::data_dir`] when absent.
    pub database_url: Option<Secret>,
    /// The bucket for avatars; the database when absent.
    pub storage_url: Option<Url>,
    /// Identifiers of accounts.
    pub account: Account,
    /// Days that the activity of accounts is kept.
    pub activity_keep_days: u32,
    /// The password policy and the cost of hashes.
    pub password: Password,
    /// The mail server; mails stay in the outbox when absent.
    pub mail: Option<Mail>,
    /// The gateway for text messages; they stay in the outbox when absent.
    pub sms: Option<Sms>,
    /// Whether remote pictures are fetched and looked at.
    pub verify_remote: bool,
    /// Origins whose scripts may call the REST API; `*` is any.
    pub cors_origins: Vec<String>,
    /// How the service presents itself.
    pub brand: Brand,
    /// Where metrics are served.
    pub metrics_listen: Option<SocketAddr>,
    /// How it logs.
    pub log: Log,
}

/// Where it listens and how it is reached.
#[derive(Clone, Debug)]
pub struct Server {
    /// Address and port to bind.
    pub listen: SocketAddr,
    /// As configured; see [`Config::public_url`].
    pub public_url: Option<Url>,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long it goes on as before once it was asked to leave.
    pub lame_duck: Duration,
}

/// Identifiers of accounts.
#[derive(Clone, Debug)]
pub struct Account {
    /// What people sign in with.
    pub login_identifier: LoginIdentifier,
    /// The country (ISO 3166 alpha-2) of numbers without a country code.
    pub default_region: String,
}

/// The password policy and the cost of hashes.
#[derive(Clone, Debug)]
pub struct Password {
    /// What a password must have.
    pub policy: Policy,
    /// Cost of one hash.
    pub argon2: Cost,
    /// Goes into every hash.
    pub pepper: Option<Secret>,
    /// What went into hashes before [`Self::pepper`].
    pub previous_pepper: Option<Secret>,
}

/// The mail server.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `smtp://` or `smtps://`, with credentials.
    pub smtp_url: Secret,
    /// The sender.
    pub from: String,
    /// By which name we introduce ourselves; none for that of the public URL.
    pub ehlo_name: Option<String>,
}

impl Mail {
    /// The relay, which is spoken to as the host of `public_url` where no other name is set.
    ///
    /// # Errors
    /// When it cannot be one.
    pub fn relay(&self, public_url: &Url) -> Result<Smtp, Misconfigured> {
        let smtp = Smtp::new(self.smtp_url.expose(), &self.from)?;
        let name = self.ehlo_name.as_deref().or(public_url.host_str());
        Ok(match name {
            Some(name) => smtp.with_hello(name),
            None => smtp,
        })
    }
}

/// The gateway for text messages.
#[derive(Clone, Debug)]
pub struct Sms {
    /// Where to post.
    pub url: Secret,
    /// What to post: JSON with `{to}` and `{text}`.
    pub body: Secret,
}

/// How the service presents itself.
#[derive(Clone, Debug)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// Its accent, as `#rrggbb`.
    pub colour: Option<String>,
    /// A picture file.
    pub logo: Option<PathBuf>,
}

/// How it logs.
#[derive(Clone, Debug)]
pub struct Log {
    /// One JSON object per line, in place of text.
    pub json: bool,
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub level: String,
}

impl Config {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// The first thing that is wrong, with its key and source.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        Self::from_sources(&Sources::gather(flags, &environment()?)?)
    }

    /// Where people reach the service bound to `bound`: as configured, else that address.
    pub fn public_url(&self, bound: SocketAddr) -> Url {
        self.server.public_url.clone().unwrap_or_else(|| {
            let url = format!("http://{}/", reachable(bound));
            #[expect(clippy::expect_used, reason = "a socket address is a valid authority")]
            url.parse().expect("a socket address is a valid authority")
        })
    }

    /// Where the database is.
    pub fn database(&self) -> Secret {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite://{}", self.database_file().display()).into())
    }

    /// The SQLite file that is used when no database is configured.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("nameplate.db")
    }

    /// The keys that make connections with TLS to servers elsewhere, as they are set.
    pub fn tls_keys(&self) -> Vec<&'static str> {
        let public_url = self.public_url(self.server.listen);
        let mail = self.mail.as_ref().and_then(|mail| mail.relay(&public_url).ok());
        let sms = self.sms.as_ref().is_some_and(|sms| sms.url.expose().starts_with("https:"));
        [
            ("mail.smtp_url", mail.is_some_and(|relay| relay.is_encrypted())),
            ("sms.url", sms),
            ("storage.url", self.storage_url.is_some()),
            ("pictures.verify_remote", self.verify_remote),
        ]
        .into_iter()
        .filter_map(|(key, uses_tls)| uses_tls.then_some(key))
        .collect()
    }

    /// What works, but probably not as meant.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(url) = &self.server.public_url
            && url.scheme() == "http"
            && !is_loopback(url)
        {
            warnings.push(format!(
                "server.public_url: browsers will not keep a session at {url}: its cookie needs https, except on this machine"
            ));
        }
        if self.mail.is_none() && !self.server.listen.ip().is_loopback() {
            warnings.push("mail.smtp_url: no mail server is configured, so nobody can receive a code".to_owned());
        }
        if self.mail.is_some() && self.sms.is_none() && self.account.login_identifier.mobile() {
            warnings.push(
                "sms.url: no gateway is configured, so nobody can register with a mobile number or have a code sent there, \
                 although account.login_identifier says so"
                    .to_owned(),
            );
        }
        warnings
    }
}

/// Where a server that is bound there is reached from this machine: "any address" is nowhere to go to, but the machine
/// itself is always one of them.
pub fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

/// Whether a URL leads to this machine alone.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
