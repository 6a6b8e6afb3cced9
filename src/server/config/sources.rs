//! Where values come from: defaults, then a file, then the environment, then flags. Each value remembers its source.

use std::{
    env, fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format, Toml},
    util::nest,
    value::{Dict, Map, Num, Value as Found},
};
use thiserror::Error;

use super::{
    keys::{self, KEYS, Value},
    secret::Secret,
};

/// The file that is read when no other is named; it need not exist.
pub const DEFAULT_FILE: &str = "nameplate.toml";
/// What names of environment variables begin with.
const ENV_PREFIX: &str = "NAMEPLATE__";

/// What is wrong with the configuration.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("{key}: there is no such key ({source_name})")]
    Unknown {
        /// The key.
        key: String,
        /// Where it is set.
        source_name: String,
    },
    /// A value that cannot be used.
    #[error("{key}: {reason} ({source_name})")]
    Bad {
        /// The key.
        key: String,
        /// Why it cannot be used; never says the value of a secret.
        reason: String,
        /// Where it is set.
        source_name: String,
    },
    /// A file that is not there, not readable or not TOML.
    #[error("{0}")]
    File(String),
}

/// What the command line says about the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The file to read in place of [`DEFAULT_FILE`].
    pub file: Option<PathBuf>,
    /// Keys and values.
    pub values: Vec<(String, String)>,
}

/// The environment variables of this process that speak of the configuration.
///
/// # Errors
/// [`ConfigError::Bad`] for a value that is not Unicode.
pub fn environment() -> Result<Vec<(String, String)>, ConfigError> {
    let ours = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    ours.filter(|(name, _)| name.starts_with(ENV_PREFIX))
        .map(|(name, value)| match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(ConfigError::Bad {
                key: key_of_variable(&name),
                reason: "is not Unicode".into(),
                source_name: variable(&name),
            }),
        })
        .collect()
}

/// One value with where it comes from.
struct Single {
    key: String,
    value: Found,
    source: String,
}

impl Provider for Single {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let nested = nest(&self.key, self.value.clone()).into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(nested))
    }
}

/// All sources, merged.
pub struct Sources(Figment);

impl Sources {
    /// Merges the defaults, the file, the environment and the flags.
    ///
    /// # Errors
    /// [`ConfigError::File`] when the file cannot be read, [`ConfigError::Unknown`] for a key that does not exist.
    pub fn gather(flags: &Flags, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut figment = KEYS.iter().filter_map(default_of).fold(Figment::new(), Figment::merge);
        if let Some(file) = file_to_read(flags)? {
            figment = figment.merge(Toml::file_exact(file));
            let unreadable = |error| ConfigError::File(format!("{}: {}", file.display(), without_excerpt(&error)));
            figment.data().map_err(unreadable)?;
        }
        for (name, value) in environment.iter().filter(|(_, value)| !value.is_empty()) {
            let (key, value) = (key_of_variable(name), value.as_str().into());
            figment = figment.merge(Single { key, value, source: variable(name) });
        }
        for (key, value) in &flags.values {
            let source = format!("flag --{key}");
            figment = figment.merge(Single { key: key.clone(), value: value.as_str().into(), source });
        }
        let sources = Self(figment);
        sources.refuse_unknown()?;
        Ok(sources)
    }

    fn refuse_unknown(&self) -> Result<(), ConfigError> {
        let data = self.0.data().map_err(|error| ConfigError::File(without_excerpt(&error)))?;
        data.values().try_for_each(|dict| self.refuse_unknown_in("", dict))
    }

    fn refuse_unknown_in(&self, prefix: &str, dict: &Dict) -> Result<(), ConfigError> {
        for (name, value) in dict {
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let section = format!("{key}.");
            match value {
                Found::Dict(_, inner) if KEYS.iter().any(|known| known.name.starts_with(&section)) => {
                    self.refuse_unknown_in(&key, inner)?;
                }
                _ if keys::is_known(&key) => {}
                Found::Dict(_, inner) if !inner.is_empty() => self.refuse_unknown_in(&key, inner)?,
                _ => return Err(ConfigError::Unknown { key, source_name: self.name_of(value) }),
            }
        }
        Ok(())
    }

    fn name_of(&self, value: &Found) -> String {
        // A table itself has no source, what stands in it has.
        let first = value.as_dict().and_then(|dict| dict.values().next());
        if let Some(inner) = first {
            return self.name_of(inner);
        }
        self.0.get_metadata(value.tag()).map_or_else(
            || "default".to_owned(),
            |metadata| match metadata.source.as_ref().and_then(|source| source.file_path()) {
                Some(path) => path.display().to_string(),
                None => metadata.name.to_string(),
            },
        )
    }

    /// Where a key is set.
    pub fn source_of(&self, key: &str) -> Option<String> {
        self.0.find_value(key).ok().map(|value| self.name_of(&value))
    }

    /// The value of a key as a person may see it; none when it is not set.
    pub fn shown(&self, key: &str) -> Option<String> {
        if keys::find(key).is_some_and(|key| key.file.is_some()) {
            return self.source_of(key).map(|_| "(secret)".to_owned());
        }
        Some(match self.0.find_value(key).ok()? {
            Found::String(_, text) => text,
            Found::Num(_, number) => whole(number)?,
            Found::Bool(_, flag) => flag.to_string(),
            Found::Array(_, values) => values.iter().filter_map(Found::as_str).collect::<Vec<_>>().join(", "),
            _ => return None,
        })
    }

    /// An error about a key, with where it is set.
    pub fn bad(&self, key: &str, reason: impl ToString) -> ConfigError {
        let source_name = self.source_of(key).unwrap_or_else(|| "not set".to_owned());
        ConfigError::Bad { key: key.to_owned(), reason: reason.to_string(), source_name }
    }

    /// The text of a key; none when it is not set or empty.
    pub fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        match self.0.find_value(key) {
            Err(_) => Ok(None),
            Ok(Found::String(_, text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            // A name of digits alone is text all the same.
            Ok(Found::Num(_, number)) => whole(number).map(Some).ok_or_else(|| self.bad(key, "must be a whole number")),
            Ok(_) => Err(self.bad(key, "must be text")),
        }
    }

    /// A key that has a value in any case.
    pub fn required<T: FromStr<Err: ToString>>(&self, key: &str) -> Result<T, ConfigError> {
        self.parsed(key)?.ok_or_else(|| self.bad(key, "must not be empty"))
    }

    /// A key read as `T`.
    pub fn parsed<T: FromStr<Err: ToString>>(&self, key: &str) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|error: T::Err| self.bad(key, error.to_string()))
    }

    /// Yes or no.
    pub fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        match self.0.find_value(key) {
            Ok(Found::Bool(_, flag)) => Ok(flag),
            Ok(Found::String(_, text)) if text == "true" || text == "false" => Ok(text == "true"),
            _ => Err(self.bad(key, "must be true or false")),
        }
    }

    /// Several values: a TOML array, or a text with commas.
    pub fn list<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, ConfigError> {
        let texts: Vec<String> = match self.0.find_value(key) {
            Err(_) => Vec::new(),
            Ok(Found::String(_, text)) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
            Ok(Found::Array(_, values)) => values
                .into_iter()
                .map(|value| value.into_string().ok_or_else(|| self.bad(key, "must be a list of texts")))
                .collect::<Result<_, _>>()?,
            Ok(_) => return Err(self.bad(key, "must be a list")),
        };
        let entries = texts.iter().filter(|text| !text.is_empty());
        entries.map(|text| parse(text).map_err(|reason| self.bad(key, format!("{text}: {reason}")))).collect()
    }

    /// A secret, given itself or as the file that holds it.
    pub fn secret(&self, key: &str) -> Result<Option<Secret>, ConfigError> {
        let file_key = format!("{key}_file");
        match (self.text(key)?, self.text(&file_key)?) {
            (Some(_), Some(_)) => Err(self.bad(&file_key, format!("{key} is set as well; keep one of them"))),
            (Some(text), None) => Ok(Some(text.into())),
            (None, Some(path)) => self.read_secret(&file_key, Path::new(&path)).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// A file that holds a secret, less the line break at its end.
    pub fn secret_file(&self, key: &str) -> Result<Option<Secret>, ConfigError> {
        self.text(key)?.map(|path| self.read_secret(key, Path::new(&path))).transpose()
    }

    fn read_secret(&self, key: &str, path: &Path) -> Result<Secret, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| self.bad(key, format!("{}: {error}", path.display())))?;
        let secret = Secret::from(text.trim_end_matches(['\r', '\n']).to_owned());
        drop(Secret::from(text));
        if secret.expose().is_empty() { Err(self.bad(key, format!("{} is empty", path.display()))) } else { Ok(secret) }
    }
}

fn whole(number: Num) -> Option<String> {
    number.to_u128().map(|number| number.to_string()).or_else(|| number.to_i128().map(|number| number.to_string()))
}

fn default_of(key: &'static keys::Key) -> Option<Single> {
    let value = match key.default {
        Value::Text("") | Value::List => return None,
        Value::Text(text) => Found::from(text),
        Value::Number(number) => Found::from(number),
        Value::Flag(flag) => Found::from(flag),
    };
    Some(Single { key: key.name.to_owned(), value, source: "default".to_owned() })
}

fn file_to_read(flags: &Flags) -> Result<Option<&Path>, ConfigError> {
    let file = flags.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    match fs::metadata(file) {
        Ok(_) => Ok(Some(file)),
        Err(error) if flags.file.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ConfigError::File(format!("{}: {error}", file.display()))),
    }
}

fn key_of_variable(name: &str) -> String {
    name.trim_start_matches(ENV_PREFIX).to_ascii_lowercase().replace("__", ".")
}

fn variable(name: &str) -> String {
    format!("environment variable {name}")
}

/// The parser shows the line it stumbled over, in which a secret may stand.
fn without_excerpt(error: &figment::Error) -> String {
    let text = error.to_string();
    let is_excerpt =
        |line: &str| line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with('|');
    text.lines().filter(|line| !is_excerpt(line)).collect::<Vec<_>>().join(" ")
}
