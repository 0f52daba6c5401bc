//! Brings the pictures that a request names: from the asset store, or from where they lie.
//!
//! A file of this server is read from the store of the same organization and never asked for over
//! the network. Never: a picture that is opened here.

use std::time::Duration;

use futures_util::future::try_join_all;
use url::Url;

use super::args::Place;
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
) -> Result<Vec<ContentDigest>, ActionError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let session = studio.outbound.session(BUDGET);
    let files = places.iter().enumerate().map(|(at, place)| {
        let what = format!("reference_images[{at}]");
        let session = &session;
        async move { one(context, session, place, &what).await }
    });
    let files = try_join_all(files).await?;
    let mut digests = Vec::with_capacity(files.len());
    for (at, bytes) in files.iter().enumerate() {
        let what = format!("reference_images[{at}]");
        let unusable = |error: &PictureError| failure::picture(&what, error);
        match sniff(bytes).map_err(|error| unusable(&error))? {
            Format::Png | Format::Jpeg | Format::WebP => {}
            other => return Err(unusable(&PictureError::Unsupported(other.name()))),
        }
        let digest = album.add(bytes).map_err(|error| unusable(&error))?;
        studio.assets.put(bytes).map_err(|error| failure::storage(&error))?;
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }
    Ok(digests)
}

async fn one(
    context: &ActionContext,
    session: &Session,
    place: &Place,
    what: &str,
) -> Result<Vec<u8>, ActionError> {
    let missing = || {
        let message = format!("`{what}` is no file of this organization; send the picture itself");
        ActionError::fatal("asset_not_found", message)
    };
    match place {
        Place::Asset(id) => context.asset(*id).await?.map(|(_, bytes)| bytes).ok_or_else(missing),
        Place::Public(token, elsewhere) => match (context.public_asset(token).await?, elsewhere) {
            (Some(PublicAsset::Own(_, bytes)), _) => Ok(bytes),
            (Some(PublicAsset::Foreign), _) | (None, None) => Err(missing()),
            (None, Some(url)) => fetch(context, session, url, what).await,
        },
        Place::Web(url) => fetch(context, session, url, what).await,
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
