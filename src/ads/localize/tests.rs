//! Ads that were composed here, for readers of every language of the catalog.

use std::sync::Arc;

use super::invariants::{Evidence, check, failure, text_groups};
use super::*;
use crate::ads::brief::{self, Figures};
use crate::ads::compose::{Commission, ComposeError, Settled, compose, redraw};
use crate::ads::fonts::FontShelf;
use crate::ads::kit::BrandKit;
use crate::ads::pictures::Gallery;
use crate::ads::raster::{Pixels, render};
use crate::ads::scene::{Align, Format, LayoutKind, Provenance, Role, WordsFrom};
use crate::ads::svg::{draw, draw_below};
use crate::domain::brand::Direction;

pub(super) const LANGUAGES: [&str; 12] =
    ["fr", "de", "es", "it", "pt-BR", "nl", "pl", "ja", "zh-Hans", "ar", "he", "hi"];

pub(super) fn kit() -> BrandKit {
    let identity = serde_json::json!({
        "name": "Harvest Lane",
        "tagline": "Nothing to hide",
        "primary_accent_hex": "#0B3D2E",
    });
    BrandKit::of_identity(&identity).expect("a brand")
}

pub(super) fn typesetter() -> Typesetter {
    Typesetter::new(FontShelf::embedded())
}

fn ad(prompt: &str, layout: LayoutKind, [width, height]: [u32; 2], seed: u64) -> Scene {
    let format = Format::sized(width, height).expect("a format");
    ad_on(prompt, layout, &format, seed, &mut typesetter()).expect("an ad")
}

/// An English ad of the catalog.
pub(super) fn ad_on(
    prompt: &str,
    layout: LayoutKind,
    format: &Format,
    seed: u64,
    typesetter: &mut Typesetter,
) -> Result<Scene, ComposeError> {
    let shelf: Arc<FontShelf> = FontShelf::embedded();
    let brief = brief::read(prompt, Some("en"));
    let english = Language::parse("en").expect("known");
    let price = brief.price.as_ref().and_then(|price| written(price, &english));
    let figures = Figures { price, percent: None };
    let copy = brief::words(&brief, &kit(), &figures, "en", seed).expect("English words");
    let commission = Commission {
        prompt,
        brief: &brief,
        copy: &copy,
        kit: &kit(),
        lang: "en",
        dir: Direction::Ltr,
        currency: None,
        gallery: &Gallery::new(),
        photos: &[],
        icons: &[],
        seed,
        variant: 0,
        layout: Some(layout),
        provenance: Provenance {
            copy: WordsFrom::Catalog,
            picture: "procedural".to_owned(),
            model_calls: 0,
            fallback_reason: None,
        },
        shelf: &shelf,
        settled: Settled::default(),
    };
    compose(&commission, format, typesetter).map(|made| made.scene)
}

/// The picture of a scene, its SVG, and the picture without words.
fn pictures(scene: &Scene, texts: &BTreeMap<String, SetText>) -> (String, Pixels, Pixels) {
    let (gallery, format) = (Gallery::new(), &scene.format);
    let svg = draw(scene, texts, &gallery).expect("drawn");
    let ground = draw_below(scene, &BTreeMap::new(), &gallery, i32::MAX).expect("drawn");
    let rendered = |svg: &str| render(svg, format.w, format.h).expect("rendered");
    let (pixels, ground) = (rendered(&svg), rendered(&ground));
    (svg, pixels, ground)
}

/// All twelve of a localized ad; the failure of those that do not pass.
fn measured(source: &Scene, localized: &Localized, source_pixels: &Pixels) -> Option<String> {
    let (svg, pixels, ground) = pictures(&localized.scene, &localized.texts);
    let missing =
        localized.texts.iter().map(|(id, set)| (id.clone(), set.missing.clone())).collect();
    let checks = check(&Evidence {
        source,
        target: &localized.scene,
        source_pixels: source_pixels.into(),
        target_pixels: (&pixels).into(),
        ground: (&ground).into(),
        missing: &missing,
        untranslated: &localized.untranslated,
        policy: localized.policy,
        groups: &text_groups(&svg),
    });
    failure(&checks)
}

pub(super) fn request(language: &str) -> Request<'_> {
    Request { language: Some(language), culture: "urban premium", ..Request::default() }
}

fn source_pixels(source: &Scene, localized: &Localized) -> Pixels {
    let gallery = Gallery::new();
    let is_mirrored = localized.scene.composition == Composition::Mirrored;
    let svg = if is_mirrored {
        // The words of a mirrored source stand in boxes of the same places, where nothing counts.
        draw_below(&mirrored(source), &BTreeMap::new(), &gallery, i32::MAX).expect("drawn")
    } else {
        redraw(source.clone(), &gallery, &mut typesetter()).expect("drawn").svg
    };
    render(&svg, source.format.w, source.format.h).expect("rendered")
}

/// What failed, language for language.
fn failures(source: &Scene, languages: &[&str], composition: Composition) -> Vec<String> {
    let mut typesetter = typesetter();
    let mut failures = Vec::new();
    let mut pixels = None;
    for language in languages {
        let request = Request { composition, ..request(language) };
        match localize(source, &request, Catalog::embedded(), &mut typesetter) {
            Ok(localized) => {
                let pixels = pixels.get_or_insert_with(|| source_pixels(source, &localized));
                let failure = measured(source, &localized, pixels);
                failures.extend(failure.map(|failure| format!("{language}: {failure}")));
            }
            Err(error) => failures.push(format!("{language}: {error}")),
        }
    }
    failures
}

#[test]
fn nothing_moves_but_the_words_in_every_language() {
    for (prompt, layout, format, seed) in [
        ("Create a hero campaign ad for this brand", LayoutKind::Statement, [1080, 1080], 1),
        ("Launch our new cold brew", LayoutKind::Centered, [600, 314], 2),
        ("Summer sale, 20% off", LayoutKind::OfferBurst, [540, 540], 3),
        ("Cold brew for $14.90, order now", LayoutKind::SplitArt, [540, 675], 4),
        ("We are hiring", LayoutKind::Frame, [540, 960], 5),
        ("Download our app", LayoutKind::CardOnPattern, [600, 315], 6),
    ] {
        let source = ad(prompt, layout, format, seed);
        let failures = failures(&source, &LANGUAGES, Composition::Locked);
        assert_eq!(failures, [""; 0], "{prompt}");
    }
}

#[test]
fn right_to_left_ads_can_stand_in_a_mirror() {
    for (prompt, layout, format, seed) in [
        ("Create a hero campaign ad for this brand", LayoutKind::SplitArt, [540, 540], 7),
        ("New season, 30% off", LayoutKind::DiagonalBand, [600, 314], 8),
    ] {
        let source = ad(prompt, layout, format, seed);
        assert_eq!(failures(&source, &["ar", "he"], Composition::Mirrored), [""; 0], "{prompt}");
        // Nobody turns round for a language that reads the same way.
        let request = Request { composition: Composition::Mirrored, ..request("fr") };
        let localized = localize(&source, &request, Catalog::embedded(), &mut typesetter());
        assert_eq!(localized.expect("French").scene.composition, Composition::Locked);
    }
}

#[test]
fn words_hang_on_the_other_side_and_names_stay_beside_their_mark() {
    let prompt = "Create a hero campaign ad for this brand";
    let source = ad(prompt, LayoutKind::Statement, [540, 540], 1);
    let arabic = localize(&source, &request("ar"), Catalog::embedded(), &mut typesetter());
    let arabic = arabic.expect("Arabic").scene;
    let headline = arabic.of_role(Role::Headline).expect("a headline");
    assert_eq!(headline.style.as_ref().map(|style| style.align), Some(Align::Start));
    let (frame, ink) = (headline.text_frame(), headline.fit.as_ref().expect("set").ink);
    let right = f32::from(i16::try_from(frame.right()).expect("small"));
    assert!(right - ink[2] < 12.0, "{ink:?} in {frame:?}");
    for (before, after) in source.nodes.iter().zip(&arabic.nodes) {
        if before.role == Role::Logo {
            assert_eq!(before.fit, after.fit, "{}", before.id);
        }
    }
}

#[test]
fn the_example_of_the_wire_becomes_french() {
    let prompt = "Cold brew for $14.90, order now";
    let source = ad(prompt, LayoutKind::Statement, [540, 540], 4);
    let request = Request {
        language: Some("fr"),
        culture: "French urban premium, Martian",
        currency: Some("EUR"),
        ..Request::default()
    };
    let localized = localize(&source, &request, Catalog::embedded(), &mut typesetter());
    let localized = localized.expect("French");
    let scene = &localized.scene;
    assert_eq!((scene.lang.as_str(), scene.dir), ("fr-FR", Direction::Ltr));
    let price = scene.nodes.iter().find(|node| node.money.is_some()).expect("a price");
    assert!(price.text.as_ref().expect("words").v.contains("14,90\u{a0}$US"));
    assert_eq!(scene.currency.as_deref(), Some("USD"));
    assert!(localized.needs_review.contains(&price.id));
    for warning in ["currency_not_converted", "culture_terms_ignored:Martian"] {
        assert!(scene.warnings.iter().any(|has| has == warning), "{:?}", scene.warnings);
    }
    let exchange = money::Exchange {
        rate: "0.92".to_owned(),
        date: "2026-11-20".to_owned(),
        source: "ECB".to_owned(),
    };
    let request = Request { exchange: Some(&exchange), ..request };
    let converted = localize(&source, &request, Catalog::embedded(), &mut typesetter());
    let converted = converted.expect("French");
    let price = converted.scene.node(&price.id).expect("a price");
    assert!(price.text.as_ref().expect("words").v.contains("13,90\u{a0}€"));
    assert_eq!(converted.scene.currency.as_deref(), Some("EUR"));
    assert_eq!(converted.exchange, Some(exchange));
    let pixels = source_pixels(&source, &converted);
    assert_eq!(measured(&source, &converted, &pixels), None);
}

#[test]
fn what_cannot_be_localized_says_why() {
    let mut source = ad("Launch", LayoutKind::Statement, [540, 540], 1);
    let mut setter = typesetter();
    let mut error = |source: &Scene, language: &str| {
        let localized = localize(source, &request(language), Catalog::embedded(), &mut setter);
        localized.map(|_| ()).expect_err(language).to_string()
    };
    assert!(error(&source, "ko").contains("no words in `ko`"));
    assert!(error(&source, "gibberish").contains("names no language"));
    source.scene = 2;
    assert!(error(&source, "fr").contains("version 2"));
}

#[test]
fn given_words_count_first_and_a_model_is_not_trusted() {
    let source = ad("\"Fresh every single day\"", LayoutKind::Statement, [540, 540], 1);
    let given = |translation: Translation| {
        let words = BTreeMap::from([("headline".to_owned(), translation)]);
        let request = Request { words, ..request("fr") };
        localize(&source, &request, Catalog::embedded(), &mut typesetter()).expect("French")
    };
    let said = |localized: &Localized| {
        localized.scene.of_role(Role::Headline).and_then(|node| node.text.clone()).expect("words")
    };
    let users = given(Translation::User("Du frais chaque jour".to_owned()));
    assert_eq!(
        (said(&users).v.as_str(), said(&users).source.as_str()),
        ("Du frais chaque jour", "user")
    );
    let bad = "Everything that you need for a long and quiet weekend at home".to_owned();
    let right = "Du frais chaque jour".to_owned();
    let model = given(Translation::Model(vec!["24 frais".to_owned(), bad.clone(), right.clone()]));
    assert_eq!((said(&model).v, said(&model).source), (right, "model".to_owned()));
    let refused = given(Translation::Model(vec![bad]));
    assert_eq!(said(&refused).v, said_in(&source));
    assert!(refused.untranslated.contains("headline"));
    let wanted = wanted(&source, &Language::parse("fr").expect("known"), Catalog::embedded());
    assert!(wanted.iter().any(|wanted| wanted.node == "headline"));
}

fn said_in(scene: &Scene) -> String {
    let headline = scene.of_role(Role::Headline).and_then(|node| node.text.as_ref());
    headline.map(|text| text.v.clone()).expect("words")
}

#[test]
fn the_minus_of_an_offer_stays_before_its_number() {
    let source = ad("Summer sale, 20% off", LayoutKind::OfferBurst, [540, 540], 3);
    for language in ["ar", "he"] {
        let localized =
            localize(&source, &request(language), Catalog::embedded(), &mut typesetter());
        let number = localized.expect(language).scene.of_role(Role::Number).cloned();
        let text = number.and_then(|node| node.text).expect("a number").v;
        assert!(text.starts_with('\u{2066}') && text.ends_with('\u{2069}'), "{text:?}");
    }
}
