//! Type only, large, over faint art that bleeds off a corner.

use super::{Plan, Setting, Stack, Words, art, below, ground, layer, legal_line, mark_at_start};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Ink, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let mut random = setting.random.fork("statement");
    // On a high canvas the two halves would fall apart.
    let spread = random.chance(0.4) && matches!(grid.class, Class::Wide | Class::Square);
    let mark = mark_at_start(grid, Ink::Bg);
    let columns = if grid.class == Class::Wide { [0, 8] } else { [0, 12] };
    let frame = below(grid, columns, &mark);
    let drawing = art::behind_words(random.fork("art"), Ink::Fg, Ink::Accent);
    let largest = match grid.class {
        Class::Wide => 124.0,
        Class::Square => 136.0,
        _ => 150.0,
    };
    let stack = Stack {
        frame,
        align: Align::Start,
        anchor: VerticalAlign::Bottom,
        spread,
        ground: Ink::Bg,
        largest,
        lines: if matches!(grid.class, Class::Portrait | Class::Tall) { 4 } else { 3 },
        number_leads: false,
        terse: false,
    };
    Plan {
        nodes: vec![ground(setting, Ink::Bg), art::drawn("art", layer::ART, grid.canvas, drawing)],
        mark,
        words: Words::Stack(stack),
        legal: legal_line(grid, frame),
    }
}
