//! A photograph to the edges, words upon a scrim.

use super::{Plan, Setting, Stack, Words, below, ground, layer, legal_line, mark_at_start};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Ink, Node, Paint, Role, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let mut photo = Node::new("photo", Role::Photo, layer::PHOTO, grid.canvas);
    if let Some(given) = setting.photo {
        photo.asset = Some(given.digest);
        photo.focus = Some(given.focus_in(photo.frame));
    }
    let mut mark = mark_at_start(grid, Ink::Bg);
    // One dark foot holds mark and words; the rest is the picture's.
    mark.sinks = grid.class != Class::Wide;
    let columns = match grid.class {
        Class::Wide => [0, 7],
        Class::Square => [0, 10],
        _ => [0, 12],
    };
    let mut frame = below(grid, columns, &mark);
    // Words keep to the lower part, where the scrim is; the upper part is the picture's.
    let top = grid.content.y + grid.snap(grid.content.h / 2);
    if grid.class != Class::Wide {
        frame.h -= (top - frame.y).max(0);
        frame.y = frame.y.max(top);
    }
    // Composing places it when it knows where the words ended up.
    let mut scrim = Node::new("scrim", Role::Scrim, layer::SCRIM, grid.canvas);
    scrim.paint = Some(Paint::Scrim { color: Ink::Bg, from: 0.0, to: 0.0, angle: 90 });
    let stack = Stack {
        frame,
        align: Align::Start,
        anchor: VerticalAlign::Bottom,
        spread: false,
        ground: Ink::Bg,
        largest: 108.0,
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan {
        nodes: vec![ground(setting, Ink::Bg), photo, scrim],
        mark,
        words: Words::Stack(stack),
        legal: legal_line(grid, frame),
    }
}
