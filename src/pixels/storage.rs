//! The form in which a stranger's picture may be stored and served.

use super::{Format, PictureError, raster, sniff, svg};

/// A picture fit for storage: a raster file, never the SVG that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its type: `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub mime_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// `bytes` as they may be stored: formats that browsers show as they are, everything else, an SVG
/// above all, drawn as PNG.
pub fn for_storage(bytes: &[u8]) -> Result<Stored, PictureError> {
    /// The long side of a stored drawing: enough for an advertisement's mark.
    const DRAWN_SIDE: u32 = 1024;
    let format = sniff(bytes)?;
    let pixels = match format {
        Format::Svg => svg::draw(bytes, svg::Fit::Within(DRAWN_SIDE))?.pixels,
        // Decoded whole, so that nothing is stored that does not open.
        format => raster::decode(bytes, format)?.into_rgba8(),
    };
    let (width, height) = pixels.dimensions();
    let (bytes, mime_type) = match format {
        Format::Svg | Format::Ico | Format::Bmp => (raster::encode_png(&pixels), "image/png"),
        Format::Png => (bytes.to_vec(), "image/png"),
        Format::Jpeg => (bytes.to_vec(), "image/jpeg"),
        Format::Gif => (bytes.to_vec(), "image/gif"),
        Format::WebP => (bytes.to_vec(), "image/webp"),
    };
    Ok(Stored { bytes, mime_type, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_leaves_as_a_png() {
        let text = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'>\
                    <script>alert(1)</script><rect width='9' height='9' onclick='x()'/></svg>";
        let stored = for_storage(text.as_bytes()).expect("a drawing");
        assert_eq!((stored.width, stored.height), (1024, 512));
        assert_eq!(sniff(&stored.bytes), Ok(Format::Png));
        assert!(!stored.bytes.windows(6).any(|window| window == b"script"));
    }

    #[test]
    fn what_does_not_open_is_not_stored() {
        let mut file = raster::png_of(30, 30, |x, _| [raster::byte(x), 0, 0, 255]);
        assert_eq!(for_storage(&file).map(|stored| stored.bytes), Ok(file.clone()));
        file.truncate(60);
        assert!(for_storage(&file).is_err());
    }
}
