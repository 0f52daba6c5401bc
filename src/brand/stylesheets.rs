//! The style sheets of a page, gathered in the order of the cascade.

use std::collections::HashSet;

use scraper::Selector;
use url::Url;

use crate::brand::budget::Budget;
use crate::brand::charset;
use crate::brand::css::{Cascade, SheetKind, imports, media};
use crate::brand::documents::Fetched;
use crate::brand::page::Page;
use crate::brand::utilities;

/// The sheets of a page and those that they import.
pub(crate) struct StyleSheets {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    seen: HashSet<Url>,
    bytes_left: usize,
    is_truncated: bool,
}

/// One sheet: its imports come before its own rules.
struct Node {
    url: Url,
    text: Option<String>,
    layer: Option<String>,
    depth: usize,
    imports: Vec<usize>,
}

/// A sheet that has yet to be fetched.
pub(crate) struct MissingSheet {
    /// Names it in `supply`.
    pub(crate) node: usize,
    /// Where it lies.
    pub(crate) url: Url,
}

impl StyleSheets {
    /// Finds the sheets that apply on a desktop screen; gives those that must be fetched.
    pub(crate) fn of(page: &Page, budget: &Budget) -> (Self, Vec<MissingSheet>) {
        let mut sheets = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            seen: HashSet::new(),
            bytes_left: budget.css_bytes,
            is_truncated: false,
        };
        let mut missing = Vec::new();
        let written = Selector::parse("style, link[rel][href]").expect("a constant selector");
        for element in page.select(&written) {
            if !element.attr("media").is_none_or(media::matches) && !is_awaited(element) {
                continue;
            }
            if element.value().name() == "style" {
                let text: String = element.text().collect();
                let Some(node) = sheets.node(page.url().clone(), None, 0, budget) else { break };
                sheets.roots.push(node);
                missing.extend(sheets.fill(node, text, page.base(), budget));
            } else if is_style_sheet(element) {
                let url = element.attr("href").and_then(|href| page.resolve(href));
                let Some(url) = url.filter(|url| sheets.seen.insert(url.clone())) else { continue };
                let Some(node) = sheets.node(url.clone(), None, 0, budget) else { break };
                sheets.roots.push(node);
                missing.push(MissingSheet { node, url });
            }
        }
        sheets.write_utilities(page, budget);
        (sheets, missing)
    }

    /// Adds the sheet that a script of the page would have written behind the others.
    fn write_utilities(&mut self, page: &Page, budget: &Budget) {
        let Some(text) = utilities::sheet(page) else { return };
        if let Some(node) = self.node(page.url().clone(), None, 0, budget) {
            self.roots.push(node);
            // It imports nothing.
            self.fill(node, text, page.base(), budget);
        }
    }

    /// Takes a sheet that was fetched; gives those that it imports.
    pub(crate) fn supply(
        &mut self,
        node: usize,
        fetched: &Fetched,
        page: &Page,
        budget: &Budget,
    ) -> Vec<MissingSheet> {
        // A missing sheet is often answered with a page that says so.
        let kind = fetched.content_type.as_deref().unwrap_or_default();
        if fetched.status >= 400 || kind.starts_with("text/html") {
            return Vec::new();
        }
        let bytes = &fetched.bytes[..fetched.bytes.len().min(budget.sheet_bytes)];
        self.is_truncated |= bytes.len() < fetched.bytes.len();
        let text = charset::sheet(bytes, fetched.content_type.as_deref(), page.encoding());
        let base = fetched.final_url.clone();
        self.nodes[node].url = base.clone();
        self.fill(node, text.into_owned(), &base, budget)
    }

    /// Hands all texts to a cascade, in its order.
    pub(crate) fn pour(&self, cascade: &mut Cascade) {
        for root in &self.roots {
            self.pour_one(*root, cascade);
        }
    }

    /// Whether sheets were declared and none could be had.
    pub(crate) fn is_unreachable(&self) -> bool {
        !self.nodes.is_empty() && self.nodes.iter().all(|node| node.text.is_none())
    }

    /// Whether a limit cut them short.
    pub(crate) const fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    fn pour_one(&self, at: usize, cascade: &mut Cascade) {
        let node = &self.nodes[at];
        // The depth of imports is bounded, and so is this recursion.
        node.imports.iter().for_each(|import| self.pour_one(*import, cascade));
        if let Some(text) = &node.text {
            let kind = if is_library(&node.url) { SheetKind::Library } else { SheetKind::Own };
            cascade.add(&node.url, text, kind, node.layer.as_deref());
        }
    }

    fn node(
        &mut self,
        url: Url,
        layer: Option<String>,
        depth: usize,
        budget: &Budget,
    ) -> Option<usize> {
        if self.nodes.len() >= budget.sheets {
            self.is_truncated = true;
            return None;
        }
        self.nodes.push(Node { url, text: None, layer, depth, imports: Vec::new() });
        Some(self.nodes.len() - 1)
    }

    fn fill(
        &mut self,
        at: usize,
        mut text: String,
        base: &Url,
        budget: &Budget,
    ) -> Vec<MissingSheet> {
        if text.len() > self.bytes_left {
            text.truncate(text.floor_char_boundary(self.bytes_left));
            self.is_truncated = true;
        }
        self.bytes_left -= text.len();
        let found = imports(&text);
        self.nodes[at].text = Some(text);
        let depth = self.nodes[at].depth + 1;
        let mut missing = Vec::new();
        for import in found {
            let url = base.join(&import.address).ok();
            let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            let Some(url) =
                url.filter(|url| depth <= budget.import_depth && !self.seen.contains(url))
            else {
                continue;
            };
            let layer = import.layer.or_else(|| self.nodes[at].layer.clone());
            let Some(node) = self.node(url.clone(), layer, depth, budget) else { break };
            self.seen.insert(url.clone());
            self.nodes[at].imports.push(node);
            missing.push(MissingSheet { node, url });
        }
        missing
    }
}

fn is_style_sheet(link: scraper::ElementRef<'_>) -> bool {
    let rel = link.attr("rel").unwrap_or_default().to_ascii_lowercase();
    let mut words = rel.split_ascii_whitespace();
    let is_sheet = words.clone().any(|word| word == "stylesheet")
        || (words.clone().any(|word| word == "preload") && is_awaited(link));
    is_sheet && !words.any(|word| word == "alternate") && link.attr("disabled").is_none()
}

/// Whether a script makes a sheet of the link, or lets it apply, once it has arrived: the usual
/// way to load sheets without holding up the page.
fn is_awaited(link: scraper::ElementRef<'_>) -> bool {
    let is_style = link.attr("as").is_none_or(|kind| kind.eq_ignore_ascii_case("style"));
    let changes = |script: &str| script.contains("media") || script.contains("rel");
    is_style && link.attr("onload").is_some_and(changes)
}

/// Whether a sheet is a library's that looks the same wherever it is used. It takes part in the
/// cascade, but says nothing of a brand.
fn is_library(url: &Url) -> bool {
    const LIBRARIES: [&str; 40] = [
        "fontawesome",
        "font-awesome",
        "fa-",
        "swiper",
        "slick",
        "owl.",
        "animate",
        "aos",
        "prism",
        "highlight",
        "hljs",
        "lightbox",
        "fancybox",
        "magnific",
        "photoswipe",
        "docsearch",
        "cookie",
        "primer",
        "normalize",
        "reset",
        "sanitize",
        "bootstrap-icons",
        "glide",
        "splide",
        "flickity",
        "select2",
        "datepicker",
        "flatpickr",
        "katex",
        "mathjax",
        "leaflet",
        "mapbox",
        "videojs",
        "video-js",
        "plyr",
        "toastr",
        "sweetalert",
        "nprogress",
        "material-icons",
        "ionicons",
    ];
    let file = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    let file = file.to_ascii_lowercase();
    let begins = |library: &str| file.starts_with(library) || file.contains(&format!("-{library}"));
    LIBRARIES.iter().any(|library| begins(library))
}
