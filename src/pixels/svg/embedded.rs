//! Raster pictures inside an SVG: decoded here under this room's limits, and passed on small.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use resvg::usvg::{ImageHrefResolver, ImageKind};

use super::super::{Format, raster, sniff};

/// The most pictures in one SVG.
const MAX_PICTURES: usize = 8;

/// Resolves `data:` addresses of raster pictures and nothing else.
pub(super) fn resolver() -> ImageHrefResolver<'static> {
    let seen = AtomicUsize::new(0);
    ImageHrefResolver {
        resolve_data: Box::new(move |_, bytes, _| {
            if seen.fetch_add(1, Ordering::Relaxed) >= MAX_PICTURES {
                return None;
            }
            redrawn(&bytes)
        }),
        resolve_string: Box::new(|_, _| None),
    }
}

/// The renderer's own decoders have no limits, so it is given a small PNG of ours.
fn redrawn(bytes: &[u8]) -> Option<ImageKind> {
    /// An embedded picture is drawn as a part of a mark, never at its own size.
    const MAX_SIDE: u32 = 512;
    let format = sniff(bytes).ok().filter(|format| *format != Format::Svg)?;
    let picture = raster::decode(bytes, format).ok()?.into_rgba8();
    let small = raster::sampled(picture, MAX_SIDE);
    Some(ImageKind::PNG(Arc::new(raster::encode_png(&small))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_in_an_svg_is_not_followed() {
        assert!(redrawn(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_none());
    }

    #[test]
    fn a_picture_is_passed_on_small() {
        let large = raster::png_of(3000, 30, |_, _| [1, 2, 3, 255]);
        let Some(ImageKind::PNG(file)) = redrawn(&large) else { panic!("a PNG") };
        let small = raster::decode(&file, Format::Png).expect("a PNG").into_rgba8();
        assert_eq!(small.dimensions(), (512, 5));
    }
}
