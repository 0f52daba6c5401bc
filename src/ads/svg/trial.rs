//! A small scene with one of everything, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use crate::ads::pictures::{Gallery, Picture};
use crate::ads::scene::{Fit, Scene};
use crate::ads::text::SetText;
use crate::domain::asset::ContentDigest;
use crate::pixels::png_of;

/// A scene with its words and pictures.
pub(crate) struct Trial {
    pub(crate) scene: Scene,
    pub(crate) texts: BTreeMap<String, SetText>,
    pub(crate) gallery: Gallery,
}

/// A square of 240 px: ground, rings, a photo, a scrim, a card, a mark on a plate, words, a button.
pub(crate) fn trial() -> Trial {
    let photo = png_of(60, 40, |x, y| {
        let [a, b] = [x * 4, y * 6].map(|value| value.to_le_bytes()[0]);
        [a, b, 90, 255]
    });
    let mark = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 20'>\
        <linearGradient id='g'><stop stop-color='#d33'/><stop offset='1' stop-color='#33d'/>\
        </linearGradient><rect width='40' height='20' rx='6' fill='url(#g)'/></svg>";
    let mut gallery = Gallery::new();
    let mut keep = |bytes: &[u8]| -> ContentDigest {
        let picture = Arc::new(Picture::read(bytes).expect("a picture of the trial"));
        let digest = picture.digest();
        gallery.insert(digest, picture);
        digest
    };
    let scene = scene(keep(&photo), keep(mark));
    let texts = [("headline", 92, 120), ("cta", 40, 207)]
        .map(|(id, x, y)| (id.to_owned(), set(&format!("M{x} {y}h60v12h-60Z"))));
    Trial { scene, texts: texts.into(), gallery }
}

/// Words set as `outline`.
pub(crate) fn set(outline: &str) -> SetText {
    let fit = Fit { size: 12.0, lines: Vec::new(), ink: [0.0; 4], fonts: vec!["Inter".to_owned()] };
    SetText { fit, outline: outline.to_owned(), missing: Vec::new(), substituted: None }
}

fn scene(photo: ContentDigest, mark: ContentDigest) -> Scene {
    let style = json!({
        "family": "Inter", "weight": 700, "size": [10, 20], "lh": 1, "track": 0, "lines": 1,
        "align": "start", "valign": "top", "fill": "fg"
    });
    let mut label = style.clone();
    label["fill"] = json!("on_accent");
    let words = |words: &str, lang: &str| json!({"v": words, "lang": lang, "source": "prompt"});
    let nodes = json!([
        {"id": "ground", "role": "background", "z": 0, "box": [0, 0, 240, 240],
         "paint": {"linear": {"from": "bg", "to": "panel", "angle": 60}}},
        {"id": "art", "role": "decoration", "z": 1, "box": [0, 0, 240, 240], "opacity": 0.8,
         "gen": {"kind": "arcs", "seed": "7", "color": "accent", "opacity": 0.4, "step": 0.1,
                 "origin": [1.0, 1.0]}},
        {"id": "photo", "role": "photo", "z": 2, "box": [120, 20, 100, 70], "radius": 12,
         "asset": photo, "focus": [0.5, 0.5]},
        {"id": "scrim", "role": "scrim", "z": 3, "box": [120, 20, 100, 70],
         "paint": {"scrim": {"color": "bg", "from": 0.0, "to": 0.7, "angle": 90}}},
        {"id": "card", "role": "panel", "z": 4, "box": [80, 104, 150, 60], "radius": 10,
         "shadow": 16, "paint": {"solid": "panel"}},
        {"id": "line", "role": "decoration", "z": 4, "box": [8, 8, 224, 224],
         "paint": {"outline": {"color": "fg", "width": 2}}},
        {"id": "band", "role": "decoration", "z": 4, "box": [-20, 172, 120, 10], "rotate": -30,
         "paint": {"solid": "accent"}},
        {"id": "logo", "role": "logo", "z": 5, "box": [24, 24, 60, 30], "asset": mark,
         "clear": 0.5, "plate": "fg", "text": words("Tide <& Mill>", "en")},
        {"id": "icon", "role": "decoration", "z": 5, "box": [24, 84, 40, 40],
         "icon": {"name": "coffee", "color": "fg"}},
        {"id": "headline", "role": "headline", "z": 6, "box": [88, 110, 134, 48], "style": style,
         "text": words("Real fruit.\u{2060} Nothing to hide.", "en")},
        {"id": "cta", "role": "cta", "z": 7, "box": [24, 196, 96, 32], "radius": 16,
         "paint": {"solid": "accent"}, "text": words("اطلب الآن", "ar"), "style": label}
    ]);
    serde_json::from_value(json!({
        "scene": 1, "engine": {"name": "tidemill", "version": "0", "fonts": "sha256:0"},
        "brand": null, "brand_rev": null, "prompt": "", "seed": "1", "layout": "centered",
        "variant": 0, "format": {"id": "custom", "w": 240, "h": 240, "safe": [8, 8, 232, 232]},
        "lang": "en", "dir": "ltr", "currency": null, "composition": "free",
        "palette": {"bg": "#0B3D2E", "fg": "#F2E8CF", "muted": "#C9C2AA", "accent": "#F4A261",
                    "on_accent": "#0B3D2E", "panel": "#14503E", "on_panel": "#F2E8CF",
                    "origin": {}},
        "nodes": nodes, "checks": [], "lint": {"score": 0, "parts": {}},
        "provenance": {"copy": "user", "picture": "none", "model_calls": 0}, "warnings": []
    }))
    .expect("the trial's scene")
}
