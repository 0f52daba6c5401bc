//! Code in languages whose imports are not parsed: told, so that silence about it is not taken for
//! order.

use std::collections::BTreeMap;

use crate::domain::activity::RepositorySnapshot;

/// Languages by the endings of their files' names.
const LANGUAGES: [(&str, &[&str]); 28] = [
    ("C", &["c", "h"]),
    ("C++", &["cc", "cpp", "cxx", "hh", "hpp", "hxx"]),
    ("C#", &["cs"]),
    ("Clojure", &["clj", "cljc", "cljs"]),
    ("Dart", &["dart"]),
    ("Elixir", &["ex", "exs"]),
    ("Erlang", &["erl", "hrl"]),
    ("F#", &["fs", "fsx"]),
    ("Fortran", &["f90", "f95"]),
    ("Groovy", &["groovy", "gradle"]),
    ("Haskell", &["hs"]),
    ("Julia", &["jl"]),
    ("Kotlin", &["kt", "kts"]),
    ("Lua", &["lua"]),
    ("Nim", &["nim"]),
    ("OCaml", &["ml", "mli"]),
    ("Objective-C", &["m", "mm"]),
    ("PHP", &["php"]),
    ("Perl", &["pl", "pm"]),
    ("R", &["r", "R"]),
    ("Ruby", &["rb", "rake"]),
    ("Scala", &["sc", "scala"]),
    ("Shell", &["bash", "sh", "zsh"]),
    ("Svelte", &["svelte"]),
    ("Swift", &["swift"]),
    ("Visual Basic", &["vb"]),
    ("Vue", &["vue"]),
    ("Zig", &["zig"]),
];

/// A language of the tree that is not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unparsed<'a> {
    pub(super) language: &'static str,
    /// How many files of it there are.
    pub(super) files: usize,
    /// The first of them.
    pub(super) sample: &'a str,
}

/// The languages of the tree that are not parsed, the most files first.
pub(super) fn unparsed(snapshot: &RepositorySnapshot) -> Vec<Unparsed<'_>> {
    let mut found: BTreeMap<&str, Unparsed<'_>> = BTreeMap::new();
    for file in &snapshot.files {
        let Some(language) = language(&file.path) else { continue };
        let first = Unparsed { language, files: 0, sample: &file.path };
        found.entry(language).or_insert(first).files += 1;
    }
    let mut found: Vec<Unparsed<'_>> = found.into_values().collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.files), one.language));
    found
}

fn language(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    let found = LANGUAGES.iter().find(|(_, endings)| endings.contains(&ending))?;
    Some(found.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::insight::architecture::is_understood;

    #[test]
    fn no_language_is_both_parsed_and_not() {
        for ending in LANGUAGES.iter().flat_map(|(_, endings)| endings.iter()) {
            assert!(!is_understood(&format!("src/a.{ending}")), "{ending}");
        }
        assert_eq!(language("lib/mill.rb"), Some("Ruby"));
        assert_eq!(language("docs/.rb/README"), None);
    }
}
