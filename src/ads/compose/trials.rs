//! Composing over brands, arrangements, canvases, languages and any words at all.

use std::sync::Arc;

use super::{Commission, ComposeError, Composition, Settled, compose, redraw};
use crate::ads::brief::Brief;
use crate::ads::checks::blocks;
use crate::ads::copy::AdCopy;
use crate::ads::fonts::FontShelf;
use crate::ads::format::{AspectRatio, Resolution};
use crate::ads::kit::BrandKit;
use crate::ads::pictures::{Gallery, Picture};
use crate::ads::random::Random;
use crate::ads::scene::{Format, LayoutKind, Paint, Provenance, Role, Scene, Text, WordsFrom};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::{BrandColors, Direction, Hex};

const LANGUAGES: [(&str, Direction); 12] = [
    ("en", Direction::Ltr),
    ("fr", Direction::Ltr),
    ("de", Direction::Ltr),
    ("es", Direction::Ltr),
    ("it", Direction::Ltr),
    ("pl", Direction::Ltr),
    ("nl", Direction::Ltr),
    ("ja", Direction::Ltr),
    ("zh-Hans", Direction::Ltr),
    ("ar", Direction::Rtl),
    ("he", Direction::Rtl),
    ("hi", Direction::Ltr),
];

fn text(words: &str, lang: &str) -> Text {
    Text {
        v: words.to_owned(),
        lang: lang.to_owned(),
        source: "prompt".to_owned(),
        protect: Vec::new(),
    }
}

/// Words of any length and of any kind: long compounds, numbers, pictographs, both directions.
fn words(random: &mut Random, lang: &str, most: usize) -> Text {
    const PIECES: [&str; 22] = [
        "more",
        "of",
        "what",
        "matters",
        "a",
        "Straßenbahnhaltestellenhäuschenbau",
        "café",
        "30 %",
        "€ 14,90",
        "2026",
        "🙂",
        "عرض",
        "جديد",
        "שלום",
        "毎日",
        "のために",
        "新品",
        "नया",
        "l’été,",
        "żółć.",
        "ΩΜΕΓΑ",
        "привет",
    ];
    let wanted = 1 + random.below(most);
    let mut words = String::new();
    while words.chars().count() < wanted {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(random.pick(&PIECES).copied().unwrap_or("more"));
    }
    text(&words.chars().take(120).collect::<String>(), lang)
}

fn kit(random: &mut Random) -> BrandKit {
    let hex = |random: &mut Random| {
        let [red, green, blue, ..] = random.seed().to_be_bytes();
        Some(Hex::new(red, green, blue))
    };
    let names =
        ["Harvest Lane", "نخيل", "A", "桜文具", "The Very Long Name of a Small Company Ltd"];
    BrandKit {
        name: random.pick(&names).map(|name| (*name).to_owned()),
        colors: BrandColors {
            primary: hex(random),
            accent: random.chance(0.6).then(|| hex(random)).flatten(),
            ..BrandColors::default()
        },
        ..BrandKit::default()
    }
}

fn formats() -> Vec<Format> {
    let named = ["iab_mpu", "iab_leaderboard", "iab_mobile", "iab_sky", "half_page"];
    let named = named.map(|id| Format::named(id).expect("named in the table"));
    let ratios = AspectRatio::ALL.map(|ratio| Format::of_ratio(ratio, Resolution::Half));
    named.into_iter().chain(ratios).chain(Format::sized(50, 50)).collect()
}

struct Bench {
    shelf: Arc<FontShelf>,
    typesetter: Typesetter,
    gallery: Gallery,
    photos: Vec<ContentDigest>,
}

/// Pictures of every kind: noise, night, snow, and a thing on a transparent ground.
fn photo(kind: u32) -> Picture {
    let picture = image::RgbaImage::from_fn(120, 90, |x, y| {
        let noise = u8::try_from((x * 7919 + y * 104_729 + x * y * 31) % 251).unwrap_or(0);
        let dot = (x.abs_diff(60) * x.abs_diff(60) + y.abs_diff(45) * y.abs_diff(45)) < 900;
        image::Rgba(match kind {
            0 => [noise, 255 - noise, noise / 2, 255],
            1 => [noise / 12, noise / 14, noise / 9, 255],
            2 => [250 - noise / 25, 252 - noise / 25, 255 - noise / 25, 255],
            _ => [200, noise / 2, 40, if dot { 255 } else { 0 }],
        })
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).expect("an encoder");
    Picture::read(png.get_ref()).expect("a picture")
}

impl Bench {
    fn new() -> Self {
        let shelf = FontShelf::embedded();
        let typesetter = Typesetter::new(Arc::clone(&shelf));
        Self { shelf, typesetter, gallery: Gallery::new(), photos: Vec::new() }
    }

    fn compose(
        &mut self,
        kit: &BrandKit,
        copy: &AdCopy,
        (lang, dir): (&str, Direction),
        (seed, layout): (u64, Option<LayoutKind>),
        format: &Format,
    ) -> Result<Composition, ComposeError> {
        let commission = Commission {
            prompt: "",
            brief: &Brief::default(),
            copy,
            kit,
            lang,
            dir,
            currency: None,
            gallery: &self.gallery,
            photos: &self.photos,
            icons: &["coffee".to_owned()],
            seed,
            variant: 0,
            layout,
            provenance: Provenance {
                copy: WordsFrom::User,
                picture: "procedural".to_owned(),
                model_calls: 0,
                fallback_reason: None,
            },
            shelf: &self.shelf,
            settled: Settled::default(),
        };
        compose(&commission, format, &mut self.typesetter)
    }
}

fn simple_copy() -> AdCopy {
    let of_catalog = |words: &str| {
        let source = "catalog:headline.promise.1".to_owned();
        vec![Text { source, ..text(words, "en") }]
    };
    AdCopy {
        headline: of_catalog("Made for the way you live"),
        subline: of_catalog("Real fruit. Real crunch. Nothing to hide."),
        cta: of_catalog("Learn more"),
        ..AdCopy::default()
    }
}

#[test]
fn whatever_is_said_an_ad_passes_its_checks_or_says_why_not() {
    compose_at_random(0..80);
}

#[test]
#[ignore = "takes minutes"]
fn whatever_is_said_for_long() {
    compose_at_random(80..4_000);
}

fn compose_at_random(cases: std::ops::Range<u64>) {
    let mut bench = Bench::new();
    let formats = formats();
    let pictures = [0, 1, 2, 3].map(|kind| Arc::new(photo(kind)));
    for picture in &pictures {
        bench.gallery.insert(picture.digest(), Arc::clone(picture));
    }
    for case in cases {
        let mut random = Random::new(case).fork("trials");
        let kit = kit(&mut random);
        let language = *random.pick(&LANGUAGES).expect("there are twelve");
        let format = random.pick(&formats).expect("there are some").clone();
        let layout = random.pick(&LayoutKind::ALL).copied();
        let copy = AdCopy {
            headline: vec![words(&mut random, language.0, 120)],
            subline: if random.chance(0.6) {
                vec![words(&mut random, language.0, 120)]
            } else {
                Vec::new()
            },
            cta: vec![words(&mut random, language.0, 24)],
            number: random.chance(0.3).then(|| text("−30%", language.0)),
            ..AdCopy::default()
        };
        bench.photos.clear();
        if random.chance(0.5) {
            bench.photos.extend(random.pick(&pictures).map(|picture| picture.digest()));
        }
        match bench.compose(&kit, &copy, language, (case, layout), &format) {
            Ok(ad) => {
                nothing_is_written_in_the_colour_of_its_ground(&ad.scene);
                let failed: Vec<_> = ad.scene.checks.iter().filter(|check| blocks(check)).collect();
                assert!(failed.is_empty(), "case {case} on {}: {failed:?}", format.id);
            }
            Err(ComposeError::MissingGlyphs(_)) => {}
            Err(ComposeError::CopyTooLong { chars, room, .. }) => {
                assert!(room < chars, "case {case} on {}: {room} of {chars}", format.id);
            }
            Err(other) => panic!("case {case} on {}: {other}", format.id),
        }
    }
}

fn nothing_is_written_in_the_colour_of_its_ground(scene: &Scene) {
    let palette = &scene.palette;
    for node in scene.nodes.iter().filter(|node| node.fit.is_some()) {
        let fill = node.style.as_ref().map(|style| palette.color(style.fill));
        let own = match node.paint {
            Some(Paint::Solid(ink)) => Some(palette.color(ink)),
            _ => None,
        };
        assert!(own.is_none() || own != fill, "{}: {palette:?}", node.id);
        if node.role == Role::Cta {
            let below =
                scene.back_to_front().into_iter().rev().find_map(|below| match below.paint {
                    Some(Paint::Solid(ink))
                        if below.z < node.z && below.frame.contains(node.frame) =>
                    {
                        Some(palette.color(ink))
                    }
                    _ => None,
                });
            assert!(below.is_none() || below != own, "{}: {palette:?}", node.id);
        }
    }
}

#[test]
fn an_accent_that_is_the_ground_never_reaches_a_text_or_a_button() {
    let mut bench = Bench::new();
    let format = Format::sized(540, 540).expect("within the limits");
    for (seed, color) in
        [(1, 0xFF_FF_FF), (2, 0), (3, 0x0B_3D_2E), (4, 0xF4_A2_61), (5, 0x80_80_80)]
    {
        let [_, red, green, blue] = u32::to_be_bytes(color);
        let color = Some(Hex::new(red, green, blue));
        let colors = BrandColors {
            primary: color,
            accent: color,
            background: color,
            text: color,
            ..BrandColors::default()
        };
        let kit = BrandKit { name: Some("Harvest Lane".to_owned()), colors, ..BrandKit::default() };
        for layout in LayoutKind::ALL {
            let english = ("en", Direction::Ltr);
            let made = bench.compose(&kit, &simple_copy(), english, (seed, Some(layout)), &format);
            nothing_is_written_in_the_colour_of_its_ground(&made.expect("plain words").scene);
        }
    }
}

#[test]
fn a_picture_that_no_scrim_calms_has_a_card_under_the_words() {
    let mut bench = Bench::new();
    let white = Arc::new(photo(0));
    bench.photos = vec![white.digest()];
    bench.gallery.insert(white.digest(), white);
    let format = Format::sized(540, 540).expect("within the limits");
    let kit = kit(&mut Random::new(3));
    let order = (1, Some(LayoutKind::ScrimPhoto));
    let made = bench.compose(&kit, &simple_copy(), ("en", Direction::Ltr), order, &format);
    let scene = made.expect("plain words").scene;
    assert_eq!(scene.layout, LayoutKind::ScrimPhoto);
    let calmed = scene.nodes.iter().any(|node| node.id == "plate" || node.role == Role::Scrim);
    assert!(calmed, "{:?}", scene.nodes);
    assert!(scene.checks.iter().all(|check| !blocks(check)));
}

#[test]
fn no_ratio_fails_for_its_size() {
    compose_every_ratio(&[Resolution::Half]);
}

#[test]
#[ignore = "takes minutes"]
fn no_resolution_fails_for_its_size() {
    compose_every_ratio(&Resolution::ALL);
}

fn compose_every_ratio(resolutions: &[Resolution]) {
    let mut bench = Bench::new();
    let kit = BrandKit { name: Some("Harvest Lane".to_owned()), ..BrandKit::default() };
    for ratio in AspectRatio::ALL {
        for resolution in resolutions {
            let format = Format::of_ratio(ratio, *resolution);
            let language = ("en", Direction::Ltr);
            let made = bench.compose(&kit, &simple_copy(), language, (1, None), &format);
            let ad = made.unwrap_or_else(|error| panic!("{}: {error}", format.id));
            let silent = ad.scene.of_role(Role::Headline).is_none();
            assert_eq!(silent, ad.scene.warnings.contains(&"text_left_out".to_owned()));
        }
    }
}

#[test]
fn the_same_order_gives_the_same_bytes_and_a_scene_draws_itself_again() {
    let mut bench = Bench::new();
    let kit = kit(&mut Random::new(5));
    let format = Format::sized(600, 600).expect("within the limits");
    let mut once = || {
        let made = bench.compose(&kit, &simple_copy(), ("en", Direction::Ltr), (7, None), &format);
        made.expect("plain words on a square")
    };
    let (first, second) = (once(), once());
    assert_eq!(first, second);
    let scene = serde_json::to_string(&first.scene).expect("plain values");
    let stored = serde_json::from_str(&scene).expect("its own form");
    let again = redraw(stored, &Gallery::new(), &mut bench.typesetter).expect("composed before");
    assert_eq!(again.svg, first.svg);
}

#[test]
fn text_boxes_of_a_column_share_edge_and_width_in_every_arrangement() {
    let mut bench = Bench::new();
    let kit = kit(&mut Random::new(9));
    for layout in LayoutKind::ALL {
        for format in formats() {
            let order = (3, Some(layout));
            let made = bench.compose(&kit, &simple_copy(), ("en", Direction::Ltr), order, &format);
            let ad = made.unwrap_or_else(|error| panic!("{layout:?} on {}: {error}", format.id));
            let off = ad.scene.checks.iter().find(|check| check.id == "grid.columns");
            assert!(off.is_some_and(|check| check.pass), "{layout:?} on {}", format.id);
        }
    }
}

#[test]
fn words_that_have_no_room_are_refused_by_name_and_number() {
    let mut bench = Bench::new();
    let kit = BrandKit { name: Some("Harvest Lane".to_owned()), ..BrandKit::default() };
    let long = "Everything that you need for a long and quiet weekend at home ".repeat(8);
    let english = ("en", Direction::Ltr);
    let mut refused = |copy: &AdCopy, id: &str| {
        let format = Format::named(id).expect("named in the table");
        bench.compose(&kit, copy, english, (1, None), &format).map(|ad| ad.scene.warnings)
    };
    let headline = AdCopy { headline: vec![text(&long, "en")], ..simple_copy() };
    let Err(ComposeError::CopyTooLong { field, chars, room }) = refused(&headline, "square") else {
        panic!("too many words for a square");
    };
    assert_eq!((field, chars), ("headline", long.chars().count()));
    assert!((20..200).contains(&room), "{room}");
    // As many characters as are promised really fit.
    let shorter: String = long.chars().take(room).collect();
    let short = AdCopy { headline: vec![text(shorter.trim(), "en")], ..AdCopy::default() };
    assert!(refused(&short, "square").is_ok());
    let subline = AdCopy { subline: vec![text(&long, "en")], ..simple_copy() };
    let error = refused(&subline, "square").expect_err("a subline of 500 characters");
    assert!(error.to_string().starts_with("`subline` is too long"), "{error}");
    // A banner shows no subline, and says so.
    let warnings = refused(&subline, "iab_leaderboard").expect("a line and a button");
    assert!(warnings.contains(&"subline_left_out".to_owned()), "{warnings:?}");
}

#[test]
fn a_canvas_on_which_nothing_can_be_read_shows_the_picture_alone() {
    let mut bench = Bench::new();
    let format = Format::sized(50, 50).expect("within the limits");
    let kit = BrandKit { name: Some("Harvest Lane".to_owned()), ..BrandKit::default() };
    let made = bench.compose(&kit, &simple_copy(), ("en", Direction::Ltr), (1, None), &format);
    assert_eq!(made.expect("a picture").scene.warnings, ["text_left_out"]);
}

#[test]
fn an_offer_on_a_strip_says_beside_its_number_what_it_is() {
    let mut bench = Bench::new();
    let mut copy = simple_copy();
    copy.number = Some(text("−30%", "en"));
    let kit = BrandKit { name: Some("Harvest Lane".to_owned()), ..BrandKit::default() };
    let strip = Format::named("iab_leaderboard").expect("named in the table");
    let made = bench.compose(&kit, &copy, ("en", Direction::Ltr), (3, None), &strip);
    let scene = made.expect("room for both").scene;
    let of = |role: Role| scene.of_role(role).map(|node| node.frame);
    let (number, words) = (of(Role::Number).expect("it leads"), of(Role::Headline).expect("room"));
    assert!(number.right() < words.x, "{number:?} {words:?}");
}

#[test]
fn every_language_can_be_told_on_the_ground_of_an_ad() {
    let mut bench = Bench::new();
    let kit = BrandKit { name: Some("Harvest Lane".to_owned()), ..BrandKit::default() };
    for seed in 0..12 {
        for id in ["square", "landscape", "story"] {
            let format = Format::named(id).expect("named in the table");
            let layout = (seed, Some(LayoutKind::Statement));
            let made = bench.compose(&kit, &simple_copy(), ("en", Direction::Ltr), layout, &format);
            let scene = made.expect("room").scene;
            let discs = scene.nodes.iter().filter_map(|node| {
                crate::ads::background::disc(node.generator.as_ref()?, node.frame)
            });
            for disc in discs {
                for node in scene.nodes.iter().filter(|node| node.role.is_text()) {
                    let is_met = node.paint.is_none() && node.frame.overlaps(disc);
                    assert!(!is_met, "{seed} {id}: {} meets {disc:?}", node.id);
                }
            }
        }
    }
}
