//! The data directory: one server's property, held by a lock for as long as the process lives.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The file whose lock says that the directory is in use.
const LOCK_FILE: &str = "lock";

/// The socket on which a running server takes commands.
const CONTROL_SOCKET: &str = "control.sock";

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process uses it.
    #[error(
        "{} is in use by another tidemill{}: stop that one, or name another directory with \
         --data-dir", path.display(), named_process(process)
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The other process's id, as it wrote it.
        process: String,
    },
    /// It cannot be made, or not be written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The directory or the file in it.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

fn named_process(process: &str) -> String {
    if process.is_empty() { String::new() } else { format!(" (process {process})") }
}

/// A data directory that this process alone may write to.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// The lock goes with the file, also when the process is killed.
    _lock: File,
}

impl DataDir {
    /// The file with the key that seals secrets in the database. No backup has it.
    pub const SECRET_KEY: &str = "secret.key";

    /// Makes the directory if it is new, for its owner only, and takes it.
    pub fn take(path: &Path) -> Result<Self, DataDirError> {
        let failed = |path: &Path, source| DataDirError::Io { path: path.to_owned(), source };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|error| failed(path, error))?;
        let file = path.join(LOCK_FILE);
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&file)
            .map_err(|error| failed(&file, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DataDirError::InUse {
                    path: path.to_owned(),
                    process: read(&mut lock),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(&file, error)),
        }
        note_process(&mut lock).map_err(|error| failed(&file, error))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Whether a server runs on the directory at `path`. Never makes anything.
    pub fn is_in_use(path: &Path) -> bool {
        File::open(path.join(LOCK_FILE))
            .is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a server on the directory at `path` takes commands.
    pub fn control_socket(path: &Path) -> PathBuf {
        path.join(CONTROL_SOCKET)
    }

    /// Where the files lie.
    pub fn assets(&self) -> PathBuf {
        Self::assets_of(&self.path)
    }

    /// Where the files of the directory at `path` lie.
    pub fn assets_of(path: &Path) -> PathBuf {
        path.join("assets")
    }

    /// Where the answers of models are kept.
    pub fn models(&self) -> PathBuf {
        self.path.join("models")
    }

    /// Where commands get directories of their own.
    pub fn scratch(&self) -> PathBuf {
        self.path.join("scratch")
    }

    /// Removes what a killed server left behind.
    pub fn clear_control_socket(&self) -> Result<(), DataDirError> {
        let path = Self::control_socket(&self.path);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(DataDirError::Io { path, source })
            }
            _ => Ok(()),
        }
    }
}

fn note_process(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}

fn read(lock: &mut File) -> String {
    let mut text = String::new();
    // Only for the message: a process that cannot be named is in the way all the same.
    drop(lock.read_to_string(&mut text));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_second_taker_is_refused_until_the_first_lets_go() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("data");
        let first = DataDir::take(&path).expect("free");
        assert!(DataDir::is_in_use(&path));
        let refusal = DataDir::take(&path).expect_err("taken").to_string();
        assert!(refusal.contains(&format!("(process {})", std::process::id())), "{refusal}");
        drop(first);
        assert!(!DataDir::is_in_use(&path));
        DataDir::take(&path).expect("free again");
    }

    #[test]
    fn only_the_owner_may_look_inside() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a/b");
        let _taken = DataDir::take(&path).expect("free");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join(LOCK_FILE))), (0o700, 0o600));
    }

    #[test]
    fn a_directory_that_is_not_there_is_not_in_use_and_not_made() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("data");
        assert!(!DataDir::is_in_use(&path));
        assert!(!path.exists());
    }
}
