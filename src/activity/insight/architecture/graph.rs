//! Who imports whom: imports resolved to files of the tree, directories, cycles.

use std::collections::{BTreeMap, BTreeSet};

use crate::activity::extract::cite::directory;
use crate::activity::insight::Pace;
use crate::activity::read::is_test;
use crate::domain::activity::RepositorySnapshot;

use super::imports::{Imports, Language, read};

/// How many files pass between two questions whether to go on.
const FILES_A_STEP: usize = 64;

/// Source files and their imports.
pub(super) struct Graph<'a> {
    /// In the order of paths.
    pub(super) files: Vec<&'a str>,
    /// From, to; each once, in order.
    pub(super) edges: BTreeSet<(usize, usize)>,
    lines: Vec<usize>,
}

/// Imports of one directory from another.
#[derive(Clone, Debug)]
pub(super) struct DirectoryEdge<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) count: usize,
    /// Some of the importing files.
    pub(super) files: Vec<&'a str>,
}

/// Directories that import each other.
pub(super) struct Cycle<'a> {
    pub(super) directories: Vec<&'a str>,
    pub(super) imports: usize,
    pub(super) files: Vec<&'a str>,
    /// The fewest imports of one directory from another within it.
    pub(super) weakest: Option<DirectoryEdge<'a>>,
}

impl<'a> Graph<'a> {
    /// Parses every understood file; `None` when `pace` said to stop.
    pub(super) fn of(snapshot: &'a RepositorySnapshot, pace: &mut Pace<'_>) -> Option<Self> {
        let sources: Vec<_> = snapshot
            .texts
            .iter()
            .filter_map(|file| Some((file, Language::of(&file.path)?)))
            .collect();
        let mut imports = Vec::with_capacity(sources.len());
        for (nth, (file, language)) in sources.iter().enumerate() {
            if nth.is_multiple_of(FILES_A_STEP) && !pace(nth, sources.len()) {
                return None;
            }
            imports.push(read(*language, &file.text));
        }
        let files: Vec<&str> = sources.iter().map(|(file, _)| file.path.as_str()).collect();
        let lines = sources.iter().map(|(file, _)| file.text.lines().count()).collect();
        let known = Known::of(snapshot, &files, &imports);
        let mut edges = BTreeSet::new();
        for (from, (_, language)) in sources.iter().enumerate() {
            for name in &imports[from].named {
                let found = known.resolve(*language, files[from], name);
                edges.extend(found.filter(|to| *to != from).map(|to| (from, to)));
            }
        }
        Some(Self { files, edges, lines })
    }

    /// Each file's directory, as [`unit`] tells it.
    pub(super) fn directory_of(&self, file: usize) -> &'a str {
        unit(self.files[file])
    }

    /// All directories with source files.
    pub(super) fn directories(&self) -> BTreeSet<&'a str> {
        (0..self.files.len()).map(|file| self.directory_of(file)).collect()
    }

    /// How many files import each.
    pub(super) fn fan_in(&self) -> Vec<usize> {
        let mut counts = vec![0; self.files.len()];
        for (_, to) in &self.edges {
            counts[*to] += 1;
        }
        counts
    }

    pub(super) fn lines_of(&self, path: &str) -> Option<usize> {
        let place = self.files.binary_search(&path).ok()?;
        self.lines.get(place).copied()
    }

    /// Files, lines and one file of each language, by its name.
    pub(super) fn languages(&self) -> BTreeMap<&'static str, (usize, usize, &'a str)> {
        let mut languages = BTreeMap::new();
        for (path, lines) in self.files.iter().zip(&self.lines) {
            if let Some(language) = Language::of(path) {
                let count = languages.entry(language.name()).or_insert((0, 0, *path));
                count.0 += 1;
                count.1 += lines;
            }
        }
        languages
    }

    /// Whether a file imports another one, or its package where packages are imported whole.
    pub(super) fn imports(&self, one: usize, other: usize) -> bool {
        let is_go = Language::of(self.files[other]) == Some(Language::Go);
        let package = folder(self.files[other]);
        self.edges.contains(&(one, other))
            || is_go
                && self
                    .edges
                    .range((one, 0)..(one + 1, 0))
                    .any(|(_, to)| folder(self.files[*to]) == package)
    }

    /// Imports between different directories; those of tests and examples say nothing of how the
    /// code hangs together.
    pub(super) fn directory_edges(&self) -> Vec<DirectoryEdge<'a>> {
        let mut pairs: BTreeMap<(&str, &str), DirectoryEdge<'a>> = BTreeMap::new();
        for (from, to) in &self.edges {
            let (one, other) = (self.directory_of(*from), self.directory_of(*to));
            if one != other && !is_aside(self.files[*from]) {
                let pair = pairs.entry((one, other)).or_insert_with(|| DirectoryEdge {
                    from: one,
                    to: other,
                    count: 0,
                    files: Vec::new(),
                });
                pair.count += 1;
                if pair.files.last() != Some(&self.files[*from]) {
                    pair.files.push(self.files[*from]);
                }
            }
        }
        pairs.into_values().collect()
    }

    /// Directories that import each other, the largest first.
    pub(super) fn cycles(&self) -> Vec<Cycle<'a>> {
        let edges = self.directory_edges();
        let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for edge in &edges {
            next.entry(edge.from).or_default().push(edge.to);
            before.entry(edge.to).or_default().push(edge.from);
        }
        let mut cycles = Vec::new();
        for group in groups(&next, &before) {
            let within: Vec<&DirectoryEdge<'a>> = edges
                .iter()
                .filter(|edge| group.contains(edge.from) && group.contains(edge.to))
                .collect();
            let weakest = within.iter().min_by_key(|edge| (edge.count, edge.from, edge.to));
            let files: BTreeSet<&str> =
                within.iter().flat_map(|edge| edge.files.iter().copied()).collect();
            cycles.push(Cycle {
                imports: within.iter().map(|edge| edge.count).sum(),
                weakest: weakest.map(|edge| (*edge).clone()),
                files: files.into_iter().collect(),
                directories: group.into_iter().collect(),
            });
        }
        cycles.sort_by_key(|cycle| (std::cmp::Reverse(cycle.imports), cycle.directories.clone()));
        cycles
    }
}

/// The directory that a reader knows a file by: at most three levels, but Java's packages whole.
pub(super) fn unit(path: &str) -> &str {
    match Language::of(path) {
        Some(Language::Java) => folder(path),
        _ => &path[..directory(path).len()],
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Tests, examples and measurements.
pub(super) fn is_aside(path: &str) -> bool {
    let folders = ["example", "examples", "benches", "benchmark", "benchmarks"];
    is_test(path) || path.split('/').rev().skip(1).any(|part| folders.contains(&part))
}

/// Groups of two and more that reach each other (Kosaraju's two passes, without recursion).
fn groups<'a>(
    next: &BTreeMap<&'a str, Vec<&'a str>>,
    before: &BTreeMap<&'a str, Vec<&'a str>>,
) -> Vec<BTreeSet<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    for start in next.keys() {
        let mut stack = vec![(*start, false)];
        while let Some((node, is_done)) = stack.pop() {
            if is_done {
                order.push(node);
            } else if seen.insert(node) {
                stack.push((node, true));
                stack.extend(next.get(node).into_iter().flatten().map(|other| (*other, false)));
            }
        }
    }
    let mut taken = BTreeSet::new();
    let mut groups = Vec::new();
    for start in order.into_iter().rev() {
        let mut group = BTreeSet::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if taken.insert(node) {
                group.insert(node);
                stack.extend(before.get(node).into_iter().flatten());
            }
        }
        if group.len() > 1 {
            groups.push(group);
        }
    }
    groups
}

/// What names can be resolved to.
struct Known<'a> {
    places: BTreeMap<&'a str, usize>,
    /// Rust crates by the name that others import them by: their `src` directory.
    crates: BTreeMap<String, String>,
    /// Java classes by their whole name.
    classes: BTreeMap<String, usize>,
    /// Go modules: their name and directory.
    modules: Vec<(String, String)>,
    /// Packages of `package.json` by their names: their directories.
    packages: BTreeMap<String, String>,
    /// The first file of each directory.
    first_of: BTreeMap<&'a str, usize>,
}

impl<'a> Known<'a> {
    fn of(snapshot: &RepositorySnapshot, files: &[&'a str], imports: &[Imports]) -> Self {
        let places = files.iter().enumerate().map(|(place, path)| (*path, place)).collect();
        let mut crates = BTreeMap::new();
        for file in &snapshot.files {
            let Some(root) = file.path.strip_suffix("src/lib.rs") else { continue };
            if root.is_empty() || root.ends_with('/') {
                crates.insert(crate_at(snapshot, root), format!("{root}src"));
            }
        }
        let mut classes = BTreeMap::new();
        let mut first_of = BTreeMap::new();
        for (place, path) in files.iter().enumerate() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            first_of.entry(folder).or_insert(place);
            if let Some(package) = &imports[place].package {
                let class = name.trim_end_matches(".java");
                classes.insert(format!("{package}.{class}"), place);
            }
        }
        let modules = snapshot.texts.iter().filter(|file| file.path.ends_with("go.mod"));
        let modules = modules.filter_map(|file| {
            let name = file.text.lines().find_map(|line| line.strip_prefix("module "))?;
            Some((name.trim().to_owned(), file.path.trim_end_matches("go.mod").to_owned()))
        });
        let packages = snapshot.texts.iter().filter_map(|file| {
            let root = file.path.strip_suffix("package.json")?.trim_end_matches('/');
            let package: serde_json::Value = serde_json::from_str(&file.text).ok()?;
            Some((package["name"].as_str()?.to_owned(), root.to_owned()))
        });
        let packages = packages.collect();
        Self { places, crates, classes, modules: modules.collect(), packages, first_of }
    }

    fn resolve(&self, language: Language, from: &str, name: &str) -> Option<usize> {
        match language {
            Language::Rust => self.rust(from, name),
            Language::Script => self.script(from, name),
            Language::Python => self.python(from, name),
            Language::Go => self.modules.iter().find_map(|(module, root)| {
                let rest = name.strip_prefix(module.as_str())?.trim_start_matches('/');
                self.first_of.get(format!("{root}{rest}").trim_end_matches('/')).copied()
            }),
            Language::Java => self.classes.get(name).copied(),
        }
    }

    fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    fn rust(&self, from: &str, name: &str) -> Option<usize> {
        let mut parts: Vec<&str> = name.split("::").map(str::trim).collect();
        let (folder, file) = from.rsplit_once('/').unwrap_or(("", from));
        let stem = file.trim_end_matches(".rs");
        let own = if ["mod", "lib", "main"].contains(&stem) {
            folder.to_owned()
        } else {
            format!("{folder}/{stem}")
        };
        let first = parts.remove(0);
        let mut root = match first {
            "crate" => source_root(folder)?.to_owned(),
            "self" => own,
            "super" => parent(&own).to_owned(),
            // A module below goes before a crate of its name.
            other => {
                let below = join(&own, other);
                let files = [format!("{below}.rs"), format!("{below}/mod.rs")];
                if files.iter().any(|path| self.places.contains_key(path.as_str())) {
                    below
                } else {
                    self.crates.get(other)?.clone()
                }
            }
        };
        while parts.first() == Some(&"super") {
            parts.remove(0);
            root = parent(&root).to_owned();
        }
        for length in (0..=parts.len()).rev() {
            let path = parts[..length].iter().fold(root.clone(), |path, part| join(&path, part));
            let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
            let whole = (length == 0).then(|| format!("{path}/lib.rs"));
            let found = files.iter().chain(&whole).find_map(|path| self.place(path));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn script(&self, from: &str, name: &str) -> Option<usize> {
        if !name.starts_with('.') {
            return self.package(name);
        }
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut path = folder.to_owned();
        for part in name.split('/') {
            match part {
                "." | "" => {}
                ".." => path = parent(&path).to_owned(),
                part => path = join(&path, part),
            }
        }
        self.script_at(&path)
    }

    /// A file that a script names without its extension, or the index of a folder.
    fn script_at(&self, path: &str) -> Option<usize> {
        let ends = ["ts", "tsx", "mts", "js", "jsx", "mjs", "cjs"];
        let stem = path.trim_end_matches(".js").trim_end_matches(".mjs").to_owned();
        let exact = self.place(path);
        exact
            .or_else(|| ends.iter().find_map(|end| self.place(&format!("{stem}.{end}"))))
            .or_else(|| ends.iter().find_map(|end| self.place(&format!("{path}.{end}"))))
            .or_else(|| {
                ends.iter().find_map(|end| self.place(&join(path, &format!("index.{end}"))))
            })
    }

    /// A package of the same repository, or a part of it, by the package's name.
    fn package(&self, name: &str) -> Option<usize> {
        let mut own = name;
        let root = loop {
            if let Some(root) = self.packages.get(own) {
                break root;
            }
            own = own.rsplit_once('/')?.0;
        };
        let rest = name[own.len()..].trim_start_matches('/');
        // What lies in the root itself is what is published.
        let inside = [join(&join(root, "src"), rest), join(root, rest)];
        inside.iter().find_map(|path| self.script_at(path.trim_end_matches('/')))
    }

    fn python(&self, from: &str, name: &str) -> Option<usize> {
        let dots = name.chars().take_while(|one| *one == '.').count();
        let mut folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        for _ in 1..dots {
            folder = parent(folder);
        }
        let rest = name.trim_start_matches('.').replace('.', "/");
        let roots: Vec<&str> = if dots > 0 { vec![folder] } else { vec!["", "src", "lib", folder] };
        roots.into_iter().find_map(|root| {
            let path = if rest.is_empty() { root.to_owned() } else { join(root, &rest) };
            self.place(&format!("{path}.py")).or_else(|| self.place(&join(&path, "__init__.py")))
        })
    }
}

/// The name by which others import the crate in a folder: its package's, else the folder's. They
/// differ often, and a folder may be called as somebody else's crate.
fn crate_at(snapshot: &RepositorySnapshot, root: &str) -> String {
    let manifest = snapshot.text(&format!("{root}Cargo.toml")).unwrap_or_default();
    let package = manifest.split("[package]").nth(1).unwrap_or_default();
    let own = package.split("\n[").next().unwrap_or_default();
    let name = own.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "name").then(|| value.trim().trim_matches('"'))
    });
    let folder = root.trim_end_matches('/');
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    name.unwrap_or(folder).replace('-', "_")
}

/// The nearest folder named `src` at or above, else the folder itself.
fn source_root(folder: &str) -> Option<&str> {
    let mut at = folder;
    loop {
        if at == "src" || at.ends_with("/src") {
            return Some(at);
        }
        at = at.rsplit_once('/').map(|(outer, _)| outer)?;
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(outer, _)| outer)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
