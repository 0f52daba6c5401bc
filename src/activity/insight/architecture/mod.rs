//! How the code hangs together: who imports whom, what changes together, where it hurts.
//!
//! Imports are read by real parsers (`imports`), resolved to files of the tree (`graph`), and
//! set beside what the history says (`history`). Each finding has numbers and files.

mod graph;
mod history;
mod imports;
mod unparsed;

use serde_json::{Map, Value, json};

use crate::activity::extract::dependencies::{self, DependencyChange};
use crate::activity::extract::ledger::Ledger;
use crate::activity::link::ratio;
use crate::activity::read::Corpus;
use crate::activity::select::Selected;
use crate::activity::text::{counted, grouped, listed, one_line, shortened};
use crate::domain::activity::{Evidence, RepositorySnapshot, Window};

use super::{Found, Item, Pace, Section};
use graph::{Cycle, DirectoryEdge, Graph};
pub(crate) use imports::is_understood;
use unparsed::{Unparsed, unparsed};

/// How many findings of one sort are told.
const MAX_FINDINGS: usize = 8;

/// The insight; `None` when `pace` said to stop.
pub(super) fn find(
    selected: &Selected<'_>,
    window: Window,
    question: Option<&str>,
    pace: &mut Pace<'_>,
) -> Option<Found> {
    let corpus = &selected.corpus;
    let Some(snapshot) = corpus.snapshot else {
        return Some(Found { summary: String::new(), sections: Vec::new(), members: Map::new() });
    };
    let graph = Graph::of(snapshot, pace)?;
    let cycles = graph.cycles();
    let history = history::History::of(snapshot, &graph);
    let mut patterns = layers(&graph);
    patterns.extend(hubs(&graph));
    let mut trade_offs = history.hidden_coupling();
    trade_offs.extend(dependency_items(corpus));
    let mut risks: Vec<Item> = cycles.iter().take(MAX_FINDINGS).map(cycle_item).collect();
    risks.extend(history.hotspots());
    risks.extend(history.single_owners());
    let recommendations = recommendations(&cycles, &history);
    let unparsed = unparsed(snapshot);
    let metrics = metrics(snapshot, &graph, &cycles, &unparsed);
    let mut sections = vec![
        Section { path: "patterns", heading: "Patterns", items: patterns },
        Section { path: "trade_offs", heading: "Trade-offs", items: trade_offs },
        Section { path: "risks", heading: "Risks", items: risks },
        Section { path: "recommendations", heading: "Recommendations", items: recommendations },
        Section { path: "metrics", heading: "Metrics", items: metrics },
    ];
    if let Some(question) = question {
        let words = question_words(question);
        for section in &mut sections {
            // A stable sort: what the question names comes first.
            section.items.sort_by_key(|item| std::cmp::Reverse(named(item, &words)));
        }
    }
    let asked = question.map(|text| format!(" Asked: {}", shortened(&one_line(text), 200)));
    let summary = format!(
        "{} in {}, joined by {}; {} among directories.{} Changes are counted over the last {}. \
         Window from {} on.{}",
        counted(graph.files.len(), "source file"),
        counted(graph.directories().len(), "directory").replace("directorys", "directories"),
        counted(graph.edges.len(), "import"),
        counted(cycles.len(), "cycle"),
        not_parsed(&unparsed),
        counted(snapshot.history.len(), "commit"),
        crate::activity::read::day(window.start),
        asked.unwrap_or_default(),
    );
    Some(Found { summary, sections, members: Map::new() })
}

/// Of which languages nothing is said here.
fn not_parsed(unparsed: &[Unparsed<'_>]) -> String {
    let mut names: Vec<String> = unparsed
        .iter()
        .map(|one| format!("{} of {}", counted(one.files, "file"), one.language))
        .collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    if names.is_empty() { String::new() } else { format!(" Not parsed: {}.", listed(&names)) }
}

fn question_words(question: &str) -> Vec<String> {
    let lower = question.to_lowercase();
    let words = lower.split(|one: char| !(one.is_alphanumeric() || one == '_'));
    words.filter(|word| word.len() > 3).map(str::to_owned).collect()
}

fn named(item: &Item, words: &[String]) -> usize {
    let text = item.line.text.to_lowercase();
    words.iter().filter(|word| text.contains(word.as_str())).count()
}

/// Which directories import which, the most imports first.
fn layers(graph: &Graph<'_>) -> Vec<Item> {
    let mut pairs = graph.directory_edges();
    pairs.sort_by_key(|one| (std::cmp::Reverse(one.count), one.from, one.to));
    let back = |from: &str, to: &str| {
        pairs.iter().find(|one| one.from == to && one.to == from).map_or(0, |one| one.count)
    };
    let is_other_way = |pair: &&DirectoryEdge<'_>| {
        let count = back(pair.from, pair.to);
        // Of two directories that import each other, the one with more imports tells of both.
        count > pair.count || count == pair.count && pair.to < pair.from
    };
    pairs
        .iter()
        .filter(|pair| !is_other_way(pair))
        .take(MAX_FINDINGS)
        .map(|pair| {
            let (from, to) = (shown(pair.from), shown(pair.to));
            let count = counted(pair.count, "time");
            let text = match back(pair.from, pair.to) {
                // A directory declares what lies below it, be it without an import.
                0 if is_below(pair.from, pair.to) => format!("{from} imports {to} {count}"),
                0 => format!("{from} imports {to} {count}, never the other way"),
                back => format!("{from} imports {to} {count}, and is imported by it {back}"),
            };
            item(text, &pair.files).with("imports", json!(pair.count))
        })
        .collect()
}

fn is_below(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

/// The end of Go's files.
const GO: &str = ".go";

/// The files that most others import.
fn hubs(graph: &Graph<'_>) -> Vec<Item> {
    let mut counts: Vec<(usize, usize)> = graph.fan_in().into_iter().enumerate().collect();
    counts.sort_by_key(|(file, count)| (std::cmp::Reverse(*count), *file));
    let most = counts.into_iter().filter(|(_, count)| *count >= 5).take(5);
    most.map(|(file, count)| {
        let path = graph.files[file];
        // Of Go, packages are imported and not their files.
        let what = match path.rsplit_once('/') {
            Some((package, file)) if file.ends_with(GO) => format!("Package `{package}`"),
            _ => format!("`{path}`"),
        };
        let text = format!("{what} is imported by {}", counted(count, "file"));
        item(text, &[path]).with("imported_by", json!(count))
    })
    .collect()
}

fn cycle_item(cycle: &Cycle<'_>) -> Item {
    let mut names: Vec<String> = cycle.directories.iter().map(|one| shown(one)).collect();
    let more = names.len().saturating_sub(5);
    names.truncate(5);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let text = format!(
        "Cycle: {} import each other ({})",
        listed(&names),
        counted(cycle.imports, "import")
    );
    item(text, &cycle.files).with("directories", json!(cycle.directories))
}

/// What became of dependencies in the window.
fn dependency_items(corpus: &Corpus<'_>) -> Vec<Item> {
    let records = &corpus.records;
    let ledger = Ledger::of(corpus);
    let of_sort = |words: &str, test: &dyn Fn(&DependencyChange) -> bool| {
        let found: Vec<&DependencyChange> = ledger.changes.iter().filter(|one| test(one)).collect();
        let names = found.iter().map(|one| one.shown()).collect();
        let mut names = dependencies::each_once(names);
        let more = names.len().saturating_sub(MAX_FINDINGS);
        names.truncate(MAX_FINDINGS);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let evidence =
            found.iter().flat_map(|one| &one.records).map(|place| records[*place].evidence());
        let text = format!("{words}: {}", listed(&names));
        (!names.is_empty()).then(|| Item::new(text, evidence))
    };
    let moved = |one: &DependencyChange| ledger.is_moved(one);
    let sorts = [
        of_sort("Dependencies that came in the window", &|one| ledger.is_new(one)),
        of_sort("Dependencies that went in the window", &|one| ledger.is_gone(one)),
        of_sort("Dependencies with another version", &moved),
    ];
    sorts.into_iter().flatten().collect()
}

/// Where to begin, by the numbers of the risks.
fn recommendations(cycles: &[Cycle<'_>], history: &history::History<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = cycles
        .iter()
        .filter_map(|cycle| cycle.weakest.as_ref())
        .take(3)
        .map(|weakest| {
            let text = format!(
                "To open the cycle, begin with the {} from {} to {}: fewest of it",
                counted(weakest.count, "import"),
                shown(weakest.from),
                shown(weakest.to)
            );
            item(text, &weakest.files)
        })
        .collect();
    items.extend(history.hottest().map(|(path, commits, lines)| {
        let text = format!(
            "Look at `{path}` before the next change there: {} in {} lines",
            counted(commits, "commit"),
            grouped(lines)
        );
        item(text, &[path])
    }));
    items
}

fn metrics(
    snapshot: &RepositorySnapshot,
    graph: &Graph<'_>,
    cycles: &[Cycle<'_>],
    unparsed: &[Unparsed<'_>],
) -> Vec<Item> {
    let metric = |name: &str, value: Value, text: String, files: &[&str]| {
        item(text, files).with("name", json!(name)).with("value", value)
    };
    let mut items = Vec::new();
    for (language, (files, lines, sample)) in graph.languages() {
        let text = format!("{language}: {}, {} lines", counted(files, "file"), grouped(lines));
        items.push(metric(&format!("lines_{language}"), json!(lines), text, &[sample]));
    }
    for Unparsed { language, files, sample } in unparsed.iter().take(MAX_FINDINGS) {
        let text = format!(
            "{language}: {}, not parsed, so nothing here is about them",
            counted(*files, "file")
        );
        items.push(metric(&format!("not_parsed_{language}"), json!(files), text, &[sample]));
    }
    let Some(first) = graph.files.first().copied() else { return items };
    let edges = graph.edges.len();
    let mean = (10.0 * ratio(edges, graph.files.len())).round() / 10.0;
    let text = format!("{} between files, {mean} a file", counted(edges, "import"));
    items.push(metric("imports", json!(edges), text, &[first]));
    let text = format!("{} among directories", counted(cycles.len(), "cycle"));
    items.push(metric("cycles", json!(cycles.len()), text, &[first]));
    let text = format!("{} in the tree", counted(snapshot.files.len(), "file"));
    items.push(metric("files", json!(snapshot.files.len()), text, &[first]));
    items
}

fn item(text: String, files: &[&str]) -> Item {
    Item::new(text, files.iter().take(MAX_FINDINGS).map(|path| Evidence::file(*path)))
}

fn shown(directory: &str) -> String {
    if directory.is_empty() { "the root".to_owned() } else { format!("`{directory}`") }
}
