//! The pixels of a picture, in the form that is resampled: premultiplied where it is transparent.

use image::DynamicImage;

use super::resample::{self, Part};

/// Decoded pixels: three bytes each, or four with the colours premultiplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matter {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Bytes,
}

/// Rows from top to bottom without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bytes {
    /// Red, green, blue.
    Opaque(Vec<u8>),
    /// Red, green and blue premultiplied by the alpha that follows.
    Alpha(Vec<u8>),
}

impl Matter {
    /// The longest side that is kept: no canvas is larger, so no cut loses anything by it.
    const MAX_SIDE: u32 = 4096;

    /// Takes over decoded pixels.
    pub(super) fn of(decoded: DynamicImage) -> Self {
        let (width, height) = (decoded.width(), decoded.height());
        let bytes = if decoded.color().has_alpha() {
            let pixels = decoded.into_rgba8();
            if pixels.pixels().all(|pixel| pixel.0[3] == 255) {
                Bytes::Opaque(DynamicImage::from(pixels).into_rgb8().into_raw())
            } else {
                Bytes::Alpha(premultiplied(pixels.into_raw()))
            }
        } else {
            Bytes::Opaque(decoded.into_rgb8().into_raw())
        };
        Self { width, height, bytes }.bounded()
    }

    /// Whether some pixel lets the ground through.
    pub(super) fn is_transparent(&self) -> bool {
        matches!(self.bytes, Bytes::Alpha(_))
    }

    /// `part` of it in `width` by `height` px.
    pub(super) fn resampled(&self, part: Part, width: u32, height: u32) -> Self {
        let (from, to) = ([self.width, self.height], [width, height]);
        let bytes = match &self.bytes {
            Bytes::Opaque(bytes) => Bytes::Opaque(resample::resample::<3>(bytes, from, part, to)),
            Bytes::Alpha(bytes) => Bytes::Alpha(resample::resample::<4>(bytes, from, part, to)),
        };
        Self { width, height, bytes }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Part {
        Part { x: 0.0, y: 0.0, width: f64::from(self.width), height: f64::from(self.height) }
    }

    fn bounded(self) -> Self {
        let long = self.width.max(self.height);
        if long <= Self::MAX_SIDE {
            return self;
        }
        let scaled = |side: u32| {
            let side = u64::from(side) * u64::from(Self::MAX_SIDE) / u64::from(long);
            u32::try_from(side).unwrap_or(Self::MAX_SIDE).max(1)
        };
        self.resampled(self.whole(), scaled(self.width), scaled(self.height))
    }
}

/// Colours weighed by their alpha, so that what cannot be seen does not bleed into edges.
fn premultiplied(mut bytes: Vec<u8>) -> Vec<u8> {
    for pixel in bytes.chunks_exact_mut(4) {
        let alpha = u16::from(pixel[3]);
        for channel in &mut pixel[..3] {
            *channel = by_255(u16::from(*channel) * alpha);
        }
    }
    bytes
}

/// The same with colours of their own, as PNG files store them.
pub(super) fn unpremultiplied(mut bytes: Vec<u8>) -> Vec<u8> {
    for pixel in bytes.chunks_exact_mut(4) {
        let alpha = u32::from(pixel[3]);
        if alpha == 0 || alpha == 255 {
            continue;
        }
        for channel in &mut pixel[..3] {
            let own = (u32::from(*channel) * 255 + alpha / 2) / alpha;
            *channel = u8::try_from(own).unwrap_or(255);
        }
    }
    bytes
}

/// A product of two bytes divided by 255, rounded.
#[expect(clippy::cast_possible_truncation, reason = "255 times 255 by 255 is a byte")]
fn by_255(product: u16) -> u8 {
    ((u32::from(product) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_gives_no_colour_to_an_edge() {
        let half = image::RgbaImage::from_fn(8, 1, |x, _| {
            image::Rgba(if x < 4 { [255, 0, 0, 255] } else { [0, 255, 0, 0] })
        });
        let matter = Matter::of(half.into());
        let small = matter.resampled(matter.whole(), 3, 1);
        let Bytes::Alpha(bytes) = small.bytes else { panic!("it is transparent") };
        for pixel in unpremultiplied(bytes).chunks_exact(4).filter(|pixel| pixel[3] > 0) {
            assert_eq!(pixel[..3], [255, 0, 0]);
        }
    }

    #[test]
    fn an_alpha_that_hides_nothing_is_dropped() {
        let solid = image::RgbaImage::from_pixel(4, 4, image::Rgba([1, 2, 3, 255]));
        assert!(!Matter::of(solid.into()).is_transparent());
    }

    #[test]
    fn more_pixels_than_any_canvas_has_are_not_kept() {
        let long = image::RgbImage::from_pixel(8192, 2, image::Rgb([9, 9, 9]));
        let matter = Matter::of(long.into());
        assert_eq!((matter.width, matter.height), (4096, 1));
    }
}
