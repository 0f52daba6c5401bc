//! How the database is read.

use serde::{Deserialize, Serialize};

use crate::config::Findings;

/// `[storage]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// Connections that read; there is always one that writes.
    pub readers: u32,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self { readers: 4 }
    }
}

/// Each reader keeps a page cache of its own.
const MAX_READERS: u32 = 64;

impl StorageConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { readers } = self;
        if !(1..=MAX_READERS).contains(readers) {
            findings.error("storage.readers", format!("{readers} is not in 1 to {MAX_READERS}"));
        }
    }
}
