//! `campaigns.edit`: a stored ad and a wish in words in, the ad with that changed out.

use std::sync::Arc;

use super::album::Album;
use super::args::{AdArgs, Canvas};
use super::brand::BrandAtHand;
use super::deliver::{Delivery, Report};
use super::partner::{Partner, Skill};
use super::source::{self, SourceAd};
use super::{Studio, failure, language, references};
use crate::ads::edit::reading::{self, Change, Reading};
use crate::ads::edit::{Desk, Edited, apply};
use crate::ads::kit::KitLogo;
use crate::ads::localize::Language;
use crate::ads::scene::{Money, Role, Scene};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Ground;
use crate::engine::{ActionContext, ActionError, Output};

/// Changes the ad.
pub(super) async fn make(
    studio: &Studio,
    context: &ActionContext,
    args: &AdArgs,
) -> Result<Output, ActionError> {
    context.progress("reading", Some(0.05));
    let SourceAd { scene, identity, .. } = source::read(context, args.source.as_ref()).await?;
    // Edits are read by rules: a model that is required has to be there, and is not asked.
    let partner = Partner::new(studio, context, args.require_model, 0);
    partner.need(Skill::Writing)?;
    let reading = reading::read(&args.prompt)
        .map_err(|error| ActionError::fatal("edit_not_understood", error.message))?;
    let mut album = Album::default();
    let given = (args.brand, args.identity.as_ref());
    let given = if given.1.is_none() && scene.brand.is_none() && given.0.is_none() {
        (None, identity.as_ref())
    } else {
        given
    };
    let brand = BrandAtHand::of_scene(context, &scene, given, &mut album).await?;
    let mut brand = brand.able_to_set(&studio.fonts, scene.said().chain([args.prompt.as_str()]));
    album.add_of(&scene, &studio.assets)?;
    if brand.kit.logo.is_none() {
        brand.kit.logo = logo_of(&scene, &album);
    }
    let references = references::bring(studio, context, &args.references, &mut album).await?;
    let pictures: Vec<ContentDigest> = references.iter().map(|one| one.digest).collect();
    let Reading { changes, mut interpretation } = reading;
    let mut delivery = Delivery::new(studio, context, args.canvases.len());
    let mut typesetter = Typesetter::new(Arc::clone(&brand.shelf));
    for canvas in &args.canvases {
        delivery.next().await;
        let material = (&brand, &album, pictures.as_slice());
        let edited = edited((&scene, canvas), &changes, material, &mut typesetter)?;
        for note in edited.notes {
            interpretation.note(note);
        }
        delivery.put(edited.composition.into(), &album).await?;
    }
    let mut warnings = partner.warnings();
    warnings.extend(delivery.unused(&references));
    let changes = serde_json::to_value(&changes).unwrap_or_default();
    let more = serde_json::Map::from_iter([("changes".to_owned(), changes)]);
    delivery.output(Report { album, interpretation, brand: brand.kit.id, warnings, more }).await
}

/// The changed ad on one canvas.
fn edited(
    (scene, canvas): (&Scene, &Canvas),
    changes: &[Change],
    (brand, album, pictures): (&BrandAtHand, &Album, &[ContentDigest]),
    typesetter: &mut Typesetter,
) -> Result<Edited, ActionError> {
    let language = Language::parse(&scene.lang).ok();
    let write_price = |money: &Money| language::price(money, language.as_ref()?);
    let desk = Desk {
        kit: &brand.kit,
        gallery: &album.gallery,
        pictures,
        canvas: canvas.asked(),
        shelf: &brand.shelf,
        write_price: &write_price,
    };
    let edited = apply(scene, changes, &desk, typesetter);
    let mut edited = edited.map_err(|error| failure::edit(&error))?;
    edited.composition.scene.warnings.extend(brand.warnings.iter().cloned());
    Ok(edited)
}

/// The mark that the ad shows, where its brand is not at hand.
fn logo_of(scene: &Scene, album: &Album) -> Option<KitLogo> {
    let logo = scene.of_role(Role::Logo)?;
    let picture = album.gallery.get(&logo.asset?)?;
    // Its plate, if it needs one, was decided when the ad was made.
    Some(KitLogo { digest: picture.digest(), size: picture.size(), ground: Ground::Any })
}
