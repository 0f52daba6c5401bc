//! What every file of the catalog must keep to: completeness, lengths and typography.

use std::collections::BTreeSet;

use super::{
    Catalog, FILES, Formality, Language, Length, Row, Slots, render, seen_length, slots, unpacked,
};

/// All rows of all languages.
fn rows() -> Vec<Row<'static>> {
    let rows = |language: &'static Language| language.keys().filter_map(|key| language.row(key));
    Catalog::embedded().languages().flat_map(rows).collect()
}

/// Every wording of every row, gaps and all.
fn wordings() -> Vec<(Row<'static>, Length, &'static str)> {
    let wordings = |row: Row<'static>| {
        let texts = row.phrase.texts().into_iter();
        texts.map(move |(length, text)| (row, length, text))
    };
    rows().into_iter().flat_map(wordings).collect()
}

/// Every wording with its gaps filled as in a usual ad.
fn rendered() -> Vec<(Row<'static>, Length, String)> {
    let slots = Slots {
        brand: Some("Harvest Lane".to_owned()),
        product: Some("Cold brew".to_owned()),
        percent: Some("30\u{a0}%".to_owned()),
        price: Some("12,50\u{a0}€".to_owned()),
        date: Some("12.05.".to_owned()),
        tagline: None,
    };
    let forms = [Formality::Formal, Formality::Informal];
    let mut all = Vec::new();
    for row in rows() {
        for length in [Length::Normal, Length::Short] {
            for form in forms {
                let words = render(row, length, Some(form), &slots).expect("all gaps are filled");
                all.push((row, length, words.text));
            }
        }
    }
    all
}

fn is_spaced(row: Row<'_>) -> bool {
    !matches!(row.language.lang.as_str(), "ja" | "zh-Hans")
}

#[test]
fn every_language_has_every_key_once() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.languages().count(), 13);
    let english: Vec<&str> = catalog.language("en").expect("English").keys().collect();
    for file in FILES.map(unpacked) {
        let language: Language = serde_json::from_str(&file).expect("a language");
        assert_eq!(language.keys().collect::<Vec<_>>(), english, "{}", language.lang);
        for key in &english {
            let times = file.matches(&format!("\"{key}\":")).count();
            assert_eq!(times, 1, "{}: {key}", language.lang);
        }
    }
}

#[test]
fn the_purposes_have_four_rows_and_a_subline_for_each() {
    let english = Catalog::embedded().language("en").expect("English");
    for intent in crate::ads::brief::Intent::ALL {
        for role in ["headline", "subline"] {
            let rows = english.rows_under(&format!("{role}.{}", intent.catalog_name()));
            assert_eq!(rows.len(), 4, "{role}.{}", intent.catalog_name());
        }
    }
}

#[test]
fn gaps_are_the_same_in_every_language() {
    let catalog = Catalog::embedded();
    for (row, length, text) in wordings() {
        let english = catalog.row("en", row.key).expect("a row").phrase;
        let expected = slots::of(english.text(Length::Normal, None));
        let found = slots::of(text);
        let at = (row.language.lang.as_str(), row.key, text);
        match length {
            Length::Normal => assert_eq!(found, expected, "{at:?}"),
            Length::Short => assert!(found.iter().all(|slot| expected.contains(slot)), "{at:?}"),
        }
    }
}

#[test]
fn words_have_room() {
    for (row, length, text) in rendered() {
        let most = match (row.key.split('.').next(), length) {
            (Some("headline"), Length::Normal) => 48,
            (Some("headline"), Length::Short) => 28,
            (Some("subline"), Length::Normal) => 90,
            (Some("subline"), Length::Short) => 40,
            (Some("cta"), Length::Normal) => 24,
            (Some("cta"), Length::Short) => 15,
            _ => 32,
        };
        let found = seen_length(&text);
        assert!(found <= most, "{} {} {length:?}: {found} {text}", row.language.lang, row.key);
    }
}

#[test]
fn short_words_are_not_longer() {
    for row in rows() {
        for form in [Formality::Formal, Formality::Informal] {
            let [normal, short] = [Length::Normal, Length::Short]
                .map(|length| seen_length(row.phrase.text(length, Some(form))));
            assert!(short <= normal, "{} {}", row.language.lang, row.key);
        }
    }
}

#[test]
fn headlines_have_a_few_words() {
    for (row, length, text) in wordings() {
        let words = text.split([' ', '\u{a0}']).count();
        if row.key.starts_with("headline.") && length == Length::Normal && is_spaced(row) {
            assert!((2..=8).contains(&words), "{} {}: {text}", row.language.lang, row.key);
        }
    }
}

#[test]
fn headlines_end_without_a_full_stop_unless_they_are_sentences() {
    for (row, _, text) in wordings().into_iter().filter(|(row, ..)| !row.key.starts_with("sub")) {
        let stops = text.matches(['.', '。', '।']).count();
        assert_ne!(stops, 1, "{} {}: {text}", row.language.lang, row.key);
    }
}

#[test]
fn quotation_marks_and_apostrophes_are_typographic() {
    for (row, _, text) in wordings() {
        let is_plain = text.contains(['"', '\'', '`', '~', '^', '|', '@']) || text.contains("...");
        assert!(!is_plain, "{} {}: {text}", row.language.lang, row.key);
        let french = row.language.lang == "fr";
        assert!(!french || !text.contains(['“', '”', '„']), "{}: {text}", row.key);
    }
}

#[test]
fn spaces_are_where_the_language_wants_them() {
    for (row, _, text) in wordings() {
        let at = (row.language.lang.as_str(), row.key, text);
        let chars: Vec<char> = text.chars().collect();
        assert!(!text.contains("  ") && text.trim() == text, "{at:?}");
        for (place, c) in chars.iter().enumerate().skip(1) {
            let before = chars[place - 1];
            match (*c, row.language.lang.as_str()) {
                (':' | ';' | '!' | '?' | '»', "fr") => assert_eq!(before, '\u{a0}', "{at:?}"),
                (':' | ';' | '!' | '?' | '.' | ',' | '»', _) => {
                    assert!(!before.is_whitespace(), "{at:?}");
                }
                ('%', _) => assert_ne!(before, ' ', "{at:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn polish_binds_its_one_letter_words() {
    for (row, _, text) in wordings().into_iter().filter(|(row, ..)| row.language.lang == "pl") {
        let loose = text.split(' ').rev().skip(1).any(|word| {
            let last = word.rsplit('\u{a0}').next().unwrap_or(word);
            last.chars().count() == 1 && last.chars().all(char::is_alphabetic)
        });
        assert!(!loose, "{}: {text}", row.key);
    }
}

#[test]
fn spanish_opens_its_questions() {
    for (row, _, text) in wordings().into_iter().filter(|(row, ..)| row.language.lang == "es") {
        for (open, close) in [('¿', '?'), ('¡', '!')] {
            assert_eq!(text.matches(open).count(), text.matches(close).count(), "{}", row.key);
        }
    }
}

#[test]
fn nobody_shouts() {
    for (row, _, text) in wordings() {
        assert!(!text.contains(['!', '！']), "{} {}: {text}", row.language.lang, row.key);
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let shouts = letters().count() > 4 && letters().all(char::is_uppercase);
        assert!(!shouts, "{} {}: {text}", row.language.lang, row.key);
    }
}

#[test]
fn no_figure_is_invented() {
    for (row, _, text) in wordings() {
        let has_figure = text.contains(|c: char| c.is_numeric() && !is_ideograph(c));
        let has_currency = text.contains(['$', '€', '£', '¥', '₹', '₪']);
        assert!(!has_figure && !has_currency, "{} {}: {text}", row.language.lang, row.key);
    }
}

fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_row_is_in_its_own_script() {
    for (row, _, text) in wordings() {
        let range = match row.language.lang.as_str() {
            "ar" => '\u{600}'..='\u{6ff}',
            "he" => '\u{590}'..='\u{5ff}',
            "hi" => '\u{900}'..='\u{97f}',
            "ja" | "zh-Hans" => '\u{3000}'..='\u{9fff}',
            _ => '\u{41}'..='\u{17f}',
        };
        let mut plain = text.to_owned();
        for slot in slots::Slot::ALL {
            plain = plain.replace(&slot.to_string(), "");
        }
        let letters: Vec<char> = plain.chars().filter(|c| c.is_alphabetic()).collect();
        let strange: Vec<char> = letters.into_iter().filter(|c| !range.contains(c)).collect();
        assert!(strange.is_empty(), "{} {}: {text}", row.language.lang, row.key);
    }
}

#[test]
fn no_two_rows_of_a_language_say_the_same() {
    let mut seen = BTreeSet::new();
    let said = wordings().into_iter().filter(|(row, length, _)| {
        *length == Length::Normal
            && ["headline.", "subline."].iter().any(|r| row.key.starts_with(r))
    });
    for (row, _, text) in said {
        assert!(seen.insert((row.language.lang.as_str(), text)), "{}: {text}", row.key);
    }
}

#[test]
fn japanese_and_chinese_headlines_break_between_words() {
    for (row, length, text) in wordings() {
        if is_spaced(row) || length == Length::Short || !row.key.starts_with("headline.") {
            continue;
        }
        // Longer pieces would have to break inside after all.
        let longest = text.split('\u{200b}').map(seen_length).max();
        assert!(text.contains('\u{200b}') && longest <= Some(14), "{}: {text}", row.key);
    }
}

#[test]
fn only_reviewed_files_say_so() {
    let reviewed = |language: &&Language| language.reviewed;
    let reviewed: Vec<&Language> = Catalog::embedded().languages().filter(reviewed).collect();
    assert_eq!(reviewed.iter().map(|l| l.lang.as_str()).collect::<Vec<_>>(), ["en"]);
}
