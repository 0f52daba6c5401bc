//! A picture from the model: what is asked for, and whether what came is one.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use serde_json::Value;

use super::hygiene::plain_words;

/// A picture to be painted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRequest {
    /// What it shows, in the words of who ordered it.
    pub subject: String,
    /// How it is made, such as `studio photograph, matte paper`.
    pub style: String,
    /// How it is lit, such as `soft morning light`.
    pub light: String,
    /// Where the ad's words will stand.
    pub empty: EmptyArea,
    /// The proportions of the place that it will fill, in any unit.
    pub size: (u32, u32),
}

/// The part of a picture that is left empty for words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyArea {
    /// None: the words stand elsewhere.
    #[default]
    None,
    /// On the left.
    Left,
    /// On the right.
    Right,
    /// Above.
    Top,
    /// Below.
    Bottom,
}

/// A picture that was painted.
#[derive(Clone, PartialEq, Eq)]
pub struct PictureAnswer {
    /// A PNG of our own making, without whatever else was in the file.
    pub png: Vec<u8>,
    /// In pixels.
    pub size: (u32, u32),
    /// The model's name, for the provenance.
    pub model: String,
}

impl std::fmt::Debug for PictureAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { png, size, model } = self;
        let bytes = png.len();
        f.debug_struct("PictureAnswer")
            .field("bytes", &bytes)
            .field("size", size)
            .field("model", model)
            .finish()
    }
}

/// Why what came is no picture that an ad can carry. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PictureFault {
    #[error("the answer holds no picture")]
    None,
    #[error("the picture is no PNG, JPEG or WebP")]
    Format,
    #[error("the picture is damaged or larger than 4096 pixels")]
    Unreadable,
    #[error("the picture is of one colour")]
    Flat,
}

/// The most of the client's words that reach the model.
const MAX_SUBJECT: usize = 400;

/// The same of the words about style and light, which are ours.
const MAX_MANNER: usize = 200;

/// What no picture may show: the words of an ad are set by us.
pub(super) const UNWANTED: &str = "text, letters, words, logo, watermark, signature, frame";

/// Larger than any ad needs, and small enough to decode without fear.
const MAX_SIDE: u32 = 4_096;

/// Four bytes a pixel, and the decoder's own needs.
const MAX_MEMORY: u64 = 192 << 20;

/// A picture whose channels stay within this range shows nothing.
const FLAT_RANGE: u8 = 12;

/// The side to which a picture is reduced before it is looked at.
const LOOK_SIDE: u32 = 32;

impl PictureRequest {
    /// The words for the model.
    pub(super) fn prompt(&self) -> String {
        let Self { subject, style, light, empty, size: _ } = self;
        let words = [
            plain_words(subject, MAX_SUBJECT),
            plain_words(style, MAX_MANNER),
            plain_words(light, MAX_MANNER),
            "no text, no letters, no logo".to_owned(),
            empty.words().to_owned(),
        ];
        let said: Vec<&str> = words
            .iter()
            .map(|part| part.trim_end_matches([',', '.']))
            .filter(|part| !part.is_empty())
            .collect();
        said.join(", ")
    }

    /// That of `sizes` whose proportions are nearest, and of two such the larger.
    pub(super) fn nearest(&self, sizes: &[(u32, u32)]) -> Option<(u32, u32)> {
        let proportion =
            |(width, height): (u32, u32)| f64::from(width.max(1)) / f64::from(height.max(1));
        let wanted = proportion(self.size);
        let distance = |size: (u32, u32)| (proportion(size) / wanted).ln().abs();
        sizes.iter().copied().min_by(|one, other| {
            let larger = (other.0 * other.1).cmp(&(one.0 * one.1));
            distance(*one).total_cmp(&distance(*other)).then(larger)
        })
    }
}

impl EmptyArea {
    const fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Left => "empty area on the left third",
            Self::Right => "empty area on the right third",
            Self::Top => "empty area in the upper third",
            Self::Bottom => "empty area in the lower third",
        }
    }
}

/// Where the picture is in an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The bytes of a file.
    File(Vec<u8>),
    /// Somewhere else.
    Url(String),
}

/// Finds the picture in an answer of either protocol.
pub(super) fn find_picture(body: &[u8]) -> Result<Found, PictureFault> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| PictureFault::None)?;
    let texts = ["/data/0/b64_json", "/images/0", "/data/0/url"];
    let text = texts
        .iter()
        .filter_map(|place| answer.pointer(place)?.as_str())
        .find(|text| !text.is_empty())
        .ok_or(PictureFault::None)?;
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(Found::Url(text.to_owned()));
    }
    // `data:image/png;base64,…` is how some write it.
    let encoded = text.split_once("base64,").map_or(text, |(_, encoded)| encoded);
    let encoded: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(encoded).map(Found::File).map_err(|_| PictureFault::None)
}

/// Decodes a file within limits and makes a PNG of it.
pub(super) fn read_picture(file: &[u8]) -> Result<(Vec<u8>, (u32, u32)), PictureFault> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|_| PictureFault::Format)?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return Err(PictureFault::Format);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| PictureFault::Unreadable)?;
    if is_flat(&picture) {
        return Err(PictureFault::Flat);
    }
    let size = (picture.width(), picture.height());
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
    let rgb = DynamicImage::ImageRgb8(picture.into_rgb8());
    rgb.write_with_encoder(encoder).map_err(|_| PictureFault::Unreadable)?;
    Ok((png, size))
}

fn is_flat(picture: &DynamicImage) -> bool {
    let small = picture.thumbnail_exact(LOOK_SIDE, LOOK_SIDE).into_rgb8();
    (0..3).all(|channel| {
        let values = || small.pixels().map(|pixel| pixel.0[channel]);
        let range = values().max().unwrap_or(0) - values().min().unwrap_or(0);
        range < FLAT_RANGE
    })
}

/// The size of a PNG that [`read_picture`] made.
pub(super) fn size_of(png: &[u8]) -> Option<(u32, u32)> {
    ImageReader::with_format(Cursor::new(png), ImageFormat::Png).into_dimensions().ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn request(subject: &str, size: (u32, u32)) -> PictureRequest {
        PictureRequest {
            subject: subject.to_owned(),
            style: "studio photograph".to_owned(),
            light: "soft light.".to_owned(),
            empty: EmptyArea::Left,
            size,
        }
    }

    /// A picture whose colours run from one side to the other.
    pub(crate) fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, _| {
            let part = u8::try_from(x * 255 / width).expect("at most 255");
            image::Rgb([part, 80, 255 - part])
        });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("memory takes all");
        bytes.into_inner()
    }

    #[test]
    fn the_prompt_is_ours_around_plain_words() {
        let prompt = request("a boat <lora:x:1> | (ugly)", (1, 1)).prompt();
        assert_eq!(
            prompt,
            "a boat lora x 1 ugly, studio photograph, soft light, no text, no letters, no logo, \
             empty area on the left third"
        );
    }

    #[test]
    fn the_size_with_the_nearest_proportions_is_asked_for() {
        let sizes = [(1024, 1024), (512, 512), (832, 1216), (1216, 832)];
        let nearest = |size| request("", size).nearest(&sizes);
        assert_eq!(nearest((1080, 1080)), Some((1024, 1024)));
        assert_eq!(nearest((1080, 1920)), Some((832, 1216)));
        assert_eq!(nearest((728, 90)), Some((1216, 832)));
        assert_eq!(nearest((0, 0)), Some((1024, 1024)));
        assert_eq!(request("", (1, 1)).nearest(&[]), None);
    }

    #[test]
    fn a_picture_is_found_in_either_protocol() {
        let encoded = STANDARD.encode(b"file");
        let found = |body: String| find_picture(body.as_bytes());
        let file = Ok(Found::File(b"file".to_vec()));
        assert_eq!(found(format!(r#"{{"data":[{{"b64_json":"{encoded}"}}]}}"#)), file);
        assert_eq!(found(format!(r#"{{"images":["{encoded}"]}}"#)), file);
        assert_eq!(found(format!(r#"{{"images":["data:image/png;base64,{encoded}"]}}"#)), file);
        let url = r#"{"data":[{"b64_json":null,"url":"http://127.0.0.1/a.png"}]}"#;
        assert_eq!(found(url.to_owned()), Ok(Found::Url("http://127.0.0.1/a.png".to_owned())));
        for body in ["{}", "<html>", r#"{"data":[]}"#, r#"{"images":["%%%"]}"#] {
            assert_eq!(found(body.to_owned()), Err(PictureFault::None), "{body}");
        }
    }

    #[test]
    fn a_picture_is_made_anew_and_what_is_none_is_refused() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let (png, size) = read_picture(&file(64, 48, format)).expect("a picture");
            assert_eq!(size, (64, 48));
            assert_eq!(size_of(&png), Some((64, 48)));
        }
        let mut commented = file(64, 48, ImageFormat::Jpeg);
        commented.splice(2..2, *b"\xff\xfe\x00\x08secret");
        let (png, _) = read_picture(&commented).expect("a picture");
        assert!(!png.windows(6).any(|window| window == b"secret"));
        let fault = |file: &[u8]| read_picture(file).err();
        assert_eq!(fault(b"<svg/>"), Some(PictureFault::Format));
        assert_eq!(fault(&file(8, 8, ImageFormat::Bmp)), Some(PictureFault::Format));
        assert_eq!(fault(&file(4_097, 1, ImageFormat::Png)), Some(PictureFault::Unreadable));
        let whole = file(64, 48, ImageFormat::Png);
        assert_eq!(fault(&whole[..whole.len() / 2]), Some(PictureFault::Unreadable));
        let mut flat = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(64, 64, image::Rgb([9, 9, 9]))
            .write_to(&mut flat, ImageFormat::Png)
            .expect("memory takes all");
        assert_eq!(fault(flat.get_ref()), Some(PictureFault::Flat));
    }
}
