//! A git repository, read through its objects and references alone.
//!
//! [`GitRepository::open`] refuses what borrows from outside; [`History`] says which commits lie
//! in a window and on which branches; `read` makes events of them, `snapshot` looks at the tree.
//! Never: a hook, a filter, an external program, a work tree's files, or settings from outside.

mod commit;
mod difference;
mod guard;
mod history;
mod remote;
mod snapshot;

use std::path::Path;

use crate::domain::activity::{EventSource, Place, Repository};
use crate::sources::SourceError;

pub use history::{FoundCommit, History};
pub use snapshot::{NotedLine, SnapshotRequest};

/// Decoded objects that are kept at hand while trees are compared: neighbours share most of them.
const OBJECT_CACHE_BYTES: usize = 32 << 20;

/// The largest object that is ever held: a directory of a million entries. One that says it is
/// larger is damage, whatever it would come to.
const MAX_OBJECT: &str = "gitoxide.objects.allocLimit=64m";

/// A repository, open for reading.
pub struct GitRepository {
    git: gix::Repository,
    source: EventSource,
    place: Place,
    /// Where its commits can be looked at, such as `https://github.com/acme/mill`.
    web: Option<String>,
}

impl GitRepository {
    /// Opens the repository at `path`, which was resolved and is granted.
    pub fn open(path: &Path, wanted: &Repository) -> Result<Self, SourceError> {
        let git_dir = guard::find_git_dir(path)?;
        guard::check(&git_dir)?;
        let options = gix::open::Options::isolated()
            .open_path_as_is(true)
            .config_overrides([MAX_OBJECT])
            // Whose it is was asked just before.
            .with(gix::sec::Trust::Full);
        let mut git =
            gix::open_opts(&git_dir, options).map_err(|error| guard::unopened(&git_dir, &error))?;
        git.object_cache_size(OBJECT_CACHE_BYTES);
        let remote = remote::Remote::of(&git);
        let name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let label = remote.as_ref().map_or_else(name, |remote| remote.path.clone());
        Ok(Self {
            source: wanted.source.unwrap_or_else(|| {
                remote
                    .as_ref()
                    .map_or(EventSource::GIT, |remote| EventSource::of_host(&remote.host))
            }),
            place: Place { id: label.clone(), label },
            web: remote.and_then(|remote| remote.web()),
            git,
        })
    }

    /// What its commits' events are called.
    pub fn source(&self) -> EventSource {
        self.source
    }

    /// The short name of the branch that `trunk` is; empty when it is none.
    fn default_branch(&self) -> String {
        self.trunk().ok().flatten().map(|(_, name)| name).unwrap_or_default()
    }
}

impl std::fmt::Debug for GitRepository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitRepository").field("place", &self.place).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
#[path = "../../../tests/api/repository.rs"]
mod repository;
#[cfg(test)]
mod trials;
