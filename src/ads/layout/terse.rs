//! Banners: a mark, one line and a button, on strips, towers and small canvases.

use super::{Grid, Mark, Plan, Row, Setting, Stack, Words, art, float, ground, layer, px, split};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, Ink, LayoutKind, Node, Role, VerticalAlign};

/// Lays a banner out; the arrangement decides its ground and its picture.
pub(super) fn plan(kind: LayoutKind, setting: &Setting<'_>) -> Plan {
    let place = picture_place(kind, setting);
    let mut plan = match setting.grid.class {
        Class::Strip => strip(setting, place),
        Class::Tower => tower(setting, place),
        _ => small(setting, place),
    };
    plan.nodes = grounds(kind, setting, place);
    if setting.silent {
        plan.mark = alone(setting, place);
    }
    plan
}

/// Where a banner has its picture or its drawing; it bleeds off three edges.
fn picture_place(kind: LayoutKind, setting: &Setting<'_>) -> Option<Frame> {
    let (canvas, base) = (setting.grid.canvas, setting.grid.base);
    let wanted = !matches!(
        kind,
        LayoutKind::Statement | LayoutKind::Centered | LayoutKind::OfferBurst | LayoutKind::Frame
    );
    match setting.grid.class {
        Class::Tower => {
            let y = canvas.h - (canvas.h * 40 / 100) / base * base;
            Some(Frame::new(0, y, canvas.w, canvas.h - y))
        }
        // A low strip has no room beside its words.
        Class::Strip if wanted && canvas.h >= 80 => {
            let w = (canvas.h * 3 / 2).min(canvas.w / 6);
            Some(Frame::new(canvas.w - w, 0, w, canvas.h))
        }
        Class::Small if wanted && canvas.w >= 240 => {
            let w = canvas.w * 30 / 100;
            Some(Frame::new(canvas.w - w, 0, w, canvas.h))
        }
        _ => None,
    }
}

/// A mark that is all there is to see: large, in the middle of what the picture leaves.
fn alone(setting: &Setting<'_>, place: Option<Frame>) -> Mark {
    let mut rest = setting.grid.content;
    match place {
        Some(place) if place.x > 0 => rest.w = (place.x - rest.x * 2).max(1),
        Some(place) => rest.h = (place.y - rest.y * 2).max(1),
        None => {}
    }
    let h = (rest.h * 6 / 10).min(rest.w * 6 / 10).max(1);
    let frame = Frame::new(rest.x, rest.y + (rest.h - h) / 2, rest.w, h);
    Mark { frame, align: Align::Center, ground: Ink::Bg, sinks: false }
}

/// Lets the picture at the foot of a tower begin where the words end.
pub(crate) fn raise_picture(grid: &Grid, nodes: &mut [Node], foot: i32) {
    /// The picture stays smaller than what is said.
    const HIGHEST: i32 = 38;
    let canvas = grid.canvas;
    let top = grid.snap_up(foot + grid.px(64.0)).max(canvas.h * HIGHEST / 100);
    for node in nodes {
        let is_foot =
            node.frame.y > 0 && node.frame.bottom() == canvas.h && node.frame.w == canvas.w;
        if is_foot && node.frame.y > top {
            node.frame.h += node.frame.y - top;
            node.frame.y = top;
        }
    }
}

/// The grounds of an arrangement, as much of them as a banner can carry.
fn grounds(kind: LayoutKind, setting: &Setting<'_>, place: Option<Frame>) -> Vec<Node> {
    let canvas = setting.grid.canvas;
    let mut nodes = vec![ground(setting, Ink::Bg)];
    let is_photo = matches!(kind, LayoutKind::SplitPhoto | LayoutKind::ScrimPhoto);
    let photo = setting.photo.filter(|photo| is_photo && !photo.cut_out);
    match (place, photo) {
        (Some(place), Some(photo)) => {
            let mut node = Node::new("photo", Role::Photo, layer::PHOTO, place);
            node.asset = Some(photo.digest);
            node.focus = Some(photo.focus_in(place));
            nodes.push(node);
        }
        (Some(place), None) => {
            let random = setting.random.fork("split").fork("art");
            nodes.extend(split::figure(setting, random, place));
        }
        (None, _) => {
            let random = setting.random.fork("statement").fork("art");
            let mut quiet = art::behind_words(random, Ink::Fg, Ink::Accent);
            quiet.opacity *= 0.6;
            // A disc in the corner of a banner would meet its button.
            quiet.second = None;
            nodes.push(art::drawn("art", layer::ART, canvas, quiet));
        }
    }
    nodes
}

/// Mark, line, button from left to right.
fn strip(setting: &Setting<'_>, place: Option<Frame>) -> Plan {
    let grid = &setting.grid;
    let mut content = grid.content;
    if let Some(place) = place {
        content.w = place.x - (grid.content.h / 5).max(grid.base) - content.x;
    }
    let mark_height = (content.h * 6 / 10).min(grid.px(96.0).max(28)).min(content.h);
    let middle = |height: i32| content.y + (content.h - height) / 2;
    let mark_width = (mark_height * 4).min(content.w * 24 / 100);
    let mark = Frame::new(content.x, middle(mark_height), mark_width, mark_height);
    let cta_width = (content.w * 27 / 100).min(content.h * 4);
    let cta_height = grid.snap(content.h * 8 / 10).min(content.h).min(content.w / 8);
    let cta_x = content.right() - cta_width;
    let cta = Frame::new(cta_x, middle(cta_height), cta_width, cta_height);
    let gap = (content.h / 4).clamp(grid.base * 2, grid.px(120.0).max(grid.base * 4));
    let x = mark.right() + gap;
    let headline = Frame::new(x, content.y, cta.x - gap - x, content.h);
    Plan {
        nodes: Vec::new(),
        mark: Mark { frame: mark, align: Align::Start, ground: Ink::Bg, sinks: false },
        words: Words::Row(Row { headline, cta, ground: Ink::Bg }),
        legal: Frame::default(),
    }
}

/// Mark above, line and button below it, the picture at the foot.
fn tower(setting: &Setting<'_>, place: Option<Frame>) -> Plan {
    let grid = &setting.grid;
    let content = grid.content;
    let foot = place.map_or(content.bottom(), |place| place.y - grid.base * 2);
    let height = grid.snap(content.w / 3).max(grid.base).min(content.h / 8);
    let mark = Frame::new(content.x, content.y, content.w, height);
    let y = mark.bottom() + grid.snap(content.h / 24).max(grid.base);
    let frame = Frame::new(content.x, y, content.w, foot - y);
    plan_of(mark, stack(frame, VerticalAlign::Top, 110.0, 5))
}

/// Mark above, line and button below it.
fn small(setting: &Setting<'_>, place: Option<Frame>) -> Plan {
    let grid = &setting.grid;
    let mut content = grid.content;
    if let Some(place) = place {
        content.w = place.x - grid.base * 4 - content.x;
    }
    let height = grid.snap(px(float(content.h) * 0.16)).max(grid.base).min(content.h / 3);
    let mark = Frame::new(content.x, content.y, content.w, height);
    let y = mark.bottom() + grid.base * 2;
    let frame = Frame::new(content.x, y, content.w, content.bottom() - y);
    plan_of(mark, stack(frame, VerticalAlign::Bottom, 140.0, 3))
}

fn stack(frame: Frame, anchor: VerticalAlign, largest: f32, lines: u32) -> Stack {
    Stack {
        frame,
        align: Align::Start,
        anchor,
        spread: false,
        ground: Ink::Bg,
        largest,
        lines,
        number_leads: false,
        terse: true,
    }
}

fn plan_of(mark: Frame, stack: Stack) -> Plan {
    Plan {
        nodes: Vec::new(),
        mark: Mark { frame: mark, align: Align::Start, ground: Ink::Bg, sinks: false },
        words: Words::Stack(stack),
        legal: Frame::default(),
    }
}
