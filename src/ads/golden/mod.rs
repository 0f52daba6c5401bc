//! Golden pictures: fixed scenes whose small pictures are kept, so that a change of looks is seen.
//!
//! `thumbnails.png` holds one small picture a scene, in the order of `scenes::all`; each is
//! compared with what is drawn today, within a tolerance that other rounding stays below. A picture
//! that differs is saved with what was expected under `target/golden`. To accept new looks, look at
//! them, then run `cargo test --lib ads::golden -- --ignored`. Never: a hash of every pixel.

mod scenes;

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use image::{RgbImage, imageops::overlay};

use crate::ads::raster::Pixels;

/// The side of a small picture, in px.
const SIDE: u32 = 96;

/// Small pictures in a row of the sheet.
const COLUMNS: u32 = 8;

/// The most that the channels of two pictures may differ in the mean.
const MEAN: f64 = 1.5;

/// The most that one place of a picture may differ; more is a word or a box that moved.
const MOST: u8 = 26;

#[test]
fn pictures_look_as_they_did() {
    let expected = image::open(sheet_path()).expect("the kept pictures").into_rgb8();
    let mut differ: Vec<String> = Vec::new();
    let scenes = scenes::all();
    for (place, (name, pixels)) in scenes.iter().enumerate() {
        let (actual, kept) = (thumbnail(pixels), cell(&expected, place));
        let (mean, most) = difference(&actual, &kept);
        if mean > MEAN || most > MOST {
            differ.push(format!("{name}: {mean:.2} in the mean, {most} at the most"));
            save(name, "actual", &whole(pixels));
            save(name, "actual-small", &enlarged(&actual));
            save(name, "expected-small", &enlarged(&kept));
        }
    }
    let at = output().display().to_string();
    assert!(differ.is_empty(), "look at {at}:\n{}", differ.join("\n"));
    let (_, rows) = rows(scenes.len());
    assert_eq!(expected.dimensions(), (COLUMNS * SIDE, rows * SIDE), "renew the kept pictures");
}

#[test]
#[ignore = "writes the kept pictures anew"]
fn renew() {
    let scenes = scenes::all();
    let (columns, rows) = rows(scenes.len());
    let mut sheet = RgbImage::new(columns * SIDE, rows * SIDE);
    for (place, (name, pixels)) in scenes.iter().enumerate() {
        let [x, y] = corner(place);
        overlay(&mut sheet, &thumbnail(pixels), i64::from(x), i64::from(y));
        save(name, "actual", &whole(pixels));
    }
    sheet.save(sheet_path()).expect("a file in the sources");
}

#[test]
fn a_moved_box_and_another_colour_are_seen_and_a_shade_is_not() {
    let plain = RgbImage::from_pixel(SIDE, SIDE, image::Rgb([200, 200, 200]));
    let shade = RgbImage::from_pixel(SIDE, SIDE, image::Rgb([201, 200, 199]));
    let (mean, most) = difference(&plain, &shade);
    assert!(mean <= MEAN && most <= MOST);
    let mut moved = plain.clone();
    moved.put_pixel(4, 4, image::Rgb([120, 120, 120]));
    assert!(difference(&plain, &moved).1 > MOST);
    let other = RgbImage::from_pixel(SIDE, SIDE, image::Rgb([200, 190, 200]));
    assert!(difference(&plain, &other).0 > MEAN);
}

fn rows(count: usize) -> (u32, u32) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (COLUMNS, count.div_ceil(COLUMNS))
}

fn corner(place: usize) -> [u32; 2] {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    [place % COLUMNS * SIDE, place / COLUMNS * SIDE]
}

fn cell(sheet: &RgbImage, place: usize) -> RgbImage {
    let [x, y] = corner(place);
    imageops::crop_imm(sheet, x, y, SIDE, SIDE).to_image()
}

fn whole(pixels: &Pixels) -> RgbImage {
    let [width, height] = pixels.size();
    RgbImage::from_raw(width, height, pixels.rgb().to_vec()).expect("three bytes a pixel")
}

fn thumbnail(pixels: &Pixels) -> RgbImage {
    imageops::resize(&whole(pixels), SIDE, SIDE, FilterType::Triangle)
}

fn enlarged(small: &RgbImage) -> RgbImage {
    imageops::resize(small, SIDE * 4, SIDE * 4, FilterType::Nearest)
}

/// The mean difference of all channels, and the largest of one.
fn difference(one: &RgbImage, two: &RgbImage) -> (f64, u8) {
    let pairs = one.as_raw().iter().zip(two.as_raw());
    let apart: Vec<u8> = pairs.map(|(one, two)| one.abs_diff(*two)).collect();
    let sum: u32 = apart.iter().map(|apart| u32::from(*apart)).sum();
    let count = u32::try_from(apart.len().max(1)).unwrap_or(u32::MAX);
    (f64::from(sum) / f64::from(count), apart.into_iter().max().unwrap_or(u8::MAX))
}

fn sheet_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ads/golden/thumbnails.png")
}

fn output() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/golden")
}

fn save(name: &str, what: &str, picture: &RgbImage) {
    std::fs::create_dir_all(output()).expect("a folder for pictures");
    picture.save(output().join(format!("{name}-{what}.png"))).expect("a picture");
}
