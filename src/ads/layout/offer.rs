//! One huge number in soft light.

use super::{MARK_HEIGHT, mark_at_start};
use super::{Mark, Plan, Setting, Stack, Words, art, below, ground, layer, legal_line};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let random = setting.random.fork("offer");
    let centered = grid.class != Class::Wide && random.fork("align").chance(0.6);
    let mark = if centered {
        let (x, w) = grid.columns(3, 9);
        let frame = Frame::new(x, grid.content.y, w, grid.px(MARK_HEIGHT));
        Mark { frame, align: Align::Center, ground: Ink::Bg, sinks: false }
    } else {
        mark_at_start(grid, Ink::Bg)
    };
    let columns = if grid.class == Class::Wide { [0, 9] } else { [0, 12] };
    let frame = below(grid, columns, &mark);
    let light = art::light(random.fork("art"), Ink::Panel, Ink::Accent);
    let stack = Stack {
        frame,
        align: if centered { Align::Center } else { Align::Start },
        anchor: if centered { VerticalAlign::Center } else { VerticalAlign::Bottom },
        spread: false,
        ground: Ink::Bg,
        largest: 300.0,
        lines: 3,
        number_leads: true,
        terse: false,
    };
    Plan {
        nodes: vec![ground(setting, Ink::Bg), art::drawn("art", layer::ART, grid.canvas, light)],
        mark,
        words: Words::Stack(stack),
        legal: legal_line(grid, frame),
    }
}
