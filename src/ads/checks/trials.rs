//! Ads that must not be delivered, built as the reference pictures show them.

use std::collections::BTreeMap;

use super::{blocks, check, file_size, lint};
use crate::ads::kit::BrandKit;
use crate::ads::scene::{
    Align, Check, Composition, Engine, Fit, Format, Frame, Ink, LayoutKind, Lint, Looks, Node,
    Paint, Palette, Provenance, Role, SCENE_VERSION, Scene, Style, Text, VerticalAlign, WordsFrom,
};
use crate::domain::brand::{Direction, Hex};

fn palette(accent: Hex) -> Palette {
    Palette {
        bg: Hex::new(0xF6, 0xF1, 0xE7),
        fg: Hex::new(0x1D, 0x35, 0x57),
        muted: Hex::new(0x1D, 0x35, 0x57),
        accent,
        on_accent: Hex::WHITE,
        panel: Hex::new(0xA8, 0xDA, 0xDC),
        on_panel: Hex::new(0x1D, 0x35, 0x57),
        origin: BTreeMap::new(),
    }
}

fn node(id: &str, role: Role, frame: Frame, size: f32, lines: &[&str], ink: [f32; 4]) -> Node {
    let mut node = Node::new(id, role, 11, frame);
    node.text = Some(Text {
        v: lines.join(" "),
        lang: "en".to_owned(),
        source: "prompt".to_owned(),
        protect: Vec::new(),
    });
    node.style = Some(Style {
        family: "Inter".to_owned(),
        weight: 700,
        size: [16.0, 200.0],
        lh: 1.1,
        track: 0.0,
        lines: 3,
        align: Align::Start,
        valign: VerticalAlign::Top,
        fill: if role == Role::Cta { Ink::OnAccent } else { Ink::Fg },
        balance: false,
        caps: false,
        dir: None,
    });
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    node.fit = Some(Fit { size, lines, ink, fonts: vec!["Inter".to_owned()] });
    node
}

/// An ad like `l2_split`: headline, subline and button in a column.
fn ad() -> Scene {
    let mut ground = Node::new("bg", Role::Background, 0, Frame::new(0, 0, 1080, 1080));
    ground.paint = Some(Paint::Solid(Ink::Bg));
    let headline = node(
        "headline",
        Role::Headline,
        Frame::new(72, 300, 640, 360),
        76.0,
        &["Furniture that stays", "when trends leave."],
        [76.0, 340.0, 690.0, 640.0],
    );
    let subline = node(
        "subline",
        Role::Subline,
        Frame::new(72, 740, 640, 120),
        28.0,
        &["Solid oak. Ten-year", "guarantee. Made to order."],
        [72.0, 750.0, 330.0, 850.0],
    );
    let mut cta = node(
        "cta",
        Role::Cta,
        Frame::new(72, 924, 280, 84),
        30.0,
        &["See the chairs"],
        [115.0, 952.0, 309.0, 980.0],
    );
    cta.paint = Some(Paint::Solid(Ink::Accent));
    Scene {
        scene: SCENE_VERSION,
        engine: Engine { name: "t".into(), version: "0".into(), fonts: "sha256:0".into() },
        brand: None,
        brand_rev: None,
        prompt: String::new(),
        seed: "1".to_owned(),
        layout: LayoutKind::SplitArt,
        variant: 0,
        format: Format::named("square").expect("named in the table"),
        lang: "en".to_owned(),
        dir: Direction::Ltr,
        currency: None,
        composition: Composition::Free,
        palette: palette(Hex::new(0xC1, 0x12, 0x1F)),
        looks: Looks::default(),
        nodes: vec![ground, headline, subline, cta],
        checks: Vec::new(),
        lint: Lint::default(),
        provenance: Provenance {
            copy: WordsFrom::User,
            picture: "none".to_owned(),
            model_calls: 0,
            fallback_reason: None,
        },
        warnings: Vec::new(),
    }
}

fn blocked(scene: &Scene) -> Vec<String> {
    let checks = check(scene, &BrandKit::default(), None);
    checks.into_iter().filter(blocks).map(|check| check.id).collect()
}

fn change(scene: &mut Scene, id: &str, with: impl Fn(&mut Node)) {
    scene.nodes.iter_mut().filter(|node| node.id == id).for_each(with);
}

#[test]
fn the_reference_passes_and_scores_high() {
    let scene = ad();
    assert_eq!(blocked(&scene), Vec::<String>::new());
    assert!(lint(&check(&scene, &BrandKit::default(), None)).score >= 90);
}

#[test]
fn a_button_of_4_17_is_refused() {
    let mut scene = ad();
    scene.palette = palette(Hex::new(0xE6, 0x39, 0x46));
    assert_eq!(blocked(&scene), ["contrast.cta"]);
    let checks = check(&scene, &BrandKit::default(), None);
    let value = checks.iter().find(|check| check.id == "contrast.cta").map(|check| check.value);
    assert!(value.is_some_and(|value| (4.1..4.2).contains(&value)), "{value:?}");
}

#[test]
fn a_headline_that_runs_into_its_subline_is_refused() {
    let mut scene = ad();
    change(&mut scene, "headline", |node| {
        node.frame = Frame::new(72, 300, 640, 500);
        if let Some(fit) = &mut node.fit {
            fit.ink[3] = 770.0;
        }
    });
    assert_eq!(blocked(&scene), ["overlap"]);
}

#[test]
fn ink_outside_its_box_the_safe_area_or_the_canvas_is_refused() {
    let mut scene = ad();
    change(&mut scene, "subline", |node| {
        if let Some(fit) = &mut node.fit {
            fit.ink[0] = -4.0;
        }
    });
    assert_eq!(blocked(&scene), ["fit.subline", "safe_area", "canvas"]);
}

#[test]
fn words_that_nobody_reads_are_refused() {
    let mut scene = ad();
    let shrink = |size: f32| {
        move |node: &mut Node| {
            if let Some(fit) = &mut node.fit {
                fit.size = size;
            }
        }
    };
    change(&mut scene, "subline", shrink(25.5));
    assert_eq!(blocked(&scene), ["size.subline"]);
    change(&mut scene, "subline", shrink(26.0));
    change(&mut scene, "headline", shrink(47.5));
    assert_eq!(blocked(&scene), ["size.headline"]);
}

#[test]
fn a_second_button_and_a_prohibited_word_are_refused() {
    let mut scene = ad();
    let mut second = scene.nodes[3].clone();
    second.id = "cta2".to_owned();
    second.frame.x = 480;
    if let Some(fit) = &mut second.fit {
        fit.ink = [520.0, 952.0, 714.0, 980.0];
    }
    scene.nodes.push(second);
    assert_eq!(blocked(&scene), ["words.buttons"]);
    let kit = BrandKit { prohibited: vec!["oak".to_owned()], ..BrandKit::default() };
    let checks: Vec<Check> = check(&ad(), &kit, None).into_iter().filter(blocks).collect();
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].id, "words.prohibited");
}

#[test]
fn boxes_off_their_column_and_crowded_marks_are_told() {
    let mut scene = ad();
    change(&mut scene, "subline", |node| node.frame.w = 500);
    let checks = check(&scene, &BrandKit::default(), None);
    let off = checks.iter().find(|check| check.id == "grid.columns");
    assert!(off.is_some_and(|check| !check.pass && !blocks(check)));
}

#[test]
fn a_file_over_its_formats_limit_is_refused() {
    let mut scene = ad();
    assert!(file_size(&scene, 9_000_000).is_none());
    scene.format = Format::named("iab_mobile").expect("named in the table");
    assert!(file_size(&scene, 50_001).is_some_and(|check| blocks(&check)));
    assert!(file_size(&scene, 50_000).is_some_and(|check| check.pass));
}
