//! `nameplate backup` and `nameplate restore`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::Output;
use crate::{
    ports::clock::{Clock as _, SystemClock},
    server::{config::Config, data_dir, state::Fatal},
    store::sql::{self, FileError},
};

/// Copies the database into a new file.
pub async fn backup(config: &Config, copy: &Path, output: Output) -> Result<(), Fatal> {
    let database = file(config)?;
    sql::backup(&database, copy).await.map_err(in_words)?;
    output.print(
        || json!({ "file": copy, "database": database }),
        || format!("{} is a copy of {}.", copy.display(), database.display()),
    );
    Ok(())
}

/// Puts such a copy in the place of the database.
pub async fn restore(config: &Config, copy: &Path, output: Output) -> Result<(), Fatal> {
    let database = file(config)?;
    if config.database_url.is_none() {
        data_dir::prepare(&config.data_dir)?;
    }
    let kept = sql::restore(copy, &database, SystemClock.now()).await.map_err(in_words)?;
    output.print(
        || json!({ "file": copy, "database": database, "kept": kept }),
        || {
            let done = format!("{} is what {} holds.", database.display(), copy.display());
            match &kept {
                Some(kept) => format!("{done}\nWhat it held before is kept in {}.", kept.display()),
                None => done,
            }
        },
    );
    Ok(())
}

/// The file of the database.
fn file(config: &Config) -> Result<PathBuf, Fatal> {
    let url = config.database();
    sql::file_of(url.expose()).map(Path::to_owned).ok_or_else(|| {
        let tools =
            "pg_dump --format=custom --file=FILE copies it, pg_restore --clean --dbname=DATABASE FILE restores it";
        Fatal::Other(format!("database.url: PostgreSQL has its own tools: {tools}"))
    })
}

fn in_words(error: FileError) -> Fatal {
    Fatal::Other(error.to_string())
}
