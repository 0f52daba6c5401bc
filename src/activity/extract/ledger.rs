//! What became of a project's dependencies as a whole: which came, went or changed their version.
//!
//! One manifest tells little: a name that an example drops may stand in all the others. So the
//! changes of all records are added up, and set beside what the tree's manifests name now.

use std::collections::{BTreeMap, BTreeSet};

use crate::activity::read::{Corpus, Record};
use crate::domain::activity::{ChangedLine, FileText, Sections, Sign, is_manifest, pom_name};
use crate::domain::ids::EventId;

use super::dependencies::{self, DependencyChange, Entry, key_of};

/// The dependencies of a project, before and after.
pub(crate) struct Ledger {
    /// What became of each, by manifest and name.
    pub(crate) changes: Vec<DependencyChange>,
    /// What came, with the record that brought it first.
    came: BTreeMap<String, Option<EventId>>,
    went: BTreeSet<String>,
    /// How each is named at the end, by its manifest and what its names have in common.
    shown: BTreeMap<(String, String), String>,
    /// Parts of the same project that others of its parts depend on by name and version.
    own: BTreeSet<String>,
}

impl Ledger {
    pub(crate) fn of(corpus: &Corpus<'_>) -> Self {
        let changes = dependencies::changes(corpus);
        let texts = corpus.snapshot.into_iter().flat_map(|snapshot| &snapshot.texts);
        let mut named: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut own = BTreeSet::new();
        for file in texts.filter(|file| is_manifest(&file.path)) {
            let is_pom = file.path.rsplit('/').next() == Some("pom.xml");
            own.extend(is_pom.then(|| pom_name(&file.text)).flatten());
            for key in names_in(file) {
                named.entry(key).or_default().insert(&file.path);
            }
        }
        let sorted = |test: fn(&DependencyChange) -> bool| {
            let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
            for change in changes.iter().filter(|one| test(one) && !own.contains(&one.name)) {
                found
                    .entry(key_of(&change.manifest, &change.name))
                    .or_default()
                    .insert(&change.manifest);
            }
            found
        };
        let (new, gone) = (sorted(DependencyChange::is_new), sorted(DependencyChange::is_gone));
        // It came when nothing named it before: what names it now got it in this time.
        let is_first = |key: &String, manifests: &BTreeSet<&str>| {
            let elsewhere = named.get(key).is_some_and(|all| !all.is_subset(manifests));
            !elsewhere && !gone.contains_key(key)
        };
        let is_last = |key: &String| !named.contains_key(key) && !new.contains_key(key);
        let first = |key: &String| {
            let own = changes.iter().filter(|one| key_of(&one.manifest, &one.name) == *key);
            let places = own.filter(|one| one.is_new()).filter_map(|one| one.records.first());
            places.min().map(|place| corpus.records[*place].event.id)
        };
        let came = new
            .iter()
            .filter(|(key, all)| is_first(key, all))
            .map(|(key, _)| (key.clone(), first(key)))
            .collect();
        let shown = changes
            .iter()
            .map(|one| ((one.manifest.clone(), key_of(&one.manifest, &one.name)), one.shown()));
        Self {
            came,
            went: gone.keys().filter(|key| is_last(key)).cloned().collect(),
            shown: shown.collect(),
            own,
            changes,
        }
    }

    /// A dependency as it is named at the end: it may have another version than the one it came by.
    pub(crate) fn shown_at_end(&self, change: &DependencyChange) -> String {
        let key = (change.manifest.clone(), key_of(&change.manifest, &change.name));
        self.shown.get(&key).cloned().unwrap_or_else(|| change.shown())
    }

    /// Whether a change made the project depend on something that it did not depend on before.
    pub(crate) fn is_new(&self, change: &DependencyChange) -> bool {
        change.is_new() && self.came.contains_key(&key_of(&change.manifest, &change.name))
    }

    /// Whether a record was the first to bring it: another manifest may have followed.
    pub(crate) fn is_first(&self, change: &DependencyChange, record: &Record<'_>) -> bool {
        let came = self.came.get(&key_of(&change.manifest, &change.name));
        change.is_new() && came == Some(&Some(record.event.id))
    }

    /// Whether a change made the project depend no longer on something.
    pub(crate) fn is_gone(&self, change: &DependencyChange) -> bool {
        change.is_gone() && self.went.contains(&key_of(&change.manifest, &change.name))
    }

    /// Whether a change gave it another version of which what is built upon it may break.
    pub(crate) fn is_of_another_major(&self, change: &DependencyChange) -> bool {
        change.is_of_another_major() && !self.own.contains(&change.name)
    }

    /// Whether it had another version before.
    pub(crate) fn is_moved(&self, change: &DependencyChange) -> bool {
        let versions = (&change.before, &change.after);
        matches!(versions, (Entry::Named(Some(_)), Entry::Named(Some(_))))
            && !self.own.contains(&change.name)
    }
}

/// What a manifest of the tree names.
fn names_in(file: &FileText) -> BTreeSet<String> {
    let sections = Sections::of(&file.path, &file.text);
    let mut names = BTreeSet::new();
    for (number, text) in (1..).zip(file.text.lines()) {
        let line = ChangedLine {
            path: file.path.clone(),
            sign: Sign::Added,
            number,
            text: text.trim().to_owned(),
            section: sections.at(number).map(str::to_owned),
        };
        let found = dependencies::dependencies_of(&line).into_iter();
        names.extend(found.map(|one| key_of(&file.path, &one.name)));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_the_tree_is_read_whole() {
        let text = "[package]\nname = \"mill\"\n[dependencies]\nserde = \"1\"\n\
            mine = { path = \"../mine\", version = \"1\" }\n[features]\nfull = [\"serde\"]\n";
        let file = FileText { path: "Cargo.toml".to_owned(), text: text.to_owned() };
        assert_eq!(names_in(&file), BTreeSet::from(["serde".to_owned()]));
    }
}
