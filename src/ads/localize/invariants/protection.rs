//! K9: names, figures, addresses and legal words are what they were.
//!
//! A name is compared letter by letter, a figure by its digits, whatever its script and its
//! separators; a price is written again from its amount and taken out before the rest is compared.

use std::collections::BTreeMap;

use icu_properties::CodePointMapData;
use icu_properties::props::NumericType;

use super::{none_of, spoken, spoken_pairs};
use crate::ads::localize::language::Language;
use crate::ads::localize::money::{Amount, Currency, CurrencyPolicy, format};
use crate::ads::scene::{Check, Money, Node, Role, Scene};

/// K9: counts the tokens that were lost or added, and the prices that no policy explains.
pub(super) fn tokens_kept(source: &Scene, target: &Scene, policy: CurrencyPolicy) -> Check {
    let (prices_before, prices_after) = (price_texts(source), price_texts(target));
    let changed = spoken_pairs(source, target).map(|(before, after)| {
        let protect = before.text.as_ref().map(|text| text.protect.as_slice()).unwrap_or_default();
        let was = tokens(before, protect, &prices_before);
        let is = tokens(after, protect, &prices_after);
        distance(&was, &is) + usize::from(!is_explained(before, after, policy, target))
    });
    let silenced = spoken(source)
        .filter(|(node, _)| target.node(&node.id).is_none_or(|node| node.text.is_none()));
    none_of("K9", changed.sum::<usize>() + silenced.count())
}

/// Whether two wordings of one node have the same names and figures.
pub(super) fn keeps_tokens(before: &Node, after: &Node) -> bool {
    let protect = before.text.as_ref().map(|text| text.protect.as_slice()).unwrap_or_default();
    distance(&tokens(before, protect, &[]), &tokens(after, protect, &[])) == 0
}

/// What must not change in these words, each with how often it stands there.
fn tokens(node: &Node, protect: &[String], prices: &[String]) -> BTreeMap<String, usize> {
    let mut tokens = BTreeMap::new();
    let Some(text) = &node.text else { return tokens };
    let mut add = |token: String| *tokens.entry(token).or_insert(0) += 1;
    if node.role == Role::Legal {
        add(text.v.clone());
    }
    let mut rest = visible(&text.v);
    for price in prices {
        rest = rest.replace(price.as_str(), " ");
    }
    for name in protect.iter().map(|name| visible(name)).filter(|name| is_name(name)) {
        // Capital letters depend on the place in a sentence.
        let (found, without) = taken_out(&rest, &name);
        rest = without;
        for _ in 0..found {
            add(name.to_lowercase());
        }
    }
    for word in rest.split_whitespace().filter(|word| is_address(word)) {
        add(word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    }
    for figure in figures(&rest) {
        add(figure);
    }
    tokens
}

/// What is protected and has letters but no digits; the rest counts as figures, because a language
/// may write them in another way.
fn is_name(token: &str) -> bool {
    !token.is_empty() && !token.chars().any(|c| digit(c).is_some())
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let has_dot = |part: &str| part.trim_matches('.').contains('.');
    word.contains("://")
        || word.split_once('@').is_some_and(|(_, host)| has_dot(host))
        || is_host(word)
}

/// `harvest.example/shop`, but not `3.5` or `e.g`.
fn is_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((_, end)) = host.rsplit_once('.') else { return false };
    end.len() >= 2
        && end.chars().all(|c| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
}

/// How often a name stands in a text, in either case, and the text without it.
fn taken_out(text: &str, name: &str) -> (usize, String) {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    (text.matches(&name).count(), text.replace(&name, " "))
}

/// Runs of digits as ASCII digits, without their separators.
fn figures(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut figures = Vec::new();
    let mut figure = String::new();
    for (at, c) in chars.iter().enumerate() {
        let next_is_digit = chars.get(at + 1).is_some_and(|next| digit(*next).is_some());
        match digit(*c) {
            Some(digit) => figure.push(digit),
            None if !figure.is_empty() && next_is_digit && is_separator(*c) => {}
            None if !figure.is_empty() => figures.push(std::mem::take(&mut figure)),
            None => {}
        }
    }
    figures.extend((!figure.is_empty()).then_some(figure));
    figures
}

/// What stands between the digits of one number in some language.
fn is_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{66b}' | '\u{66c}')
}

/// A digit of any script as an ASCII digit. The ten digits of a script stand in a row, apart from
/// others; only those of mathematics follow each other.
fn digit(c: char) -> Option<char> {
    const MATHEMATICAL: std::ops::RangeInclusive<u32> = 0x1_d7ce..=0x1_d7ff;
    if c.is_ascii_digit() {
        return Some(c);
    }
    let code = u32::from(c);
    if MATHEMATICAL.contains(&code) {
        return char::from_digit((code - MATHEMATICAL.start()) % 10, 10);
    }
    let is_decimal =
        |c: char| CodePointMapData::<NumericType>::new().get(c) == NumericType::Decimal;
    if !is_decimal(c) {
        return None;
    }
    let before = (1..10).take_while(|back| {
        code.checked_sub(*back).and_then(char::from_u32).is_some_and(is_decimal)
    });
    char::from_digit(u32::try_from(before.count()).ok()?, 10)
}

/// Without marks of direction and joiners, which are no part of what is said.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !super::groups::is_invisible(*c)).collect()
}

fn distance(was: &BTreeMap<String, usize>, is: &BTreeMap<String, usize>) -> usize {
    let count = |tokens: &BTreeMap<String, usize>, token| tokens.get(token).copied().unwrap_or(0);
    let lost: usize = was.iter().map(|(token, n)| n.saturating_sub(count(is, token))).sum();
    let added: usize = is.iter().map(|(token, n)| n.saturating_sub(count(was, token))).sum();
    lost + added
}

/// The prices of a scene as its language writes them.
fn price_texts(scene: &Scene) -> Vec<String> {
    let moneys = scene.nodes.iter().filter_map(|node| node.money.as_ref());
    moneys.filter_map(|money| price_text(money, scene)).collect()
}

fn price_text(money: &Money, scene: &Scene) -> Option<String> {
    let language = Language::parse(&scene.lang).ok()?;
    let amount = Amount::parse(&money.amount).ok()?;
    let written = format(amount, Currency::parse(&money.currency).ok()?, &language).ok()?;
    Some(visible(&written))
}

/// Whether the price of a node shows its amount, and the policy lets it be that amount.
fn is_explained(before: &Node, after: &Node, policy: CurrencyPolicy, target: &Scene) -> bool {
    let (was, is) = match (&before.money, &after.money) {
        (None, None) => return true,
        (Some(was), Some(is)) => (was, is),
        _ => return false,
    };
    let is_allowed = match policy {
        CurrencyPolicy::Keep => was == is,
        CurrencyPolicy::Relabel => was.amount == is.amount,
        CurrencyPolicy::Convert | CurrencyPolicy::PriceList => true,
    };
    let shown = after.text.as_ref().map(|text| visible(&text.v)).unwrap_or_default();
    is_allowed && price_text(is, target).is_some_and(|price| shown.contains(&price))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_their_digits_in_every_script() {
        for text in
            ["1,234.50", "1.234,50", "1\u{202f}234,50", "١٬٢٣٤٫٥٠", "१,२३४.५०", "１２３４．５０"]
        {
            let text = text.replace('．', ".");
            assert_eq!(figures(&text), ["123450"], "{text}");
        }
        assert_eq!(figures("24/7, 20 % and 3."), ["24", "7", "20", "3"]);
        assert_eq!(figures("۱۲ ၃ ๔"), ["12", "3", "4"]);
        assert_eq!(figures("𝟘𝟙𝟡𝟎"), ["0190"]);
    }

    #[test]
    fn addresses_are_told_from_sentences() {
        for address in ["https://x.example/a", "me@x.example", "harvest.example", "www.a.example,"]
        {
            assert!(is_address(address), "{address}");
        }
        for word in ["end.", "e.g.", "3.5", "Real", "a.", "...", "@", "१.२"] {
            assert!(!is_address(word), "{word}");
        }
    }
}
