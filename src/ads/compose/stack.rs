//! Words in a column: each line is fitted, the headline takes what is left, then they are placed.

use super::Settled;
use super::pieces::{Piece, Reject, fitted};
use super::voice::{Inks, Voice, sizes};
use crate::ads::layout::{Grid, Stack, float, px};
use crate::ads::scene::{Align, Format, Frame, Node, Paint, Role, VerticalAlign};
use crate::ads::text::Typesetter;
use crate::domain::brand::Direction;

/// What setting a column needs beside its words.
pub(super) struct Press<'a> {
    pub(super) grid: &'a Grid,
    pub(super) format: &'a Format,
    pub(super) voice: &'a Voice,
    pub(super) inks: Inks,
    /// The corners of buttons as a share of their height, 0.5 for a pill.
    pub(super) corner: f32,
    /// Which way the ad reads.
    pub(super) dir: Direction,
    pub(super) settled: &'a Settled,
    pub(super) typesetter: &'a mut Typesetter,
}

/// Sets the pieces in the column, from top to bottom.
pub(super) fn set(
    press: &mut Press<'_>,
    stack: &Stack,
    pieces: &[Piece],
) -> Result<Vec<Node>, Reject> {
    let leader = pieces.iter().position(|piece| piece.leads).ok_or(Reject::NoRoom)?;
    let mut lines: Vec<Line> = Vec::with_capacity(pieces.len());
    for piece in pieces.iter().filter(|piece| !piece.leads) {
        lines.push(line(press, stack, piece)?);
    }
    let mut gaps = gaps(press.grid, pieces);
    let taken: i32 = lines.iter().map(|line| line.height).sum::<i32>() + gaps.iter().sum::<i32>();
    let room = stack.frame.h - taken;
    let head = lead(press, stack, &pieces[leader], room, &lines)?;
    open_up(press.grid, &head, room, gaps.get_mut(leader + 1));
    lines.insert(leader, head);
    shrink_small_print(press, stack, pieces, &mut lines)?;
    place(press, stack, lines, &gaps)
}

/// A line of the column with its height.
struct Line {
    node: Node,
    height: i32,
}

fn line(press: &mut Press<'_>, stack: &Stack, piece: &Piece) -> Result<Line, Reject> {
    let mut node = piece.node(press, stack);
    match piece.role {
        Role::Cta => return button(press, stack, node),
        Role::Badge => return badge(press, stack, node),
        _ => {}
    }
    let style = node.style.as_ref().ok_or(Reject::NoRoom)?;
    let tall = style.size[1] * style.lh.max(1.5) * float(style.lines.cast_signed()) * 1.3;
    node.frame = Frame::new(stack.frame.x, stack.frame.y, stack.frame.w, px(tall));
    let set = fitted(press.typesetter, &mut node)?;
    let one_line = match (&node.fit, node.style.as_ref().map(|style| style.lines)) {
        (Some(fit), Some(1)) => px(libm::ceilf(fit.size * ONE_LINE)),
        _ => 0,
    };
    let height = press.grid.snap_up(set.ceil_height.max(one_line)).max(press.grid.base);
    node.frame.h = height;
    Ok(Line { node, height })
}

/// The height of a line's box as a multiple of its size: the marks above and below the letters of
/// Arabic and Devanagari need it when the ad speaks another language.
const ONE_LINE: f32 = 1.5;

/// The line that leads takes all that is left, up to its largest size.
fn lead(
    press: &mut Press<'_>,
    stack: &Stack,
    piece: &Piece,
    room: i32,
    others: &[Line],
) -> Result<Line, Reject> {
    let mut node = piece.node(press, stack);
    let style = node.style.as_mut().ok_or(Reject::NoRoom)?;
    style.lines =
        if piece.role == Role::Number { 1 } else { stack.lines.min(lines_for(piece, stack.frame)) };
    // A headline that is not clearly larger than its subline leads nobody.
    let subline = others
        .iter()
        .filter(|line| line.node.role == Role::Subline)
        .filter_map(|line| line.node.style.as_ref())
        .map(|style| style.size[0])
        .fold(0.0, f32::max);
    style.size[0] = style.size[0].max(subline * HIERARCHY).min(style.size[1]);
    if room < px(style.size[0]) {
        return Err(Reject::NoRoom);
    }
    let is_of_catalog = piece.text.source.starts_with("catalog:");
    if is_of_catalog {
        style.lines = style.lines.min(LINES_IN_EVERY_LANGUAGE);
    }
    let least = style.size[0];
    node.frame = Frame::new(stack.frame.x, stack.frame.y, stack.frame.w, room);
    let set = fitted(press.typesetter, &mut node)?;
    let lines = node.fit.as_ref().map_or(1, |fit| fit.lines.len());
    let lines = float(i32::try_from(lines).unwrap_or(1));
    // Where the words are near their smallest size already, another script needs the height.
    let tall = px(libm::ceilf(least * TALL * lines));
    if is_of_catalog && tall > room {
        return Err(Reject::NoRoom);
    }
    let height = press.grid.snap(set.ceil_height).max(tall).clamp(press.grid.base, room);
    node.frame.h = height;
    Ok(Line { node, height })
}

/// The most lines of a phrase of the catalog. Other languages may say it in two words, and keep
/// the number of lines but for one.
const LINES_IN_EVERY_LANGUAGE: u32 = 3;

/// The height of a line of the tallest scripts as a multiple of its size.
const TALL: f32 = 1.36;

/// The lines that a headline of this length may have: broken more often it would be larger, and
/// worse to read.
fn lines_for(piece: &Piece, column: Frame) -> u32 {
    let width = |character: char| if character >= '\u{2E80}' { 2 } else { 1 };
    let letters: u32 = piece.text.v.chars().map(width).sum();
    let longest = piece.text.v.split_whitespace().map(|word| word.chars().count()).max();
    // A long word leaves no choice.
    if longest.is_some_and(|longest| longest > 16) {
        return u32::MAX;
    }
    let in_a_line = match column.w * 10 / column.h.max(1) {
        10.. => 17,
        6.. => 13,
        _ => 7,
    };
    letters.div_ceil(in_a_line).max(2)
}

/// The larger the line that leads, the more space it wants below it, as far as there is room.
fn open_up(grid: &Grid, head: &Line, room: i32, below: Option<&mut i32>) {
    let (Some(gap), Some(fit)) = (below, head.node.fit.as_ref()) else { return };
    // Numerals are so large that the same share would tear the group apart.
    let share = if head.node.role == Role::Number { SPACE_BELOW / 3.0 } else { SPACE_BELOW };
    let wanted = grid.snap(px(fit.size * share));
    *gap += (wanted - *gap).min(room - head.height).max(0);
}

/// The space below a headline as a share of its size.
const SPACE_BELOW: f32 = 0.42;

/// How many times as large as its subline a headline is at least.
const HIERARCHY: f32 = 1.8;

/// Makes the subline smaller where the headline came out small.
fn shrink_small_print(
    press: &mut Press<'_>,
    stack: &Stack,
    pieces: &[Piece],
    lines: &mut [Line],
) -> Result<(), Reject> {
    let leads = pieces.iter().position(|piece| piece.leads).unwrap_or_default();
    let size = |line: &Line| line.node.fit.as_ref().map_or(0.0, |fit| fit.size);
    let most = size(&lines[leads]) / HIERARCHY;
    for (piece, at) in pieces.iter().zip(0..) {
        let small = matches!(piece.role, Role::Subline | Role::Headline) && !piece.leads;
        if small && size(&lines[at]) > most {
            let mut piece = piece.clone();
            piece.largest = most / press.grid.scale;
            lines[at] = line(press, stack, &piece)?;
        }
    }
    Ok(())
}

/// A button as wide as its label asks for, with room for a longer one in another language.
fn button(press: &mut Press<'_>, stack: &Stack, mut node: Node) -> Result<Line, Reject> {
    let grid = press.grid;
    let size = node.style.as_ref().map_or(1.0, |style| style.size[1]);
    let least = if stack.terse { 2.0 } else { 2.5 };
    let height = grid.snap(px(size * least)).max(grid.base * 2).min(stack.frame.h);
    let pad = px(float(height) * SIDE_PADDING);
    node.pad = [pad, 0];
    node.radius = px(float(height) * press.corner);
    node.paint = Some(Paint::Solid(press.inks.button));
    node.frame = Frame::new(stack.frame.x, stack.frame.y, stack.frame.w, height);
    let set = fitted(press.typesetter, &mut node)?;
    let label = px(set.ink_width * GROWTH);
    let width = (label + 2 * pad).max(height * 5 / 2).min(stack.frame.w);
    node.frame.w = grid.snap(width).min(stack.frame.w);
    node.frame.x = along(press, stack, node.frame.w);
    Ok(Line { node, height })
}

/// The space beside a label as a share of the button's height.
const SIDE_PADDING: f32 = 0.55;

/// How much longer a label may become in another language before it is set smaller.
const GROWTH: f32 = 1.4;

/// A small label on a plate of its own.
fn badge(press: &mut Press<'_>, stack: &Stack, mut node: Node) -> Result<Line, Reject> {
    let grid = press.grid;
    let size = node.style.as_ref().map_or(1.0, |style| style.size[1]);
    let height = grid.snap(px(size * 1.9)).max(grid.base * 2);
    let pad = px(float(height) * 0.45);
    node.pad = [pad, 0];
    node.radius = height / 2;
    node.paint =
        Some(Paint::Outline { color: press.inks.button, width: px(2.0 * grid.scale).max(1) });
    node.frame = Frame::new(stack.frame.x, stack.frame.y, stack.frame.w, height);
    let set = fitted(press.typesetter, &mut node)?;
    node.frame.w = (px(set.ink_width * GROWTH) + 2 * pad).min(stack.frame.w);
    node.frame.x = along(press, stack, node.frame.w);
    Ok(Line { node, height })
}

/// Where a box that is narrower than its column stands in it.
fn along(press: &Press<'_>, stack: &Stack, width: i32) -> i32 {
    match (stack.align, press.dir) {
        (Align::Center, _) => stack.frame.x + (stack.frame.w - width) / 2,
        (Align::Start, Direction::Ltr) | (Align::End, Direction::Rtl) => stack.frame.x,
        _ => stack.frame.right() - width,
    }
}

/// The space above each piece.
fn gaps(grid: &Grid, pieces: &[Piece]) -> Vec<i32> {
    let mut gaps = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|at| pieces.get(at));
        gaps.push(above.map_or(0, |above| grid.px(between(above.role, piece.role))));
    }
    gaps
}

/// Within a group lines stand close; a button stands twice as far off.
fn between(above: Role, below: Role) -> f32 {
    match (above, below) {
        (Role::Eyebrow | Role::Badge, _) | (_, Role::Headline) => 28.0,
        (_, Role::Cta) => 60.0,
        (Role::Headline, Role::Subline) => 44.0,
        _ => 28.0,
    }
}

/// Puts the lines below each other and sets them where they now stand.
fn place(
    press: &mut Press<'_>,
    stack: &Stack,
    lines: Vec<Line>,
    gaps: &[i32],
) -> Result<Vec<Node>, Reject> {
    let grid = press.grid;
    let height: i32 = lines.iter().map(|line| line.height).sum::<i32>() + gaps.iter().sum::<i32>();
    let left = stack.frame.h - height;
    if left < 0 {
        return Err(Reject::NoRoom);
    }
    let mut y = stack.frame.y
        + match stack.anchor {
            _ if stack.spread => 0,
            VerticalAlign::Top => 0,
            // The optical middle lies above the measured one.
            VerticalAlign::Center => left * 45 / 100,
            VerticalAlign::Bottom => left,
        };
    let foot = lines.iter().position(|line| !is_head(line.node.role));
    let mut nodes = Vec::with_capacity(lines.len());
    for (at, Line { mut node, height }) in lines.into_iter().enumerate() {
        y += gaps[at];
        if stack.spread && Some(at) == foot {
            y += left;
        }
        node.frame.y = grid.snap(y).clamp(stack.frame.y, stack.frame.bottom() - height);
        y += height;
        nodes.push(node);
    }
    stretch(stack, &mut nodes);
    for node in &mut nodes {
        super::pieces::reset(press.typesetter, node)?;
    }
    Ok(nodes)
}

/// What stays at the head of a column that is spread.
fn is_head(role: Role) -> bool {
    matches!(role, Role::Eyebrow | Role::Badge | Role::Headline | Role::Number)
}

/// Gives the box of a headline the free room above it, and that of a subline the free room below
/// it: another language may need it, and nothing moves for it.
fn stretch(stack: &Stack, nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        let above = at.checked_sub(1).map_or(stack.frame.y, |at| nodes[at].frame.bottom());
        let below = nodes.get(at + 1).map_or(stack.frame.bottom(), |next| next.frame.y);
        let node = &mut nodes[at];
        match node.role {
            Role::Headline if at == 0 => {
                let more = (node.frame.y - above).min(node.frame.h * 3 / 10);
                node.frame.y -= more;
                node.frame.h += more;
            }
            Role::Subline => {
                let free = below - node.frame.bottom();
                node.frame.h += (free * 2 / 5).min(node.frame.h / 2).max(0);
            }
            _ => {}
        }
    }
}

/// The range of sizes of a piece.
pub(super) fn range(press: &Press<'_>, role: Role, largest: f32) -> [f32; 2] {
    sizes(press.grid, press.format, role, largest)
}
