//! The fixed scenes: every arrangement, every background, every script, every class of canvas.

use std::sync::Arc;

use crate::ads::brief::{self, Figures};
use crate::ads::compose::{Commission, Composition, Settled, compose, redraw};
use crate::ads::fonts::FontShelf;
use crate::ads::kit::BrandKit;
use crate::ads::localize::Language;
use crate::ads::pictures::{Gallery, Picture};
use crate::ads::raster::{Pixels, render};
use crate::ads::scene::{Format, GeneratorKind, LayoutKind, Provenance, WordsFrom};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;

/// Name and picture of each.
pub(super) fn all() -> Vec<(String, Pixels)> {
    let mut studio = Studio::open();
    let mut scenes = Vec::new();
    for (layout, lang, prompt, [w, h], color) in LAYOUTS {
        let format = Format::sized(w, h).expect("within the limits");
        let name = format!("{layout:?}-{lang}").to_lowercase();
        scenes.push((name, studio.ad(layout, lang, prompt, &format, color)));
    }
    for kind in GeneratorKind::ALL {
        let name = format!("background-{kind:?}").to_lowercase();
        scenes.push((name, studio.background(kind)));
    }
    for (id, lang, layout) in CANVASES {
        let named = Format::named(id).expect("named in the table");
        let scaled = Format::sized(named.w / 3, named.h / 3);
        let format = if named.w > 900 { scaled.expect("within the limits") } else { named };
        let prompt = "Create a hero campaign ad for this brand";
        scenes.push((format!("{id}-{lang}"), studio.ad(layout, lang, prompt, &format, "#1D3557")));
    }
    scenes
}

type Case = (LayoutKind, &'static str, &'static str, [u32; 2], &'static str);

const LAYOUTS: [Case; 10] = [
    (LayoutKind::Statement, "en", "hero ad", [360, 360], "#0B3D2E"),
    (LayoutKind::Centered, "fr", "hero ad", [360, 360], "#7A1F3D"),
    (LayoutKind::SplitArt, "de", "launch of our new cold brew", [480, 270], "#1D3557"),
    (LayoutKind::SplitPhoto, "es", "hero ad with a photo", [360, 360], "#2A6F4E"),
    (LayoutKind::OfferBurst, "ja", "summer sale, 30% off", [360, 360], "#C1121F"),
    (LayoutKind::CardOnPattern, "ar", "hero ad", [360, 360], "#5A189A"),
    (LayoutKind::ScrimPhoto, "pl", "hero ad with a photo", [288, 512], "#14213D"),
    (LayoutKind::Frame, "hi", "hero ad", [360, 450], "#6B4226"),
    (LayoutKind::DiagonalBand, "he", "summer sale, 20% off", [480, 270], "#006D77"),
    (LayoutKind::ProductHero, "zh-Hans", "an ad for our coffee", [360, 450], "#E07A5F"),
];

const CANVASES: [(&str, &str, LayoutKind); 9] = [
    ("story", "it", LayoutKind::Statement),
    ("landscape", "nl", LayoutKind::SplitArt),
    ("wide", "pt-BR", LayoutKind::CardOnPattern),
    ("pin", "ar", LayoutKind::SplitArt),
    ("iab_mpu", "en", LayoutKind::SplitArt),
    ("iab_leaderboard", "fr", LayoutKind::Statement),
    ("iab_sky", "de", LayoutKind::SplitArt),
    ("half_page", "ja", LayoutKind::Frame),
    ("iab_mobile", "en", LayoutKind::Statement),
];

struct Studio {
    shelf: Arc<FontShelf>,
    typesetter: Typesetter,
    gallery: Gallery,
    photo: ContentDigest,
}

impl Studio {
    fn open() -> Self {
        let shelf = FontShelf::embedded();
        let typesetter = Typesetter::new(Arc::clone(&shelf));
        // Hills at dusk: light above, dark below, a warm spot that is the focus.
        let picture = image::RgbImage::from_fn(160, 120, |x, y| {
            let hill = 70 + (x * x / 400 + x / 3) % 30;
            let sun = x.abs_diff(110) * x.abs_diff(110) + y.abs_diff(40) * y.abs_diff(40);
            let shade = u8::try_from(y).unwrap_or(u8::MAX);
            image::Rgb(match () {
                () if y > hill => [30, 60 + shade / 4, 50],
                () if sun < 260 => [250, 200, 110],
                () => [230 - shade, 180 - shade / 2, 190],
            })
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).expect("an encoder");
        let picture = Picture::read(png.get_ref()).expect("a picture");
        let photo = picture.digest();
        let gallery = Gallery::from([(photo, Arc::new(picture))]);
        Self { shelf, typesetter, gallery, photo }
    }

    fn ad(
        &mut self,
        layout: LayoutKind,
        lang: &str,
        prompt: &str,
        format: &Format,
        color: &str,
    ) -> Pixels {
        let made = self.composed(layout, lang, prompt, format, color);
        assert_eq!(made.scene.layout, layout, "{lang} `{prompt}`");
        render(&made.svg, format.w, format.h).expect("our own SVG")
    }

    /// The same words on another ground.
    fn background(&mut self, kind: GeneratorKind) -> Pixels {
        let format = Format::sized(352, 352).expect("within the limits");
        let prompt = "hero ad";
        let mut scene = self.composed(LayoutKind::Centered, "en", prompt, &format, "#264653").scene;
        for generator in scene.nodes.iter_mut().filter_map(|node| node.generator.as_mut()) {
            (generator.kind, generator.opacity) = (kind, 0.5);
        }
        let made = redraw(scene, &self.gallery, &mut self.typesetter).expect("composed before");
        render(&made.svg, format.w, format.h).expect("our own SVG")
    }

    fn composed(
        &mut self,
        layout: LayoutKind,
        lang: &str,
        prompt: &str,
        format: &Format,
        color: &str,
    ) -> Composition {
        let identity = serde_json::json!({
            "name": "Harvest Lane",
            "tagline": "Nothing to hide",
            "primary_accent_hex": color,
        });
        let kit = BrandKit::of_identity(&identity).expect("a brand");
        let brief = brief::read(prompt, Some("en"));
        let figures = Figures { price: None, percent: None };
        let copy = brief::words(&brief, &kit, &figures, lang, 7).expect("words of the catalog");
        let photos = if prompt.contains("photo") { vec![self.photo] } else { Vec::new() };
        let language = Language::parse(lang).expect("a language of the catalog");
        let commission = Commission {
            prompt,
            brief: &brief,
            copy: &copy,
            kit: &kit,
            lang,
            dir: language.direction(),
            currency: None,
            gallery: &self.gallery,
            photos: &photos,
            icons: &["coffee".to_owned()],
            seed: 7,
            variant: 0,
            layout: Some(layout),
            provenance: Provenance {
                copy: WordsFrom::Catalog,
                picture: "procedural".to_owned(),
                model_calls: 0,
                fallback_reason: None,
            },
            shelf: &self.shelf,
            settled: Settled::default(),
        };
        compose(&commission, format, &mut self.typesetter).expect("words of the catalog")
    }
}
