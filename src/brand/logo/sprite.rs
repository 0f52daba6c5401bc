//! One symbol of a sprite file as a drawing of its own.

use resvg::usvg::roxmltree::{Document, Node};

/// The largest sprite that is searched.
const MAX_BYTES: usize = 512 << 10;

/// The symbol `id` of the sprite `text`; none when it is not there.
pub(super) fn symbol(text: &[u8], id: &str) -> Option<Vec<u8>> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    // Entities of the file would be lost by cutting it.
    let document = Document::parse(text).ok()?;
    let symbol = document.descendants().find(|node| node.attribute("id") == Some(id))?;
    let size = ["viewBox", "width", "height"]
        .into_iter()
        .filter_map(|name| Some(format!(" {name}=\"{}\"", plain(symbol.attribute(name)?)?)))
        .collect::<String>();
    let definitions = document
        .descendants()
        .filter(|node| is_definition(*node))
        .map(|node| &text[node.range()])
        .collect::<String>();
    // Without a size of its own a `use` of a symbol takes that of the root.
    Some(
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:xlink=\"http://www.w3.org/1999/xlink\"{size}><defs>{definitions}</defs>{}</svg>",
            inner(symbol, text)
        )
        .into_bytes(),
    )
}

/// Definitions that symbols share; those inside a symbol come with it.
fn is_definition(node: Node<'_, '_>) -> bool {
    let is_server = matches!(
        node.tag_name().name(),
        "linearGradient" | "radialGradient" | "clipPath" | "mask" | "pattern" | "style"
    );
    let is_inside = |name: &str| node.ancestors().skip(1).any(|one| one.tag_name().name() == name);
    is_server && !is_inside("symbol") && !is_inside("mask") && !is_inside("pattern")
}

/// What stands between an element's tags.
fn inner<'a>(node: Node<'_, '_>, text: &'a str) -> &'a str {
    match (node.first_child(), node.last_child()) {
        (Some(first), Some(last)) => &text[first.range().start..last.range().end],
        _ => "",
    }
}

fn plain(value: &str) -> Option<&str> {
    let is_plain = value.len() < 60 && !value.contains(['"', '<', '&']);
    is_plain.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels;

    #[test]
    fn a_symbol_is_cut_out() {
        let sprite = b"<svg xmlns='http://www.w3.org/2000/svg'>\
            <linearGradient id='g'><stop stop-color='#00f'/></linearGradient>\
            <symbol id='menu' viewBox='0 0 9 9'><rect width='9' height='9' fill='red'/></symbol>\
            <symbol id='logo' viewBox='0 0 40 10'><rect width='40' height='10' fill='url(#g)'/>\
            </symbol></svg>";
        let cut = symbol(sprite, "logo").expect("a symbol");
        let picture = pixels::open(&cut).expect("a picture");
        assert_eq!((picture.width, picture.height), (40, 10));
        assert_eq!(picture.pixels.get_pixel(9, 9).0, [0, 0, 255, 255]);
        assert_eq!(symbol(sprite, "none"), None);
        assert_eq!(symbol(b"<svg", "logo"), None);
    }
}
