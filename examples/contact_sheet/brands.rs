//! The brands of a contact sheet.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tidemill::ads::kit::{BrandKit, KitLogo};
use tidemill::ads::pictures::{Gallery, Picture};
use tidemill::domain::asset::ContentDigest;
use tidemill::domain::brand::Ground;

use crate::Failure;

/// A brand with its pictures.
pub(crate) struct Sample {
    pub(crate) kit: BrandKit,
    pub(crate) gallery: Gallery,
    pub(crate) photos: Vec<ContentDigest>,
}

impl Sample {
    pub(crate) fn name(&self) -> &str {
        self.kit.name.as_deref().unwrap_or("no name")
    }
}

/// The invented brands, each with an invented photograph.
pub(crate) fn invented() -> Result<Vec<Sample>, Failure> {
    let all: Vec<Value> = serde_json::from_str(include_str!("brands.json"))?;
    all.iter().enumerate().map(|(at, identity)| sample(identity, None, at)).collect()
}

/// The brands of a folder, in the order of their file names.
pub(crate) fn of_folder(folder: &Path) -> Result<Vec<Sample>, Failure> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    let mut samples = Vec::new();
    for (at, file) in files.iter().enumerate() {
        samples.push(sample(&serde_json::from_slice(&std::fs::read(file)?)?, Some(folder), at)?);
    }
    if samples.is_empty() { Err("no JSON file in the folder".into()) } else { Ok(samples) }
}

fn sample(identity: &Value, folder: Option<&Path>, at: usize) -> Result<Sample, Failure> {
    let mut kit = BrandKit::of_identity(identity)?;
    let mut gallery = Gallery::new();
    let mut put = |bytes: &[u8]| -> Result<(ContentDigest, [u32; 2]), Failure> {
        let picture = Picture::read(bytes)?;
        let (digest, size) = (picture.digest(), picture.size());
        gallery.insert(digest, Arc::new(picture));
        Ok((digest, size))
    };
    let file = |member: &str| -> Option<Vec<u8>> {
        std::fs::read(folder?.join(identity[member].as_str()?)).ok()
    };
    let logo = identity["logo_svg"].as_str().map(|svg| svg.as_bytes().to_vec());
    if let Some(bytes) = logo.or_else(|| file("logo_file")) {
        let ground: Ground =
            serde_json::from_value(identity["logo_ground"].clone()).unwrap_or(Ground::Any);
        let (digest, size) = put(&bytes)?;
        kit.logo = Some(KitLogo { digest, size, ground });
    }
    let photo = file("photo_file").map_or_else(|| landscape(at), Ok)?;
    let photos = vec![put(&photo)?.0];
    Ok(Sample { kit, gallery, photos })
}

/// A photograph that nobody took: hills in the mist under a low sun, each brand's its own.
fn landscape(at: usize) -> Result<Vec<u8>, Failure> {
    let turn = f32::from(u8::try_from(at % 12)?) / 12.0;
    let (width, height) = (1500_u32, 1000_u32);
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (at_share(x, width), at_share(y, height));
        let (dx, dy) = (x - 0.3 - turn * 0.4, y - 0.36);
        let sun = (-(dx * dx * 2.2 + dy * dy) * 26.0).exp();
        let mut color = [0.96 - 0.42 * y, 0.80 - 0.22 * y + 0.1 * turn, 0.66 + 0.22 * (1.0 - y)];
        color = color.map(|channel| channel + sun * 0.35);
        for ridge in 0_u8..5 {
            let depth = f32::from(ridge);
            let wave = (x * (3.1 + depth) + turn * 9.0 + depth * 1.7).sin() * 0.045
                + (x * (11.0 + 3.0 * depth) + depth).sin() * 0.012
                + (x * 47.0 + depth * 5.0).sin() * 0.003;
            if y > 0.44 + depth * 0.105 + wave {
                let mist = 0.72 - depth * 0.16;
                let deep = [0.10 + 0.2 * turn, 0.20 + 0.08 * (1.0 - turn), 0.26];
                for (channel, deep) in color.iter_mut().zip(deep) {
                    *channel = *channel * mist + deep * (1.0 - mist);
                }
            }
        }
        image::Rgb(color.map(|channel| byte(channel.clamp(0.0, 1.0))))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

#[expect(clippy::cast_precision_loss, reason = "a side of a picture")]
fn at_share(at: u32, side: u32) -> f32 {
    at as f32 / side as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1 before")]
fn byte(share: f32) -> u8 {
    (share * 255.0) as u8
}
