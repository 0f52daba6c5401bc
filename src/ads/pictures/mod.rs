//! The pictures of an ad: opened once, cut to their boxes, embedded in its SVG.
//!
//! `Picture::read` decodes a raster file whole, upright and without its metadata, or keeps an SVG
//! as a drawing. A cut around the point that must stay in view is resampled once for each size.
//! Never: a file that was not opened under the limits of `crate::pixels`.

mod cut;
mod energy;
mod matter;
mod resample;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use crate::pixels::PictureError;

pub use cut::Embedded;
use matter::Matter;

use crate::domain::asset::ContentDigest;
use crate::pixels::{Format, Vector, sniff, whole};

/// The pictures that a scene may name, by their content.
pub type Gallery = BTreeMap<ContentDigest, Arc<Picture>>;

/// The largest file that is opened: what the wire allows for a reference image.
pub const MAX_BYTES: usize = 15 << 20;

/// A picture that was opened.
#[derive(Debug)]
pub struct Picture {
    digest: ContentDigest,
    /// Its own size: that of the file, even where fewer pixels are kept.
    size: [u32; 2],
    content: Content,
    focus: [f32; 2],
    crown: Option<f32>,
    luminance: f64,
    cuts: Mutex<BTreeMap<CutKey, Arc<Embedded>>>,
}

#[derive(Debug)]
enum Content {
    Pixels(Matter),
    Drawing(Box<Vector>),
}

/// Width, height and, where the picture is cropped, the focus in thousandths.
type CutKey = (u32, u32, Option<[i32; 2]>);

impl Picture {
    /// Opens a PNG, JPEG, WebP, GIF, BMP, ICO or SVG file, whatever its name said it was.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.len() > MAX_BYTES {
            return Err(PictureError::TooLarge("a file of more than 15 MiB"));
        }
        let digest = ContentDigest::of(bytes);
        if sniff(bytes)? == Format::Svg {
            return Self::of_drawing(digest, Vector::read(bytes)?);
        }
        let decoded = whole(bytes)?;
        let size = [decoded.width(), decoded.height()];
        let matter = Matter::of(decoded);
        Ok(Self::new(digest, size, &energy::sample(&matter), Content::Pixels(matter)))
    }

    fn of_drawing(digest: ContentDigest, vector: Vector) -> Result<Self, PictureError> {
        let size = vector.size().map(whole_pixels);
        let small = Matter::of(vector.drawn(energy::SIDE)?.into());
        let sample = energy::sample(&small);
        Ok(Self::new(digest, size, &sample, Content::Drawing(Box::new(vector))))
    }

    fn new(
        digest: ContentDigest,
        size: [u32; 2],
        sample: &energy::Sample,
        content: Content,
    ) -> Self {
        let (focus, crown, luminance) = (sample.focus(), sample.crown(), sample.mean_luminance());
        Self { digest, size, content, focus, crown, luminance, cuts: Mutex::default() }
    }

    /// The digest of the file that it was read from.
    pub const fn digest(&self) -> ContentDigest {
        self.digest
    }

    /// Its width and height in px, upright.
    pub const fn size(&self) -> [u32; 2] {
        self.size
    }

    /// Width by height.
    pub fn aspect(&self) -> f64 {
        f64::from(self.size[0]) / f64::from(self.size[1].max(1))
    }

    /// Where the eye goes: the centre of what changes in it, 0 to 1 from its top left corner.
    pub const fn focus(&self) -> [f32; 2] {
        self.focus
    }

    /// Where from the top, 0 to 1, a subject begins that stands before a plain ground.
    pub const fn crown(&self) -> Option<f32> {
        self.crown
    }

    /// The mean luminance of what can be seen of it, as WCAG 2 defines it, 0 to 1.
    pub const fn mean_luminance(&self) -> f64 {
        self.luminance
    }

    /// Whether some part of it lets its ground through.
    pub fn is_transparent(&self) -> bool {
        match &self.content {
            Content::Pixels(matter) => matter.is_transparent(),
            Content::Drawing(_) => true,
        }
    }

    /// Whether it is a drawing, which is sharp at every size.
    pub const fn is_drawing(&self) -> bool {
        matches!(self.content, Content::Drawing(_))
    }

    /// The part around `focus` that covers a box of `width` by `height` px, in these pixels.
    pub fn covering(
        &self,
        width: u32,
        height: u32,
        focus: [f32; 2],
    ) -> Result<Arc<Embedded>, PictureError> {
        let rounded = focus.map(|share| thousandths(share.clamp(0.0, 1.0)));
        self.cut((width, height, Some(rounded)))
    }

    /// All of it in `width` by `height` px, which should have its aspect ratio.
    pub fn fitted(&self, width: u32, height: u32) -> Result<Arc<Embedded>, PictureError> {
        self.cut((width, height, None))
    }

    /// As SVG elements that fill `width` by `height` px when scaled by the factor beside them,
    /// every id beginning with `prefix`; `None` where it is no drawing, or one that needs its
    /// pixels.
    pub fn elements(&self, prefix: &str, width: f64, height: f64) -> Option<(String, f64)> {
        let Content::Drawing(vector) = &self.content else { return None };
        let [own_width, own_height] = vector.size().map(f64::from);
        let scale = (width / own_width).min(height / own_height);
        vector.elements(prefix).map(|elements| (elements, scale))
    }

    /// Lets go of what it was cut to: for large canvases that is much more than the picture.
    pub fn forget_cuts(&self) {
        self.cuts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn cut(&self, key: CutKey) -> Result<Arc<Embedded>, PictureError> {
        /// A job draws a picture in some formats; more sizes than these begin anew.
        const MAX_CUTS: usize = 12;
        let mut cuts = self.cuts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cut) = cuts.get(&key) {
            return Ok(Arc::clone(cut));
        }
        let cut = Arc::new(cut::embedded(&self.content, key)?);
        if cuts.len() >= MAX_CUTS {
            cuts.clear();
        }
        cuts.insert(key, Arc::clone(&cut));
        Ok(cut)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the share is clamped to 0..1")]
fn thousandths(share: f32) -> i32 {
    (share * 1000.0).round() as i32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and sizes are positive"
)]
fn whole_pixels(length: f32) -> u32 {
    (length.round() as u32).max(1)
}

#[cfg(test)]
mod tests;
