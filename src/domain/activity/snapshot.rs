//! What a repository looks like, as plain values.

use crate::domain::activity::event::Author;
use crate::domain::activity::source::EventSource;
use crate::domain::clock::Timestamp;

/// A repository at the newest commit that is not after a document's `asOf`. Branches are today's.
///
/// Whoever fills it reads no more than it is asked for: `texts` holds the files for which the
/// document's maker said that it wants them, `history` the newest commits.
#[derive(Clone, Debug, PartialEq)]
pub struct RepositorySnapshot {
    /// What its commits' events are called.
    pub source: EventSource,
    /// The default branch's short name; empty where `HEAD` is at no branch.
    pub default_branch: String,
    /// The sha of the commit that `files` are of.
    pub head: String,
    /// Local and remote-tracking branches by their short names without the remote's, each once;
    /// the default branch too. In the order of names.
    pub branches: Vec<Branch>,
    /// In the order of names; those that point at commits after `asOf` are left out.
    pub tags: Vec<Tag>,
    /// Every file at `head`, in the order of paths.
    pub files: Vec<FileEntry>,
    /// `files` stops at a limit.
    pub files_cut: bool,
    /// Contents, in the order of paths; only text, only what was wanted.
    pub texts: Vec<FileText>,
    /// Notes to do (`TODO`, `FIXME` …) of `files` that commits of the window added and that are
    /// there still, in the order of paths and numbers.
    pub standing: Vec<StandingLine>,
    /// The newest commits reachable from `head`, newest first, without merges: who touched which
    /// paths, for ownership and coupling. Not only those of the window.
    pub history: Vec<Touch>,
    /// `history` stops at a limit.
    pub history_cut: bool,
}

/// A branch, as it is today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its short name.
    pub name: String,
    /// The sha of its last commit.
    pub sha: String,
    /// That commit's date.
    pub tip_at: Timestamp,
    /// That commit's author.
    pub author: Author,
    /// That commit's subject.
    pub subject: String,
    /// How many of its commits the default branch has not; `None` when that was not counted.
    pub ahead: Option<u32>,
    /// The default branch has all of its commits.
    pub is_merged: bool,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The commit that it points at.
    pub sha: String,
    /// The tag's date, or its commit's.
    pub at: Timestamp,
}

/// A file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// With `/` between its parts.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileText {
    /// With `/` between its parts.
    pub path: String,
    /// As it is, but for what is not UTF-8.
    pub text: String,
}

/// A line of a file that says what is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingLine {
    /// The file.
    pub path: String,
    /// The line's number, from 1.
    pub number: u32,
    /// The line, trimmed.
    pub text: String,
    /// The commit of the window that added it.
    pub sha: String,
}

/// What one commit touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The commit.
    pub sha: String,
    /// Who wrote it.
    pub author: Author,
    /// Its committer date.
    pub at: Timestamp,
    /// Its subject.
    pub subject: String,
    /// The paths, at most a few hundred; none for a commit with more, which is a sweep that says
    /// nothing of who knows what.
    pub paths: Vec<String>,
}

impl RepositorySnapshot {
    /// The text of a file, if it was read.
    pub fn text(&self, path: &str) -> Option<&str> {
        let place = self.texts.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some(&self.texts[place].text)
    }

    /// Whether there is such a file.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok()
    }
}
