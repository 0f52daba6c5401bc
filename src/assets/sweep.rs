//! Finds stored files that no row names any more, and removes them.
//!
//! One call looks at one of the 256 outer buckets and at what was left half written; the store
//! remembers where to go on, so that a large store never holds up the caller for long.
//! Never: a file younger than the caller's limit, since its row may not be committed yet.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use super::{AssetError, AssetStore, remove_file};
use crate::domain::asset::ContentDigest;
use crate::domain::clock::Timestamp;

/// How many files one call may remove: about a second of work for a slow disk.
const MAX_REMOVALS: u64 = 1_000;

/// What one call of [`AssetStore::sweep`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files removed, half-written ones included.
    pub files: u64,
    /// The bytes that they held.
    pub bytes: u64,
    /// The last bucket has been looked at; the next call begins at the first one.
    pub round_ended: bool,
}

impl AssetStore {
    /// Removes files put before `older_than` for which `keep` says `false`, on the next bucket.
    ///
    /// Call it until [`Swept::round_ended`] for the whole store. `keep` is asked without a lock.
    pub fn sweep(
        &self,
        older_than: Timestamp,
        mut keep: impl FnMut(&ContentDigest) -> bool,
    ) -> Result<Swept, AssetError> {
        let bucket = *self.position();
        let mut swept = Swept::default();
        self.sweep_dir(&self.incoming(), older_than, &mut swept, &mut |_| false)?;
        for inner in list(&self.root.join(format!("{bucket:02x}")))? {
            // A name that is not a digest is not ours to remove.
            self.sweep_dir(&inner, older_than, &mut swept, &mut |name| {
                name.parse().map_or(true, |digest| keep(&digest))
            })?;
        }
        if swept.files < MAX_REMOVALS {
            *self.position() = bucket.wrapping_add(1);
            swept.round_ended = bucket == u8::MAX;
        }
        Ok(swept)
    }

    fn sweep_dir(
        &self,
        dir: &Path,
        older_than: Timestamp,
        swept: &mut Swept,
        keep: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), AssetError> {
        for path in list(dir)? {
            if swept.files >= MAX_REMOVALS {
                break;
            }
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if old_file(&path, older_than).is_none() || keep(name) {
                continue;
            }
            let _names = self.hold_names();
            // Asked again under the lock: a `put` may have made it young meanwhile.
            if let Some(file) = old_file(&path, older_than)
                && remove_file(&path)?
            {
                swept.files += 1;
                swept.bytes += file.len();
            }
        }
        Ok(())
    }

    fn position(&self) -> MutexGuard<'_, u8> {
        self.next_bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The entries of a directory; none when it does not exist.
fn list(dir: &Path) -> Result<Vec<PathBuf>, AssetError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(AssetError::from_io("list a directory", error)),
    };
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(|error| AssetError::from_io("list a directory", error))
}

/// The metadata of a file that was last put before `older_than`.
fn old_file(path: &Path, older_than: Timestamp) -> Option<Metadata> {
    let metadata = fs::symlink_metadata(path).ok().filter(Metadata::is_file)?;
    // A time before 1970 comes from a wrong clock; such a file is old.
    let put_at = metadata.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    (Timestamp::from_ms(0).after(put_at) < older_than).then_some(metadata)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    const LONG_AGO: Timestamp = Timestamp::from_ms(0);
    const FAR_FUTURE: Timestamp = Timestamp::from_ms(i64::MAX);

    fn store() -> (tempfile::TempDir, AssetStore) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let store = AssetStore::open(dir.path()).expect("the store opens");
        (dir, store)
    }

    /// Sweeps every bucket once and returns how many files went.
    fn sweep_all(
        store: &AssetStore,
        older_than: Timestamp,
        keep: impl Fn(&ContentDigest) -> bool,
    ) -> u64 {
        let mut files = 0;
        loop {
            let swept = store.sweep(older_than, &keep).expect("sweep");
            files += swept.files;
            if swept.round_ended {
                return files;
            }
        }
    }

    #[test]
    fn only_old_files_that_nobody_names_go() {
        let (_dir, store) = store();
        let named = store.put(b"named").expect("put");
        let orphan = store.put(b"orphan").expect("put");
        assert_eq!(sweep_all(&store, LONG_AGO, |_| false), 0);
        assert_eq!(sweep_all(&store, FAR_FUTURE, |digest| *digest == named), 1);
        assert!(store.read(&named).is_ok());
        assert!(matches!(store.read(&orphan), Err(AssetError::Missing(_))));
    }

    #[test]
    fn half_written_files_go_and_foreign_ones_stay() {
        let (_dir, store) = store();
        let digest = store.put(b"spring").expect("put");
        let foreign = store.path_of(&digest).with_file_name("README");
        fs::write(&foreign, b"not ours").expect("a foreign file");
        fs::write(store.incoming().join("left-over"), b"half").expect("a left-over");
        assert_eq!(sweep_all(&store, FAR_FUTURE, |_| true), 1);
        assert!(foreign.exists());
    }

    #[test]
    fn a_file_that_is_put_again_while_it_is_judged_stays() {
        let (_dir, store) = store();
        let digest = store.put(b"tide").expect("put");
        let path = store.path_of(&digest);
        // It was put a day before the limit, and again between the question and the removal.
        let old = File::open(&path).expect("open");
        let put_at = old.metadata().and_then(|file| file.modified()).expect("a time");
        old.set_modified(put_at - Duration::from_hours(24)).expect("made old");
        let since_1970 = put_at.duration_since(UNIX_EPOCH).expect("after 1970");
        let limit = Timestamp::from_ms(0).after(since_1970).before(Duration::from_hours(1));
        let files = sweep_all(&store, limit, |_| {
            store.put(b"tide").expect("put again");
            false
        });
        assert_eq!(files, 0);
        assert!(store.read(&digest).is_ok());
    }
}
