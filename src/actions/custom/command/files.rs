//! The files that a command left: each becomes an asset of the job.
//!
//! Regular files only, found by walking the directory; links lead nowhere. Never: a file outside
//! the directory, or more files or bytes than the configuration allows.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::actions::custom::mime;
use crate::assets::{AssetError, AssetStore};
use crate::domain::asset::{AttemptFile, FileRoom};
use crate::domain::ids::OrgId;
use crate::domain::job::Write;

/// How deep directories may lie in each other.
const MAX_DEPTH: usize = 8;

/// Why files could not be kept.
#[derive(Debug, thiserror::Error)]
pub(in crate::actions::custom) enum FilesError {
    /// More than the configuration allows.
    #[error("more than {0} files")]
    TooMany(usize),
    /// More than the configuration allows.
    #[error("files of more than {0} bytes")]
    TooLarge(u64),
    /// The file system refused.
    #[error("cannot read a file: {0}")]
    Io(#[from] io::Error),
    /// The asset store refused.
    #[error(transparent)]
    Assets(#[from] AssetError),
}

/// Files with the names that whoever made them gave them.
#[derive(Debug, Default)]
pub(in crate::actions::custom) struct Files {
    told: Vec<Value>,
    writes: Vec<Write>,
    bytes: u64,
}

impl Files {
    /// Keeps one more of the organization's.
    pub(in crate::actions::custom) fn put(
        &mut self,
        org: OrgId,
        name: &str,
        bytes: &[u8],
        room: FileRoom,
        assets: &Arc<AssetStore>,
    ) -> Result<(), FilesError> {
        if self.writes.len() >= room.files {
            return Err(FilesError::TooMany(room.files));
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > room.bytes {
            return Err(FilesError::TooLarge(room.bytes));
        }
        let (mime_type, size) = mime::of(name, bytes);
        let digest = assets.put(bytes)?;
        let (name, mime_type) = (name.to_owned(), mime_type.to_owned());
        let file = AttemptFile { name, digest, mime_type, bytes: bytes.len() as u64, size };
        self.told.push(file.told(org));
        self.writes.push(Write::Asset(file.into_asset(org)));
        Ok(())
    }

    /// What the result says of them, unless there are none; and the rows to write.
    pub(in crate::actions::custom) fn into_parts(self) -> (Option<Value>, Vec<Write>) {
        let told = (!self.told.is_empty()).then_some(Value::Array(self.told));
        (told, self.writes)
    }
}

/// Keeps the files below `directory`, by their names.
pub(super) fn collect(
    directory: &Path,
    org: OrgId,
    room: FileRoom,
    assets: &Arc<AssetStore>,
) -> Result<Files, FilesError> {
    let mut files = Files::default();
    walk(directory, "", 0, &mut |name, path| {
        let size = fs::symlink_metadata(path)?.len();
        if files.bytes + size > room.bytes {
            return Err(FilesError::TooLarge(room.bytes));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(room.bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        files.put(org, name, &bytes, room, assets)
    })?;
    Ok(files)
}

fn walk(
    directory: &Path,
    prefix: &str,
    depth: usize,
    take: &mut dyn FnMut(&str, &Path) -> Result<(), FilesError>,
) -> Result<(), FilesError> {
    let mut entries: Vec<_> = fs::read_dir(directory)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_file() {
            take(&name, &entry.path())?;
        } else if kind.is_dir() && depth < MAX_DEPTH {
            walk(&entry.path(), &format!("{name}/"), depth + 1, take)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(files: usize, bytes: u64) -> FileRoom {
        FileRoom { files, bytes }
    }

    #[test]
    fn regular_files_are_kept_and_links_are_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let assets = Arc::new(AssetStore::open(&dir.path().join("assets")).expect("opens"));
        let (left, org) = (dir.path().join("left"), OrgId::mint());
        fs::create_dir_all(left.join("b")).expect("made");
        fs::write(left.join("a.txt"), "hello").expect("written");
        fs::write(left.join("b/c.json"), "{}").expect("written");
        std::os::unix::fs::symlink("/etc/passwd", left.join("d")).expect("linked");
        let (told, writes) = collect(&left, org, room(2, 7), &assets).expect("fits").into_parts();
        let told = told.expect("two files");
        assert_eq!(
            (told[0]["name"].as_str(), told[1]["name"].as_str()),
            (Some("a.txt"), Some("b/c.json"))
        );
        assert_eq!((told[0]["mime_type"].as_str(), writes.len()), (Some("text/plain"), 2));
        assert!(matches!(collect(&left, org, room(1, 7), &assets), Err(FilesError::TooMany(1))));
        assert!(matches!(collect(&left, org, room(2, 6), &assets), Err(FilesError::TooLarge(6))));
    }
}
