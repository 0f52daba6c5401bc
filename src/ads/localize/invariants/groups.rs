//! K12: what the SVG tells a reader who cannot see it.

use std::collections::BTreeSet;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use resvg::usvg::roxmltree;

use super::{none_of, spoken};
use crate::ads::localize::language::Language;
use crate::ads::scene::{Check, Node, Scene, Text};
use crate::domain::brand::Direction;

/// A `<g>` with words: what it is called, in which language and which way it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextGroup {
    /// `aria-label`.
    pub label: String,
    /// `lang`.
    pub lang: String,
    /// `dir`.
    pub dir: String,
}

/// The groups with an `aria-label` in an SVG of ours, in their order; none where it cannot be read.
pub fn text_groups(svg: &str) -> Vec<TextGroup> {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    let Ok(document) = roxmltree::Document::parse(svg) else { return Vec::new() };
    let groups = document.descendants().filter(|node| node.has_tag_name("g") || is_svg_group(node));
    let read = groups.filter_map(|group| {
        let attribute = |name: &str| group.attribute(name).unwrap_or_default().to_owned();
        let lang = group.attribute("lang").or_else(|| group.attribute((XML, "lang")));
        Some(TextGroup {
            label: group.attribute("aria-label")?.to_owned(),
            lang: lang.unwrap_or_default().to_owned(),
            dir: attribute("dir"),
        })
    });
    read.collect()
}

fn is_svg_group(node: &roxmltree::Node<'_, '_>) -> bool {
    node.has_tag_name(("http://www.w3.org/2000/svg", "g"))
}

/// K12: every node with words has its group, called by its words, in their language and direction;
/// the words that were translated, and the ad as a whole, are in the language that was asked for.
/// Counts what is wrong.
pub(super) fn told_right(
    target: &Scene,
    untranslated: &BTreeSet<String>,
    groups: &[TextGroup],
) -> Check {
    let Ok(language) = Language::parse(&target.lang) else { return none_of("K12", 1) };
    let mut unused: Vec<&TextGroup> = groups.iter().collect();
    let mut wrong = usize::from(target.dir != language.direction());
    for (node, text) in spoken(target) {
        wrong += usize::from(!untranslated.contains(&node.id) && text.lang != target.lang);
        let found = unused.iter().position(|group| tells(group, node, text));
        match found {
            Some(at) => drop(unused.remove(at)),
            None => wrong += 1,
        }
    }
    none_of("K12", wrong)
}

fn tells(group: &TextGroup, node: &Node, text: &Text) -> bool {
    group.lang == text.lang
        && group.dir == direction_name(node, text)
        && plain(&group.label) == plain(&text.v)
}

fn direction_name(node: &Node, text: &Text) -> &'static str {
    let own = Language::parse(&text.lang).map_or(Direction::Ltr, |language| language.direction());
    match node.style.as_ref().and_then(|style| style.dir).unwrap_or(own) {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    }
}

/// Without what a reader does not hear.
fn plain(text: &str) -> String {
    let visible = text.replace(['\n', '\u{a0}', '\u{202f}'], " ");
    let visible: String = visible.chars().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks of direction, isolates, joiners and breaks without a width.
pub(super) fn is_invisible(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(category, GeneralCategory::Format | GeneralCategory::Control) && c != '\n'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_from_an_svg() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><g><rect/></g>
            <g aria-label="A &amp; B" lang="fr" dir="ltr"><path d="M0 0"/></g>
            <g aria-label="ב" xml:lang="he" dir="rtl"/></svg>"#;
        let group = |label: &str, lang: &str, dir: &str| {
            let [label, lang, dir] = [label, lang, dir].map(str::to_owned);
            TextGroup { label, lang, dir }
        };
        assert_eq!(text_groups(svg), [group("A & B", "fr", "ltr"), group("ב", "he", "rtl")]);
        assert_eq!(text_groups("<svg"), []);
    }

    #[test]
    fn what_is_not_heard_does_not_count() {
        assert_eq!(plain("\u{2068}Harvest\u{2069} 14\u{a0}€\nnow"), "Harvest 14 € now");
    }
}
