//! Why something on this machine could not be read.

/// Why something on this machine could not be read. The texts name no path beside the one that
/// was asked for: they are shown to clients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is nothing, or this process may not see it.
    #[error("the path is not there, or cannot be read")]
    NotThere,
    /// It lies outside of what was granted.
    #[error("the path lies outside of what `[activity] roots` grants to this organization")]
    NotGranted,
    /// It is no repository.
    #[error("the path is no git repository")]
    NoRepository,
    /// It belongs to somebody else.
    #[error("the repository belongs to another user than the one that runs this server")]
    Foreign,
    /// It needs what lies elsewhere.
    #[error("the repository borrows from outside of it ({0}), which is refused")]
    Borrows(&'static str),
    /// It is larger than what is read.
    #[error("{0}")]
    TooLarge(String),
    /// It is not what it was said to be.
    #[error("{0}")]
    Malformed(String),
    /// The reading was told to stop.
    #[error("the reading was stopped before its end")]
    Stopped,
}

impl SourceError {
    /// A part of a repository that cannot be read.
    pub(super) fn damaged(error: impl std::fmt::Display) -> Self {
        Self::Malformed(format!("the repository cannot be read: {error}"))
    }
}
