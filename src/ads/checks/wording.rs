//! What the words themselves may be: few marks of exclamation, one button, none of the brand's
//! prohibited words.

use super::{at_most, whole};
use crate::ads::kit::BrandKit;
use crate::ads::scene::{Check, Node, Role, Scene, Severity};

pub(super) fn check(scene: &Scene, kit: &BrandKit, checks: &mut Vec<Check>) {
    let said: Vec<(&Node, &str)> = scene
        .nodes
        .iter()
        .filter(|node| node.role.is_text())
        .filter_map(|node| Some((node, node.text.as_ref()?.v.as_str())))
        .collect();
    let buttons = said.iter().filter(|(node, _)| node.role == Role::Cta).count();
    checks.push(at_most("words.buttons", whole(buttons), 1.0, Severity::Error));
    for (_, label) in said.iter().filter(|(node, _)| node.role == Role::Cta) {
        let length = whole(visible(label));
        checks.push(at_most("words.cta_length", length, LONGEST_LABEL, Severity::Warning));
    }
    let exclamations: usize =
        said.iter().map(|(_, words)| words.matches(['!', '！']).count()).sum();
    checks.push(at_most("words.exclamations", whole(exclamations), 1.0, Severity::Warning));
    let shouted = said
        .iter()
        .filter(|(node, _)| node.role != Role::Legal)
        .map(|(_, words)| shouted_letters(words))
        .max()
        .unwrap_or_default();
    checks.push(at_most("words.capitals", whole(shouted), MOST_CAPITALS, Severity::Warning));
    if !kit.prohibited.is_empty() {
        // Legal words are the brand's own and stand as they are.
        let spoken = said.iter().filter(|(node, _)| node.role != Role::Legal);
        let used: usize = spoken.map(|(_, words)| prohibited(words, &kit.prohibited)).sum();
        checks.push(at_most("words.prohibited", whole(used), 0.0, Severity::Error));
    }
}

/// The most characters of a button's label that all places show.
const LONGEST_LABEL: f64 = 15.0;

/// The most letters in capitals in a line.
const MOST_CAPITALS: f64 = 20.0;

/// Characters that can be seen: those that join or break words cannot.
fn visible(words: &str) -> usize {
    words
        .chars()
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2069}'))
        .count()
}

/// The letters of a text that has no small ones.
fn shouted_letters(words: &str) -> usize {
    if words.chars().any(char::is_lowercase) {
        return 0;
    }
    words.chars().filter(|character| character.is_uppercase()).count()
}

/// How many of the prohibited words stand in a text, as words of their own.
fn prohibited(words: &str, list: &[String]) -> usize {
    let text = spaced(words);
    list.iter()
        .map(|word| spaced(word))
        .filter(|word| !word.trim().is_empty() && text.contains(word.as_str()))
        .count()
}

/// In lower case, with one space around each word.
fn spaced(text: &str) -> String {
    let mut spaced = String::from(" ");
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            spaced.push(character);
        } else if !spaced.ends_with(' ') && !matches!(character, '\u{200B}' | '\u{2060}') {
            spaced.push(' ');
        }
    }
    if !spaced.ends_with(' ') {
        spaced.push(' ');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prohibited_words_are_found_as_words() {
        let list = ["cheap".to_owned(), "best ever".to_owned()];
        assert_eq!(prohibited("Cheap, and the best-ever.", &list), 2);
        assert_eq!(prohibited("Cheapest of all", &list), 0);
        assert_eq!(prohibited("Anything", &[String::new()]), 0);
    }

    #[test]
    fn capitals_count_only_where_nothing_is_small() {
        assert_eq!(shouted_letters("BUY NOW"), 6);
        assert_eq!(shouted_letters("BUY now"), 0);
        assert_eq!(visible("動き\u{2060}出す"), 4);
    }
}
