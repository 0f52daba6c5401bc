//! The brand of an ad: what it uses of it, its mark, and the fonts that it is set in.

use std::sync::Arc;

use super::album::Album;
use crate::ads::fonts::FontShelf;
use crate::ads::kit::{BrandKit, KitLogo};
use crate::ads::scene::Scene;
use crate::domain::brand::{Brand, FONT_CARRIED, Ground};
use crate::domain::ids::{AssetId, BrandId};
use crate::engine::{ActionContext, ActionError};
use crate::sources::FontFolders;

/// A brand, ready to be used.
pub(super) struct BrandAtHand {
    pub(super) kit: BrandKit,
    pub(super) shelf: Arc<FontShelf>,
    /// What of it could not be used.
    pub(super) warnings: Vec<String>,
}

impl BrandAtHand {
    /// The stored brand, else the one that was sent, else none that knows anything.
    pub(super) async fn load(
        context: &ActionContext,
        id: Option<BrandId>,
        identity: Option<&BrandKit>,
        album: &mut Album,
    ) -> Result<Self, ActionError> {
        let Some(id) = id else {
            let kit = identity.cloned().unwrap_or_default();
            return Ok(Self { kit, shelf: FontShelf::embedded(), warnings: Vec::new() });
        };
        let Some(brand) = context.brand(id).await? else {
            let message = format!("there is no brand {id}; extract it first");
            return Err(ActionError::fatal("brand_not_found", message));
        };
        let mut warnings = Vec::new();
        let logo = logo(context, &brand, album, &mut warnings).await?;
        let kit = BrandKit::of(&brand, logo);
        // A carried file is a part of a family; the shelf has all of it already.
        let shelf = match brand.font.filter(|_| !brand.font_is_from(FONT_CARRIED)) {
            Some(font) => own_font(context, &kit, font, &mut warnings).await?,
            None => FontShelf::embedded(),
        };
        Ok(Self { kit, shelf, warnings })
    }

    /// The same with fonts of this machine, where no other has a character of `words` or of what
    /// the brand says of itself.
    pub(super) fn able_to_set<'a>(
        mut self,
        fonts: &FontFolders,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let kit = &self.kit;
        let tagline = kit.tagline.as_ref().map(|line| line.text.as_str());
        let own = [kit.name.as_deref(), tagline, kit.legal.as_deref()];
        let mut all: String = own.into_iter().flatten().collect();
        all.extend(words);
        let missing = self.shelf.missing(&all);
        if !missing.is_empty() {
            self.shelf = self.shelf.completed(missing, fonts.contents());
        }
        self
    }

    /// The brand of a stored scene as it is now, unless another one is given.
    pub(super) async fn of_scene(
        context: &ActionContext,
        scene: &Scene,
        given: (Option<BrandId>, Option<&BrandKit>),
        album: &mut Album,
    ) -> Result<Self, ActionError> {
        let (id, identity) = given;
        if id.is_some() || identity.is_some() {
            return Self::load(context, id, identity, album).await;
        }
        match Self::load(context, scene.brand, None, album).await {
            // The ad outlives its brand: what it shows of it is in the scene.
            Err(error) if error.code == "brand_not_found" => {
                let mut none = Self::load(context, None, None, album).await?;
                none.warnings.push("brand_gone".to_owned());
                Ok(none)
            }
            other => other,
        }
    }
}

async fn logo(
    context: &ActionContext,
    brand: &Brand,
    album: &mut Album,
    warnings: &mut Vec<String>,
) -> Result<Option<KitLogo>, ActionError> {
    let Some(id) = brand.logo else { return Ok(None) };
    let Some((_, bytes)) = context.asset(id).await? else {
        warnings.push("logo_missing".to_owned());
        return Ok(None);
    };
    let ground = brand.profile.logo.as_ref().map_or(Ground::Any, |logo| logo.ground);
    match album.add(&bytes) {
        Ok(digest) => {
            let size = album.gallery[&digest].size();
            Ok(Some(KitLogo { digest, size, ground }))
        }
        Err(error) => {
            warnings.push(format!("logo_unusable:{error}"));
            Ok(None)
        }
    }
}

/// The carried fonts and the brand's own, under the name by which its profile asks for it.
async fn own_font(
    context: &ActionContext,
    kit: &BrandKit,
    id: AssetId,
    warnings: &mut Vec<String>,
) -> Result<Arc<FontShelf>, ActionError> {
    let shelf = FontShelf::embedded();
    let family = kit.heading.as_ref().or(kit.body.as_ref()).map(|font| font.family.as_str());
    let (Some(family), Some((_, bytes))) = (family, context.asset(id).await?) else {
        return Ok(shelf);
    };
    match shelf.with_font(family, &bytes) {
        Ok(shelf) => Ok(shelf),
        Err(error) => {
            warnings.push(format!("font_unusable:{error}"));
            Ok(shelf)
        }
    }
}
