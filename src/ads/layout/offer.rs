//! One huge number in soft light; on wide canvases around the middle, or beside a drawing.

use super::{MARK_HEIGHT, mark_at_start};
use super::{Mark, Plan, Setting, Stack, Words, art, below, ground, layer, legal_line, split};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let random = setting.random.fork("offer");
    let wide = grid.class == Class::Wide;
    let centered = random.fork("align").chance(0.6);
    let mark = if centered {
        let (x, w) = grid.columns(3, 9);
        let frame = Frame::new(x, grid.content.y, w, grid.px(MARK_HEIGHT));
        Mark { frame, align: Align::Center, ground: Ink::Bg, sinks: false }
    } else {
        mark_at_start(grid, Ink::Bg)
    };
    let frame = below(grid, if wide && !centered { [0, 8] } else { [0, 12] }, &mark);
    let light = art::light(random.fork("art"), Ink::Panel, Ink::Accent);
    let mut nodes =
        vec![ground(setting, Ink::Bg), art::drawn("art", layer::ART, grid.canvas, light)];
    if wide && !centered {
        // A number at the left would leave half of the canvas to nothing.
        let x = grid.snap(frame.right() + grid.px(32.0));
        let place = Frame::new(x, 0, grid.canvas.w - x, grid.canvas.h);
        let [panel, mut figure] = split::figure(setting, random.fork("figure"), place);
        "figure".clone_into(&mut figure.id);
        nodes.extend([panel, figure]);
    }
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
    Plan { nodes, mark, words: Words::Stack(stack), legal: legal_line(grid, frame) }
}
