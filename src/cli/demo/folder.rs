//! Where the demo leaves its files.

use std::io;
use std::path::{Path, PathBuf};

/// How many folders of earlier demos are passed by before giving up.
const MAX_FOLDERS: u32 = 1_000;

/// A folder that can be written to.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, made where it is not there. Files of earlier demos are replaced.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self(path.to_owned()))
    }

    /// A new folder in the current directory, where a person looks first; in the system's
    /// temporary directory where the current one cannot be written to.
    pub(super) fn fresh() -> io::Result<Self> {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        match Self::fresh_in(Path::new("")) {
            Err(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => {
                Self::fresh_in(&std::env::temp_dir())
            }
            made => made,
        }
    }

    fn fresh_in(parent: &Path) -> io::Result<Self> {
        for number in 1..=MAX_FOLDERS {
            let path = parent.join(format!("tidemill-demo-{number}"));
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        let message = format!("there are {MAX_FOLDERS} of earlier demos; name one with --out");
        Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
    }

    /// Writes a file and returns its path.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        std::fs::write(&path, content)?;
        Ok(path)
    }

    /// The whole path, links resolved, so that it can be opened from anywhere.
    pub(super) fn path(&self) -> PathBuf {
        self.0.canonicalize().unwrap_or_else(|_| self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_has_a_folder_of_its_own() {
        let place = tempfile::tempdir().expect("a directory");
        let one = Folder::fresh_in(place.path()).expect("made");
        let two = Folder::fresh_in(place.path()).expect("made");
        assert_eq!(one.0, place.path().join("tidemill-demo-1"));
        assert_eq!(two.0, place.path().join("tidemill-demo-2"));
    }

    #[test]
    fn a_named_folder_is_made_and_its_files_are_replaced() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("a").join("b");
        for content in ["longer", "short"] {
            let folder = Folder::at(&path).expect("made");
            let file = folder.write("x.svg", content.as_bytes()).expect("written");
            assert_eq!(std::fs::read_to_string(file).expect("there"), content);
        }
        assert!(Folder::at(&path.join("x.svg")).is_err());
    }
}
