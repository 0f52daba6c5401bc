//! Banners: a mark, one line and a button, on strips, towers and small canvases.

use super::{Mark, Plan, Row, Setting, Stack, Words, art, ground, layer};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, LayoutKind, Node, Paint, Role, VerticalAlign};

/// Lays a banner out; the arrangement decides its ground and its art.
pub(super) fn plan(kind: LayoutKind, setting: &Setting<'_>) -> Plan {
    let mut plan = match setting.grid.class {
        Class::Strip => strip(setting),
        Class::Tower => tower(setting),
        _ => small(setting),
    };
    let mut nodes = grounds(kind, setting);
    nodes.append(&mut plan.nodes);
    plan.nodes = nodes;
    plan
}

/// The grounds of an arrangement, as much of them as a banner can carry.
fn grounds(kind: LayoutKind, setting: &Setting<'_>) -> Vec<Node> {
    let canvas = setting.grid.canvas;
    let mut nodes = vec![ground(setting, Ink::Bg)];
    let fork = |room: &str| setting.random.fork(room).fork("art");
    let drawing = match kind {
        LayoutKind::Statement => Some(art::behind_words(fork("statement"), Ink::Fg, Ink::Accent)),
        LayoutKind::OfferBurst => Some(art::light(fork("offer"), Ink::Panel, Ink::Accent)),
        _ => None,
    };
    if let Some(mut drawing) = drawing {
        drawing.opacity *= 0.6;
        nodes.push(art::drawn("art", layer::ART, canvas, drawing));
    }
    nodes
}

/// Mark, line, button from left to right.
fn strip(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let content = grid.content;
    let mark_height = grid.snap(content.h * 7 / 10).max(grid.base * 4).min(content.h);
    let middle = |height: i32| content.y + (content.h - height) / 2;
    let mark_width = (mark_height * 4).min(content.w * 22 / 100);
    let mark = Frame::new(content.x, middle(mark_height), mark_width, mark_height);
    let cta_width = (content.w * 24 / 100).min(content.h * 4);
    let cta_height = grid.snap(content.h * 8 / 10).min(content.h).min(content.w / 8);
    let cta_x = content.right() - cta_width;
    let cta = Frame::new(cta_x, middle(cta_height), cta_width, cta_height);
    let gap = (content.h / 4).clamp(grid.base * 2, grid.px(120.0).max(grid.base * 4));
    let x = mark.right() + gap;
    let headline = Frame::new(x, content.y, cta.x - gap - x, content.h);
    Plan {
        nodes: Vec::new(),
        mark: Mark { frame: mark, align: Align::Start, ground: Ink::Bg },
        words: Words::Row(Row { headline, cta, ground: Ink::Bg }),
        legal: Frame::default(),
    }
}

/// Mark above, line in the middle, button below.
fn tower(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let content = grid.content;
    let height = grid.snap(content.w / 3).max(grid.base).min(content.h / 6);
    let mark = Frame::new(content.x, content.y, content.w, height);
    let y = mark.bottom() + grid.snap(content.h / 20).max(grid.base);
    let frame = Frame::new(content.x, y, content.w, content.bottom() - y);
    let stack = Stack {
        frame,
        align: Align::Start,
        anchor: VerticalAlign::Top,
        spread: true,
        ground: Ink::Bg,
        largest: 120.0,
        lines: 6,
        number_leads: false,
        terse: true,
    };
    Plan {
        nodes: Vec::new(),
        mark: Mark { frame: mark, align: Align::Start, ground: Ink::Bg },
        words: Words::Stack(stack),
        legal: Frame::default(),
    }
}

/// Mark above, line and button below it, an edge of colour.
fn small(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let content = grid.content;
    let height = grid.snap(content.h / 6).max(grid.base).min(content.h / 3);
    let mark = Frame::new(content.x, content.y, content.w * 7 / 10, height);
    let y = mark.bottom() + grid.base * 2;
    let frame = Frame::new(content.x, y, content.w, content.bottom() - y);
    let stack = Stack {
        frame,
        align: Align::Start,
        anchor: VerticalAlign::Bottom,
        spread: false,
        ground: Ink::Bg,
        largest: 150.0,
        lines: 3,
        number_leads: false,
        terse: true,
    };
    let canvas = grid.canvas;
    let width = (canvas.w / 40).max(2);
    let edge = Frame::new(canvas.w - width, 0, width, canvas.h);
    let mut stripe = Node::new("edge", Role::Decoration, layer::PANEL, edge);
    stripe.paint = Some(Paint::Solid(Ink::Accent));
    Plan {
        nodes: vec![stripe],
        mark: Mark { frame: mark, align: Align::Start, ground: Ink::Bg },
        words: Words::Stack(stack),
        legal: Frame::default(),
    }
}
