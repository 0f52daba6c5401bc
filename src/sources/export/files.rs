//! The files of an export: one file, a folder, or a zip file, all asked alike.
//!
//! Names are compared and shown, never joined to a path that they could leave: links are not
//! followed, and nothing of an archive is written anywhere.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::domain::clock::Timestamp;
use crate::sources::SourceError;

/// Files of one export: a large workspace's ten years, a file a channel and day.
const MAX_FILES: usize = 200_000;

/// Folders within folders.
const MAX_DEPTH: usize = 24;

/// The longest file that is read whole, in bytes.
const MAX_WHOLE_BYTES: u64 = 64 << 20;

/// The longest file that is read piece by piece, in bytes.
const MAX_STREAMED_BYTES: u64 = 4 << 30;

/// Bytes that all files of an archive have together: it may say less than it unpacks to.
const MAX_ARCHIVE_BYTES: u64 = 4 << 30;

/// The files of an export.
pub(super) enum Files {
    /// On disk: names below the root, with where they lie.
    Disk(Vec<(String, PathBuf)>),
    /// In an archive: names, with how many bytes it may still give.
    Archive { archive: Box<ZipArchive<BufReader<File>>>, names: Vec<String>, left: u64 },
}

impl Files {
    /// The files at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, SourceError> {
        let found = std::fs::metadata(path).map_err(|_| SourceError::NotThere)?;
        if found.is_dir() {
            let mut files = Vec::new();
            walk(path, "", 0, &mut files)?;
            files.sort();
            return Ok(Self::Disk(files));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = File::open(path).map_err(|_| SourceError::NotThere)?;
        if !has_extension(&name, "zip") {
            return Ok(Self::Disk(vec![(name, path.to_owned())]));
        }
        let archive =
            ZipArchive::new(BufReader::new(file)).map_err(|error| not_an_archive(&error))?;
        if archive.len() > MAX_FILES {
            return Err(too_many());
        }
        let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
        let mut names: Vec<String> = names.collect();
        names.retain(|name| !name.ends_with('/'));
        names.sort();
        Ok(Self::Archive { archive: Box::new(archive), names, left: MAX_ARCHIVE_BYTES })
    }

    /// The names of the files with one of these extensions, in order.
    pub(super) fn names(&self, extensions: &[&str]) -> Vec<String> {
        let wanted = |name: &&str| extensions.iter().any(|end| has_extension(name, end));
        match self {
            Self::Disk(files) => files
                .iter()
                .map(|(name, _)| name.as_str())
                .filter(wanted)
                .map(str::to_owned)
                .collect(),
            Self::Archive { names, .. } => {
                names.iter().map(String::as_str).filter(wanted).map(str::to_owned).collect()
            }
        }
    }

    /// A file's bytes; the error is for people.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.reader(name)?
            .take(MAX_WHOLE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("it cannot be read: {error}"))?;
        if bytes.len() as u64 > MAX_WHOLE_BYTES {
            return Err(format!("it is longer than {} MiB", MAX_WHOLE_BYTES >> 20));
        }
        Ok(bytes)
    }

    /// A file's text, whatever in it is no UTF-8 replaced.
    pub(super) fn text(&mut self, name: &str) -> Result<String, String> {
        let bytes = self.bytes(name)?;
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// A file, to be read piece by piece.
    pub(super) fn reader(&mut self, name: &str) -> Result<Box<dyn Read + '_>, String> {
        let gone = || "it is not there any more".to_owned();
        match self {
            Self::Disk(files) => {
                let place = files.binary_search_by(|(known, _)| known.as_str().cmp(name));
                let (_, path) = &files[place.map_err(|_| gone())?];
                let file =
                    File::open(path).map_err(|error| format!("it cannot be read: {error}"))?;
                Ok(Box::new(BufReader::new(file.take(MAX_STREAMED_BYTES))))
            }
            Self::Archive { archive, left, .. } => {
                let file =
                    archive.by_name(name).map_err(|error| format!("the archive: {error}"))?;
                Ok(Box::new(BufReader::new(Spending { file, left })))
            }
        }
    }

    /// When a file was last changed, if that is known.
    pub(super) fn changed_at(&self, name: &str) -> Option<Timestamp> {
        let Self::Disk(files) = self else { return None };
        let place = files.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        let changed = std::fs::metadata(&files[place].1).ok()?.modified().ok()?;
        let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(Timestamp::from_ms(i64::try_from(since.as_millis()).ok()?))
    }
}

/// Reads a file of an archive while the archive may still give something.
struct Spending<'a, R> {
    file: R,
    left: &'a mut u64,
}

impl<R: Read> Read for Spending<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        let spent = self.left.checked_sub(read as u64);
        *self.left = spent.ok_or_else(|| {
            let most = MAX_ARCHIVE_BYTES >> 30;
            std::io::Error::other(format!("the archive unpacks to more than {most} GiB"))
        })?;
        Ok(read)
    }
}

fn walk(
    folder: &Path,
    name: &str,
    depth: usize,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), SourceError> {
    if depth > MAX_DEPTH {
        let message = format!("folders lie deeper in each other than {MAX_DEPTH}");
        return Err(SourceError::TooLarge(message));
    }
    let entries = std::fs::read_dir(folder).map_err(|_| SourceError::NotThere)?;
    for entry in entries.filter_map(Result::ok) {
        let Ok(kind) = entry.file_type() else { continue };
        let own = entry.file_name().to_string_lossy().into_owned();
        let name = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
        if kind.is_dir() && !own.starts_with('.') {
            walk(&entry.path(), &name, depth + 1, files)?;
        } else if kind.is_file() {
            files.push((name, entry.path()));
        }
        if files.len() > MAX_FILES {
            return Err(too_many());
        }
    }
    Ok(())
}

fn too_many() -> SourceError {
    SourceError::TooLarge(format!("it has more than {MAX_FILES} files"))
}

fn not_an_archive(error: &zip::result::ZipError) -> SourceError {
    SourceError::Malformed(format!("it is no zip file that can be read: {error}"))
}

/// Whether a file's name ends so, in any case.
pub(super) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
}
