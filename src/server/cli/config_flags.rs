//! One flag for each key of the configuration, under the key's own name.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::server::config::keys::KEYS;

/// Keys and values from the command line.
#[derive(Debug, Default)]
pub struct ConfigFlags(pub Vec<(String, String)>);

fn flags() -> impl Iterator<Item = (&'static str, String)> {
    KEYS.iter().flat_map(|key| {
        let file = key.file.map(|file| (file, format!("The file that holds {}.", key.name)));
        [(key.name, key.about.replace('\n', " "))].into_iter().chain(file)
    })
}

impl Args for ConfigFlags {
    fn augment_args(command: Command) -> Command {
        flags().fold(command, |command, (name, about)| {
            let flag = Arg::new(name).long(name).value_name("VALUE").help(about).global(true);
            command.arg(flag.hide_short_help(true).help_heading("Configuration"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ConfigFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = |(name, _)| Some((String::from(name), matches.get_one::<String>(name)?.clone()));
        Ok(Self(flags().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
