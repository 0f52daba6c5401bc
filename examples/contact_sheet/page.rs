//! The sheet itself: one picture with all ads, and one page with their checks.

use std::fmt::Write as _;

use image::imageops::{FilterType, overlay, resize};
use image::{Rgb, RgbImage};
use tidemill::ads::raster::Pixels;
use tidemill::ads::scene::Scene;

use crate::Failure;
use crate::cases::Case;

/// A case with what became of it.
pub(crate) type Shown = (Case, Scene, Pixels);

const CELL: u32 = 400;
const GAP: u32 = 24;
const ACROSS: u32 = 6;

/// An ad's file name without its ending.
pub(crate) fn file(case: &Case, scene: &Scene) -> String {
    format!("{:02}-{}-{}", case.number, layout(scene), scene.format.id.replace(':', "x"))
}

/// An ad in one line.
pub(crate) fn line(scene: &Scene, brand: &str) -> String {
    let failed: Vec<String> = scene
        .checks
        .iter()
        .filter(|check| !check.pass)
        .map(|check| format!("{} {:.2}", check.id, check.value))
        .collect();
    let (score, layout, format) = (scene.lint.score, layout(scene), &scene.format.id);
    let warnings = scene.warnings.join(" ");
    format!("{score:>3}  {brand} · {layout} · {format} · {warnings} {failed:?}")
}

fn layout(scene: &Scene) -> String {
    serde_json::to_value(scene.layout)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The pixels as a picture.
pub(crate) fn picture(pixels: &Pixels) -> Result<RgbImage, Failure> {
    let [w, h] = pixels.size();
    Ok(RgbImage::from_raw(w, h, pixels.rgb().to_vec()).ok_or("a picture of another size")?)
}

/// All ads in one picture.
pub(crate) fn sheet(shown: &[Shown]) -> Result<RgbImage, Failure> {
    let rows = u32::try_from(shown.len())?.div_ceil(ACROSS);
    let (w, h) = (ACROSS * (CELL + GAP) + GAP, rows * (CELL + GAP) + GAP);
    let mut sheet = RgbImage::from_pixel(w, h.max(1), Rgb([208, 208, 208]));
    for (at, (_, _, pixels)) in (0_u32..).zip(shown) {
        let whole = picture(pixels)?;
        let longest = whole.width().max(whole.height());
        let side = |side: u32| (side * CELL.min(longest) / longest).max(1);
        let small = resize(&whole, side(whole.width()), side(whole.height()), FilterType::Lanczos3);
        let x = GAP + at % ACROSS * (CELL + GAP) + (CELL - small.width()) / 2;
        let y = GAP + at / ACROSS * (CELL + GAP) + (CELL - small.height()) / 2;
        overlay(&mut sheet, &small, i64::from(x), i64::from(y));
    }
    Ok(sheet)
}

/// All ads on one page.
pub(crate) fn html(shown: &[Shown]) -> String {
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>\
         body{font:14px sans-serif;background:#ccc;display:grid;gap:24px;\
         grid-template-columns:repeat(auto-fill,minmax(400px,1fr))}\
         img{max-width:100%;max-height:480px}</style>",
    );
    for (case, scene, _) in shown {
        let file = file(case, scene);
        let line = line(scene, case.prompt).replace('<', "&lt;");
        let _ =
            write!(page, "<figure><img src='{file}.png'><figcaption>{line}</figcaption></figure>");
    }
    page
}
