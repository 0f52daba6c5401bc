//! English ads of the catalog in every language: all arrangements, all named canvases.

use super::tests::{LANGUAGES, ad_on, request, typesetter};
use super::*;
use crate::ads::scene::{Format, LayoutKind};

/// What an ad of the catalog can be about: with an eyebrow, a number, a badge, a price, a season.
const PROMPTS: [&str; 6] = [
    "Create a hero campaign ad for this brand",
    "Launch our new cold brew, order now",
    "Summer sale, up to 30% off, this week only",
    "Free shipping on everything, find a store",
    "Cold brew for $14.90, limited time",
    "We are hiring, apply now",
];

/// Makes every `step`-th ad and localizes it to every `stride`-th language; the failures.
fn failures(first: usize, step: usize, stride: usize) -> (usize, Vec<String>) {
    let mut typesetter = typesetter();
    let formats: Vec<Format> =
        Format::names().map(|id| Format::named(id).expect("named in the table")).collect();
    let (mut tried, mut failed) = (0, Vec::new());
    let mut case = 0;
    for kind in LayoutKind::ALL {
        for format in &formats {
            for prompt in PROMPTS {
                case += 1;
                if case % step != first {
                    continue;
                }
                let seed = u64::try_from(case).unwrap_or_default();
                let source = match ad_on(prompt, kind, format, seed, &mut typesetter) {
                    Ok(source) => source,
                    Err(error) => {
                        failed.push(format!("{kind:?} {} `{prompt}`: {error}", format.id));
                        continue;
                    }
                };
                for language in LANGUAGES.iter().skip(case % stride).step_by(stride) {
                    tried += 1;
                    let request = request(language);
                    let made = localize(&source, &request, Catalog::embedded(), &mut typesetter);
                    if let Err(error) = made {
                        let kind = source.layout;
                        failed
                            .push(format!("{kind:?} {} {language} `{prompt}`: {error}", format.id));
                    }
                }
            }
        }
    }
    (tried, failed)
}

#[test]
fn ads_of_the_catalog_become_every_language() {
    let (tried, failed) = failures(0, 13, 3);
    assert!(tried > 250, "{tried}");
    assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
#[ignore = "takes minutes"]
fn all_ads_of_the_catalog_become_every_language() {
    let (tried, failed) = failures(0, 1, 1);
    assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
}
