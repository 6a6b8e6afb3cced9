//! `nameplate backup` and `nameplate restore`.

use std::path::{Path, PathBuf};

use crate::{
    ports::clock::{Clock as _, SystemClock},
    server::{config::Config, data_dir, state::Fatal},
    store::sql::{self, FileError},
};

/// Copies the database into a new file.
pub async fn backup(config: &Config, copy: &Path) -> Result<(), Fatal> {
    let database = file(config)?;
    sql::backup(&database, copy).await.map_err(in_words)?;
    say!("{} is a copy of {}.", copy.display(), database.display());
    Ok(())
}

/// Puts such a copy in the place of the database.
pub async fn restore(config: &Config, copy: &Path) -> Result<(), Fatal> {
    let database = file(config)?;
    if config.database_url.is_none() {
        data_dir::prepare(&config.data_dir)?;
    }
    let kept = sql::restore(copy, &database, SystemClock.now()).await.map_err(in_words)?;
    say!("{} is what {} holds.", database.display(), copy.display());
    if let Some(kept) = kept {
        say!("What it held before is kept in {}.", kept.display());
    }
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
