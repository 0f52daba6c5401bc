//! Answers that were paid for once: a job that runs again gets the same words and pictures.
//!
//! An answer lies under the digest of its question, in a folder of its own with a size that it
//! does not outgrow: the longest unused go first. A file that is damaged is as good as none.
//! Never: a failure. Without its folder a job only asks again.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::domain::asset::ContentDigest;
use crate::domain::ids::AssetId;

/// More would make the start, which counts them, slow.
const MAX_FILES: usize = 20_000;

/// An answer's digest in hex, and the line's end.
const HEAD_BYTES: usize = 65;

#[derive(Debug)]
pub(super) struct Cache {
    root: PathBuf,
    limit: u64,
    size: Mutex<Size>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Size {
    files: usize,
    bytes: u64,
}

struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

impl Cache {
    /// Opens the folder, making it (mode 0700) when it is missing; `None` when nothing is kept.
    pub(super) fn open(root: &Path, limit: u64) -> io::Result<Option<Self>> {
        if limit == 0 {
            return Ok(None);
        }
        let incoming = root.join("incoming");
        // What a killed process left there is half an answer.
        match fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        DirBuilder::new().mode(0o700).recursive(true).create(&incoming)?;
        let cache = Self { root: root.to_owned(), limit, size: Mutex::default() };
        let kept = cache.kept();
        let bytes = kept.iter().map(|kept| kept.bytes).sum();
        *cache.lock() = Size { files: kept.len(), bytes };
        Ok(Some(cache))
    }

    /// The answer to the question, if it was kept.
    pub(super) fn find(&self, question: &ContentDigest) -> Option<Vec<u8>> {
        let path = self.path_of(question);
        let mut bytes = fs::read(&path).ok()?;
        let head = bytes.get(..HEAD_BYTES)?.to_owned();
        bytes.drain(..HEAD_BYTES);
        if head != head_of(&bytes).as_bytes() {
            tracing::warn!(%question, "a kept answer of a model is damaged");
            return None;
        }
        // Only so that it is not the first to go.
        drop(File::open(&path).and_then(|file| Ok(rustix::fs::futimens(&file, &now())?)));
        Some(bytes)
    }

    /// Keeps the answer to a question, and lets go of the longest unused when there is no room.
    pub(super) fn keep(&self, question: &ContentDigest, answer: &[u8]) {
        let bytes = (answer.len() + HEAD_BYTES) as u64;
        if bytes > self.limit / 4 {
            return;
        }
        if let Err(error) = self.write(question, answer) {
            tracing::warn!(%error, "a model's answer is not kept");
            return;
        }
        let mut size = self.lock();
        size.files += 1;
        size.bytes += bytes;
        if size.bytes > self.limit || size.files > MAX_FILES {
            *size = self.make_room();
        }
    }

    fn write(&self, question: &ContentDigest, answer: &[u8]) -> io::Result<()> {
        let path = self.path_of(question);
        let bucket = path.parent().expect("a kept answer lies in a bucket");
        DirBuilder::new().mode(0o700).recursive(true).create(bucket)?;
        let temporary = self.root.join("incoming").join(AssetId::mint().to_string());
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        // It is not synced: after a power cut the digest tells, and the job asks again.
        file.write_all(head_of(answer).as_bytes())?;
        file.write_all(answer)?;
        fs::rename(&temporary, &path)
    }

    /// Removes the longest unused until a quarter is free, and says what is left.
    fn make_room(&self) -> Size {
        let mut kept = self.kept();
        kept.sort_unstable_by_key(|kept| kept.used);
        let mut size = Size { files: kept.len(), bytes: kept.iter().map(|kept| kept.bytes).sum() };
        for Kept { path, bytes, used: _ } in kept {
            if size.bytes <= self.limit / 4 * 3 && size.files <= MAX_FILES / 4 * 3 {
                break;
            }
            if fs::remove_file(path).is_ok() {
                size.files -= 1;
                size.bytes -= bytes;
            }
        }
        size
    }

    /// All kept answers. What cannot be looked at is not counted, and not removed.
    fn kept(&self) -> Vec<Kept> {
        let inside = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
        inside(&self.root)
            .filter(|bucket| bucket.file_name() != "incoming")
            .flat_map(|bucket| inside(&bucket.path()))
            .filter_map(|file| {
                let metadata = file.metadata().ok()?;
                let used = metadata.modified().ok()?;
                Some(Kept { path: file.path(), bytes: metadata.len(), used })
            })
            .collect()
    }

    fn path_of(&self, question: &ContentDigest) -> PathBuf {
        let name = question.to_string();
        self.root.join(&name[..2]).join(name)
    }

    fn lock(&self) -> MutexGuard<'_, Size> {
        self.size.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn head_of(answer: &[u8]) -> String {
    format!("{}\n", ContentDigest::of(answer))
}

fn now() -> rustix::fs::Timestamps {
    let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
    rustix::fs::Timestamps { last_access: now, last_modification: now }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn question(number: u32) -> ContentDigest {
        ContentDigest::of(&number.to_be_bytes())
    }

    fn open(dir: &Path, limit: u64) -> Cache {
        Cache::open(dir, limit).expect("opens").expect("it keeps")
    }

    #[test]
    fn an_answer_is_found_again_also_by_the_next_process() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path().join("models");
        let cache = open(&root, 1 << 20);
        assert_eq!(cache.find(&question(1)), None);
        cache.keep(&question(1), b"neap");
        assert_eq!(cache.find(&question(1)).as_deref(), Some(b"neap".as_slice()));
        let cache = open(&root, 1 << 20);
        assert_eq!(cache.find(&question(1)).as_deref(), Some(b"neap".as_slice()));
        assert_eq!(cache.lock().bytes, 4 + HEAD_BYTES as u64);
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&cache.path_of(&question(1)))), (0o700, 0o600));
    }

    #[test]
    fn a_damaged_answer_is_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = open(dir.path(), 1 << 20);
        cache.keep(&question(1), b"neap");
        let path = cache.path_of(&question(1));
        let mut bytes = fs::read(&path).expect("there");
        *bytes.last_mut().expect("a byte") = b'x';
        fs::write(&path, bytes).expect("damaged");
        assert_eq!(cache.find(&question(1)), None);
        fs::write(&path, b"x").expect("cut");
        assert_eq!(cache.find(&question(1)), None);
        cache.keep(&question(1), b"neap");
        assert!(cache.find(&question(1)).is_some());
    }

    #[test]
    fn it_does_not_outgrow_its_limit_and_the_longest_unused_go_first() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = open(dir.path(), 1_000);
        for number in 0..5 {
            cache.keep(&question(number), &[0; 100]);
            // The file system's clock may be too coarse to tell them apart.
            let age = std::time::Duration::from_secs(100 - u64::from(number));
            let file = File::options().append(true).open(cache.path_of(&question(number)));
            let used = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000) - age;
            file.expect("there").set_modified(used).expect("aged");
        }
        assert!(cache.find(&question(0)).is_some(), "used again, and so young");
        for number in 5..20 {
            cache.keep(&question(number), &[0; 100]);
            assert!(cache.lock().bytes <= 1_000);
            assert!(cache.kept().iter().map(|kept| kept.bytes).sum::<u64>() <= 1_000);
            if number == 6 {
                assert!(cache.find(&question(0)).is_some());
                assert!(cache.find(&question(1)).is_none());
            }
        }
        cache.keep(&question(99), &[0; 400]);
        assert!(cache.find(&question(99)).is_none(), "too large for this folder");
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path().join("models");
        assert!(Cache::open(&root, 0).expect("no fault").is_none());
        assert!(!root.exists());
    }
}
