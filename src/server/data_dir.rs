//! The directory that holds the database and keys: for its owner alone.
//!
//! It may be somebody else's: a volume that Kubernetes gives to a group (`fsGroup`) is root's, with mode 2775. Then it stays
//! open to those whom it is open to; our files in it are for us alone all the same.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use thiserror::Error;

/// What the owner may do with the directory: everything.
const DIRECTORY: u32 = 0o700;
/// What the owner may do with a file in it: read and write.
const FILE: u32 = 0o600;
/// Permissions of anybody else.
const OTHERS: u32 = 0o077;
/// Permissions of anybody at all.
const EVERYBODY: u32 = 0o007;
/// What names of our files begin with. Others in the directory are not ours to change.
const OURS: &str = "nameplate";
/// What those of the database begin with, which holds keys and password hashes.
const DATABASE: &str = "nameplate.db";

/// Why the directory cannot be used.
#[derive(Debug, Error)]
pub enum DataDirError {
    /// It cannot be created or looked at.
    #[error("data_dir: {}: {source}", .path.display())]
    Io {
        /// The directory or a file in it.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// Something else stands there.
    #[error("data_dir: {} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// Others can read it, and that cannot be changed.
    #[error("data_dir: others can read {}, and its permissions cannot be changed ({source}): chmod {mode:o} it", .path.display())]
    Open {
        /// The directory or a file in it.
        path: PathBuf,
        /// What it should be.
        mode: u32,
        /// Why it could not be made so.
        source: io::Error,
    },
}

/// The directory or a file of ours in it that others had permissions for.
#[derive(Debug)]
pub enum Found {
    /// It is closed to them now.
    Closed(PathBuf),
    /// It stays as it is, because somebody else owns it or the file system is read only.
    Left(PathBuf, io::Error),
}

/// Creates the directory, or closes it and our files in it to everybody but their owner. What is somebody else's is used as
/// it is.
///
/// # Errors
/// When it cannot be created or looked at; when everybody may read the database, and that cannot be changed.
pub fn prepare(directory: &Path) -> Result<(), DataDirError> {
    if !directory.try_exists().map_err(|source| DataDirError::Io { path: directory.to_owned(), source })? {
        let created = DirBuilder::new().recursive(true).mode(DIRECTORY).create(directory);
        return created.map_err(|source| DataDirError::Io { path: directory.to_owned(), source });
    }
    for found in close_all(directory, |path, mode| fs::set_permissions(path, Permissions::from_mode(mode)))? {
        match found {
            Found::Closed(path) => tracing::warn!("others could read {}; it is closed to them now", path.display()),
            Found::Left(path, why) => {
                tracing::warn!("others may read {}, and that cannot be changed: {why}", path.display());
            }
        }
    }
    Ok(())
}

/// What [`prepare`] would do with a directory that is there.
///
/// # Errors
/// As [`prepare`].
pub fn rehearse(directory: &Path) -> Result<Vec<Found>, DataDirError> {
    // Whoever may set other permissions may set the same ones.
    close_all(directory, |path, _| fs::set_permissions(path, fs::metadata(path)?.permissions()))
}

fn close_all(directory: &Path, change: impl Fn(&Path, u32) -> io::Result<()>) -> Result<Vec<Found>, DataDirError> {
    let io_error = |source| DataDirError::Io { path: directory.to_owned(), source };
    if !fs::metadata(directory).map_err(io_error)?.is_dir() {
        return Err(DataDirError::NotADirectory(directory.to_owned()));
    }
    let mut found = Vec::new();
    found.extend(close(directory, DIRECTORY, 0, &change)?);
    for entry in fs::read_dir(directory).map_err(io_error)? {
        let entry = entry.map_err(io_error)?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if is_file && name.starts_with(OURS) {
            // A configuration file may be mounted here, of an owner and with permissions that are not for us to choose.
            let never = if name.starts_with(DATABASE) { EVERYBODY } else { 0 };
            found.extend(close(&entry.path(), FILE, never, &change)?);
        }
    }
    Ok(found)
}

/// Takes from everybody but the owner what they may do with `path`. Where that is not ours to change it is left, unless it
/// has one of the permissions `never`.
fn close(
    path: &Path,
    mode: u32,
    never: u32,
    change: impl Fn(&Path, u32) -> io::Result<()>,
) -> Result<Option<Found>, DataDirError> {
    use io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
    let permissions = match fs::metadata(path) {
        Ok(found) => found.permissions().mode(),
        // SQLite deletes the files beside a database when the last process lets go of it.
        Err(error) if error.kind() == NotFound => return Ok(None),
        Err(source) => return Err(DataDirError::Io { path: path.to_owned(), source }),
    };
    let open_to = permissions & OTHERS;
    if open_to == 0 {
        return Ok(None);
    }
    let path = path.to_owned();
    match change(&path, mode) {
        Ok(()) => Ok(Some(Found::Closed(path))),
        Err(error) if error.kind() == NotFound => Ok(None),
        // Only the owner may change permissions.
        Err(error) if open_to & never == 0 && matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => {
            Ok(Some(Found::Left(path, error)))
        }
        Err(source) => Err(DataDirError::Open { path, mode, source }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_directory_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("srv/data");
        prepare(&data).unwrap();
        assert_eq!((mode(&data), mode(&dir.path().join("srv"))), (0o700, 0o700));
        prepare(&data).unwrap();
    }

    #[test]
    fn an_open_directory_and_our_files_in_it_are_closed() {
        let dir = tempfile::tempdir().unwrap();
        let [ours, journal, other] =
            ["nameplate.db", "nameplate.db-wal", "notes.txt"].map(|name| dir.path().join(name));
        for path in [&ours, &journal, &other] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        prepare(dir.path()).unwrap();
        assert_eq!([dir.path(), &ours, &journal, &other].map(mode), [0o700, 0o600, 0o600, 0o644]);
    }

    #[test]
    fn somebody_elses_directory_is_used_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o2775)).unwrap();
        let [database, log] = ["nameplate.db", "nameplate.db-wal"].map(|name| dir.path().join(name));
        for path in [&database, &log] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o660)).unwrap();
        }
        // The directory and one of the files are not ours to change.
        let change = |path: &Path, mode| match path == log {
            true => fs::set_permissions(path, Permissions::from_mode(mode)),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        };
        let found = close_all(dir.path(), change).unwrap().into_iter().map(|found| match found {
            Found::Left(path, _) => path,
            Found::Closed(path) => path.join("closed"),
        });
        let left: BTreeSet<_> = found.collect();
        assert_eq!(left, BTreeSet::from([dir.path().to_owned(), database.clone(), log.join("closed")]));
        assert_eq!([dir.path(), &database, &log].map(mode), [0o775, 0o660, 0o600]);
        fs::set_permissions(&database, Permissions::from_mode(0o664)).unwrap();
        let open = close_all(dir.path(), change);
        assert!(matches!(open, Err(DataDirError::Open { path, .. }) if path == database), "everybody reads the keys");
        let broken = |_: &Path, _| Err(io::ErrorKind::ReadOnlyFilesystem.into());
        let read_only = close_all(dir.path(), broken);
        assert!(matches!(read_only, Err(DataDirError::Open { path, .. }) if path == database));
    }

    #[test]
    fn a_file_in_its_place_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(prepare(file.path()), Err(DataDirError::NotADirectory(_))));
    }

    #[test]
    fn a_configuration_that_is_mounted_in_it_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        let mounted = dir.path().join("nameplate.toml");
        fs::write(&mounted, "x").unwrap();
        fs::set_permissions(&mounted, Permissions::from_mode(0o444)).unwrap();
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            let found = close_all(dir.path(), |_, _| Err(kind.into())).unwrap();
            assert!(matches!(&found[..], [Found::Left(path, _)] if *path == mounted), "{found:?}");
        }
        let other = close_all(dir.path(), |_, _| Err(io::ErrorKind::Other.into()));
        assert!(matches!(other, Err(DataDirError::Open { .. })), "what is not understood is told");
    }

    #[test]
    fn files_that_go_meanwhile_are_no_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        let log = dir.path().join("nameplate.db-wal");
        fs::write(&log, "x").unwrap();
        fs::set_permissions(&log, Permissions::from_mode(0o644)).unwrap();
        assert!(close_all(dir.path(), |_, _| Err(io::ErrorKind::NotFound.into())).unwrap().is_empty());
        assert!(close(&dir.path().join("nameplate.db-shm"), FILE, EVERYBODY, |_, _| Ok(())).unwrap().is_none());
    }

    #[test]
    fn a_rehearsal_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("nameplate.db");
        fs::write(&database, "x").unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(&database, Permissions::from_mode(0o644)).unwrap();
        let found = rehearse(dir.path()).unwrap();
        assert!(matches!(&found[..], [Found::Closed(path)] if *path == database), "{found:?}");
        assert_eq!(mode(&database), 0o644);
    }
}
