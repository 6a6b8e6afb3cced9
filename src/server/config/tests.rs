use std::{fs, path::PathBuf};

use super::*;

fn load(toml: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("nameplate.toml");
    fs::write(&file, toml).unwrap();
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect::<Vec<_>>();
    let flags = Flags { file: Some(file), values: owned(flags) };
    Config::from_sources(&Sources::gather(&flags, &owned(environment))?)
}

fn refused(toml: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
    load(toml, environment, flags).unwrap_err().to_string()
}

#[test]
fn without_configuration_the_defaults_hold() {
    let config = load("", &[], &[]).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url(config.server.listen).as_str(), "http://127.0.0.1:3000/");
    assert_eq!((config.server.keep_alive.as_secs(), config.server.lame_duck.as_secs()), (75, 0));
    assert_eq!(config.data_dir, PathBuf::from("./data"));
    assert_eq!(config.database().expose(), "sqlite://./data/nameplate.db");
    assert_eq!(config.account.login_identifier, LoginIdentifier::Email);
    assert_eq!(config.activity_keep_days, 400);
    assert_eq!(config.password.policy, Policy::Hybrid);
    assert_eq!(config.password.argon2, Cost { memory_kib: 19_456, iterations: 2, parallelism: 1 });
    assert!(config.mail.is_none() && config.sms.is_none() && config.metrics_listen.is_none());
    assert!(!config.verify_remote && !config.log.json);
    assert_eq!((config.brand.name.as_str(), config.log.level.as_str()), ("Nameplate", "info"));
    assert!(config.warnings().is_empty());
}

#[test]
fn flags_count_before_the_environment_and_that_before_the_file() {
    let toml = "[brand]\nname = 'file'\ncolour = '#010203'\n[log]\nlevel = 'warn'";
    let environment = [("NAMEPLATE__BRAND__NAME", "environment"), ("NAMEPLATE__LOG__LEVEL", "debug")];
    let config = load(toml, &environment, &[("brand.name", "flag")]).unwrap();
    assert_eq!(config.brand.name, "flag");
    assert_eq!(config.log.level, "debug");
    assert_eq!(config.brand.colour.as_deref(), Some("#010203"));
}

#[test]
fn an_empty_variable_sets_nothing() {
    let config = load("[brand]\nname = 'file'", &[("NAMEPLATE__BRAND__NAME", "")], &[]).unwrap();
    assert_eq!(config.brand.name, "file");
}

#[test]
fn unknown_keys_are_named_with_their_source() {
    assert_eq!(
        refused("", &[("NAMEPLATE__SERVER__LISTN", "x")], &[]),
        "server.listn: there is no such key (environment variable NAMEPLATE__SERVER__LISTN)"
    );
    assert!(refused("[server]\nlistn = 1", &[], &[]).starts_with("server.listn: there is no such key (/"));
    assert!(refused("[sever]\nlisten = 1", &[], &[]).starts_with("sever.listen: there is no such key (/"));
    assert!(refused("[sever]", &[], &[]).starts_with("sever: there is no such key"));
    assert!(refused("server_file = 'x'", &[], &[]).starts_with("server_file: there is no such key"));
    assert!(refused("[server]\nkeep_alive = 0", &[], &[]).contains("must be from 1 to 3600"));
    assert!(refused("[server]\nlame_duck = 601", &[], &[]).contains("must be from 0 to 600"));
    assert!(refused("[password.argon2]\niterations = 2.5", &[], &[]).contains("must be a whole number"));
    assert!(refused("[password.argon2]\niterations = -2", &[], &[]).contains("invalid digit"));
    assert!(refused("[server.listen]\nport = 1", &[], &[]).starts_with("server.listen: must be text"));
}

#[test]
fn bad_values_are_named_with_key_and_source() {
    for (key, value, reason) in [
        ("server.listen", "3000", "invalid socket address syntax"),
        ("server.public_url", "accounts.example.com", "relative URL without a base"),
        ("server.public_url", "ftp://example.com", "must begin with https:// or http://"),
        (
            "server.public_url",
            "https://example.com/accounts",
            "must be scheme, host and port alone, without path, query or user",
        ),
        ("server.trusted_proxies", "10.0.0.0/8,proxy", "proxy: is neither an address nor a network"),
        ("storage.url", "file:///srv", "must be s3://bucket or s3://bucket/prefix"),
        ("account.login_identifier", "phone", "must be email, mobile or emailOrMobile"),
        ("account.default_region", "Turkey", "must be a country like US (ISO 3166 alpha-2)"),
        ("activity.keep_days", "0", "must be at least 1"),
        ("password.policy", "strong", "must be hybrid, composed or passphrase"),
        ("password.argon2.memory_kib", "1024", "must be at least 19456"),
        ("password.argon2.iterations", "two", "invalid digit found in string"),
        ("password.argon2.parallelism", "4000", "needs 8 KiB of memory for each lane"),
        ("pictures.verify_remote", "yes", "must be true or false"),
        (
            "api.cors_origins",
            "https://a.example/path",
            "https://a.example/path: must be an origin like https://app.example.com",
        ),
        ("brand.colour", "red", "must be a colour like #3d5afe"),
        ("brand.name", "", "must not be empty"),
        ("brand.logo", "/nowhere.svg", "there is no file /nowhere.svg"),
        ("mail.smtp_url", "http://example.com", "begins with neither smtp:// nor smtps://"),
        ("mail.from", "nobody", "is not a sender like no-reply@example.com or Name <no-reply@example.com>"),
        ("metrics.listen", "9464", "invalid socket address syntax"),
        ("log.format", "xml", "must be text or json"),
    ] {
        assert_eq!(refused("", &[], &[(key, value)]), format!("{key}: {reason} (flag --{key})"));
    }
}

#[test]
fn secrets_come_from_files_too_and_are_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("smtp");
    fs::write(&file, "smtps://user:hunter2@smtp.example.com\n").unwrap();
    let path = file.to_str().unwrap();
    let from = ("NAMEPLATE__MAIL__FROM", "Nameplate <no-reply@example.com>");

    let config = load("", &[("NAMEPLATE__MAIL__SMTP_URL_FILE", path), from], &[]).unwrap();
    let mail = config.mail.as_ref().unwrap();
    assert_eq!(mail.smtp_url.expose(), "smtps://user:hunter2@smtp.example.com");
    assert!(!format!("{config:?}").contains("hunter2"));

    let both = [("NAMEPLATE__MAIL__SMTP_URL_FILE", path), ("NAMEPLATE__MAIL__SMTP_URL", "smtp://x"), from];
    assert_eq!(
        refused("", &both, &[]),
        "mail.smtp_url_file: mail.smtp_url is set as well; keep one of them \
         (environment variable NAMEPLATE__MAIL__SMTP_URL_FILE)"
    );
    let missing = refused("", &[("NAMEPLATE__DATABASE__URL_FILE", "/nowhere")], &[]);
    assert!(missing.starts_with("database.url_file: /nowhere: "), "{missing}");

    for (key, value) in [
        ("database.url", "mysql://root:hunter2@db"),
        ("mail.smtp_url", "imap://user:hunter2@smtp.example.com"),
        ("sms.url", "hunter2"),
    ] {
        let error = refused("", &[from], &[(key, value)]);
        assert!(error.starts_with(&format!("{key}: ")) && !error.contains("hunter2"), "{error}");
    }
    let unclosed = refused("[mail]\nsmtp_url = 'smtps://user:hunter2", &[], &[]);
    assert!(unclosed.contains("nameplate.toml: ") && unclosed.contains("line 2"), "{unclosed}");
    assert!(!unclosed.contains("hunter2"), "{unclosed}");
}

#[test]
fn what_belongs_together_is_asked_for_together() {
    assert!(refused("", &[], &[("mail.smtp_url", "smtp://x")]).starts_with("mail.from: is needed with mail.smtp_url"));
    let body = ("sms.body", r#"{"to": "{to}"}"#);
    assert!(refused("", &[], &[("sms.url", "https://x"), body]).starts_with("sms.body: lacks {to} or {text}"));
    assert!(load("", &[], &[("sms.url", "https://x")]).unwrap().sms.is_some(), "the body has a default");
    let body = ("NAMEPLATE__SMS__BODY", r#"{"to":"{to}","body":"{text}"}"#);
    let config = load("", &[body, ("NAMEPLATE__SMS__URL", "https://sms.example")], &[]).unwrap();
    assert_eq!(config.sms.unwrap().body.expose(), body.1);
}

#[test]
fn a_pepper_may_follow_another() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, format!("{name}\n")).unwrap();
        path.display().to_string()
    };
    let (new, old) = (file("new"), file("old"));
    let both = [("password.pepper_file", &*new), ("password.previous_pepper_file", &*old)];
    let password = load("", &[], &both).unwrap().password;
    let exposed = [password.pepper, password.previous_pepper].map(|pepper| pepper.unwrap().expose().to_owned());
    assert_eq!(exposed, ["new", "old"]);
    assert!(refused("", &[], &both[1..]).starts_with("password.previous_pepper_file: needs password.pepper_file"));
}

#[test]
fn lists_are_arrays_or_texts_with_commas() {
    let networks = |config: Config| config.server.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>();
    let array = load("[server]\ntrusted_proxies = ['10.0.0.0/8', '::1']", &[], &[]).unwrap();
    assert_eq!(networks(array), ["10.0.0.0/8", "::1/128"]);
    let text = load("", &[("NAMEPLATE__SERVER__TRUSTED_PROXIES", "192.0.2.1, fd00::/8")], &[]).unwrap();
    assert_eq!(networks(text), ["192.0.2.1/32", "fd00::/8"]);
    let origins = load("", &[], &[("api.cors_origins", "https://App.example:443/,*")]).unwrap().cors_origins;
    assert_eq!(origins, ["https://app.example", "*"]);
}

#[test]
fn the_public_address_follows_the_bound_one() {
    let config = load("", &[], &[]).unwrap();
    for (bound, url) in [
        ("127.0.0.1:4711", "http://127.0.0.1:4711/"),
        ("0.0.0.0:3000", "http://127.0.0.1:3000/"),
        ("[::]:3000", "http://[::1]:3000/"),
        ("192.0.2.7:80", "http://192.0.2.7/"),
    ] {
        assert_eq!(config.public_url(bound.parse().unwrap()).as_str(), url);
    }
    let config = load("", &[("NAMEPLATE__SERVER__PUBLIC_URL", "https://accounts.example")], &[]).unwrap();
    assert_eq!(config.public_url(config.server.listen).as_str(), "https://accounts.example/");
}

#[test]
fn doubtful_settings_are_pointed_out() {
    let insecure = [("server.public_url", "http://accounts.example"), ("server.listen", "0.0.0.0:80")];
    let warnings = load("", &[], &insecure).unwrap().warnings();
    assert!(
        warnings[0].starts_with("server.public_url: ") && warnings[1].starts_with("mail.smtp_url: "),
        "{warnings:?}"
    );
    assert!(load("", &[], &[("server.public_url", "http://localhost:3000")]).unwrap().warnings().is_empty());
    let mail = [("mail.smtp_url", "smtp://localhost"), ("mail.from", "no-reply@example.com")];
    assert!(load("", &[], &mail).unwrap().warnings().is_empty());
    let mobile = [mail[0], mail[1], ("account.login_identifier", "emailOrMobile")];
    assert!(load("", &[], &mobile).unwrap().warnings()[0].starts_with("sms.url: "));
    let sms = [mail[0], mail[1], mobile[2], ("sms.url", "https://sms.example")];
    assert!(load("", &[], &sms).unwrap().warnings().is_empty());
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let flags = Flags { file: Some("/nowhere/nameplate.toml".into()), values: vec![] };
    let error = Sources::gather(&flags, &[]).map(drop).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/nameplate.toml: "), "{error}");
}

#[test]
fn the_example_is_complete_and_says_the_defaults() {
    let example = keys::example();
    assert!(load(&example, &[], &[]).is_ok(), "as written it sets nothing");
    let uncommented: String = example
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |toml, line| toml + line + "\n");
    // The samples name files that are not there.
    let without_files = uncommented
        .lines()
        .filter(|line| ["pepper_file", "previous_pepper_file", "logo"].iter().all(|name| !line.starts_with(name)))
        .fold(String::new(), |toml, line| toml + line + "\n");
    let config = load(&without_files, &[], &[]).unwrap();
    let defaults = load("", &[], &[]).unwrap();
    assert_eq!(config.server.listen, defaults.server.listen);
    assert_eq!(config.password.argon2, defaults.password.argon2);
    assert_eq!(config.sms.unwrap().body.expose(), r#"{"to": "{to}", "text": "{text}"}"#);
    for key in keys::KEYS {
        let (_, name) = key.name.rsplit_once('.').unwrap_or(("", key.name));
        assert!(uncommented.contains(&format!("\n{name} = ")), "{} is missing", key.name);
    }
}
