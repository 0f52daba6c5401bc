//! Backups: a directory with a copy of the database and of every file that it names.
//!
//! Made beside a running server, of one moment. Files are copied before the database and, those
//! that came meanwhile, after it, so that none is missed that goes away in between. What says that
//! a backup is whole is written last, and so is the database of a restored directory: what was
//! broken off is never taken for whole. Never: the key that seals secrets, which would open the
//! backup to whoever finds it.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::app::{DataDir, DataDirError};
use crate::assets::{AssetError, AssetStore};
use crate::domain::asset::ContentDigest;
use crate::domain::clock::Clock;
use crate::store::StoreError;
use crate::store::sqlite::{self, FILE_NAME};

/// The file that says that a backup is whole, and what is in it.
const MANIFEST: &str = "backup.json";

/// How a backup is laid out. A directory of another layout is refused.
const LAYOUT: u32 = 1;

/// Files of a data directory that a backup leaves out, and that a restored one may need.
pub const LEFT_OUT: [&str; 1] = [DataDir::SECRET_KEY];

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("there is no database in {}", _0.display())]
    NoDatabase(PathBuf),
    /// The place is taken.
    #[error("{} is not empty: name a directory that is new or empty", _0.display())]
    NotEmpty(PathBuf),
    /// It would be a part of what it keeps.
    #[error("{} lies in the data directory, which is emptied in parts: name another", _0.display())]
    Within(PathBuf),
    /// It is no backup, or one that was broken off.
    #[error("{} is no whole backup: it has no readable {MANIFEST}", _0.display())]
    NotWhole(PathBuf),
    /// It is laid out in a way that this binary does not know.
    #[error("the backup has layout {0}; this binary knows {LAYOUT}: use a newer `tidemill`")]
    Layout(u32),
    /// Its database is another one than it tells of.
    #[error(
        "the backup's database has schema {found}, and {MANIFEST} tells of {told}: one of them \
             was changed"
    )]
    Changed {
        /// The schema of the database.
        found: i64,
        /// What it should be.
        told: i64,
    },
    /// The data directory is taken or unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files refuse.
    #[error("{0}{of}", of = cause(.0))]
    Assets(#[from] AssetError),
    /// The file system refuses.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

fn cause(error: &AssetError) -> String {
    std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default()
}

/// How far a backup or its restoration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupStage {
    /// So many of so many bytes of the database are copied.
    Database(u64, u64),
    /// So many of so many files are copied.
    Files(u64, u64),
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupContents {
    layout: u32,
    /// The version of Tidemill that made it.
    pub version: String,
    /// When, in ISO 8601.
    pub made_at: String,
    /// The database's schema.
    pub schema: i64,
    /// The size of the database.
    pub database_bytes: u64,
    /// How many files.
    pub files: u64,
    /// Their sizes together.
    pub file_bytes: u64,
}

/// What became of a backup or of its restoration.
#[derive(Clone, Debug)]
pub struct BackupOutcome {
    /// What is there now.
    pub contents: BackupContents,
    /// Files that the database names and that are missing or damaged where they should be.
    pub lost: Vec<ContentDigest>,
}

/// Copies what is in `data_dir` at this moment into `to`, which must be new or empty.
pub fn back_up(
    data_dir: &Path,
    to: &Path,
    clock: &Clock,
    told: &mut dyn FnMut(BackupStage),
) -> Result<BackupOutcome, BackupError> {
    let database = data_dir.join(FILE_NAME);
    if !database.exists() {
        return Err(BackupError::NoDatabase(data_dir.to_owned()));
    }
    if lies_in(to, data_dir) {
        return Err(BackupError::Within(to.to_owned()));
    }
    make_empty(to)?;
    let source = AssetStore::open(&DataDir::assets_of(data_dir))?;
    let mut files = Copying::new(&source, AssetStore::open(&DataDir::assets_of(to))?);
    // What is gone by now, and what is damaged, is asked for again below.
    drop(files.copy_all(&sqlite::named_contents(&database)?, told)?);
    let copy = to.join(FILE_NAME);
    make_file(&copy)?;
    sqlite::copy_database(data_dir, &copy, &mut |done, all| {
        told(BackupStage::Database(done, all));
    })?;
    let named = sqlite::named_contents(&copy)?;
    let lost = files.copy_all(&named, told)?;
    files.keep_only(&named)?;
    let contents = BackupContents {
        layout: LAYOUT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: clock.now().iso(),
        schema: sqlite::check_database(&copy)?,
        database_bytes: size_of(&copy)?,
        files: files.copied.len() as u64,
        file_bytes: files.bytes,
    };
    write_manifest(to, &contents)?;
    Ok(BackupOutcome { contents, lost })
}

/// Makes the data directory at `data_dir`, which must be new or empty, of the backup at `from`.
pub fn restore(
    from: &Path,
    data_dir: &Path,
    told: &mut dyn FnMut(BackupStage),
) -> Result<BackupOutcome, BackupError> {
    let contents = read_manifest(from)?;
    let database = from.join(FILE_NAME);
    let schema = sqlite::check_database(&database)?;
    if schema != contents.schema {
        return Err(BackupError::Changed { found: schema, told: contents.schema });
    }
    if !is_empty(data_dir)? {
        return Err(BackupError::NotEmpty(data_dir.to_owned()));
    }
    let taken = DataDir::take(data_dir)?;
    let source = AssetStore::open(&DataDir::assets_of(from))?;
    let mut files = Copying::new(&source, AssetStore::open(&taken.assets())?);
    let lost = files.copy_all(&sqlite::named_contents(&database)?, told)?;
    let half = data_dir.join("tidemill.sqlite.restoring");
    make_file(&half)?;
    sqlite::copy_database(from, &half, &mut |done, all| told(BackupStage::Database(done, all)))?;
    let restored = data_dir.join(FILE_NAME);
    fs::rename(&half, &restored).map_err(failed(&restored))?;
    sync_dir(data_dir)?;
    let contents = BackupContents {
        schema,
        database_bytes: size_of(&restored)?,
        files: files.copied.len() as u64,
        file_bytes: files.bytes,
        ..contents
    };
    Ok(BackupOutcome { contents, lost })
}

/// Files on their way from one store to another, each compared with its digest.
struct Copying<'a> {
    from: &'a AssetStore,
    to: AssetStore,
    copied: BTreeSet<ContentDigest>,
    bytes: u64,
}

impl<'a> Copying<'a> {
    fn new(from: &'a AssetStore, to: AssetStore) -> Self {
        Self { from, to, copied: BTreeSet::new(), bytes: 0 }
    }

    /// Copies those that are not there yet; answers those that cannot be had.
    fn copy_all(
        &mut self,
        digests: &[ContentDigest],
        told: &mut dyn FnMut(BackupStage),
    ) -> Result<Vec<ContentDigest>, BackupError> {
        let mut lost = Vec::new();
        for (place, digest) in (1..).zip(digests) {
            if !self.copied.contains(digest) {
                match self.from.read(digest) {
                    Ok(bytes) => {
                        self.to.put(&bytes)?;
                        self.copied.insert(*digest);
                        self.bytes += bytes.len() as u64;
                    }
                    Err(AssetError::Missing(_) | AssetError::Damaged(_)) => lost.push(*digest),
                    Err(error) => return Err(error.into()),
                }
            }
            told(BackupStage::Files(place, digests.len() as u64));
        }
        Ok(lost)
    }

    /// Removes what turned out not to belong to the moment of the backup.
    fn keep_only(&mut self, named: &[ContentDigest]) -> Result<(), BackupError> {
        let named: BTreeSet<&ContentDigest> = named.iter().collect();
        let surplus: Vec<ContentDigest> =
            self.copied.iter().filter(|digest| !named.contains(digest)).copied().collect();
        for digest in surplus {
            self.bytes -= self.to.read(&digest)?.len() as u64;
            self.to.remove(&digest)?;
            self.copied.remove(&digest);
        }
        Ok(())
    }
}

/// Whether `path`, which need not be there yet, is at or below `directory`.
fn lies_in(path: &Path, directory: &Path) -> bool {
    let Ok(path) = std::path::absolute(path) else { return false };
    let nearest = path.ancestors().find_map(|known| known.canonicalize().ok());
    let directory = directory.canonicalize();
    nearest.zip(directory.ok()).is_some_and(|(path, directory)| path.starts_with(directory))
}

fn make_empty(path: &Path) -> Result<(), BackupError> {
    if !is_empty(path)? {
        return Err(BackupError::NotEmpty(path.to_owned()));
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed(path))
}

/// Whether there is nothing at `path`, or an empty directory.
fn is_empty(path: &Path) -> Result<bool, BackupError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Makes an empty file that only its owner may read; SQLite keeps the mode.
fn make_file(path: &Path) -> Result<(), BackupError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.map(drop).map_err(failed(path))
}

fn size_of(path: &Path) -> Result<u64, BackupError> {
    fs::metadata(path).map(|meta| meta.len()).map_err(failed(path))
}

fn write_manifest(dir: &Path, contents: &BackupContents) -> Result<(), BackupError> {
    let path = dir.join(MANIFEST);
    let text = serde_json::to_string_pretty(contents).expect("plain values have a JSON text");
    let written = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    sync_dir(dir)?;
    written().map_err(failed(&path))?;
    sync_dir(dir)
}

fn read_manifest(dir: &Path) -> Result<BackupContents, BackupError> {
    let not_whole = || BackupError::NotWhole(dir.to_owned());
    let text = fs::read(dir.join(MANIFEST)).map_err(|_| not_whole())?;
    let contents: BackupContents = serde_json::from_slice(&text).map_err(|_| not_whole())?;
    match contents.layout {
        LAYOUT => Ok(contents),
        other => Err(BackupError::Layout(other)),
    }
}

fn sync_dir(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path: path.clone(), source }
}
