//! A picture cut to its box, in the form that an SVG embeds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::matter::{Bytes, Matter, unpremultiplied};
use super::resample::Part;
use super::{Content, CutKey, PictureError};

/// A cut of a picture, ready for an `<image>`.
#[derive(Debug)]
pub struct Embedded {
    /// Width in px.
    pub width: u32,
    /// Height in px.
    pub height: u32,
    /// `data:image/jpeg;base64,…`, or PNG where it is transparent.
    pub href: String,
}

/// Cuts, resamples and encodes.
pub(super) fn embedded(content: &Content, key: CutKey) -> Result<Embedded, PictureError> {
    /// No canvas is larger.
    const MAX_SIDE: u32 = 4096;
    let (width, height, focus) = key;
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureError::TooLarge("a box for it of no size or over 4096 px"));
    }
    let (cut, is_drawn) = match content {
        Content::Pixels(matter) => (cut_out(matter, width, height, focus), false),
        Content::Drawing(vector) => {
            let [own_width, own_height] = vector.size();
            let long = drawn_side([own_width, own_height], width, height, focus.is_some());
            let drawn = Matter::of(vector.drawn(long)?.into());
            (cut_out(&drawn, width, height, focus), true)
        }
    };
    let is_mark = focus.is_none() && u64::from(width) * u64::from(height) <= MARK_PIXELS;
    let file = encoded(cut, is_drawn || is_mark);
    Ok(Embedded { width, height, href: file })
}

/// A picture that is shown whole and is no larger than this is a mark: it is embedded without
/// loss, for JPEG draws rings around letters.
const MARK_PIXELS: u64 = 512 * 512;

/// The long side at which a drawing covers the box, or fits into it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides are at most 4096 px, and a float cast saturates"
)]
fn drawn_side([own_width, own_height]: [f32; 2], width: u32, height: u32, covers: bool) -> u32 {
    let (across, down) = (width as f32 / own_width, height as f32 / own_height);
    let scale = if covers { across.max(down) } else { across.min(down) };
    (scale * own_width.max(own_height)).ceil().max(1.0) as u32
}

fn cut_out(matter: &Matter, width: u32, height: u32, focus: Option<[i32; 2]>) -> Matter {
    let part = match focus {
        Some(focus) => covering(matter, f64::from(width) / f64::from(height), focus),
        None => matter.whole(),
    };
    matter.resampled(part, width, height)
}

/// The largest part of this aspect ratio with the focus as near to its middle as can be.
fn covering(matter: &Matter, aspect: f64, focus: [i32; 2]) -> Part {
    let (own_width, own_height) = (f64::from(matter.width), f64::from(matter.height));
    let width = own_width.min(own_height * aspect);
    let height = own_height.min(own_width / aspect);
    let start = |share: i32, own: f64, side: f64| {
        (f64::from(share) / 1000.0 * own - side / 2.0).clamp(0.0, (own - side).max(0.0))
    };
    let (x, y) = (start(focus[0], own_width, width), start(focus[1], own_height, height));
    Part { x, y, width, height }
}

/// As JPEG, or as PNG where it is transparent or may lose nothing.
fn encoded(cut: Matter, lossless: bool) -> String {
    let (width, height) = (cut.width, cut.height);
    let (color, bytes) = match cut.bytes {
        Bytes::Opaque(bytes) if !lossless => return jpeg(&bytes, width, height),
        Bytes::Opaque(bytes) => (png::ColorType::Rgb, bytes),
        Bytes::Alpha(bytes) => (png::ColorType::Rgba, unpremultiplied(bytes)),
    };
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_compression(png::Compression::Fast);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&bytes)?;
            writer.finish()
        })
        .expect("pixels of this size are encoded into memory");
    format!("data:image/png;base64,{}", STANDARD.encode(file))
}

fn jpeg(bytes: &[u8], width: u32, height: u32) -> String {
    /// Beyond this quality files grow and nobody sees why.
    const QUALITY: u8 = 90;
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .encode(bytes, width, height, ExtendedColorType::Rgb8)
        .expect("pixels of this size are encoded into memory");
    format!("data:image/jpeg;base64,{}", STANDARD.encode(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: u32, height: u32) -> Matter {
        Matter::of(image::RgbImage::new(width, height).into())
    }

    #[test]
    fn a_cut_stays_within_and_follows_the_focus() {
        let wide = plain(400, 100);
        let at = |share| covering(&wide, 1.0, [share, 500]);
        assert_eq!(at(0), Part { x: 0.0, y: 0.0, width: 100.0, height: 100.0 });
        assert_eq!(at(1000), Part { x: 300.0, y: 0.0, width: 100.0, height: 100.0 });
        assert_eq!(at(500), Part { x: 150.0, y: 0.0, width: 100.0, height: 100.0 });
        let whole = covering(&wide, 4.0, [900, 900]);
        assert_eq!(whole, Part { x: 0.0, y: 0.0, width: 400.0, height: 100.0 });
    }

    #[test]
    fn a_photo_is_embedded_as_jpeg_and_a_cut_out_as_png() {
        assert!(encoded(plain(8, 8), false).starts_with("data:image/jpeg;base64,"));
        assert!(encoded(plain(8, 8), true).starts_with("data:image/png;base64,"));
        let clear = Matter::of(image::RgbaImage::new(8, 8).into());
        assert!(encoded(clear, false).starts_with("data:image/png;base64,"));
    }

    #[test]
    fn a_box_of_no_size_is_an_error() {
        let content = Content::Pixels(plain(8, 8));
        assert!(embedded(&content, (0, 5, None)).is_err());
        assert!(embedded(&content, (5, 5000, None)).is_err());
    }
}
