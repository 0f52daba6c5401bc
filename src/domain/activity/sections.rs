//! What the lines of a manifest are about, where a line alone does not say it.
//!
//! In TOML and INI it is the nearest `[section]` above. In Maven's `pom.xml` and in the version
//! catalogs of Gradle a dependency and its version stand on several lines, often far apart: there
//! it is the dependencies that the line has a part in, `dependency group:name:1.2`. Of two states
//! of one file only those count that differ: `version group:name:1.2` for one that is in both.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

/// The longest section that is kept, in characters.
const MAX_HEADER: usize = 100;

/// The longest list of a line's dependencies, in bytes: many may have one property's version.
const MAX_LISTED: usize = 2_000;

/// The longest part of a dependency's name and the longest version; what is longer is none.
const MAX_PART: usize = 100;

/// What a line with a part in a dependency begins with: it is not in the other state of the file.
const COMES: &str = "dependency";

/// The same for one that the other state has with another version.
const STAYS: &str = "version";

/// The sections of one state of a file.
#[derive(Clone, Debug)]
pub enum Sections {
    /// By the line that begins them, each down to the next.
    Ranges(BTreeMap<u32, String>),
    /// By the lines that they are of.
    Lines(BTreeMap<u32, String>),
}

impl Sections {
    /// Those of a file as it is.
    pub fn of(path: &str, text: &str) -> Self {
        Self::beside(path, text, "")
    }

    /// Those of a file of which `other` is another state, before or after.
    pub fn beside(path: &str, text: &str, other: &str) -> Self {
        match entries_of(path) {
            Some(entries) => Self::Lines(differing(&entries(text), &entries(other))),
            None => Self::Ranges(headers(path, text)),
        }
    }

    /// Whether a file's sections are the dependencies of single lines: a line without one has no
    /// part in any.
    pub fn are_entries(path: &str) -> bool {
        entries_of(path).is_some()
    }

    /// What the line `number` (from 1) is about.
    pub fn at(&self, number: u32) -> Option<&str> {
        let found = match self {
            Self::Ranges(headers) => headers.range(..=number).next_back().map(|(_, name)| name),
            Self::Lines(lines) => lines.get(&number),
        };
        found.map(String::as_str)
    }
}

/// A dependency that a line has a part in, as [`Sections`] write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionEntry<'s> {
    /// `group:name`.
    pub name: &'s str,
    /// As far as the file itself says it.
    pub version: Option<&'s str>,
    /// The file's other state has it too.
    pub stays: bool,
}

/// The dependencies of a section that [`Sections`] wrote of a file's lines.
pub fn section_entries(section: &str) -> Vec<SectionEntry<'_>> {
    let mut words = section.split(' ');
    let mut entries = Vec::new();
    while let (Some(sort), Some(coordinates)) = (words.next(), words.next()) {
        let Some((group, rest)) = coordinates.split_once(':') else { continue };
        let (name, version) = match rest.split_once(':') {
            Some((name, version)) => (name, Some(version)),
            None => (rest, None),
        };
        let name = &coordinates[..group.len() + 1 + name.len()];
        entries.push(SectionEntry { name, version, stays: sort == STAYS });
    }
    entries
}

/// What a `pom.xml` itself is named as a dependency, `group:name`.
pub fn pom_name(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let project = document.root_element();
    named(own(project, "groupId")?, child_text(project, "artifactId")?)
}

/// Lines that begin a `[section]`, with its name.
fn headers(path: &str, text: &str) -> BTreeMap<u32, String> {
    let extension = path.rsplit_once('.').map_or("", |(_, end)| end);
    if !["toml", "cfg", "ini"].iter().any(|one| extension.eq_ignore_ascii_case(one)) {
        return BTreeMap::new();
    }
    let lines = (1..).zip(text.lines().map(str::trim));
    let headers = lines.filter(|(_, line)| line.starts_with('[') && line.ends_with(']'));
    let name = |line: &str| line.trim_matches(['[', ']']).trim().chars().take(MAX_HEADER).collect();
    headers.map(|(number, line)| (number, name(line))).collect()
}

/// What reads a file of which a line alone does not name a dependency.
fn entries_of(path: &str) -> Option<fn(&str) -> Entries> {
    match path.rsplit('/').next().unwrap_or(path) {
        "pom.xml" => Some(of_pom),
        "libs.versions.toml" => Some(of_catalog),
        _ => None,
    }
}

/// A dependency of one file.
#[derive(Default)]
struct Entry {
    version: Option<String>,
    lines: BTreeSet<u32>,
}

/// By `group:name`.
type Entries = BTreeMap<String, Entry>;

/// What the lines of `entries` are about that `others` do not have alike.
fn differing(entries: &Entries, others: &Entries) -> BTreeMap<u32, String> {
    let mut lines: BTreeMap<u32, String> = BTreeMap::new();
    for (name, entry) in entries {
        let sort = match others.get(name) {
            Some(other) if other.version == entry.version => continue,
            Some(_) => STAYS,
            None => COMES,
        };
        let version = entry.version.as_ref().map_or(String::new(), |version| format!(":{version}"));
        for number in &entry.lines {
            let listed = lines.entry(*number).or_default();
            if listed.len() < MAX_LISTED {
                let space = if listed.is_empty() { "" } else { " " };
                listed.extend([space, sort, " ", name.as_str(), version.as_str()]);
            }
        }
    }
    lines
}

/// What a project of Maven depends on by its `pom.xml`, managed versions and profiles included.
/// Never: plugins and what these need, exclusions, other parts of the same project.
fn of_pom(text: &str) -> Entries {
    let mut entries = Entries::new();
    let Ok(document) = Document::parse(text) else { return entries };
    let project = document.root_element();
    let line_of = Lines::of(text);
    let properties: BTreeMap<&str, Node<'_, '_>> = children(project, "properties")
        .flat_map(|all| all.children())
        .filter(Node::is_element)
        .map(|property| (property.tag_name().name(), property))
        .collect();
    let all = project.descendants().filter(|node| node.has_tag_name("dependency"));
    for dependency in all.filter(|node| is_of_project(*node)) {
        let [group, artifact, version] =
            ["groupId", "artifactId", "version"].map(|name| children(dependency, name).next());
        let (Some(group), Some(artifact)) = (group, artifact) else { continue };
        let written = version.and_then(|node| node.text()).map(str::trim);
        let property = written
            .and_then(|written| written.strip_prefix("${")?.strip_suffix('}'))
            .and_then(|name| properties.get(name));
        let text = |node: Node<'_, '_>| node.text().map_or("", str::trim).to_owned();
        if is_own(project, &text(group), written) {
            continue;
        }
        let Some(name) = named(&text(group), &text(artifact)) else { continue };
        let entry = entries.entry(name).or_default();
        let value = property.and_then(Node::text).map(str::trim).or(written);
        entry.version = entry.version.take().or_else(|| value.and_then(version_of));
        let parts = [Some(group), Some(artifact), version, property.copied()];
        entry.lines.extend(parts.into_iter().flatten().map(|node| line_of.at(node.range().start)));
    }
    entries
}

/// Whether a `<dependency>` is one of the project itself, of its profiles or a managed one.
fn is_of_project(dependency: Node<'_, '_>) -> bool {
    let list = dependency.parent_element().filter(|list| list.has_tag_name("dependencies"));
    let owner = list.and_then(|list| list.parent_element());
    owner.is_some_and(|owner| {
        ["project", "profile", "dependencyManagement"].contains(&owner.tag_name().name())
    })
}

/// Whether a dependency is a part of the same project: of its group, and of the version that the
/// project has or gives its parts.
fn is_own(project: Node<'_, '_>, group: &str, version: Option<&str>) -> bool {
    let is_by_variable = |text: &str| {
        ["${project.", "${pom.", "${revision}"].iter().any(|start| text.starts_with(start))
    };
    let is_of_group = own(project, "groupId") == Some(group);
    is_by_variable(group)
        || version.is_some_and(is_by_variable)
        || is_of_group && (version.is_none() || version == own(project, "version"))
}

/// What a project says of itself, else what its parent's reference says of both.
fn own<'d>(project: Node<'d, '_>, name: &str) -> Option<&'d str> {
    child_text(project, name).or_else(|| child_text(children(project, "parent").next()?, name))
}

fn children<'d, 'i>(node: Node<'d, 'i>, name: &str) -> impl Iterator<Item = Node<'d, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn child_text<'d>(node: Node<'d, '_>, name: &str) -> Option<&'d str> {
    children(node, name).next()?.text().map(str::trim)
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(end, _)| end).collect())
    }

    /// The number of the line that the byte at `place` is on.
    fn at(&self, place: usize) -> u32 {
        let ends_before = self.0.partition_point(|end| *end < place);
        u32::try_from(ends_before + 1).unwrap_or(u32::MAX)
    }
}

/// The libraries of a version catalog. Never: its plugins.
fn of_catalog(text: &str) -> Entries {
    let headers = &headers("libs.versions.toml", text);
    let of_section = |wanted: &'static str| {
        let lines = (1_u32..).zip(text.lines().map(str::trim));
        lines.filter_map(move |(number, line)| {
            let (_, section) = headers.range(..=number).next_back()?;
            let (key, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
            (section == wanted).then(|| (number, key.trim().trim_matches('"'), value.trim()))
        })
    };
    let versions: BTreeMap<&str, (u32, Option<String>)> = of_section("versions")
        .map(|(number, key, value)| (key, (number, quoted(value).and_then(version_of))))
        .collect();
    let mut entries = Entries::new();
    for (number, _, value) in of_section("libraries") {
        let found = if value.starts_with('{') {
            of_table(value)
        } else {
            quoted(value).and_then(of_notation)
        };
        let Some((name, version, reference)) = found else { continue };
        let shared = reference.and_then(|reference| versions.get(reference));
        let entry = entries.entry(name).or_default();
        let version = version.and_then(version_of);
        let version = version.or_else(|| shared.and_then(|(_, version)| version.clone()));
        entry.version = entry.version.take().or(version);
        entry.lines.insert(number);
        entry.lines.extend(shared.map(|(number, _)| number));
    }
    entries
}

/// A library's name, its version, and the name of one that is shared.
type Library<'t> = (String, Option<&'t str>, Option<&'t str>);

/// `"group:name:1.2"`.
fn of_notation(text: &str) -> Option<Library<'_>> {
    let (group, rest) = text.split_once(':')?;
    let (name, version) = match rest.split_once(':') {
        Some((name, version)) => (name, Some(version)),
        None => (rest, None),
    };
    Some((named(group, name)?, version, None))
}

/// `{ module = "group:name", version.ref = "shared" }` and its like.
fn of_table(text: &str) -> Option<Library<'_>> {
    let value = |wanted: &str| {
        text.trim_matches(['{', '}']).split(',').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == wanted).then(|| quoted(value))?
        })
    };
    let (group, name) = match value("module") {
        Some(module) => module.split_once(':')?,
        None => (value("group")?, value("name")?),
    };
    // Also as `version = { ref = "shared" }`.
    let reference = value("version.ref").or_else(|| {
        let (_, rest) = text.split_once("version")?.1.split_once("ref")?;
        quoted(rest)
    });
    let version = value("version").filter(|_| reference.is_none());
    Some((named(group, name)?, version, reference))
}

/// The text in the first pair of quotation marks.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['"', '\''])?;
    let rest = &text[start + 1..];
    rest.find(&text[start..=start]).map(|end| &rest[..end])
}

/// A dependency's name of its two parts, where both are in full.
fn named(group: &str, name: &str) -> Option<String> {
    let is_part = |text: &str| !text.is_empty() && is_plain(text);
    (is_part(group) && is_part(name)).then(|| format!("{group}:{name}"))
}

/// A version, where it is one and neither a range nor a variable.
fn version_of(text: &str) -> Option<String> {
    let is_version = text.starts_with(|one: char| one.is_ascii_digit() || one == 'v');
    (is_version && is_plain(text)).then(|| text.to_owned())
}

fn is_plain(text: &str) -> bool {
    let is_of_name = |one: char| one.is_ascii_alphanumeric() || "._-+".contains(one);
    text.len() <= MAX_PART && text.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that are about something, with what.
    fn told(path: &str, text: &str, other: &str) -> Vec<String> {
        let sections = Sections::beside(path, text, other);
        let lines = (1..).zip(text.lines());
        let about = lines.filter_map(|(number, _)| Some((number, sections.at(number)?)));
        about.map(|(number, section)| format!("{number} {section}")).collect()
    }

    #[test]
    fn a_line_lies_in_the_nearest_section_above() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\n";
        let of = |path: &str, line| Sections::of(path, text).at(line).map(str::to_owned);
        assert_eq!(of("Cargo.toml", 4).as_deref(), Some("dependencies"));
        assert_eq!(of("Cargo.toml", 2).as_deref(), Some("package"));
        assert_eq!(of("package.json", 2), None);
    }

    const POM: &str = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
<groupId>org.mill</groupId><artifactId>mill</artifactId><version>1.0</version>
<properties>
<moon.version>2.1</moon.version>
</properties>
<dependencies>
<dependency>
<groupId>org.moon</groupId>
<artifactId>tides</artifactId>
<version>${moon.version}</version>
<exclusions><exclusion><groupId>a</groupId><artifactId>b</artifactId></exclusion></exclusions>
</dependency>
<dependency>
<groupId>org.mill</groupId>
<artifactId>wheel</artifactId>
<version>${project.version}</version>
</dependency>
<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
</dependencies>
<build><plugins><plugin><dependencies>
<dependency><groupId>org.tool</groupId><artifactId>saw</artifactId><version>3</version></dependency>
</dependencies></plugin></plugins></build>
</project>
";

    #[test]
    fn the_lines_of_a_pom_are_about_what_the_project_depends_on() {
        let expected =
            ["4", "8", "9", "10"].map(|line| format!("{line} dependency org.moon:tides:2.1"));
        let whole = told("a/pom.xml", POM, "");
        assert_eq!(whole[..4], expected);
        assert_eq!(whole[4..], ["18 dependency junit:junit"]);
        assert_eq!(pom_name(POM).as_deref(), Some("org.mill:mill"));
        assert!(told("pom.xml", &POM.replace("</project>", ""), "").is_empty());
    }

    #[test]
    fn only_what_another_state_does_not_have_alike_counts() {
        let raised = POM.replace("2.1<", "3.0<");
        assert!(told("pom.xml", POM, POM).is_empty());
        assert_eq!(told("pom.xml", POM, &raised)[0], "4 version org.moon:tides:2.1");
        assert_eq!(told("pom.xml", &raised, POM)[0], "4 version org.moon:tides:3.0");
        assert_eq!(told("pom.xml", &raised, POM).len(), 4);
    }

    #[test]
    fn the_lines_of_a_catalog_are_about_its_libraries() {
        let text = "[versions]
moon = \"2.1\"
unused = \"1\"
[libraries]
tides = { module = \"org.moon:tides\", version.ref = \"moon\" }
ebb = { group = \"org.moon\", name = \"ebb\", version = { ref = \"moon\" } }
sack = \"org.mill:sack:1.2\"
# old = \"org.mill:old:1.2\"
flour = { module = \"org.mill:flour\", version = \"4\" }
bare = { module = \"org.mill:bare\" }
[plugins]
tool = { id = \"org.tool\", version = \"1\" }
";
        let expected = [
            "2 dependency org.moon:ebb:2.1 dependency org.moon:tides:2.1",
            "5 dependency org.moon:tides:2.1",
            "6 dependency org.moon:ebb:2.1",
            "7 dependency org.mill:sack:1.2",
            "9 dependency org.mill:flour:4",
            "10 dependency org.mill:bare",
        ];
        assert_eq!(told("gradle/libs.versions.toml", text, ""), expected);
        let entry = |name, version, stays| SectionEntry { name, version, stays };
        assert_eq!(
            section_entries("version org.moon:ebb:2.1 dependency org.mill:bare"),
            [entry("org.moon:ebb", Some("2.1"), true), entry("org.mill:bare", None, false)]
        );
    }
}
