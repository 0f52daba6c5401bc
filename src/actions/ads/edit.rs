//! `campaigns.edit`: a stored ad and a wish in words in, the ad with that changed out.

use std::sync::Arc;

use super::album::Album;
use super::args::{AdArgs, Canvas};
use super::brand::BrandAtHand;
use super::campaign::share;
use super::deliver::{Ad, Made};
use super::source::{self, SourceAd};
use super::{Studio, breath, failure, language, references};
use crate::ads::edit::reading::{self, Change, Reading};
use crate::ads::edit::{Desk, apply};
use crate::ads::format::{AspectRatio, Resolution};
use crate::ads::kit::KitLogo;
use crate::ads::localize::Language;
use crate::ads::prompt::Interpretation;
use crate::ads::scene::{Format, Money, Node, Role, Scene};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Ground;
use crate::engine::{ActionContext, ActionError};
use crate::model::Reason;

/// Changes the ad.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
) -> Result<Made, ActionError> {
    if args.require_model {
        // Edits are read by rules; none is left to a model.
        return Err(failure::model(Reason::NotConfigured));
    }
    context.progress("reading", Some(0.05));
    let SourceAd { mut scene, identity } = source::read(context, args.source.as_ref()).await?;
    let reading = reading::read(&args.prompt)
        .map_err(|error| ActionError::fatal("edit_not_understood", error.message))?;
    let mut album = Album::default();
    let given = (args.brand, args.identity.as_ref());
    let given = if given.1.is_none() && scene.brand.is_none() && given.0.is_none() {
        (None, identity.as_ref())
    } else {
        given
    };
    let mut brand = BrandAtHand::of_scene(context, &scene, given, &mut album).await?;
    album.add_of(&scene, &studio.assets)?;
    if brand.kit.logo.is_none() {
        brand.kit.logo = logo_of(&scene, &album);
    }
    let pictures = references::bring(studio, context, &args.references, &mut album).await?;
    if let Some(picture) = pictures.first() {
        replace_picture(&mut scene, *picture, &album)?;
    }
    let Reading { changes, mut interpretation } = reading;
    let ads = composed(context, args, &scene, &changes, (&brand, &album, &mut interpretation))?;
    // Where the time is up in the middle, there is less than a whole.
    breath(context).await;
    let changes = serde_json::to_value(&changes).unwrap_or_default();
    let more = serde_json::Map::from_iter([("changes".to_owned(), changes)]);
    let id = brand.kit.id;
    Ok(Made { ads, album, interpretation, brand: id, more })
}

/// The changed ad on each canvas; fewer when the time is up.
fn composed(
    context: &ActionContext,
    args: &AdArgs,
    scene: &Scene,
    changes: &[Change],
    (brand, album, interpretation): (&BrandAtHand, &Album, &mut Interpretation),
) -> Result<Vec<Ad>, ActionError> {
    let language = Language::parse(&scene.lang).ok();
    let write_price = |money: &Money| language::price(money, language.as_ref()?);
    let desk = Desk {
        kit: &brand.kit,
        gallery: &album.gallery,
        shelf: &brand.shelf,
        write_price: &write_price,
    };
    let canvases = canvases(args);
    let mut typesetter = Typesetter::new(Arc::clone(&brand.shelf));
    let mut ads = Vec::with_capacity(canvases.len());
    for (at, canvas) in canvases.iter().enumerate() {
        if context.is_over() {
            break;
        }
        let phase = format!("composing format {} of {}", at + 1, canvases.len());
        context.progress(&phase, Some(share(0.3, 0.4, at, canvases.len())));
        let mut changes = changes.to_vec();
        if let Some(name) = canvas {
            changes.retain(|change| !matches!(change, Change::Format { .. }));
            changes.push(Change::Format { name: name.clone() });
        }
        let edited = apply(scene, &changes, &desk, &mut typesetter);
        let mut edited = edited.map_err(|error| failure::edit(&error))?;
        edited.composition.scene.warnings.extend(brand.warnings.iter().cloned());
        edited.notes.into_iter().for_each(|note| interpretation.note(note));
        ads.push(edited.composition.into());
    }
    Ok(ads)
}

/// The mark that the ad shows, where its brand is not at hand.
fn logo_of(scene: &Scene, album: &Album) -> Option<KitLogo> {
    let logo = scene.of_role(Role::Logo)?;
    let picture = album.gallery.get(&logo.asset?)?;
    // Its plate, if it needs one, was decided when the ad was made.
    Some(KitLogo { digest: picture.digest(), size: picture.size(), ground: Ground::Any })
}

/// A picture that came with the edit takes the place of the one that the ad shows.
fn replace_picture(
    scene: &mut Scene,
    digest: ContentDigest,
    album: &Album,
) -> Result<(), ActionError> {
    let shown =
        |node: &&mut Node| matches!(node.role, Role::Photo | Role::Hero) && node.asset.is_some();
    let Some(node) = scene.nodes.iter_mut().find(shown) else {
        let message = "the ad shows no picture that `reference_images` could replace; generate \
                       an ad with it instead";
        return Err(ActionError::fatal("edit_not_possible", message));
    };
    node.asset = Some(digest);
    node.focus = node.focus.and(album.gallery.get(&digest).map(|picture| picture.focus()));
    Ok(())
}

/// The canvases that were asked for, by the names that an edit knows; none keeps the ad's own.
fn canvases(args: &AdArgs) -> Vec<Option<String>> {
    let name = |canvas: &Canvas| match canvas {
        Canvas::Open(_) | Canvas::Auto(_) => None,
        Canvas::Fixed(format) => Some(name_of(format)),
    };
    args.canvases.iter().map(name).collect()
}

fn name_of(format: &Format) -> String {
    let plain = |ratio: AspectRatio| Format::of_ratio(ratio, Resolution::One);
    let is_plain = format.id.parse::<AspectRatio>().is_ok_and(|ratio| plain(ratio) == *format);
    let is_named = Format::named(&format.id).is_ok();
    if is_plain || is_named { format.id.clone() } else { format!("{}x{}", format.w, format.h) }
}
