//! Opens pictures that strangers sent: what a file is, how large, and its pixels.
//!
//! The leading bytes say what a file is, never its name or its declared type. Raster files are
//! decoded under limits of size and work; SVG is measured before it is drawn, and only its drawing
//! leaves this room. Never: a picture that is passed on unopened, a fetch, a file.

mod raster;
mod sniff;
mod storage;
mod svg;

use image::RgbaImage;

pub use sniff::{Format, sniff};
pub use storage::{Stored, for_storage};
pub use svg::Vector;

#[cfg(test)]
pub(crate) use raster::{byte, png_of};

/// A picture that was opened.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What the file is.
    pub format: Format,
    /// Its own width in pixels; of an SVG the width that it asks for, rounded up.
    pub width: u32,
    /// Its own height in pixels.
    pub height: u32,
    /// The pixels, not premultiplied, long side at most [`WORKING_SIDE`]. Sampled, not averaged:
    /// every colour in it is in the file.
    pub pixels: RgbaImage,
    /// Whether some part can be seen through.
    pub transparent: bool,
    /// Whether it is an SVG with live text, which is not drawn, because no font comes with it.
    pub text_left_out: bool,
}

impl Picture {
    /// Width by height.
    pub fn aspect(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }
}

/// The longest side in pixels of a picture that is looked at; more adds time and no knowledge.
pub const WORKING_SIDE: u32 = 256;

/// Why a file gives no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No picture format begins like this; often an error page sent in a picture's place.
    #[error("not a picture")]
    NotAPicture,
    /// A picture in a format that is not read here.
    #[error("{0} pictures are not supported")]
    Unsupported(&'static str),
    /// More pixels, nodes or work than a limit allows.
    #[error("the picture is too large: {0}")]
    TooLarge(&'static str),
    /// Something that no picture needs and that could do harm, or that would be lost.
    #[error("the picture may not contain {0}")]
    Forbidden(&'static str),
    /// The file breaks its own format.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Opens a picture of any supported format.
pub fn open(bytes: &[u8]) -> Result<Picture, PictureError> {
    match sniff(bytes)? {
        Format::Svg => {
            let drawing = svg::draw(bytes, svg::Fit::Within(svg::LOOKING_SIDE))?;
            Ok(Picture {
                format: Format::Svg,
                width: drawing.natural.0,
                height: drawing.natural.1,
                transparent: see_through(&drawing.pixels),
                pixels: drawing.pixels,
                text_left_out: drawing.text_left_out,
            })
        }
        format => {
            let whole = raster::decode(bytes, format)?.into_rgba8();
            let transparent = see_through(&whole);
            let (width, height) = whole.dimensions();
            let pixels = raster::sampled(whole, WORKING_SIDE);
            Ok(Picture { format, width, height, pixels, transparent, text_left_out: false })
        }
    }
}

/// All pixels of a raster picture, upright, not premultiplied; nothing else of the file is kept.
///
/// Stricter than [`open`]: a file that ends too early is damaged, even where a decoder would fill
/// up the rest with grey.
pub fn whole(bytes: &[u8]) -> Result<image::DynamicImage, PictureError> {
    let format = sniff(bytes)?;
    if format == Format::Jpeg {
        raster::check_end(bytes)?;
    }
    raster::decode(bytes, format)
}

/// Whether more than a trace of the picture lets the ground through.
fn see_through(pixels: &RgbaImage) -> bool {
    /// An anti-aliased corner of an icon is not a transparent picture: 0.5 % of the pixels.
    const TRACE: usize = 200;
    let clear = pixels.pixels().filter(|pixel| pixel.0[3] < 128).count();
    clear * TRACE > pixels.len() / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_page_is_no_picture() {
        let page = b"<!doctype html><html><body>not found</body></html>";
        assert_eq!(open(page).err(), Some(PictureError::NotAPicture));
    }

    #[test]
    fn a_name_or_type_is_never_asked() {
        let picture = open(&raster::png_of(3, 2, |_, _| [255, 0, 0, 255])).expect("a PNG");
        assert_eq!((picture.format, picture.width, picture.height), (Format::Png, 3, 2));
        assert!(!picture.transparent);
    }

    #[test]
    fn damaged_files_of_every_format_end_in_errors() {
        let whole = raster::png_of(40, 40, |x, y| [byte(x), byte(y), 9, 255]);
        for cut in 0..whole.len() {
            // Neither a cut file nor a changed byte may panic.
            let _ = open(&whole[..cut]);
            let mut changed = whole.clone();
            changed[cut] ^= 0x55;
            let _ = open(&changed);
        }
        for magic in
            [&b"GIF89a"[..], b"\xff\xd8\xff\xe0", b"BM", b"\0\0\x01\0", b"RIFF\x10\0\0\0WEBPVP8 "]
        {
            let mut file = magic.to_vec();
            file.extend((0..400).map(|n| byte(n * 37)));
            assert!(open(&file).is_err(), "{magic:?}");
        }
    }
}
