//! What the tree looks like at a moment, with the texts that are wanted.

use std::collections::HashMap;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::objs::tree::EntryRef;
use gix::traverse::tree::{Recorder, Visit, visit};

use crate::domain::activity::{FileEntry, FileText, RepositorySnapshot, StandingLine, Touch};
use crate::sources::git::difference::{name, text_of};
use crate::sources::git::history::{author, moment};
use crate::sources::git::{GitRepository, History};
use crate::sources::{SourceError, Watch};

/// Files of a tree that are listed.
const MAX_FILES: usize = 200_000;

/// Entries of a tree that are visited: a small repository can name billions.
const MAX_ENTRIES: usize = 400_000;

/// The largest file whose text is read, in bytes.
const MAX_TEXT_BYTES: u64 = 1 << 20;

/// All texts together, in bytes: a tree of 300,000 lines has 10 to 15 MB.
const MAX_TEXTS_BYTES: u64 = 96 << 20;

/// Paths of one commit beyond which it says nothing of who knows what.
const MAX_TOUCHED: usize = 200;

/// What is wanted of a tree.
pub struct SnapshotRequest<'a> {
    /// Which files' texts.
    pub wants: &'a (dyn Fn(&FileEntry) -> bool + Sync),
    /// How many commits of the history, with their paths.
    pub history: usize,
    /// Notes to do that commits of the window added.
    pub noted: Vec<NotedLine>,
}

/// A line that a commit of the window added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NotedLine {
    /// The file.
    pub path: String,
    /// The line, trimmed.
    pub text: String,
    /// The commit.
    pub sha: String,
}

impl GitRepository {
    /// The repository as it was at the end of the window that `history` is of.
    pub fn snapshot(
        &self,
        history: History,
        request: SnapshotRequest<'_>,
        watch: Watch<'_>,
    ) -> Result<RepositorySnapshot, SourceError> {
        let SnapshotRequest { wants, history: touches, noted } = request;
        let History { commits: _, is_cut: _, branches, tags, head } = history;
        let mut snapshot = RepositorySnapshot {
            source: self.source,
            default_branch: self.default_branch(),
            head: head.map(|id| id.to_string()).unwrap_or_default(),
            branches,
            tags,
            files: Vec::new(),
            files_cut: false,
            texts: Vec::new(),
            standing: Vec::new(),
            history: Vec::new(),
            history_cut: false,
        };
        let Some(head) = head else { return Ok(snapshot) };
        watch.tell("reading the tree", None);
        let (files, is_cut) = self.files(head, watch)?;
        snapshot.files_cut = is_cut;
        snapshot.standing = self.standing(&files, &noted);
        let mut left = MAX_TEXTS_BYTES;
        for (path, id) in files {
            watch.check()?;
            let Ok(header) = self.git.find_header(id) else { continue };
            let entry = FileEntry { path, bytes: header.size() };
            if entry.bytes <= MAX_TEXT_BYTES.min(left) && wants(&entry) {
                left -= entry.bytes;
                if let Some(text) = self.blob_text(id) {
                    snapshot.texts.push(FileText { path: entry.path.clone(), text });
                }
            }
            snapshot.files.push(entry);
        }
        if touches > 0 {
            watch.tell("reading who touched what", None);
            (snapshot.history, snapshot.history_cut) = self.touches(head, touches, watch)?;
        }
        Ok(snapshot)
    }

    /// Every file of a commit's tree, in the order of paths.
    fn files(
        &self,
        head: ObjectId,
        watch: Watch<'_>,
    ) -> Result<(Vec<(String, ObjectId)>, bool), SourceError> {
        let commit = self.git.find_commit(head).map_err(SourceError::damaged)?;
        let tree = commit.tree().map_err(SourceError::damaged)?;
        let mut few = Few { inner: Recorder::default(), left: MAX_ENTRIES, watch };
        let walked = tree.traverse().breadthfirst(&mut few);
        watch.check()?;
        let mut is_cut = few.left == 0;
        if let Err(error) = walked
            && !is_cut
        {
            return Err(SourceError::damaged(error));
        }
        let files = few.inner.records.into_iter().filter(|entry| entry.mode.is_blob());
        let mut files: Vec<_> = files.map(|entry| (name(&entry.filepath), entry.oid)).collect();
        files.sort();
        is_cut |= files.len() > MAX_FILES;
        files.truncate(MAX_FILES);
        Ok((files, is_cut))
    }

    /// A blob's text, unless it is none or longer than what is read.
    fn blob_text(&self, id: ObjectId) -> Option<String> {
        let bytes = self.git.find_header(id).ok()?.size();
        if bytes > MAX_TEXT_BYTES {
            return None;
        }
        text_of(self.git.find_blob(id).ok()?.take_data())
    }

    /// Those of the noted lines that are still there, each where it stands now.
    fn standing(&self, files: &[(String, ObjectId)], noted: &[NotedLine]) -> Vec<StandingLine> {
        let mut by_path: HashMap<&str, Vec<&NotedLine>> = HashMap::new();
        for line in noted {
            by_path.entry(&line.path).or_default().push(line);
        }
        let mut standing = Vec::new();
        for (path, lines) in by_path {
            let place = files.binary_search_by(|(name, _)| name.as_str().cmp(path));
            let Some(text) = place.ok().and_then(|place| self.blob_text(files[place].1)) else {
                continue;
            };
            for (number, line) in (1..).zip(text.lines()) {
                let line = line.trim();
                // The first commit named is the newest: it says who is to be asked.
                if let Some(noted) = lines.iter().find(|noted| noted.text == line) {
                    let (path, sha) = (noted.path.clone(), noted.sha.clone());
                    standing.push(StandingLine { path, number, text: line.to_owned(), sha });
                }
            }
        }
        standing.sort_by(|a, b| (&a.path, a.number).cmp(&(&b.path, b.number)));
        standing
    }

    /// The newest commits, without merges, with the paths that each touched.
    fn touches(
        &self,
        head: ObjectId,
        most: usize,
        watch: Watch<'_>,
    ) -> Result<(Vec<Touch>, bool), SourceError> {
        let mut touches = Vec::new();
        for info in self.walk([head], |_| true)? {
            watch.check()?;
            let info = info.map_err(SourceError::damaged)?;
            if info.parent_ids.len() > 1 {
                continue;
            }
            if touches.len() == most {
                return Ok((touches, true));
            }
            if touches.len().is_multiple_of(200) {
                let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
                let progress = part(touches.len()) / part(most);
                watch.tell("reading who touched what", Some(progress));
            }
            // The last commit of a shallow clone has a parent that is not there.
            let Ok(touch) = self.touch(&info) else { continue };
            touches.push(touch);
        }
        Ok((touches, false))
    }

    fn touch(&self, info: &gix::revision::walk::Info<'_>) -> Result<Touch, SourceError> {
        let commit = self.git.find_commit(info.id).map_err(SourceError::damaged)?;
        let tree = commit.tree_id().map_err(SourceError::damaged)?.detach();
        let parent = match info.parent_ids.first() {
            Some(parent) => {
                let parent = self.git.find_commit(*parent).map_err(SourceError::damaged)?;
                Some(parent.tree_id().map_err(SourceError::damaged)?.detach())
            }
            None => None,
        };
        let paths = self.paths_of(parent, tree, MAX_TOUCHED)?.unwrap_or_default();
        let subject = commit.message_raw_sloppy().lines().next().unwrap_or_default();
        Ok(Touch {
            sha: info.id.to_string(),
            author: author(&commit.author().map_err(SourceError::damaged)?),
            at: moment(info.commit_time()),
            subject: subject.to_str_lossy().chars().take(300).collect(),
            paths,
        })
    }
}

/// Records so many entries and then stops.
struct Few<'a> {
    inner: Recorder,
    left: usize,
    watch: Watch<'a>,
}

impl Few<'_> {
    fn spent(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left == 0 || (self.left.is_multiple_of(1_024) && self.watch.check().is_err())
    }
}

impl Visit for Few<'_> {
    fn pop_back_tracked_path_and_set_current(&mut self) {
        self.inner.pop_back_tracked_path_and_set_current();
    }

    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.inner.pop_front_tracked_path_and_set_current();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.inner.push_back_tracked_path_component(component);
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.inner.push_path_component(component);
    }

    fn pop_path_component(&mut self) {
        self.inner.pop_path_component();
    }

    fn visit_tree(&mut self, entry: &EntryRef<'_>) -> visit::Action {
        if self.spent() { ControlFlow::Break(()) } else { self.inner.visit_tree(entry) }
    }

    fn visit_nontree(&mut self, entry: &EntryRef<'_>) -> visit::Action {
        if self.spent() { ControlFlow::Break(()) } else { self.inner.visit_nontree(entry) }
    }
}
