//! Bounds what an SVG grows to when its references are followed, before anything follows them.
//!
//! Ten elements that each use the one before ten times ask for ten thousand million drawings. Each
//! element's size is counted once: itself, its children, and all of what it refers to. Never: a
//! file whose references form a circle or whose nesting is deeper than the renderer's stack.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::super::PictureError;
use super::sheet::{Sheet, references};

/// The most elements after every reference was followed.
const MAX_EXPANDED: u64 = 60_000;
/// The deepest nesting after every reference was followed: the renderer recurses.
const MAX_DEPTH: u32 = 120;
/// The most tests of a rule against an element that the style sheets may cost.
const MAX_MATCHES: usize = 4_000_000;
/// The longest line of dashes: a stroke is cut into each of them.
const MAX_NUMBER_LENGTH: usize = 400_000;

/// Refuses what would grow too large.
pub(super) fn check(document: &Document<'_>) -> Result<(), PictureError> {
    let mut sheet = Sheet::default();
    let mut by_id = HashMap::new();
    let mut elements = 0_usize;
    for node in document.descendants().filter(Node::is_element) {
        elements += 1;
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert(node);
        }
        if node.tag_name().name() == "style" {
            node.descendants().filter_map(|text| text.text()).for_each(|css| sheet.read(css));
        }
    }
    if sheet.rules.saturating_mul(elements) > MAX_MATCHES {
        return Err(PictureError::TooLarge("an SVG with large style sheets"));
    }
    let mut measure = Measure { sheet, by_id, known: HashMap::new() };
    let size = measure.of(document.root_element(), 0)?;
    if size.elements > MAX_EXPANDED {
        return Err(PictureError::TooLarge("an SVG that multiplies itself"));
    }
    Ok(())
}

/// What one element grows to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    elements: u64,
    depth: u32,
}

struct Measure<'a, 'input> {
    sheet: Sheet,
    by_id: HashMap<&'a str, Node<'a, 'input>>,
    /// `None` while an element is being measured: meeting it again is a circle.
    known: HashMap<NodeId, Option<Size>>,
}

impl<'a, 'input> Measure<'a, 'input> {
    fn of(&mut self, node: Node<'a, 'input>, above: u32) -> Result<Size, PictureError> {
        match self.known.get(&node.id()) {
            Some(Some(size)) if above + size.depth <= MAX_DEPTH => return Ok(*size),
            Some(None) => return Err(PictureError::Damaged("it refers to itself".to_owned())),
            _ if above >= MAX_DEPTH => {
                return Err(PictureError::TooLarge("a deeply nested SVG"));
            }
            _ => {}
        }
        self.known.insert(node.id(), None);
        let mut sum = Size { elements: 1, depth: 1 };
        let inner = node.children().filter(Node::is_element);
        let referred = self.referred(node)?;
        for part in inner.chain(referred) {
            let size = self.of(part, above + 1)?;
            sum.elements = sum.elements.saturating_add(size.elements);
            sum.depth = sum.depth.max(size.depth + 1);
        }
        self.known.insert(node.id(), Some(sum));
        Ok(sum)
    }

    /// The elements that `node` refers to, with repetition.
    fn referred(&self, node: Node<'a, 'input>) -> Result<Vec<Node<'a, 'input>>, PictureError> {
        let mut ids: Vec<String> = self.sheet.of(node).map(str::to_owned).collect();
        for attribute in node.attributes() {
            let value = attribute.value();
            if value.len() > MAX_NUMBER_LENGTH {
                return Err(PictureError::TooLarge("an SVG with an endless attribute"));
            }
            if attribute.name() == "href" {
                ids.extend(value.trim().strip_prefix('#').map(str::to_owned));
            } else {
                ids.extend(references(value));
            }
        }
        Ok(ids.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn checked(inside: &str) -> Result<(), PictureError> {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>");
        check(&Document::parse(&text).expect("test XML"))
    }

    /// Twelve levels, each drawing the one before ten times by `reference`.
    fn tower(reference: impl Fn(usize) -> String) -> String {
        let mut text = "<g id='l0'><rect width='9' height='9'/></g>".to_owned();
        for level in 1..12 {
            let uses = reference(level - 1).repeat(10);
            write!(text, "<mask id='l{level}'>{uses}</mask>").expect("a string grows");
        }
        text
    }

    #[test]
    fn every_kind_of_reference_is_followed() {
        for bomb in [
            tower(|level| format!("<use href='#l{level}'/>")),
            tower(|level| format!("<rect mask='url(#l{level})'/>")),
            tower(|level| format!("<rect style='fill: url( \"#l{level}\" )'/>")),
            (0..12)
                .map(|level| format!("<style>.c{level}{{mask:url(#l{level})}}</style>"))
                .collect::<Vec<_>>()
                .concat()
                + &tower(|level| format!("<rect class='c{level}'/>")),
        ] {
            assert!(checked(&bomb).is_err(), "{}", &bomb[..200]);
        }
    }

    #[test]
    fn circles_are_refused() {
        assert!(checked("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>").is_err());
        assert!(checked("<g id='a'><use href='#a'/></g>").is_err());
    }

    #[test]
    fn a_long_chain_is_as_deep_as_a_nest() {
        let chain = (1..400)
            .map(|n| format!("<g id='c{n}'><use href='#c{}'/></g>", n - 1))
            .collect::<Vec<_>>()
            .concat();
        assert!(checked(&chain).is_err());
        let reversed = (1..400)
            .map(|n| format!("<g id='c{n}'><use href='#c{}'/></g>", n + 1))
            .collect::<Vec<_>>()
            .concat();
        assert!(checked(&reversed).is_err());
    }

    #[test]
    fn ordinary_reuse_passes() {
        let gradient =
            "<style>.a{fill:url(#g)}</style><linearGradient id='g'><stop/></linearGradient>";
        let shapes = "<path class='a'/>".repeat(300);
        assert_eq!(checked(&format!("{gradient}{shapes}")), Ok(()));
    }
}
