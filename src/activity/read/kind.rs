//! What sort of change a commit or a pull request is.

use crate::domain::activity::{Commit, WorkItem, is_lock_file, is_manifest};

/// The sort of a change, the weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ChangeKind {
    /// Something new that users see.
    Feature,
    /// Something that was wrong is right.
    Fix,
    /// Something is faster or smaller.
    Performance,
    /// Something is gone.
    Removal,
    /// Something was taken back.
    Revert,
    /// It does the same in another form.
    Refactor,
    /// What it is built upon.
    Dependencies,
    /// How it is built.
    Build,
    /// Words for its users.
    Docs,
    /// Its tests.
    Tests,
    /// What runs its tests.
    Ci,
    /// A new version of it.
    Release,
    /// White space, lints, spelling.
    Style,
    /// Nothing that its message tells.
    Other,
}

impl ChangeKind {
    /// How much such a change matters to somebody who takes over.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::Feature => 2.2,
            Self::Revert => 2.0,
            Self::Removal => 1.8,
            Self::Fix => 1.6,
            Self::Performance => 1.5,
            Self::Other => 0.9,
            Self::Refactor => 0.8,
            Self::Dependencies | Self::Build => 0.6,
            Self::Docs => 0.3,
            Self::Tests => 0.25,
            Self::Ci => 0.2,
            Self::Release | Self::Style => 0.1,
        }
    }

    /// Whether such a change is of what the program does.
    pub(super) const fn is_behaviour(self) -> bool {
        matches!(self, Self::Feature | Self::Fix)
    }

    /// The sort that a conventional commit's type names.
    pub(super) fn of_type(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "feat" | "feature" => Self::Feature,
            "fix" | "bugfix" | "hotfix" => Self::Fix,
            "perf" => Self::Performance,
            "revert" => Self::Revert,
            "refactor" | "refac" => Self::Refactor,
            "deps" => Self::Dependencies,
            "build" => Self::Build,
            "docs" | "doc" => Self::Docs,
            "test" | "tests" => Self::Tests,
            "ci" => Self::Ci,
            "style" | "fmt" => Self::Style,
            "release" => Self::Release,
            "chore" | "dx" | "types" | "misc" => Self::Other,
            _ => return None,
        })
    }

    /// The sort that an item's labels name.
    pub(super) fn of_labels(item: &WorkItem) -> Option<Self> {
        let label = |words: &[&str]| {
            item.labels.iter().any(|label| {
                let label = label.to_ascii_lowercase();
                words.iter().any(|word| label.split([' ', ':', '/', '-']).any(|part| part == *word))
            })
        };
        if label(&["dependencies", "deps"]) {
            Some(Self::Dependencies)
        } else if label(&["bug", "fix", "bugfix", "regression"]) {
            Some(Self::Fix)
        } else if label(&["enhancement", "feature", "feat"]) {
            Some(Self::Feature)
        } else if label(&["performance", "perf"]) {
            Some(Self::Performance)
        } else if label(&["documentation", "docs"]) {
            Some(Self::Docs)
        } else if label(&["refactor", "refactoring"]) {
            Some(Self::Refactor)
        } else {
            None
        }
    }

    /// The sort that all changed paths have, if it is one.
    pub(super) fn of_paths(commit: &Commit) -> Option<Self> {
        let all = |test: fn(&str) -> bool| {
            !commit.paths.is_empty() && commit.paths.iter().all(|change| test(&change.path))
        };
        if all(is_ci) {
            Some(Self::Ci)
        } else if all(is_document) {
            Some(Self::Docs)
        } else if all(is_test) {
            Some(Self::Tests)
        } else if all(|path| is_lock_file(path) || is_manifest(path)) {
            Some(Self::Dependencies)
        } else {
            None
        }
    }

    /// The sort of a headline whose verb is a feature's or a fix's, but what it speaks of is not.
    pub(super) fn of_object(headline: &str) -> Option<Self> {
        let lower = without_scope(headline);
        // What skips the tests changes nothing that they could see.
        if ["[ci skip]", "[ci-skip]", "[skip ci]"].iter().any(|mark| lower.contains(mark)) {
            return Some(Self::Docs);
        }
        let mut words = words(&lower);
        let first = words.next().unwrap_or_default();
        let adds = ["add", "adds", "added", "enable", "introduce"].contains(&first);
        let mends =
            ["fix", "fixes", "fixed", "correct", "update", "improve", "silence"].contains(&first);
        if !adds && !mends {
            return None;
        }
        let object = words.clone().take(OBJECT_WORDS);
        let object: Vec<&str> = object.take_while(|word| !AFTER_OBJECT.contains(word)).collect();
        let names = |test: fn(&str) -> bool| object.iter().any(|word| test(word));
        let is_comment = |word: &&str| ["comment", "comments"].contains(word);
        let of_comments = object.last().is_some_and(is_comment)
            || [" in comment", " in comments"].iter().any(|end| lower.ends_with(end));
        if names(of_tests) {
            Some(Self::Tests)
        } else if names(of_docs) || mends && (of_comments || words.any(of_docs)) {
            Some(Self::Docs)
        } else if object.iter().take(NEAR_WORDS).any(|word| *word == "ci") {
            Some(Self::Ci)
        } else {
            names(of_checks).then_some(Self::Refactor)
        }
    }

    /// The sort that a headline's first word names.
    pub(crate) fn of_words(headline: &str) -> Option<Self> {
        if is_release(headline) {
            return Some(Self::Release);
        }
        let lower = without_scope(headline);
        if let Some(about) = Self::of_object(headline) {
            return Some(about);
        }
        let first = words(&lower).next().unwrap_or_default();
        Some(match first {
            "revert" | "reverts" | "reverted" => Self::Revert,
            "add" | "adds" | "added" | "implement" | "implements" | "implemented" | "introduce"
            | "introduces" | "introduced" | "support" | "supports" | "allow" | "allows"
            | "allowed" | "enable" | "enabled" | "expose" | "exposes" | "new" | "provide"
            | "provides" | "teach" => Self::Feature,
            "fix" | "fixes" | "fixed" | "correct" | "corrects" | "corrected" | "prevent"
            | "prevents" | "prevented" | "avoid" | "avoids" | "avoided" | "ensure" | "ensures"
            | "handle" | "handles" | "resolve" | "resolves" | "bugfix" | "don't" | "do"
            | "stop" | "restore" => Self::Fix,
            "remove" | "removes" | "removed" | "drop" | "drops" | "dropped" | "delete"
            | "deletes" | "deleted" | "deprecate" | "deprecates" | "deprecated" => Self::Removal,
            "optimize" | "optimise" | "optimized" | "speed" | "faster" | "cache" => {
                Self::Performance
            }
            "refactor" | "refactors" | "refactored" | "rename" | "renames" | "renamed" | "move"
            | "moves" | "moved" | "extract" | "extracted" | "simplify" | "simplifies"
            | "simplified" | "clean" | "cleanup" | "tidy" | "split" | "inline" | "reorganize"
            | "rework" | "unify" => Self::Refactor,
            "bump" | "bumps" | "upgrade" | "upgraded" => Self::Dependencies,
            "test" | "tests" => Self::Tests,
            "doc" | "docs" | "document" | "readme" | "changelog" => Self::Docs,
            "ci" => Self::Ci,
            "fmt" | "rustfmt" | "format" | "lint" | "clippy" | "typo" | "typos" | "whitespace" => {
                Self::Style
            }
            _ => return None,
        })
    }
}

/// How many words after the first may name what something is done to.
const OBJECT_WORDS: usize = 8;

/// How many of them say that it is done to what runs the tests.
const NEAR_WORDS: usize = 3;

/// Words that end what something is done to, and begin why, where or how.
const AFTER_OBJECT: [&str; 22] = [
    "for", "to", "in", "of", "on", "that", "which", "when", "where", "while", "with", "without",
    "from", "by", "if", "so", "as", "after", "before", "during", "at", "via",
];

/// A headline in lower case without the part of the project that it names.
fn without_scope(headline: &str) -> String {
    let lower = headline.to_lowercase();
    match lower.split_once(": ") {
        Some((scope, rest)) if !scope.contains(' ') => rest.to_owned(),
        _ => lower,
    }
}

fn words(lower: &str) -> impl Iterator<Item = &str> + Clone {
    lower.split([' ', ',', '.', '`', '"']).filter(|word| !word.is_empty())
}

fn of_docs(word: &str) -> bool {
    let words = [
        "doc",
        "docs",
        "documentation",
        "docstring",
        "docstrings",
        "javadoc",
        "rdoc",
        "nodoc",
        "changelog",
        "changelogs",
        "readme",
        "typo",
        "typos",
    ];
    words.contains(&word)
}

fn of_tests(word: &str) -> bool {
    matches!(word, "test" | "tests" | "spec" | "specs")
}

/// Words of programs that judge the code without running it.
fn of_checks(word: &str) -> bool {
    let names = ["lint", "lints", "linter", "eslint", "rubocop", "cop", "mypy", "pyright"];
    names.contains(&word) || word.starts_with("clippy")
}

/// Whether a headline says that a version was made: `v1.2.3`, `ripgrep 14.1.1`, `Release 2.0`.
fn is_release(headline: &str) -> bool {
    let lower = headline.to_lowercase();
    // Maven's plugin says so of its commits, also of the one that opens the next version.
    if lower.starts_with("[maven-release-plugin]") {
        return true;
    }
    let words: Vec<&str> =
        lower.split([' ', '@', '-', '/']).filter(|one| !one.is_empty()).collect();
    let is_bump = lower.starts_with("bump to ") && words.len() == 3;
    let versions = words.iter().filter(|word| is_version(word)).count();
    let said = [
        "release ",
        "releases ",
        "prepare release",
        "prepare for release",
        "bump version",
        "bumped version",
        "version bump",
        "bump to ",
        "cut ",
        "prepare ",
        "bump ",
    ];
    let says = said.iter().any(|start| lower.starts_with(start));
    let about_release = lower.contains("release") || lower.contains("version");
    (versions == 1 && words.len() <= 3 && words.last().is_some_and(|word| is_version(word)))
        && !lower.starts_with("bump ")
        || (says && versions > 0 && (about_release || is_bump) && words.len() <= 8)
        || lower.starts_with("prepare release")
        || lower.starts_with("bump version")
}

/// `1.2`, `v1.2.3-rc.1`.
pub(crate) fn is_version(word: &str) -> bool {
    let word = word.trim_start_matches('v').trim_end_matches(['.', ',', ')']);
    let mut parts = word.split('.');
    let numeric = |part: Option<&str>| {
        part.is_some_and(|part| part.starts_with(|one: char| one.is_ascii_digit()))
    };
    numeric(parts.next()) && numeric(parts.next())
}

/// Files that only say something to people.
pub(crate) fn is_document(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let extension = name.rsplit_once('.').map_or("", |(_, end)| end);
    let named = ["readme", "changelog", "license", "authors", "contributing", "copying"];
    ["md", "rst", "adoc", "txt", "markdown", "mdx"].contains(&extension)
        || lower.starts_with("docs/")
        || lower.starts_with("doc/")
        || lower.starts_with("documentation/")
        || named.iter().any(|start| name.starts_with(start))
}

/// Files that only test.
pub(crate) fn is_test(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let folder = |part: &str| ["test", "tests", "spec", "__tests__", "testing"].contains(&part);
    lower.split('/').rev().skip(1).any(folder)
        || name.contains("_test.")
        || name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".test-d.")
        || name.starts_with("test_")
        || name.ends_with("_spec.rb")
        || name == "tests.rs"
}

/// Files that only run checks elsewhere.
pub(crate) fn is_ci(path: &str) -> bool {
    let starts = [".github/", ".gitlab-ci", ".circleci/", ".buildkite/", ".travis", "ci/", ".ci/"];
    starts.iter().any(|start| path.starts_with(start))
        || ["Jenkinsfile", "azure-pipelines.yml", "appveyor.yml"].contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_releases_and_upgrades_are_not() {
        for text in [
            "14.1.1",
            "v1.2.3",
            "ripgrep 14.1.1",
            "Release 2.0",
            "ignore-0.4.23",
            "Bump to 0.5.3",
            "[maven-release-plugin] prepare release mill-2.13.1",
            "[maven-release-plugin] prepare for next development iteration",
        ] {
            assert_eq!(ChangeKind::of_words(text), Some(ChangeKind::Release), "{text}");
        }
        let upgrade = ChangeKind::of_words("Bump serde to 1.0.2");
        assert_eq!(upgrade, Some(ChangeKind::Dependencies));
        let fix = ChangeKind::of_words("printer: fix colors in 14.1");
        assert_eq!(fix, Some(ChangeKind::Fix));
    }

    #[test]
    fn what_is_added_or_fixed_says_of_what_sort_it_is() {
        for (text, kind) in [
            ("add multi-root parent matcher regression tests", ChangeKind::Tests),
            ("Fix flaky gui tests", ChangeKind::Tests),
            ("Add support for tests that are slow", ChangeKind::Feature),
            ("Fix misplaced comment in an example", ChangeKind::Docs),
            ("Fix loading of comments", ChangeKind::Fix),
            ("Fix ci failures", ChangeKind::Ci),
            ("Add CI build using JDK 25", ChangeKind::Ci),
            ("Fix mypy findings", ChangeKind::Refactor),
            ("Silence `clippy::implicit_clone` in macros", ChangeKind::Refactor),
            ("Add missing test when an array is passed", ChangeKind::Tests),
            ("Add nodoc to MySQL::IndexDefinition", ChangeKind::Docs),
            ("Add changelogs for c22750a and f56f08e", ChangeKind::Docs),
            ("Fix unresolvable RDoc references [ci-skip]", ChangeKind::Docs),
            ("Fix a broken link to ActiveStorage::Blob#url in the doc", ChangeKind::Docs),
            ("Two tiny HTML fixes [ci skip]", ChangeKind::Docs),
            ("Add a tide table", ChangeKind::Feature),
            ("Fix the wheel", ChangeKind::Fix),
        ] {
            assert_eq!(ChangeKind::of_words(text), Some(kind), "{text}");
        }
    }
}
