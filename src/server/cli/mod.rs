//! The command line.

mod clients;
mod config_flags;
mod doctor;
mod files;
mod users;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use super::{
    assets::Files,
    config::{Config, Flags, Sources, environment, keys},
    serve,
    state::{Fatal, State, open_store},
};
use clients::ClientCommand;
use config_flags::ConfigFlags;
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
    Migrate,
    /// Make and change accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Make and revoke clients of the management API.
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
    },
    /// Put such a copy in the place of the SQLite database. Servers must not run; the old database is kept beside.
    Restore {
        /// The copy.
        file: PathBuf,
    },
    /// Check whether everything that a server needs is there.
    Doctor,
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Args)]
struct PurgeArgs {
    /// Only say which.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a new signing key. Tokens of the old one stay good until they end.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and show what holds, and since where.
    Check,
    /// Print a configuration file with every key and its meaning.
    Example,
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
    if let Some(Command::Config(ConfigCommand::Example)) = cli.command {
        say!("{}", keys::example().trim_end());
        return Ok(());
    }
    let flags = Flags { file: cli.config, values: cli.flags.0 };
    if let Some(Command::Doctor) = cli.command {
        return doctor::run(Config::load(&flags), files).await;
    }
    let sources = Sources::gather(&flags, &environment()?)?;
    let config = Config::from_sources(&sources)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(&config, files).await,
        Command::Migrate => {
            let store = open_store(&config).await?;
            store.close().await;
            say!("The database is up to date.");
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
        Command::Keys(KeysCommand::Rotate) => rotate(&config).await,
        Command::Purge(PurgeArgs { dry_run }) => purge(&config, dry_run).await,
        Command::Backup { file } => files::backup(&config, &file).await,
        Command::Restore { file } => files::restore(&config, &file).await,
        Command::Config(_) | Command::Doctor => {
            show(&config, &sources);
            Ok(())
        }
    }
}

async fn open(config: &Config) -> Result<State, Fatal> {
    State::open(config, config.server.listen, None).await
}

async fn purge(config: &Config, dry_run: bool) -> Result<(), Fatal> {
    let state = open(config).await?;
    let (purged, failed) = match dry_run {
        true => (state.accounts.due_for_purge().await?, Vec::new()),
        false => {
            let turn = state.accounts.purge().await?;
            (turn.done, turn.failed)
        }
    };
    state.store.close().await;
    for id in &purged {
        say!("{id}");
    }
    let verb = if dry_run { "would be deleted" } else { "deleted" };
    eprintln!("{} accounts {verb}.", purged.len());
    if failed.is_empty() {
        return Ok(());
    }
    let failed = failed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Err(Fatal::Other(format!("these could not be deleted: {failed}")))
}

async fn rotate(config: &Config) -> Result<(), Fatal> {
    let state = open(config).await?;
    let id = state.accounts.rotate_keys().await?;
    state.store.close().await;
    say!("{id} signs from now on.");
    Ok(())
}

/// Every key that is set, with its source; secrets without their value.
fn show(config: &Config, sources: &Sources) {
    for name in keys::KEYS.iter().flat_map(|key| [Some(key.name), key.file]).flatten() {
        if let (Some(source), Some(value)) = (sources.source_of(name), sources.shown(name)) {
            say!("{name} = {value}  ({source})");
        }
    }
    for warning in config.warnings() {
        eprintln!("warning: {warning}");
    }
    say!("The configuration is valid.");
}
