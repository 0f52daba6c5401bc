//! Pictures as strangers send them, and what becomes of them.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::pixels::png_of;

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a picture is written to memory");
    file.into_inner()
}

fn photo(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        let [a, b] = [x * 255 / width, y * 255 / height].map(|v| v.to_le_bytes()[0]);
        Rgb([a, b, if x > width / 2 { 200 } else { 40 }])
    })
    .into()
}

fn svg(inside: &str) -> Result<Picture, PictureError> {
    let text =
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 100'>{inside}</svg>");
    Picture::read(text.as_bytes())
}

/// What is embedded, decoded again.
fn pixels(cut: &Embedded) -> RgbaImage {
    use base64::Engine as _;
    let (_, text) = cut.href.split_once("base64,").expect("a data address");
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
    image::load_from_memory(&bytes).expect("a picture").into_rgba8()
}

#[test]
fn every_format_that_is_promised_opens() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let picture = Picture::read(&file(&photo(64, 48), format)).expect("a photo");
        assert_eq!((picture.size(), picture.is_drawing()), ([64, 48], false), "{format:?}");
        assert!(!picture.is_transparent(), "{format:?}");
    }
    let mark = svg("<circle cx='50' cy='50' r='40' fill='#d22'/>").expect("a drawing");
    assert_eq!((mark.size(), mark.is_drawing()), ([200, 100], true));
}

#[test]
fn what_is_no_picture_is_said_in_a_sentence() {
    let text = Picture::read(b"<!doctype html><title>404</title>").expect_err("a page");
    assert_eq!(text.to_string(), "not a picture");
    let large = Picture::read(&vec![0xff; MAX_BYTES + 1]).expect_err("too many bytes");
    assert_eq!(large.to_string(), "the picture is too large: a file of more than 15 MiB");
}

#[test]
fn sixty_megapixels_are_refused_by_their_header() {
    let mut png = png_of(1, 1, |_, _| [9, 9, 9, 255]);
    png[16..24].copy_from_slice(&[[0, 0, 0x1e, 0x46], [0, 0, 0x1e, 0x46]].concat());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let error = Picture::read(&png).expect_err("7750 by 7750");
    assert_eq!(error.to_string(), "the picture is too large: more than 24 megapixels");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

#[test]
fn a_file_that_ends_too_early_is_damaged() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = file(&photo(200, 150), format);
        for share in [3, 5, 8, 9] {
            let cut = &whole[..whole.len() * share / 10];
            let result = Picture::read(cut);
            assert!(matches!(result, Err(PictureError::Damaged(_))), "{format:?} {share}");
        }
    }
}

#[test]
fn a_hostile_drawing_is_refused_and_says_why() {
    let mut tower = "<g id='l0'><rect width='9' height='9'/></g>".to_owned();
    for level in 1..12 {
        let uses = format!("<use href='#l{}'/>", level - 1).repeat(10);
        write!(tower, "<g id='l{level}'>{uses}</g>").expect("a string grows");
    }
    let shape = "<rect width='9' height='9'/>";
    for (inside, says) in [
        (tower, "an SVG that multiplies itself"),
        ("<g/>".repeat(20_001), "an SVG of many nodes"),
        (format!("{shape}<script>alert(1)</script>"), "a script"),
        (format!("<g onclick='x()'>{shape}</g>"), "a script"),
        (format!("{shape}<image href='file:///etc/passwd' width='9' height='9'/>"), "another file"),
        (format!("{shape}<image href='http://127.0.0.1/a.png'/>"), "another file"),
        (format!("{shape}<text font-family='Gotham'>Tide</text>"), "live text"),
        (String::new(), "does not draw anything"),
    ] {
        let error = svg(&inside).expect_err(says).to_string();
        assert!(error.contains(says), "{error}");
    }
    for whole in [
        "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>\
         <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;'>\
         <!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;'>\
         ]><svg xmlns='http://www.w3.org/2000/svg'><desc>&f;</desc></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='5'><rect width='9' \
         height='9'/></svg>",
    ] {
        assert!(Picture::read(whole.as_bytes()).is_err(), "{whole}");
    }
}

#[test]
fn an_endless_size_costs_no_memory() {
    let text = "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9' \
                viewBox='0 0 10 10'><rect width='10' height='10' fill='#00f'/></svg>";
    let picture = Picture::read(text.as_bytes()).expect("a square, however large it would be");
    let cut = picture.covering(40, 40, [0.5, 0.5]).expect("a cut");
    assert_eq!(pixels(&cut).get_pixel(20, 20).0, [0, 0, 255, 255]);
}

#[test]
fn a_photo_is_turned_as_its_camera_was() {
    let mut sideways = file(&photo(64, 32), ImageFormat::Jpeg);
    // Exif with one entry: orientation 6, a quarter turn clockwise.
    let exif =
        b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    sideways.splice(2..2, exif.iter().copied());
    let upright = Picture::read(&sideways).expect("a photo");
    assert_eq!(upright.size(), [32, 64]);
    let cut = upright.fitted(32, 64).expect("a cut");
    assert!(!cut.href.contains("RXhpZg"), "metadata is dropped");
    // What was on the right is now at the bottom.
    let [top, bottom] = [8, 56].map(|y| pixels(&cut).get_pixel(16, y).0[2]);
    assert!(top < 90 && bottom > 150, "{top} {bottom}");
}

#[test]
fn a_cut_is_made_once_for_each_size() {
    let picture = Picture::read(&file(&photo(300, 200), ImageFormat::Png)).expect("a photo");
    let first = picture.covering(50, 50, [0.2, 0.5]).expect("a cut");
    let again = picture.covering(50, 50, [0.2, 0.5]).expect("a cut");
    assert!(Arc::ptr_eq(&first, &again));
    for side in 1..40 {
        picture.covering(side, side, [0.2, 0.5]).expect("a cut");
    }
    let later = picture.covering(50, 50, [0.2, 0.5]).expect("a cut");
    assert_eq!(first.href, later.href);
}

#[test]
fn a_cut_out_keeps_its_edge_free_of_its_ground() {
    let disc = RgbaImage::from_fn(120, 120, |x, y| {
        let (dx, dy) = (i64::from(x) - 60, i64::from(y) - 60);
        Rgba(if dx * dx + dy * dy < 50 * 50 { [220, 30, 30, 255] } else { [0, 255, 0, 0] })
    });
    let picture = Picture::read(&file(&disc.into(), ImageFormat::Png)).expect("a cut-out");
    assert!(picture.is_transparent());
    let small = pixels(&picture.fitted(37, 37).expect("a cut"));
    for pixel in small.pixels().filter(|pixel| pixel.0[3] > 8) {
        let [red, green, blue, _] = pixel.0;
        assert!(red > 190 && green < 60 && blue < 60, "{pixel:?}");
    }
}
