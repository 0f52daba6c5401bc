//! On which side of their box words hang, when the ad turns its reading direction.

use super::language::Language;
use crate::ads::scene::{Align, Composition, Node, Role, Scene};
use crate::domain::brand::Direction;

/// Gives the words of `node` their direction and side. Where the ad changes its direction they go
/// to the other side of the same box; words that were left in a language of the other direction go
/// there too, and still read their own way. A brand's name stays beside its mark.
pub(super) fn hang(node: &mut Node, before: &Node, source: &Scene, target: &Scene, is_kept: bool) {
    let side = side(before, source);
    let is_turned = source.dir != target.dir;
    let is_mark = node.role == Role::Logo && target.composition != Composition::Mirrored;
    let wanted = if is_turned && !is_mark { side.other() } else { side };
    let is_known = own_direction(node).is_some();
    let Some(style) = &mut node.style else { return };
    if !is_kept {
        style.dir = None;
    } else if !is_known {
        // Words of no known language read as they did in the source, whatever stands around them.
        style.dir = style.dir.or(Some(source.dir));
    }
    let direction = direction(node, source);
    let Some(style) = &mut node.style else { return };
    style.align = match (wanted, direction) {
        (Side::Middle, _) => Align::Center,
        (Side::Left, Direction::Ltr) | (Side::Right, Direction::Rtl) => Align::Start,
        (Side::Right, Direction::Ltr) | (Side::Left, Direction::Rtl) => Align::End,
    };
}

/// Which way the words of a node read: their style says so, else their language, else the source.
fn direction(node: &Node, source: &Scene) -> Direction {
    let styled = node.style.as_ref().and_then(|style| style.dir);
    styled.or_else(|| own_direction(node)).unwrap_or(source.dir)
}

fn own_direction(node: &Node) -> Option<Direction> {
    let language = Language::parse(&node.text.as_ref()?.lang).ok()?;
    Some(language.direction())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Middle,
    Right,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Middle => Self::Middle,
            Self::Right => Self::Left,
        }
    }
}

fn side(node: &Node, source: &Scene) -> Side {
    let align = node.style.as_ref().map_or(Align::Start, |style| style.align);
    match (align, direction(node, source)) {
        (Align::Center, _) => Side::Middle,
        (Align::Start, Direction::Ltr) | (Align::End, Direction::Rtl) => Side::Left,
        (Align::Start, Direction::Rtl) | (Align::End, Direction::Ltr) => Side::Right,
    }
}
