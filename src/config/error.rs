//! Why a configuration could not be read. Each message names the place, the key, and what is right.

use std::io;
use std::path::PathBuf;

/// Why a configuration could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there, or not for us.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is no TOML.
    #[error("{origin}: {message}")]
    Syntax {
        /// File and line.
        origin: String,
        /// What the parser said.
        message: String,
    },
    /// A key that means nothing.
    #[error("{origin}: no key `{key}`; {hint}")]
    UnknownKey {
        /// File and line.
        origin: String,
        /// The whole key.
        key: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
    /// A value that the key cannot have.
    #[error("{origin}: `{key}`: {message}")]
    Value {
        /// File and line, variable or flag.
        origin: String,
        /// The whole key.
        key: String,
        /// What is wrong.
        message: String,
    },
}
