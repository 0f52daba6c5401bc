//! The four colours that stand for a brand.

use crate::domain::brand::{BrandColors, FieldEvidence, Hex, Source};

/// How many colours a palette has on the wire.
const SIZE: usize = 4;

/// Below this distance (Euclid in sRGB bytes) two colours would look like one in a palette.
const SAME: i32 = 12;

/// Exactly four distinct colours, each with the role that it was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    color: Hex,
    role: &'static str,
    derived: bool,
}

impl Palette {
    /// First the brand's own colours, then ground and text, then tints of what there is.
    pub fn of(colors: &BrandColors) -> Self {
        let mut palette = Self { entries: Vec::with_capacity(SIZE) };
        let own = [
            ("primary", colors.primary),
            ("secondary", colors.secondary),
            ("accent", colors.accent),
        ];
        for (role, color) in own {
            palette.push(color, role, false);
        }
        for color in &colors.logo {
            palette.push(Some(*color), "logo", false);
        }
        let grounds =
            [("background", colors.background), ("text", colors.text), ("surface", colors.surface)];
        for (role, color) in grounds {
            palette.push(color, role, true);
        }
        palette.fill();
        palette
    }

    /// The colours, most important first.
    pub fn colors(&self) -> [Hex; SIZE] {
        let mut colors = [Hex::WHITE; SIZE];
        for (color, entry) in colors.iter_mut().zip(&self.entries) {
            *color = entry.color;
        }
        colors
    }

    /// Which of them were found and which filled in.
    pub fn evidence(&self) -> FieldEvidence {
        let source = |entry: &Entry| Source {
            kind: if entry.derived { "derived" } else { "role" }.to_owned(),
            place: entry.role.to_owned(),
            snippet: entry.color.to_string(),
            weight: if entry.derived { 0.0 } else { 1.0 },
        };
        let found = self.entries.iter().filter(|entry| !entry.derived).count();
        #[expect(clippy::cast_precision_loss, reason = "at most four")]
        let confidence = found as f64 / SIZE as f64;
        FieldEvidence {
            confidence,
            sources: self.entries.iter().map(source).collect(),
            ..FieldEvidence::default()
        }
    }

    fn push(&mut self, color: Option<Hex>, role: &'static str, derived: bool) {
        let Some(color) = color else { return };
        let known = self.entries.iter().any(|entry| distance(entry.color, color) < SAME);
        if self.entries.len() < SIZE && !known {
            self.entries.push(Entry { color, role, derived });
        }
    }

    fn fill(&mut self) {
        let base = self.entries.first().map_or(Hex::BLACK, |entry| entry.color);
        for share in [0.5, 0.2, 0.75, 0.35] {
            self.push(Some(base.mixed(Hex::WHITE, share)), "tint", true);
            self.push(Some(base.mixed(Hex::BLACK, share)), "shade", true);
        }
    }
}

fn distance(one: Hex, two: Hex) -> i32 {
    let square: i32 = one
        .rgb()
        .into_iter()
        .zip(two.rgb())
        .map(|(one, two)| (i32::from(one) - i32::from(two)).pow(2))
        .sum();
    square.isqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distinct(colors: &BrandColors) -> usize {
        let found = Palette::of(colors).colors();
        found.iter().collect::<std::collections::BTreeSet<_>>().len()
    }

    #[test]
    fn four_distinct_colours_whatever_was_found() {
        assert_eq!(distinct(&BrandColors::default()), 4);
        for color in [Hex::WHITE, Hex::BLACK, Hex::new(255, 0, 0), Hex::new(3, 3, 3)] {
            let colors = BrandColors {
                primary: Some(color),
                background: Some(Hex::WHITE),
                text: Some(color),
                logo: vec![color, color],
                ..BrandColors::default()
            };
            assert_eq!(distinct(&colors), 4, "{color}");
        }
    }

    #[test]
    fn what_was_filled_in_is_marked() {
        let colors = BrandColors { primary: Some(Hex::new(200, 30, 30)), ..BrandColors::default() };
        let kinds: Vec<String> =
            Palette::of(&colors).evidence().sources.into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["role", "derived", "derived", "derived"]);
    }
}
