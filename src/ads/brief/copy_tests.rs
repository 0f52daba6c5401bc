//! Briefs and what their ads say.

use super::*;
use crate::ads::catalog::Catalog;
use crate::ads::copy::AdCopy;
use crate::ads::kit::{BrandKit, Tagline};

fn kit() -> BrandKit {
    let tagline = Tagline { text: "Nothing to hide".to_owned(), lang: Some("en".to_owned()) };
    let (name, language) = (Some("Harvest Lane".to_owned()), Some("en".to_owned()));
    BrandKit { name, language, tagline: Some(tagline), ..BrandKit::default() }
}

fn copy(prompt: &str, lang: &str, pick: u64) -> AdCopy {
    let figures = Figures { price: Some("€12.50".to_owned()), percent: None };
    words(&read(prompt, None), &kit(), &figures, lang, pick).expect("words")
}

fn first(ladder: &[crate::ads::scene::Text]) -> (&str, &str) {
    ladder.first().map_or(("", ""), |text| (text.v.as_str(), text.source.as_str()))
}

#[test]
fn quotations_come_first() {
    let copy = copy("headline \"Real fruit\", cta \"Taste it\"", "en", 3);
    assert_eq!(first(&copy.headline), ("Real fruit", "prompt"));
    assert_eq!(first(&copy.cta), ("Taste it", "prompt"));
    assert_eq!(first(&copy.subline), ("Nothing to hide", "brand.tagline"));
}

#[test]
fn quoted_words_that_the_catalog_has_can_be_translated() {
    let source = |cta: &str| {
        let copy = copy(&format!("an ad, cta \"{cta}\""), "en", 0);
        assert_eq!(first(&copy.cta).0, cta);
        first(&copy.cta).1.to_owned()
    };
    assert_eq!(source("Book now"), "catalog:cta.book");
    assert_eq!(source("BOOK NOW"), "prompt");
}

#[test]
fn what_an_order_must_come_to_is_no_price() {
    let copy = copy("Free shipping on orders over €12.50", "en", 0);
    let price = copy.price.expect("a price");
    assert_eq!(price.text.source, "catalog:badge.orders_over");
    assert!(price.text.v.contains("On orders over"), "{}", price.text.v);
}

#[test]
fn a_price_is_said_once() {
    for pick in 0..12 {
        let copy = copy("a sale ad, now €12.50", "en", pick);
        assert!(copy.price.is_some());
        assert!(!first(&copy.headline).0.contains("12.50"), "{:?}", copy.headline);
    }
}

#[test]
fn the_tagline_is_never_translated() {
    let french = copy("an ad", "fr", 0);
    assert!(first(&french.subline).1.starts_with("catalog:subline.promise."));
    let wanted = copy("an ad with the tagline", "fr", 0);
    assert_eq!(first(&wanted.subline), ("Nothing to hide", "brand.tagline"));
    assert_eq!(wanted.subline[0].lang, "en");
    let unwanted = copy("an ad without the tagline", "en", 0);
    assert!(first(&unwanted.subline).1.starts_with("catalog:"));
}

#[test]
fn the_subline_follows_its_headline() {
    for pick in 0..4 {
        let copy = copy("an ad", "de", pick);
        let number = |text: &str| text.chars().last();
        assert_eq!(number(first(&copy.headline).1), number(first(&copy.subline).1));
    }
}

#[test]
fn picks_choose_among_all_rows_that_can_be_said() {
    let said = |prompt: &str| -> Vec<String> {
        let mut said: Vec<String> =
            (0..12).map(|pick| first(&copy(prompt, "en", pick).headline).0.to_owned()).collect();
        said.sort();
        said.dedup();
        said
    };
    assert_eq!(said("hero").len(), 4);
    assert_eq!(
        said("launch of our cold brew"),
        [
            "Cold brew by Harvest Lane",
            "New from Harvest Lane",
            "Say hello to something new",
            "The wait is over",
        ]
    );
    // Without a product, a price or a date their rows are not said.
    assert_eq!(said("launch").len(), 3);
    assert_eq!(said("sale").len(), 2);
    assert_eq!(copy("hero", "en", 1), copy("hero", "en", 5));
}

#[test]
fn ladders_only_become_shorter() {
    for intent in ["hero", "launch", "sale", "event", "hiring", "app", "question", "season"] {
        for language in Catalog::embedded().languages() {
            for pick in 0..4 {
                let copy = copy(intent, &language.lang, pick);
                for ladder in [&copy.headline, &copy.subline, &copy.cta] {
                    let lengths: Vec<_> = ladder
                        .iter()
                        .map(|text| crate::ads::catalog::seen_length(&text.v))
                        .collect();
                    assert!(!ladder.is_empty() && lengths.is_sorted_by(|a, b| a > b), "{ladder:?}");
                }
            }
        }
    }
}

#[test]
fn a_discount_is_said_as_it_is() {
    let number = |prompt: &str, lang: &str| copy(prompt, lang, 0).number.map(|text| text.v);
    assert_eq!(number("30% off", "en").as_deref(), Some("−30%"));
    assert_eq!(number("up to 30% off", "en").as_deref(), Some("Up to 30% off"));
    assert_eq!(number("30% off", "fr").as_deref(), Some("−30\u{a0}%"));
    assert_eq!(number("a sale", "en"), None);
}

#[test]
fn a_price_is_shown_only_as_it_was_given() {
    let price = |prompt: &str| copy(prompt, "en", 0).price.map(|price| price.text.v);
    assert_eq!(price("coffee, €12.50").as_deref(), Some("€12.50"));
    assert_eq!(price("coffee from €12.50").as_deref(), Some("From €12.50"));
    assert_eq!(price("coffee"), None);
    let figures = Figures::default();
    let unformatted = words(&read("coffee, €12.50", None), &kit(), &figures, "en", 0);
    assert_eq!(unformatted.expect("words").price, None);
}

#[test]
fn words_that_the_brand_prohibits_are_not_said() {
    let kit = BrandKit { prohibited: vec!["Hello".to_owned()], ..kit() };
    for pick in 0..8 {
        let brief = read("launch", None);
        let copy = words(&brief, &kit, &Figures::default(), "en", pick).expect("words");
        assert!(!first(&copy.headline).0.contains("hello"), "{copy:?}");
    }
}

#[test]
fn what_is_not_wanted_is_left_out() {
    assert!(copy("no text", "en", 0).is_silent());
    let copy = copy("without a button, no subline", "en", 0);
    assert!(copy.cta.is_empty() && copy.subline.is_empty() && !copy.headline.is_empty());
}

#[test]
fn a_language_that_the_catalog_does_not_speak_has_only_quotations() {
    let said = |prompt: &str| words(&read(prompt, None), &kit(), &Figures::default(), "ko", 0);
    assert_eq!(said("an ad"), None);
    let quoted = said("headline \"진짜 과일\"").expect("words");
    assert_eq!(first(&quoted.headline), ("진짜 과일", "prompt"));
    assert!(quoted.cta.is_empty());
}

#[test]
fn the_law_is_quoted_in_every_ad() {
    let kit = BrandKit { legal: Some("Terms apply.".to_owned()), ..kit() };
    for prompt in ["an ad", "no text"] {
        let copy = words(&read(prompt, None), &kit, &Figures::default(), "fr", 0).expect("words");
        let legal = copy.legal.expect("a legal line");
        assert_eq!((legal.v.as_str(), legal.source.as_str()), ("Terms apply.", "brand.legal"));
        assert_eq!(legal.lang, "en");
    }
}

#[test]
fn the_minus_stays_before_its_number_where_words_run_from_the_right() {
    for (lang, prompt) in [("he", "מבצע קיץ, 20% הנחה"), ("ar", "خصم 20%"), ("en", "20% off")]
    {
        let brief = read(prompt, Some(lang));
        let copy = words(&brief, &BrandKit::default(), &Figures::default(), lang, 1);
        let number = copy.and_then(|copy| copy.number).expect("a discount").v;
        let is_isolated = number.starts_with('\u{2066}') && number.ends_with('\u{2069}');
        assert_eq!(is_isolated, lang != "en", "{lang}: {number:?}");
    }
}
