//! An editorial frame: fine lines, words around the middle, the mark at the foot.

use super::{Mark, Plan, Setting, Stack, Words, ground, layer, legal_line};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, Node, Paint, Role, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let double = setting.random.fork("frame").chance(0.5);
    let frame = grid.canvas.inset([grid.px(40.0); 2]);
    let line = outline("frame", frame, grid.px(2.0).min(4));
    let mut nodes = vec![ground(setting, Ink::Bg), line];
    if double {
        let gap = grid.px(16.0);
        nodes.push(outline("frame-inner", frame.inset([gap, gap]), 2));
    }
    let pad = grid.px(64.0);
    let inner = frame.inset([pad, pad]).within(grid.content);
    let height = grid.px(if grid.class == Class::Wide { 56.0 } else { 64.0 });
    let (x, w) = grid.columns(3, 9);
    let mark = Mark {
        frame: Frame::new(x, inner.bottom() - height, w, height),
        align: Align::Center,
        ground: Ink::Bg,
        sinks: false,
    };
    let gap = grid.px(if grid.class == Class::Wide { 24.0 } else { 40.0 });
    let (x, w) = grid.columns(1, 11);
    let column = Frame::new(x, inner.y, w, mark.frame.y - gap - inner.y);
    let stack = Stack {
        frame: column,
        align: Align::Center,
        anchor: VerticalAlign::Center,
        spread: false,
        ground: Ink::Bg,
        largest: 128.0,
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan { nodes, mark, words: Words::Stack(stack), legal: legal_line(grid, column) }
}

fn outline(id: &str, frame: Frame, width: i32) -> Node {
    let mut node = Node::new(id, Role::Decoration, layer::ART, frame);
    node.paint = Some(Paint::Outline { color: Ink::Fg, width: width.max(1) });
    node
}
