//! Stored files: the bytes of pictures, fonts and large payloads, each named by its SHA-256.
//!
//! A file is written under a temporary name, synced, renamed and its directory synced before
//! `put` returns, so that a row may name it. Two levels of directories, `ab/cd/abcd…`, keep each
//! one small. What no row names any more is found by `sweep`, one bucket a call.
//! Never: a file changed after it was put, and never a name that a client chose.

mod incoming;
mod sweep;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};

use crate::domain::asset::ContentDigest;
use crate::domain::ids::AssetId;

pub use incoming::Incoming;
pub use sweep::Swept;

/// Why a file could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// The disk, or this user's share of it, has no room left.
    #[error("no space left on the disk that holds the assets")]
    DiskFull(#[source] io::Error),
    /// No such file: swept, removed, or never put.
    #[error("no stored file has the content {0}")]
    Missing(ContentDigest),
    /// The file's bytes are not those that its name stands for.
    #[error("the stored file {0} is damaged")]
    Damaged(ContentDigest),
    /// Anything else that the file system refused.
    #[error("failed to {action}")]
    Io {
        /// What was tried, such as `sync a file`.
        action: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
}

/// A directory of files named by their content. Share it behind an `Arc`.
#[derive(Debug)]
pub struct AssetStore {
    root: PathBuf,
    /// Held while names come and go. Without it a `put` could find a file that `sweep`, having
    /// judged it old, is about to remove.
    names: Mutex<()>,
    /// The first byte of the digests that the next `sweep` looks at.
    next_bucket: Mutex<u8>,
}

impl AssetStore {
    /// Opens the store in `dir`, making the directory (mode 0700) when it is missing.
    pub fn open(dir: &Path) -> Result<Self, AssetError> {
        let store =
            Self { root: dir.to_owned(), names: Mutex::new(()), next_bucket: Mutex::new(0) };
        create_dir(&store.root, true)?;
        create_dir(&store.incoming(), false)?;
        Ok(store)
    }

    /// Stores `bytes` and returns their name. When this returns, the file survives a power cut.
    ///
    /// An equal file that is already there is kept and counts as new for `sweep`.
    pub fn put(&self, bytes: &[u8]) -> Result<ContentDigest, AssetError> {
        let digest = ContentDigest::of(bytes);
        let path = self.path_of(&digest);
        let bucket = path.parent().expect("a stored file lies in a bucket");
        self.create_bucket(bucket)?;
        if !self.refresh(&path, bytes)? {
            self.write(&path, bytes)?;
        }
        // Also for a file that was found: whoever renamed it may not have synced the name yet.
        sync_dir(bucket)?;
        Ok(digest)
    }

    /// The bytes of a stored file, compared with their digest.
    pub fn read(&self, digest: &ContentDigest) -> Result<Vec<u8>, AssetError> {
        let mut bytes = Vec::new();
        self.open_file(digest)?
            .read_to_end(&mut bytes)
            .map_err(|error| AssetError::from_io("read a file", error))?;
        if ContentDigest::of(&bytes) == *digest {
            Ok(bytes)
        } else {
            Err(AssetError::Damaged(*digest))
        }
    }

    /// A stored file, opened for reading, so that parts of it can be streamed.
    pub fn open_file(&self, digest: &ContentDigest) -> Result<File, AssetError> {
        File::open(self.path_of(digest)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => AssetError::Missing(*digest),
            _ => AssetError::from_io("open a file", error),
        })
    }

    /// Removes a stored file; `false` when there was none. Readers that have it open keep it.
    pub fn remove(&self, digest: &ContentDigest) -> Result<bool, AssetError> {
        let _names = self.hold_names();
        remove_file(&self.path_of(digest))
    }

    fn path_of(&self, digest: &ContentDigest) -> PathBuf {
        let name = digest.to_string();
        self.root.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Where files lie while they are written. No digest's bucket has this name.
    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn create_bucket(&self, bucket: &Path) -> Result<(), AssetError> {
        // Under the lock, so that who finds the directory may rely on its name being synced.
        let _names = self.hold_names();
        let outer = bucket.parent().expect("a bucket lies in an outer bucket");
        if create_dir(outer, false)? {
            sync_dir(&self.root)?;
        }
        if create_dir(bucket, false)? {
            sync_dir(outer)?;
        }
        Ok(())
    }

    /// Makes the file at `path` young if it holds `bytes`; `false` when it must be written.
    fn refresh(&self, path: &Path, bytes: &[u8]) -> Result<bool, AssetError> {
        let _names = self.hold_names();
        // A file that cannot be read, or holds something else after a disk's fault, is replaced.
        let Ok(found) = fs::read(path) else { return Ok(false) };
        if found != bytes {
            return Ok(false);
        }
        let now = Timestamps {
            last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
            last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
        };
        File::open(path)
            .and_then(|file| Ok(rustix::fs::futimens(file, &now)?))
            .map_err(|error| AssetError::from_io("refresh a file", error))?;
        Ok(true)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), AssetError> {
        let temporary = self.incoming().join(AssetId::mint().to_string());
        write_synced(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).map_err(
            |error| {
                // Whatever was written of it only takes room; the error is about the writing.
                let _ = fs::remove_file(&temporary);
                AssetError::from_io("write a file", error)
            },
        )
    }

    fn hold_names(&self) -> MutexGuard<'_, ()> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AssetError {
    fn from_io(action: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(source),
            _ => Self::Io { action, source },
        }
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// `true` when the directory is new.
fn create_dir(path: &Path, recursive: bool) -> Result<bool, AssetError> {
    match DirBuilder::new().mode(0o700).recursive(recursive).create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(AssetError::from_io("make a directory", error)),
    }
}

fn sync_dir(path: &Path) -> Result<(), AssetError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| AssetError::from_io("sync a directory", error))
}

/// `false` when there was no such file.
fn remove_file(path: &Path) -> Result<bool, AssetError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(AssetError::from_io("remove a file", error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn store() -> (tempfile::TempDir, AssetStore) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let store = AssetStore::open(&dir.path().join("assets")).expect("the store opens");
        (dir, store)
    }

    #[test]
    fn what_was_put_is_read_again_and_leaves_nothing_behind() {
        let (_dir, store) = store();
        let digest = store.put(b"neap").expect("put");
        assert_eq!(digest, ContentDigest::of(b"neap"));
        assert_eq!(store.read(&digest).expect("read"), b"neap");
        assert_eq!(store.put(b"neap").expect("put again"), digest);
        assert_eq!(fs::read_dir(store.incoming()).expect("incoming").count(), 0);
    }

    #[test]
    fn only_the_owner_can_read_what_is_stored() {
        let (_dir, store) = store();
        let path = store.path_of(&store.put(b"secret").expect("put"));
        let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert!(path.ancestors().skip(1).take(3).all(|dir| mode(dir) == 0o700));
    }

    #[test]
    fn a_missing_file_is_said_to_be_missing() {
        let (_dir, store) = store();
        let digest = store.put(b"ebb").expect("put");
        assert!(store.remove(&digest).expect("removed"));
        assert!(!store.remove(&digest).expect("nothing to remove"));
        assert!(
            matches!(store.read(&digest), Err(AssetError::Missing(missing)) if missing == digest)
        );
    }

    #[test]
    fn a_damaged_file_is_noticed_and_replaced_by_the_next_put() {
        let (_dir, store) = store();
        let digest = store.put(b"flood").expect("put");
        fs::write(store.path_of(&digest), b"fl00d").expect("damaged");
        assert!(matches!(store.read(&digest), Err(AssetError::Damaged(_))));
        store.put(b"flood").expect("put again");
        assert_eq!(store.read(&digest).expect("read"), b"flood");
    }

    #[test]
    fn a_full_disk_has_a_name_of_its_own() {
        let full = AssetError::from_io("write", io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(full, AssetError::DiskFull(_)));
    }
}
