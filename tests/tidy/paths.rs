//! The `crate::` paths that a text names, with `{…}` written out.

/// All of them, each as `room::item::…`.
pub(crate) fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        let preceded = code[..start].chars().next_back();
        // `$crate::` is a path of ours, `my_crate::` is not.
        if !preceded.is_some_and(|character| character.is_alphanumeric() || character == '_') {
            expand(&code[start + "crate::".len()..], "", &mut paths);
        }
    }
    paths
}

/// Reads one use-tree at the start of `code`, adds its paths, and returns what follows it.
fn expand<'a>(code: &'a str, outer: &str, paths: &mut Vec<String>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = expand(rest, outer, paths).trim_start();
            match rest.chars().next() {
                Some(',') => rest = rest[1..].trim_start(),
                Some('}') => return &rest[1..],
                _ => return rest,
            }
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
        }
    }
    let is_name = |character: char| character.is_alphanumeric() || "_*".contains(character);
    let end = code.find(|character| !is_name(character)).unwrap_or(code.len());
    let (name, rest) = code.split_at(end);
    let path = if outer.is_empty() { name.to_owned() } else { format!("{outer}::{name}") };
    if let Some(inner) = rest.strip_prefix("::") {
        return expand(inner, &path, paths);
    }
    paths.push(path);
    let rest = rest.trim_start();
    // An `as` name is the importer's own affair.
    rest.strip_prefix("as ").map_or(rest, |renamed| {
        renamed
            .trim_start_matches(|character: char| character.is_alphanumeric() || character == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_out() {
        let code = "use crate::store::{Store, sqlite::{self, SqliteStore as S}, Page};";
        assert_eq!(
            crate_paths(code),
            ["store::Store", "store::sqlite::self", "store::sqlite::SqliteStore", "store::Page"]
        );
    }

    #[test]
    fn paths_in_code_count_too() {
        let code = "fn a(x: crate::engine::Engine) { crate::app::run::<u8>(); my_crate::b(); }";
        assert_eq!(crate_paths(code), ["engine::Engine", "app::run::"]);
    }

    #[test]
    fn a_trailing_comma_ends_a_list() {
        assert_eq!(crate_paths("use crate::{a::B,\n c::D,\n};"), ["a::B", "c::D"]);
    }
}
