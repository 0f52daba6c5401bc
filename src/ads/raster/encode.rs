//! Pixels as a file: PNG, and where a format's limit is tight, what is smaller.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::Pixels;
use super::quantize::{self, Indexed};
use crate::ads::svg::DrawError;

/// A picture as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub mime_type: &'static str,
}

/// `pixels` as a file of at most `limit` bytes: PNG as it is delivered, PNG with more effort, PNG
/// in 256 colours where that cannot be seen, then JPEG.
pub fn encode(pixels: &Pixels, limit: Option<usize>) -> Result<Encoded, DrawError> {
    let delivered = png(pixels, Effort::Delivered);
    let Some(limit) = limit else { return Ok(delivered) };
    let mut smallest = delivered.bytes.len();
    if smallest <= limit {
        return Ok(delivered);
    }
    drop(delivered);
    let attempts: [&dyn Fn() -> Option<Encoded>; 5] = [
        &|| Some(png(pixels, Effort::Best)),
        &|| few_colors(pixels),
        &|| Some(jpeg(pixels, 85)),
        &|| Some(jpeg(pixels, 75)),
        &|| Some(jpeg(pixels, 60)),
    ];
    for attempt in attempts {
        let Some(encoded) = attempt() else { continue };
        if encoded.bytes.len() <= limit {
            return Ok(encoded);
        }
        smallest = smallest.min(encoded.bytes.len());
    }
    Err(DrawError::OverLimit { limit, smallest })
}

/// How much time a PNG may take.
#[derive(Clone, Copy)]
enum Effort {
    /// As much as makes it clearly smaller.
    Delivered,
    /// Up to a second for the last tenth.
    Best,
}

fn png(pixels: &Pixels, effort: Effort) -> Encoded {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Rgb);
    let level = match effort {
        Effort::Delivered if is_flat(pixels) => 6,
        // In grain a longer search finds one part in twenty, in four times the time.
        Effort::Delivered => 3,
        Effort::Best => 9,
    };
    encoder.set_deflate_compression(png::DeflateCompression::Level(level));
    encoder.set_filter(png::Filter::Adaptive);
    written(encoder, pixels.rgb());
    Encoded { bytes, mime_type: "image/png" }
}

/// Whether most pixels are the same as their left neighbour: drawn, not photographed.
fn is_flat(pixels: &Pixels) -> bool {
    let [width, height] = pixels.size();
    // Every eighth row is enough to tell.
    let rows = (0..height).step_by(8);
    let (mut same, mut all) = (0_u64, 0_u64);
    for y in rows {
        let row = pixels.row(y);
        let pairs = row.chunks_exact(3).zip(row[3..].chunks_exact(3));
        same += pairs.map(|(one, two)| u64::from(one == two)).sum::<u64>();
        all += u64::from(width - 1);
    }
    same * 10 >= all * 7
}

fn few_colors(pixels: &Pixels) -> Option<Encoded> {
    /// Mean squared error of a channel: above this steps show in photographs and soft gradients.
    const MAX_ERROR: f64 = 9.0;
    let Indexed { palette, pixels: places, error } = quantize::indexed(pixels.rgb());
    if error > MAX_ERROR {
        return None;
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    // Neighbouring places in a palette have nothing to do with each other.
    encoder.set_filter(png::Filter::NoFilter);
    written(encoder, &places);
    Some(Encoded { bytes, mime_type: "image/png" })
}

fn written(encoder: png::Encoder<'_, &mut Vec<u8>>, bytes: &[u8]) {
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(bytes)?;
            writer.finish()
        })
        .expect("pixels of this size are encoded into memory");
}

fn jpeg(pixels: &Pixels, quality: u8) -> Encoded {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(pixels.rgb(), pixels.width, pixels.height, ExtendedColorType::Rgb8)
        .expect("pixels of this size are encoded into memory");
    Encoded { bytes, mime_type: "image/jpeg" }
}
