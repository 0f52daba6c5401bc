//! Whole scenes as SVG.

use resvg::usvg::roxmltree::{Document, Node};

use super::trial::{Trial, trial};
use super::*;
use crate::ads::scene::Ink;

fn svg(trial: &Trial) -> String {
    draw(&trial.scene, &trial.texts, &trial.gallery).expect("the trial is drawn")
}

#[test]
fn words_are_there_for_those_who_listen() {
    let svg = svg(&trial());
    let document = Document::parse(&svg).expect("well-formed XML");
    let title = document.descendants().find(|node| node.has_tag_name("title"));
    let title = title.and_then(|node| node.text()).unwrap_or_default();
    assert_eq!(title, "Tide <& Mill>: Real fruit. Nothing to hide.");
    let groups: Vec<_> = document
        .descendants()
        .filter_map(|node| {
            let label = node.attribute("aria-label")?;
            Some((label, node.attribute("lang")?, node.attribute("dir").unwrap_or("")))
        })
        .collect();
    let expected = [
        ("Tide <& Mill>", "en", ""),
        ("Real fruit. Nothing to hide.", "en", "ltr"),
        ("اطلب الآن", "ar", "rtl"),
    ];
    assert_eq!(groups, expected);
}

#[test]
fn the_file_stands_alone_and_runs_nothing() {
    let svg = svg(&trial());
    let document = Document::parse(&svg).expect("well-formed XML");
    let mut ids = std::collections::BTreeSet::new();
    let elements = [
        "svg",
        "title",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polygon",
        "polyline",
        "image",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "defs",
        "use",
        "pattern",
    ];
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(elements.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style" && key != "class", "{key}={value}");
            if key == "href" {
                assert!(value.starts_with("data:image/") || value.starts_with('#'), "{value:.40}");
            }
            if key == "id" {
                assert!(ids.insert(value), "{value} is there twice");
            }
        }
    }
    for reference in svg.split("url(#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(ids.contains(reference), "{reference}");
    }
}

#[test]
fn the_same_scene_gives_the_same_bytes_on_every_thread() {
    let first = svg(&trial());
    let others: Vec<String> = std::thread::scope(|scope| {
        let threads = [0, 1].map(|_| scope.spawn(|| svg(&trial())));
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(others.iter().all(|other| *other == first));
}

#[test]
fn what_is_below_is_drawn_alone() {
    let mut trial = trial();
    let below = draw_below(&trial.scene, &trial.texts, &trial.gallery, 4).expect("a drawing");
    assert!(below.contains("<image") && !below.contains("aria-label"));
    trial.texts.clear();
    assert!(draw_below(&trial.scene, &trial.texts, &trial.gallery, 99).is_ok());
}

#[test]
fn what_is_missing_is_named() {
    let mut without = trial();
    without.texts.remove("headline");
    let result = draw(&without.scene, &without.texts, &without.gallery);
    assert_eq!(result, Err(DrawError::NotSet("headline".to_owned())));
    let mut without = trial();
    without.gallery.clear();
    let result = draw(&without.scene, &without.texts, &without.gallery);
    assert_eq!(result, Err(DrawError::MissingPicture("photo".to_owned())));
    let mut strange = trial();
    strange.scene.nodes[8].icon.as_mut().expect("an icon").name = "no such".to_owned();
    let result = draw(&strange.scene, &strange.texts, &strange.gallery);
    assert_eq!(result, Err(DrawError::NoIcon("no such".to_owned())));
    for side in [0, 4097, u32::MAX] {
        let mut huge = trial();
        huge.scene.format.w = side;
        let result = draw(&huge.scene, &huge.texts, &huge.gallery);
        assert_eq!(result, Err(DrawError::Size(side, 240)));
    }
}

#[test]
fn boxes_without_an_area_draw_nothing_and_do_no_harm() {
    let mut flat = trial();
    for node in &mut flat.scene.nodes {
        node.frame.h = -3;
    }
    let drawn = svg(&flat);
    assert!(!drawn.contains("<rect") && drawn.ends_with("</title></svg>"), "{drawn}");
}

#[test]
fn a_mark_stays_a_drawing_upon_its_plate() {
    let trial = trial();
    let svg = svg(&trial);
    let logo = trial.scene.node("logo").expect("a logo");
    assert_eq!(plate_frame(logo).map(|f| [f.x, f.y, f.w, f.h]), Some([16, 16, 76, 46]));
    assert!(
        svg.contains(r##"<rect x="16" y="16" width="76" height="46" rx="7" fill="#F2E8CF"/>"##)
    );
    assert!(svg.contains(r#"<g transform="matrix(1.5 0 0 1.5 24 24)">"#), "{svg}");
    assert_eq!(svg.matches("<image").count(), 1, "the photo alone is made of pixels");
}

#[test]
fn a_change_of_colour_changes_the_file() {
    let mut other = trial();
    let before = svg(&other);
    other.scene.node("card").expect("a card");
    other.scene.nodes[4].paint = Some(crate::ads::scene::Paint::Solid(Ink::Muted));
    assert_ne!(svg(&other), before);
}
