//! Which colour plays which part.
//!
//! Elements, sheets and marks vote for colours; the primary colour is the one with the best
//! score, if there is one that can be defended; the others follow from how they differ from it.
//! Never: a colour that was not seen, or a primary colour because there has to be one.

mod ballot;
mod facts;
mod ground;
mod known;
mod mark_votes;
mod page_votes;
mod sheet_votes;

pub(crate) use facts::{Fact, Facts, Kind};
pub(crate) use mark_votes::Marks;

use ballot::{Ballot, Candidate, Channel};

use crate::brand::css::Styles;
use crate::brand::evidence::{Finding, source};
use crate::brand::marks::is_chromatic;
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::domain::brand::{Hex, Scheme};
use crate::domain::color::Oklab;

/// The colours of a brand, each with its evidence.
pub(crate) struct Roles {
    /// The brand's own colour.
    pub(crate) primary: Finding<Hex>,
    /// Text on it.
    pub(crate) on_primary: Finding<Hex>,
    /// The colour beside it.
    pub(crate) secondary: Finding<Hex>,
    /// The colour that points.
    pub(crate) accent: Finding<Hex>,
    /// The page's ground.
    pub(crate) background: Finding<Hex>,
    /// Light or dark.
    pub(crate) scheme: Finding<Scheme>,
    /// Cards and bands.
    pub(crate) surface: Finding<Hex>,
    /// Running text.
    pub(crate) text: Finding<Hex>,
    /// Quieter text.
    pub(crate) muted_text: Finding<Hex>,
    /// Links.
    pub(crate) link: Finding<Hex>,
    /// Lines.
    pub(crate) border: Finding<Hex>,
    /// Whether the logo's first colour is none of the page's first three.
    pub(crate) logo_disagrees: bool,
}

/// Whose votes are counted: a page, its styles, and what its elements are for.
#[derive(Clone, Copy)]
pub(crate) struct Electorate<'a> {
    /// The page.
    pub(crate) page: &'a Page,
    /// Its styles.
    pub(crate) styles: &'a Styles,
    /// Its elements.
    pub(crate) facts: &'a Facts,
}

/// A score from which on a colour can be defended.
const DEFENSIBLE: f64 = 1.2;

impl Roles {
    /// Counts the votes of a page, of what it declares and of its marks.
    pub(crate) fn of(
        votes: &Electorate<'_>,
        declared: &Declared,
        marks: Marks<'_>,
        is_script_built: bool,
    ) -> Self {
        let Electorate { page, styles, facts } = *votes;
        let mut ballot = Ballot::default();
        page_votes::cast(page, facts, &mut ballot);
        sheet_votes::cast(styles, is_script_built, &mut ballot);
        mark_votes::cast(declared, marks, is_script_built, &mut ballot);
        let background = ground::background(styles, facts);
        let ground = background.value.unwrap_or(Hex::WHITE);
        let texts = ground::texts(styles, facts, ground);
        let scheme = ground::scheme(&background, texts.body.value);
        let border = border(styles, facts, ground);
        let own = Own::of(&ballot.counted(ground), ground, texts.body.value, is_script_built);
        Self {
            background,
            scheme,
            border,
            text: texts.body,
            muted_text: texts.muted,
            link: texts.link,
            ..own.into_roles()
        }
    }

    /// Counts the votes of marks alone, where there is no page.
    pub(crate) fn of_marks(marks: Marks<'_>) -> Self {
        let mut ballot = Ballot::default();
        mark_votes::cast(&Declared::default(), marks, false, &mut ballot);
        Own::of(&ballot.counted(Hex::WHITE), Hex::WHITE, None, false).into_roles()
    }
}

/// The brand's own colours.
struct Own {
    primary: Finding<Hex>,
    on_primary: Finding<Hex>,
    secondary: Finding<Hex>,
    accent: Finding<Hex>,
    surface: Finding<Hex>,
    logo_disagrees: bool,
}

impl Own {
    fn of(candidates: &[Candidate], ground: Hex, text: Option<Hex>, is_script_built: bool) -> Self {
        let primary = primary(candidates, is_script_built);
        let rest = Rest { candidates, primary: primary.value, ground, text };
        let logo_disagrees = logo_disagrees(candidates);
        Self {
            on_primary: on_primary(primary.value, text),
            secondary: rest.secondary(),
            accent: rest.accent(),
            surface: rest.surface(),
            primary: primary.capped(if logo_disagrees { 0.6 } else { 1.0 }),
            logo_disagrees,
        }
    }

    /// With nothing said of the page.
    fn into_roles(self) -> Roles {
        let Self { primary, on_primary, secondary, accent, surface, logo_disagrees } = self;
        Roles {
            primary,
            on_primary,
            secondary,
            accent,
            surface,
            logo_disagrees,
            background: Finding::none(),
            scheme: Finding::none(),
            text: Finding::none(),
            muted_text: Finding::none(),
            link: Finding::none(),
            border: Finding::none(),
        }
    }
}

/// The best colour, or the best grey where the brand has no colour to speak of.
fn primary(candidates: &[Candidate], is_script_built: bool) -> Finding<Hex> {
    let colorful = candidates.iter().find(|one| is_colorful(one.color));
    // A grey counts with all that speaks for it, because its chroma is not what it is chosen for.
    let neutral = candidates
        .iter()
        .filter(|one| !is_colorful(one.color) && one.is_strong && Oklab::from(one.color).l < 0.93)
        .max_by(|one, two| one.strength.total_cmp(&two.strength));
    let score = colorful.map_or(0.0, |one| one.score);
    let rival = neutral.filter(|one| {
        score < DEFENSIBLE.max(0.4 * one.strength) && one.strength >= 2.0 * DEFENSIBLE
    });
    let (chosen, worth) = match (rival, colorful) {
        (Some(grey), _) => (grey, grey.strength),
        (None, Some(color)) if color.score >= DEFENSIBLE => (color, color.score),
        _ => return Finding::none(),
    };
    let next = candidates.iter().filter(|one| one.color != chosen.color).map(|one| one.score);
    let second = next.fold(0.0, f64::max);
    let mut confidence = confidence(worth, second, chosen.diversity());
    if chosen.is_default {
        confidence = confidence.min(0.35);
    }
    if chosen.channels.iter().all(|heard| heard.channel == Channel::Icon) {
        confidence = confidence.min(0.4);
    }
    if is_script_built {
        confidence = confidence.min(0.45);
    }
    let others = candidates.iter().filter(|one| one.color != chosen.color && one.score > 0.5);
    let alternatives = others.map(|one| one.color).take(3).collect();
    let finding = Finding::new(chosen.color, confidence, chosen.sources());
    finding.with_alternatives(alternatives)
}

/// Dark navy, bottle green and aubergine are colours.
fn is_colorful(color: Hex) -> bool {
    Oklab::from(color).chroma() >= 0.02
}

/// How sure a winner is by its lead and by how many kinds of evidence agree.
fn confidence(first: f64, second: f64, kinds: usize) -> f64 {
    /// What an unknown rival is taken to score.
    const UNKNOWN: f64 = 2.0;
    let lead = first / (first + second + UNKNOWN);
    let kinds = f64::from(u8::try_from(kinds.min(3)).unwrap_or(3));
    (0.25 + 0.45 * lead + 0.10 * kinds).clamp(0.0, 1.0)
}

/// The colours that follow once the primary is known.
struct Rest<'a> {
    candidates: &'a [Candidate],
    primary: Option<Hex>,
    ground: Hex,
    text: Option<Hex>,
}

impl Rest<'_> {
    fn secondary(&self) -> Finding<Hex> {
        let Some(primary) = self.primary.map(Oklab::from) else { return Finding::none() };
        let differs = |one: &&Candidate| {
            let lab = Oklab::from(one.color);
            let turned = is_chromatic(one.color) && lab.hue_distance(primary) >= 25.0;
            lab.distance(primary) >= 0.12 || (turned && lab.distance(primary) >= 0.06)
        };
        let fills = |one: &&Candidate| {
            let is_fill = one.is_heard_on(Channel::Surface) || one.is_heard_on(Channel::Button);
            is_colorful(one.color) || (is_fill && self.is_apart(one.color))
        };
        let mut ranked: Vec<&Candidate> =
            self.candidates.iter().filter(differs).filter(fills).collect();
        // Greys are weighed by what they fill, colours by their whole score.
        let worth = |one: &Candidate| {
            if is_colorful(one.color) { one.score } else { one.strength * 0.15 }
        };
        ranked.sort_by(|one, two| worth(two).total_cmp(&worth(one)));
        found(ranked.first().copied().filter(|one| worth(one) >= DEFENSIBLE / 2.0))
    }

    fn accent(&self) -> Finding<Hex> {
        let Some(primary) = self.primary.map(Oklab::from) else { return Finding::none() };
        let points = |one: &&Candidate| {
            let lab = Oklab::from(one.color);
            let is_seen = [Channel::Link, Channel::Button, Channel::Variable, Channel::Logo]
                .into_iter()
                .any(|channel| one.is_heard_on(channel));
            is_seen && lab.chroma() >= 0.06 && lab.hue_distance(primary) >= 30.0
        };
        let strong = self.candidates.iter().filter(points).filter(|one| one.score >= DEFENSIBLE);
        found(strong.max_by(|one, two| {
            Oklab::from(one.color).chroma().total_cmp(&Oklab::from(two.color).chroma())
        }))
    }

    fn surface(&self) -> Finding<Hex> {
        let ground = Oklab::from(self.ground);
        let lies_near = |one: &&Candidate| {
            let lab = Oklab::from(one.color);
            one.is_heard_on(Channel::Surface)
                && one.color != self.ground
                && (lab.l - ground.l).abs() < 0.15
                && lab.chroma() < 0.05
        };
        let near = self.candidates.iter().filter(lies_near);
        found(near.max_by(|one, two| one.strength.total_cmp(&two.strength)))
    }

    fn is_apart(&self, color: Hex) -> bool {
        let lab = Oklab::from(color);
        lab.distance(self.ground.into()) > 0.12
            && self.text.is_none_or(|text| lab.distance(text.into()) > 0.02)
    }
}

fn found(candidate: Option<&Candidate>) -> Finding<Hex> {
    let Some(one) = candidate else { return Finding::none() };
    let confidence = confidence(one.score, one.score, one.diversity());
    Finding::new(one.color, confidence, one.sources())
}

/// The first of white, the text and black that is readable on the primary colour.
fn on_primary(primary: Option<Hex>, text: Option<Hex>) -> Finding<Hex> {
    /// WCAG 2's contrast for text.
    const READABLE: f64 = 4.5;
    let Some(primary) = primary else { return Finding::none() };
    let choices = [Some(Hex::WHITE), text, Some(Hex::BLACK)];
    let ratio = |color: &Hex| color.contrast(primary);
    let choices: Vec<Hex> = choices.into_iter().flatten().collect();
    let first = choices.iter().copied().find(|color| ratio(color) >= READABLE);
    let best = choices.iter().copied().max_by(|one, two| ratio(one).total_cmp(&ratio(two)));
    let Some(color) = first.or(best) else { return Finding::none() };
    let snippet = format!("{:.1} to 1 on {primary}", ratio(&color));
    Finding::new(color, 0.8, vec![source("contrast", "derived", &snippet, 1.0)])
}

/// The most frequent border that is no control's.
fn border(styles: &Styles, facts: &Facts, ground: Hex) -> Finding<Hex> {
    let mut counts: std::collections::BTreeMap<Hex, (u32, _)> = std::collections::BTreeMap::new();
    for (fact, style) in facts.all().iter().zip(styles.all()) {
        if let Some(border) = style.border
            && let Some(from) = style.border_from
            && fact.kind != Kind::Button
            && !style.hidden
        {
            counts.entry(border.over(fact.ground)).or_insert((0, from)).0 += 1;
        }
    }
    let apart = counts.iter().filter(|(color, _)| **color != ground);
    let Some((color, (count, from))) = apart.max_by_key(|(_, (count, _))| *count) else {
        return Finding::none();
    };
    let place = styles.place(*from);
    let sources = vec![source("border", place.to_string(), &place.shown(), f64::from(*count))];
    Finding::new(*color, 0.6, sources)
}

/// Whether the logo and the page speak of different colours.
fn logo_disagrees(candidates: &[Candidate]) -> bool {
    let logo = candidates
        .iter()
        .filter(|one| one.is_heard_on(Channel::Logo) && is_chromatic(one.color))
        .max_by(|one, two| logo_worth(one).total_cmp(&logo_worth(two)));
    let Some(logo) = logo else { return false };
    let written =
        |one: &&Candidate| one.channels.iter().any(|heard| heard.channel != Channel::Logo);
    let mut page = candidates.iter().filter(written).take(3).peekable();
    page.peek().is_some() && !page.any(|one| one.color == logo.color)
}

fn logo_worth(candidate: &Candidate) -> f64 {
    let logo = candidate.channels.iter().find(|heard| heard.channel == Channel::Logo);
    logo.map_or(0.0, |heard| heard.worth)
}
