use super::*;
use crate::ads::scene::{Align, Frame, Ink, Role, Style, Text, VerticalAlign};

/// A headline's style.
pub(super) fn style() -> Style {
    Style {
        family: "Inter".into(),
        weight: 700,
        size: [24.0, 120.0],
        lh: 1.04,
        track: -0.02,
        lines: 3,
        align: Align::Start,
        valign: VerticalAlign::Top,
        fill: Ink::Fg,
        balance: true,
        caps: false,
        dir: None,
    }
}

pub(super) fn text(v: &str, lang: &str) -> Text {
    Text { v: v.into(), lang: lang.into(), source: "prompt".into(), protect: Vec::new() }
}

const BOX: Frame = Frame::new(72, 300, 936, 420);

fn node(v: &str, lang: &str, style: Style) -> Node {
    let mut node = Node::new("headline", Role::Headline, 6, BOX);
    (node.text, node.style) = (Some(text(v, lang)), Some(style));
    node
}

fn typesetter() -> Typesetter {
    Typesetter::new(FontShelf::embedded())
}

#[test]
fn latin() {
    let set = typesetter().fit(&node("Real fruit. Real crunch.", "en", style())).expect("fits");
    eprintln!("{:?}", set.fit);
}
