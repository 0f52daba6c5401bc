//! What a project depends on, read from the changed lines of its manifests.
//!
//! Only lines that are a dependency by the rules of their file count: a section that says so, or
//! a value that is a version. Never: a lock file, a part of the same repository.

use std::collections::{BTreeMap, BTreeSet};

use crate::activity::read::{Corpus, Record, is_version};
use crate::domain::activity::{ChangedLine, Sign, is_manifest};

use super::jvm;

/// A dependency as a line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Without the marks of a range; `None` where the line names none.
    pub(crate) version: Option<String>,
    /// The line is about its version alone: the manifest names it before and after.
    pub(crate) stays: bool,
}

impl Dependency {
    pub(super) fn new(name: &str, version: Option<String>) -> Self {
        Self { name: name.to_owned(), version, stays: false }
    }
}

/// How a manifest names a dependency before or after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Not at all.
    #[default]
    Absent,
    /// With the version, where it names one.
    Named(Option<String>),
}

/// What became of a dependency over the records, in one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DependencyChange {
    pub(crate) name: String,
    pub(crate) manifest: String,
    pub(crate) before: Entry,
    pub(crate) after: Entry,
    /// Records that changed it, in the order of time.
    pub(crate) records: Vec<usize>,
}

impl DependencyChange {
    /// It came.
    pub(crate) const fn is_new(&self) -> bool {
        matches!((&self.before, &self.after), (Entry::Absent, Entry::Named(_)))
    }

    /// It went.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!((&self.before, &self.after), (Entry::Named(_), Entry::Absent))
    }

    /// Its version's first part that is not 0 is another: what is built upon it may break.
    pub(crate) fn is_of_another_major(&self) -> bool {
        match (&self.before, &self.after) {
            (Entry::Named(Some(before)), Entry::Named(Some(after))) => major(before) < major(after),
            _ => false,
        }
    }

    /// The name with the version that it had and the one that it has.
    pub(crate) fn shown_with_before(&self) -> String {
        let version = |entry: &Entry| match entry {
            Entry::Named(Some(version)) => version.clone(),
            _ => String::new(),
        };
        format!("`{}` from {} to {}", self.name, version(&self.before), version(&self.after))
    }

    /// The name with the version that it has or had.
    pub(crate) fn shown(&self) -> String {
        let version = match (&self.after, &self.before) {
            (Entry::Named(version), _) | (Entry::Absent, Entry::Named(version)) => version.as_ref(),
            (Entry::Absent, Entry::Absent) => None,
        };
        version.map_or_else(|| format!("`{}`", self.name), |one| format!("`{} {one}`", self.name))
    }
}

/// The numbers of a version up to the first that is not 0.
fn major(version: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    for part in version.trim_start_matches(|one: char| !one.is_ascii_digit()).split('.') {
        let digits = part.split(|one: char| !one.is_ascii_digit()).next().unwrap_or_default();
        let Ok(number) = digits.parse() else { break };
        numbers.push(number);
        if number != 0 {
            break;
        }
    }
    numbers
}

/// What became of every dependency, by manifest and name; those that ended as they began left out.
pub(crate) fn changes(corpus: &Corpus<'_>) -> Vec<DependencyChange> {
    let mut changes: BTreeMap<(String, String), DependencyChange> = BTreeMap::new();
    for (place, record) in corpus.records.iter().enumerate() {
        let Some(commit) = record.event.facts.commit().filter(|one| !one.is_merge()) else {
            continue;
        };
        for (manifest, name, before, after) in of_lines(&commit.lines) {
            let key = (manifest.clone(), key_of(&manifest, &name));
            let change = changes.entry(key).or_insert_with(|| {
                let before = before.clone();
                DependencyChange {
                    name: name.clone(),
                    manifest,
                    before,
                    after: Entry::Absent,
                    records: Vec::new(),
                }
            });
            if after != Entry::Absent {
                change.name = name;
            }
            change.after = after;
            change.records.push(place);
        }
    }
    changes.into_values().filter(|change| change.before != change.after).collect()
}

/// What one record did to dependencies.
pub(crate) fn changes_of(record: &Record<'_>) -> Vec<DependencyChange> {
    let Some(commit) = record.event.facts.commit() else { return Vec::new() };
    let changes = of_lines(&commit.lines).into_iter();
    changes
        .filter(|(_, _, before, after)| before != after)
        .map(|(manifest, name, before, after)| DependencyChange {
            name,
            manifest,
            before,
            after,
            records: Vec::new(),
        })
        .collect()
}

/// Dependencies as they are shown, each once: where several manifests name one, the name with a
/// version stands for the one without.
pub(crate) fn each_once(mut shown: Vec<String>) -> Vec<String> {
    shown.sort();
    shown.dedup();
    let name = |one: &str| one.trim_matches('`').split(' ').next().unwrap_or(one).to_owned();
    let versioned: BTreeSet<String> =
        shown.iter().filter(|one| one.contains(' ')).map(|one| name(one)).collect();
    shown.retain(|one| one.contains(' ') || !versioned.contains(&name(one)));
    shown
}

type Change = (String, String, Entry, Entry);

fn of_lines(lines: &[ChangedLine]) -> Vec<Change> {
    let mut found: BTreeMap<(String, String), (String, Entry, Entry)> = BTreeMap::new();
    for line in lines.iter().filter(|line| is_manifest(&line.path)) {
        for dependency in dependencies_of(line) {
            let key = (line.path.clone(), key_of(&line.path, &dependency.name));
            let sides = found.entry(key).or_default();
            if sides.0.is_empty() || line.sign == Sign::Added {
                sides.0 = dependency.name;
            }
            let (own, other) = match line.sign {
                Sign::Removed => (&mut sides.1, &mut sides.2),
                Sign::Added => (&mut sides.2, &mut sides.1),
            };
            *own = Entry::Named(dependency.version);
            if dependency.stays && *other == Entry::Absent {
                *other = Entry::Named(None);
            }
        }
    }
    let found = found.into_iter();
    found.map(|((path, _), (name, before, after))| (path, name, before, after)).collect()
}

/// What two names of one dependency have in common: Python's differ by case and `_`, Go's by the
/// major version at their end.
pub(crate) fn key_of(manifest: &str, name: &str) -> String {
    let file = manifest.rsplit('/').next().unwrap_or(manifest);
    if file == "go.mod" {
        let major =
            |one: &str| one.strip_prefix('v').is_some_and(|digits| digits.parse::<u16>().is_ok());
        return match name.rsplit_once('/') {
            Some((path, end)) if major(end) => path.to_owned(),
            _ => name.to_owned(),
        };
    }
    let is_python = file.starts_with("requirements")
        || ["pyproject.toml", "setup.py", "setup.cfg", "Pipfile"].contains(&file);
    if is_python { name.to_lowercase().replace(['_', '.'], "-") } else { name.to_owned() }
}

/// The dependencies that a manifest's line names.
pub(crate) fn dependencies_of(line: &ChangedLine) -> Vec<Dependency> {
    let name = line.path.rsplit('/').next().unwrap_or(&line.path);
    let text = line.text.trim();
    let section = line.section.as_deref();
    match name {
        "Cargo.toml" => cargo(text, section).into_iter().collect(),
        "package.json" | "composer.json" => package_json(text).into_iter().collect(),
        "go.mod" => go_mod(text).into_iter().collect(),
        "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile" => python(text, section),
        "Gemfile" => gem(text).into_iter().collect(),
        "build.gradle" | "build.gradle.kts" => jvm::of_script(text).into_iter().collect(),
        "pom.xml" | "libs.versions.toml" => jvm::of_section(section),
        _ if name.starts_with("requirements") => requirement(text).into_iter().collect(),
        _ if name.ends_with(".gemspec") => gem(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn cargo(text: &str, section: Option<&str>) -> Option<Dependency> {
    let listed = section.is_none_or(|section| section.ends_with("dependencies"));
    let (key, value) = text.split_once('=')?;
    let (key, value) = (key.trim().trim_matches('"'), value.trim());
    let (name, value) = match key.split_once('.') {
        Some((name, "version")) => (name, value),
        Some(_) => return None,
        None => (key, value),
    };
    let keys = ["version", "edition", "rust-version", "name", "license", "resolver", "path"];
    // What lies beside is a part of the same repository, be it published with a version too.
    let inner = ["path =", "path="].iter().any(|start| value.contains(start));
    if !listed || !is_name(name) || keys.contains(&name) || inner || value.contains("workspace") {
        return None;
    }
    let version = match value.split_once("version") {
        Some((_, rest)) => quoted(rest),
        None if value.starts_with('"') => quoted(value),
        None => None,
    };
    let is_table = value.starts_with('{');
    let is_dependency = version.as_deref().is_some_and(is_range) || (is_table && section.is_some());
    is_dependency.then(|| Dependency::new(name, version.map(plain)))
}

fn package_json(text: &str) -> Option<Dependency> {
    let (key, value) = text.trim_end_matches(',').split_once("\":")?;
    let name = key.trim().trim_start_matches('"');
    let value = quoted(value)?;
    let keys = ["version", "node", "npm", "yarn", "pnpm", "vscode", "php", "packageManager"];
    if ["workspace:", "file:", "link:", "portal:"].iter().any(|start| value.starts_with(start)) {
        return None;
    }
    let is_place = ["npm:", "git+", "github:"].iter().any(|start| value.starts_with(start));
    if keys.contains(&name) || value.contains(' ') || !(is_range(&value) || is_place) {
        return None;
    }
    let version = (!is_place).then(|| plain(value));
    Some(Dependency::new(name, version))
}

fn go_mod(text: &str) -> Option<Dependency> {
    if text.contains("// indirect") || text.contains("=>") {
        return None;
    }
    let text = text.strip_prefix("require ").unwrap_or(text);
    let (name, version) = text.split_once(' ')?;
    let version =
        version.split(' ').next().filter(|one| one.starts_with('v') && is_version(one))?;
    name.contains('.').then(|| Dependency::new(name, Some(version.to_owned())))
}

fn python(text: &str, section: Option<&str>) -> Vec<Dependency> {
    let listed = section.is_none_or(|section| {
        section.contains("dependencies")
            || ["project", "options", "build-system", "dependency-groups", "packages"]
                .iter()
                .any(|start| section.starts_with(start))
    });
    if !listed || text.starts_with('#') {
        return Vec::new();
    }
    // `name = "^1.2"`, as Poetry and Pipenv write it.
    if let Some((key, value)) = text.split_once(" = ")
        && section.is_some_and(|section| section.contains("dependencies") || section == "packages")
        && is_name(key.trim())
        && key.trim() != "python"
        && let Some(version) = quoted(value).filter(|value| is_range(value))
    {
        return vec![Dependency::new(key.trim(), Some(plain(version)))];
    }
    let quoted_parts = text.split(['"', '\'']).skip(1).step_by(2);
    let mut found: Vec<Dependency> = quoted_parts.filter_map(requirement_with_range).collect();
    if found.is_empty() {
        found.extend(requirement_with_range(text.trim_end_matches(',')));
    }
    found
}

/// A requirement that names a version: without one, any word would be a dependency.
fn requirement_with_range(text: &str) -> Option<Dependency> {
    requirement(text).filter(|found| found.version.is_some())
}

/// `name[extra]>=1.2; marker`.
fn requirement(text: &str) -> Option<Dependency> {
    let text = text.split([';', '#']).next().unwrap_or(text).trim();
    let end = text.find(|one: char| "=<>~!^ [@".contains(one)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest =
        rest.trim_start_matches(|one: char| one != '=' && one != '<' && one != '>' && one != '~');
    let version = rest.trim_start_matches(['=', '<', '>', '~', '!', ' ']);
    let version =
        version.split([',', ' ']).next().filter(|one| is_range(one) && one.len() < rest.len());
    let is_whole = rest.is_empty() && end == text.len();
    (is_name(name) && (version.is_some() || is_whole) && !name.contains('='))
        .then(|| Dependency::new(name, version.map(str::to_owned)))
}

fn gem(text: &str) -> Option<Dependency> {
    let calls =
        ["gem ", "add_dependency ", "add_runtime_dependency ", "add_development_dependency "];
    let rest = calls.iter().find_map(|call| match text.strip_prefix(call) {
        Some(rest) => Some(rest),
        None => text.split_once(&format!(".{call}")).map(|(_, rest)| rest),
    })?;
    let mut parts = rest.split(['"', '\'']).skip(1).step_by(2);
    let name = parts.next()?;
    let version =
        parts.next().map(|one| one.trim_start_matches(['~', '>', '=', ' ', '<']).to_owned());
    Some(Dependency::new(name, version.filter(|one| is_version(one))))
}

fn quoted(text: &str) -> Option<String> {
    let start = text.find(['"', '\''])?;
    let mark = text[start..].chars().next()?;
    let rest = &text[start + 1..];
    rest.find(mark).map(|end| rest[..end].to_owned())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|one: char| one.is_ascii_alphabetic() || one == '@')
        && text.chars().all(|one| one.is_ascii_alphanumeric() || "-_./@".contains(one))
}

/// A version or a range of them.
fn is_range(text: &str) -> bool {
    let text = text.trim_start_matches(['^', '~', '=', '<', '>', ' ', 'v']);
    text.starts_with(|one: char| one.is_ascii_digit()) || text == "*"
}

fn plain(text: String) -> String {
    let shorter = text.trim_start_matches(['^', '~', '=', ' ']);
    if shorter.len() == text.len() { text } else { shorter.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, section: Option<&str>, text: &str) -> Vec<String> {
        let line = ChangedLine {
            path: path.to_owned(),
            sign: Sign::Added,
            number: 1,
            text: text.to_owned(),
            section: section.map(str::to_owned),
        };
        let found = dependencies_of(&line).into_iter();
        found.map(|one| format!("{} {}", one.name, one.version.unwrap_or_default())).collect()
    }

    #[test]
    fn majors_are_told_apart() {
        assert!(major("0.9.3") < major("1") && major("0.7.4") < major("0.8"));
        assert_eq!(major("1.2"), major("v1.9.0"));
    }

    #[test]
    fn a_version_that_a_line_is_about_is_of_what_was_there() {
        let line = |sign, section: &str| ChangedLine {
            path: "pom.xml".to_owned(),
            sign,
            number: 9,
            text: "<version>2</version>".to_owned(),
            section: Some(section.to_owned()),
        };
        let given = of_lines(&[line(Sign::Added, "version a:b:2")]);
        let named = |version: Option<&str>| Entry::Named(version.map(str::to_owned));
        assert_eq!((&given[0].2, &given[0].3), (&named(None), &named(Some("2"))));
        let lines = [line(Sign::Removed, "version a:b:1"), line(Sign::Added, "version a:b:2")];
        let raised = of_lines(&lines);
        assert_eq!((&raised[0].2, &raised[0].3), (&named(Some("1")), &named(Some("2"))));
        let new = of_lines(&[line(Sign::Added, "dependency a:b:2")]);
        assert_eq!(new[0].2, Entry::Absent);
    }

    #[test]
    fn a_name_with_a_version_stands_for_the_one_without() {
        let shown = ["`a:b`", "`a:b-c`", "`a:b 2`", "`a:b 2`"].map(str::to_owned).to_vec();
        assert_eq!(each_once(shown), ["`a:b 2`", "`a:b-c`"]);
    }

    #[test]
    fn one_dependency_may_have_several_names() {
        assert_eq!(key_of("pyproject.toml", "Jinja2"), key_of("pyproject.toml", "jinja2"));
        assert_eq!(key_of("go.mod", "x.org/driver"), key_of("a/go.mod", "x.org/driver/v2"));
        assert_ne!(key_of("go.mod", "x.org/driver"), key_of("go.mod", "x.org/driver/v2x"));
        assert_ne!(key_of("package.json", "A"), key_of("package.json", "a"));
    }

    #[test]
    fn each_manifests_lines_are_read() {
        let cases: [(&str, Option<&str>, &str, &[&str]); 24] = [
            ("Cargo.toml", None, "mine = { path = \"../mine\", version = \"1\" }", &[]),
            ("package.json", None, "\"mine\": \"workspace:*\",", &[]),
            ("Cargo.toml", Some("dependencies"), "serde = \"1.0.2\"", &["serde 1.0.2"]),
            ("Cargo.toml", None, "serde = { version = \"1\", features = [] }", &["serde 1"]),
            ("Cargo.toml", Some("package"), "version = \"1.0.2\"", &[]),
            ("Cargo.toml", Some("package"), "foo = \"1.0.2\"", &[]),
            ("Cargo.toml", None, "version = \"1.0.2\"", &[]),
            ("Cargo.toml", Some("dependencies"), "mine = { path = \"../mine\" }", &[]),
            ("package.json", None, "\"left-pad\": \"^1.3.0\",", &["left-pad 1.3.0"]),
            ("package.json", None, "\"version\": \"1.3.0\",", &[]),
            ("package.json", None, "\"test\": \"jest\"", &[]),
            ("go.mod", None, "github.com/a/b v1.2.3", &["github.com/a/b v1.2.3"]),
            ("go.mod", None, "github.com/a/b v1.2.3 // indirect", &[]),
            ("go.mod", None, "go 1.21", &[]),
            ("pyproject.toml", Some("project"), "\"asgiref >= 3.8.1\",", &["asgiref 3.8.1"]),
            ("pyproject.toml", Some("tool.black"), "\"asgiref >= 3.8.1\",", &[]),
            ("pyproject.toml", Some("project"), "name = \"Django\"", &[]),
            ("requirements.txt", None, "flask==2.0.1  # web", &["flask 2.0.1"]),
            ("requirements.txt", None, "flask", &["flask "]),
            ("requirements.txt", None, "-r base.txt", &[]),
            ("Gemfile", None, "gem \"rake\", \"~> 13.0\"", &["rake 13.0"]),
            ("build.gradle", None, "implementation 'a.b:c:1.2'", &["a.b:c 1.2"]),
            ("a/pom.xml", Some("dependency a.b:c:1.2"), "<version>${c}</version>", &["a.b:c 1.2"]),
            ("a/pom.xml", None, "<version>1.2</version>", &[]),
        ];
        for (path, section, text, expected) in cases {
            assert_eq!(named(path, section, text), expected, "{text}");
        }
    }
}
