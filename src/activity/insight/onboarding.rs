//! What a newcomer needs: who knows what, what was decided, where it hurts, what to read and do.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::activity::extract::changes::headline;
use crate::activity::extract::ledger::Ledger;
use crate::activity::extract::{cite, decisions, documents};
use crate::activity::link::ratio;
use crate::activity::read::{ChangeKind, Corpus, People, day, is_document, is_test};
use crate::activity::select::Selected;
use crate::activity::text::{
    Passage, counted, grouped, listed, one_line, passages, sentences, shortened,
};
use crate::domain::activity::{
    Evidence, Facts, RepositorySnapshot, Window, is_lock_file, is_manifest,
};
use crate::domain::clock::Timestamp;

use super::{Found, Item, Section};

/// How many items of a list are told of.
const MAX_ITEMS: usize = 10;

/// Fewer commits of a person or a file say nothing.
const LEAST_TOUCHES: usize = 3;

/// Files that tell how to build, by name.
const BUILD_FILES: [(&str, &str); 14] = [
    ("Cargo.toml", "cargo test"),
    ("package.json", "npm install && npm test"),
    ("pyproject.toml", "python -m pip install -e ."),
    ("setup.py", "python -m pip install -e ."),
    ("go.mod", "go test ./..."),
    ("pom.xml", "mvn test"),
    ("build.gradle", "gradle test"),
    ("build.gradle.kts", "gradle test"),
    ("Gemfile", "bundle install"),
    ("Makefile", "make"),
    ("justfile", "just --list"),
    ("Dockerfile", "docker build ."),
    ("docker-compose.yml", "docker compose up"),
    ("tox.ini", "tox"),
];

/// What runs a `package.json` beside which one of these lies.
const NODE_TOOLS: [(&str, &str); 4] = [
    ("pnpm-lock.yaml", "pnpm install && pnpm test"),
    ("yarn.lock", "yarn && yarn test"),
    ("bun.lock", "bun install && bun run test"),
    ("bun.lockb", "bun install && bun run test"),
];

/// Whether a newcomer's brief reads the file.
pub(crate) fn is_for_newcomers(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let top = !path.contains('/');
    name == "CODEOWNERS"
        || (top && is_document(path))
        || (path.matches('/').count() <= 1 && name.to_lowercase().starts_with("readme"))
}

pub(super) fn find(
    selected: &Selected<'_>,
    window: Window,
    role: Option<&str>,
    focus: Option<&str>,
) -> Found {
    let corpus = &selected.corpus;
    let focus = focus.map(one_line).filter(|focus| !focus.is_empty());
    let decided = decided(corpus, window);
    let mut sections = vec![
        Section { path: "overview", heading: "Overview", items: overview(corpus) },
        Section { path: "key_people", heading: "Key people", items: key_people(corpus) },
        Section { path: "key_decisions", heading: "Key decisions", items: decided },
        Section { path: "pitfalls", heading: "Pitfalls", items: pitfalls(corpus) },
        Section {
            path: "recommended_reading",
            heading: "Recommended reading",
            items: reading(corpus),
        },
        Section { path: "first_steps", heading: "First steps", items: first_steps(corpus) },
    ];
    if let Some(focus) = &focus {
        for section in &mut sections {
            // A stable sort: what is about the focus comes first, the rest in its order.
            section.items.sort_by_key(|item| !is_about(item, focus));
        }
    }
    let whom = role.map(|role| format!(" for a new {}", shortened(&one_line(role), 60)));
    let about = focus.map(|focus| format!(", with {} first", shortened(&focus, 60)));
    let people = sections[1].items.len();
    let summary = format!(
        "A brief{}{}: {}, {}, {} to read.",
        whom.unwrap_or_default(),
        about.unwrap_or_default(),
        if people == 1 {
            "the person with most commits".to_owned()
        } else {
            format!("the {people} people with most commits")
        },
        counted(sections[2].items.len(), "decision"),
        counted(sections[4].items.len(), "file"),
    );
    Found { summary, sections, members: Map::new() }
}

fn is_about(item: &Item, focus: &str) -> bool {
    let focus = focus.to_lowercase();
    item.line.text.to_lowercase().contains(&focus)
        || item.line.evidence.iter().any(|one| one.to_string().to_lowercase().contains(&focus))
}

/// What the README says first, the languages, the size.
fn overview(corpus: &Corpus<'_>) -> Vec<Item> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let mut items = Vec::new();
    if let Some((path, text)) = readme(snapshot) {
        let first = what_it_is(text).map(|first| shortened(&first, 300));
        items.extend(first.map(|first| Item::new(first, [Evidence::file(path)])));
    }
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for file in &snapshot.files {
        if let Some((_, extension)) =
            file.path.rsplit('/').next().and_then(|name| name.rsplit_once('.'))
        {
            kinds.entry(extension).or_insert((0, &file.path)).0 += 1;
        }
    }
    let mut kinds: Vec<(&str, (usize, &str))> = kinds.into_iter().collect();
    kinds.sort_by_key(|(extension, (count, _))| (std::cmp::Reverse(*count), *extension));
    kinds.truncate(4);
    if !kinds.is_empty() {
        let shown: Vec<String> = kinds
            .iter()
            .map(|(extension, (count, _))| format!("{} .{extension}", grouped(*count)))
            .collect();
        let text = format!("{}: {}", counted(snapshot.files.len(), "file"), listed(&shown));
        items.push(Item::new(text, kinds.iter().map(|(_, (_, path))| Evidence::file(*path))));
    }
    items
}

/// How many of a README's sentences are asked what the project is.
const FIRST_SENTENCES: usize = 30;

/// The sentence by which a README says what the project is: the first that names it and says that
/// it is something, else the first of its first paragraph.
fn what_it_is(text: &str) -> Option<String> {
    let heading = text.lines().map(str::trim).find_map(|line| line.strip_prefix("# "));
    let name = without_links(heading.unwrap_or_default()).to_lowercase();
    // `vuejs/core` is known as `vue`, `Gin Web Framework` as `Gin`.
    let names: Vec<&str> = name
        .split(|one: char| !(one.is_alphanumeric() || "-_.".contains(one)))
        .filter(|word| word.len() >= LEAST_NAME)
        .collect();
    let says = |one: &&String| {
        let lower = one.to_lowercase();
        let begin = lower.split(' ').take(4).collect::<Vec<_>>().join(" ");
        [" is a ", " is an ", " is the ", " are "].iter().any(|is| lower.contains(is))
            && names.iter().any(|name| {
                begin.contains(name)
                    || name.strip_suffix("js").is_some_and(|one| begin.contains(one))
            })
    };
    let all: Vec<Vec<String>> = passages(text)
        .into_iter()
        .filter_map(|passage| match passage {
            Passage::Prose(prose) => Some(prose),
            _ => None,
        })
        .map(|prose| sentences(&without_links(&prose)).into_iter().map(str::to_owned).collect())
        .collect();
    let is_prose = |one: &&String| {
        one.split(' ').count() >= 5 && !one.starts_with('<') && !one.contains("://")
    };
    let told = all.iter().flatten().filter(is_prose).take(FIRST_SENTENCES).find(says);
    let first = || all.iter().take(2).flatten().find(is_prose);
    told.or_else(first).cloned()
}

/// A shorter word of a heading is no name.
const LEAST_NAME: usize = 3;

/// Markdown's links by their texts, without pictures and marks of weight.
fn without_links(text: &str) -> String {
    let mut plain = text.replace("**", "").replace("__", "");
    for (open, is_shown) in [("![", false), ("[", true)] {
        let mut rest = std::mem::take(&mut plain);
        while let Some(start) = rest.find(open) {
            let inner = start + open.len();
            let Some(end) = rest[inner..].find(']').map(|end| inner + end) else { break };
            plain.push_str(&rest[..start]);
            if is_shown {
                plain.push_str(&rest[inner..end]);
            }
            rest = without_target(&rest[end + 1..]).to_owned();
        }
        plain.push_str(&rest);
    }
    one_line(&plain)
}

/// What follows the `(page)` or `[page]` of a link.
fn without_target(rest: &str) -> &str {
    let close = match rest.chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        _ => return rest,
    };
    rest.find(close).map_or(rest, |end| &rest[end + 1..])
}

fn readme(snapshot: &RepositorySnapshot) -> Option<(&str, &str)> {
    let mut found = snapshot.texts.iter().filter(|file| !file.path.contains('/'));
    found
        .find(|file| file.path.to_lowercase().starts_with("readme"))
        .map(|file| (file.path.as_str(), file.text.as_str()))
}

/// Who touched which directory most, and whom CODEOWNERS names for it.
fn key_people(corpus: &Corpus<'_>) -> Vec<Item> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let mut people = People::default();
    let mut work: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    let mut commits: BTreeMap<usize, usize> = BTreeMap::new();
    let mut sample: BTreeMap<(usize, String), &str> = BTreeMap::new();
    let mut last: BTreeMap<usize, Timestamp> = BTreeMap::new();
    for touch in &snapshot.history {
        let person = people.know(&touch.author);
        *commits.entry(person).or_default() += 1;
        let at = last.entry(person).or_insert(touch.at);
        *at = touch.at.max(*at);
        for path in touch.paths.iter().filter(|path| snapshot.has_file(path) && is_work(path)) {
            let place = cite::directory(path);
            sample.entry((person, place.clone())).or_insert(path);
            *work.entry(person).or_default().entry(place).or_default() += 1;
        }
    }
    let mut order: Vec<(usize, usize)> = commits
        .into_iter()
        .filter(|(person, count)| !people.is_bot(*person) && *count >= LEAST_TOUCHES)
        .collect();
    order.sort_by_key(|(person, count)| (std::cmp::Reverse(*count), *person));
    let whole = snapshot.history.len();
    order
        .into_iter()
        .take(MAX_ITEMS)
        .map(|(person, count)| {
            let mut places: Vec<(String, usize)> =
                work.remove(&person).unwrap_or_default().into_iter().collect();
            places.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            places.truncate(3);
            let name = people.name(person);
            let areas: Vec<String> = places.iter().map(|(place, _)| place.clone()).collect();
            let shown: Vec<String> = areas
                .iter()
                .map(
                    |area| {
                        if area.is_empty() { "the root".to_owned() } else { format!("`{area}`") }
                    },
                )
                .collect();
            let most = if shown.is_empty() {
                String::new()
            } else {
                format!(", most in {}", listed(&shown))
            };
            let text = format!(
                "{name}: {} of the last {}{most}; the last on {}",
                counted(count, "commit"),
                grouped(whole),
                last.get(&person).map(|at| day(*at)).unwrap_or_default(),
            );
            let files = areas.iter().filter_map(|area| sample.get(&(person, area.clone())));
            let item = Item::new(text, files.map(|path| Evidence::file(*path)));
            item.with("name", json!(name)).with("areas", json!(areas)).with("commits", json!(count))
        })
        .chain(owners(snapshot))
        .collect()
}

/// Whether a changed file says where somebody works: not what every release changes.
fn is_work(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    !is_lock_file(path) && !is_manifest(path) && !name.starts_with("change")
}

fn owners(snapshot: &RepositorySnapshot) -> Vec<Item> {
    let Some(file) = snapshot.texts.iter().find(|file| file.path.ends_with("CODEOWNERS")) else {
        return Vec::new();
    };
    let lines = file.text.lines().enumerate().filter_map(|(nth, line)| {
        let line = line.split('#').next().unwrap_or(line).trim();
        let (pattern, owners) = line.split_once(char::is_whitespace)?;
        let owners: Vec<String> = owners.split_whitespace().map(one_line).collect();
        let text = format!(
            "{} own{} `{pattern}` by CODEOWNERS",
            listed(&owners),
            if owners.len() == 1 { "s" } else { "" }
        );
        let line = u32::try_from(nth + 1).ok();
        let item = Item::new(text, [Evidence::File { path: file.path.clone(), line }]);
        Some(item.with("name", json!(listed(&owners))).with("areas", json!([pattern])))
    });
    lines.take(MAX_ITEMS).collect()
}

/// The records of decisions that the tree has, and what else was decided in the window.
fn decided(corpus: &Corpus<'_>, window: Window) -> Vec<Item> {
    let mut decided = records_of_tree(corpus);
    // That such a record was accepted in the window says nothing new beside it.
    let is_of_tree = |evidence: &[Evidence]| {
        decided.iter().any(|item| item.line.evidence.iter().any(|one| evidence.contains(one)))
    };
    let further: Vec<Item> = decisions::decisions(corpus, &Ledger::of(corpus), window)
        .into_iter()
        .filter(|bullet| !is_of_tree(&bullet.evidence))
        .map(|bullet| Item::new(bullet.text, bullet.evidence))
        .collect();
    decided.extend(further);
    decided.truncate(2 * MAX_ITEMS);
    decided
}

/// Records of decisions that hold, the newest number first.
fn records_of_tree(corpus: &Corpus<'_>) -> Vec<Item> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let texts =
        snapshot.texts.iter().rev().filter(|file| documents::is_decision_record(&file.path));
    texts
        .filter_map(|file| {
            let record = documents::read(&file.text)?;
            let status = record.status.as_deref().unwrap_or("no status").to_owned();
            let text = format!(
                "{} — `{}`, {}",
                shortened(&record.title, 160),
                file.path,
                shortened(&status, 40)
            );
            Some(Item::new(text, [Evidence::file(&file.path)]))
        })
        .take(MAX_ITEMS)
        .collect()
}

/// How much of a file's commits must be fixes: much of what is changed often is fixed sometimes.
const LEAST_FIXES: f64 = 0.15;

/// Files that are fixed again and again.
fn pitfalls(corpus: &Corpus<'_>) -> Vec<Item> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for touch in &snapshot.history {
        let message = crate::activity::read::Message::parse(&touch.subject, "");
        let kind = message.kind.or_else(|| ChangeKind::of_words(&message.headline));
        let fixes = usize::from(matches!(kind, Some(ChangeKind::Fix | ChangeKind::Revert)));
        for path in touch.paths.iter().filter(|path| !is_document(path) && !is_test(path)) {
            let count = counts.entry(path).or_default();
            count.0 += fixes;
            count.1 += 1;
        }
    }
    let mut files: Vec<(&str, (usize, usize))> = counts
        .into_iter()
        .filter(|(path, (fixes, all))| {
            let is_often = *fixes >= LEAST_TOUCHES && ratio(*fixes, *all) >= LEAST_FIXES;
            is_often && snapshot.has_file(path) && !is_lock_file(path) && !is_manifest(path)
        })
        .collect();
    files.sort_by_key(|(path, (fixes, all))| (std::cmp::Reverse((*fixes, *all)), *path));
    files
        .into_iter()
        .take(MAX_ITEMS)
        .map(|(path, (fixes, all))| {
            let share = (100.0 * ratio(fixes, all)).round();
            let text = format!(
                "`{path}`: {fixes} of its {} were fixes ({share} %)",
                counted(all, "commit")
            );
            Item::new(text, [Evidence::file(path)])
                .with("fixes", json!(fixes))
                .with("commits", json!(all))
        })
        .collect()
}

/// README, contributing, architecture, in the order in which one reads.
fn reading(corpus: &Corpus<'_>) -> Vec<Item> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let rank = |path: &str| {
        let lower = path.to_lowercase();
        let name = lower.rsplit('/').next().unwrap_or(&lower);
        let order = [
            "readme",
            "contributing",
            "architecture",
            "design",
            "hacking",
            "development",
            "security",
            "changelog",
        ];
        let depth = path.matches('/').count();
        let place = order.iter().position(|start| name.starts_with(start))?;
        (is_document(path) && depth <= 2 && !is_test(path)).then_some((depth > 1, place, depth))
    };
    let mut files: Vec<_> = snapshot
        .files
        .iter()
        .filter_map(|file| Some((rank(&file.path)?, file.path.as_str(), file.bytes)))
        .collect();
    files.sort_unstable();
    // One list of changes is enough to see how they are told.
    let is_changes = |path: &str| path.to_lowercase().contains("changelog");
    let mut has_changes = false;
    files.retain(|(_, path, _)| !is_changes(path) || !std::mem::replace(&mut has_changes, true));
    files
        .into_iter()
        .take(MAX_ITEMS)
        .map(|(_, path, bytes)| {
            let size = bytes.div_ceil(1_024);
            Item::new(format!("`{path}` ({size} KiB)"), [Evidence::file(path)])
                .with("path", json!(path))
        })
        .collect()
}

/// How to build, then issues that are marked as good to begin with.
fn first_steps(corpus: &Corpus<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(snapshot) = corpus.snapshot {
        for (name, command) in BUILD_FILES {
            if snapshot.has_file(name) {
                let by_lock = |(lock, _): &&(&str, &str)| snapshot.has_file(lock);
                let of_lock = NODE_TOOLS.iter().filter(|_| name == "package.json").find(by_lock);
                let command = of_lock.map_or(command, |(_, command)| command);
                let text =
                    format!("Build it: `{name}` is there; `{command}` is what its tool runs");
                items.push(Item::new(text, [Evidence::file(name)]).with("command", json!(command)));
            }
        }
        items.truncate(3);
    }
    for record in &corpus.records {
        let Facts::Issue(item) = &record.event.facts else { continue };
        let label = item.labels.iter().find(|label| {
            let label = label.to_lowercase();
            ["good first", "beginner", "easy", "starter", "help wanted"]
                .iter()
                .any(|one| label.contains(one))
        });
        if let Some(label) = label.filter(|_| item.state.is_open()) {
            let text =
                format!("{}: {} (labelled `{}`)", item.key, headline(record), one_line(label));
            items.push(Item::new(text, [record.evidence()]));
        }
    }
    items.truncate(MAX_ITEMS);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_says_what_the_project_is() {
        let news = "# Tide Mill\n\n## News\n\nThis release brings [new stones](a) and more \
            flour.\n\nThe mill is a [fast][1] grinder of **all** corn.\n";
        assert_eq!(what_it_is(news).as_deref(), Some("The mill is a fast grinder of all corn."));
        let plain = "# x\n\n[![Build](b.svg)](ci) Grinds corn by the tide, day and night.\n";
        assert_eq!(what_it_is(plain).as_deref(), Some("Grinds corn by the tide, day and night."));
        assert_eq!(what_it_is("# x\n\nShort.\n"), None);
    }
}
