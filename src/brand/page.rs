//! A fetched page as a tree, with what every reader of it needs: addresses, text, visibility.
//!
//! The bytes are decoded as browsers do and parsed in small pieces, so that a hostile page stops
//! at a limit instead of growing. Never: judging what the page says.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use encoding_rs::Encoding;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use scraper::{ElementRef, Html, HtmlTreeSink, Node, Selector};
use url::Url;

use crate::brand::budget::{Budget, Deadline};
use crate::brand::charset;
use crate::brand::css::{Computed, Styles};
use crate::brand::documents::Fetched;
use crate::brand::overlong;

/// A parsed page.
pub(crate) struct Page {
    html: Html,
    url: Url,
    base: Url,
    encoding: &'static Encoding,
    elements: Vec<NodeId>,
    index: HashMap<NodeId, u32>,
    styles: Option<Styles>,
    truncated: bool,
}

impl Page {
    /// Decodes and parses a fetched page; what lies beyond the budget is left out.
    pub(crate) fn parse(fetched: &Fetched, budget: &Budget, deadline: &Deadline) -> Self {
        let (text, encoding) = charset::page(&fetched.bytes, fetched.content_type.as_deref());
        let (html, truncated) = tree(&text, budget, deadline);
        let url = fetched.final_url.clone();
        let base = base(&html, &url);
        let is_element = |node: &ego_tree::NodeRef<'_, Node>| node.value().is_element();
        let elements: Vec<NodeId> = html
            .tree
            .root()
            .descendants()
            .filter(is_element)
            .take(budget.styled_elements)
            .map(|node| node.id())
            .collect();
        let index = elements.iter().copied().zip(0..).collect();
        Self { html, url, base, encoding, elements, index, styles: None, truncated }
    }

    /// The tree.
    pub(crate) const fn html(&self) -> &Html {
        &self.html
    }

    /// The address that the page came from, after redirects.
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// The address that the page's references stand on.
    pub(crate) const fn base(&self) -> &Url {
        &self.base
    }

    /// The encoding that the page was read in.
    pub(crate) const fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// Whether a limit cut the page short.
    pub(crate) const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// An address of the page as a full one: only `http` and `https`, without its fragment.
    pub(crate) fn resolve(&self, reference: &str) -> Option<Url> {
        let mut url = self.base.join(reference.trim()).ok()?;
        url.set_fragment(None);
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// The elements that `selector` matches, in document order.
    pub(crate) fn select<'a>(
        &'a self,
        selector: &'a Selector,
    ) -> impl Iterator<Item = ElementRef<'a>> {
        self.html.select(selector)
    }

    /// The elements that are styled, in document order; an element's place is its index.
    pub(crate) fn elements(&self) -> impl ExactSizeIterator<Item = ElementRef<'_>> {
        self.elements.iter().map(|id| self.element(*id))
    }

    /// How many elements are styled.
    pub(crate) fn element_count(&self) -> usize {
        self.elements.len()
    }

    /// The place of an element among the styled ones.
    pub(crate) fn index_of(&self, element: ElementRef<'_>) -> Option<usize> {
        self.index.get(&element.id()).map(|at| *at as usize)
    }

    fn element(&self, id: NodeId) -> ElementRef<'_> {
        let node = self.html.tree.get(id).expect("the ids are of this tree");
        ElementRef::wrap(node).expect("only elements are listed")
    }

    /// Hangs the computed styles on the elements.
    pub(crate) fn set_styles(&mut self, styles: Styles) {
        self.styles = Some(styles);
    }

    /// The computed styles, once the style sheets are in.
    pub(crate) const fn styles(&self) -> Option<&Styles> {
        self.styles.as_ref()
    }

    /// The computed style of one element, once the style sheets are in.
    pub(crate) fn style(&self, element: ElementRef<'_>) -> Option<&Computed> {
        self.styles.as_ref()?.of(self.index_of(element)?)
    }

    /// Whether nobody sees the element: by its own or an ancestor's style or attribute.
    pub(crate) fn is_hidden(&self, element: ElementRef<'_>) -> bool {
        match self.style(element) {
            Some(style) => style.hidden,
            None => element.attr("hidden").is_some(),
        }
    }

    /// The text of an element as it is seen: white space collapsed, block boundaries as spaces,
    /// without scripts and what is hidden, at most `limit` bytes.
    pub(crate) fn text_of(&self, element: ElementRef<'_>, limit: usize) -> String {
        self.text_without(element, limit, &[])
    }

    fn text_without(&self, element: ElementRef<'_>, limit: usize, without: &[&str]) -> String {
        let mut text = Collapsed::default();
        let mut skipped = None;
        for edge in element.traverse() {
            match edge {
                Edge::Open(node) if skipped.is_none() => match node.value() {
                    Node::Text(words) => text.push(words),
                    Node::Element(value) => {
                        let inner = ElementRef::wrap(node).expect("the node is an element");
                        let is_left_out =
                            is_silent(value.name()) || without.contains(&value.name());
                        if is_left_out || self.is_hidden(inner) {
                            skipped = Some(node.id());
                        } else if is_block(value.name()) {
                            text.space();
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
                Edge::Close(node) if skipped.is_none() && closes_block(node.value()) => {
                    text.space();
                }
                _ => {}
            }
            if text.line.len() >= limit {
                break;
            }
        }
        text.line.truncate(text.line.floor_char_boundary(limit));
        text.line.truncate(text.line.trim_end().len());
        text.line
    }

    /// The text of the whole body as it is seen.
    pub(crate) fn visible_text(&self, limit: usize) -> String {
        self.body().map(|body| self.text_of(body, limit)).unwrap_or_default()
    }

    /// The text of the whole body without code.
    pub(crate) fn prose(&self, limit: usize) -> String {
        let code = ["pre", "code", "kbd", "samp", "var", "tt"];
        self.body().map(|body| self.text_without(body, limit, &code)).unwrap_or_default()
    }

    fn body(&self) -> Option<ElementRef<'_>> {
        self.html.root_element().child_elements().find(|one| one.value().name() == "body")
    }
}

/// Text with its white space collapsed.
#[derive(Default)]
struct Collapsed {
    line: String,
    pending: bool,
}

impl Collapsed {
    fn push(&mut self, words: &str) {
        for character in words.chars() {
            if character.is_whitespace() {
                self.pending = true;
            } else {
                if self.pending && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.pending = false;
                self.line.push(character);
            }
        }
    }

    const fn space(&mut self) {
        self.pending = true;
    }
}

/// Elements whose text is not the page's.
pub(crate) fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "head"
            | "iframe"
            | "object"
            | "textarea"
            | "select"
            | "datalist"
            | "audio"
            | "video"
            | "canvas"
            | "math"
    )
}

/// Elements that stand on lines of their own, and the line break.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "td"
            | "th"
            | "tr"
            | "ul"
    )
}

fn closes_block(node: &Node) -> bool {
    node.as_element().is_some_and(|value| is_block(value.name()))
}

/// How much is parsed before the limits are asked: the parser's cost in a piece is bounded by it.
const PIECE_BYTES: usize = 2 << 10;

fn tree(text: &str, budget: &Budget, deadline: &Deadline) -> (Html, bool) {
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = parse_document(sink, ParseOpts::default());
    let readable = overlong::tag(text).unwrap_or(text.len());
    let mut rest = &text[..readable];
    let mut truncated = readable < text.len();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES.min(rest.len())));
        rest = after;
        parser.process(StrTendril::from_slice(piece));
        let html = parser.tokenizer.sink.sink.0.borrow();
        let is_full = html.tree.values().len() > budget.nodes
            || depth(&html) > budget.depth
            || deadline.is_over();
        drop(html);
        if is_full {
            truncated = true;
            break;
        }
    }
    (parser.finish(), truncated)
}

/// How deep the last node lies: the parser adds at the end.
fn depth(html: &Html) -> usize {
    html.tree.nodes().next_back().map_or(0, |node| node.ancestors().count())
}

fn base(html: &Html, url: &Url) -> Url {
    let is_base = |node: &ego_tree::NodeRef<'_, Node>| {
        node.value().as_element().is_some_and(|one| one.name() == "base")
    };
    let declared = html.tree.root().descendants().filter(is_base).find_map(|node| {
        let reference = node.value().as_element()?.attr("href")?;
        url.join(reference.trim()).ok()
    });
    declared.filter(|base| matches!(base.scheme(), "http" | "https")).unwrap_or_else(|| url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        let fetched = Fetched::html("https://example.org/a/", html);
        Page::parse(&fetched, &Budget::default(), &Deadline::never())
    }

    #[test]
    fn text_is_what_is_seen() {
        let page = page(
            "<body><h1>One<br>two</h1><p>three <b>fo</b>ur</p><script>no()</script>\
             <p hidden>no</p><noscript>no</noscript> five",
        );
        assert_eq!(page.visible_text(1_000), "One two three four five");
        assert_eq!(page.visible_text(9), "One two t");
    }

    #[test]
    fn addresses_stand_on_the_base_and_are_of_the_web() {
        let page = page("<base href='/b/'><p>");
        let resolved = |text| page.resolve(text).map(String::from);
        assert_eq!(resolved("c.css#x").as_deref(), Some("https://example.org/b/c.css"));
        assert_eq!(resolved("data:text/css,a"), None);
        assert_eq!(resolved("javascript:alert(1)"), None);
        assert_eq!(resolved("http://["), None);
    }

    #[test]
    fn hostile_trees_stop_at_the_limits() {
        let budget = Budget { nodes: 5_000, ..Budget::default() };
        let fonts =
            (0..90_000).fold(String::new(), |all, n| all + "<font size=" + &n.to_string() + ">");
        let attributes = (0..200_000).fold("<p".to_owned(), |tag, n| tag + "/a" + &n.to_string());
        let fetched = Fetched::html("https://example.org/", &format!("{attributes}>x"));
        assert!(Page::parse(&fetched, &budget, &Deadline::never()).is_truncated());
        for html in ["<div>".repeat(400_000), "<p>".repeat(400_000), format!("{fonts}<p>x<p>y")] {
            let fetched = Fetched::html("https://example.org/", &html);
            let page = Page::parse(&fetched, &budget, &Deadline::never());
            assert!(page.is_truncated());
            assert!(page.html().tree.values().len() < 2 * budget.nodes);
        }
    }

    #[test]
    fn a_deadline_ends_the_parsing() {
        let fetched = Fetched::html("https://example.org/", &"<p>word".repeat(40_000));
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::new(|| true));
        assert!(page.is_truncated() && page.html().tree.values().len() < 2_000);
    }
}
