//! Links between documents: what they point at is there.

use crate::source::{Source, root};

/// Links of the document to files that are not there.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let directory = source.path.rsplit_once('/').map_or("", |(directory, _)| directory);
    targets(&source.text)
        .filter(|target| !target.contains("://") && !target.starts_with(['#', '/']))
        .filter_map(|target| target.split('#').next())
        .filter(|target| !root().join(directory).join(target).exists())
        .map(|target| format!("{}: links to `{target}`, which is not there", source.path))
        .collect()
}

/// What stands in the round brackets of `[…](…)`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_link_is_seen_and_a_living_one_is_not() {
        let text = "[a](Cargo.toml) [b](nowhere.md#x) [c](https://example.com) [d](#e)";
        let complaints = check(&Source::sample("README.md", text));
        assert_eq!(complaints, ["README.md: links to `nowhere.md`, which is not there"]);
    }
}
