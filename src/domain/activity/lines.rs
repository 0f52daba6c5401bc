//! Changed lines that tell something by themselves: dependencies, defaults, notes to do.
//!
//! A commit's whole difference is not stored. Who reads a repository keeps the lines for which
//! `is_telling` is true, at most a commit's limit of them, and what they mean is found later.

use serde::{Deserialize, Serialize};

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
    /// The nearest `[section]` above it, in files that have sections, see [`section_of`].
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

/// Whether a changed line is worth keeping: every line of a manifest, and elsewhere those that
/// name a default or leave a note to do something.
pub fn is_telling(path: &str, line: &str) -> bool {
    if is_lock_file(path) || line.len() > 1_000 || line.trim().is_empty() {
        return false;
    }
    is_manifest(path) || names_default(line) || leaves_note(line)
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

/// The nearest `[section]` at or above the line `number` (from 1) of a TOML or INI text.
pub fn section_of(path: &str, text: &str, number: u32) -> Option<String> {
    if !["toml", "cfg", "ini"].iter().any(|extension| has_extension(path, extension)) {
        return None;
    }
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let headers = text.lines().take(number).map(str::trim);
    let header = headers.filter(|line| line.starts_with('[') && line.ends_with(']')).last()?;
    Some(header.trim_matches(['[', ']']).trim().chars().take(100).collect())
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
        assert!(is_telling("crates/a/Cargo.toml", "serde = \"1\""));
        assert!(is_telling("src/a.rs", "// TODO: close the file"));
        assert!(is_telling("src/a.rs", "const DEFAULT_PORT: u16 = 80;"));
        assert!(!is_telling("src/a.rs", "let todos = list_todos();"));
        assert!(!is_telling("src/a.rs", "TODOS"));
        assert!(!is_telling("Cargo.lock", "name = \"serde\""));
    }

    #[test]
    fn a_line_lies_in_the_nearest_section_above() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\n";
        assert_eq!(section_of("Cargo.toml", text, 4).as_deref(), Some("dependencies"));
        assert_eq!(section_of("Cargo.toml", text, 2).as_deref(), Some("package"));
        assert_eq!(section_of("package.json", text, 2), None);
    }
}
