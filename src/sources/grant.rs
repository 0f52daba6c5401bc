//! Which paths may be read: resolved, links and all, before they are compared.

use std::path::{Path, PathBuf};

use crate::sources::SourceError;

/// A path without links, `..` and the like; it must be there.
pub fn resolve(path: &Path) -> Result<PathBuf, SourceError> {
    path.canonicalize().map_err(|_| SourceError::NotThere)
}

/// The resolved form of `path`, if it lies in one of `roots`. A path that is not there reads as
/// one that is not granted, so that nobody learns what lies outside.
pub fn inside(path: &Path, roots: &[PathBuf]) -> Result<PathBuf, SourceError> {
    let path = resolve(path).map_err(|_| SourceError::NotGranted)?;
    let granted = roots.iter().filter_map(|root| root.canonicalize().ok());
    let mut granted = granted.filter(|root| path.starts_with(root));
    granted.next().map(|_| ()).ok_or(SourceError::NotGranted)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_is_judged_by_where_it_leads() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path().join("root");
        let outside = dir.path().join("outside");
        for path in [&root, &outside] {
            std::fs::create_dir(path).expect("made");
        }
        symlink(&outside, root.join("link")).expect("linked");
        symlink(&root, dir.path().join("way")).expect("linked");
        let roots = [root.clone()];
        assert!(inside(&root, &roots).is_ok());
        assert!(inside(&dir.path().join("way"), &roots).is_ok());
        for path in [root.join("link"), root.join("../outside"), root.join("nothing")] {
            assert_eq!(inside(&path, &roots), Err(SourceError::NotGranted), "{path:?}");
        }
        assert_eq!(inside(&root, &[]), Err(SourceError::NotGranted));
        let sibling = dir.path().join("root-of-another");
        std::fs::create_dir(&sibling).expect("made");
        assert!(inside(&sibling, &roots).is_err());
    }
}
