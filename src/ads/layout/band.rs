//! A broad band across the ground, beside the words.

use super::{Plan, Setting, Stack, Words, below, ground, layer, legal_line, mark_at_start};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, Node, Paint, Role, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let (canvas, mark) = (grid.canvas, mark_at_start(grid, Ink::Bg));
    let wide = grid.class == Class::Wide;
    let columns = if wide { [0, 7] } else { [0, 12] };
    let mut column = below(grid, columns, &mark);
    let mut nodes = vec![ground(setting, Ink::Bg)];
    let (broad, fine) = if setting.panel_stands_out {
        (Ink::Panel, Ink::Accent)
    } else {
        (Ink::Accent, Ink::Panel)
    };
    // A band reaches over both edges, so that its ends are never seen.
    let reach = canvas.w.max(canvas.h) * 2;
    if wide {
        let (x, thick) = (grid.across(0.84), grid.across(0.22));
        let middle = canvas.h / 2;
        for (id, ink, at, width) in
            [("band", broad, x, thick), ("stripe", fine, x - thick, thick / 6)]
        {
            let frame = Frame::new(at - width / 2, middle - reach / 2, width, reach);
            nodes.push(band(id, ink, frame, LEAN));
        }
    } else {
        // Words above, the band across the lower third.
        let thick = grid.down(0.19);
        let y = canvas.h - grid.down(if grid.class == Class::Square { 0.03 } else { 0.08 });
        let middle = canvas.w / 2;
        // The band reaches below the foot, so that no corner of the ground is left under it.
        let deep = thick * 3;
        for (id, ink, at, height) in [
            ("band", broad, y - thick / 2 + deep / 2, deep),
            ("stripe", fine, y - thick, thick / 6),
        ] {
            let frame = Frame::new(middle - reach / 2, at - height / 2, reach, height);
            nodes.push(band(id, ink, frame, -LEAN));
        }
        let rise = canvas.w * 22 / 100 / 2;
        let top_of_band = y - thick - thick / 12 - rise;
        column.h = grid.snap(top_of_band.min(grid.content.bottom()) - column.y);
    }
    let stack = Stack {
        frame: column,
        align: Align::Start,
        anchor: if wide { VerticalAlign::Bottom } else { VerticalAlign::Center },
        spread: false,
        ground: Ink::Bg,
        largest: 136.0,
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan { nodes, mark, words: Words::Stack(stack), legal: legal_line(grid, column) }
}

/// How far a band leans, in degrees.
const LEAN: i32 = 12;

fn band(id: &str, ink: Ink, frame: Frame, rotate: i32) -> Node {
    let mut node = Node::new(id, Role::Decoration, layer::ART, frame);
    node.paint = Some(Paint::Solid(ink));
    node.rotate = rotate;
    node
}
