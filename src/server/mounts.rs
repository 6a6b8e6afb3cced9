//! On which kind of file system a path lies. SQLite's locks and shared memory do not work on those of other machines.

use std::{fs, path::Path};

/// Kinds of file systems that another machine keeps, as the kernel names them.
const REMOTE: [&str; 12] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "9p",
    "davfs",
    "fuse.davfs",
    "fuse.sshfs",
    "fuse.s3fs",
    "fuse.rclone",
];

/// The kind of the file system on which a path lies, or will lie once it is made; none where the system does not tell.
pub fn kind(path: &Path) -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find_map(|ancestor| ancestor.canonicalize().ok())?;
    kind_in(&mounts, &there)
}

/// Whether another machine keeps file systems of this kind.
pub fn is_remote(kind: &str) -> bool {
    REMOTE.contains(&kind)
}

/// Reads what `proc(5)` calls `mountinfo`: of the mount points above a path the deepest counts, and the last one on it.
fn kind_in(mounts: &str, path: &Path) -> Option<String> {
    let above = mounts.lines().filter_map(|line| {
        let (mount, file_system) = line.split_once(" - ")?;
        let point = unescaped(mount.split(' ').nth(4)?);
        let depth = path.starts_with(&point).then(|| Path::new(&point).components().count())?;
        Some((depth, file_system.split(' ').next()?.to_owned()))
    });
    above.max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// Spaces and such are written as `\\` and three octal digits.
fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .into_iter()
        .fold(text.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
        22 27 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n\
        27 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n\
        40 27 0:40 / /srv rw,relatime shared:2 - nfs4 files.example:/srv rw,vers=4.2\n\
        41 40 0:41 / /srv/my\\040data rw - cifs //files/data rw\n\
        42 40 259:3 / /srv/local rw - nfs files.example:/old rw\n\
        43 42 259:4 / /srv/local rw - xfs /dev/sdb1 rw\n";

    #[test]
    fn the_deepest_mount_point_counts_and_the_last_one_there() {
        for (path, kind) in [
            ("/var/lib/nameplate", "ext4"),
            ("/srv", "nfs4"),
            ("/srv/data/nameplate.db", "nfs4"),
            ("/srvdata", "ext4"),
            ("/srv/my data/x", "cifs"),
            ("/srv/local/data", "xfs"),
        ] {
            assert_eq!(kind_in(MOUNTS, Path::new(path)).as_deref(), Some(kind), "{path}");
        }
        assert_eq!(kind_in("", Path::new("/")), None);
        assert!(is_remote("nfs4") && is_remote("cifs") && !is_remote("ext4") && !is_remote("overlay"));
    }

    #[test]
    fn a_path_that_is_not_there_yet_lies_where_it_will_be_made() {
        let dir = tempfile::tempdir().unwrap();
        let there = kind(dir.path());
        assert_eq!(kind(&dir.path().join("not/there/yet")), there);
        assert_eq!(there.is_some(), cfg!(target_os = "linux"));
    }
}
