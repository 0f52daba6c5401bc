//! The page's ground and its text.

use std::collections::HashMap;

use super::facts::{Facts, Kind};
use crate::brand::css::{DeclarationId, SheetKind, Styles};
use crate::brand::evidence::{Finding, source};
use crate::domain::brand::{Hex, Scheme};
use crate::domain::color::Oklab;

/// How much of the text an element must hold to be the page's wrapper.
const WRAPPER_SHARE: f64 = 0.6;

/// Lightness below which a ground is dark, and below which it may be.
const DARK: f32 = 0.45;
const MIDDLE: f32 = 0.7;

/// The share of the text from which on a colour is seen at all, and from which on it prevails.
const SEEN: f64 = 0.15;
const PREVAILS: f64 = 0.6;

/// How far text stands from its ground in lightness.
const READABLE: f32 = 0.35;

/// The colour that the page lies on.
pub(super) fn background(styles: &Styles, facts: &Facts) -> Finding<Hex> {
    let own = facts.body().into_iter().chain(facts.root());
    if let Some(finding) = own.into_iter().find_map(|at| painted(styles, at, Hex::WHITE)) {
        return finding;
    }
    let mut at = facts.body();
    while let Some(parent) = at {
        at = wrapper(facts, parent);
        if let Some(finding) = at.and_then(|at| painted(styles, at, Hex::WHITE)) {
            return finding;
        }
    }
    let canvas = source("default", "canvas", "no ground is painted", 1.0);
    Finding::new(Hex::WHITE, 0.6, vec![canvas])
}

fn painted(styles: &Styles, at: usize, under: Hex) -> Option<Finding<Hex>> {
    let paint = &styles.of(at)?.paint;
    let color = paint.color.filter(|color| color.alpha > 0.5)?.over(under);
    let place = paint.from.map(|from| styles.place(from));
    let sources = place.map(|place| source("ground", place.to_string(), &place.shown(), 1.0));
    // A picture over it may be what is really seen.
    let confidence = if paint.images.is_empty() { 0.9 } else { 0.5 };
    Some(Finding::new(color, confidence, sources.into_iter().collect()))
}

/// The one child that holds most of the text.
fn wrapper(facts: &Facts, parent: usize) -> Option<usize> {
    let enough = WRAPPER_SHARE * f64::from(facts.text());
    let children = facts.all().iter().enumerate().skip(parent + 1);
    let holds = |fact: &super::Fact| fact.parent == Some(parent) && fact.text > 0;
    let mut children = children.filter(|(_, fact)| holds(fact));
    children.find(|(_, fact)| f64::from(fact.text) >= enough).map(|(at, _)| at)
}

/// Whether the page is light or dark.
pub(super) fn scheme(background: &Finding<Hex>, text: Option<Hex>) -> Finding<Scheme> {
    let Some(ground) = background.value else { return Finding::none() };
    let lightness = Oklab::from(ground).l;
    // In the middle the text says which it is: what is written lighter lies on a dark ground.
    let is_dark = match text.map(|text| Oklab::from(text).l) {
        Some(text) if (DARK..MIDDLE).contains(&lightness) => text > lightness,
        _ => lightness < DARK,
    };
    let scheme = if is_dark { Scheme::Dark } else { Scheme::Light };
    Finding::new(scheme, background.confidence, background.sources.clone())
}

/// The colours of text: body, quieter, links.
pub(super) struct Texts {
    /// Running text.
    pub(super) body: Finding<Hex>,
    /// Quieter text.
    pub(super) muted: Finding<Hex>,
    /// Links in running text.
    pub(super) link: Finding<Hex>,
}

/// Finds the colours of text on `ground`.
pub(super) fn texts(styles: &Styles, facts: &Facts, ground: Hex) -> Texts {
    let mut plain = Tally::default();
    let mut links = Tally::default();
    for (fact, style) in facts.all().iter().zip(styles.all()) {
        if fact.own_text == 0 || fact.in_code || fact.weight < 1.0 {
            continue;
        }
        let color = style.color.over(fact.ground);
        let is_link = fact.kind == Kind::Link || is_in_link(facts, fact.parent);
        let is_library =
            style.color_from.is_some_and(|from| styles.place(from).kind == SheetKind::Library);
        let tally = if is_link { &mut links } else { &mut plain };
        // On another ground than the page's the colour says nothing of text on it.
        if fact.kind != Kind::Button && is_near(fact.ground, ground) && !is_library {
            tally.add(color, fact.own_text, style.color_from);
        }
    }
    let declared = facts.body().and_then(|body| {
        let style = styles.of(body)?;
        let color = style.color.over(ground);
        (style.color_from.is_some() && is_readable(color, ground))
            .then_some((color, style.color_from))
    });
    let body = body_text(styles, &plain, declared, ground);
    let muted = plain.others(&body, ground, styles);
    let link = links.first(styles, |color| Some(color) != body.value && is_apart(color, ground));
    Texts { body, muted, link }
}

fn body_text(
    styles: &Styles,
    plain: &Tally,
    declared: Option<(Hex, Option<DeclarationId>)>,
    ground: Hex,
) -> Finding<Hex> {
    let most = plain.first(styles, |color| is_readable(color, ground));
    if let Some((color, from)) = declared {
        let share = plain.share(color);
        // On a ground of middling lightness the body may say white and all that is read be black.
        let is_across = |other: Hex| is_lighter(other, ground) != is_lighter(color, ground);
        let is_overruled = share < SEEN
            && most.value.is_some_and(|other| is_across(other) && plain.share(other) > PREVAILS);
        if !is_overruled {
            let confidence = if share > SEEN { 0.9 } else { 0.6 };
            return found(styles, color, from, confidence);
        }
    }
    if most.value.is_some() {
        return most;
    }
    // Without any text the browser's own colour is what a reader would get.
    let plain = if is_readable(Hex::BLACK, ground) { Hex::BLACK } else { Hex::WHITE };
    let default = source("default", "canvas", "no text is coloured", 1.0);
    Finding::new(plain, 0.3, vec![default])
}

fn is_in_link(facts: &Facts, mut at: Option<usize>) -> bool {
    // A link's own markup is shallow; further up it would be a card.
    for _ in 0..3 {
        let Some(fact) = at.map(|at| &facts.all()[at]) else { return false };
        if fact.kind == Kind::Link {
            return true;
        }
        at = fact.parent;
    }
    false
}

fn is_near(one: Hex, two: Hex) -> bool {
    (Oklab::from(one).l - Oklab::from(two).l).abs() < 0.25
}

fn is_lighter(one: Hex, two: Hex) -> bool {
    Oklab::from(one).l > Oklab::from(two).l
}

fn is_readable(color: Hex, ground: Hex) -> bool {
    (Oklab::from(color).l - Oklab::from(ground).l).abs() > READABLE
}

fn is_apart(color: Hex, ground: Hex) -> bool {
    Oklab::from(color).distance(ground.into()) > 0.1
}

/// How much text each colour has.
#[derive(Default)]
struct Tally {
    colors: HashMap<Hex, (u64, Option<DeclarationId>)>,
    total: u64,
}

impl Tally {
    fn add(&mut self, color: Hex, characters: u32, from: Option<DeclarationId>) {
        let entry = self.colors.entry(color).or_insert((0, from));
        entry.0 += u64::from(characters);
        self.total += u64::from(characters);
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of characters are far below 2^52")]
    fn share(&self, color: Hex) -> f64 {
        let own = self.colors.get(&color).map_or(0, |(characters, _)| *characters);
        own as f64 / (self.total.max(1)) as f64
    }

    fn ranked(&self) -> Vec<(Hex, Option<DeclarationId>)> {
        let mut all: Vec<_> = self.colors.iter().collect();
        all.sort_by(|one, two| two.1.0.cmp(&one.1.0).then(one.0.cmp(two.0)));
        all.into_iter().map(|(color, (_, from))| (*color, *from)).collect()
    }

    fn first(&self, styles: &Styles, is_wanted: impl Fn(Hex) -> bool) -> Finding<Hex> {
        let ranked = self.ranked();
        let mut wanted = ranked.iter().filter(|(color, _)| is_wanted(*color));
        let Some((color, from)) = wanted.next() else { return Finding::none() };
        let alternatives = wanted.map(|(color, _)| *color).take(3).collect();
        let confidence = 0.4 + 0.5 * self.share(*color);
        found(styles, *color, *from, confidence).with_alternatives(alternatives)
    }

    /// The most used readable colour beside the body's that is nearer to the ground.
    fn others(&self, body: &Finding<Hex>, ground: Hex, styles: &Styles) -> Finding<Hex> {
        let Some(body) = body.value else { return Finding::none() };
        let distance = |color: Hex| (Oklab::from(color).l - Oklab::from(ground).l).abs();
        self.first(styles, |color| {
            color != body
                && Oklab::from(color).chroma() < 0.06
                && distance(color) < distance(body) - 0.05
                && distance(color) > 0.2
        })
    }
}

fn found(
    styles: &Styles,
    color: Hex,
    from: Option<DeclarationId>,
    confidence: f64,
) -> Finding<Hex> {
    let place = from.map(|from| styles.place(from));
    let source = match place {
        Some(place) => source("text", place.to_string(), &place.shown(), 1.0),
        None => source("default", "browser", "no colour is declared", 1.0),
    };
    Finding::new(color, confidence, vec![source])
}
