//! From the words of thirteen languages to icons; English where the set's own tags say too little.

use std::sync::OnceLock;

use super::stems::alike;

/// One row an icon: its name, then what it is called in each language, more than one by commas.
const TABLE: &str = include_str!("words.tsv");

/// The table's columns after the first.
const LANGUAGES: [&str; 13] =
    ["en", "fr", "de", "es", "it", "pt", "nl", "pl", "ja", "zh", "ar", "he", "hi"];

#[derive(Debug)]
struct Row {
    icon: &'static str,
    names: [Vec<&'static str>; 13],
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| TABLE.lines().skip(1).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Row> {
    let (icon, rest) = line.split_once('\t')?;
    let mut cells = rest.split('\t');
    let names = LANGUAGES.map(|_| {
        let cell = cells.next().unwrap_or_default();
        cell.split(',').filter(|name| !name.is_empty()).collect()
    });
    Some(Row { icon, names })
}

/// The icons that a word of a language means.
pub(super) fn of_word(word: &str, lang: &str) -> Vec<&'static str> {
    let Some(column) = LANGUAGES.iter().position(|known| *known == lang) else { return Vec::new() };
    rows()
        .iter()
        .filter(|row| row.names[column].iter().any(|name| alike(word, name, lang)))
        .map(|row| row.icon)
        .collect()
}

/// Whether a language writes its words without spaces between them.
pub(super) fn is_unspaced(lang: &str) -> bool {
    matches!(lang, "ja" | "zh")
}

/// The icons that a text without spaces names, with the byte where each name starts: the longest
/// name wins, and no character counts twice.
pub(super) fn within(text: &str, lang: &str) -> Vec<(usize, &'static str)> {
    let Some(column) = LANGUAGES.iter().position(|known| *known == lang) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let longest = rows()
            .iter()
            .flat_map(|row| row.names[column].iter().map(|name| (row.icon, *name)))
            .filter(|(_, name)| rest.starts_with(name))
            .max_by_key(|(_, name)| name.len());
        at += match longest {
            Some((icon, name)) => {
                found.push((at, icon));
                name.len()
            }
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole_and_leads_to_an_icon() {
        assert_eq!(
            TABLE.lines().next().map(|head| head.split('\t').skip(1).collect::<Vec<_>>()),
            Some(LANGUAGES.to_vec())
        );
        assert!(rows().len() > 120);
        for row in rows() {
            assert!(super::super::named(row.icon).is_some(), "{}", row.icon);
            for (names, lang) in row.names.iter().zip(LANGUAGES) {
                assert!(lang == "en" || !names.is_empty(), "{} in {lang}", row.icon);
                assert!(names.iter().all(|name| name.to_lowercase() == **name), "{names:?}");
            }
        }
    }

    #[test]
    fn the_longest_name_wins_in_a_text_without_spaces() {
        let icons: Vec<&str> =
            within("アイスクリームとコーヒー", "ja").into_iter().map(|(_, icon)| icon).collect();
        assert_eq!(icons, ["ice-cream", "coffee"]);
    }
}
