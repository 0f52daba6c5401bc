//! Votes that the elements of a page cast for their colours.

use scraper::ElementRef;

use super::ballot::{Ballot, Channel};
use super::facts::{Fact, Facts, Kind};
use super::known;
use crate::brand::color::Rgba;
use crate::brand::css::{Computed, DeclarationId, SheetKind, Styles};
use crate::brand::page::Page;
use crate::domain::brand::Hex;

/// How many labelled buttons stand at the front of a page.
const FRONT_BUTTONS: u32 = 3;

/// Casts the votes of every element.
pub(super) fn cast(page: &Page, facts: &Facts, ballot: &mut Ballot) {
    let Some(styles) = page.styles() else { return };
    let mut voters = Voters { styles, ballot, buttons_seen: 0 };
    for ((element, fact), style) in page.elements().zip(facts.all()).zip(styles.all()) {
        let ground = fact.parent.map_or(Hex::WHITE, |parent| facts.all()[parent].ground);
        voters.hear(&Voter { element, fact, style, ground });
    }
}

struct Voters<'a> {
    styles: &'a Styles,
    ballot: &'a mut Ballot,
    buttons_seen: u32,
}

struct Voter<'a> {
    element: ElementRef<'a>,
    fact: &'a Fact,
    style: &'a Computed,
    /// What lies under it.
    ground: Hex,
}

impl Voters<'_> {
    fn hear(&mut self, voter: &Voter<'_>) {
        match voter.fact.kind {
            Kind::Button => self.button(voter),
            Kind::Link => self.link(voter),
            Kind::Heading(level) => self.heading(voter, level),
            Kind::Other => {}
        }
        if voter.fact.kind != Kind::Button {
            self.surface(voter);
        }
        self.generated(voter);
    }

    fn button(&mut self, voter: &Voter<'_>) {
        let label = voter.element.attr("value").is_some_and(|value| !value.is_empty());
        let is_labelled = voter.fact.text > 0 || label;
        let mut unit = if voter.fact.is_main { 10.0 } else { 6.0 };
        if is_labelled && voter.fact.weight >= 1.0 {
            unit *= if self.buttons_seen < FRONT_BUTTONS { 1.5 } else { 1.0 };
            self.buttons_seen += 1;
        } else if !is_labelled {
            unit *= 0.25;
        }
        let paint = &voter.style.paint;
        if let Some(color) = paint.color {
            self.vote(voter, color, Channel::Button, unit, paint.from);
        } else if paint.gradient.is_empty()
            && let Some(border) = voter.style.border
        {
            self.vote(voter, border, Channel::ButtonBorder, unit * 0.4, voter.style.border_from);
        }
        for (stop, share) in paint.gradient.iter().zip([1.0, 0.5, 0.5]) {
            self.vote(voter, *stop, Channel::Button, unit * share, paint.from);
        }
    }

    fn link(&mut self, voter: &Voter<'_>) {
        if voter.fact.text == 0 {
            return;
        }
        let unit = if voter.fact.in_header || voter.fact.in_footer { 0.5 } else { 1.0 };
        self.vote(voter, voter.style.color, Channel::Link, unit, voter.style.color_from);
    }

    fn heading(&mut self, voter: &Voter<'_>, level: u8) {
        let unit = match level {
            1 => 3.0,
            2 | 3 => 1.0,
            _ => return,
        };
        if voter.fact.text > 0 {
            self.vote(voter, voter.style.color, Channel::Heading, unit, voter.style.color_from);
        }
    }

    fn surface(&mut self, voter: &Voter<'_>) {
        let paint = &voter.style.paint;
        let unit = 1.0 + 1.2 * f64::from(1 + voter.fact.text).log10();
        let unit = unit * if voter.fact.is_band { 1.2 } else { 0.6 };
        if let Some(color) = paint.color.filter(|color| color.alpha > 0.5) {
            self.vote(voter, color, Channel::Surface, unit, paint.from);
        }
        for stop in paint.gradient.iter().take(3) {
            self.vote(voter, *stop, Channel::Gradient, 1.2, paint.from);
        }
    }

    fn generated(&mut self, voter: &Voter<'_>) {
        let Some(paint) = &voter.style.generated else { return };
        if let Some(color) = paint.color.filter(|color| color.alpha > 0.5) {
            self.vote(voter, color, Channel::Surface, 0.5, paint.from);
        }
        for stop in paint.gradient.iter().take(3) {
            self.vote(voter, *stop, Channel::Gradient, 0.6, paint.from);
        }
    }

    /// Casts one vote, unless the colour is the browser's or a library's.
    fn vote(
        &mut self,
        voter: &Voter<'_>,
        color: Rgba,
        channel: Channel,
        unit: f64,
        from: Option<DeclarationId>,
    ) {
        let Some(from) = from else { return };
        let place = self.styles.place(from);
        if place.kind == SheetKind::Library || voter.fact.in_code || color.alpha < 0.2 {
            return;
        }
        if channel == Channel::Button && !known::names_a_stock_button(place.selectors) {
            self.ballot.choose(color.over(voter.ground));
        }
        let status = if known::names_a_status(place.selectors) { 0.3 } else { 1.0 };
        let weight = unit * f64::from(voter.fact.weight) * status;
        self.ballot
            .cast(color.over(voter.ground), channel, weight, || (place.to_string(), place.shown()));
    }
}
