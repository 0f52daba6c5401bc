//! What holds for every generator, at every size.

use super::*;
use crate::ads::palette::{self, Wish};
use crate::ads::random::Random;
use crate::ads::scene::Ink;
use crate::domain::brand::BrandColors;

const SIZES: [(i32, i32); 10] = [
    (1080, 1080),
    (1080, 1920),
    (1200, 628),
    (300, 250),
    (728, 90),
    (160, 600),
    (320, 50),
    (50, 50),
    (4096, 4096),
    (4096, 50),
];

fn palette() -> Palette {
    palette::of(&BrandColors::default(), None, &Wish::default(), &mut Random::new(4))
}

fn generator(kind: GeneratorKind, seed: u64) -> Generator {
    Generator {
        kind,
        seed: seed.to_string(),
        color: Ink::Fg,
        second: (seed % 2 == 1).then_some(Ink::Accent),
        opacity: 0.3,
        step: 0.11,
        origin: [0.9, 0.9],
        mirrored: false,
    }
}

/// Everything under test: each kind at each size, with each of some values.
fn each(mut check: impl FnMut(&Generator, Frame)) {
    for kind in GeneratorKind::ALL {
        for (w, h) in SIZES {
            for (seed, step) in [(1, 0.01), (2, 0.11), (3, 1.0)] {
                check(&Generator { step, ..generator(kind, seed) }, Frame::new(0, 0, w, h));
            }
        }
    }
}

#[test]
fn every_drawing_is_bounded_and_well_formed_and_without_filters() {
    let palette = palette();
    each(|generator, frame| {
        let svg = draw(generator, frame, &palette, "art");
        assert!(svg.len() <= MOST_BYTES, "{generator:?} {frame:?}: {} bytes", svg.len());
        assert!(!svg.contains("filter") && !svg.contains("NaN") && !svg.contains("inf"));
        let document = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\">{svg}</svg>",
            frame.w, frame.h
        );
        let tree = resvg::usvg::Tree::from_str(&document, &resvg::usvg::Options::default());
        assert!(tree.expect("an SVG").root().has_children(), "{generator:?} {frame:?}");
    });
}

#[test]
fn the_same_values_give_the_same_drawing_and_another_seed_another() {
    let palette = palette();
    let frame = Frame::new(0, 0, 1080, 1080);
    each(|generator, frame| {
        let once = draw(generator, frame, &palette, "art");
        assert_eq!(once, draw(generator, frame, &palette, "art"));
    });
    for kind in [GeneratorKind::Mesh, GeneratorKind::Contours, GeneratorKind::BauhausTiles] {
        let [one, two] = [4, 6].map(|seed| draw(&generator(kind, seed), frame, &palette, "art"));
        assert_ne!(one, two, "{kind:?}");
    }
}

#[test]
fn a_mirrored_drawing_is_the_mirror_image() {
    let palette = palette();
    let (w, h) = (240, 160);
    for kind in GeneratorKind::ALL {
        for seed in [1, 2] {
            let plain = pixels(&generator(kind, seed), &palette, w, h);
            let turned = Generator { mirrored: true, ..generator(kind, seed) };
            let turned = pixels(&turned, &palette, w, h);
            let mut sum = 0_i64;
            for y in 0..h {
                for x in 0..w {
                    let (one, two) = (plain[y * w + x], turned[y * w + (w - 1 - x)]);
                    sum += one.iter().zip(two).map(|(a, b)| i64::from(a.abs_diff(b))).sum::<i64>();
                }
            }
            let mean = sum / i64::try_from(w * h).expect("a small picture");
            assert!(mean < 2, "{kind:?}: {mean}");
        }
    }
}

fn pixels(generator: &Generator, palette: &Palette, w: usize, h: usize) -> Vec<[u8; 4]> {
    let side = |side: usize| i32::try_from(side).expect("a small picture");
    let svg = draw(generator, Frame::new(0, 0, side(w), side(h)), palette, "art");
    let document = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\">\
         <rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>{svg}</svg>",
        palette.bg
    );
    let options = resvg::usvg::Options::default();
    let tree = resvg::usvg::Tree::from_str(&document, &options).expect("an SVG");
    let (wide, high) = (side(w).unsigned_abs(), side(h).unsigned_abs());
    let mut pixmap = resvg::tiny_skia::Pixmap::new(wide, high).expect("a picture");
    resvg::render(&tree, resvg::tiny_skia::Transform::identity(), &mut pixmap.as_mut());
    pixmap.data().chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect()
}

#[test]
fn odd_values_from_a_stored_scene_are_survived() {
    let palette = palette();
    for kind in GeneratorKind::ALL {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -7.0, 1e9] {
            let odd = Generator {
                step: value,
                opacity: value,
                origin: [value, value],
                seed: "not a number".to_owned(),
                ..generator(kind, 1)
            };
            let svg = draw(&odd, Frame::new(-5, 3, 300, 200), &palette, "art");
            assert!(svg.len() <= MOST_BYTES && !svg.contains("NaN") && !svg.contains("inf"));
        }
        assert_eq!(draw(&generator(kind, 1), Frame::new(0, 0, 0, 10), &palette, "art"), "");
        assert_eq!(draw(&generator(kind, 1), Frame::new(0, 0, 9, -10), &palette, "art"), "");
    }
}
