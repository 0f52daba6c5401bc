//! Refuses what a mark has no use for: scripts, other files, text without its font.
//!
//! None of it could act, for only the resolved drawing is ever used. But a mark from which
//! something was dropped in silence is another mark, so its owner is told instead.

use resvg::usvg::roxmltree::{Document, Node};

use super::super::PictureError;

/// Refuses a file that asks for more than a drawing.
pub(super) fn check(document: &Document<'_>) -> Result<(), PictureError> {
    for node in document.descendants() {
        if node.is_pi() {
            return Err(PictureError::Forbidden("a reference to another file"));
        }
        if node.is_element() {
            check_element(node)?;
        }
    }
    Ok(())
}

fn check_element(node: Node<'_, '_>) -> Result<(), PictureError> {
    let name = node.tag_name().name();
    match name {
        "script" | "handler" | "iframe" => return Err(PictureError::Forbidden("a script")),
        "foreignObject" => return Err(PictureError::Forbidden("parts of a web page")),
        "text" | "tspan" | "textPath" => {
            return Err(PictureError::Forbidden("live text: convert it to outlines"));
        }
        "style" if node.descendants().filter_map(|text| text.text()).any(leads_away) => {
            return Err(PictureError::Forbidden("a reference to another file"));
        }
        _ => {}
    }
    for attribute in node.attributes() {
        let (key, value) = (attribute.name(), attribute.value());
        if key.len() > 2 && key.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on")) {
            return Err(PictureError::Forbidden("a script"));
        }
        // A link around a drawing leads somewhere only when it is clicked, and is not kept.
        let is_reference = key == "href" && name != "a";
        if (is_reference && !is_own(value)) || leads_away(value) {
            return Err(PictureError::Forbidden("a reference to another file"));
        }
    }
    Ok(())
}

/// Whether a reference stays within the file.
fn is_own(href: &str) -> bool {
    let href = href.trim_start();
    let is_data = href.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    href.is_empty() || href.starts_with('#') || is_data
}

/// Whether a style or a presentation attribute refers to another file; a font that nothing is
/// written in does not count.
fn leads_away(css: &str) -> bool {
    let lower = css.to_ascii_lowercase();
    if lower.contains("@import") {
        return true;
    }
    let mut kept = String::new();
    let mut rest = lower.as_str();
    while let Some((before, inside)) = rest.split_once("@font-face") {
        kept.push_str(before);
        rest = inside.split_once('}').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.split("url(").skip(1).any(|inside| {
        let inside = inside.trim_start().trim_start_matches(['"', '\'']);
        !is_own(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(inside: &str) -> Result<(), PictureError> {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' \
             xmlns:xlink='http://www.w3.org/1999/xlink'>{inside}</svg>"
        );
        check(&Document::parse(&text).expect("test XML"))
    }

    #[test]
    fn what_could_act_or_would_be_lost_is_named() {
        for (inside, word) in [
            ("<script>alert(1)</script>", "a script"),
            ("<g ONload='x()'/>", "a script"),
            ("<foreignObject/>", "parts of a web page"),
            ("<text font-family='Gotham'>Tide</text>", "live text: convert it to outlines"),
            ("<image href='http://127.0.0.1/x.png'/>", "a reference to another file"),
            ("<image xlink:href='file:///etc/passwd'/>", "a reference to another file"),
            ("<use href='x.svg#a'/>", "a reference to another file"),
            ("<rect fill='url( \"//a.example/p\")'/>", "a reference to another file"),
            ("<style>@import 'a.css';</style>", "a reference to another file"),
            ("<style>g{mask:url(b.svg#m)}</style>", "a reference to another file"),
            ("<?xml-stylesheet href='a.css'?>", "a reference to another file"),
        ] {
            assert_eq!(checked(inside), Err(PictureError::Forbidden(word)), "{inside}");
        }
    }

    #[test]
    fn what_drawing_programs_write_passes() {
        for inside in [
            "<style>@font-face{font-family:A;src:url(a.woff)} .a{fill:url('#g')}</style>",
            "<a href='https://shop.example/'><path class='a'/></a>",
            "<use xlink:href='#a'/><image href='data:image/png;base64,AAAA'/>",
        ] {
            assert_eq!(checked(inside), Ok(()), "{inside}");
        }
    }
}
