//! What elements look like before any style sheet: the browser's defaults and old attributes.

use std::fmt::Write as _;

use scraper::ElementRef;

/// The defaults that matter here.
pub(super) const BROWSER: &str = "
head, script, style, template, noscript, title, meta, link, base, datalist, param, [hidden],
dialog:not([open]), input[type=hidden] { display: none }
a:link { color: #0000ee }
h1, h2, h3, h4, h5, h6, b, strong, th { font-weight: 700 }
h1 { font-size: 2em } h2 { font-size: 1.5em } h3 { font-size: 1.17em }
h5 { font-size: .83em } h6, small { font-size: .67em } big { font-size: 1.2em }
code, pre, kbd, samp, tt { font-family: monospace }
button, input, select, textarea { color: #000; font-family: system-ui; font-size: 13px }
mark { background: #ff0; color: #000 }
";

/// The declarations that an element's presentational attributes come to.
pub(super) fn presentational(element: ElementRef<'_>) -> String {
    let mut css = String::new();
    let name = element.value().name();
    let mut add = |property: &str, value: Option<&str>, read: fn(&str) -> Option<String>| {
        if let Some(value) = value.and_then(read) {
            let _ = write!(css, "{property}:{value};");
        }
    };
    add("background-color", element.attr("bgcolor"), legacy_color);
    match name {
        "body" => {
            add("color", element.attr("text"), legacy_color);
            add("background-image", element.attr("background"), address);
        }
        "font" => {
            add("color", element.attr("color"), legacy_color);
            add("font-family", element.attr("face"), plain);
        }
        _ => {}
    }
    add("fill", element.attr("fill"), plain);
    add("stroke", element.attr("stroke"), plain);
    css
}

/// The colour that `<body link>` gives to links.
pub(super) fn link_color(body: ElementRef<'_>) -> Option<String> {
    body.attr("link").and_then(legacy_color)
}

/// A colour as old attributes write it: also hex digits without their mark.
fn legacy_color(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hex = matches!(text.len(), 3 | 6) && text.bytes().all(|one| one.is_ascii_hexdigit());
    if is_hex { Some(format!("#{text}")) } else { plain(text) }
}

fn plain(text: &str) -> Option<String> {
    let is_plain = !text.is_empty()
        && text.len() <= 200
        && !text.contains([';', '{', '}', '!', '\\', '/', '<']);
    is_plain.then(|| text.trim().to_owned())
}

fn address(text: &str) -> Option<String> {
    let is_plain =
        !text.is_empty() && text.len() <= 2_000 && !text.contains(['"', '\\', '\n', ';']);
    is_plain.then(|| format!("url(\"{}\")", text.trim()))
}
