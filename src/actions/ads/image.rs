//! `images.generate` where no picture is given: one that the model paints, else one that is put
//! together from icons and drawn art, and says so.

use serde_json::{Map, Value, json};

use super::album::Album;
use super::args::AdArgs;
use super::brand::BrandAtHand;
use super::campaign::formats;
use super::deliver::{Ad, Delivery, Report};
use super::partner::{Partner, Skill};
use super::{Studio, failure, seed_of};
use crate::ads::brief::{self, Brief};
use crate::ads::illustration;
use crate::ads::palette::{self, Asked, Energy, Wish};
use crate::ads::random::Random;
use crate::ads::scene::{
    Composition, Engine, Format, Frame, LayoutKind, Lint, Looks, Node, Palette, Provenance, Role,
    SCENE_VERSION, Scene, WordsFrom,
};
use crate::ads::svg;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Direction;
use crate::engine::{ActionContext, ActionError, Output};
use crate::model::{EmptyArea, PictureRequest};

/// Makes the picture on its canvases.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
) -> Result<Output, ActionError> {
    context.progress("reading", Some(0.05));
    let mut album = Album::default();
    let brand = BrandAtHand::load(context, args.brand, args.identity.as_ref(), &mut album).await?;
    let mut brief = brief::read(&args.prompt, brand.kit.language.as_deref());
    let formats = formats(args, &mut brief, &album.gallery, &[]);
    let seed = seed_of(&[&args.prompt, &brand.kit.identity()]);
    let asked = seed.wrapping_add(u64::from(args.variant));
    let mut partner = Partner::new(studio, context, args.require_model, asked);
    partner.need(Skill::Painting)?;
    let painted = if partner.paints() {
        partner.paint(&request(args, &formats[0]), &mut album).await?
    } else {
        None
    };
    let provenance = Provenance {
        copy: WordsFrom::User,
        picture: if painted.is_some() { "model" } else { "procedural" }.to_owned(),
        model_calls: partner.calls(),
        fallback_reason: partner.fallback_reason(),
    };
    let easel = Easel { args, brief: &brief, brand: &brand, seed, painted, provenance };
    let mut delivery = Delivery::new(studio, context, formats.len());
    let mut icons = Vec::new();
    for format in &formats {
        delivery.next().await;
        let (scene, names) = easel.scene(format, &album);
        icons = names;
        let drawn = svg::draw(&scene, &std::collections::BTreeMap::new(), &album.gallery);
        let svg = drawn.map_err(|error| failure::draw(&error))?;
        delivery.put(Ad { scene, svg, pixels: None }, &album).await?;
    }
    let mut more = engine(painted.is_some());
    more.insert("icons".to_owned(), json!(icons));
    let (interpretation, warnings) = (brief.interpretation, partner.warnings());
    delivery.output(Report { album, interpretation, brand: brand.kit.id, warnings, more }).await
}

/// What drew the picture; only a model's may look like a photograph.
fn engine(painted: bool) -> Map<String, Value> {
    let name = if painted { "model" } else { "procedural" };
    Map::from_iter([
        ("engine".to_owned(), json!(name)),
        ("photographic".to_owned(), json!(painted)),
    ])
}

fn request(args: &AdArgs, format: &Format) -> PictureRequest {
    PictureRequest {
        subject: args.prompt.clone(),
        style: String::new(),
        light: String::new(),
        empty: EmptyArea::None,
        size: (format.w, format.h),
    }
}

/// All that the picture is made from.
struct Easel<'a> {
    args: &'a AdArgs,
    brief: &'a Brief,
    brand: &'a BrandAtHand,
    seed: u64,
    painted: Option<ContentDigest>,
    provenance: Provenance,
}

impl Easel<'_> {
    fn scene(&self, format: &Format, album: &Album) -> (Scene, Vec<&'static str>) {
        let random = Random::new(self.seed).fork(&format!("variant {}", self.args.variant));
        let palette = self.palette(&mut random.fork("palette"));
        let (nodes, icons, mut warnings) = if let Some(digest) = &self.painted {
            (vec![photo(format, *digest, album)], Vec::new(), Vec::new())
        } else {
            let (words, lang) = (&self.args.prompt, &self.brief.prompt_lang);
            let mut random = random.fork("art");
            let drawn = illustration::of(words, lang, &palette, format, &mut random);
            let abstracted = drawn.icons.is_empty().then(|| "subject_not_drawn".to_owned());
            (drawn.nodes, drawn.icons, abstracted.into_iter().collect())
        };
        warnings.extend(self.brand.warnings.iter().cloned());
        let kit = &self.brand.kit;
        let scene = Scene {
            scene: SCENE_VERSION,
            engine: Engine {
                name: "tidemill".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                fonts: self.brand.shelf.digest().to_owned(),
            },
            brand: kit.id,
            brand_rev: kit.rev,
            prompt: self.args.prompt.clone(),
            seed: self.seed.to_string(),
            layout: LayoutKind::ProductHero,
            variant: self.args.variant,
            format: format.clone(),
            lang: self.brief.prompt_lang.clone(),
            dir: Direction::Ltr,
            currency: None,
            composition: Composition::Free,
            palette,
            looks: Looks::default(),
            nodes,
            checks: Vec::new(),
            lint: Lint::default(),
            provenance: self.provenance.clone(),
            warnings,
        };
        (scene, icons)
    }

    fn palette(&self, random: &mut Random) -> Palette {
        let asked = self.brief.colors.first().map(|wish| {
            if wish.is_exact { Asked::Exact(wish.color) } else { Asked::Named(wish.color) }
        });
        let wish = Wish {
            ground: asked,
            accent: None,
            scheme: self.brief.scheme,
            energy: Energy::Plain,
            variant: self.args.variant,
        };
        palette::of(&self.brand.kit.colors, self.brand.kit.scheme, &wish, random)
    }
}

/// A picture to all edges.
fn photo(format: &Format, digest: ContentDigest, album: &Album) -> Node {
    let (width, height) = (format.w.cast_signed(), format.h.cast_signed());
    let mut node = Node::new("photo", Role::Photo, 0, Frame::new(0, 0, width, height));
    node.asset = Some(digest);
    node.focus = Some(album.gallery.get(&digest).map_or([0.5, 0.5], |picture| picture.focus()));
    node
}
