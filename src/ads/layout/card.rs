//! A card upon a pattern.

use super::{MARK_HEIGHT, UNDER_MARK};
use super::{Mark, Plan, Setting, Stack, Words, art, ground, layer, legal_line};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, Node, Paint, Role, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let random = setting.random.fork("card");
    let centered = random.fork("align").chance(0.4);
    let card = card(setting);
    let pad = grid.px(if grid.class == Class::Wide { 48.0 } else { 64.0 });
    let inner = card.inset([pad, pad]);
    let align = if centered { Align::Center } else { Align::Start };
    let mark = Mark {
        frame: Frame::new(inner.x, inner.y, inner.w, grid.px(MARK_HEIGHT)),
        align,
        ground: Ink::Bg,
        sinks: false,
    };
    let y = mark.frame.bottom() + grid.px(UNDER_MARK);
    let column = Frame::new(inner.x, y, inner.w, inner.bottom() - y);
    let mut sheet = Node::new("card", Role::Panel, layer::PANEL, card);
    sheet.paint = Some(Paint::Solid(Ink::Bg));
    sheet.radius = grid.px(24.0);
    sheet.shadow = grid.px(28.0);
    // The card has the ad's own ground; what lies around it must not look like it.
    let (around, ink) = if setting.panel_stands_out {
        (Ink::Panel, Ink::Accent)
    } else {
        (Ink::Accent, Ink::OnAccent)
    };
    // The pattern is strongest where the card leaves it free.
    let origin = match grid.class {
        Class::Wide => [1.0, 0.5],
        Class::Square => [0.94, 0.92],
        _ => [0.85, 0.04],
    };
    let pattern = art::pattern(random.fork("art"), ink, Ink::Bg, origin);
    let stack = Stack {
        frame: column,
        align,
        anchor: if centered { VerticalAlign::Center } else { VerticalAlign::Bottom },
        spread: false,
        ground: Ink::Bg,
        largest: 116.0,
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan {
        nodes: vec![
            ground(setting, around),
            art::drawn("art", layer::ART, grid.canvas, pattern),
            sheet,
        ],
        mark,
        words: Words::Stack(stack),
        legal: legal_line(grid, column),
    }
}

/// Where the card lies: off the middle where there is room beside it.
fn card(setting: &Setting<'_>) -> Frame {
    let grid = &setting.grid;
    let content = grid.content;
    match grid.class {
        Class::Wide => {
            let (x, w) = grid.columns(0, 8);
            Frame::new(x, content.y, w, content.h)
        }
        Class::Square => content.inset([0, grid.px(24.0)]).within(grid.content),
        Class::Portrait => {
            let y = content.y + grid.snap(content.h / 6);
            Frame::new(content.x, y, content.w, content.bottom() - y)
        }
        _ => {
            let y = content.y + grid.snap(content.h / 5);
            Frame::new(content.x, y, content.w, content.bottom() - y)
        }
    }
}
