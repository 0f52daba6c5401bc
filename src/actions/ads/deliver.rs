//! Renders what was made, puts the files into the asset store, and says what to write.

use serde_json::{Map, Value, json};

use super::album::Album;
use super::campaign::share;
use super::{Studio, breath, failure};
use crate::ads::checks;
use crate::ads::compose::Composition;
use crate::ads::prompt::Interpretation;
use crate::ads::raster::{self, Pixels};
use crate::ads::scene::{Role, Scene};
use crate::domain::asset::NewAsset;
use crate::domain::ids::BrandId;
use crate::domain::job::Write;
use crate::engine::{ActionContext, ActionError, Output};

/// What a task made.
pub(super) struct Made {
    /// One for each canvas, at least one.
    pub(super) ads: Vec<Ad>,
    pub(super) album: Album,
    pub(super) interpretation: Interpretation,
    /// The brand that it is for.
    pub(super) brand: Option<BrandId>,
    /// Further members of the result.
    pub(super) more: Map<String, Value>,
}

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

/// The result, with its files in the store.
pub(super) async fn deliver(
    studio: &Studio,
    context: &ActionContext,
    made: Made,
) -> Result<Output, ActionError> {
    let Made { ads, album, interpretation, brand, more } = made;
    let count = ads.len();
    let mut pictures = Vec::with_capacity(count);
    let mut scenes = Vec::with_capacity(count);
    for (at, ad) in ads.into_iter().enumerate() {
        breath(context).await;
        context.progress("rendering", Some(share(0.7, 0.25, at, count)));
        let (scene, files) = stored(studio, ad)?;
        pictures.push(files);
        scenes.push(scene);
    }
    breath(context).await;
    context.progress("storing", Some(0.95));
    let first = pictures.first().zip(scenes.first());
    let (files, scene) = first
        .ok_or_else(|| ActionError::fatal("drawing_failed", "there is no canvas to draw on"))?;
    let mut result = result(files, scene, &interpretation);
    result.extend(more);
    if let Some(brand) = brand {
        result.insert("brand_id".to_owned(), json!(brand));
    }
    if count > 1 {
        let variants = pictures.iter().zip(&scenes).map(|(files, scene)| files.variant(scene));
        result.insert("variants".to_owned(), variants.collect());
    }
    let mut writes: Vec<Write> = pictures
        .into_iter()
        .flat_map(|files| [files.picture, files.drawing])
        .map(Write::Asset)
        .collect();
    writes.extend(album.files_of(&scenes).into_iter().map(Write::Asset));
    Ok(Output { result, writes })
}

/// The two files of an ad.
struct Files {
    picture: NewAsset,
    drawing: NewAsset,
}

/// Renders one ad, in the fewest bytes that its format asks for, and stores its files.
fn stored(studio: &Studio, ad: Ad) -> Result<(Scene, Files), ActionError> {
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
        Ok(NewAsset::new(digest, mime_type, bytes.len() as u64, Some((width, height))))
    };
    let picture = put(&encoded.bytes, encoded.mime_type)?;
    let drawing = put(svg.as_bytes(), "image/svg+xml")?;
    Ok((scene, Files { picture, drawing }))
}

fn result(files: &Files, scene: &Scene, interpretation: &Interpretation) -> Map<String, Value> {
    let Files { picture, drawing } = files;
    let Scene { checks, lint, provenance, warnings, format, .. } = scene;
    let members = [
        ("type", json!("ad")),
        ("asset_id", json!(picture.id)),
        ("url", json!(format!("assets/{}", picture.id))),
        ("image_url", json!(picture.public_path())),
        ("width", json!(format.w)),
        ("height", json!(format.h)),
        ("mime_type", json!(picture.mime_type)),
        ("svg_url", json!(drawing.public_path())),
        ("copy", copy(scene)),
        ("interpretation", json!(interpretation)),
        ("checks", json!(checks)),
        ("lint", json!(lint)),
        ("provenance", json!(provenance)),
        ("warnings", json!(warnings)),
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
            "image_url": picture.public_path(),
            "svg_url": drawing.public_path(),
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
        copy.insert(role, json!(text.v));
    }
    if let Some(name) = scene.of_role(Role::Logo).and_then(|logo| logo.text.as_ref()) {
        copy.insert("brand".to_owned(), json!(name.v));
    }
    Value::Object(copy)
}
