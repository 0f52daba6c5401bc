//! A directory of an attempt's own: the input lies in it, the command begins in it, and it leaves
//! files in it. It goes with the attempt; one that a killed server left is swept at the next start.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::domain::ids::mint_secret;

/// The directory; dropped, it is removed.
#[derive(Debug)]
pub(super) struct Desk(PathBuf);

impl Desk {
    /// Makes one below `scratch`, for its owner only.
    pub(super) fn make(scratch: &Path, input: &[u8]) -> io::Result<Self> {
        let desk = Self(scratch.join(mint_secret()));
        let mut make = DirBuilder::new();
        make.mode(0o700).recursive(true);
        for directory in [desk.assets(), desk.work()] {
            make.create(directory)?;
        }
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(desk.input())?;
        file.write_all(input)?;
        Ok(desk)
    }

    /// The file with the input.
    pub(super) fn input(&self) -> PathBuf {
        self.0.join("input.json")
    }

    /// Where the command leaves files.
    pub(super) fn assets(&self) -> PathBuf {
        self.0.join("assets")
    }

    /// Where it begins unless the configuration names a directory.
    pub(super) fn work(&self) -> PathBuf {
        self.0.join("work")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "a command's directory could not be removed");
        }
    }
}

/// Removes what a server that was killed left below `scratch`.
pub(in crate::actions::custom) fn sweep(scratch: &Path) -> io::Result<()> {
    match fs::remove_dir_all(scratch) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
