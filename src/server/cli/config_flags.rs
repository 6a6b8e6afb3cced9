//! One flag for each key of the configuration, under the key's own name.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::server::config::keys::KEYS;

/// Keys and values from the command line.
#[derive(Debug, Default)]
pub struct ConfigFlags(pub Vec<(String, String)>);

fn names() -> impl Iterator<Item = (String, String)> {
    KEYS.iter().flat_map(|key| {
        let about = key.about.replace('\n', " ");
        let file = key.secret.then(|| (format!("{}_file", key.name), format!("The file that holds {}.", key.name)));
        std::iter::once((key.name.to_owned(), about)).chain(file)
    })
}

impl Args for ConfigFlags {
    fn augment_args(command: Command) -> Command {
        names().fold(command, |command, (name, about)| {
            let flag = Arg::new(name.clone()).long(name).value_name("VALUE").help(about).global(true);
            command.arg(flag.hide_short_help(true).help_heading("Configuration"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ConfigFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = |(name, _): (String, String)| matches.get_one::<String>(&name).cloned().map(|value| (name, value));
        Ok(Self(names().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
