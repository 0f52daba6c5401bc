//! Changes of words.

use super::apply::called;
use super::material::Material;
use super::reading::Change;
use super::{Desk, EditError};
use crate::ads::catalog::{Catalog, Length, Row, Slots, render};
use crate::ads::copy::Priced;
use crate::ads::scene::{Money, Role, Text};

/// Makes one change of words.
pub(super) fn change(
    change: &Change,
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    match change {
        Change::SetText { role, words } => material.put(*role, said(words, material, "prompt")),
        Change::AddText { role, words } => {
            let free = |role: &Role| !material.has(*role);
            let role = match role {
                Some(role) => Some(*role).filter(free),
                None => [Role::Subline, Role::Eyebrow, Role::Badge].into_iter().find(free),
            };
            let text = said(words, material, "prompt");
            material.put(role.ok_or(EditError::NoFreePlace)?, text);
        }
        Change::ReplaceText { old, new } => replace(old, new, material)?,
        Change::LessText => less(material)?,
        Change::SetPhrase { role, key } => {
            let text = phrase(key, Length::Normal, material, desk)
                .ok_or_else(|| EditError::NoPhrase(key.clone()))?;
            material.put(*role, text);
        }
        Change::OtherText { role } => other(*role, material, desk)?,
        Change::Shorter { role } => resized(*role, Length::Short, material)?,
        Change::Longer { role } => resized(*role, Length::Normal, material)?,
        Change::AddTagline => add_tagline(material, desk)?,
        Change::RemoveTagline => remove_tagline(material)?,
        Change::Price { amount, currency } => price(amount, currency.as_ref(), material, desk)?,
        Change::Percent { number, up_to } => percent(number, *up_to, material, desk)?,
        _ => {}
    }
    make_room(change, material);
    Ok(())
}

/// A badge and the small line above the headline have one place.
fn make_room(change: &Change, material: &mut Material) {
    let role = match change {
        Change::SetText { role, .. }
        | Change::SetPhrase { role, .. }
        | Change::AddText { role: Some(role), .. }
        | Change::Add { role } => *role,
        _ => return,
    };
    match role {
        Role::Badge if material.has(Role::Eyebrow) => {
            material.clear(Role::Eyebrow);
            material.notes.push("the badge takes the place of the line above the headline".into());
        }
        Role::Eyebrow if material.has(Role::Badge) => {
            material.clear(Role::Badge);
            material.notes.push("the line above the headline takes the badge's place".into());
        }
        _ => {}
    }
}

/// The roles whose words somebody may want changed, in reading order.
const READ: [Role; 8] = [
    Role::Eyebrow,
    Role::Badge,
    Role::Headline,
    Role::Number,
    Role::Subline,
    Role::Price,
    Role::Cta,
    Role::Legal,
];

/// Words become others wherever they stand, whatever their capitals.
fn replace(old: &str, new: &str, material: &mut Material) -> Result<(), EditError> {
    let mut found = false;
    for role in READ {
        let Some(text) = material.words(role).cloned() else { continue };
        let (folded, sought) = (text.v.to_lowercase(), old.to_lowercase());
        // Where small letters have other lengths than capitals, places would not agree.
        let place =
            if folded.len() == text.v.len() { folded.find(&sought) } else { text.v.find(old) };
        let Some(at) = place else { continue };
        let Some(behind) = text.v.get(at + old.len()..) else { continue };
        let words = format!("{}{new}{behind}", &text.v[..at]);
        material.put(role, Text { v: words, source: "prompt".to_owned(), ..text });
        found = true;
    }
    if found { Ok(()) } else { Err(EditError::NoSuchWords(old.to_owned())) }
}

/// The ad without the words that it needs least, else with a shorter headline.
fn less(material: &mut Material) -> Result<(), EditError> {
    let least = [Role::Subline, Role::Eyebrow, Role::Badge];
    match least.into_iter().find(|role| material.has(*role)) {
        Some(role) => {
            material.clear(role);
            Ok(())
        }
        None => resized(Role::Headline, Length::Short, material),
    }
}

/// Puts a role in, with what the brand or the catalog has for it.
pub(super) fn add(role: Role, material: &mut Material, desk: &Desk<'_>) -> Result<(), EditError> {
    let missing = || EditError::NothingToAdd(called(role));
    match role {
        Role::Logo => material.brief.no_logo = false,
        Role::Decoration => material.settled.no_art = false,
        _ if material.has(role) => {}
        Role::Subline => add_tagline(material, desk)?,
        Role::Legal => {
            let words = desk.kit.legal.as_deref().ok_or_else(missing)?;
            material.put(role, said(words, material, "brand.legal"));
        }
        _ => {
            let key = match role {
                Role::Headline => "headline.promise.1",
                Role::Cta => "cta.learn",
                Role::Eyebrow => "eyebrow.new",
                Role::Badge => "badge.new",
                _ => return Err(missing()),
            };
            let text = phrase(key, Length::Normal, material, desk).ok_or_else(missing)?;
            material.put(role, text);
        }
    }
    make_room(&Change::Add { role }, material);
    Ok(())
}

fn said(words: &str, material: &Material, source: &str) -> Text {
    Text {
        v: words.to_owned(),
        lang: material.lang.clone(),
        source: source.to_owned(),
        protect: Vec::new(),
    }
}

fn phrase(key: &str, length: Length, material: &Material, desk: &Desk<'_>) -> Option<Text> {
    let row = Catalog::embedded().row(&material.lang, key)?;
    let slots = Slots {
        brand: desk.kit.name.clone(),
        tagline: desk.kit.tagline.as_ref().map(|line| line.text.clone()),
        ..Slots::default()
    };
    render(row, length, None, &slots).ok().map(Text::from)
}

/// The row of the catalog that a role's words were made from.
fn row_of<'a>(text: &Text, material: &Material) -> Option<Row<'a>> {
    Catalog::embedded().row_of_source(&material.lang, &text.source)
}

/// The next phrase of the same kind: `headline.promise.2` after `headline.promise.1`.
fn other(role: Role, material: &mut Material, desk: &Desk<'_>) -> Result<(), EditError> {
    let none = || EditError::NoOtherWords { wanted: "other", part: called(role) };
    let text = material.words(role).ok_or(EditError::NoSuchPart(called(role)))?.clone();
    let fallback = match role {
        Role::Headline => "headline.promise",
        Role::Subline => "subline.promise",
        Role::Cta => "cta",
        Role::Eyebrow => "eyebrow",
        _ => return Err(none()),
    };
    let key = text.source.strip_prefix("catalog:").unwrap_or_default();
    let group = key.rsplit_once('.').map_or(fallback, |(group, _)| group);
    let language = Catalog::embedded().language(&material.lang).ok_or_else(none)?;
    let slots = Slots { brand: desk.kit.name.clone(), ..Slots::default() };
    let said: Vec<Text> = language
        .rows_under(group)
        .into_iter()
        .filter_map(|row| render(row, Length::Normal, None, &slots).ok().map(Text::from))
        .collect();
    let at = said.iter().position(|other| other.source == text.source);
    let next = at.map_or(0, |at| (at + 1) % said.len().max(1));
    let other = said.into_iter().nth(next).filter(|other| other.v != text.v).ok_or_else(none)?;
    material.put(role, other);
    Ok(())
}

/// The same phrase in its short or its normal form; of words that are not the catalog's, the
/// first sentence.
fn resized(role: Role, length: Length, material: &mut Material) -> Result<(), EditError> {
    let wanted = if length == Length::Short { "shorter" } else { "longer" };
    let none = || EditError::NoOtherWords { wanted, part: called(role) };
    let text = material.words(role).ok_or(EditError::NoSuchPart(called(role)))?.clone();
    let before = text.v.chars().count();
    let fits = |other: &Text| {
        let now = other.v.chars().count();
        if length == Length::Short { now < before } else { now > before }
    };
    let of_catalog = row_of(&text, material).and_then(|row| {
        let slots = row.slots_in(&text.v)?;
        render(row, length, None, &slots).ok().map(Text::from)
    });
    let first_sentence = || {
        let end = text.v.find(['.', '!', '?', '。', '؟', '।', ':', '–', '—'])?;
        let words = text.v[..end].trim();
        (length == Length::Short && words.chars().count() >= 4)
            .then(|| Text { v: words.to_owned(), ..text.clone() })
    };
    let other = of_catalog.filter(fits).or_else(first_sentence).filter(fits).ok_or_else(none)?;
    material.put(role, other);
    Ok(())
}

fn add_tagline(material: &mut Material, desk: &Desk<'_>) -> Result<(), EditError> {
    let line = desk.kit.tagline.as_ref().ok_or(EditError::NothingToAdd("the brand's line"))?;
    let mut text = said(&line.text, material, "brand.tagline");
    if let Some(lang) = &line.lang {
        text.lang.clone_from(lang);
    }
    material.put(Role::Subline, text);
    Ok(())
}

fn remove_tagline(material: &mut Material) -> Result<(), EditError> {
    let roles = [Role::Headline, Role::Subline, Role::Eyebrow];
    let is_tagline =
        |role: &Role| material.words(*role).is_some_and(|text| text.source == "brand.tagline");
    let role = roles.into_iter().find(is_tagline).ok_or(EditError::NoSuchPart("tagline"))?;
    material.clear(role);
    Ok(())
}

fn price(
    amount: &str,
    currency: Option<&String>,
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let had = material.copy.price.as_ref().map(|price| price.money.currency.clone());
    let currency = currency.cloned().or(had).or_else(|| material.currency.clone());
    let unwritten = || EditError::Price(amount.to_owned());
    let money = Money { amount: amount.to_owned(), currency: currency.ok_or_else(unwritten)? };
    let words = (desk.write_price)(&money).ok_or_else(unwritten)?;
    material.currency = Some(money.currency.clone());
    let text = said(&words, material, "prompt");
    material.copy.price = Some(Priced { text, money });
    Ok(())
}

fn percent(
    number: &str,
    up_to: bool,
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let key = if up_to { "badge.up_to" } else { "badge.percent_off" };
    let none = || EditError::NoPhrase(key.to_owned());
    let language = Catalog::embedded().language(&material.lang).ok_or_else(none)?;
    let row = language.row(key).ok_or_else(none)?;
    let slots = Slots {
        percent: Some(language.percent(number)),
        brand: desk.kit.name.clone(),
        ..Slots::default()
    };
    let words = render(row, Length::Short, None, &slots).map_err(|_| none())?;
    material.copy.number = Some(Text::from(words));
    material.rearrange(crate::ads::scene::LayoutKind::OfferBurst);
    Ok(())
}
