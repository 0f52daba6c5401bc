//! Whether an answer may stand in an ad at all, whatever the model was told: pure rules.
//!
//! A model's words are strings from a stranger: too long, in the wrong script, with characters
//! that no font has, or with a price that nobody named. Each fault is a sentence that the model
//! can be told once. Never: a judgement of taste; that is the caller's.

use std::collections::BTreeSet;

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, Script};
use unicode_segmentation::UnicodeSegmentation as _;

use super::hygiene::is_visible;

/// What a model's words must keep to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentRules {
    /// The scripts that the language is written in, as ISO 15924 codes; empty for any.
    pub scripts: Vec<String>,
    /// Texts whose numbers, addresses and links may appear; all others are inventions.
    pub allowed: Vec<String>,
    /// What must stay exactly as it is wherever the source has it: names, products, addresses.
    pub verbatim: Vec<String>,
    /// Whether the brand's name must appear.
    pub brand: BrandMention,
    /// Words that must not appear, as other companies' names; in any case, as whole words.
    pub banned: Vec<String>,
}

/// Whether an answer must name the brand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BrandMention {
    /// As it likes.
    #[default]
    Free,
    /// This name must appear in one of the texts.
    Present(String),
    /// This name must appear in none of them.
    Absent(String),
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// There is nothing.
    #[error("is empty")]
    Empty,
    /// More graphemes than fit.
    #[error("has {found} characters, at most {most} fit")]
    TooLong {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// Control, format, private or unassigned characters.
    #[error("contains characters that cannot be printed")]
    Unprintable,
    /// Angle brackets, braces or back-ticks.
    #[error("contains markup")]
    Markup,
    /// Fewer than six of ten letters are in the language's script.
    #[error("is not written in the script of the language")]
    WrongScript,
    /// A number that nobody named.
    #[error("contains the number {0}, which was not given")]
    InventedNumber(String),
    /// A link or address that nobody named.
    #[error("contains a link or an address, which was not given")]
    InventedLink,
    /// Something that must stay as it is did not.
    #[error("must contain `{0}` exactly as it stands in the source")]
    LostToken(String),
    /// A word that must not appear.
    #[error("contains `{0}`, which must not appear")]
    Banned(String),
    /// The brand's name is missing.
    #[error("the name `{0}` must appear in one of the texts")]
    BrandMissing(String),
}

/// The least part of letters in the expected script; the rest may be foreign names.
const MIN_SCRIPT_PERCENT: usize = 60;

impl ContentRules {
    /// Checks one text of at most `most` graphemes; `source` is what it was translated from.
    pub fn check(&self, text: &str, most: usize, source: Option<&str>) -> Result<(), ContentFault> {
        if text.trim().is_empty() {
            return Err(ContentFault::Empty);
        }
        if !text.chars().all(is_visible) {
            return Err(ContentFault::Unprintable);
        }
        if text.contains(['<', '>', '{', '}', '`', '\\']) {
            return Err(ContentFault::Markup);
        }
        let found = text.graphemes(true).count();
        if found > most {
            return Err(ContentFault::TooLong { found, most });
        }
        self.check_inventions(text, source)?;
        self.check_words(text, source)?;
        self.check_script(text)
    }

    /// Whether the texts together name the brand as asked.
    pub fn check_brand<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ContentFault> {
        let (BrandMention::Present(name) | BrandMention::Absent(name)) = &self.brand else {
            return Ok(());
        };
        let wanted = name.to_lowercase();
        let named = texts.into_iter().any(|text| text.to_lowercase().contains(&wanted));
        match &self.brand {
            BrandMention::Present(_) if !named => Err(ContentFault::BrandMissing(name.clone())),
            BrandMention::Absent(_) if named => Err(ContentFault::Banned(name.clone())),
            _ => Ok(()),
        }
    }

    fn check_inventions(&self, text: &str, source: Option<&str>) -> Result<(), ContentFault> {
        let given = || {
            let rules = self.allowed.iter().chain(&self.verbatim).map(String::as_str);
            rules.chain(source)
        };
        let known: BTreeSet<String> = given().flat_map(numbers).collect();
        if let Some(number) = numbers(text).into_iter().find(|number| !known.contains(number)) {
            return Err(ContentFault::InventedNumber(number));
        }
        let known: BTreeSet<String> = given().flat_map(links).collect();
        if links(text).iter().any(|link| !known.contains(link)) {
            return Err(ContentFault::InventedLink);
        }
        Ok(())
    }

    fn check_words(&self, text: &str, source: Option<&str>) -> Result<(), ContentFault> {
        let lost = self.verbatim.iter().filter(|token| !token.is_empty()).find(|token| {
            let wanted = source.map_or(0, |source| source.matches(token.as_str()).count());
            text.matches(token.as_str()).count() < wanted
        });
        if let Some(token) = lost {
            return Err(ContentFault::LostToken(token.clone()));
        }
        let banned = self.banned.iter().find(|word| has_word(text, word));
        banned.map_or(Ok(()), |word| Err(ContentFault::Banned(word.clone())))
    }

    /// Letters that belong to every script, and those of protected names, do not count.
    fn check_script(&self, text: &str) -> Result<(), ContentFault> {
        let expected: Vec<Script> = self.scripts.iter().flat_map(|code| scripts_of(code)).collect();
        if expected.is_empty() {
            return Ok(());
        }
        let mut translated = text.to_owned();
        for token in self.verbatim.iter().filter(|token| !token.is_empty()) {
            translated = translated.replace(token.as_str(), " ");
        }
        let script = CodePointMapData::<Script>::new();
        let letters: Vec<Script> = translated
            .chars()
            .filter(|character| character.is_alphabetic())
            .map(|character| script.get(character))
            .filter(|script| !matches!(*script, Script::Common | Script::Inherited))
            .collect();
        let right = letters.iter().filter(|script| expected.contains(script)).count();
        if right * 100 < letters.len() * MIN_SCRIPT_PERCENT {
            return Err(ContentFault::WrongScript);
        }
        Ok(())
    }
}

/// The scripts that a code of a language's writing stands for.
fn scripts_of(code: &str) -> Vec<Script> {
    match code {
        "Jpan" => vec![Script::Han, Script::Hiragana, Script::Katakana],
        "Kore" => vec![Script::Hangul, Script::Han],
        "Hans" | "Hant" => vec![Script::Han],
        _ => icu_properties::PropertyParser::<Script>::new().get_loose(code).into_iter().collect(),
    }
}

/// The runs of digits of `text` in ASCII, without what separates their groups: `14,90 €` and
/// `١٤٫٩٠` are `1490`.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if let Some(digit) = digit_of(character) {
            run.push(digit);
            continue;
        }
        let inside = is_separator(character) && characters.peek().copied().is_some_and(is_digit);
        if !inside && !run.is_empty() {
            found.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        found.push(run);
    }
    found
}

fn is_digit(character: char) -> bool {
    digit_of(character).is_some()
}

/// Digits of every script stand in tens whose zero is the first.
fn digit_of(character: char) -> Option<char> {
    if character.is_ascii_digit() {
        return Some(character);
    }
    let category = CodePointMapData::<GeneralCategory>::new();
    if character.is_ascii() || category.get(character) != GeneralCategory::DecimalNumber {
        return None;
    }
    let is_decimal = |code: u32| {
        char::from_u32(code).is_some_and(|c| category.get(c) == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(character);
    let before = (1..10).take_while(|back| is_decimal(code.wrapping_sub(*back))).count();
    char::from_digit(u32::try_from(before).unwrap_or(0), 10)
}

fn is_separator(character: char) -> bool {
    matches!(character, '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{66b}' | '\u{66c}')
}

/// The parts of `text` that look like a link or a mail address, in lower case.
fn links(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || "()[]\"“”«»,;".contains(c));
    parts
        .map(|part| part.trim_end_matches(['.', '!', '?', ':', '…']).to_lowercase())
        .filter(|part| is_link(part))
        .collect()
}

fn is_link(part: &str) -> bool {
    if part.contains("://") || part.starts_with("www.") || part.contains('@') {
        return true;
    }
    // `name.tld`, with or without a path; a decimal or an abbreviation has no such end.
    let host = part.split('/').next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, end)| {
        name.chars().next_back().is_some_and(char::is_alphanumeric)
            && name.chars().count() > 1
            && end.chars().count() >= 2
            && end.chars().all(char::is_alphabetic)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.trim().to_lowercase());
    let of_a_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(&word).any(|(start, found)| {
            !of_a_word(text[..start].chars().next_back())
                && !of_a_word(text[start + found.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    fn fault(rules: &ContentRules, text: &str, source: Option<&str>) -> Option<ContentFault> {
        rules.check(text, 60, source).err()
    }

    #[test]
    fn nonsense_that_fits_a_schema_is_refused() {
        let rules = ContentRules { scripts: texts(&["Latn"]), ..ContentRules::default() };
        let table = [
            (" \u{a0} ", ContentFault::Empty),
            ("4\u{fffd}oB", ContentFault::Unprintable),
            ("a\u{202e}b", ContentFault::Unprintable),
            ("a\u{10ffff}b", ContentFault::Unprintable),
            ("a\u{e000}b", ContentFault::Unprintable),
            ("a\u{378}b", ContentFault::Unprintable),
            ("a\nb", ContentFault::Unprintable),
            ("<b>Tea</b>", ContentFault::Markup),
            ("Сделано с любовью", ContentFault::WrongScript),
            ("Waking up 엤엤엤엤엤엤엤엤", ContentFault::WrongScript),
        ];
        for (text, expected) in table {
            assert_eq!(fault(&rules, text, None), Some(expected), "{text:?}");
        }
        for fine in ["Éveillez-vous ☕", "Thé – 茶", "!", "Café d’été\u{202f}!"] {
            assert_eq!(fault(&rules, fine, None), None, "{fine:?}");
        }
    }

    #[test]
    fn length_is_counted_as_people_count() {
        let rules = ContentRules::default();
        assert_eq!(rules.check("नमस्ते👩‍👩‍👧e\u{301}", 6, None), Ok(()));
        let fault = rules.check("Order now", 8, None).expect_err("too long");
        assert_eq!(fault.to_string(), "has 9 characters, at most 8 fit");
    }

    #[test]
    fn numbers_must_be_given_in_whatever_digits() {
        let rules = ContentRules { allowed: texts(&["from $14.90"]), ..ContentRules::default() };
        for fine in ["dès 14,90 $", "من ١٤٫٩٠", "१४.९० से", "dès 14.90."] {
            assert_eq!(fault(&rules, fine, None), None, "{fine}");
        }
        let invented = |number: &str| Some(ContentFault::InventedNumber(number.to_owned()));
        assert_eq!(fault(&rules, "jusqu’à -50 %", None), invented("50"));
        assert_eq!(fault(&rules, "14,90 oder 15", None), invented("15"));
        assert_eq!(fault(&rules, "Call 0800 123", Some("Call 0800 123")), None);
        assert_eq!(fault(&rules, "٥٠", None), invented("50"));
    }

    #[test]
    fn links_must_be_given() {
        let rules = ContentRules { allowed: texts(&["tea.example"]), ..ContentRules::default() };
        for fine in ["Visit tea.example!", "Fresh. Every day.", "e.g. tea", "14.90", "Dr. Tee"] {
            let rules = ContentRules { allowed: texts(&["tea.example 14.90"]), ..rules.clone() };
            assert_eq!(fault(&rules, fine, None), None, "{fine}");
        }
        for link in ["Go to evil.com", "https://x", "www.x", "me@tea.example", "evil.com/tea"] {
            assert_eq!(fault(&rules, link, None), Some(ContentFault::InventedLink), "{link}");
        }
    }

    #[test]
    fn names_stay_and_banned_words_do_not_come() {
        let rules = ContentRules {
            verbatim: texts(&["Harvest Lane"]),
            banned: texts(&["Rival", "cure"]),
            scripts: texts(&["Jpan"]),
            ..ContentRules::default()
        };
        let source = Some("Tea by Harvest Lane");
        assert_eq!(fault(&rules, "Harvest Lane のお茶", source), None);
        let lost = Some(ContentFault::LostToken("Harvest Lane".to_owned()));
        assert_eq!(fault(&rules, "収穫のお茶", source), lost);
        let banned = Some(ContentFault::Banned("Rival".to_owned()));
        assert_eq!(fault(&rules, "お茶 RIVAL 好き", None), banned);
        assert!(fault(&rules, "お茶が安心 secured", None).is_some());
        let latin = ContentRules { scripts: Vec::new(), ..rules };
        assert_eq!(fault(&latin, "secured rivals", None), None);
    }

    #[test]
    fn the_brand_is_named_as_asked() {
        let with = |brand| ContentRules { brand, ..ContentRules::default() };
        let name = || "Harvest Lane".to_owned();
        let texts = ["Tea", "by harvest lane"];
        assert_eq!(with(BrandMention::Present(name())).check_brand(texts), Ok(()));
        assert!(with(BrandMention::Present(name())).check_brand(["Tea"]).is_err());
        assert!(with(BrandMention::Absent(name())).check_brand(texts).is_err());
        assert_eq!(with(BrandMention::Free).check_brand(["Tea"]), Ok(()));
    }
}
