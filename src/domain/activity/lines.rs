//! Changed lines that tell something by themselves: dependencies, defaults, notes to do.
//!
//! A commit's whole difference is not stored. Who reads a repository keeps the lines for which
//! `is_telling` is true, at most a commit's limit of them, and what they mean is found later.

use serde::{Deserialize, Serialize};

use super::Sections;

/// A line that a commit added or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLine {
    /// The file.
    pub path: String,
    /// Whether it came or went.
    pub sign: Sign,
    /// Its number: in the new file if it came, in the old one if it went.
    pub number: u32,
    /// The line without its end, trimmed.
    pub text: String,
    /// What it is about where the line alone does not say it, see
    /// [`Sections`](super::Sections).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
}

/// Whether a line came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// Files that name what a project depends on, and which versions of it.
const MANIFESTS: [&str; 16] = [
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "libs.versions.toml",
    "Gemfile",
    "composer.json",
    "mix.exs",
    "rust-toolchain.toml",
    "deno.json",
];

/// Files that a tool writes from a manifest.
const LOCK_FILES: [&str; 13] = [
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "go.sum",
    "Gemfile.lock",
    "composer.lock",
    "mix.lock",
];

/// Whether the file names dependencies.
pub fn is_manifest(path: &str) -> bool {
    let name = file_name(path);
    let requirements = name.starts_with("requirements") && has_extension(name, "txt");
    MANIFESTS.contains(&name) || requirements || has_extension(name, "gemspec")
}

/// Whether a tool wrote the file from a manifest.
pub fn is_lock_file(path: &str) -> bool {
    LOCK_FILES.contains(&file_name(path))
}

/// Whether a changed line is worth keeping: every line of a manifest that can name a dependency,
/// and elsewhere those that name a default or leave a note to do something.
pub fn is_telling(path: &str, line: &str, section: Option<&str>) -> bool {
    if is_lock_file(path) || line.len() > 1_000 || line.trim().is_empty() {
        return false;
    }
    let names_dependency = is_manifest(path) && (section.is_some() || !Sections::are_entries(path));
    names_dependency || names_default(line) || leaves_note(line)
}

/// Notes that people leave for later; in capitals, so that prose does not count.
fn leaves_note(line: &str) -> bool {
    ["TODO", "FIXME", "XXX", "HACK"].iter().any(|note| {
        line.match_indices(note).any(|(at, _)| {
            let letter =
                |one: Option<char>| one.is_some_and(|one| one.is_alphanumeric() || one == '_');
            !letter(line[..at].chars().next_back())
                && !letter(line[at + note.len()..].chars().next())
        })
    })
}

fn names_default(line: &str) -> bool {
    let has_value = line.contains('=') || line.contains(':');
    has_value && line.to_ascii_lowercase().contains("default")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_lines_are_few() {
        assert!(is_telling("crates/a/Cargo.toml", "serde = \"1\"", None));
        assert!(is_telling("src/a.rs", "// TODO: close the file", None));
        assert!(is_telling("src/a.rs", "const DEFAULT_PORT: u16 = 80;", None));
        assert!(!is_telling("src/a.rs", "let todos = list_todos();", None));
        assert!(!is_telling("src/a.rs", "TODOS", None));
        let version = "<version>1.2</version>";
        assert!(is_telling("a/pom.xml", version, Some("dependency a:b:1.2")));
        assert!(!is_telling("a/pom.xml", version, None));
        assert!(!is_telling("Cargo.lock", "name = \"serde\"", None));
    }
}
