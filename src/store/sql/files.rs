//! A SQLite database as a file: copies of it, and a copy put in its place.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection, migrate::Migrate, query, query_scalar, sqlite::SqliteConnectOptions,
};
use thiserror::Error;

use super::{
    PATIENCE,
    migrating::{APPLIED, SQLITE_TABLES},
};

/// How long a server may take to let go of the file before it counts as running.
const LETTING_GO: Duration = Duration::from_secs(1);
/// Files that SQLite keeps beside a database.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why a copy could not be made or put in place.
#[derive(Debug, Error)]
pub enum FileError {
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// SQLite refused.
    #[error("{}: {reason}", .path.display())]
    Refused {
        /// The database.
        path: PathBuf,
        /// In SQLite's words.
        reason: String,
    },
    /// It is no Nameplate database, or one of a version that this one does not know.
    #[error("{} cannot be restored: {reason}", .path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        reason: String,
    },
    /// A server works with the database.
    #[error("{} is in use: stop the servers first", .0.display())]
    InUse(PathBuf),
}

type Result<T, E = FileError> = std::result::Result<T, E>;

/// The file of a SQLite address; none for another engine's.
pub fn file_of(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite://").map(Path::new)
}

/// Copies the database as it is at one moment, while servers go on writing. The copy is for its owner's eyes alone: it
/// holds keys and password hashes.
///
/// # Errors
/// [`FileError::Io`] when there is no database or something is at `copy` already, [`FileError::Refused`].
pub async fn backup(database: &Path, copy: &Path) -> Result<()> {
    fs::metadata(database).map_err(in_file(database))?;
    // SQLite writes into a file that is there if it is empty.
    create(copy)?;
    let made = async {
        let mut connection = open(database, PATIENCE).await?;
        query("VACUUM INTO $1").bind(text(copy)?).execute(&mut connection).await.map_err(refused(database))?;
        connection.close().await.map_err(refused(database))?;
        check(copy).await?;
        sync(copy)
    };
    let made = made.await;
    if made.is_err() {
        discard(copy);
    }
    made
}

/// Puts a copy in the place of the database, and answers where the old one is kept.
///
/// # Errors
/// [`FileError::Unknown`] when the copy is damaged or not of a known version, [`FileError::InUse`] while a server runs;
/// nothing has changed then.
pub async fn restore(copy: &Path, database: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let staged = beside(database, ".restoring");
    discard(&staged);
    let placed = async {
        io::copy(&mut File::open(copy).map_err(in_file(copy))?, &mut create(&staged)?).map_err(in_file(&staged))?;
        let unknown = |reason| FileError::Unknown { path: copy.to_owned(), reason };
        let later = check(&staged).await.map_err(|error| match error {
            FileError::Unknown { reason, .. } | FileError::Refused { reason, .. } => unknown(reason),
            other => other,
        })?;
        if let Some(migration) = later {
            return Err(unknown(format!("it is of a newer version (migration {migration})")));
        }
        sync(&staged)?;
        replace(&staged, database, now).await
    };
    let placed = placed.await;
    discard(&staged);
    placed
}

/// Whether a file is a whole database of ours; answers a migration of a later version that it has.
async fn check(path: &Path) -> Result<Option<i64>> {
    let unknown = |reason: String| FileError::Unknown { path: path.to_owned(), reason };
    let mut connection = open(path, PATIENCE).await?;
    let verdict = query_scalar::<_, String>("PRAGMA integrity_check").fetch_one(&mut connection).await;
    let verdict = verdict.map_err(refused(path))?;
    if verdict != "ok" {
        return Err(unknown(format!("it is damaged: {verdict}")));
    }
    let applied = connection.list_applied_migrations(APPLIED).await;
    let applied = applied.map_err(|_| unknown("it is not a database of Nameplate".to_owned()))?;
    if applied.is_empty() {
        return Err(unknown("it is not a database of Nameplate".to_owned()));
    }
    let mut later = None;
    for done in &applied {
        match SQLITE_TABLES.iter().find(|known| known.version == done.version) {
            Some(known) if known.checksum == done.checksum => {}
            Some(_) => return Err(unknown(format!("its migration {} is another one", done.version))),
            None => later = Some(done.version),
        }
    }
    connection.close().await.map_err(refused(path))?;
    Ok(later)
}

/// Swaps the files. There is a database at every moment: the new one takes the old one's name in one step.
async fn replace(staged: &Path, database: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let kept = beside(database, &format!(".before-{}", now.format("%Y%m%dT%H%M%S%.6fZ")));
    if !database.try_exists().map_err(in_file(database))? {
        set_aside(database, &kept)?;
        fs::rename(staged, database).map_err(in_file(database))?;
        return sync_directory(database).map(|()| None);
    }
    let held = hold(database).await?;
    fs::hard_link(database, &kept).map_err(in_file(&kept))?;
    set_aside(database, &kept)?;
    fs::rename(staged, database).map_err(in_file(database))?;
    drop(held);
    sync_directory(database)?;
    Ok(Some(kept))
}

/// Moves logs from beside a database. One that could not be read has them still, and so may one that is gone; SQLite would
/// write what is in them into whatever stands there next.
fn set_aside(database: &Path, kept: &Path) -> Result<()> {
    for side in SIDE_FILES {
        match fs::rename(beside(database, side), beside(kept, side)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(in_file(database)(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Takes the database for itself. A database that SQLite cannot read is nobody's: none is held then.
async fn hold(database: &Path) -> Result<Option<SqliteConnection>> {
    let Ok(mut connection) = open(database, LETTING_GO).await else { return Ok(None) };
    // Leaving the write-ahead log writes all of it into the file, and fails while anybody else has the database open.
    let left = query_scalar::<_, String>("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await;
    let taken = match left {
        Ok(mode) if mode != "delete" => return Err(FileError::InUse(database.to_owned())),
        Ok(_) => query("BEGIN EXCLUSIVE").execute(&mut connection).await.map(drop),
        Err(error) => Err(error),
    };
    match taken {
        Ok(()) => Ok(Some(connection)),
        Err(error) if is_busy(&error) => Err(FileError::InUse(database.to_owned())),
        Err(_) => Ok(None),
    }
}

/// SQLITE_BUSY or SQLITE_LOCKED, in whichever extended form.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

async fn open(path: &Path, deadline: Duration) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(deadline);
    options.connect().await.map_err(refused(path))
}

/// A new file, readable by its owner alone.
fn create(path: &Path) -> Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(in_file(path))
}

fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(in_file(path))?;
    sync_directory(path)
}

fn sync_directory(path: &Path) -> Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(in_file(directory))
}

fn discard(path: &Path) {
    for suffix in [""].into_iter().chain(SIDE_FILES) {
        let _ = fs::remove_file(beside(path, suffix));
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| in_file(path)(io::Error::new(io::ErrorKind::InvalidInput, "the name is not Unicode")))
}

fn in_file(path: &Path) -> impl Fn(io::Error) -> FileError + '_ {
    |source| FileError::Io { path: path.to_owned(), source }
}

fn refused(path: &Path) -> impl Fn(sqlx::Error) -> FileError + '_ {
    |error| FileError::Refused { path: path.to_owned(), reason: error.to_string() }
}
