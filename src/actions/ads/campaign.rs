//! `campaigns.generate`: a prompt and a brand in, an ad on one or several canvases out.

use std::sync::Arc;

use serde_json::Map;

use super::album::Album;
use super::args::{AdArgs, Canvas};
use super::brand::BrandAtHand;
use super::deliver::{Delivery, Report};
use super::partner::{Partner, Skill};
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
use crate::engine::{ActionContext, ActionError, Output};
use crate::model::{EmptyArea, PictureRequest};

/// Makes the ad; `silent` is one of pictures only.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
    silent: bool,
) -> Result<Output, ActionError> {
    context.progress("reading", Some(0.05));
    let mut album = Album::default();
    let brand = BrandAtHand::load(context, args.brand, args.identity.as_ref(), &mut album).await?;
    let brand = brand.able_to_set(&studio.fonts, [args.prompt.as_str()]);
    let mut brief = brief::read(&args.prompt, brand.kit.language.as_deref());
    brief.no_text |= silent;
    let language = language::of_ad(&brief, &brand.kit)?;
    let seed = seed_of(&[&args.prompt, &brand.kit.identity(), &language.tag()]);
    let mut partner = Partner::new(studio, context, args.require_model, seed);
    partner.need(if silent { Skill::Painting } else { Skill::Writing })?;
    let references = references::bring(studio, context, &args.references, &mut album).await?;
    let photos: Vec<ContentDigest> = references.iter().map(|one| one.digest).collect();
    let formats = formats(args, &mut brief, &album.gallery, &photos);
    let mut order = Order { args, brief, brand, language, seed, album, photos, picture: "" };
    order.picture = order.pictured(&mut partner, &formats[0]).await?;
    let copy = order.copy()?;
    breath(context).await;
    let copy = writer::improve(context, &order, copy, &formats[0], &mut partner).await?;
    let mut delivery = Delivery::new(studio, context, formats.len());
    order.deliver(&copy, &formats, &partner, &mut delivery).await?;
    let mut warnings = partner.warnings();
    warnings.extend(delivery.unused(&references));
    let engine = silent.then(|| ("engine".to_owned(), "procedural".into()));
    let more = Map::from_iter(engine);
    let Order { brief, brand, album, .. } = order;
    let (interpretation, brand) = (brief.interpretation, brand.kit.id);
    delivery.output(Report { album, interpretation, brand, warnings, more }).await
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
    /// Sees to a picture: those that were given, else one that the model paints. The word for where
    /// it is from.
    async fn pictured(
        &mut self,
        partner: &mut Partner<'_>,
        format: &Format,
    ) -> Result<&'static str, ActionError> {
        if !self.photos.is_empty() {
            return Ok("reference");
        }
        if self.brief.layout.photo == Some(false) || !partner.paints() {
            return Ok("procedural");
        }
        let subject = self.brief.product.clone().unwrap_or_else(|| self.args.prompt.clone());
        let request = PictureRequest {
            subject,
            style: "clean advertising photograph".to_owned(),
            light: "soft natural light".to_owned(),
            empty: if format.w > format.h { EmptyArea::Left } else { EmptyArea::Top },
            size: (format.w, format.h),
        };
        let painted = partner.paint(&request, &mut self.album).await?;
        self.photos.extend(painted);
        Ok(if painted.is_some() { "model" } else { "procedural" })
    }

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
            photos: &self.photos_for(format),
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

    /// The ad on each canvas.
    async fn deliver(
        &self,
        copy: &AdCopy,
        formats: &[Format],
        partner: &Partner<'_>,
        delivery: &mut Delivery<'_>,
    ) -> Result<(), ActionError> {
        let provenance = self.provenance(copy, partner);
        let mut typesetter = Typesetter::new(Arc::clone(&self.brand.shelf));
        let mut layout = None;
        for format in formats {
            delivery.next().await;
            let made = self.compose(copy, format, layout, provenance.clone(), &mut typesetter);
            let mut ad = made.map_err(|error| failure::compose(&error))?;
            ad.scene.warnings.extend(self.brand.warnings.iter().cloned());
            // All formats of a campaign are of one kind.
            layout = layout.or(Some(ad.scene.layout));
            delivery.put(ad.into(), &self.album).await?;
        }
        Ok(())
    }

    /// The pictures, first the one that loses least on this canvas; of equals the earlier one.
    fn photos_for(&self, format: &Format) -> Vec<ContentDigest> {
        /// A share of a picture that is not worth another one for.
        const SAME: f64 = 0.1;
        let canvas = f64::from(format.w) / f64::from(format.h.max(1));
        let loss = |digest: &ContentDigest| {
            let aspect = self.album.gallery.get(digest).map_or(canvas, |picture| picture.aspect());
            1.0 - (aspect / canvas).min(canvas / aspect)
        };
        let steps = |digest: &ContentDigest| (loss(digest) / SAME).floor();
        let mut photos = self.photos.clone();
        photos.sort_by(|one, other| steps(one).total_cmp(&steps(other)));
        photos
    }

    fn provenance(&self, copy: &AdCopy, partner: &Partner<'_>) -> Provenance {
        let (copy, picture) = (words_from(copy), self.picture.to_owned());
        let (model_calls, fallback_reason) = (partner.calls(), partner.fallback_reason());
        Provenance { copy, picture, model_calls, fallback_reason }
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
    for note in notes {
        brief.interpretation.note(note);
    }
    formats
}
