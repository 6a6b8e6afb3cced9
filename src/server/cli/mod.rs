//! The command line.

mod clients;
mod config_flags;
mod doctor;
mod files;
mod health;
mod output;
mod users;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use super::{
    assets::Files,
    config::{Config, Flags, Sources, environment, keys},
    serve,
    state::{Fatal, State, open_store},
};
use clients::ClientCommand;
use config_flags::ConfigFlags;
use output::Output;
use users::UserCommand;

/// A self-hosted account and profile centre: pages for people, REST for services.
#[derive(Debug, Parser)]
#[command(name = "nameplate", version, propagate_version = true)]
struct Cli {
    /// The configuration file [default: nameplate.toml, if it is there].
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: ConfigFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and REST (the default).
    Serve,
    /// Bring the database up to this version.
    Migrate(Output),
    /// Make and change accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Make, change and revoke clients: services of the management API, and apps that sign people in.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Change the keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Delete archived accounts whose day has come.
    Purge(PurgeArgs),
    /// Copy the SQLite database into a new file, while servers go on.
    Backup {
        /// The file to make.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Put such a copy in the place of the SQLite database. Servers must not run; the old database is kept beside.
    Restore {
        /// The copy.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Check whether everything that a server needs is there.
    Doctor(Output),
    /// Ask the server of this machine whether it is ready: for health checks of containers.
    Health(Output),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Args)]
struct PurgeArgs {
    /// Only say which.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make new signing keys. Tokens of the old ones stay good until they end.
    Rotate(Output),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and show what holds, and since where.
    Check(Output),
    /// Print a configuration file with every key and its meaning.
    Example(Output),
}

/// Does what the arguments of this process say. `files` are those of the site. What is wrong is told on standard error.
pub async fn run(files: Files) -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli, files).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fatal) => {
            eprintln!("nameplate: {fatal}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli, files: Files) -> Result<(), Fatal> {
    if let Some(Command::Config(ConfigCommand::Example(output))) = cli.command {
        output.print(keys::as_json, || keys::example().trim_end().to_owned());
        return Ok(());
    }
    let flags = Flags { file: cli.config, values: cli.flags.0 };
    if let Some(Command::Doctor(output)) = cli.command {
        return doctor::run(Config::load(&flags), files, output).await;
    }
    let sources = Sources::gather(&flags, &environment()?)?;
    let config = Config::from_sources(&sources)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(&config, files).await,
        Command::Migrate(output) => {
            let store = open_store(&config).await?;
            store.close().await;
            output.print(|| json!({ "isUpToDate": true }), || "The database is up to date.".to_owned());
            Ok(())
        }
        Command::User(command) => {
            let state = open(&config).await?;
            let done = users::run(&state.accounts, &*state.rng, command).await;
            state.store.close().await;
            done
        }
        Command::Client(command) => {
            let state = open(&config).await?;
            let done = clients::run(&state.accounts, command).await;
            state.store.close().await;
            done
        }
        Command::Keys(KeysCommand::Rotate(output)) => rotate(&config, output).await,
        Command::Purge(PurgeArgs { dry_run, output }) => purge(&config, dry_run, output).await,
        Command::Backup { file, output } => files::backup(&config, &file, output).await,
        Command::Restore { file, output } => files::restore(&config, &file, output).await,
        Command::Health(output) => health::run(&config, output).await,
        Command::Config(ConfigCommand::Check(output) | ConfigCommand::Example(output)) | Command::Doctor(output) => {
            show(&config, &sources, output);
            Ok(())
        }
    }
}

async fn open(config: &Config) -> Result<State, Fatal> {
    State::open(config, config.server.listen, None).await
}

async fn purge(config: &Config, dry_run: bool, output: Output) -> Result<(), Fatal> {
    let state = open(config).await?;
    let (purged, failed) = match dry_run {
        true => (state.accounts.due_for_purge().await?, Vec::new()),
        false => {
            let turn = state.accounts.purge().await?;
            (turn.done, turn.failed)
        }
    };
    state.store.close().await;
    let done = if dry_run { "due" } else { "deleted" };
    output.print(
        || json!({ done: purged, "failed": failed }),
        || purged.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    );
    let verb = if dry_run { "would be deleted" } else { "deleted" };
    eprintln!("{} accounts {verb}.", purged.len());
    if failed.is_empty() {
        return Ok(());
    }
    let failed = failed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Err(Fatal::Other(format!("these could not be deleted: {failed}")))
}

async fn rotate(config: &Config, output: Output) -> Result<(), Fatal> {
    let state = open(config).await?;
    let made = state.accounts.rotate_keys().await?;
    state.store.close().await;
    let lines = || made.iter().map(|id| format!("{id} signs from now on.")).collect::<Vec<_>>().join("\n");
    // The first is the one of people's and services' tokens.
    output.print(|| json!({ "keyId": made.first(), "keyIds": made }), lines);
    Ok(())
}

/// Every key that is set, with its source; secrets without their value.
fn show(config: &Config, sources: &Sources, output: Output) {
    let names = || keys::KEYS.iter().flat_map(|key| [Some(key.name), key.file]).flatten();
    let set = || names().filter_map(|name| Some((name, sources.shown(name)?, sources.source_of(name)?)));
    let warnings = config.warnings();
    output.print(
        || {
            let keys = set().map(|(key, value, source)| json!({ "key": key, "value": value, "source": source }));
            json!({ "keys": keys.collect::<Vec<_>>(), "warnings": warnings })
        },
        || {
            for warning in &warnings {
                eprintln!("warning: {warning}");
            }
            let lines = set().map(|(key, value, source)| format!("{key} = {value}  ({source})"));
            lines.chain(["The configuration is valid.".to_owned()]).collect::<Vec<_>>().join("\n")
        },
    );
}
