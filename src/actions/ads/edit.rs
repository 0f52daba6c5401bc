//! `campaigns.edit`: a stored ad and a wish in words in, the ad with that changed out.

use std::sync::Arc;

use super::album::Album;
use super::args::AdArgs;
use super::brand::BrandAtHand;
use super::campaign::share;
use super::deliver::{Ad, Made};
use super::source::{self, SourceAd};
use super::{Studio, breath, failure, language, references};
use crate::ads::edit::reading::{self, Change, Reading};
use crate::ads::edit::{Desk, apply};
use crate::ads::kit::KitLogo;
use crate::ads::localize::Language;
use crate::ads::prompt::Interpretation;
use crate::ads::scene::{Money, Role, Scene};
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
    let SourceAd { scene, identity } = source::read(context, args.source.as_ref()).await?;
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
    let Reading { changes, mut interpretation } = reading;
    let material = (&brand, &album, pictures.as_slice());
    let ads = composed(context, args, (&scene, &changes), material, &mut interpretation)?;
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
    (scene, changes): (&Scene, &[Change]),
    (brand, album, pictures): (&BrandAtHand, &Album, &[ContentDigest]),
    interpretation: &mut Interpretation,
) -> Result<Vec<Ad>, ActionError> {
    let language = Language::parse(&scene.lang).ok();
    let write_price = |money: &Money| language::price(money, language.as_ref()?);
    let canvases = &args.canvases;
    let mut typesetter = Typesetter::new(Arc::clone(&brand.shelf));
    let mut ads = Vec::with_capacity(canvases.len());
    for (at, canvas) in canvases.iter().enumerate() {
        if context.is_over() {
            break;
        }
        let phase = format!("composing format {} of {}", at + 1, canvases.len());
        context.progress(&phase, Some(share(0.3, 0.4, at, canvases.len())));
        let desk = Desk {
            kit: &brand.kit,
            gallery: &album.gallery,
            pictures,
            canvas: canvas.asked(),
            shelf: &brand.shelf,
            write_price: &write_price,
        };
        let edited = apply(scene, changes, &desk, &mut typesetter);
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
