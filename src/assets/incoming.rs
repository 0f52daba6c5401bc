//! A file that comes piece by piece, such as a long upload: it is on its way to the disk before its
//! end is known. Never: a part of it under the name of a content.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::{AssetError, AssetStore, sync_dir};
use crate::domain::asset::ContentDigest;
use crate::domain::ids::AssetId;

/// How much of the beginning is kept in memory: it tells what the file is.
const HEAD_BYTES: usize = 1 << 20;

/// A file on its way. Dropped before it is kept, it leaves nothing behind.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: PathBuf,
    digest: Sha256,
    bytes: u64,
    head: Vec<u8>,
}

impl AssetStore {
    /// Makes room for a file that is yet to come.
    pub fn begin(&self) -> Result<Incoming, AssetError> {
        let path = self.incoming().join(AssetId::mint().to_string());
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path);
        Ok(Incoming {
            file: file.map_err(|error| AssetError::from_io("write a file", error))?,
            path,
            digest: Sha256::new(),
            bytes: 0,
            head: Vec::new(),
        })
    }

    /// Stores what came and returns its name. When this returns, the file survives a power cut.
    pub fn keep(&self, incoming: &Incoming) -> Result<ContentDigest, AssetError> {
        let failed = |error| AssetError::from_io("write a file", error);
        incoming.file.sync_all().map_err(failed)?;
        let digest = ContentDigest::from_bytes(incoming.digest.clone().finalize().into());
        let path = self.path_of(&digest);
        let bucket = path.parent().expect("a stored file lies in a bucket");
        self.create_bucket(bucket)?;
        {
            // An equal file that is there already is replaced: whoever reads it goes on reading.
            let _names = self.hold_names();
            fs::rename(&incoming.path, &path).map_err(failed)?;
        }
        sync_dir(bucket)?;
        Ok(digest)
    }
}

impl Incoming {
    /// Adds the next piece.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), AssetError> {
        let written = self.file.write_all(piece);
        written.map_err(|error| AssetError::from_io("write a file", error))?;
        self.digest.update(piece);
        self.bytes += piece.len() as u64;
        let room = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&piece[..piece.len().min(room)]);
        Ok(())
    }

    /// How long it is so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How it begins.
    pub fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Nothing is there any more once it was kept.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_in_pieces_is_what_it_would_be_in_one() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let store = AssetStore::open(dir.path()).expect("the store opens");
        for _ in 0..2 {
            let mut incoming = store.begin().expect("begun");
            incoming.write(b"spring ").expect("written");
            incoming.write(b"tide").expect("written");
            assert_eq!((incoming.bytes(), incoming.head()), (11, &b"spring tide"[..]));
            let digest = store.keep(&incoming).expect("kept");
            assert_eq!(digest, ContentDigest::of(b"spring tide"));
            drop(incoming);
            assert_eq!(store.read(&digest).expect("read"), b"spring tide");
        }
        drop(store.begin().expect("begun"));
        assert_eq!(fs::read_dir(store.incoming()).expect("incoming").count(), 0);
    }
}
