//! What each node says in the new language, the best wording first.
//!
//! Words that were given come first, then the price or the figure that the node shows, then the
//! same row of the catalog, and what none of them has stays as it is in its own language. Never: a
//! wording that loses a name or a figure of the source.

use std::collections::BTreeMap;

use super::invariants::keeps_tokens_and_language;
use super::language::Language;
use super::money::Repriced;
use super::{Audience, LocalizeError, Request, Translation};
use crate::ads::catalog::{Catalog, Language as Phrases, Length, Row, Slot, Slots, render};
use crate::ads::scene::{Money, Node, Role, Scene, Text, WordsFrom};
use crate::domain::brand::Direction;

/// One way to say what a node says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Saying {
    /// The words.
    pub(super) text: Text,
    /// The price that they show.
    pub(super) money: Option<Money>,
    /// Where they are from; none for words that were left as they are.
    pub(super) from: Option<WordsFrom>,
}

/// Everything that the words are found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrasebook<'a> {
    pub(super) source: &'a Scene,
    pub(super) request: &'a Request<'a>,
    pub(super) audience: &'a Audience,
    pub(super) catalog: &'a Catalog,
    pub(super) prices: &'a BTreeMap<String, Repriced>,
}

/// Words that a model could translate, because the catalog cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The node's id.
    pub node: String,
    /// What it is for.
    pub role: Role,
    /// What it says.
    pub text: String,
    /// BCP 47, of what it says.
    pub lang: String,
    /// What has to stay as it is.
    pub protect: Vec<String>,
    /// About how many characters have room.
    pub max_chars: usize,
}

/// What a model should be asked to translate for these readers: quoted words, a tagline, a model's
/// own earlier words, and rows that the catalog does not have. Never names and legal words.
pub fn wanted(source: &Scene, language: &Language, catalog: &Catalog) -> Vec<Wanted> {
    let is_untranslatable = |node: &Node, text: &Text| {
        node.role == Role::Legal
            || node.role == Role::Logo
            || (text.source.starts_with("brand.") && text.source != "brand.tagline")
    };
    let nodes = source.nodes.iter().filter_map(|node| Some((node, node.text.as_ref()?)));
    nodes
        .filter(|(node, text)| {
            !is_untranslatable(node, text)
                && node.money.is_none()
                && has_letters(&text.v)
                && !speaks(&text.lang, language)
                && catalog.row_of_source(&language.tag(), &text.source).is_none()
        })
        .map(|(node, text)| Wanted {
            node: node.id.clone(),
            role: node.role,
            text: text.v.clone(),
            lang: text.lang.clone(),
            protect: text.protect.clone(),
            max_chars: room_for(text.v.chars().count()),
        })
        .collect()
}

/// Words grow when they are translated, short ones the most; a box holds about a third more before
/// they shrink too far.
fn room_for(chars: usize) -> usize {
    chars + (chars / 3).max(6)
}

impl Phrasebook<'_> {
    /// What a node with words may say, the best first; never empty.
    pub(super) fn sayings(&self, node: &Node, text: &Text) -> Result<Vec<Saying>, LocalizeError> {
        let mut sayings = self.given(node, text);
        // The caller's words are law; a model's may turn out to be too long.
        if sayings.iter().any(|saying| saying.from == Some(WordsFrom::User)) {
            return Ok(sayings);
        }
        let before = sayings.len();
        match self.of_catalog(node, text) {
            // A model speaks languages that the catalog does not.
            Err(_) if before > 0 => {}
            rows => sayings.extend(rows?),
        }
        if sayings.len() == before {
            let figure = self.price(node, text).or_else(|| self.figure(text));
            sayings.push(figure.unwrap_or_else(|| self.as_it_is(text)));
        }
        Ok(sayings)
    }

    fn tag(&self) -> String {
        self.audience.language.tag()
    }

    /// The caller's words, or those of a model's that keep what has to be kept.
    fn given(&self, node: &Node, text: &Text) -> Vec<Saying> {
        let words = &self.request.words;
        let role = serde_json::to_value(node.role).ok();
        let of_role = role.as_ref().and_then(|role| words.get(role.as_str()?));
        let (given, source, from) = match words.get(&node.id).or(of_role) {
            Some(Translation::User(given)) => {
                (std::slice::from_ref(given), "user", WordsFrom::User)
            }
            Some(Translation::Model(given)) => (given.as_slice(), "model", WordsFrom::Model),
            None => return Vec::new(),
        };
        let said = given.iter().map(|given| given.trim()).filter(|given| !given.is_empty());
        let texts = said.map(|given| Text {
            v: given.to_owned(),
            lang: self.tag(),
            source: source.to_owned(),
            protect: text.protect.clone(),
        });
        let is_right = |given: &Text| {
            let said = Node { text: Some(given.clone()), ..node.clone() };
            from == WordsFrom::User
                || keeps_tokens_and_language(node, &said, &self.audience.language)
        };
        let right = texts.filter(is_right);
        right.map(|text| Saying { text, money: node.money.clone(), from: Some(from) }).collect()
    }

    /// The same row in the new language: as long as the source says it, or shorter. A wording that
    /// has other gaps than the source's would lose a name or a figure.
    fn of_catalog(&self, node: &Node, text: &Text) -> Result<Vec<Saying>, LocalizeError> {
        let Some(own) = self.catalog.row_of_source(&text.lang, &text.source) else {
            return Ok(Vec::new());
        };
        let Some(phrases) = self.catalog.language(&self.tag()) else {
            return Err(self.no_words());
        };
        let (Some(slots), Some(row)) = (own.slots_in(&text.v), phrases.row(own.key)) else {
            return Ok(Vec::new());
        };
        let formality = self.audience.culture.formality;
        let filled = self.rewritten(&slots, phrases);
        let mut sayings: Vec<Saying> = Vec::new();
        for length in lengths(own, text, &slots) {
            let is_same = has_same_gaps(&row.needs(length), &slots);
            let Some(words) = render(row, length, formality, &filled).ok().filter(|_| is_same)
            else {
                continue;
            };
            let mut text = Text { lang: self.tag(), ..Text::from(words) };
            text.v = self.upright(text.v);
            if sayings.iter().all(|saying| saying.text.v != text.v) {
                let money = self.prices.get(&node.id).map(|price| price.to.clone());
                sayings.push(Saying { text, money, from: Some(WordsFrom::Catalog) });
            }
        }
        Ok(sayings)
    }

    fn no_words(&self) -> LocalizeError {
        let known: Vec<&str> = self.catalog.languages().map(|one| one.lang.as_str()).collect();
        LocalizeError::NoWords { language: self.tag(), known: known.join(", ") }
    }

    /// Figures as the new language writes them; names as they are.
    fn rewritten(&self, slots: &Slots, phrases: &Phrases) -> Slots {
        let mut slots = slots.clone();
        let percent = slots.percent.as_deref().map(|percent| {
            let written = Percentage::read(percent).map(|read| read.written(phrases));
            written.unwrap_or_else(|| percent.to_owned())
        });
        let price = slots.price.as_deref().map(|price| {
            let shown = plain(price);
            let mut prices = self.prices.values();
            let is_this =
                |known: &&Repriced| self.written_before(&known.from).as_deref() == Some(&shown);
            prices.find(is_this).map_or_else(|| price.to_owned(), |known| known.text.clone())
        });
        (slots.percent, slots.price) = (percent, price);
        slots
    }

    /// The new price in the place of the old one; other words beside it stay.
    fn price(&self, node: &Node, text: &Text) -> Option<Saying> {
        let price = self.prices.get(&node.id)?;
        let old = self.written_before(&price.from);
        let around = old.as_deref().and_then(|old| text.v.split_once(old));
        let v = match around {
            Some((before, after)) => format!("{before}{}{after}", price.text),
            None => price.text.clone(),
        };
        let text = Text {
            v,
            lang: self.tag(),
            source: text.source.clone(),
            protect: vec![price.text.clone()],
        };
        Some(Saying { text, money: Some(price.to.clone()), from: Some(WordsFrom::Brand) })
    }

    /// A percentage that stands alone, such as the huge number of an offer. It is no word, so a
    /// language without a catalog keeps its writing.
    fn figure(&self, text: &Text) -> Option<Saying> {
        let percentage = Percentage::read(&text.v)?;
        let phrases = self.catalog.language(&self.tag());
        let v = phrases.map_or_else(|| plain(&text.v), |phrases| percentage.written(phrases));
        let v = self.upright(v);
        let text =
            Text { protect: vec![v.clone()], v, lang: self.tag(), source: text.source.clone() };
        Some(Saying { text, money: None, from: Some(WordsFrom::Catalog) })
    }

    /// A percentage that stands alone has nothing that says which way it reads: among words from
    /// the right its minus would go behind the number.
    fn upright(&self, v: String) -> String {
        let is_bare = Percentage::read(&v).is_some_and(|percentage| percentage.sign.is_some());
        if is_bare && self.audience.language.direction() == Direction::Rtl {
            return format!("\u{2066}{}\u{2069}", plain(&v));
        }
        v
    }

    /// Words that nobody translated; in the new language they may be already, and figures are in
    /// every language.
    fn as_it_is(&self, text: &Text) -> Saying {
        let is_understood = speaks(&text.lang, &self.audience.language) || !has_letters(&text.v);
        let from = is_understood.then_some(WordsFrom::User);
        let lang = if is_understood { self.tag() } else { text.lang.clone() };
        Saying { text: Text { lang, ..text.clone() }, money: None, from }
    }

    /// A price as the source wrote it.
    fn written_before(&self, money: &Money) -> Option<String> {
        super::written(money, &Language::parse(&self.source.lang).ok()?)
    }
}

/// The lengths to try: a source that is short already has no room for more.
fn lengths(own: Row<'_>, text: &Text, slots: &Slots) -> Vec<Length> {
    use crate::ads::catalog::Formality;
    let says = |length: Length, formality: Formality| {
        let words = render(own, length, Some(formality), slots);
        words.is_ok_and(|words| plain(&words.text) == plain(&text.v))
    };
    let is = |length| says(length, Formality::Formal) || says(length, Formality::Informal);
    if is(Length::Short) && !is(Length::Normal) {
        vec![Length::Short]
    } else {
        vec![Length::Normal, Length::Short]
    }
}

fn has_same_gaps(needs: &[Slot], slots: &Slots) -> bool {
    Slot::ALL.iter().all(|slot| needs.contains(slot) == slots.value(*slot).is_some())
}

/// Whether words marked with this language need no translation for these readers.
fn speaks(lang: &str, language: &Language) -> bool {
    Language::parse(lang).is_ok_and(|own| own.reads_like(language))
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Without isolates and marks.
fn plain(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    text.chars().filter(|c| !is_mark(*c)).collect()
}

/// A percentage and the sign before it.
#[derive(Debug, PartialEq, Eq)]
struct Percentage {
    sign: Option<char>,
    /// ASCII digits, with a point where there is a fraction.
    number: String,
}

impl Percentage {
    /// Reads `30%`, `−12,5 %` or `%30`; nothing else may stand beside it.
    fn read(text: &str) -> Option<Self> {
        let text: String = plain(text).chars().filter(|c| !c.is_whitespace()).collect();
        let (sign, rest) = match text.chars().next()? {
            sign @ ('-' | '−' | '–' | '+') => (Some(sign), &text[sign.len_utf8()..]),
            _ => (None, text.as_str()),
        };
        let is_percent = |c: char| matches!(c, '%' | '٪' | '％');
        let number = rest.strip_suffix(is_percent).or_else(|| rest.strip_prefix(is_percent))?;
        let number = number.replace(',', ".");
        let is_number = number.len() <= 6
            && number.starts_with(|c: char| c.is_ascii_digit())
            && number.ends_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_digit() || c == '.')
            && number.matches('.').count() <= 1;
        is_number.then_some(Self { sign, number })
    }

    fn written(&self, phrases: &Phrases) -> String {
        let written = phrases.percent(&self.number);
        self.sign.map_or_else(|| written.clone(), |sign| format!("{sign}{written}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_and_nothing_else() {
        let read = |text: &str| Percentage::read(text).map(|read| (read.sign, read.number));
        assert_eq!(read("30%"), Some((None, "30".to_owned())));
        assert_eq!(read("−12,5\u{a0}%"), Some((Some('−'), "12.5".to_owned())));
        assert_eq!(read("\u{2068}%30\u{2069}"), Some((None, "30".to_owned())));
        for text in ["", "%", "30", "up to 30%", "1.2.3%", ".5%", "30%%", "١%"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn room_grows_most_for_short_words() {
        assert_eq!((room_for(4), room_for(30), room_for(90)), (10, 40, 120));
    }
}
