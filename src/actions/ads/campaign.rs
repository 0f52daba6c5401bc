//! `campaigns.generate`: a prompt and a brand in, an ad on one or several canvases out.

use std::sync::Arc;

use super::album::Album;
use super::args::{AdArgs, Canvas};
use super::brand::BrandAtHand;
use super::deliver::{Ad, Made};
use super::{Studio, breath, failure, language, references, seed_of, writer};
use crate::ads::brief::{self, Brief, Figures};
use crate::ads::compose::{Commission, Composition, Settled, compose};
use crate::ads::copy::AdCopy;
use crate::ads::format::{AspectRatio, Resolution};
use crate::ads::icons;
use crate::ads::localize::{Language, LocalizeError};
use crate::ads::pictures::Gallery;
use crate::ads::scene::{Format, LayoutKind, Provenance, WordsFrom};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::engine::{ActionContext, ActionError};
use crate::model::{EmptyArea, ModelUse, PictureRequest, Session};

/// Makes the ad; `silent` is one of pictures only.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
    silent: bool,
) -> Result<Made, ActionError> {
    context.progress("reading", Some(0.05));
    let mut album = Album::default();
    let brand = BrandAtHand::load(context, args.brand, args.identity.as_ref(), &mut album).await?;
    let mut brief = brief::read(&args.prompt, brand.kit.language.as_deref());
    brief.no_text |= silent;
    let language = language::of_ad(&brief, &brand.kit)?;
    let seed = seed_of(&[&args.prompt, &brand.kit.identity(), &language.tag()]);
    let mut session = studio.model_session(context, seed);
    let mut photos = references::bring(studio, context, &args.references, &mut album).await?;
    let formats = formats(args, &mut brief, &album.gallery, &photos);
    let mut picture = if photos.is_empty() { "procedural" } else { "reference" };
    if photos.is_empty() && brief.layout.photo != Some(false) && studio.model.paints() {
        breath(context).await;
        context.progress("painting", Some(0.1));
        if let Some(painted) = paint(&mut session, &brief, args, &formats[0]).await {
            studio.assets.put(&painted).map_err(|error| failure::storage(&error))?;
            if let Some(digest) = album.add_painted(&painted, args.require_model)? {
                photos.push(digest);
                picture = "model";
            }
        }
    }
    let order = Order { args, brief, brand, language, seed, album, photos, picture };
    let copy = order.copy()?;
    breath(context).await;
    let copy = writer::improve(studio, context, &order, copy, &formats[0], &mut session).await?;
    let ads = order.composed(context, &copy, &formats, session.used())?;
    // Where the time is up in the middle, there is less than a whole.
    breath(context).await;
    let Order { brief, brand, album, .. } = order;
    Ok(Made {
        ads,
        album,
        interpretation: brief.interpretation,
        brand: brand.kit.id,
        more: serde_json::Map::new(),
    })
}

/// A picture for the ad from the model, where it gives one.
async fn paint(
    session: &mut Session,
    brief: &Brief,
    args: &AdArgs,
    format: &Format,
) -> Option<Vec<u8>> {
    let subject = brief.product.clone().unwrap_or_else(|| args.prompt.clone());
    let request = PictureRequest {
        subject,
        style: "clean advertising photograph".to_owned(),
        light: "soft natural light".to_owned(),
        empty: if format.w > format.h { EmptyArea::Left } else { EmptyArea::Top },
        size: (format.w, format.h),
    };
    session.picture(&request).await.ok().map(|answer| answer.png)
}

/// All that an ad is made from.
pub(super) struct Order<'a> {
    pub(super) args: &'a AdArgs,
    pub(super) brief: Brief,
    pub(super) brand: BrandAtHand,
    pub(super) language: Language,
    pub(super) seed: u64,
    album: Album,
    photos: Vec<ContentDigest>,
    picture: &'static str,
}

impl Order<'_> {
    /// The words of the catalog, the brand and the prompt.
    fn copy(&self) -> Result<AdCopy, ActionError> {
        let price = self.brief.price.as_ref();
        let price = price.and_then(|price| language::price(price, &self.language));
        let figures = Figures { price, percent: None };
        let pick = self.seed.wrapping_add(u64::from(self.args.variant));
        let tag = self.language.tag();
        brief::words(&self.brief, &self.brand.kit, &figures, &tag, pick).ok_or_else(|| {
            let known = crate::ads::catalog::Catalog::embedded().languages();
            let known: Vec<&str> = known.map(|one| one.lang.as_str()).collect();
            failure::localize(&LocalizeError::NoWords { language: tag, known: known.join(", ") })
        })
    }

    /// Composes these words on one canvas.
    pub(super) fn compose(
        &self,
        copy: &AdCopy,
        format: &Format,
        layout: Option<LayoutKind>,
        provenance: Provenance,
        typesetter: &mut Typesetter,
    ) -> Result<Composition, crate::ads::compose::ComposeError> {
        let about = self.brief.product.as_deref().unwrap_or(&self.args.prompt);
        let icons = icons::subjects(about, &self.brief.prompt_lang);
        let icons: Vec<String> = icons.into_iter().map(|icon| icon.name.clone()).collect();
        let tag = self.language.tag();
        let commission = Commission {
            prompt: &self.args.prompt,
            brief: &self.brief,
            copy,
            kit: &self.brand.kit,
            lang: &tag,
            dir: self.language.direction(),
            currency: self.brief.price.as_ref().map(|price| price.currency.as_str()),
            gallery: &self.album.gallery,
            photos: &self.photos,
            icons: &icons,
            seed: self.seed,
            variant: self.args.variant,
            layout,
            provenance,
            shelf: &self.brand.shelf,
            settled: Settled::default(),
        };
        compose(&commission, format, typesetter)
    }

    /// The ad on each canvas; fewer when the time is up.
    fn composed(
        &self,
        context: &ActionContext,
        copy: &AdCopy,
        formats: &[Format],
        used: ModelUse,
    ) -> Result<Vec<Ad>, ActionError> {
        let provenance = self.provenance(copy, used);
        let mut typesetter = Typesetter::new(Arc::clone(&self.brand.shelf));
        let mut layout = None;
        let mut ads = Vec::with_capacity(formats.len());
        for (at, format) in formats.iter().enumerate() {
            if context.is_over() {
                break;
            }
            let phase = format!("composing format {} of {}", at + 1, formats.len());
            context.progress(&phase, Some(share(0.3, 0.4, at, formats.len())));
            let made = self.compose(copy, format, layout, provenance.clone(), &mut typesetter);
            let mut ad = made.map_err(|error| failure::compose(&error))?;
            ad.scene.warnings.extend(self.brand.warnings.iter().cloned());
            // All formats of a campaign are of one kind.
            layout = layout.or(Some(ad.scene.layout));
            ads.push(ad.into());
        }
        Ok(ads)
    }

    fn provenance(&self, copy: &AdCopy, used: ModelUse) -> Provenance {
        Provenance {
            copy: words_from(copy),
            picture: self.picture.to_owned(),
            model_calls: used.calls + used.replayed,
            fallback_reason: writer::fallback_reason(used),
        }
    }
}

/// How far a step is that goes from `from` on, `length` of the whole.
pub(super) fn share(from: f64, length: f64, at: usize, of: usize) -> f64 {
    let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    from + length * part(at) / part(of.max(1))
}

/// Where the headline is from, or what else is said.
fn words_from(copy: &AdCopy) -> WordsFrom {
    let first = copy.headline.first().or(copy.subline.first()).or(copy.cta.first());
    match first.map(|text| text.source.as_str()) {
        Some("prompt" | "user") => WordsFrom::User,
        Some("model") => WordsFrom::Model,
        Some(source) if source.starts_with("brand.") => WordsFrom::Brand,
        _ => WordsFrom::Catalog,
    }
}

/// The canvases; one that was left open is the prompt's own, else a square.
pub(super) fn formats(
    args: &AdArgs,
    brief: &mut Brief,
    gallery: &Gallery,
    photos: &[ContentDigest],
) -> Vec<Format> {
    let square = |resolution: Resolution| {
        let square = "1:1".parse().expect("the contract has a square");
        Format::of_ratio(square, resolution)
    };
    let of_picture = |canvas: &Canvas, resolution: Resolution| {
        let first = photos.first().and_then(|digest| gallery.get(digest));
        match (canvas, first) {
            (Canvas::Auto(_), Some(picture)) => {
                let [width, height] = picture.size();
                Format::of_ratio(AspectRatio::nearest(width, height), resolution)
            }
            _ => square(resolution),
        }
    };
    let named = brief.format.clone();
    let mut notes = Vec::new();
    let mut canvas = |canvas: &Canvas| {
        let own = |resolution| of_picture(canvas, resolution);
        canvas.asked().of_new(named.as_deref(), own, &mut notes)
    };
    let formats = args.canvases.iter().map(&mut canvas).collect();
    notes.into_iter().for_each(|note| brief.interpretation.note(note));
    formats
}
