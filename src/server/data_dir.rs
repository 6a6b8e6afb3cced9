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

/// Creates the directory, or closes it and our files in it to everybody but their owner. A directory that is somebody
/// else's is used as it is.
///
/// # Errors
/// When it cannot be created, or is open to others and cannot be closed although it is ours; when a file of ours in it is
/// open to everybody and cannot be closed.
pub fn prepare(directory: &Path) -> Result<(), DataDirError> {
    prepare_by(directory, |path, mode| fs::set_permissions(path, Permissions::from_mode(mode)))
}

fn prepare_by(directory: &Path, change: impl Fn(&Path, u32) -> io::Result<()>) -> Result<(), DataDirError> {
    let io_error = |source| DataDirError::Io { path: directory.to_owned(), source };
    match fs::metadata(directory) {
        Ok(found) if !found.is_dir() => return Err(DataDirError::NotADirectory(directory.to_owned())),
        Ok(_) => close(directory, DIRECTORY, 0, &change)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return DirBuilder::new().recursive(true).mode(DIRECTORY).create(directory).map_err(io_error);
        }
        Err(error) => return Err(io_error(error)),
    }
    for entry in fs::read_dir(directory).map_err(io_error)? {
        let entry = entry.map_err(io_error)?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_string_lossy().starts_with(OURS) {
            close(&entry.path(), FILE, EVERYBODY, &change)?;
        }
    }
    Ok(())
}

/// Takes from everybody but the owner what they may do with `path`. Where it is somebody else's, it is told of and left,
/// unless it has one of the permissions `never`.
fn close(
    path: &Path,
    mode: u32,
    never: u32,
    change: impl Fn(&Path, u32) -> io::Result<()>,
) -> Result<(), DataDirError> {
    let found = fs::metadata(path).map_err(|source| DataDirError::Io { path: path.to_owned(), source })?;
    let open_to = found.permissions().mode() & OTHERS;
    if open_to == 0 {
        return Ok(());
    }
    match change(path, mode) {
        Ok(()) => tracing::warn!("others could read {}; it is closed to them now", path.display()),
        // Only the owner may change permissions.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && open_to & never == 0 => {
            tracing::warn!("{} belongs to somebody else, and others may read it", path.display());
        }
        Err(source) => return Err(DataDirError::Open { path: path.to_owned(), mode, source }),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
        prepare_by(dir.path(), change).unwrap();
        assert_eq!([dir.path(), &database, &log].map(mode), [0o775, 0o660, 0o600]);
        fs::set_permissions(&database, Permissions::from_mode(0o664)).unwrap();
        let open = prepare_by(dir.path(), change);
        assert!(matches!(open, Err(DataDirError::Open { path, .. }) if path == database), "everybody reads the keys");
        let broken = |_: &Path, _| Err(io::ErrorKind::ReadOnlyFilesystem.into());
        assert!(matches!(prepare_by(dir.path(), broken), Err(DataDirError::Open { .. })));
    }

    #[test]
    fn a_file_in_its_place_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(prepare(file.path()), Err(DataDirError::NotADirectory(_))));
    }
}
