//! The pictures inside an SVG of ours: judged by their header before a renderer decodes them.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use image::{ImageFormat, ImageReader};
use resvg::usvg::{ImageHrefResolver, ImageKind};

use crate::ads::svg::MAX_SIDE;

/// Counts what was embedded, and remembers whether something was refused.
#[derive(Debug, Default)]
pub(super) struct Watched {
    pixels: AtomicU64,
    refused: AtomicBool,
}

impl Watched {
    /// Whether a reference led out of the file or to a picture beyond the limits.
    pub(super) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Takes JPEG and PNG out of `data:` addresses, nothing else.
    pub(super) fn resolver(&self) -> ImageHrefResolver<'_> {
        ImageHrefResolver {
            resolve_data: Box::new(|_, bytes, _| {
                let kind = self.admitted(bytes);
                self.refused.fetch_or(kind.is_none(), Ordering::Relaxed);
                kind
            }),
            resolve_string: Box::new(|_, _| {
                self.refused.store(true, Ordering::Relaxed);
                None
            }),
        }
    }

    fn admitted(&self, bytes: Arc<Vec<u8>>) -> Option<ImageKind> {
        /// All pictures of a scene together: two of a whole canvas.
        const MAX_PIXELS: u64 = 2 * 4096 * 4096;
        let format = if bytes.starts_with(b"\xff\xd8\xff") {
            ImageFormat::Jpeg
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            ImageFormat::Png
        } else {
            return None;
        };
        let reader = ImageReader::with_format(Cursor::new(bytes.as_slice()), format);
        let (width, height) = reader.into_dimensions().ok()?;
        let pixels = u64::from(width) * u64::from(height);
        let all = self.pixels.fetch_add(pixels, Ordering::Relaxed).saturating_add(pixels);
        if width > MAX_SIDE || height > MAX_SIDE || all > MAX_PIXELS {
            return None;
        }
        Some(match format {
            ImageFormat::Jpeg => ImageKind::JPEG(bytes),
            _ => ImageKind::PNG(bytes),
        })
    }
}
