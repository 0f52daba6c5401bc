//! Repositories for tests, made of objects as git would write them, without git.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

/// A repository that a test fills.
pub(crate) struct Repository {
    git: gix::Repository,
    path: PathBuf,
    branches: BTreeMap<String, Branch>,
}

#[derive(Clone, Default)]
struct Branch {
    files: BTreeMap<String, String>,
    tip: Option<ObjectId>,
}

/// The moment of the first commit of most tests, in seconds.
pub(crate) const BEGINNING: i64 = 1_790_000_000;

impl Repository {
    /// An empty bare repository at `path`, with `main` as its default branch.
    pub(crate) fn new(path: &Path) -> Self {
        fs::create_dir_all(path).expect("made");
        let git = gix::init_bare(path).expect("a repository");
        fs::write(path.join("HEAD"), "ref: refs/heads/main\n").expect("written");
        Self { git, path: path.to_owned(), branches: BTreeMap::new() }
    }

    /// Begins `branch` where `from` is.
    pub(crate) fn branch(&mut self, branch: &str, from: &str) {
        let found = self.branches[from].clone();
        self.branches.insert(branch.to_owned(), found);
    }

    /// A commit on `branch` by `author`, `seconds` after the beginning; a file without text goes.
    pub(crate) fn commit(
        &mut self,
        branch: &str,
        author: &str,
        seconds: i64,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> String {
        let place = self.branches.entry(branch.to_owned()).or_default();
        for (path, text) in files {
            match text {
                Some(text) => place.files.insert((*path).to_owned(), (*text).to_owned()),
                None => place.files.remove(*path),
            };
        }
        let parents = place.tip.into_iter().collect();
        self.write(branch, author, seconds, message, parents)
    }

    /// Brings `other` into `branch`.
    pub(crate) fn merge(
        &mut self,
        branch: &str,
        other: &str,
        seconds: i64,
        message: &str,
    ) -> String {
        let theirs = self.branches[other].clone();
        let ours = self.branches.get_mut(branch).expect("a branch");
        ours.files.extend(theirs.files);
        let parents = [ours.tip, theirs.tip].into_iter().flatten().collect();
        self.write(branch, "Merger", seconds, message, parents)
    }

    /// A tag on a commit.
    pub(crate) fn tag(&self, name: &str, sha: &str) {
        fs::write(self.path.join("refs/tags").join(name), format!("{sha}\n")).expect("written");
    }

    fn write(
        &mut self,
        branch: &str,
        author: &str,
        seconds: i64,
        message: &str,
        parents: Vec<ObjectId>,
    ) -> String {
        let files: Vec<(&str, &str)> = self.branches[branch]
            .files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let tree = self.tree(&files);
        let signature = gix::actor::Signature {
            name: author.into(),
            email: format!("{}@example.org", author.to_lowercase().replace(' ', ".")).into(),
            time: gix::date::Time { seconds: BEGINNING + seconds, offset: 0 },
        };
        let commit = Commit {
            tree,
            parents: parents.into_iter().collect(),
            author: signature.clone(),
            committer: signature,
            encoding: None,
            message: message.into(),
            extra_headers: Vec::new(),
        };
        let id = self.git.write_object(&commit).expect("written").detach();
        self.branches.get_mut(branch).expect("a branch").tip = Some(id);
        let reference = self.path.join("refs/heads").join(branch);
        fs::create_dir_all(reference.parent().expect("below")).expect("made");
        fs::write(reference, format!("{id}\n")).expect("written");
        id.to_string()
    }

    /// Writes the tree of files, whose paths are sorted, and gives its id.
    fn tree(&self, files: &[(&str, &str)]) -> ObjectId {
        let mut entries = Vec::new();
        let mut rest = files;
        while let Some((path, text)) = rest.first() {
            let (name, mode, oid, count) = match path.split_once('/') {
                None => {
                    let blob = self.git.write_blob(text.as_bytes()).expect("written");
                    (*path, EntryKind::Blob, blob.detach(), 1)
                }
                Some((folder, _)) => {
                    let prefix = format!("{folder}/");
                    let inner: Vec<(&str, &str)> = rest
                        .iter()
                        .map_while(|(path, text)| Some((path.strip_prefix(&prefix)?, *text)))
                        .collect();
                    (folder, EntryKind::Tree, self.tree(&inner), inner.len())
                }
            };
            entries.push(Entry { mode: mode.into(), filename: name.into(), oid });
            rest = &rest[count..];
        }
        entries.sort();
        self.git.write_object(&Tree { entries }).expect("written").detach()
    }
}
