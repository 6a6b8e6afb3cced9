//! Every key of the configuration, in one place: defaults, `config example` and the flags come from this table.

use std::fmt::Write as _;

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Its dotted name, as in `nameplate.toml`.
    pub name: &'static str,
    /// What holds when nobody sets it.
    pub default: Value,
    /// What to write there, for keys without a default.
    pub sample: &'static str,
    /// Only for secrets, whose value is never shown: the key that names a file to read it from instead.
    pub file: Option<&'static str>,
    /// What it does.
    pub about: &'static str,
}

/// A default, or what kind of value a key without one takes.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// Text; empty means that the key is not set.
    Text(&'static str),
    /// A whole number.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// Several texts, none by default.
    List,
}

const fn text(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, default: Value::Text(default), sample: "", file: None, about }
}

const fn unset(name: &'static str, sample: &'static str, about: &'static str) -> Key {
    Key { name, default: Value::Text(""), sample, file: None, about }
}

const fn secret(name: &'static str, file: &'static str, sample: &'static str, about: &'static str) -> Key {
    Key { name, default: Value::Text(""), sample, file: Some(file), about }
}

const fn list(name: &'static str, sample: &'static str, about: &'static str) -> Key {
    Key { name, default: Value::List, sample, file: None, about }
}

const fn number(name: &'static str, default: u32, about: &'static str) -> Key {
    Key { name, default: Value::Number(default), sample: "", file: None, about }
}

/// The table. Keys of one section stand together.
pub const KEYS: &[Key] = &[
    text("data_dir", "./data", "Where the SQLite database and keys are kept; created for its owner alone."),
    text("server.listen", "127.0.0.1:3000", "Address and port to serve on."),
    unset(
        "server.public_url",
        "https://accounts.example.com",
        "Where people reach the service. Links, cookies, the issuer of tokens and the check against forged requests come\n\
         from it, never from a request's Host. Made from server.listen when absent.",
    ),
    list(
        "server.trusted_proxies",
        r#"["10.0.0.0/8", "::1"]"#,
        "Addresses and networks of proxies whose X-Forwarded-For counts.",
    ),
    number(
        "server.keep_alive",
        75,
        "Seconds for which an idle connection is kept: longer than the proxy in front keeps it (nginx and most load\n\
         balancers: 60), or it sends requests on connections that were just closed, and answers 502.",
    ),
    number(
        "server.lame_duck",
        0,
        "Seconds from the signal to leave until no new work is taken. /readyz says at once that the server leaves; behind\n\
         a load balancer give it the time to hear of that.",
    ),
    secret(
        "database.url",
        "database.url_file",
        "postgres://nameplate@localhost/nameplate",
        "A PostgreSQL database, which several servers may share, or sqlite://PATH.\n\
         A SQLite file in data_dir when absent.",
    ),
    unset(
        "storage.url",
        "s3://bucket/prefix",
        "An S3-compatible bucket for avatars, with the usual AWS_… variables. The database keeps them when absent.",
    ),
    text("account.login_identifier", "email", "What people sign in with: email, mobile or emailOrMobile."),
    text("account.default_region", "US", "The country (ISO 3166 alpha-2) of mobile numbers without a country code."),
    number("activity.keep_days", 400, "Days that people can look back on the activity of their account."),
    text(
        "password.policy",
        "hybrid",
        "hybrid: 15 characters, or upper and lower case, digit and special character.\n\
         composed: always the four kinds. passphrase: always 15 characters.",
    ),
    unset(
        "password.pepper_file",
        "/run/secrets/nameplate-pepper",
        "A file with a secret that goes into every password hash. It may be set later: passwords of before stay good, and\n\
         get it at the next sign-in. Losing it makes the passwords invalid that have it.",
    ),
    unset(
        "password.previous_pepper_file",
        "/run/secrets/nameplate-pepper-before",
        "The secret that pepper_file follows: passwords that have it stay good, and get the new one at the next sign-in.",
    ),
    number(
        "password.argon2.memory_kib",
        19_456,
        "Cost of one password hash (argon2id): memory in KiB, at least 19456.",
    ),
    number("password.argon2.iterations", 2, "Passes over that memory, at least 2."),
    number("password.argon2.parallelism", 1, "Lanes, at least 1."),
    secret(
        "mail.smtp_url",
        "mail.smtp_url_file",
        "smtp://user:password@smtp.example.com:587",
        "The mail server: smtp:// (STARTTLS) or smtps:// (TLS from the first byte). Mails stay in the outbox when absent.",
    ),
    unset("mail.from", "Nameplate <no-reply@example.com>", "The sender of mails."),
    unset(
        "mail.ehlo_name",
        "accounts.example.com",
        "By which name the server introduces itself to the mail server; the host of the public URL when absent.",
    ),
    secret("sms.url", "sms.url_file", "https://sms.example.com/send", "The gateway that takes text messages by POST."),
    secret(
        "sms.body",
        "sms.body_file",
        r#"{"to": "{to}", "text": "{text}"}"#,
        "What is posted there: JSON in which {to} and {text} are filled in. This sample when absent.",
    ),
    Key {
        name: "pictures.verify_remote",
        default: Value::Flag(false),
        sample: "",
        file: None,
        about: "Whether a picture elsewhere is fetched once, to see that it is one, before a profile shows it.",
    },
    list(
        "api.cors_origins",
        r#"["https://app.example.com"]"#,
        "Web origins whose scripts may call the REST API with a token, or [\"*\"].",
    ),
    text("brand.name", "Nameplate", "What pages and mails call the service."),
    unset("brand.colour", "#3d5afe", "The accent colour of the pages, as #rrggbb."),
    unset("brand.logo", "logo.svg", "A picture file (SVG, PNG, JPEG or WebP) that stands beside the name."),
    unset("metrics.listen", "127.0.0.1:9464", "Address and port that serve Prometheus metrics; none when absent."),
    text("log.format", "text", "text, or json with one object per line."),
    text("log.level", "info", "error, warn, info, debug or trace, or directives like info,sqlx=warn."),
];

/// The key of this name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether `name` is a key, or names the file that a secret is read from.
pub fn is_known(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name || key.file == Some(name))
}

/// A configuration file with every key, its meaning and its default, each commented out.
pub fn example() -> String {
    let mut toml = String::from(
        "# Nameplate's configuration. Every key is optional and shown with its default, or with a sample where it has\n\
         # none. What the environment says (NAMEPLATE__SECTION__KEY) counts before this file, a flag (--section.key) before\n\
         # both.\n",
    );
    let mut section = "";
    for key in KEYS {
        let (prefix, name) = key.name.rsplit_once('.').unwrap_or(("", key.name));
        if prefix != section {
            section = prefix;
            let _ = write!(toml, "\n[{section}]\n");
        } else {
            toml.push('\n');
        }
        for line in key.about.lines() {
            let _ = writeln!(toml, "# {line}");
        }
        if key.file.is_some() {
            let _ = writeln!(toml, "# Keep it out of this file with {name}_file = \"PATH\".");
        }
        let _ = writeln!(toml, "#{name} = {}", shown(key));
    }
    toml
}

/// Every key for a program: its name, its default (`null` for one without), a sample, its meaning, and whether its value
/// is a secret.
pub fn as_json() -> serde_json::Value {
    let told = |key: &Key| {
        let default = match key.default {
            Value::Text("") => serde_json::Value::Null,
            Value::Text(text) => text.into(),
            Value::Number(number) => number.into(),
            Value::Flag(flag) => flag.into(),
            Value::List => serde_json::Value::Array(Vec::new()),
        };
        serde_json::json!({
            "key": key.name, "default": default, "sample": key.sample, "about": key.about, "isSecret": key.file.is_some(),
        })
    };
    KEYS.iter().map(told).collect()
}

/// The default or sample in TOML.
fn shown(key: &Key) -> String {
    match key.default {
        // A literal string: nothing in the table holds an apostrophe, and JSON needs its quotes unescaped.
        Value::Text("") => format!("'{}'", key.sample),
        Value::Text(default) => format!("\"{default}\""),
        Value::Number(default) => default.to_string(),
        Value::Flag(default) => default.to_string(),
        Value::List => key.sample.to_owned(),
    }
}
