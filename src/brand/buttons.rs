//! How a site's buttons look.
//!
//! Buttons that look alike are one kind; the kind that asks loudest for the action is the primary
//! one, the next with another fill the secondary. Never: a button inside a notice or a switch.

use crate::brand::css::{Computed, SheetKind, Styles};
use crate::brand::evidence::{Finding, source};
use crate::brand::roles::{Fact, Facts, Kind};
use crate::domain::brand::{BrandButton, Hex};

/// The looks of a page's buttons.
pub(crate) struct Buttons {
    /// The one that asks for the action.
    pub(crate) primary: Finding<BrandButton>,
    /// The one beside it.
    pub(crate) secondary: Finding<BrandButton>,
}

/// Buttons of one look.
struct Looks {
    look: BrandButton,
    score: f64,
    count: u32,
    place: String,
    snippet: String,
}

/// How many looks are told apart: a page with more has no system.
const MAX_LOOKS: usize = 40;

impl Buttons {
    /// Reads a page whose styles are set.
    pub(crate) fn of(styles: &Styles, facts: &Facts) -> Self {
        let mut all: Vec<Looks> = Vec::new();
        let mut labelled = 0;
        for (fact, style) in facts.all().iter().zip(styles.all()) {
            if fact.kind != Kind::Button || fact.weight < 1.0 || fact.text == 0 {
                continue;
            }
            let from = style.paint.from.or(style.border_from);
            let Some(place) = from.map(|from| styles.place(from)) else { continue };
            let Some(look) = look(fact, style).filter(|_| place.kind != SheetKind::Library) else {
                continue;
            };
            labelled += 1;
            let unit = if fact.is_main { 10.0 } else { 6.0 };
            let fill = if look.background.is_some() { 1.0 } else { 0.4 };
            let score = unit * fill * if labelled <= 3 { 1.5 } else { 1.0 };
            match all.iter().position(|known| known.look == look) {
                Some(at) => {
                    let known = &mut all[at];
                    known.score += score;
                    known.count += 1;
                }
                None if all.len() < MAX_LOOKS => {
                    let (place, snippet) = (place.to_string(), place.shown());
                    all.push(Looks { look, score, count: 1, place, snippet });
                }
                None => {}
            }
        }
        all.sort_by(|one, two| two.score.total_cmp(&one.score));
        let first = all.first();
        let second = first.and_then(|first| {
            all.iter().find(|other| other.look.background != first.look.background)
        });
        let finding = |looks: Option<&Looks>| {
            let Some(looks) = looks else { return Finding::none() };
            let snippet = format!("{} (×{})", looks.snippet, looks.count);
            let source = source("button", looks.place.clone(), &snippet, looks.score);
            let confidence = 0.5 + 0.08 * f64::from(looks.count.min(5));
            Finding::new(looks.look.clone(), confidence, vec![source])
        };
        Self { primary: finding(first), secondary: finding(second) }
    }
}

/// The look of one button; none when it is only text.
fn look(fact: &Fact, style: &Computed) -> Option<BrandButton> {
    let under = fact.ground;
    let fill = style.paint.color.or_else(|| style.paint.gradient.first().copied());
    let fill: Option<Hex> = fill.map(|color| color.over(under));
    if fill.is_none() && style.border.is_none() {
        return None;
    }
    Some(BrandButton {
        background: fill,
        text: Some(style.color.over(fill.unwrap_or(under))),
        border: style.border.map(|color| color.over(under)),
        radius: style.radius.as_deref().map(str::to_owned),
        padding: style.padding.as_deref().map(str::to_owned),
        transform: style.transform.as_deref().map(str::to_owned),
        weight: Some(style.weight),
    })
}
