//! Which ads stand on the sheet.

use tidemill::ads::scene::LayoutKind;
use tidemill::domain::brand::Direction;

use crate::brands::Sample;

/// One ad.
pub(crate) struct Case {
    pub(crate) number: usize,
    pub(crate) brand: usize,
    pub(crate) prompt: &'static str,
    pub(crate) format: &'static str,
    pub(crate) lang: &'static str,
    pub(crate) icon: Option<&'static str>,
    pub(crate) photo: bool,
    pub(crate) seed: u64,
    pub(crate) variant: u32,
    pub(crate) layout: Option<LayoutKind>,
}

/// Prompt, format, icon, photograph.
type Row = (&'static str, &'static str, Option<&'static str>, bool);

const ROWS: [Row; 24] = [
    ("Create a hero campaign ad for this brand", "square", None, false),
    ("A launch ad", "square", None, false),
    ("30% off everything this week", "square", None, false),
    ("Create a hero campaign ad for this brand", "portrait_4x5", None, false),
    ("Create a hero campaign ad, elegant and minimal", "square", None, false),
    ("Bold summer campaign", "story", None, false),
    ("A calm ad for the autumn collection", "square", None, true),
    ("An ad for our app", "square", Some("device-mobile"), false),
    ("Create a hero campaign ad for this brand", "square", None, false),
    ("Create a hero campaign ad for this brand", "square", None, false),
    ("Save 25% today", "landscape", None, false),
    ("Book your next trip", "landscape", None, true),
    ("Create a hero campaign ad for this brand", "landscape", None, false),
    ("New arrivals", "wide", None, false),
    ("Up to 50% off", "portrait_4x5", None, false),
    ("An ad for fresh coffee", "portrait_4x5", Some("coffee"), false),
    ("We are hiring", "square", None, false),
    ("Black Friday", "square", None, false),
    ("Create a hero campaign ad for this brand", "iab_mpu", None, false),
    ("Create a hero campaign ad for this brand", "iab_leaderboard", None, false),
    ("Create a hero campaign ad for this brand", "iab_sky", None, false),
    ("Create a hero campaign ad for this brand", "half_page", None, false),
    ("Create a hero campaign ad for this brand", "iab_billboard", None, false),
    ("A calm hero ad", "story", None, true),
];

/// The ads over these brands.
pub(crate) fn cases(samples: &[Sample], seed: u64) -> Vec<Case> {
    let case = |(number, row): (usize, &Row)| {
        let brand = number % samples.len();
        let (prompt, format, icon, photo) = *row;
        let lang = samples[brand].kit.language.as_deref().map_or("en", language);
        let seed = seed.wrapping_mul(1_000).wrapping_add(number as u64);
        Case { number, brand, prompt, format, lang, icon, photo, seed, variant: 0, layout: None }
    };
    ROWS.iter().enumerate().map(case).collect()
}

/// Every layout on six canvases for one brand.
pub(crate) fn each_layout(samples: &[Sample], brand: usize, seed: u64) -> Vec<Case> {
    const FORMATS: [&str; 6] =
        ["square", "landscape", "portrait_4x5", "story", "iab_mpu", "iab_billboard"];
    let brand = brand % samples.len();
    let lang = samples[brand].kit.language.as_deref().map_or("en", language);
    let mut cases = Vec::new();
    for layout in LayoutKind::ALL {
        for format in FORMATS {
            cases.push(Case {
                number: cases.len(),
                brand,
                prompt: "A campaign for coffee: 30% off this week",
                format,
                lang,
                icon: Some("coffee"),
                photo: matches!(layout, LayoutKind::SplitPhoto | LayoutKind::ScrimPhoto),
                seed,
                variant: 0,
                layout: Some(layout),
            });
        }
    }
    cases
}

/// The catalog's language for a brand's.
fn language(tag: &str) -> &'static str {
    const KNOWN: [&str; 11] = ["en", "fr", "de", "es", "it", "nl", "pl", "ja", "ar", "he", "hi"];
    KNOWN.into_iter().find(|known| tag.starts_with(known)).unwrap_or("en")
}

/// Which way a language of the sheet runs.
pub(crate) fn direction(lang: &str) -> Direction {
    if matches!(lang, "ar" | "he") { Direction::Rtl } else { Direction::Ltr }
}
