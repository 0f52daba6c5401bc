//! The gaps of a phrase and what fills them.

use std::fmt;

/// A gap in a phrase, written as its name in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The brand's name.
    Brand,
    /// The brand's own line.
    Tagline,
    /// A percentage, formatted.
    Percent,
    /// A price, formatted.
    Price,
    /// A date or a year, formatted.
    Date,
    /// What the ad is about.
    Product,
}

impl Slot {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Brand, Self::Tagline, Self::Percent, Self::Price, Self::Date, Self::Product];

    /// As it is written between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Tagline => "tagline",
            Self::Percent => "percent",
            Self::Price => "price",
            Self::Date => "date",
            Self::Product => "product",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// What is known to fill the gaps with; each is already written as its language writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The brand's name.
    pub brand: Option<String>,
    /// The brand's own line.
    pub tagline: Option<String>,
    /// Such as `30 %`.
    pub percent: Option<String>,
    /// Such as `12,50 €`.
    pub price: Option<String>,
    /// Such as `12 mai` or `1987`.
    pub date: Option<String>,
    /// Such as `cold brew`.
    pub product: Option<String>,
}

impl Slots {
    /// What fills this gap: never an empty text.
    pub fn value(&self, slot: Slot) -> Option<&str> {
        let value = match slot {
            Slot::Brand => &self.brand,
            Slot::Tagline => &self.tagline,
            Slot::Percent => &self.percent,
            Slot::Price => &self.price,
            Slot::Date => &self.date,
            Slot::Product => &self.product,
        };
        value.as_deref().map(str::trim).filter(|value| !value.is_empty())
    }

    /// Fills a gap.
    pub fn set(&mut self, slot: Slot, value: String) {
        let place = match slot {
            Slot::Brand => &mut self.brand,
            Slot::Tagline => &mut self.tagline,
            Slot::Percent => &mut self.percent,
            Slot::Price => &mut self.price,
            Slot::Date => &mut self.date,
            Slot::Product => &mut self.product,
        };
        *place = Some(value);
    }
}

/// A phrase is literal text and gaps by turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Text as it is.
    Literal(&'a str),
    /// A gap.
    Gap(Slot),
}

/// The parts of a phrase, or the text of the first brace that names no slot.
pub(super) fn parts(phrase: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = phrase;
    while let Some(open) = rest.find(['{', '}']) {
        let unknown = || rest[open..].chars().take(12).collect::<String>();
        let inner = rest[open..].strip_prefix('{').ok_or_else(unknown)?;
        let (name, after) = inner.split_once('}').ok_or_else(unknown)?;
        let slot = Slot::named(name).ok_or_else(unknown)?;
        if open > 0 {
            parts.push(Part::Literal(&rest[..open]));
        }
        parts.push(Part::Gap(slot));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest));
    }
    Ok(parts)
}

/// The gaps of a phrase that was parsed before, each once.
pub(super) fn of(phrase: &str) -> Vec<Slot> {
    let mut slots: Vec<Slot> = parts(phrase)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|part| match part {
            Part::Gap(slot) => Some(slot),
            Part::Literal(_) => None,
        })
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_gaps_are_told_apart() {
        assert_eq!(
            parts("{product} by {brand}!"),
            Ok(vec![
                Part::Gap(Slot::Product),
                Part::Literal(" by "),
                Part::Gap(Slot::Brand),
                Part::Literal("!"),
            ])
        );
        for broken in ["{brnad}", "{", "}", "a {brand", "{{brand}}", "{Brand}", "{}"] {
            assert!(parts(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn an_empty_value_fills_nothing() {
        let slots = Slots { brand: Some("  ".to_owned()), ..Slots::default() };
        assert_eq!(slots.value(Slot::Brand), None);
    }
}
