//! One wish of an edit: what it names and what is to become of it.

use std::ops::Range;

use crate::ads::prompt::{Figure, Figures, Hit, Kind, Speech, names_a_canvas};
use crate::domain::brand::Hex;

/// One wish, in the words of the lexicon.
#[derive(Debug)]
pub(super) struct Clause {
    /// Its tokens.
    pub(super) range: Range<usize>,
    /// The parts of the ad that it names, such as `headline`.
    pub(super) things: Vec<&'static str>,
    /// What is to become of them.
    pub(super) deeds: Deeds,
    /// Whether it says what is not to be done.
    pub(super) is_refusal: bool,
    /// The tokens that something is made of if the wish is understood.
    pub(super) taken: Vec<Range<usize>>,
}

/// What is to become of the things.
#[derive(Clone, Debug, Default)]
pub(super) struct Deeds {
    /// Names of the topic `edit`, such as `shorter`.
    pub(super) edits: Vec<&'static str>,
    /// Parts that a word says no to.
    pub(super) denied: Vec<&'static str>,
    /// Colours, and whether they were written as values.
    pub(super) colors: Vec<(Hex, bool)>,
    /// All other concepts, with whether a word says no to them.
    pub(super) wishes: Vec<(&'static str, &'static str, bool)>,
    /// Figures.
    pub(super) figures: Vec<Figures>,
    /// A number that is no figure.
    pub(super) number: Option<String>,
    /// Where quotations stand, in tokens.
    pub(super) quotes: Vec<usize>,
    /// Words behind “to” that nothing else is made of.
    pub(super) behind_to: Option<Range<usize>>,
}

impl Deeds {
    /// Whether it does this.
    pub(super) fn does(&self, name: &str) -> bool {
        self.edits.contains(&name)
    }

    /// What it wishes of this topic.
    pub(super) fn wish(&self, topic: &str) -> Option<(&'static str, bool)> {
        let wish = self.wishes.iter().find(|(of, ..)| *of == topic)?;
        Some((wish.1, wish.2))
    }

    fn is_nothing(&self) -> bool {
        let Self { edits, denied, colors, wishes, figures, number, quotes, behind_to } = self;
        edits.is_empty()
            && denied.is_empty()
            && colors.is_empty()
            && wishes.is_empty()
            && figures.is_empty()
            && number.is_none()
            && quotes.is_empty()
            && behind_to.is_none()
    }
}

/// Cuts a prompt into wishes. What was understood before belongs to none.
pub(super) fn cut(speech: &Speech<'_>) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let end = speech.tokens.len();
    for at in 0..=end {
        if at == end || speech.is_taken(at..at + 1) || parts(speech, at) {
            if start < at {
                clauses.push(start..at);
            }
            start = at + 1;
        }
    }
    clauses
}

/// Whether a wish says nothing but this word: “make it a story”.
fn says_only(speech: &Speech<'_>, range: &Range<usize>, hit: &Hit<'_>) -> bool {
    let is_idle = |at: usize| {
        let is_change = speech.at("edit", at).is_some_and(|hit| hit.name == "change");
        hit.range.contains(&at) || speech.is_filler(at) || is_change
    };
    range.clone().all(is_idle)
}

fn parts(speech: &Speech<'_>, at: usize) -> bool {
    let token = &speech.tokens[at];
    let is_mark = [',', ';', '.', '!', '?'].iter().any(|mark| token.is_mark(*mark));
    let joins = speech.at("word", at).is_some_and(|hit| ["and", "but"].contains(&hit.name));
    // “swap background and accent” is one wish.
    let is_pair = |from: usize| {
        (from..at).any(|at| speech.at("edit", at).is_some_and(|hit| hit.name == "swap"))
    };
    token.kind == Kind::Line || is_mark || joins && !is_pair(at.saturating_sub(6))
}

impl Clause {
    fn empty(range: Range<usize>) -> Self {
        let (things, taken) = (Vec::new(), Vec::new());
        Self { range, things, deeds: Deeds::default(), is_refusal: false, taken }
    }

    /// Reads one wish.
    pub(super) fn read(speech: &Speech<'_>, figures: &[Figure], range: Range<usize>) -> Self {
        let mut clause = Self::empty(range.clone());
        let first = figures.partition_point(|figure| figure.range.start < range.start);
        for figure in figures[first..].iter().take_while(|figure| figure.range.end <= range.end) {
            clause.deeds.figures.push(figure.is.clone());
            clause.taken.push(figure.range.clone());
        }
        let first = speech.hits.partition_point(|hit| hit.range.start < range.start);
        for hit in speech.hits[first..].iter().take_while(|hit| hit.range.end <= range.end) {
            let is_shape = hit.topic == "shape";
            if is_shape && (names_a_canvas(speech, hit) || says_only(speech, &range, hit)) {
                clause.deeds.wishes.push(("format", hit.name, hit.negated));
                clause.taken.push(hit.range.clone());
            }
            clause.hit(hit);
        }
        for at in range.clone() {
            clause.token(speech, at);
        }
        // “The text of the button” is the button's.
        let is_text = |name: &&str| super::rules::text_role(name).is_some();
        if clause.things.iter().any(|name| *name != "text" && is_text(name)) {
            clause.things.retain(|name| *name != "text");
        }
        clause.deeds.behind_to = clause.behind_to(speech);
        clause
    }

    fn hit(&mut self, hit: &Hit<'static>) {
        let deeds = &mut self.deeds;
        match hit.topic {
            "picture" if hit.negated => deeds.denied.push("photo"),
            "thing" if hit.negated => deeds.denied.push(hit.name),
            "thing" => self.things.push(hit.name),
            "picture" => self.things.push("photo"),
            "edit" if hit.negated && hit.name == "caps" => deeds.edits.push("no_caps"),
            "edit" if hit.negated => self.is_refusal = true,
            "edit" => deeds.edits.push(hit.name),
            "color" if hit.negated => return,
            "color" => {
                deeds.colors.extend(crate::ads::brief::color_named(hit.name).map(|c| (c, false)));
            }
            "filler" | "word" | "about" | "no" | "shape" | "frame" => return,
            "given" => {}
            topic => deeds.wishes.push((topic, hit.name, hit.negated)),
        }
        self.taken.push(hit.range.clone());
    }

    fn token(&mut self, speech: &Speech<'_>, at: usize) {
        let token = &speech.tokens[at];
        let is_free = !self.taken.iter().any(|range| range.contains(&at));
        match token.kind {
            Kind::Hex => self.deeds.colors.extend(token.folded.parse().ok().map(|hex| (hex, true))),
            Kind::Quote(_) => self.deeds.quotes.push(at),
            Kind::Number if is_free => {
                self.deeds.number = crate::ads::prompt::amount(&token.folded);
            }
            _ => return,
        }
        self.taken.push(at..at + 1);
    }

    /// `Book now` of “change the button to Book now” and “the button should say Book now”.
    fn behind_to(&self, speech: &Speech<'_>) -> Option<Range<usize>> {
        let leads = |at: usize| {
            let to = speech.at("word", at).filter(|hit| hit.name == "to");
            speech.at("say", at).or(to).map(|hit| hit.range.end)
        };
        let start = self.range.clone().find_map(leads)?;
        let words = start..self.range.end.max(start);
        let is_word = |at: usize| speech.tokens[at].kind == Kind::Word && !speech.is_filler(at);
        words.clone().any(is_word).then_some(words)
    }

    /// Whether it names parts and nothing to become of them.
    pub(super) fn says_what_only(&self) -> bool {
        let says_more = self.is_refusal || self.names_a_part_and_its_fill();
        !self.things.is_empty() && self.deeds.is_nothing() && !says_more
    }

    /// “the background in the accent colour” and “this photo as background” say all without a verb.
    fn names_a_part_and_its_fill(&self) -> bool {
        let is_color = |name: &&str| ["accent", "primary", "secondary"].contains(name);
        let is_part = |name: &&str| ["background", "text", "headline", "panel"].contains(name);
        if self.things.contains(&"photo") && self.things.contains(&"background") {
            return true;
        }
        self.things.iter().any(is_color) && self.things.iter().any(is_part)
    }

    /// Whether it says by “it” which part it means: “change the button and make it green”.
    pub(super) fn points_back(&self, speech: &Speech<'_>, before: &Self) -> bool {
        const IT: [&str; 12] =
            ["it", "them", "es", "ihn", "sie", "le", "la", "les", "lo", "los", "las", "het"];
        let names_it = |at: usize| IT.contains(&speech.tokens[at].folded.as_str());
        let is_color = !self.deeds.colors.is_empty();
        is_color && !before.deeds.does("remove") && self.range.clone().any(names_it)
    }

    /// Whether it says what becomes of a part that another wish has named.
    pub(super) fn needs_a_thing(&self) -> bool {
        const NEED: [&str; 10] = [
            "shorter", "longer", "larger", "smaller", "caps", "no_caps", "heavier", "thinner",
            "darker", "lighter",
        ];
        self.deeds.edits.iter().any(|edit| NEED.contains(edit))
    }
}
