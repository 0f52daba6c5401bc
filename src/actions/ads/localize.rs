//! `campaigns.localize_ad`: a stored ad and its new readers in, the same composition in their
//! words out, or the invariant that failed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::album::Album;
use super::args::{AdArgs, Canvas, Localization};
use super::brand::BrandAtHand;
use super::deliver::{Ad, Delivery, Report};
use super::partner::{Partner, Skill};
use super::source::{self, SourceAd};
use super::{Studio, breath, failure, references, seed_of};
use crate::ads::catalog::Catalog;
use crate::ads::checks::{self, Sight};
use crate::ads::compose::redraw;
use crate::ads::layout::layer;
use crate::ads::localize::invariants::{self, Evidence, text_groups};
use crate::ads::localize::{self, Audience, Localized, Translation, Wanted, mirrored};
use crate::ads::prompt::Interpretation;
use crate::ads::raster::{self, Pixels};
use crate::ads::scene::{Check, Composition, Scene};
use crate::ads::svg;
use crate::ads::text::Typesetter;
use crate::engine::{ActionContext, ActionError, Output};
use crate::model::{BrandMention, ContentRules, Language, Slot, TranslateRequest, Words};

/// Localizes the ad.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
) -> Result<Output, ActionError> {
    context.progress("reading", Some(0.05));
    let ad = source::read(context, args.source.as_ref()).await?;
    let SourceAd { scene: source, identity, drawing } = ad;
    let mut album = Album::default();
    let given = (args.brand, args.identity.as_ref().or(identity.as_ref()));
    let brand = BrandAtHand::of_scene(context, &source, given, &mut album).await?;
    let brand = brand.able_to_set(&studio.fonts, source.said());
    album.add_of(&source, &studio.assets)?;
    let references = references::bring(studio, context, &args.references, &mut album).await?;
    let (readers, is_of_source) = args.localization.clone().or_speaking(&source.lang);
    let audience = readers.request(BTreeMap::new()).audience();
    let audience = audience.map_err(|error| failure::localize(&error))?;
    let seed = seed_of(&[&source.seed, &audience.language.tag(), &args.prompt]);
    let mut partner = Partner::new(studio, context, args.require_model, seed);
    partner.need(Skill::Writing)?;
    breath(context).await;
    let bench = Bench::new(&readers, &source, drawing.as_deref(), &album, &brand)?;
    let words = translations(context, &bench, &audience, &mut partner).await?;
    let mut delivery = Delivery::new(studio, context, 1);
    delivery.next().await;
    let Measured { localized, svg, pixels, mut checks } = bench.measured(words)?;
    if let Some(failed) = invariants::failure(&checks) {
        let message = format!("the localized ad breaks what it must keep: {failed}");
        return Err(ActionError::fatal("invariant_failed", message));
    }
    let mut scene = localized.scene.clone();
    bench.describe(&mut scene, &mut checks)?;
    scene.provenance.model_calls += partner.calls();
    scene.provenance.fallback_reason = partner.fallback_reason();
    scene.warnings.extend(brand.warnings.iter().cloned());
    scene.warnings.extend(bench.is_redrawn.then(|| "source_redrawn".to_owned()));
    scene.warnings.extend(is_of_source.then(|| format!("language_of_source:{}", source.lang)));
    scene.warnings.extend(unused(args, !references.is_empty()));
    let interpretation = interpretation(args, &audience, &scene);
    let more = more(&localized, &audience);
    delivery.put(Ad { scene, svg, pixels: Some(pixels) }, &album).await?;
    let (brand, warnings) = (brand.kit.id.or(source.brand), partner.warnings());
    delivery.output(Report { album, interpretation, brand, warnings, more }).await
}

/// What the request has beside what a localization uses.
fn unused(args: &AdArgs, references: bool) -> Vec<String> {
    let output = args.canvases != [Canvas::Open(None)];
    let unused = [(references, "reference_images_unused"), (output, "output_unused")];
    unused.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect()
}

fn interpretation(args: &AdArgs, audience: &Audience, scene: &Scene) -> Interpretation {
    let mut interpretation = Interpretation::default();
    let culture = args.localization.request(BTreeMap::new()).culture;
    interpretation.add("language", audience.language.tag(), culture);
    let composition = match scene.composition {
        Composition::Mirrored => "mirrored",
        Composition::Locked | Composition::Free => "locked",
    };
    let asks_for_it = args.prompt.to_lowercase().contains("composition");
    let words = if asks_for_it { args.prompt.as_str() } else { "" };
    interpretation.add("composition", composition, words);
    if !asks_for_it && !args.prompt.is_empty() {
        interpretation.leave(&args.prompt);
    }
    interpretation
}

/// What a localization reports beside its ad.
fn more(localized: &Localized, audience: &Audience) -> Map<String, Value> {
    let Localized { prices, exchange, needs_review, untranslated, policy, .. } = localized;
    let mut more = Map::from_iter([
        ("language".to_owned(), json!(audience.language.tag())),
        ("currency_policy".to_owned(), json!(policy)),
        ("prices".to_owned(), json!(prices)),
        ("needs_review".to_owned(), json!(needs_review)),
        ("untranslated".to_owned(), json!(untranslated)),
    ]);
    if let Some(exchange) = exchange {
        more.insert("fx".to_owned(), json!(exchange));
    }
    more
}

/// The source as it was delivered, and what its localizations are measured by.
struct Bench<'a> {
    readers: &'a Localization,
    source: &'a Scene,
    album: &'a Album,
    brand: &'a BrandAtHand,
    /// The pixels that must stay.
    kept: Pixels,
    /// The source as it was delivered is gone, or is no longer drawn as it was: what stays is what
    /// this program draws of it now.
    is_redrawn: bool,
}

/// A localization with its twelve measurements.
struct Measured {
    localized: Localized,
    svg: String,
    pixels: Pixels,
    checks: Vec<Check>,
}

impl<'a> Bench<'a> {
    fn new(
        readers: &'a Localization,
        source: &'a Scene,
        drawing: Option<&str>,
        album: &'a Album,
        brand: &'a BrandAtHand,
    ) -> Result<Self, ActionError> {
        let request = readers.request(BTreeMap::new());
        let audience = request.audience().map_err(|error| failure::localize(&error))?;
        let is_mirrored = request.composition == Composition::Mirrored
            && audience.language.direction() != source.dir;
        let (mut kept, is_redrawn) = kept(source, drawing, album, brand)?;
        if is_mirrored {
            let nothing = BTreeMap::new();
            let svg = svg::draw_below(&mirrored(source), &nothing, &album.gallery, i32::MAX);
            kept = rendered(source, &svg.map_err(|error| failure::draw(&error))?)?;
        }
        Ok(Self { readers, source, album, brand, kept, is_redrawn })
    }

    fn measured(&self, words: BTreeMap<String, Translation>) -> Result<Measured, ActionError> {
        let request = self.readers.request(words);
        let mut typesetter = Typesetter::new(std::sync::Arc::clone(&self.brand.shelf));
        let catalog = Catalog::embedded();
        let localized = localize::localize(self.source, &request, catalog, &mut typesetter);
        let localized = localized.map_err(|error| failure::localize(&error))?;
        let (scene, gallery) = (&localized.scene, &self.album.gallery);
        let drawn = svg::draw(scene, &localized.texts, gallery);
        let svg = drawn.map_err(|error| failure::draw(&error))?;
        let ground = svg::draw_below(scene, &BTreeMap::new(), gallery, i32::MAX);
        let ground = rendered(scene, &ground.map_err(|error| failure::draw(&error))?)?;
        let pixels = rendered(scene, &svg)?;
        let missing: BTreeMap<String, Vec<char>> =
            localized.texts.iter().map(|(id, set)| (id.clone(), set.missing.clone())).collect();
        let checks = invariants::check(&Evidence {
            source: self.source,
            target: scene,
            source_pixels: (&self.kept).into(),
            target_pixels: (&pixels).into(),
            ground: (&ground).into(),
            missing: &missing,
            untranslated: &localized.untranslated,
            policy: localized.policy,
            groups: &text_groups(&svg),
        });
        Ok(Measured { localized, svg, pixels, checks })
    }

    /// Says of the new scene what drew it and what was measured on it.
    fn describe(&self, scene: &mut Scene, invariants: &mut Vec<Check>) -> Result<(), ActionError> {
        env!("CARGO_PKG_VERSION").clone_into(&mut scene.engine.version);
        self.brand.shelf.digest().clone_into(&mut scene.engine.fonts);
        let sight = Sight::below(scene, &self.album.gallery, layer::MARK);
        let sight = sight.map_err(|error| failure::draw(&error))?;
        let design = checks::check(scene, &self.brand.kit, Some(&sight));
        scene.lint = checks::lint(&design);
        scene.checks = std::mem::take(invariants);
        scene.checks.extend(design);
        Ok(())
    }
}

/// The source's pixels, and whether they are drawn anew: as it was delivered, wherever this
/// program still draws the same outside of the words.
fn kept(
    source: &Scene,
    drawing: Option<&str>,
    album: &Album,
    brand: &BrandAtHand,
) -> Result<(Pixels, bool), ActionError> {
    let mut typesetter = Typesetter::new(std::sync::Arc::clone(&brand.shelf));
    let again = redraw(source.clone(), &album.gallery, &mut typesetter);
    let (delivered, again) = match (drawing, again) {
        (None, Err(error)) => return Err(outdated(&error)),
        (None, Ok(again)) => return Ok((rendered(source, &again.svg)?, true)),
        // What cannot be drawn again may well be localized; the measurements will tell.
        (Some(drawing), Err(_)) => return Ok((rendered(source, drawing)?, false)),
        (Some(drawing), Ok(again)) => (rendered(source, drawing)?, again),
    };
    if drawing == Some(&again.svg) {
        return Ok((delivered, false));
    }
    let again = rendered(source, &again.svg)?;
    let is_same = invariants::is_same_ground(source, (&delivered).into(), (&again).into());
    Ok(if is_same { (delivered, false) } else { (again, true) })
}

fn rendered(scene: &Scene, svg: &str) -> Result<Pixels, ActionError> {
    raster::render(svg, scene.format.w, scene.format.h).map_err(|error| failure::draw(&error))
}

/// A source that this program, or its fonts, would no longer draw as it was.
fn outdated(error: &crate::ads::compose::ComposeError) -> ActionError {
    let message = format!("the source ad cannot be drawn again ({error}); generate it again");
    ActionError::fatal("source_outdated", message)
}

/// What the model says for the words that the catalog does not have.
async fn translations(
    context: &ActionContext,
    bench: &Bench<'_>,
    audience: &Audience,
    partner: &mut Partner<'_>,
) -> Result<BTreeMap<String, Translation>, ActionError> {
    let wanted = localize::wanted(bench.source, &audience.language, Catalog::embedded());
    if wanted.is_empty() || !partner.writes() {
        return Ok(BTreeMap::new());
    }
    context.progress("translating", Some(0.2));
    let request = request(&wanted, audience);
    let mut judge = |words: &Words| {
        let measured = bench.measured(by_node(&wanted, words)).map_err(|error| error.message)?;
        match invariants::failure(&measured.checks) {
            Some(failed) => Err(failed),
            None if takes_all(&measured.localized, &wanted) => Ok(()),
            None => Err("a name, a figure or the language was lost".to_owned()),
        }
    };
    let answer = partner.session.translate(&request, &mut judge).await;
    let answer = partner.or_without(answer)?;
    Ok(answer.map(|answer| by_node(&wanted, &answer.words)).unwrap_or_default())
}

/// Whether every wording was taken and not passed over.
fn takes_all(localized: &Localized, wanted: &[Wanted]) -> bool {
    wanted.iter().all(|one| !localized.untranslated.contains(&one.node))
}

fn by_node(wanted: &[Wanted], words: &Words) -> BTreeMap<String, Translation> {
    let said = wanted.iter().enumerate().filter_map(|(at, one)| {
        let text = words.get(&slot(at))?.clone();
        Some((one.node.clone(), Translation::Model(vec![text])))
    });
    said.collect()
}

/// The name of a text towards the model.
fn slot(at: usize) -> String {
    format!("text_{}", at + 1)
}

fn request(wanted: &[Wanted], audience: &Audience) -> TranslateRequest {
    let slots = wanted.iter().enumerate().map(|(at, one)| Slot {
        name: slot(at),
        most: one.max_chars,
        source: Some(one.text.clone()),
    });
    let register = match audience.culture.tone {
        Some(tone) => format!("{tone:?}").to_lowercase(),
        None => "plain".to_owned(),
    };
    TranslateRequest {
        language: Language { tag: audience.language.tag(), register },
        slots: slots.collect(),
        rules: ContentRules {
            scripts: vec![audience.language.script().to_owned()],
            allowed: wanted.iter().map(|one| one.text.clone()).collect(),
            verbatim: wanted.iter().flat_map(|one| one.protect.iter().cloned()).collect(),
            brand: BrandMention::Free,
            banned: Vec::new(),
        },
    }
}
