//! Edits of a composed ad: what was named changes, and the rest stays.

use std::sync::Arc;

use super::reading::{Change, ColorTarget};
use super::{Desk, EditError, Edited, apply};
use crate::ads::brief::Brief;
use crate::ads::compose::{Commission, Settled, compose};
use crate::ads::copy::AdCopy;
use crate::ads::fonts::FontShelf;
use crate::ads::format::{Asked, Resolution};
use crate::ads::kit::{BrandKit, Tagline};
use crate::ads::pictures::{Gallery, Picture};
use crate::ads::scene::{
    Align, Format, Ink, LayoutKind, Money, Provenance, Role, Scene, Text, WordsFrom,
};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::{BrandColors, Direction, Hex};

struct Studio {
    kit: BrandKit,
    gallery: Gallery,
    shelf: Arc<FontShelf>,
    typesetter: Typesetter,
}

impl Studio {
    fn open() -> Self {
        let shelf = FontShelf::embedded();
        let colors = BrandColors {
            primary: Some(Hex::new(0x0B, 0x3D, 0x2E)),
            accent: Some(Hex::new(0xF4, 0xA2, 0x61)),
            ..BrandColors::default()
        };
        let kit = BrandKit {
            name: Some("Harvest Lane".to_owned()),
            tagline: Some(Tagline { text: "Nothing to hide".to_owned(), lang: None }),
            colors,
            ..BrandKit::default()
        };
        let typesetter = Typesetter::new(Arc::clone(&shelf));
        Self { kit, gallery: Gallery::new(), shelf, typesetter }
    }

    fn ad(&mut self) -> Scene {
        let text = |words: &str| Text {
            v: words.to_owned(),
            lang: "en".to_owned(),
            source: "prompt".to_owned(),
            protect: Vec::new(),
        };
        let copy = AdCopy {
            headline: vec![text("Real fruit. Real crunch. Nothing to hide.")],
            cta: vec![text("Find a store")],
            ..AdCopy::default()
        };
        let commission = Commission {
            prompt: "a hero ad",
            brief: &Brief::default(),
            copy: &copy,
            kit: &self.kit,
            lang: "en",
            dir: Direction::Ltr,
            currency: None,
            gallery: &self.gallery,
            photos: &[],
            icons: &[],
            seed: 11,
            variant: 0,
            layout: Some(LayoutKind::Statement),
            provenance: Provenance {
                copy: WordsFrom::User,
                picture: "procedural".to_owned(),
                model_calls: 0,
                fallback_reason: None,
            },
            shelf: &self.shelf,
            settled: Settled::default(),
        };
        let format = Format::sized(540, 540).expect("within the limits");
        compose(&commission, &format, &mut self.typesetter).expect("plain words").scene
    }

    fn edit(&mut self, scene: &Scene, changes: &[Change]) -> Result<Edited, EditError> {
        self.edit_with(scene, changes, &[], Asked::Open(None))
    }

    fn edit_with(
        &mut self,
        scene: &Scene,
        changes: &[Change],
        pictures: &[ContentDigest],
        canvas: Asked,
    ) -> Result<Edited, EditError> {
        let write_price = |money: &Money| Some(format!("{} {}", money.amount, money.currency));
        let desk = Desk {
            kit: &self.kit,
            gallery: &self.gallery,
            pictures,
            canvas,
            shelf: &self.shelf,
            write_price: &write_price,
        };
        apply(scene, changes, &desk, &mut self.typesetter)
    }
}

fn words(scene: &Scene, role: Role) -> Option<&str> {
    Some(scene.of_role(role)?.text.as_ref()?.v.as_str())
}

#[test]
fn new_words_stand_in_the_same_arrangement_and_colours() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let change = Change::SetText { role: Role::Cta, words: "Book now".to_owned() };
    let edited = studio.edit(&scene, &[change]).expect("a short label").composition.scene;
    assert_eq!(words(&edited, Role::Cta), Some("Book now"));
    assert_eq!(words(&edited, Role::Headline), words(&scene, Role::Headline));
    assert_eq!((edited.layout, &edited.palette), (scene.layout, &scene.palette));
    let art = |scene: &Scene| scene.nodes.iter().find_map(|node| node.generator.clone());
    assert_eq!(art(&edited).map(|art| art.seed), art(&scene).map(|art| art.seed));
}

#[test]
fn a_headline_becomes_shorter_by_its_first_sentence_and_no_further() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let shorter = [Change::Shorter { role: Role::Headline }];
    let once = studio.edit(&scene, &shorter).expect("three sentences").composition.scene;
    assert_eq!(words(&once, Role::Headline), Some("Real fruit"));
    let twice = studio.edit(&once, &shorter).expect_err("one phrase");
    assert!(matches!(twice, EditError::NoOtherWords { .. }), "{twice}");
}

#[test]
fn the_accent_becomes_the_ground_and_all_stays_legible() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let change = Change::Recolor { target: ColorTarget::Background, from: Ink::Accent };
    let edited = studio.edit(&scene, &[change]).expect("a colour of the ad").composition.scene;
    assert_eq!(edited.palette.bg, scene.palette.accent);
    assert!(edited.palette.fg.contrast(edited.palette.bg) >= 4.5);
}

#[test]
fn what_cannot_be_read_or_is_not_there_is_refused() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let same = Change::SetColor { target: ColorTarget::Text, color: scene.palette.bg, exact: true };
    assert!(matches!(studio.edit(&scene, &[same]), Err(EditError::Illegible { .. })));
    let remove = Change::Remove { role: Role::Price };
    assert!(matches!(studio.edit(&scene, &[remove]), Err(EditError::NoSuchPart("price"))));
    let photo = Change::Layout { kind: LayoutKind::ScrimPhoto };
    assert!(matches!(studio.edit(&scene, &[photo]), Err(EditError::Needs("a picture"))));
    let format = Change::Format { name: "10x10".to_owned() };
    assert!(matches!(studio.edit(&scene, &[format]), Err(EditError::Format(_))));
    let many = vec![Change::OtherArt; 25];
    assert!(matches!(studio.edit(&scene, &many), Err(EditError::TooMany(25))));
}

#[test]
fn canvas_layout_size_price_and_tagline_change_as_asked() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let format = Change::Format { name: "16:9".to_owned() };
    let edited = studio.edit(&scene, &[format]).expect("a ratio").composition.scene;
    // As large as it was: the nearest of the four resolutions to its longer side.
    assert_eq!((edited.format.w, edited.format.h), (512, 288));
    let edited = studio.edit(&scene, &[Change::OtherLayout]).expect("the next").composition.scene;
    assert_ne!(edited.layout, scene.layout);
    let smaller = Change::Resize { role: Role::Headline, larger: false };
    let edited = studio.edit(&scene, &[smaller]).expect("smaller").composition.scene;
    let size = |scene: &Scene| {
        let fit = scene.of_role(Role::Headline).and_then(|node| node.fit.as_ref());
        fit.map_or(0.0, |fit| fit.size)
    };
    assert!(size(&edited) < size(&scene));
    let price = Change::Price { amount: "14.90".to_owned(), currency: Some("EUR".to_owned()) };
    let both = studio.edit(&scene, &[price, Change::AddTagline]).expect("room for both");
    assert_eq!(words(&both.composition.scene, Role::Price), Some("14.90 EUR"));
    assert_eq!(words(&both.composition.scene, Role::Subline), Some("Nothing to hide"));
}

/// A photograph of noise around this grey, in the gallery.
fn photo(studio: &mut Studio, grey: u8) -> ContentDigest {
    let noise = |x: u32, y: u32| u8::try_from((x * 7 + y * 13 + x * y) % 40).unwrap_or(0);
    let picture = image::RgbImage::from_fn(96, 64, |x, y| {
        image::Rgb([grey.saturating_add(noise(x, y)), grey, grey.saturating_sub(noise(y, x))])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).expect("an encoder");
    let picture = Picture::read(png.get_ref()).expect("a photograph");
    let digest = picture.digest();
    studio.gallery.insert(digest, Arc::new(picture));
    digest
}

fn shown(scene: &Scene) -> Vec<ContentDigest> {
    let is_picture = |role: Role| matches!(role, Role::Photo | Role::Hero);
    scene.nodes.iter().filter(|node| is_picture(node.role)).filter_map(|node| node.asset).collect()
}

#[test]
fn a_picture_is_brought_replaced_and_removed() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let (first, second) = (photo(&mut studio, 60), photo(&mut studio, 180));
    let picture = |background| [Change::Picture { background }];
    let none = studio.edit(&scene, &picture(false)).expect_err("nothing came with it");
    assert!(none.to_string().contains("`reference_images`"), "{none}");
    let open = || Asked::Open(None);
    let beside = studio.edit_with(&scene, &picture(false), &[first], open()).expect("room");
    let beside = beside.composition.scene;
    assert_eq!((beside.layout, shown(&beside)), (LayoutKind::SplitPhoto, vec![first]));
    assert_eq!(words(&beside, Role::Headline), words(&scene, Role::Headline));
    let other = studio.edit_with(&beside, &picture(false), &[second], open()).expect("a photo");
    assert_eq!(shown(&other.composition.scene), [second]);
    let behind = studio.edit_with(&scene, &picture(true), &[second], open()).expect("a scrim");
    let behind = behind.composition.scene;
    assert_eq!((behind.layout, shown(&behind)), (LayoutKind::ScrimPhoto, vec![second]));
    let remove = [Change::Remove { role: Role::Photo }];
    let bare = studio.edit(&behind, &remove).expect("words alone").composition.scene;
    assert!(shown(&bare).is_empty());
    // One that the prompt does not speak of is shown too, and said.
    let darker = [Change::SwapColors];
    let both = studio.edit_with(&scene, &darker, &[first], open()).expect("room");
    assert_eq!(shown(&both.composition.scene), [first]);
    assert!(both.notes.iter().any(|note| note.contains("came with the edit")), "{:?}", both.notes);
    let strip = Asked::Fixed(Format::named("iab_mobile").expect("named in the table"));
    let none = studio.edit_with(&scene, &picture(false), &[first], strip).map(|_| ());
    assert!(matches!(none, Err(EditError::NoPlace(320, 50))), "{none:?}");
}

fn mark(scene: &Scene) -> i64 {
    let marks = scene.nodes.iter().filter(|node| node.role == Role::Logo);
    marks.map(|node| node.frame.area()).sum()
}

#[test]
fn the_logo_grows_and_shrinks_as_far_as_there_is_room() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let resize = |larger| [Change::Resize { role: Role::Logo, larger }];
    let larger = studio.edit(&scene, &resize(true)).expect("room").composition.scene;
    assert!(mark(&larger) * 100 > mark(&scene) * 106, "{} {}", mark(&scene), mark(&larger));
    assert_eq!(words(&larger, Role::Headline), words(&scene, Role::Headline));
    assert!(larger.checks.iter().all(|check| check.pass || !check.id.starts_with("logo.")));
    let smaller = studio.edit(&scene, &resize(false)).expect("room").composition.scene;
    assert!(mark(&smaller) < mark(&scene));
    // What was asked for once stays when something else changes.
    let cta = Change::SetText { role: Role::Cta, words: "Book now".to_owned() };
    let kept = studio.edit(&larger, &[cta]).expect("a label").composition.scene;
    assert_eq!(mark(&kept), mark(&larger));
    let mut grown = larger;
    let refused = loop {
        match studio.edit(&grown, &resize(true)) {
            Ok(edited) => grown = edited.composition.scene,
            Err(error) => break error.to_string(),
        }
    };
    assert!(refused.starts_with("the logo cannot become larger: "), "{refused}");
    assert!(refused.len() > 45, "it says what limits it: {refused}");
}

#[test]
fn an_edit_keeps_its_canvas_at_another_resolution() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let change = [Change::SwapColors];
    let asked = Asked::Open(Some(Resolution::Half));
    let edited = studio.edit_with(&scene, &change, &[], asked).expect("room").composition.scene;
    assert_eq!((edited.format.w, edited.format.h), (512, 512));
    let kept = studio.edit(&scene, &change).expect("room").composition.scene;
    assert_eq!(kept.format, scene.format);
}

#[test]
fn what_cannot_be_seen_is_refused() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let mut grown = scene.clone();
    let larger = [Change::Resize { role: Role::Headline, larger: true }];
    let refused = loop {
        match studio.edit(&grown, &larger) {
            Ok(edited) => grown = edited.composition.scene,
            Err(error) => break error.to_string(),
        }
    };
    assert!(refused.contains("no room to become larger"), "{refused}");
    let same = [Change::SetText { role: Role::Cta, words: "Find a store".to_owned() }];
    let refused = studio.edit(&scene, &same).map(|_| ()).expect_err("its words already");
    assert!(refused.to_string().contains("like that already"), "{refused}");
}

#[test]
fn the_next_edit_keeps_what_the_last_one_asked_for() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let centered = Change::Align { role: None, align: Align::Center };
    let color = Change::SetColor {
        target: ColorTarget::Role(Role::Headline),
        color: if scene.palette.bg.luminance() < 0.2 { Hex::WHITE } else { Hex::BLACK },
        exact: true,
    };
    let first = studio.edit(&scene, &[centered, color]).expect("room").composition.scene;
    let look = |scene: &Scene, role: Role| {
        let node = scene.of_role(role).expect("there");
        let style = node.style.clone().expect("words");
        (style.align, style.fill, node.frame.x + node.frame.w / 2)
    };
    let (align, fill, middle) = look(&first, Role::Headline);
    assert_eq!((align, fill), (Align::Center, Ink::Muted));
    assert!((look(&first, Role::Cta).2 - middle).abs() <= 8, "the button follows the words");
    let cta = Change::SetText { role: Role::Cta, words: "Book now".to_owned() };
    let second = studio.edit(&first, &[cta]).expect("a label").composition.scene;
    assert_eq!(look(&second, Role::Headline), (align, fill, middle));
    assert!((look(&second, Role::Cta).2 - middle).abs() <= 8);
}

#[test]
fn words_are_added_replaced_and_taken_out() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let add = |words: &str| [Change::AddText { role: None, words: words.to_owned() }];
    let first = studio.edit(&scene, &add("Only in May")).expect("room").composition.scene;
    assert_eq!(words(&first, Role::Subline), Some("Only in May"));
    let second = studio.edit(&first, &add("New")).expect("room").composition.scene;
    assert_eq!(words(&second, Role::Eyebrow), Some("New"));
    let below = Change::AddText { role: Some(Role::Subline), words: "Once more".to_owned() };
    let full = studio.edit(&second, &[below]).map(|_| ()).expect_err("there is a subline");
    assert!(matches!(full, EditError::NoFreePlace), "{full}");
    let exchange =
        |old: &str, new: &str| [Change::ReplaceText { old: old.to_owned(), new: new.to_owned() }];
    let other = studio.edit(&scene, &exchange("real CRUNCH", "Real joy")).expect("there");
    let said = words(&other.composition.scene, Role::Headline).map(str::to_owned);
    assert_eq!(said.as_deref(), Some("Real fruit. Real joy. Nothing to hide."));
    let none = studio.edit(&scene, &exchange("tea", "beer")).map(|_| ()).expect_err("no tea");
    assert!(matches!(none, EditError::NoSuchWords(_)), "{none}");
    let less = studio.edit(&second, &[Change::LessText]).expect("a subline").composition.scene;
    assert_eq!((words(&less, Role::Subline), words(&less, Role::Eyebrow)), (None, Some("New")));
}

#[test]
fn a_badge_takes_the_place_of_the_line_above_the_headline() {
    let mut studio = Studio::open();
    let scene = studio.ad();
    let eyebrow = Change::SetText { role: Role::Eyebrow, words: "New in".to_owned() };
    let first = studio.edit(&scene, &[eyebrow]).expect("room").composition.scene;
    let key = "badge.free_shipping".to_owned();
    let badge = studio.edit(&first, &[Change::SetPhrase { role: Role::Badge, key }]);
    let Edited { composition, notes } = badge.expect("room");
    assert_eq!(words(&composition.scene, Role::Badge), Some("Free shipping"));
    assert_eq!(words(&composition.scene, Role::Eyebrow), None);
    assert_eq!(notes.len(), 1, "{notes:?}");
}
