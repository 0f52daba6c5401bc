//! Where fonts lie beside those that the program carries.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[fonts]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FontsConfig {
    /// Folders that are looked through for a character which no other font has.
    pub dirs: Vec<PathBuf>,
}

impl Default for FontsConfig {
    fn default() -> Self {
        Self { dirs: vec![PathBuf::from("/usr/share/fonts")] }
    }
}
