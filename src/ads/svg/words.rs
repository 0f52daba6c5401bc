//! Set words: their outlines, and the words themselves for those who listen.

use icu_locale::{Direction as Written, LanguageIdentifier, LocaleDirectionality};

use super::fill::{attribute, opacity_of};
use super::markup::escaped;
use crate::ads::scene::{Node, Palette, Scene};
use crate::ads::text::SetText;
use crate::domain::brand::Direction;

/// The words of `node` as `set`.
pub(super) fn words(scene: &Scene, node: &Node, set: &SetText, palette: &Palette) -> String {
    let (Some(text), Some(style)) = (&node.text, &node.style) else { return String::new() };
    let direction = match direction_of(scene, node) {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    };
    let (label, lang) = (escaped(&text.v), escaped(&text.lang));
    let (color, alpha) = (palette.color(style.fill), attribute("fill", opacity_of(node)));
    let spoken = format!(r#"aria-label="{label}" lang="{lang}" dir="{direction}""#);
    let outline = &set.outline;
    format!(r#"<g role="img" {spoken}><path fill="{color}"{alpha} d="{outline}"/></g>"#)
}

/// Which way the words of `node` read: its style says so, else their language does.
fn direction_of(scene: &Scene, node: &Node) -> Direction {
    if let Some(direction) = node.style.as_ref().and_then(|style| style.dir) {
        return direction;
    }
    let lang = node.text.as_ref().map_or(scene.lang.as_str(), |text| text.lang.as_str());
    if lang == scene.lang {
        return scene.dir;
    }
    let known = lang.parse::<LanguageIdentifier>().ok();
    match known.and_then(|lang| LocaleDirectionality::new_common().get(&lang)) {
        Some(Written::RightToLeft) => Direction::Rtl,
        Some(_) => Direction::Ltr,
        None => scene.dir,
    }
}
