//! Rendering, measuring and encoding.

use super::*;
use crate::ads::scene::Frame;
use crate::ads::svg::draw;
use crate::ads::svg::trial::{Trial, trial};
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Hex;

fn drawn(trial: &Trial) -> Pixels {
    let svg = draw(&trial.scene, &trial.texts, &trial.gallery).expect("the trial is drawn");
    render(&svg, trial.scene.format.w, trial.scene.format.h).expect("it is rendered")
}

/// Pixels painted by `paint`.
fn painted(width: u32, height: u32, paint: impl Fn(u32, u32) -> [u8; 3]) -> Pixels {
    let bytes = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let bytes = bytes.flat_map(|(x, y)| paint(x, y)).collect();
    Pixels { width, height, bytes }
}

fn noise(x: u32, y: u32) -> [u8; 3] {
    let hash = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663)).wrapping_mul(83_492_791);
    let [red, green, blue, _] = hash.to_be_bytes();
    [red, green, blue]
}

#[test]
fn a_scene_gives_the_same_picture_every_time() {
    let first = drawn(&trial());
    let others: Vec<Pixels> = std::thread::scope(|scope| {
        let threads = [0, 1].map(|_| scope.spawn(|| drawn(&trial())));
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(others.iter().all(|other| *other == first));
    let encoded = [0, 1].map(|_| encode(&first, None).expect("a PNG"));
    assert_eq!(encoded[0], encoded[1]);
}

/// The picture of the trial as it was looked at. A change of it is a change of every ad: look at
/// the new one before this line is changed.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_trial_looks_as_it_did() {
    const KNOWN: &str = "a13401877ff0f3da";
    let pixels = drawn(&trial());
    let digest = ContentDigest::of(pixels.rgb()).to_string();
    if !digest.starts_with(KNOWN) {
        let path = std::env::temp_dir().join("tidemill-trial.png");
        let file = encode(&pixels, None).expect("a PNG");
        std::fs::write(&path, file.bytes).expect("the new picture is kept");
        panic!("{digest}, not {KNOWN}; the new picture is {}", path.display());
    }
}

/// Another engine, written by others, sees the same picture in the same file.
#[test]
fn librsvg_draws_what_is_drawn_here() {
    let trial = trial();
    let svg = draw(&trial.scene, &trial.texts, &trial.gallery).expect("the trial is drawn");
    let directory = tempfile::tempdir().expect("a directory");
    let [input, output] = ["in.svg", "out.png"].map(|name| directory.path().join(name));
    std::fs::write(&input, &svg).expect("a file");
    let run =
        std::process::Command::new("rsvg-convert").arg(&input).arg("-o").arg(&output).status();
    let Ok(status) = run else {
        eprintln!("skipped: there is no `rsvg-convert` on this machine");
        return;
    };
    assert!(status.success(), "librsvg refuses the file");
    let theirs = image::open(&output).expect("a PNG").into_rgb8();
    assert_eq!([theirs.width(), theirs.height()], [trial.scene.format.w, trial.scene.format.h]);
    let ours = drawn(&trial);
    let off: u64 =
        ours.rgb().iter().zip(theirs.iter()).map(|(one, two)| u64::from(one.abs_diff(*two))).sum();
    let hundredths = off * 100 * 100 / (ours.rgb().len() as u64 * 255);
    assert!(hundredths < 100, "{hundredths} hundredths of a per cent");
}

#[test]
fn a_size_is_judged_before_it_is_allocated() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'/>";
    assert_eq!(render(svg, 4097, 10), Err(DrawError::Size(4097, 10)));
    assert_eq!(render(svg, 0, 10), Err(DrawError::Size(0, 10)));
    let result = render(svg, 100, 100);
    assert_eq!(result, Err(DrawError::Unreadable("its size is not the canvas's")));
    assert!(render("<svg", 10, 10).is_err());
}

#[test]
fn no_reference_is_followed_and_none_is_dropped_in_silence() {
    let png = crate::pixels::png_of(1, 1, |_, _| [1, 2, 3, 255]);
    let path = std::env::temp_dir().join(format!("tidemill-{}.png", std::process::id()));
    std::fs::write(&path, png).expect("a file of the test");
    let file = path.to_string_lossy().into_owned();
    for href in [
        file.as_str(),
        "http://127.0.0.1/a.png",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "data:image/png;base64,iVBORw0KGgo=",
    ] {
        let href = href.replace('<', "&lt;");
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\
             <image width='9' height='9' href=\"{href}\"/></svg>"
        );
        let result = render(&svg, 9, 9);
        assert!(matches!(result, Err(DrawError::Unreadable(_))), "{href}");
    }
    std::fs::remove_file(path).expect("it was written");
}

#[test]
fn the_worst_hundredth_counts_and_dust_does_not() {
    let frame = Frame::new(0, 0, 100, 100);
    let plain = painted(100, 100, |_, _| [255; 3]);
    let dust = painted(100, 100, |x, y| if y == 0 && x < 90 { [0; 3] } else { [255; 3] });
    let stripe = painted(100, 100, |_, y| if y < 2 { [0; 3] } else { [255; 3] });
    let against = |pixels: &Pixels| pixels.worst_contrast(frame, Hex::BLACK).expect("in view");
    assert!((against(&plain) - 21.0).abs() < 0.01);
    assert!((against(&dust) - 21.0).abs() < 0.01);
    assert!((against(&stripe) - 1.0).abs() < 0.01);
    let tones = stripe.tones(frame).expect("in view");
    assert!(tones.dark < 1e-9 && (tones.light - 1.0).abs() < 1e-9);
    assert!((tones.mean - 0.98).abs() < 1e-6);
    assert_eq!(plain.tones(Frame::new(200, 0, 10, 10)), None);
}

#[test]
fn measured_contrast_is_that_of_the_formula() {
    let frame = Frame::new(0, 0, 4, 4);
    for (ground, ink) in [("#E63946", "#FFFFFF"), ("#0B3D2E", "#F2E8CF"), ("#777777", "#767676")] {
        let [ground, ink]: [Hex; 2] = [ground, ink].map(|hex| hex.parse().expect("a colour"));
        let measured = painted(4, 4, |_, _| ground.rgb()).worst_contrast(frame, ink);
        let (measured, exact) = (measured.expect("in view"), ground.contrast(ink));
        assert!((measured - exact).abs() < 0.01 * exact, "{measured} {exact}");
    }
}

#[test]
fn a_veil_is_what_the_renderer_would_paint() {
    let trial = trial();
    let below = crate::ads::svg::draw_below(&trial.scene, &trial.texts, &trial.gallery, 3);
    let below = below.expect("a drawing");
    let plain = render(&below, 240, 240).expect("pixels");
    let veil = r##"<rect width="240" height="240" fill="#112233" fill-opacity="0.4"/></svg>"##;
    let veiled = render(&below.replace("</svg>", "").replacen("</title>", "</title><g>", 1), 9, 9);
    assert!(veiled.is_err(), "a broken file is an error");
    let (inside, _) = below.rsplit_once("</svg>").expect("a file");
    let exact = render(&format!("{inside}{veil}"), 240, 240).expect("pixels");
    let quick = plain.veiled(Hex::new(0x11, 0x22, 0x33), 0.4);
    let off = exact.rgb().iter().zip(quick.rgb()).map(|(one, two)| one.abs_diff(*two)).max();
    assert!(off.is_some_and(|off| off <= 2), "{off:?}");
}

#[test]
fn a_difference_counts_only_where_nothing_may_change() {
    let before = painted(20, 20, noise);
    let mut after = before.clone();
    for (x, y) in [(3_usize, 3_usize), (4, 3), (15, 15)] {
        after.bytes[(y * 20 + x) * 3] ^= 0x10;
    }
    assert_eq!(before.difference_outside(&before, &[]), 0);
    assert_eq!(before.difference_outside(&after, &[]), 3);
    assert_eq!(before.difference_outside(&after, &[Frame::new(2, 2, 3, 3)]), 1);
    let both = [Frame::new(2, 2, 3, 3), Frame::new(-5, 15, 40, 99)];
    assert_eq!(before.difference_outside(&after, &both), 0);
    assert_eq!(before.difference_outside(&painted(20, 21, noise), &[]), 400);
}

#[test]
fn previews_are_means() {
    let halves = painted(400, 200, |x, _| if x < 200 { [0; 3] } else { [255; 3] });
    let small = halves.thumbnail(100);
    assert_eq!(small.size(), [100, 50]);
    assert_eq!((small.rgb()[0], small.rgb()[299]), (0, 255));
    let rows = halves.half_blocks(40);
    assert_eq!((rows.len(), rows[0].len()), (10, 40));
    assert_eq!(rows[4][0], preview::HalfBlock { upper: [0; 3], lower: [0; 3] });
    for size in [(1, 1), (1, 900), (900, 1), (3, 2)] {
        assert!(!painted(size.0, size.1, noise).half_blocks(80).is_empty(), "{size:?}");
        assert!(painted(size.0, size.1, noise).thumbnail(0).size() >= [1, 1]);
    }
}

/// The pixels of a file, decoded by another library than the one that wrote it.
fn decoded(encoded: &Encoded) -> Vec<u8> {
    image::load_from_memory(&encoded.bytes).expect("a picture").into_rgb8().into_raw()
}

#[test]
fn a_png_is_the_picture() {
    for pixels in [drawn(&trial()), painted(31, 17, noise), painted(1, 1, |_, _| [7; 3])] {
        let encoded = encode(&pixels, None).expect("a PNG");
        assert_eq!(encoded.mime_type, "image/png");
        assert_eq!(decoded(&encoded), pixels.rgb());
    }
}

#[test]
fn a_limit_is_kept_by_the_least_harm() {
    let flat = drawn(&trial());
    let free = encode(&flat, None).expect("a PNG").bytes.len();
    let tight = encode(&flat, Some(free - 1)).expect("it fits");
    assert!(tight.bytes.len() < free);
    let busy = painted(300, 250, noise);
    let small = encode(&busy, Some(150 << 10)).expect("a JPEG fits");
    assert_eq!(small.mime_type, "image/jpeg");
    assert!(small.bytes.len() <= 150 << 10);
    let few = painted(300, 250, |x, y| [noise(x, y)[0] & 0xc0, 0, 0]);
    let few_free = encode(&few, None).expect("a PNG").bytes.len();
    let indexed = encode(&few, Some(few_free * 3 / 4)).expect("a palette fits");
    assert_eq!((indexed.mime_type, decoded(&indexed) == few.rgb()), ("image/png", true));
    let error = encode(&busy, Some(100)).expect_err("nothing is that small");
    assert!(matches!(error, DrawError::OverLimit { limit: 100, smallest } if smallest > 100));
}
