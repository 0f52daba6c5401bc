//! K10: the words are in the language that was asked for.

use std::collections::BTreeSet;

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::script::ScriptWithExtensions;
use whatlang::Lang;

use super::{at_least, spoken, to_hundredths};
use crate::ads::localize::language::Language;
use crate::ads::scene::{Check, Scene, Text};

/// The least share of letters in the right script: a product's name or a word such as “Wi-Fi” may
/// stand among them.
const MIN_SHARE: f64 = 0.6;

/// K10: the share of letters in the script of the language, over the nodes that were translated,
/// without names; at least 0.6. It is 0 where a node speaks another language in the right script.
pub(super) fn right_language(target: &Scene, untranslated: &BTreeSet<String>) -> Check {
    let Ok(language) = Language::parse(&target.lang) else {
        return at_least("K10", 0.0, MIN_SHARE);
    };
    let translated = spoken(target).filter(|(node, _)| !untranslated.contains(&node.id));
    let words: Vec<String> = translated.map(|(_, text)| without_names(text)).collect();
    let is_foreign = words.iter().any(|words| is_other_language(words, &language))
        || is_other_language(&words.join(" "), &language);
    let share = if is_foreign { 0.0 } else { share_in_script(&words.concat(), language.script()) };
    at_least("K10", to_hundredths(share), MIN_SHARE)
}

/// Whether one wording passes for the language.
pub(super) fn is_in_language(text: &Text, language: &Language) -> bool {
    let words = without_names(text);
    share_in_script(&words, language.script()) >= MIN_SHARE && !is_other_language(&words, language)
}

fn without_names(text: &Text) -> String {
    let names = text.protect.iter().filter(|name| !name.is_empty());
    names.fold(text.v.clone(), |words, name| words.replace(name.as_str(), " "))
}

fn share_in_script(words: &str, script: &str) -> f64 {
    let scripts = scripts_of(script);
    let extensions = ScriptWithExtensions::new();
    let (mut letters, mut right) = (0_u32, 0_u32);
    for letter in words.chars().filter(|c| is_letter(*c)) {
        letters += 1;
        let is_right = scripts.iter().any(|script| extensions.has_script(letter, *script));
        right += u32::from(is_right);
    }
    // Figures alone are in every language.
    if letters == 0 { 1.0 } else { f64::from(right) / f64::from(letters) }
}

fn is_letter(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Letter.contains(category)
}

/// The scripts of Unicode that make up one that languages are written in.
fn scripts_of(script: &str) -> Vec<Script> {
    use icu_properties::PropertyParser;
    match script {
        "Jpan" => vec![Script::Hiragana, Script::Katakana, Script::Han],
        "Kore" => vec![Script::Hangul, Script::Han],
        "Hans" | "Hant" => vec![Script::Han],
        other => PropertyParser::<Script>::new().get_strict(other).into_iter().collect(),
    }
}

/// Whether a detector is sure that a text of some length is in another language.
fn is_other_language(words: &str, language: &Language) -> bool {
    /// With fewer letters it answers at random.
    const MIN_LETTERS: usize = 25;
    /// Of the catalog's own phrases of that length none is taken for another language's with more
    /// than 0.5.
    const MIN_CONFIDENCE: f64 = 0.7;
    if words.chars().filter(|c| is_letter(*c)).count() < MIN_LETTERS {
        return false;
    }
    let Some(expected) = expected_of(language.base()) else { return false };
    let Some(heard) = whatlang::detect(words) else { return false };
    heard.confidence() >= MIN_CONFIDENCE
        && heard.lang() != expected
        && !are_alike(heard.lang(), expected)
}

/// Languages that a detector of trigrams takes for each other in a sentence or two.
fn are_alike(one: Lang, two: Lang) -> bool {
    const GROUPS: [&[Lang]; 7] = [
        &[Lang::Dan, Lang::Nob, Lang::Swe],
        &[Lang::Spa, Lang::Por, Lang::Cat],
        &[Lang::Ces, Lang::Slk],
        &[Lang::Hrv, Lang::Srp, Lang::Slv],
        &[Lang::Nld, Lang::Afr],
        &[Lang::Rus, Lang::Bul, Lang::Mkd],
        // Words without kana.
        &[Lang::Jpn, Lang::Cmn],
    ];
    GROUPS.iter().any(|group| group.contains(&one) && group.contains(&two))
}

/// The detector's name of a language; none for those that it does not know.
fn expected_of(base: &str) -> Option<Lang> {
    const KNOWN: [(&str, Lang); 36] = [
        ("ar", Lang::Ara),
        ("bg", Lang::Bul),
        ("bn", Lang::Ben),
        ("ca", Lang::Cat),
        ("cs", Lang::Ces),
        ("da", Lang::Dan),
        ("de", Lang::Deu),
        ("el", Lang::Ell),
        ("en", Lang::Eng),
        ("es", Lang::Spa),
        ("et", Lang::Est),
        ("fa", Lang::Pes),
        ("fi", Lang::Fin),
        ("fr", Lang::Fra),
        ("he", Lang::Heb),
        ("hi", Lang::Hin),
        ("hr", Lang::Hrv),
        ("hu", Lang::Hun),
        ("id", Lang::Ind),
        ("it", Lang::Ita),
        ("ja", Lang::Jpn),
        ("ko", Lang::Kor),
        ("lt", Lang::Lit),
        ("lv", Lang::Lav),
        ("nb", Lang::Nob),
        ("nl", Lang::Nld),
        ("pl", Lang::Pol),
        ("pt", Lang::Por),
        ("ro", Lang::Ron),
        ("ru", Lang::Rus),
        ("sk", Lang::Slk),
        ("sv", Lang::Swe),
        ("th", Lang::Tha),
        ("tr", Lang::Tur),
        ("uk", Lang::Ukr),
        ("zh", Lang::Cmn),
    ];
    KNOWN.iter().find(|(code, _)| *code == base).map(|(_, lang)| *lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_by_script() {
        for (words, script, share) in [
            ("Commander", "Latn", 1.0),
            ("コーヒー豆", "Jpan", 1.0),
            ("今すぐ購入", "Hans", 0.6),
            ("हिन्दी", "Deva", 1.0),
            ("اطلب Now", "Arab", 4.0 / 7.0),
            ("20 %", "Arab", 1.0),
            ("Order", "Hebr", 0.0),
        ] {
            let got = share_in_script(words, script);
            assert!((got - share).abs() < 1e-9, "{words}: {got}");
        }
    }

    #[test]
    fn a_sentence_of_another_language_in_the_same_script_is_heard() {
        let french = Language::parse("fr").expect("known");
        let english = "Everything that you need for a long and quiet weekend at home";
        assert!(is_other_language(english, &french));
        let right = "Tout ce qu’il vous faut pour un long week-end tranquille à la maison";
        assert!(!is_other_language(right, &french));
        assert!(!is_other_language("Order now", &french));
        assert!(!is_other_language(english, &Language::parse("cy").expect("known")));
    }
}
