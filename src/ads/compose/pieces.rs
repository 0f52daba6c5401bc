//! The words of an ad as pieces: which there are, in which order, and how one is fitted.

use super::draft::aligned;
use super::stack::{Press, range};
use crate::ads::copy::AdCopy;
use crate::ads::layout::{Stack, float, layer, px};
use crate::ads::scene::{Align, Fit, Frame, Money, Node, Role, Text};
use crate::ads::text::{TextError, Typesetter};

/// Why an arrangement is not taken.
#[derive(Debug)]
pub(super) enum Reject {
    /// Words do not fit their boxes.
    NoRoom,
    /// The picture is too bright for a scrim: other words would not make it darker.
    Ground,
    /// No arrangement will mend this.
    Fatal {
        /// The node's id.
        node: String,
        /// The reason.
        source: TextError,
    },
    /// A check fails.
    Checks(Vec<crate::ads::scene::Check>),
    /// The picture cannot be drawn.
    Draw(crate::ads::svg::DrawError),
}

/// How much of the copy is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trim {
    /// All of it.
    Whole,
    /// Without what stands above the headline.
    NoEyebrow,
    /// Without the subline, too.
    NoSubline,
    /// Headline, number and button only.
    Bare,
    /// Headline or number only.
    Alone,
    /// Nothing of it.
    Silent,
}

impl Trim {
    /// From the whole copy to the least of it that still says something.
    pub(super) const SPOKEN: [Self; 5] =
        [Self::Whole, Self::NoEyebrow, Self::NoSubline, Self::Bare, Self::Alone];
}

/// Which rung of each ladder is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rung {
    /// Of headline, subline and button.
    pub(super) words: usize,
    /// How much of the copy.
    pub(super) trim: Trim,
}

/// One piece of copy.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) role: Role,
    pub(super) text: Text,
    pub(super) money: Option<Money>,
    /// The largest size, in px on a square of 1080 px.
    pub(super) largest: f32,
    /// Whether it takes the room that is left.
    pub(super) leads: bool,
}

impl Piece {
    /// A node with its words and its style, not yet placed.
    pub(super) fn node(&self, press: &Press<'_>, stack: &Stack) -> Node {
        let align = if matches!(self.role, Role::Cta | Role::Badge) {
            Align::Center
        } else {
            aligned(press, stack.align, &self.text)
        };
        let mut style = press.voice.style(self.role, align, press.inks);
        style.size = range(press, self.role, self.largest);
        if self.role == Role::Headline && !self.leads {
            // Beside a huge number the headline explains.
            style.size[0] = press.format.minimum_size(Role::Subline).min(style.size[1]);
            style.lh = 1.16;
            style.track = -0.01;
        }
        if let Some(look) = press.settled.looks.get(&self.role) {
            look.apply(&mut style);
        }
        let mut node = Node::new(id(self.role), self.role, layer::WORDS, Frame::default());
        node.text = Some(self.text.clone());
        node.money.clone_from(&self.money);
        node.style = Some(style);
        node
    }
}

/// The id of the only node of a role.
pub(super) fn id(role: Role) -> &'static str {
    match role {
        Role::Eyebrow => "eyebrow",
        Role::Headline => "headline",
        Role::Subline => "subline",
        Role::Number => "number",
        Role::Price => "price",
        Role::Badge => "badge",
        Role::Cta => "cta",
        Role::Legal => "legal",
        _ => "node",
    }
}

/// The pieces of a column in reading order; none when nothing would lead.
pub(super) fn pieces(copy: &AdCopy, stack: &Stack, rung: Rung) -> Vec<Piece> {
    let of = |ladder: &[Text]| ladder.get(rung.words.min(ladder.len().saturating_sub(1))).cloned();
    // An offer leads with its number in every arrangement; one is made for it.
    let number = copy.number.clone();
    let largest_number =
        if stack.number_leads { stack.largest } else { stack.largest * NUMBER_TO_HEADLINE };
    let number_leads = number.is_some();
    let mut pieces = Vec::new();
    let mut add = |role: Role, text: Option<Text>, largest: f32, leads: bool| {
        if let Some(text) = text {
            pieces.push(Piece { role, text, money: None, largest, leads });
        }
    };
    let whole = rung.trim == Trim::Whole && !stack.terse;
    if whole {
        match &copy.badge {
            Some(badge) if copy.eyebrow.is_empty() => {
                add(Role::Badge, Some(badge.clone()), 26.0, false);
            }
            _ => add(Role::Eyebrow, of(&copy.eyebrow), 26.0, false),
        }
    }
    add(Role::Number, number, largest_number, true);
    if number_leads {
        if rung.trim < Trim::Bare {
            add(Role::Headline, of(&copy.headline), 58.0, false);
        }
    } else {
        add(Role::Headline, of(&copy.headline), stack.largest, true);
    }
    let with_subline = rung.trim < Trim::NoSubline && !stack.terse && !number_leads;
    if with_subline {
        add(Role::Subline, of(&copy.subline), 34.0, false);
    }
    let with_price = rung.trim < Trim::Bare && !stack.terse;
    if let Some(price) = copy.price.as_ref().filter(|_| with_price) {
        let money = Some(price.money.clone());
        let text = price.text.clone();
        pieces.push(Piece { role: Role::Price, text, money, largest: 46.0, leads: false });
    }
    let shortest = stack.terse || rung.trim >= Trim::NoSubline;
    let cta = if shortest { copy.cta.last().cloned() } else { of(&copy.cta) };
    if let Some(text) = cta.filter(|_| rung.trim < Trim::Alone) {
        pieces.push(Piece { role: Role::Cta, text, money: None, largest: 30.0, leads: false });
    }
    pieces
}

/// How much larger than a headline a number may be where the arrangement is not made for one.
const NUMBER_TO_HEADLINE: f32 = 1.5;

/// What fitting a node found beside its fit.
pub(super) struct Measured {
    /// The height that its lines take, in px.
    pub(super) ceil_height: i32,
    /// The width of its ink, in px.
    pub(super) ink_width: f32,
}

/// Fits the words of a node in its frame and writes down what was found.
pub(super) fn fitted(typesetter: &mut Typesetter, node: &mut Node) -> Result<Measured, Reject> {
    let set = typesetter.fit(node).map_err(|source| reject(node, source))?;
    let measured = measure(node, &set.fit);
    node.fit = Some(set.fit);
    Ok(measured)
}

/// Sets the words of a node again where it now stands; fits them anew where its box became
/// another.
pub(super) fn reset(typesetter: &mut Typesetter, node: &mut Node) -> Result<(), Reject> {
    let set = typesetter.set(node).map_err(|source| reject(node, source))?;
    let [left, top, right, bottom] = set.fit.ink;
    let frame = node.text_frame();
    let inside = left >= float(frame.x) - TOLERANCE
        && top >= float(frame.y) - TOLERANCE
        && right <= float(frame.right()) + TOLERANCE
        && bottom <= float(frame.bottom()) + TOLERANCE;
    let set =
        if inside { set } else { typesetter.fit(node).map_err(|source| reject(node, source))? };
    node.fit = Some(set.fit);
    Ok(())
}

/// How far ink may stand out of its box, in px.
const TOLERANCE: f32 = 0.5;

fn measure(node: &Node, fit: &Fit) -> Measured {
    let lh = node.style.as_ref().map_or(1.0, |style| style.lh);
    let lines = float(i32::try_from(fit.lines.len()).unwrap_or(1));
    let [left, top, right, bottom] = fit.ink;
    // Scripts with tall marks need more than the line height of Latin.
    let tall = (fit.size * lh * lines).max(bottom - top + fit.size * 0.1);
    Measured { ceil_height: px(libm::ceilf(tall)) + 1, ink_width: right - left }
}

fn reject(node: &Node, source: TextError) -> Reject {
    match source {
        TextError::NoRoom { .. } | TextError::TooLong { .. } => Reject::NoRoom,
        source => Reject::Fatal { node: node.id.clone(), source },
    }
}
