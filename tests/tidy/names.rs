//! Names that say a kind of code instead of a thing.

use crate::source::Source;

/// Modules that become a drawer for everything.
const DRAWERS: [&str; 7] = ["util", "utils", "common", "helpers", "types", "models", "services"];

/// Ends of type names that say nothing.
const SUFFIXES: [&str; 6] = ["Manager", "Service", "Helper", "Processor", "Data", "Info"];

/// Beginnings of function names that say nothing.
const PREFIXES: [&str; 4] = ["get_", "handle_", "process_", "do_"];

/// Names against the rules in the file, and the file's own.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let drawer = source.path.split(['/', '.']).find(|part| DRAWERS.contains(part));
    if let Some(drawer) = drawer {
        complaints.push(format!("{}: `{drawer}` names no thing", source.path));
    }
    for (place, line) in source.code_lines().iter().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        for pair in words.windows(2) {
            if is_empty_name(pair[0], pair[1]) {
                complaints.push(format!("{}:{}: `{}`", source.path, place + 1, pair[1]));
            }
        }
    }
    complaints
}

fn is_empty_name(keyword: &str, name: &str) -> bool {
    match keyword {
        "struct" | "enum" | "trait" => SUFFIXES.iter().any(|end| name.ends_with(end)),
        "fn" => PREFIXES.iter().any(|start| name.starts_with(start)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        check(&Source::sample(path, text)).len()
    }

    #[test]
    fn empty_names_are_seen() {
        assert_eq!(complaints("src/store/helpers.rs", ""), 1);
        assert_eq!(complaints("src/a.rs", "pub struct JobManager {"), 1);
        assert_eq!(complaints("src/a.rs", "trait DataService: Send {"), 1);
        assert_eq!(complaints("src/a.rs", "pub async fn get_job() {"), 1);
    }

    #[test]
    fn good_names_and_other_peoples_are_fine() {
        assert_eq!(complaints("src/a.rs", "pub struct Database; fn getter() {}"), 0);
        assert_eq!(complaints("src/a.rs", "type X = web::Data<App>; request.get_job();"), 0);
        assert_eq!(complaints("src/commonplace/a.rs", ""), 0);
    }
}
