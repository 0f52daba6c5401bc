//! What an extraction may use up: counts, bytes and time.

use std::sync::Arc;

/// The limits of one extraction. What lies beyond them is left out, with the warning `truncated`.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The page: larger ones are refused.
    pub page_bytes: usize,
    /// Nodes that are taken from a page; pages of people have below 5,000.
    pub nodes: usize,
    /// How deep elements may nest, as in browsers.
    pub depth: usize,
    /// One style sheet.
    pub sheet_bytes: usize,
    /// All style sheets together.
    pub css_bytes: usize,
    /// How many style sheets are read.
    pub sheets: usize,
    /// How deep style sheets may import each other.
    pub import_depth: usize,
    /// Style rules, nested ones included.
    pub rules: usize,
    /// Elements that are styled, in document order.
    pub styled_elements: usize,
    /// One raster picture.
    pub raster_bytes: usize,
    /// One SVG picture.
    pub svg_bytes: usize,
    /// One font of the site.
    pub font_bytes: usize,
    /// The web manifest.
    pub manifest_bytes: usize,
    /// Pictures and icons that are asked for.
    pub pictures: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            page_bytes: 3 << 20,
            nodes: 60_000,
            depth: 512,
            sheet_bytes: 3 << 19,
            css_bytes: 6 << 20,
            sheets: 24,
            import_depth: 4,
            rules: 20_000,
            styled_elements: 6_000,
            raster_bytes: 2 << 20,
            svg_bytes: 512 << 10,
            font_bytes: 4 << 20,
            manifest_bytes: 256 << 10,
            pictures: 12,
        }
    }
}

/// Says whether the time of an extraction is up. The caller owns the clock; long loops ask.
#[derive(Clone)]
pub struct Deadline(Arc<dyn Fn() -> bool + Send + Sync>);

impl Deadline {
    /// Asks `is_over`, which must be cheap.
    pub fn new(is_over: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(is_over))
    }

    /// A deadline that never comes, for tests and tools.
    pub fn never() -> Self {
        Self::new(|| false)
    }

    /// Whether the work should stop with what it has.
    pub fn is_over(&self) -> bool {
        (self.0)()
    }
}

impl std::fmt::Debug for Deadline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deadline")
    }
}
