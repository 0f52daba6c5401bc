//! Words of a strip: one line, and the button at its end.

use super::pieces::{Piece, Reject, Rung, Trim, fitted, reset};
use super::stack::Press;
use crate::ads::copy::AdCopy;
use crate::ads::layout::{Row, Stack, float, px};
use crate::ads::scene::{Align, Frame, Node, Paint, Role, Text, VerticalAlign};
use crate::domain::brand::Direction;

/// Sets headline (or the number of an offer before it) and button.
pub(super) fn set(
    press: &mut Press<'_>,
    row: &Row,
    copy: &AdCopy,
    rung: Rung,
) -> Result<Vec<Node>, Reject> {
    let mut nodes = Vec::new();
    let with_cta = rung.trim < Trim::Alone;
    let cta = copy.cta.last().filter(|_| with_cta);
    let mut room = row.headline;
    let rtl = press.dir == Direction::Rtl;
    if let Some(text) = cta {
        let piece = Piece {
            role: Role::Cta,
            text: text.clone(),
            money: None,
            largest: largest_label(press, row),
            leads: false,
        };
        nodes.push(button(press, row, &piece)?);
    } else {
        room = room.around(row.cta);
        room = Frame::new(room.x, row.headline.y, room.w, row.headline.h);
    }
    // What the button does not take is the headline's.
    if let Some(cta) = nodes.first() {
        let spare = row.cta.w - cta.frame.w;
        room.w += spare;
        room.x -= if rtl { spare } else { 0 };
    }
    let said = copy.headline.get(rung.words.min(copy.headline.len().saturating_sub(1)));
    match (&copy.number, said) {
        (Some(number), said) => {
            let (number, beside) = number_of(press, room, row, number.clone())?;
            let said = said.filter(|_| rung.trim < Trim::Bare);
            let words = said.map(|text| {
                let share = 0.26;
                line(press, beside, row, (Role::Headline, text.clone()), share, false)
            });
            // Without room the number says enough.
            let is_read = |node: &Node| {
                let size = node.fit.as_ref().map_or(0.0, |fit| fit.size);
                size >= float(beside.h) * SMALLEST_BESIDE
            };
            let words = words.and_then(Result::ok).filter(is_read);
            nodes.splice(0..0, std::iter::once(number).chain(words));
        }
        (None, Some(said)) => {
            // Two lines fill a strip; one alone should not fill all of it.
            let headline = line(press, room, row, (Role::Headline, said.clone()), 0.42, true)?;
            nodes.insert(0, headline);
        }
        (None, None) => {}
    }
    Ok(nodes)
}

/// The least size of words beside a number as a share of the strip's height.
const SMALLEST_BESIDE: f32 = 0.2;

/// The number of an offer, and the room beside it.
fn number_of(
    press: &mut Press<'_>,
    room: Frame,
    row: &Row,
    number: Text,
) -> Result<(Node, Frame), Reject> {
    /// Another language may write it with a space, or the sign behind it.
    const GROWTH: f32 = 1.25;
    let mut node = line(press, room, row, (Role::Number, number), 0.6, true)?;
    let ink = node.fit.as_ref().map_or(0.0, |fit| fit.ink[2] - fit.ink[0]);
    let width = press.grid.snap_up(px(ink * GROWTH)).min(room.w);
    let gap = (room.h / 6).max(press.grid.base);
    let mut beside = Frame::new(room.x, room.y, (room.w - width - gap).max(1), room.h);
    node.frame.w = width;
    if press.dir == Direction::Rtl {
        node.frame.x = room.right() - width;
    } else {
        beside.x += width + gap;
    }
    reset(press.typesetter, &mut node)?;
    Ok((node, beside))
}

fn stack_of(frame: Frame, row: &Row) -> Stack {
    Stack {
        frame,
        align: Align::Start,
        anchor: VerticalAlign::Center,
        spread: false,
        ground: row.ground,
        largest: 0.0,
        lines: 2,
        number_leads: false,
        terse: true,
    }
}

/// A line of the strip that takes at most `share` of its height.
fn line(
    press: &mut Press<'_>,
    room: Frame,
    row: &Row,
    (role, text): (Role, Text),
    share: f32,
    leads: bool,
) -> Result<Node, Reject> {
    let largest = float(room.h) * share / press.grid.scale;
    let piece = Piece { role, text, money: None, largest, leads };
    let mut node = piece.node(press, &stack_of(room, row));
    if let Some(style) = node.style.as_mut() {
        style.valign = VerticalAlign::Center;
        style.lines = if role == Role::Number { 1 } else { 2 };
    }
    node.frame = room;
    fitted(press.typesetter, &mut node)?;
    Ok(node)
}

fn largest_label(press: &Press<'_>, row: &Row) -> f32 {
    (float(row.cta.h) * 0.34 / press.grid.scale).max(1.0)
}

fn button(press: &mut Press<'_>, row: &Row, piece: &Piece) -> Result<Node, Reject> {
    let grid = press.grid;
    let mut node = piece.node(press, &stack_of(row.cta, row));
    let size = node.style.as_ref().map_or(1.0, |style| style.size[1]);
    let height = grid.snap(px(size * 2.4)).min(row.cta.h);
    let pad = px(float(height) * 0.4);
    node.pad = [pad, 0];
    node.radius = px(float(height) * press.corner);
    node.paint = Some(Paint::Solid(press.inks.button));
    let y = row.cta.y + (row.cta.h - height) / 2;
    node.frame = Frame::new(row.cta.x, y, row.cta.w, height);
    let set = fitted(press.typesetter, &mut node)?;
    let width = (px(set.ink_width * 1.4) + 2 * pad).min(row.cta.w);
    node.frame.x = if press.dir == Direction::Rtl { row.cta.x } else { row.cta.right() - width };
    node.frame.w = width;
    reset(press.typesetter, &mut node)?;
    Ok(node)
}
