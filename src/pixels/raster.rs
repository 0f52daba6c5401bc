//! Decodes raster files under limits.
//!
//! The header's size is judged before a pixel is decoded, and of a JPEG the number of its scans:
//! each passes over the whole picture, so that a small file could ask for hours.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbaImage};

use super::{Format, PictureError};

/// The longest side in pixels that is decoded.
pub(super) const MAX_SIDE: u32 = 8192;
/// The most pixels that are decoded: a photo of 24 megapixels.
pub(super) const MAX_PIXELS: u64 = 24_000_000;
/// The most memory that one decoder may take.
const MAX_ALLOC: u64 = 128 << 20;

/// The whole picture, turned upright.
pub(super) fn decode(bytes: &[u8], format: Format) -> Result<DynamicImage, PictureError> {
    let format = match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Ico => ImageFormat::Ico,
        Format::Bmp => ImageFormat::Bmp,
        Format::Svg => return Err(PictureError::NotAPicture),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| damaged(&error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if format == ImageFormat::Jpeg {
        check_scans(bytes, u64::from(width) * u64::from(height))?;
    }
    // A picture whose orientation cannot be read is shown as it lies.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// Whether a JPEG has an end behind its last scan.
pub(super) fn check_end(bytes: &[u8]) -> Result<(), PictureError> {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    match (last([0xff, 0xda]), last([0xff, 0xd9])) {
        (Some(scan), Some(end)) if end > scan => Ok(()),
        _ => Err(PictureError::Damaged("it ends too early".to_owned())),
    }
}

/// Whether a picture of this size may be decoded at all.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged("it has no pixels".to_owned()));
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureError::TooLarge("a side has more than 8192 pixels"));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge("more than 24 megapixels"));
    }
    Ok(())
}

fn check_scans(bytes: &[u8], pixels: u64) -> Result<(), PictureError> {
    /// Cameras write ten scans; 24 megapixels in twenty of them pass.
    const MAX_SCANNED_PIXELS: u64 = 480_000_000;
    let scans = bytes.windows(2).filter(|pair| pair == b"\xff\xda").count();
    let scanned = pixels.saturating_mul(u64::try_from(scans).unwrap_or(u64::MAX));
    if scanned > MAX_SCANNED_PIXELS {
        return Err(PictureError::TooLarge("a JPEG of too many scans"));
    }
    Ok(())
}

fn damaged(error: &image::ImageError) -> PictureError {
    /// A decoder's message may quote the file.
    const MESSAGE_CHARS: usize = 120;
    if matches!(error, image::ImageError::Limits(_)) {
        return PictureError::TooLarge("a side, the pixels or the memory that they need");
    }
    PictureError::Damaged(error.to_string().chars().take(MESSAGE_CHARS).collect())
}

/// The picture with every n-th row and column, so that its long side is at most `side`.
pub(super) fn sampled(picture: RgbaImage, side: u32) -> RgbaImage {
    let (width, height) = picture.dimensions();
    let long = width.max(height);
    if long <= side {
        return picture;
    }
    let scaled = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / u64::from(long);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    let (small_width, small_height) = (scaled(width), scaled(height));
    // The middle of each cell: an icon's edge rows are not over-represented.
    let at = |n: u32, small: u32, whole: u32| {
        let middle = (u64::from(n) * 2 + 1) * u64::from(whole) / (2 * u64::from(small));
        u32::try_from(middle).unwrap_or(0).min(whole - 1)
    };
    RgbaImage::from_fn(small_width, small_height, |x, y| {
        *picture.get_pixel(at(x, small_width, width), at(y, small_height, height))
    })
}

/// `picture` as a PNG file.
pub(super) fn encode_png(picture: &RgbaImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture
        .write_to(&mut file, ImageFormat::Png)
        .expect("a picture of nonzero size is written to memory");
    file.into_inner()
}

/// A PNG drawn by `paint`, for tests.
#[cfg(test)]
pub(crate) fn png_of(width: u32, height: u32, paint: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    encode_png(&RgbaImage::from_fn(width, height, |x, y| image::Rgba(paint(x, y))))
}

/// The lowest eight bits, for pictures painted by arithmetic in tests.
#[cfg(test)]
pub(crate) fn byte(value: u32) -> u8 {
    value.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG header that promises more than it holds.
    fn png_claiming(width: u32, height: u32) -> Vec<u8> {
        let mut file = png_of(1, 1, |_, _| [0; 4]);
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        file
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        })
    }

    #[test]
    fn a_small_file_may_not_claim_a_huge_picture() {
        for (width, height) in [(60_000, 60_000), (8192, 8192), (1, 8193), (0, 5)] {
            let result = decode(&png_claiming(width, height), Format::Png);
            let is_refused =
                matches!(result, Err(PictureError::TooLarge(_) | PictureError::Damaged(_)));
            assert!(is_refused, "{width} {height}");
        }
    }

    #[test]
    fn a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() {
        let mut file = Cursor::new(Vec::new());
        image::RgbImage::new(4000, 4000).write_to(&mut file, ImageFormat::Jpeg).expect("a JPEG");
        let mut bytes = file.into_inner();
        assert!(decode(&bytes, Format::Jpeg).is_ok());
        bytes.extend(b"\xff\xda".repeat(1000));
        assert!(matches!(decode(&bytes, Format::Jpeg), Err(PictureError::TooLarge(_))));
    }

    #[test]
    fn sampling_invents_no_colour() {
        let stripes = RgbaImage::from_fn(2000, 3, |x, _| {
            image::Rgba(if x % 2 == 0 { [0, 0, 0, 255] } else { [255, 255, 255, 255] })
        });
        let small = sampled(stripes, 100);
        assert_eq!(small.dimensions(), (100, 1));
        assert!(small.pixels().all(|pixel| pixel.0[0] == 0 || pixel.0[0] == 255));
    }
}
