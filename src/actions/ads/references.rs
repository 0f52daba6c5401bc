//! Brings the pictures that a request names: from the asset store, or from where they lie.
//!
//! What lies at an address of this server is read from the store of the same organization and never
//! asked for over the network. Never: a picture that was not opened within limits.

use std::time::Duration;

use futures_util::future::try_join_all;
use url::Url;

use super::args::{Place, StoredFile};
use super::{Studio, failure};
use crate::domain::asset::ContentDigest;
use crate::engine::{ActionContext, ActionError, PublicAsset};
use crate::outbound::{Budget, FetchRequest, Session};
use crate::pixels::{Format, PictureError, sniff};

use super::album::Album;

/// The longest reference picture, in bytes.
pub const MAX_REFERENCE_BYTES: usize = 15_000_000;

/// What the pictures of one job may use of the network: each of them once, with its redirects.
const BUDGET: Budget = Budget {
    requests: 36,
    bytes: 6 * MAX_REFERENCE_BYTES as u64 + (1 << 20),
    time: Duration::from_secs(20),
};

/// Brings and opens the pictures at these places, in their order.
pub(super) async fn bring(
    studio: &Studio,
    context: &ActionContext,
    places: &[Place],
    album: &mut Album,
) -> Result<Vec<Reference>, ActionError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let session = studio.outbound.session(BUDGET);
    let files = places.iter().enumerate().map(|(at, place)| {
        let what = format!("reference_images[{at}]");
        let session = &session;
        async move { one(studio, context, session, place, &what).await }
    });
    let files = try_join_all(files).await?;
    let mut references: Vec<Reference> = Vec::with_capacity(files.len());
    for (at, bytes) in files.iter().enumerate() {
        let what = format!("reference_images[{at}]");
        let unusable = |error: &PictureError| failure::picture(&what, error);
        match sniff(bytes).map_err(|error| unusable(&error))? {
            Format::Png | Format::Jpeg | Format::WebP => {}
            other => return Err(unusable(&PictureError::Unsupported(other.name()))),
        }
        let digest = album.add(bytes).map_err(|error| unusable(&error))?;
        studio.assets.put(bytes).map_err(|error| failure::storage(&error))?;
        if references.iter().all(|known| known.digest != digest) {
            references.push(Reference { at, digest });
        }
    }
    Ok(references)
}

/// A picture that a request names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// Its place in `reference_images`, from 0.
    pub(super) at: usize,
    pub(super) digest: ContentDigest,
}

impl Reference {
    /// What a result says of one that no canvas shows.
    pub(super) fn unused(self, why: &str) -> String {
        format!("reference_image_unused:reference_images[{}]: {why}", self.at)
    }
}

async fn one(
    studio: &Studio,
    context: &ActionContext,
    session: &Session,
    place: &Place,
    what: &str,
) -> Result<Vec<u8>, ActionError> {
    let (file, url) = match place {
        Place::Stored(file) => (Some(file), None),
        Place::Web(url, file) => (file.as_ref(), Some(url)),
    };
    let found = match file {
        Some(StoredFile::Id(id)) => {
            context.asset(*id).await?.map(|(asset, bytes)| PublicAsset::Own(Box::new(asset), bytes))
        }
        Some(StoredFile::Token(token)) => context.public_asset(token).await?,
        None => None,
    };
    match (found, url) {
        (Some(PublicAsset::Own(_, bytes)), _) => Ok(bytes),
        (None, Some(url)) if !studio.own.hold(url) => fetch(context, session, url, what).await,
        _ => {
            let message =
                format!("`{what}` is no file of this organization; send the picture itself");
            Err(ActionError::fatal("asset_not_found", message))
        }
    }
}

async fn fetch(
    context: &ActionContext,
    session: &Session,
    url: &Url,
    what: &str,
) -> Result<Vec<u8>, ActionError> {
    let request = FetchRequest {
        accept: "image/png, image/jpeg, image/webp",
        ..FetchRequest::new(url.clone(), MAX_REFERENCE_BYTES)
    };
    let response = session.fetch(request).await;
    let response = response.map_err(|error| failure::fetch(what, &error, context.attempt()))?;
    if response.truncated {
        return Err(failure::picture(what, &PictureError::TooLarge("more than 15 MB")));
    }
    Ok(response.body)
}
