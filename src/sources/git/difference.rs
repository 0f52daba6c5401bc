//! What a commit changed: paths by comparing trees, lines by comparing texts.
//!
//! Both within limits, because a small repository can name a tree of billions of paths. Never: a
//! filter, an attribute, or a program that the repository names.

use std::collections::HashMap;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::diff::tree::recorder::Change;
use gix::diff::tree::{Recorder, Visit, visit};
use gix::objs::TreeRefIter;
use imara_diff::{Algorithm, Diff, InternedInput};

use crate::domain::activity::{ChangedLine, PathChange, PathFate, Sections, Sign, is_telling};
use crate::sources::SourceError;
use crate::sources::git::GitRepository;

/// Paths of one commit that are listed, directories included.
const MAX_CHANGES: usize = 20_000;

/// Paths of one commit whose lines are compared.
const MAX_COMPARED: usize = 300;

/// The largest file whose lines are compared, in bytes: larger ones are made by programs.
const MAX_TEXT_BYTES: u64 = 512 * 1024;

/// Bytes of one commit that are compared, both sides together.
const MAX_COMPARED_BYTES: u64 = 8 << 20;

/// Lines of one commit that are kept.
const MAX_LINES: usize = 200;

/// How far a zero byte is looked for, as git does.
const BINARY_LOOK: usize = 8_000;

/// What a commit changed.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) paths: Vec<PathChange>,
    pub(super) total: u32,
    pub(super) lines: Vec<ChangedLine>,
}

/// A path that changed, with its contents before and after.
struct Changed {
    path: String,
    from: Option<String>,
    before: Option<ObjectId>,
    after: Option<ObjectId>,
}

impl GitRepository {
    /// What changed from one tree to another, `None` being the empty one.
    pub(super) fn difference(
        &self,
        before: Option<ObjectId>,
        after: ObjectId,
    ) -> Result<Difference, SourceError> {
        let changed = self.changed_paths(before, after)?;
        let mut difference = Difference {
            total: u32::try_from(changed.len()).unwrap_or(u32::MAX),
            ..Difference::default()
        };
        let mut left = MAX_COMPARED_BYTES;
        for changed in changed.into_iter().take(MAX_COMPARED) {
            self.compare(changed, &mut left, &mut difference);
        }
        Ok(difference)
    }

    /// The paths alone, in their order; `None` for more than `most`.
    pub(super) fn paths_of(
        &self,
        before: Option<ObjectId>,
        after: ObjectId,
        most: usize,
    ) -> Result<Option<Vec<String>>, SourceError> {
        let changed = self.changed_paths(before, after)?;
        let fits = changed.len() <= most;
        Ok(fits.then(|| changed.into_iter().map(|changed| changed.path).collect()))
    }

    fn changed_paths(
        &self,
        before: Option<ObjectId>,
        after: ObjectId,
    ) -> Result<Vec<Changed>, SourceError> {
        let tree = |id: ObjectId| self.git.find_tree(id).map_err(SourceError::damaged);
        let before = before.map(tree).transpose()?;
        let after = tree(after)?;
        let empty: &[u8] = &[];
        let kind = self.git.object_hash();
        let old = TreeRefIter::from_bytes(before.as_ref().map_or(empty, |tree| &tree.data), kind);
        let new = TreeRefIter::from_bytes(&after.data, kind);
        let mut few = Few { inner: Recorder::default(), left: MAX_CHANGES };
        match gix::diff::tree(
            old,
            new,
            gix::diff::tree::State::default(),
            &self.git.objects,
            &mut few,
        ) {
            Ok(()) | Err(gix::diff::tree::Error::Cancelled) => Ok(paired(few.inner.records)),
            Err(error) => Err(SourceError::damaged(error)),
        }
    }

    fn compare(&self, changed: Changed, left: &mut u64, difference: &mut Difference) {
        let Changed { path, from, before, after } = changed;
        let fate = match (&from, before, after) {
            (Some(_), _, _) => PathFate::Renamed,
            (None, None, _) => PathFate::Added,
            (None, Some(_), None) => PathFate::Removed,
            (None, Some(_), Some(_)) => PathFate::Modified,
        };
        let (mut added, mut removed) = (0, 0);
        if before != after
            && let Some((old, new)) = self.text(before, left).zip(self.text(after, left))
        {
            let input = InternedInput::new(old.as_str(), new.as_str());
            let mut lines = Diff::compute(Algorithm::Histogram, &input);
            lines.postprocess_lines(&input);
            (added, removed) = (lines.count_additions(), lines.count_removals());
            keep_lines(&path, &old, &new, &lines, &mut difference.lines);
        }
        difference.paths.push(PathChange { path, from, fate, added, removed });
    }

    /// The text of a blob; empty for none, `None` for what is no text or too long.
    fn text(&self, id: Option<ObjectId>, left: &mut u64) -> Option<String> {
        let Some(id) = id else { return Some(String::new()) };
        let bytes = self.git.find_header(id).ok()?.size();
        if bytes > MAX_TEXT_BYTES.min(*left) {
            return None;
        }
        *left -= bytes;
        text_of(self.git.find_blob(id).ok()?.take_data())
    }
}

/// Bytes as text, if they are one.
pub(super) fn text_of(bytes: Vec<u8>) -> Option<String> {
    if bytes[..bytes.len().min(BINARY_LOOK)].contains(&0) {
        return None;
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn keep_lines(path: &str, old: &str, new: &str, diff: &Diff, kept: &mut Vec<ChangedLine>) {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (split(old), split(new));
    let [old_sections, new_sections] =
        [(old, new), (new, old)].map(|(text, other)| Sections::beside(path, text, other));
    for hunk in diff.hunks() {
        let sides = [
            (Sign::Removed, hunk.before, &old_lines, &old_sections),
            (Sign::Added, hunk.after, &new_lines, &new_sections),
        ];
        for (sign, range, lines, sections) in sides {
            for place in range {
                let Some(line) = lines.get(place as usize) else { continue };
                let number = place + 1;
                let section = sections.at(number).map(str::to_owned);
                if kept.len() >= MAX_LINES || !is_telling(path, line, section.as_deref()) {
                    continue;
                }
                kept.push(ChangedLine {
                    path: path.to_owned(),
                    sign,
                    number,
                    text: line.trim().to_owned(),
                    section,
                });
            }
        }
    }
}

/// The lines as the comparison counts them.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Files by path, a removed and an added one of the same content being one that was renamed.
fn paired(records: Vec<Change>) -> Vec<Changed> {
    let mut changed = Vec::new();
    let mut gone: HashMap<ObjectId, Vec<String>> = HashMap::new();
    let mut new = Vec::new();
    for record in records {
        match record {
            Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
                let file = |is_file: bool, oid| is_file.then_some(oid);
                let before = file(previous_entry_mode.is_blob(), previous_oid);
                let after = file(entry_mode.is_blob(), oid);
                if before.is_some() || after.is_some() {
                    changed.push(Changed { path: name(&path), from: None, before, after });
                }
            }
            Change::Deletion { entry_mode, oid, path, .. } if entry_mode.is_blob() => {
                gone.entry(oid).or_default().push(name(&path));
            }
            Change::Addition { entry_mode, oid, path, .. } if entry_mode.is_blob() => {
                new.push((name(&path), oid));
            }
            Change::Deletion { .. } | Change::Addition { .. } => {}
        }
    }
    for (path, oid) in new {
        let from = gone.get_mut(&oid).and_then(Vec::pop);
        let before = from.is_some().then_some(oid);
        changed.push(Changed { path, from, before, after: Some(oid) });
    }
    for (oid, paths) in gone {
        let removed = |path| Changed { path, from: None, before: Some(oid), after: None };
        changed.extend(paths.into_iter().map(removed));
    }
    changed.sort_by(|one, other| one.path.cmp(&other.path));
    changed
}

/// A path as text.
pub(super) fn name(path: &[u8]) -> String {
    path.to_str_lossy().into_owned()
}

/// Records so many changes and then stops.
struct Few {
    inner: Recorder,
    left: usize,
}

impl Visit for Few {
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

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        if self.left == 0 {
            return ControlFlow::Break(());
        }
        self.left -= 1;
        self.inner.visit(change)
    }
}
