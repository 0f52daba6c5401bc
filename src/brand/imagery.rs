//! What the pictures of a site are like, as far as it can be measured.
//!
//! Pictures that show something, not marks and icons, are opened and measured: photographed or
//! drawn, light or dark, colourful or grey, which hues, how much contrast. Never: what a picture
//! shows, or a mood.

use scraper::Selector;
use url::Url;

use crate::brand::evidence::{Finding, source};
use crate::brand::marks::Texture;
use crate::brand::name::place_of;
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::brand::surroundings::{Surroundings, words};
use crate::domain::brand::{Hex, Imagery, ImageryStyle, Source};
use crate::domain::color::Oklab;
use crate::pixels::{self, Format, Picture};

/// A picture that shows something, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The file.
    pub(crate) url: Url,
    /// The element or meta, for evidence.
    pub(crate) place: String,
}

/// The pictures that would show best how the site's pictures are, best first.
pub(crate) fn pictures(page: &Page, declared: &Declared) -> Vec<Shown> {
    /// Three or four tell as much as thirty.
    const MAX_PICTURES: usize = 6;
    const MAX_LOOKED_AT: usize = 120;
    let images = Selector::parse("img[src]").expect("a constant selector");
    let mut found: Vec<(i32, Shown)> = Vec::new();
    if let Some(meta) = declared.metas.find("og:image")
        && let Some(url) = page.resolve(&meta.content)
    {
        found.push((4, Shown { url, place: meta.place() }));
    }
    for image in page.select(&images).take(MAX_LOOKED_AT) {
        let around = Surroundings::of(page, image);
        if around.header || around.footer || around.strangers || around.control {
            continue;
        }
        let Some(url) = image.attr("src").and_then(|src| page.resolve(src)) else { continue };
        let rank = if around.showcase { 5 } else { 2 };
        found.push((rank, Shown { url, place: place_of(image) }));
    }
    for element in page.elements() {
        let Some(style) = page.style(element) else { continue };
        let Some(url) = style.paint.images.first() else { continue };
        let own = words(element);
        let is_hero =
            own.iter().any(|word| matches!(word.as_str(), "hero" | "masthead" | "banner"));
        let is_page = matches!(element.value().name(), "body" | "header");
        if is_hero || is_page {
            found.push((5, Shown { url: url.clone(), place: place_of(element) }));
        }
    }
    // An icon set is drawn; it says nothing of the pictures.
    found.retain(|(_, shown)| !shown.url.path().to_ascii_lowercase().ends_with(".svg"));
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let mut seen = std::collections::HashSet::new();
    let mut pictures: Vec<Shown> = found.into_iter().map(|(_, shown)| shown).collect();
    pictures.retain(|shown| seen.insert(shown.url.clone()));
    pictures.truncate(MAX_PICTURES);
    pictures
}

/// Measures pictures given as place and bytes; none when not one of them shows anything.
pub(crate) fn imagery<'a>(
    pictures: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Finding<Imagery> {
    let measured: Vec<(Measured, Source)> = pictures
        .into_iter()
        .filter_map(|(place, bytes)| {
            let measured = Measured::of(bytes)?;
            let source = source("picture", place, &measured.describe(), measured.weight);
            Some((measured, source))
        })
        .collect();
    if measured.is_empty() {
        return Finding::none();
    }
    let (measured, sources): (Vec<Measured>, Vec<Source>) = measured.into_iter().unzip();
    let confidence = match measured.len() {
        1 => 0.5,
        2 => 0.65,
        _ => 0.8,
    };
    Finding::new(summary(&measured), confidence, sources)
}

/// What one picture measures.
#[derive(Debug, Clone)]
struct Measured {
    is_photo: bool,
    lightness: f64,
    chroma: f64,
    contrast: f64,
    /// How much of the colour lies in each of twelve parts of the circle of hues.
    hues: [f64; HUES.len()],
    weight: f64,
}

/// The names of the parts of `OKLab`'s circle of hues, from 15 degrees before red's own on.
const HUES: [&str; 12] = [
    "pink", "red", "orange", "yellow", "lime", "green", "teal", "cyan", "sky blue", "blue",
    "violet", "magenta",
];

impl Measured {
    fn of(bytes: &[u8]) -> Option<Self> {
        /// Smaller is an icon or a thumbnail.
        const MIN_SIDE: u32 = 160;
        let picture = pixels::open(bytes).ok()?;
        let is_small = picture.width.min(picture.height) < MIN_SIDE;
        if is_small || picture.format == Format::Svg {
            return None;
        }
        Self::measure(&picture)
    }

    fn measure(picture: &Picture) -> Option<Self> {
        /// Every third pixel of every third row says the same.
        const STEP: usize = 7;
        let (mut count, mut light, mut square, mut chroma) = (0.0, 0.0, 0.0, 0.0);
        let mut hues = [0.0; HUES.len()];
        for pixel in picture.pixels.pixels().step_by(STEP).filter(|pixel| pixel.0[3] >= 128) {
            let lab = Oklab::from(Hex::new(pixel.0[0], pixel.0[1], pixel.0[2]));
            let l = f64::from(lab.l);
            count += 1.0;
            light += l;
            square += l * l;
            chroma += f64::from(lab.chroma());
            if lab.chroma() > 0.04 {
                hues[part(lab.hue())] += f64::from(lab.chroma());
            }
        }
        if count < 100.0 {
            return None;
        }
        let mean: f64 = light / count;
        Some(Self {
            is_photo: Texture::of(picture).is_photo(),
            lightness: mean,
            chroma: chroma / count,
            contrast: (square / count - mean * mean).max(0.0).sqrt(),
            hues,
            weight: 1.0,
        })
    }

    fn describe(&self) -> String {
        format!(
            "{}, lightness {:.2}, chroma {:.2}, contrast {:.2}",
            if self.is_photo { "photo" } else { "drawn" },
            self.lightness,
            self.chroma,
            self.contrast
        )
    }
}

/// The part of the circle that a hue in degrees lies in.
fn part(hue: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a hue is between 0 and 360 degrees"
    )]
    let part = ((hue + 7.5).rem_euclid(360.0) / 30.0) as usize;
    part.min(HUES.len() - 1)
}

fn summary(all: &[Measured]) -> Imagery {
    /// A hue below this part of all colour is an accident.
    const MIN_HUE: f64 = 0.2;
    /// Below this mean chroma a picture looks grey.
    const GREY: f64 = 0.02;
    #[expect(clippy::cast_precision_loss, reason = "a handful of pictures")]
    let mean = |value: fn(&Measured) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
    let photos = all.iter().filter(|one| one.is_photo).count();
    let style = if photos == all.len() {
        ImageryStyle::Photo
    } else if photos == 0 {
        ImageryStyle::Illustration
    } else {
        ImageryStyle::Mixed
    };
    let mut hues = [0.0; HUES.len()];
    for one in all {
        let sum: f64 = one.hues.iter().sum();
        if sum > 0.0 && one.chroma > GREY {
            hues.iter_mut().zip(one.hues).for_each(|(all, own)| *all += own / sum);
        }
    }
    let total: f64 = hues.iter().sum();
    let mut ranked: Vec<(f64, &str)> = hues.into_iter().zip(HUES).collect();
    ranked.retain(|(weight, _)| *weight > MIN_HUE * total);
    ranked.sort_by(|one, two| two.0.total_cmp(&one.0));
    Imagery {
        style,
        pictures: u32::try_from(all.len()).unwrap_or(u32::MAX),
        lightness: mean(|one| one.lightness),
        chroma: mean(|one| one.chroma),
        contrast: mean(|one| one.contrast),
        hues: ranked.into_iter().take(3).map(|(_, name)| name.to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};
    use crate::pixels::png_of;

    fn measured(paint: fn(u32, u32) -> [u8; 4]) -> Imagery {
        let file = png_of(200, 200, paint);
        imagery([("img", file.as_slice())]).value.expect("a picture")
    }

    #[test]
    fn hues_have_their_names() {
        for (rgb, name) in [
            ([220, 30, 30], "red"),
            ([240, 130, 20], "orange"),
            ([230, 200, 30], "yellow"),
            ([30, 150, 60], "green"),
            ([30, 90, 220], "blue"),
            ([130, 60, 220], "violet"),
            ([230, 60, 200], "magenta"),
        ] {
            let lab = Oklab::from(Hex::new(rgb[0], rgb[1], rgb[2]));
            assert_eq!(HUES[part(lab.hue())], name, "{rgb:?} {}", lab.hue());
        }
    }

    #[test]
    fn what_is_measured_is_what_is_there() {
        let dark = measured(|_, _| [20, 20, 20, 255]);
        assert!(dark.lightness < 0.25 && dark.hues.is_empty() && dark.contrast < 0.01);
        let halves = measured(|x, _| if x < 100 { [0, 0, 0, 255] } else { [255; 4] });
        assert!((halves.contrast - 0.5).abs() < 0.05 && halves.style == ImageryStyle::Illustration);
        let blue = measured(|_, _| [30, 90, 220, 255]);
        assert_eq!(blue.hues, ["blue"]);
    }

    #[test]
    fn small_and_broken_pictures_say_nothing() {
        let small = png_of(40, 40, |_, _| [9; 4]);
        let clear = png_of(200, 200, |_, _| [0; 4]);
        let files = [("a", small.as_slice()), ("b", clear.as_slice()), ("c", &b"<html>"[..])];
        assert_eq!(imagery(files).value, None);
    }

    #[test]
    fn marks_and_icons_are_no_imagery() {
        let html = "<header><img src=/logo.png></header><div class=hero><img src=/hero.jpg></div>\
                    <div class=clients><img src=/c.png></div><p><img src=/a.svg><img src=/b.jpg>";
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let found = pictures(&page, &Declared::of(&page));
        let paths: Vec<&str> = found.iter().map(|shown| shown.url.path()).collect();
        assert_eq!(paths, ["/hero.jpg", "/b.jpg"]);
    }
}
