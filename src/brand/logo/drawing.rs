//! Drawings of a page as files of their own.
//!
//! An inline SVG leans on its page: its colours come from the page's style sheets, its symbols from
//! elsewhere in the document. Written out with the computed colours and the symbols it stands
//! alone. Never: a script, an event attribute, an address of another file.

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scraper::{ElementRef, Node, Selector};

use crate::brand::color::Rgba;
use crate::brand::page::Page;

/// The largest drawing that is written out.
const MAX_BYTES: usize = 256 << 10;
/// The deepest nesting that is written out.
const MAX_DEPTH: usize = 40;

/// An inline SVG as a file of its own; none when it is too large.
pub(super) fn standalone(page: &Page, svg: ElementRef<'_>) -> Option<String> {
    let mut writer = Writer { page, text: String::new(), wanted: Vec::new() };
    writer.element(svg, 0, Inherited::default())?;
    writer.symbols(svg)?;
    (writer.text.len() <= MAX_BYTES).then_some(writer.text)
}

/// `href` or `xlink:href`, which the parser both calls `href`.
pub(super) fn href(element: ElementRef<'_>) -> Option<&str> {
    element.value().attrs().find(|(name, _)| *name == "href").map(|(_, value)| value.trim())
}

struct Writer<'a> {
    page: &'a Page,
    text: String,
    /// Ids that `use` elements refer to.
    wanted: Vec<String>,
}

/// Whether a paint server was set above, which the cascade does not compute.
#[derive(Debug, Clone, Copy, Default)]
struct Inherited {
    fill: bool,
    stroke: bool,
}

impl Writer<'_> {
    fn element(&mut self, element: ElementRef<'_>, depth: usize, above: Inherited) -> Option<()> {
        let name = element.value().name();
        if depth > MAX_DEPTH || self.text.len() > MAX_BYTES {
            return None;
        }
        if !is_written(name) {
            return Some(());
        }
        let own = Inherited {
            fill: above.fill || refers(element, "fill"),
            stroke: above.stroke || refers(element, "stroke"),
        };
        write!(self.text, "<{name}").ok()?;
        if depth == 0 {
            self.text.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        }
        self.attributes(element, own, depth);
        self.text.push('>');
        for child in element.children() {
            match child.value() {
                Node::Element(_) => self.element(ElementRef::wrap(child)?, depth + 1, own)?,
                Node::Text(text) if name == "style" => self.text.push_str(&escaped(text)),
                _ => {}
            }
        }
        // The symbols come before the end of the root, see `symbols`.
        if depth > 0 {
            write!(self.text, "</{name}>").ok()?;
        }
        Some(())
    }

    fn attributes(&mut self, element: ElementRef<'_>, paint: Inherited, depth: usize) {
        let computed = self.page.style(element);
        for (name, value) in element.value().attrs() {
            let is_computed = computed.is_some()
                && (name == "fill" && !paint.fill || name == "stroke" && !paint.stroke);
            if is_dropped(name) || is_computed || value.len() > MAX_BYTES {
                continue;
            }
            if name == "href" {
                // Only what lies in the drawing itself, or a picture that it carries.
                if let Some(id) = value.trim().strip_prefix('#') {
                    self.wanted.push(id.to_owned());
                } else if !value.trim_start().starts_with("data:image/") {
                    continue;
                }
            }
            let _ = write!(self.text, " {name}=\"{}\"", escaped(value));
        }
        let Some(style) = computed else { return };
        if depth == 0 {
            let _ = write!(self.text, " color=\"{}\"", css(style.color));
        }
        if is_painted(element.value().name()) {
            if !paint.fill {
                let fill = style.fill.map_or("none".to_owned(), css);
                let _ = write!(self.text, " fill=\"{fill}\"");
            }
            if !paint.stroke {
                let stroke = style.stroke.map_or("none".to_owned(), css);
                let _ = write!(self.text, " stroke=\"{stroke}\"");
            }
        }
    }

    /// Appends the symbols that the drawing refers to and does not hold itself, then closes it.
    fn symbols(&mut self, svg: ElementRef<'_>) -> Option<()> {
        const MAX_SYMBOLS: usize = 12;
        let ids = Selector::parse("svg [id], svg[id]").expect("a constant selector");
        let own: HashSet<&str> = svg.select(&ids).filter_map(|one| one.attr("id")).collect();
        let mut written: HashSet<String> = own.into_iter().map(str::to_owned).collect();
        self.text.push_str("<defs>");
        while let Some(id) = self.wanted.pop() {
            if written.len() > 4_000 || !written.insert(id.clone()) {
                continue;
            }
            let found = self.page.select(&ids).find(|one| one.attr("id") == Some(id.as_str()));
            if let Some(symbol) = found {
                self.element(symbol, 1, Inherited::default())?;
            }
            if written.len() > MAX_SYMBOLS + 4_000 {
                break;
            }
        }
        self.text.push_str("</defs></svg>");
        Some(())
    }
}

/// Elements that draw or define; text needs a font that does not come with it.
fn is_written(name: &str) -> bool {
    matches!(
        name,
        "svg"
            | "g"
            | "path"
            | "rect"
            | "circle"
            | "ellipse"
            | "line"
            | "polyline"
            | "polygon"
            | "defs"
            | "symbol"
            | "use"
            | "linearGradient"
            | "radialGradient"
            | "stop"
            | "clipPath"
            | "mask"
            | "pattern"
            | "image"
            | "style"
            | "text"
            | "tspan"
            | "switch"
    )
}

/// Elements whose colours the page's style sheets may set.
fn is_painted(name: &str) -> bool {
    matches!(name, "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" | "use")
}

fn is_dropped(name: &str) -> bool {
    name.starts_with("on")
        || name.starts_with("data-")
        || name.starts_with("xmlns")
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether an element paints with a gradient or pattern.
fn refers(element: ElementRef<'_>, property: &str) -> bool {
    let by_attribute = element.attr(property).is_some_and(|value| value.contains("url("));
    let by_style = element.attr("style").is_some_and(|style| {
        style.split(';').any(|one| one.trim_start().starts_with(property) && one.contains("url("))
    });
    by_attribute || by_style
}

fn css(color: Rgba) -> String {
    let [red, green, blue] = color.rgb;
    if color.alpha >= 0.999 {
        color.hex().to_string()
    } else {
        format!("rgba({red},{green},{blue},{:.3})", color.alpha)
    }
}

fn escaped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || c.is_whitespace()).fold(
        String::with_capacity(text.len()),
        |mut escaped, c| {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                c => escaped.push(c),
            }
            escaped
        },
    )
}

/// The bytes of a `data:` address of a picture.
pub(super) fn data_bytes(address: &str) -> Option<Vec<u8>> {
    let (header, body) = address.trim().strip_prefix("data:")?.split_once(',')?;
    if !header.starts_with("image/") || body.len() > 4 * MAX_BYTES {
        return None;
    }
    let plain = percent_decoded(body);
    if header.ends_with(";base64") {
        let packed: Vec<u8> = plain.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
        STANDARD.decode(packed).ok()
    } else {
        Some(plain)
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};
    use crate::brand::marks;
    use crate::pixels;

    fn written(html: &str) -> Option<String> {
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let svg = Selector::parse("svg").expect("a selector");
        let first = page.select(&svg).next()?;
        standalone(&page, first)
    }

    #[test]
    fn a_drawing_stands_alone() {
        let text = written(
            "<svg viewBox='0 0 8 8' onload='x()'><script>y()</script><title>a</title>\
             <use xlink:href='#mark'/><image href='https://a.example/x.png'/></svg>\
             <svg hidden><symbol id=mark viewBox='0 0 8 8'><rect width=8 height=8 fill=red />\
             </symbol></svg>",
        )
        .expect("a drawing");
        assert!(!text.contains("onload") && !text.contains("script"), "{text}");
        assert!(!text.contains("a.example"), "{text}");
        let picture = pixels::open(text.as_bytes()).expect("a picture");
        let colors = marks::palette(&picture);
        assert_eq!(colors.backdrop.map(|hex| hex.to_string()).as_deref(), Some("#FF0000"));
    }

    #[test]
    fn symbols_that_refer_to_each_other_end() {
        let text = written(
            "<svg><use href='#a'/></svg><svg><g id=a><use href='#b'/></g>\
             <g id=b><use href='#a'/></g></svg>",
        );
        assert!(text.is_some_and(|text| text.len() < 2_000));
        assert_eq!(written(&format!("<svg>{}", "<g>".repeat(500))), None);
        assert_eq!(written(&format!("<svg>{}", "<rect/>".repeat(60_000))), None);
    }

    #[test]
    fn data_addresses_are_decoded() {
        assert_eq!(data_bytes("data:image/svg+xml,%3Csvg%3E").as_deref(), Some(&b"<svg>"[..]));
        assert_eq!(data_bytes("data:image/png;base64,AQI D").as_deref(), Some(&[1, 2, 3][..]));
        assert_eq!(data_bytes("data:image/png;base64,%zz"), None);
        assert_eq!(data_bytes("data:text/html,x"), None);
        assert_eq!(data_bytes("data:image/png"), None);
    }
}
