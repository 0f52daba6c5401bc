//! A poster around its middle.

use super::{MARK_HEIGHT, below};
use super::{Mark, Plan, Setting, Stack, Words, art, ground, layer, legal_line};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, GeneratorKind, Ink, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let random = setting.random.fork("centered");
    let columns = match grid.class {
        Class::Wide => [2, 10],
        Class::Square => [1, 11],
        _ => [0, 12],
    };
    let (x, w) = grid.columns(3, 9);
    let mark = Mark {
        frame: Frame::new(x, grid.content.y, w, grid.px(MARK_HEIGHT)),
        align: Align::Center,
        ground: Ink::Bg,
        sinks: false,
    };
    let frame = below(grid, columns, &mark);
    let stack = Stack {
        frame,
        align: Align::Center,
        anchor: VerticalAlign::Center,
        spread: false,
        ground: Ink::Bg,
        largest: if grid.class == Class::Wide { 124.0 } else { 148.0 },
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan {
        nodes: vec![
            ground(setting, Ink::Bg),
            art::drawn("art", layer::ART, grid.canvas, halo(random.fork("art"))),
        ],
        mark,
        words: Words::Stack(stack),
        legal: legal_line(grid, frame),
    }
}

/// Art whose middle is the poster's, or its foot.
fn halo(mut random: crate::ads::random::Random) -> crate::ads::scene::Generator {
    use GeneratorKind::{Arcs, Halftone, Mesh, RadialGlow};
    let kind = random.pick(&[Arcs, RadialGlow, Mesh, Halftone]).copied().unwrap_or(Arcs);
    match kind {
        Arcs => art::generator(random, kind, Ink::Fg, Some(Ink::Accent), 0.26, 0.12, [0.5, 1.02]),
        Halftone => art::generator(random, kind, Ink::Fg, None, 0.18, 0.045, [0.5, 1.05]),
        RadialGlow => art::generator(random, kind, Ink::Accent, None, 0.34, 0.9, [0.5, 1.0]),
        _ => art::generator(random, kind, Ink::Panel, Some(Ink::Accent), 0.5, 0.9, [0.5, 0.6]),
    }
}
