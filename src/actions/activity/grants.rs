//! Which directories are read for whom.
//!
//! A client names a repository below a root that the operator granted to its organization; what
//! the operator names is its own permission. Never: a path compared before it is resolved.

use std::path::{Path, PathBuf};

use crate::domain::activity::Repository;
use crate::domain::ids::OrgId;
use crate::sources::git::GitRepository;
use crate::sources::{SourceError, inside, resolve};

/// What the operator's configuration grants.
#[derive(Clone, Debug, Default)]
pub struct RepositoryGrants {
    /// Roots, each with the organization that may name what lies below.
    pub roots: Vec<(OrgId, PathBuf)>,
    /// Directories that the configuration names for a project.
    pub named: Vec<(OrgId, PathBuf)>,
}

impl RepositoryGrants {
    /// The repository at a path, open, if `org` may have it read. `is_granted` says that the
    /// operator named this very path before.
    pub fn open(
        &self,
        org: OrgId,
        repository: &Repository,
        is_granted: bool,
    ) -> Result<GitRepository, SourceError> {
        let path = Path::new(&repository.path);
        let is_named = self.named.iter().any(|(whose, named)| *whose == org && named == path);
        let path = if is_granted || is_named {
            resolve(path)?
        } else {
            let roots: Vec<PathBuf> = self
                .roots
                .iter()
                .filter(|(whose, _)| *whose == org)
                .map(|(_, root)| root.clone())
                .collect();
            inside(path, &roots)?
        };
        GitRepository::open(&path, repository)
    }
}
