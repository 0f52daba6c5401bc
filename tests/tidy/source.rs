//! The project's own text, as the rules read it.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project.
pub(crate) struct Source {
    /// From the project's root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

/// Directories that hold what we write.
const ROOTS: [&str; 6] = ["src", "tests", "benches", "examples", "docs", "static"];

/// All files with the extension, those at the root included.
pub(crate) fn tree(extension: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let at_root = fs::read_dir(root()).expect("the project's root");
    for entry in at_root.map(|entry| entry.expect("an entry").path()) {
        if entry.is_file() {
            collect(&entry, extension, &mut found);
        }
    }
    for directory in ROOTS.map(|name| root().join(name)) {
        collect(&directory, extension, &mut found);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// One file, by its path from the root.
pub(crate) fn read(path: &str) -> Source {
    let text =
        fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Source { path: path.to_owned(), text }
}

/// The project's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn collect(path: &Path, extension: &str, found: &mut Vec<Source>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a directory of ours");
        entries.for_each(|entry| collect(&entry.expect("an entry").path(), extension, found));
    } else if path.extension().is_some_and(|found| found == extension) {
        let name = path.strip_prefix(root()).expect("it is under the root");
        found.push(read(&name.to_string_lossy()));
    }
}

impl Source {
    /// A file that a rule is shown in its own test.
    #[cfg(test)]
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether all of it is test code.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.contains("/golden/")
            || self.path.ends_with("/tests.rs")
    }

    /// The lines before the unit tests at the bottom, with comments and texts blanked out.
    pub(crate) fn product_lines(&self) -> Vec<String> {
        if self.is_test() {
            return Vec::new();
        }
        let lines = blank(&self.text);
        let end = lines.iter().position(|line| line == "#[cfg(test)]").unwrap_or(lines.len());
        lines.into_iter().take(end).collect()
    }

    /// All lines, with comments and texts blanked out.
    pub(crate) fn code_lines(&self) -> Vec<String> {
        blank(&self.text)
    }
}

/// The lines of `text` without what stands in comments, strings and characters.
fn blank(text: &str) -> Vec<String> {
    let mut blanked = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = skipped_length(rest);
        if length == 0 {
            blanked.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            let (skipped, after) = rest.split_at(length);
            let kept = if skipped.starts_with(['"', 'r', 'b']) { "\"\"" } else { "" };
            blanked.push_str(kept);
            blanked.extend(skipped.chars().filter(|skipped| *skipped == '\n'));
            rest = after;
        }
    }
    blanked.lines().map(str::to_owned).collect()
}

/// How many bytes at the start of `rest` are a comment, a string or a character.
fn skipped_length(rest: &str) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return to(rest.find('\n'));
    }
    if rest.starts_with("/*") {
        return to(rest.find("*/").map(|end| end + 2));
    }
    if let Some(hashes) = raw_string_hashes(rest) {
        let close = format!("\"{}", "#".repeat(hashes));
        let open = rest.find('"').map_or(0, |quote| quote + 1);
        return to(rest[open..].find(&close).map(|end| open + end + close.len()));
    }
    if rest.starts_with('"') || rest.starts_with("b\"") {
        let open = rest.find('"').map_or(0, |quote| quote + 1);
        return string_length(rest, open);
    }
    character_length(rest)
}

/// How many `#` open a raw string at the start of `rest`.
fn raw_string_hashes(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_length(rest: &str, open: usize) -> usize {
    let mut escaped = false;
    for (place, byte) in rest.bytes().enumerate().skip(open) {
        match byte {
            b'\\' if !escaped => escaped = true,
            b'"' if !escaped => return place + 1,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character_length(rest: &str) -> usize {
    let Some(inner) = rest.strip_prefix('\'') else { return 0 };
    let end = if let Some(escape) = inner.strip_prefix('\\') {
        escape.find('\'').map(|end| if end == 0 { 2 } else { end + 1 })
    } else {
        inner.chars().next().map(char::len_utf8)
    };
    match end {
        Some(end) if inner[end..].starts_with('\'') => end + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked_and_lifetimes_stay() {
        let text = "let a = \"// x \\\" y\"; // z\nlet b: &'static u8 = &b'\\'';\nlet c = '\"';";
        let lines = blank(text);
        assert_eq!(lines, ["let a = \"\"; ", "let b: &'static u8 = &b;", "let c = ;"]);
        assert_eq!(blank("r#\"a \" b\"# + 1"), ["\"\" + 1"]);
        assert_eq!(blank("for x in y"), ["for x in y"]);
    }

    #[test]
    fn unit_tests_are_no_product() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(Source::sample("src/a.rs", text).product_lines(), ["fn a() {}"]);
        assert!(Source::sample("src/a/tests.rs", text).product_lines().is_empty());
    }
}
