//! Renders each canvas as soon as it is drawn, puts its files into the asset store, and says at the
//! end what to write.
//!
//! Of a canvas that was put only its scene stays in memory. Its files are rows with the job's end
//! and not before; those of an attempt that fails are swept like any file that no row names.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::album::Album;
use super::campaign::share;
use super::references::Reference;
use super::{Studio, breath, failure};
use crate::ads::checks;
use crate::ads::compose::Composition;
use crate::ads::prompt::Interpretation;
use crate::ads::raster::{self, Pixels};
use crate::ads::scene::{Role, Scene};
use crate::domain::asset::NewAsset;
use crate::domain::ids::{BrandId, OrgId};
use crate::domain::job::Write;
use crate::engine::{ActionContext, ActionError, Output};

/// A drawn scene.
pub(super) struct Ad {
    pub(super) scene: Scene,
    pub(super) svg: String,
    /// As they were rendered for measuring, where they were.
    pub(super) pixels: Option<Pixels>,
}

impl From<Composition> for Ad {
    fn from(composition: Composition) -> Self {
        let Composition { scene, texts: _, svg } = composition;
        Self { scene, svg, pixels: None }
    }
}

/// What a result says beside its canvases.
pub(super) struct Report {
    pub(super) album: Album,
    pub(super) interpretation: Interpretation,
    /// The brand that it is for.
    pub(super) brand: Option<BrandId>,
    /// What to know of the job as a whole, beside what each canvas says of itself.
    pub(super) warnings: Vec<String>,
    /// Further members of the result.
    pub(super) more: Map<String, Value>,
}

/// The canvases of a job on their way into the asset store.
pub(super) struct Delivery<'a> {
    studio: &'a Studio,
    context: &'a ActionContext,
    count: usize,
    stored: Vec<(Scene, Files)>,
}

impl<'a> Delivery<'a> {
    /// A delivery of `count` canvases.
    pub(super) fn new(studio: &'a Studio, context: &'a ActionContext, count: usize) -> Self {
        Self { studio, context, count, stored: Vec::with_capacity(count) }
    }

    /// Goes on to the next canvas, if there is time.
    pub(super) async fn next(&self) {
        breath(self.context).await;
        let (at, count) = (self.stored.len(), self.count);
        let phase = format!("composing format {} of {count}", at + 1);
        self.context.progress(&phase, Some(share(0.3, 0.65, 2 * at, 2 * count)));
    }

    /// Renders a canvas and stores its files. What its pictures were cut to is let go of.
    pub(super) async fn put(&mut self, ad: Ad, album: &Album) -> Result<(), ActionError> {
        breath(self.context).await;
        let half = 2 * self.stored.len() + 1;
        self.context.progress("rendering", Some(share(0.3, 0.65, half, 2 * self.count)));
        self.stored.push(stored(self.studio, self.context.org(), ad)?);
        album.gallery.values().for_each(|picture| picture.forget_cuts());
        Ok(())
    }

    /// What to say of the pictures that no canvas shows.
    pub(super) fn unused(&self, references: &[Reference]) -> Vec<String> {
        let nodes = self.stored.iter().flat_map(|(scene, _)| &scene.nodes);
        let shown: BTreeSet<_> = nodes.filter_map(|node| node.asset).collect();
        let unused = references.iter().filter(|one| !shown.contains(&one.digest));
        unused.map(|one| one.unused("no canvas shows it, and each shows one at most")).collect()
    }

    /// The result of all canvases.
    pub(super) async fn output(self, report: Report) -> Result<Output, ActionError> {
        let Report { album, interpretation, brand, warnings, more } = report;
        breath(self.context).await;
        self.context.progress("storing", Some(0.95));
        let nothing = || ActionError::fatal("drawing_failed", "there is no canvas to draw on");
        let (scene, files) = self.stored.first().ok_or_else(nothing)?;
        let mut result = result(files, scene, &interpretation);
        let all: Vec<&String> = scene.warnings.iter().chain(&warnings).collect();
        result.insert("warnings".to_owned(), json!(all));
        result.extend(more);
        if let Some(brand) = brand {
            result.insert("brand_id".to_owned(), json!(brand));
        }
        if self.count > 1 {
            let variants = self.stored.iter().map(|(scene, files)| files.variant(scene));
            result.insert("variants".to_owned(), variants.collect());
        }
        let scenes = self.stored.iter().map(|(scene, _)| scene);
        let pictures = album.files_of(self.context.org(), scenes);
        let files = self.stored.into_iter().flat_map(|(_, files)| [files.picture, files.drawing]);
        let writes = files.chain(pictures).map(Write::Asset).collect();
        Ok(Output { result, writes })
    }
}

/// The two files of an ad.
struct Files {
    picture: NewAsset,
    drawing: NewAsset,
}

/// Renders one ad, in the fewest bytes that its format asks for, and stores its files.
fn stored(studio: &Studio, org: OrgId, ad: Ad) -> Result<(Scene, Files), ActionError> {
    let Ad { mut scene, svg, pixels } = ad;
    let (width, height) = (scene.format.w, scene.format.h);
    let pixels = match pixels {
        Some(pixels) => pixels,
        None => raster::render(&svg, width, height).map_err(|error| failure::draw(&error))?,
    };
    let encoded = raster::encode(&pixels, scene.format.byte_limit());
    let encoded = encoded.map_err(|error| failure::draw(&error))?;
    drop(pixels);
    scene.checks.extend(checks::file_size(&scene, encoded.bytes.len()));
    let put = |bytes: &[u8], mime_type: &str| {
        let digest = studio.assets.put(bytes).map_err(|error| failure::storage(&error))?;
        Ok(NewAsset::new(org, digest, mime_type, bytes.len() as u64, Some((width, height))))
    };
    let picture = put(&encoded.bytes, encoded.mime_type)?;
    let drawing = put(svg.as_bytes(), "image/svg+xml")?;
    Ok((scene, Files { picture, drawing }))
}

fn result(files: &Files, scene: &Scene, interpretation: &Interpretation) -> Map<String, Value> {
    let Files { picture, drawing } = files;
    let Scene { checks, lint, provenance, format, .. } = scene;
    let members = [
        ("type", json!("ad")),
        ("asset_id", json!(picture.id)),
        ("url", json!(format!("assets/{}", picture.id))),
        ("image_url", json!(picture.stored_path())),
        ("width", json!(format.w)),
        ("height", json!(format.h)),
        ("mime_type", json!(picture.mime_type)),
        ("svg_url", json!(drawing.stored_path())),
        ("copy", copy(scene)),
        ("interpretation", json!(interpretation)),
        ("checks", json!(checks)),
        ("lint", json!(lint)),
        ("provenance", json!(provenance)),
        ("scene", json!(scene)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Files {
    fn variant(&self, scene: &Scene) -> Value {
        let Self { picture, drawing } = self;
        json!({
            "format": scene.format.id,
            "url": format!("assets/{}", picture.id),
            "image_url": picture.stored_path(),
            "svg_url": drawing.stored_path(),
            "mime_type": picture.mime_type,
            "width": scene.format.w,
            "height": scene.format.h,
            "warnings": scene.warnings,
        })
    }
}

/// The words of an ad by their role.
fn copy(scene: &Scene) -> Value {
    let mut copy = Map::new();
    for node in scene.nodes.iter().filter(|node| node.role.is_text()) {
        let (Some(text), Value::String(role)) = (&node.text, json!(node.role)) else { continue };
        copy.insert(role, json!(plain(&text.v)));
    }
    if let Some(name) = scene.of_role(Role::Logo).and_then(|logo| logo.text.as_ref()) {
        copy.insert("brand".to_owned(), json!(plain(&name.v)));
    }
    Value::Object(copy)
}

/// Words as somebody would copy them: without the marks that say where a line may break.
fn plain(words: &str) -> String {
    words.replace(['\u{2060}', '\u{200b}'], "")
}
