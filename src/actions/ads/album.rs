//! The pictures of one job: each opened once, and known with the file that it is stored as.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::failure;
use crate::ads::pictures::{Gallery, Picture};
use crate::ads::scene::Scene;
use crate::assets::{AssetError, AssetStore};
use crate::domain::asset::{ContentDigest, NewAsset};
use crate::domain::ids::OrgId;
use crate::engine::ActionError;
use crate::pixels::{self, PictureError};

/// The pictures of one job.
#[derive(Default)]
pub(super) struct Album {
    pub(super) gallery: Gallery,
    files: BTreeMap<ContentDigest, File>,
}

struct File {
    mime_type: &'static str,
    bytes: u64,
    size: (u32, u32),
}

impl Album {
    /// Opens a picture that lies in the asset store.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<ContentDigest, PictureError> {
        let picture = Picture::read(bytes)?;
        let (digest, [width, height]) = (picture.digest(), picture.size());
        let mime_type = mime_type(pixels::sniff(bytes)?);
        let file = File { mime_type, bytes: bytes.len() as u64, size: (width, height) };
        self.files.insert(digest, file);
        self.gallery.insert(digest, Arc::new(picture));
        Ok(digest)
    }

    /// Opens the pictures of a stored scene.
    pub(super) fn add_of(&mut self, scene: &Scene, assets: &AssetStore) -> Result<(), ActionError> {
        for digest in scene.nodes.iter().filter_map(|node| node.asset) {
            if self.gallery.contains_key(&digest) {
                continue;
            }
            let bytes = assets.read(&digest).map_err(|error| match error {
                AssetError::Missing(_) => ActionError::fatal(
                    "source_picture_missing",
                    "a picture of the source ad is no longer stored; generate the ad again",
                ),
                error => failure::storage(&error),
            })?;
            self.add(&bytes).map_err(|error| failure::picture("source_job_id", &error))?;
        }
        Ok(())
    }

    /// The pictures that these scenes show, as files of this job: they are kept as long as it is.
    pub(super) fn files_of<'a>(
        &self,
        org: OrgId,
        scenes: impl IntoIterator<Item = &'a Scene>,
    ) -> Vec<NewAsset> {
        let nodes = scenes.into_iter().flat_map(|scene| &scene.nodes);
        let shown: std::collections::BTreeSet<ContentDigest> =
            nodes.filter_map(|node| node.asset).collect();
        let files = shown.into_iter().filter_map(|digest| Some((digest, self.files.get(&digest)?)));
        files
            .map(|(digest, File { mime_type, bytes, size })| {
                NewAsset::new(org, digest, mime_type, *bytes, Some(*size))
            })
            .collect()
    }
}

/// What a stored picture is served as.
fn mime_type(format: pixels::Format) -> &'static str {
    match format {
        pixels::Format::Png => "image/png",
        pixels::Format::Jpeg => "image/jpeg",
        pixels::Format::WebP => "image/webp",
        pixels::Format::Gif => "image/gif",
        // A drawing of a stranger is only sent as an attachment.
        _ => "application/octet-stream",
    }
}
