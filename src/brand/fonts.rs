//! Which typefaces headings, text and code are set in.
//!
//! Each visible character votes for the first family of its element. A stack that begins with the
//! system's own font is a choice too and is named as such. Never: an icon font, and never the
//! first family of a stack that nobody sees.

use std::collections::HashMap;

use crate::brand::css::{Computed, DeclarationId, SheetKind, Styles};
use crate::brand::evidence::{Finding, source};
use crate::brand::roles::{Fact, Facts, Kind};
use crate::domain::brand::{BrandFont, FontClass, Source};

/// The typefaces of a page.
pub(crate) struct Fonts {
    /// Headings.
    pub(crate) heading: Finding<BrandFont>,
    /// Running text.
    pub(crate) body: Finding<BrandFont>,
    /// Code.
    pub(crate) mono: Finding<BrandFont>,
}

/// A family with less of the text than this is an accident.
const MIN_SHARE: f64 = 0.02;

impl Fonts {
    /// Reads a page whose styles are set.
    pub(crate) fn of(styles: &Styles, facts: &Facts) -> Self {
        let mut heading = Tally::default();
        let mut body = Tally::default();
        let mut mono = Tally::default();
        for (fact, style) in facts.all().iter().zip(styles.all()) {
            let level = heading_level(facts, fact);
            if fact.own_text == 0 || is_library(styles, style) {
                continue;
            }
            let text = f64::from(fact.own_text);
            if fact.in_code {
                mono.add(style, text);
            } else if let Some(level) = level {
                let unit = [4.0, 2.0, 1.0, 0.5][usize::from(level.clamp(1, 4)) - 1];
                heading.add(style, unit * (1.0 + text.min(60.0) / 60.0));
            } else if fact.kind != Kind::Button {
                body.add(style, text * f64::from(fact.weight));
            }
        }
        let body = body.finding(styles);
        let body = if body.value.is_some() { body } else { declared(styles) };
        let heading = heading.finding(styles);
        // Without headings the text speaks for them.
        let heading = if heading.value.is_some() { heading } else { body.clone().capped(0.4) };
        let mono = mono.finding(styles);
        Self { heading, body, mono }
    }
}

/// The level of the heading that an element is or stands in.
fn heading_level(facts: &Facts, fact: &Fact) -> Option<u8> {
    let mut one = Some(fact);
    for _ in 0..4 {
        match one?.kind {
            Kind::Heading(level) => return Some(level),
            _ => one = one?.parent.map(|parent| &facts.all()[parent]),
        }
    }
    None
}

fn is_library(styles: &Styles, style: &Computed) -> bool {
    style.families_from.is_some_and(|from| styles.place(from).kind == SheetKind::Library)
}

/// Votes for families.
#[derive(Default)]
struct Tally {
    families: HashMap<String, Votes>,
    total: f64,
}

struct Votes {
    sum: f64,
    class: Option<FontClass>,
    weights: HashMap<u16, f64>,
    from: Option<DeclarationId>,
}

impl Tally {
    fn add(&mut self, style: &Computed, weight: f64) {
        let Some(family) = chosen(&style.families) else { return };
        self.total += weight;
        let votes = self.families.entry(family).or_insert_with(|| Votes {
            sum: 0.0,
            class: class(&style.families),
            weights: HashMap::new(),
            from: style.families_from,
        });
        votes.sum += weight;
        *votes.weights.entry(style.weight).or_default() += weight;
    }

    fn finding(&self, styles: &Styles) -> Finding<BrandFont> {
        let mut ranked: Vec<(&String, &Votes)> =
            self.families.iter().filter(|(_, votes)| votes.sum >= MIN_SHARE * self.total).collect();
        ranked.sort_by(|one, two| two.1.sum.total_cmp(&one.1.sum).then(one.0.cmp(two.0)));
        let mut fonts = ranked.iter().map(|(family, votes)| font(family, votes));
        let (Some(first), Some((family, votes))) = (fonts.next(), ranked.first()) else {
            return Finding::none();
        };
        let sources = votes.from.map(|from| {
            let place = styles.place(from);
            source("text", place.to_string(), &place.shown(), votes.sum / self.total)
        });
        let sources = sources.into_iter().chain(face(styles, family)).collect();
        let confidence = 0.45 + 0.45 * votes.sum / self.total;
        Finding::new(first, confidence, sources).with_alternatives(fonts.take(3).collect())
    }
}

/// The file that a family comes from, which often says its full name.
fn face(styles: &Styles, family: &str) -> Option<Source> {
    let face = styles.faces().iter().find(|face| face.family.eq_ignore_ascii_case(family))?;
    Some(source("font-face", face.sheet.as_str(), &face.source, 0.5))
}

fn font(family: &str, votes: &Votes) -> BrandFont {
    let weights = votes.weights.iter();
    let weight = weights.max_by(|one, two| one.1.total_cmp(two.1).then(two.0.cmp(one.0)));
    BrandFont {
        family: family.to_owned(),
        class: votes.class,
        weight: weight.map(|(weight, _)| *weight),
    }
}

/// On a page that scripts build, what the sheets declare most often.
fn declared(styles: &Styles) -> Finding<BrandFont> {
    let mut tally: HashMap<String, (u32, Option<FontClass>, DeclarationId)> = HashMap::new();
    for (families, from) in styles.declared_families() {
        let is_code = class(&families) == Some(FontClass::Mono);
        if let Some(family) = chosen(&families).filter(|_| !is_code) {
            tally.entry(family).or_insert((0, class(&families), from)).0 += 1;
        }
    }
    let most = tally.into_iter().max_by(|one, two| one.1.0.cmp(&two.1.0).then(two.0.cmp(&one.0)));
    let Some((family, (count, class, from))) = most else { return Finding::none() };
    let place = styles.place(from);
    let sources = vec![source("css-rule", place.to_string(), &place.shown(), f64::from(count))];
    Finding::new(BrandFont { family, class, weight: None }, 0.35, sources)
}

/// The family that a stack chooses: its first, unless that is an icon font or a stand-in.
fn chosen(families: &[String]) -> Option<String> {
    let names = families.iter().filter_map(|family| cleaned(family));
    let mut names = names.filter(|name| !is_icon_font(name));
    let first = names.next()?;
    Some(match first.as_str() {
        "-apple-system" | "BlinkMacSystemFont" => "system-ui".to_owned(),
        _ => first,
    })
}

/// A family's name without what build tools add; none for their stand-ins.
fn cleaned(family: &str) -> Option<String> {
    let name = family.trim();
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || lower.ends_with("fallback") || lower.contains("_fallback_") {
        return None;
    }
    let Some(inner) = name.strip_prefix("__") else { return Some(name.to_owned()) };
    // `__Suisse_Intl_6d5c28`: the last part is a hash.
    let named = match inner.rsplit_once('_') {
        Some((named, hash)) if hash.len() >= 4 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            named
        }
        _ => inner,
    };
    Some(named.replace('_', " ").trim().to_owned())
}

fn is_icon_font(name: &str) -> bool {
    const ICONS: [&str; 10] = [
        "awesome",
        "material icons",
        "material symbols",
        "bootstrap-icons",
        "glyphicon",
        "icomoon",
        "eicons",
        "dashicons",
        "ionicons",
        "icons",
    ];
    let lower = name.to_ascii_lowercase();
    ICONS.iter().any(|icon| lower.contains(icon)) || lower.ends_with("icon")
}

fn class(families: &[String]) -> Option<FontClass> {
    let last =
        families.iter().rev().find_map(|family| match family.to_ascii_lowercase().as_str() {
            "serif" | "ui-serif" => Some(FontClass::Serif),
            "sans-serif" | "system-ui" | "ui-sans-serif" | "-apple-system" | "ui-rounded" => {
                Some(FontClass::Sans)
            }
            "monospace" | "ui-monospace" => Some(FontClass::Mono),
            "cursive" | "fantasy" => Some(FontClass::Display),
            _ => None,
        });
    last.or_else(|| {
        let first = families.first()?.to_ascii_lowercase();
        if first.contains("mono") || first.contains("courier") || first.contains("consolas") {
            Some(FontClass::Mono)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_gives_the_family_that_was_chosen() {
        for (stack, family) in [
            (vec!["Montserrat", "sans-serif"], Some("Montserrat")),
            (vec!["__Suisse_Intl_6d5c28", "__Suisse_Intl_Fallback_6d5c28"], Some("Suisse Intl")),
            (vec!["Inter Fallback", "Inter"], Some("Inter")),
            (vec!["system-ui", "-apple-system", "Segoe UI", "Roboto"], Some("system-ui")),
            (vec!["-apple-system", "Segoe UI"], Some("system-ui")),
            (vec!["Font Awesome 6 Free"], None),
            (vec![], None),
        ] {
            let stack: Vec<String> = stack.into_iter().map(str::to_owned).collect();
            assert_eq!(chosen(&stack).as_deref(), family, "{stack:?}");
        }
    }

    #[test]
    fn a_class_comes_from_the_generic_family() {
        let class_of = |stack: &[&str]| {
            class(&stack.iter().map(|family| (*family).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(class_of(&["Lora", "serif"]), Some(FontClass::Serif));
        assert_eq!(class_of(&["IBM Plex Mono"]), Some(FontClass::Mono));
        assert_eq!(class_of(&["Gotham"]), None);
    }
}
