//! What the history says of the code: what changes together, what changes most, who knows what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::activity::insight::Item;
use crate::activity::link::ratio;
use crate::activity::read::{People, is_document, is_test};
use crate::activity::text::{counted, grouped};
use crate::domain::activity::RepositorySnapshot;

use super::graph::{Graph, is_aside, unit};
use super::item;

/// A commit with more files is a sweep and says nothing of any two of them.
const MAX_FILES: usize = 30;

/// Fewer common commits are chance.
const LEAST_TOGETHER: usize = 5;

/// A smaller share of the rarer file's commits is chance.
const LEAST_SHARE: f64 = 0.5;

/// Fewer commits of a directory say nothing of who owns it.
const LEAST_COMMITS: usize = 10;

/// One person with this share of a directory's commits knows it alone.
const ALONE: f64 = 0.8;

/// How many findings of one sort are told.
const MAX_FINDINGS: usize = 6;

pub(super) struct History<'a> {
    graph: &'a Graph<'a>,
    /// Commits of each source file that is there still.
    commits: BTreeMap<&'a str, usize>,
    together: BTreeMap<(&'a str, &'a str), usize>,
    /// Commits of each person in each directory.
    owners: BTreeMap<String, BTreeMap<usize, usize>>,
    sample: BTreeMap<String, &'a str>,
    people: People,
}

impl<'a> History<'a> {
    pub(super) fn of(snapshot: &'a RepositorySnapshot, graph: &'a Graph<'a>) -> Self {
        let mut history = Self {
            graph,
            commits: BTreeMap::new(),
            together: BTreeMap::new(),
            owners: BTreeMap::new(),
            sample: BTreeMap::new(),
            people: People::default(),
        };
        for touch in &snapshot.history {
            let person = history.people.know(&touch.author);
            let files: BTreeSet<&str> = touch
                .paths
                .iter()
                .map(String::as_str)
                .filter(|path| graph.lines_of(path).is_some() && !is_document(path))
                .collect();
            let places: BTreeSet<String> = files.iter().map(|path| unit(path).to_owned()).collect();
            for place in places {
                *history.owners.entry(place).or_default().entry(person).or_default() += 1;
            }
            for path in &files {
                *history.commits.entry(path).or_default() += 1;
                history.sample.entry(unit(path).to_owned()).or_insert(path);
            }
            if files.len() <= MAX_FILES {
                let files: Vec<&str> = files.into_iter().filter(|path| !is_aside(path)).collect();
                for (nth, one) in files.iter().enumerate() {
                    for other in &files[nth + 1..] {
                        *history.together.entry((one, other)).or_default() += 1;
                    }
                }
            }
        }
        history
    }

    /// Files of different directories that change together though neither imports the other.
    pub(super) fn hidden_coupling(&self) -> Vec<Item> {
        let imports = |one: &str, other: &str| {
            let place = |path: &str| self.graph.files.binary_search(&path).ok();
            match (place(one), place(other)) {
                (Some(one), Some(other)) => {
                    self.graph.imports(one, other) || self.graph.imports(other, one)
                }
                _ => true,
            }
        };
        let mut pairs: Vec<(usize, usize, &str, &str)> = self
            .together
            .iter()
            .filter(|((one, other), _)| unit(one) != unit(other) && !imports(one, other))
            .map(|((one, other), both)| {
                let rarer = self.commits[one].min(self.commits[other]);
                (*both, rarer, *one, *other)
            })
            .filter(|(both, rarer, ..)| {
                *both >= LEAST_TOGETHER && ratio(*both, *rarer) >= LEAST_SHARE
            })
            .collect();
        pairs.sort_by_key(|(both, rarer, one, other)| {
            (std::cmp::Reverse(*both), *rarer, *one, *other)
        });
        pairs
            .into_iter()
            .take(MAX_FINDINGS)
            .map(|(both, rarer, one, other)| {
                let text = format!(
                    "`{one}` and `{other}` changed together in {} of {}, \
                     and neither imports the other",
                    both,
                    counted(rarer, "commit"),
                );
                let made = item(text, &[one, other]).with("together", json!(both));
                made.with("commits", json!(rarer))
            })
            .collect()
    }

    /// Large files that change often: commits times lines.
    pub(super) fn hotspots(&self) -> Vec<Item> {
        self.hot()
            .into_iter()
            .take(MAX_FINDINGS)
            .map(|(path, commits, lines)| {
                let commits_words = counted(commits, "commit");
                let text = format!("Hotspot `{path}`: {commits_words}, {} lines", grouped(lines));
                item(text, &[path]).with("commits", json!(commits)).with("lines", json!(lines))
            })
            .collect()
    }

    /// The first of them.
    pub(super) fn hottest(&self) -> Option<(&'a str, usize, usize)> {
        self.hot().into_iter().next()
    }

    fn hot(&self) -> Vec<(&'a str, usize, usize)> {
        let files =
            self.commits.iter().filter(|(path, count)| **count >= LEAST_TOGETHER && !is_test(path));
        let mut hot: Vec<(&str, usize, usize)> = files
            .filter_map(|(path, count)| Some((*path, *count, self.graph.lines_of(path)?)))
            .collect();
        hot.sort_by_key(|(path, commits, lines)| (std::cmp::Reverse(commits * lines), *path));
        hot
    }

    /// Directories that one person knows alone.
    pub(super) fn single_owners(&self) -> Vec<Item> {
        let mut alone: Vec<(usize, usize, &str, usize)> = self
            .owners
            .iter()
            .filter(|(place, _)| !is_aside(self.sample[*place]))
            .filter_map(|(place, people)| {
                let all: usize = people.values().sum();
                let (person, most) = people
                    .iter()
                    .max_by_key(|(person, count)| (**count, std::cmp::Reverse(**person)))?;
                let is_alone = all >= LEAST_COMMITS && ratio(*most, all) >= ALONE;
                is_alone.then_some((all, *most, place.as_str(), *person))
            })
            .collect();
        alone.sort_by_key(|(all, _, place, _)| (std::cmp::Reverse(*all), *place));
        // Where one person wrote nearly everything, that is one finding and not many.
        let is_one = alone.iter().all(|one| one.3 == alone[0].3);
        if let [(.., person), _, _, ..] = alone.as_slice()
            && is_one
        {
            let samples: Vec<&str> =
                alone.iter().map(|(_, _, place, _)| self.sample[*place]).collect();
            let name = self.people.name(*person);
            let text = format!(
                "{} are known by one person: {name} made {:.0} % and more of the commits of each",
                counted(alone.len(), "directory").replace("directorys", "directories"),
                100.0 * ALONE
            );
            let made = item(text, &samples).with("owner", json!(name));
            return vec![made.with("directories", json!(alone.len()))];
        }
        alone.truncate(MAX_FINDINGS);
        alone
            .into_iter()
            .map(|(all, most, place, person)| {
                let name = self.people.name(person);
                let text = format!(
                    "{} is known by one person: {name} made {most} of its {}",
                    super::shown(place),
                    counted(all, "commit")
                );
                item(text, &[self.sample[place]])
                    .with("owner", json!(name))
                    .with("commits", json!(all))
            })
            .collect()
    }
}
