//! Words beside art or a photograph, each on ground of its own.

use super::{MARK_HEIGHT, UNDER_MARK};
use super::{Mark, Plan, Setting, Stack, Words, art, ground, layer, legal_line};
use crate::ads::format::Class;
use crate::ads::random::Random;
use crate::ads::scene::{Align, Frame, GeneratorKind, Ink, Node, Paint, Role, VerticalAlign};

/// Words beside drawn art.
pub(super) fn art(setting: &Setting<'_>) -> Plan {
    let random = setting.random.fork("split");
    let halves = halves(setting, &mut random.fork("ratio"), false);
    let mut nodes = vec![ground(setting, Ink::Bg)];
    nodes.extend(figure(setting, random.fork("art"), halves.picture));
    plan(setting, &halves, nodes)
}

/// A panel with art on it. A panel that hardly differs from the ground would look like a mistake:
/// then the colour that points fills it, unless the art covers all of it anyway.
pub(super) fn figure(setting: &Setting<'_>, random: Random, frame: Frame) -> [Node; 2] {
    let mut figure = art::figure(random, Ink::Accent, Ink::Fg);
    let mut panel = Node::new("panel", Role::Panel, layer::PANEL, frame);
    panel.paint = Some(Paint::Solid(Ink::Panel));
    if !setting.panel_stands_out && figure.kind != GeneratorKind::BauhausTiles {
        panel.paint = Some(Paint::Solid(Ink::Accent));
        (figure.color, figure.second) = (Ink::OnAccent, Some(Ink::Bg));
    }
    [panel, art::drawn("art", layer::ON_PANEL, frame, figure)]
}

/// Words beside a photograph.
pub(super) fn photo(setting: &Setting<'_>) -> Plan {
    let random = setting.random.fork("split");
    let halves = halves(setting, &mut random.fork("ratio"), true);
    let mut photo = Node::new("photo", Role::Photo, layer::PHOTO, halves.picture);
    if let Some(given) = setting.photo {
        photo.asset = Some(given.digest);
        photo.focus = Some(given.focus_in(photo.frame));
    }
    plan(setting, &halves, vec![ground(setting, Ink::Bg), photo])
}

/// The two parts of the canvas.
struct Halves {
    /// Where the picture stands; it bleeds off three edges.
    picture: Frame,
    /// The columns and rows that are left for mark and words.
    rest: Frame,
    beside: bool,
}

fn halves(setting: &Setting<'_>, random: &mut Random, is_photo: bool) -> Halves {
    let grid = &setting.grid;
    let (canvas, content) = (grid.canvas, grid.content);
    let golden = random.chance(0.5);
    let beside = match grid.class {
        Class::Wide => true,
        Class::Square => random.chance(0.5),
        _ => false,
    };
    if beside {
        // Words need more than half of a square; beside them the golden part is enough.
        let columns = match (grid.class, golden) {
            (Class::Wide, false) => 6,
            _ => 7,
        };
        let (x, w) = grid.columns(0, columns);
        let edge = grid.snap(x + w + grid.px(32.0));
        let picture = Frame::new(edge, 0, canvas.w - edge, canvas.h);
        return Halves { picture, rest: Frame::new(x, content.y, w, content.h), beside };
    }
    let share = match grid.class {
        Class::Square => 0.40,
        // A platform covers the foot, so that the words need the room above it.
        Class::Tall if is_photo => 0.39,
        Class::Tall => 0.42,
        _ => 0.44,
    };
    let margin = grid.px(48.0);
    if is_photo {
        let picture = Frame::new(0, 0, canvas.w, grid.down(share + 0.04));
        let y = picture.bottom() + margin;
        let rest = Frame::new(content.x, y, content.w, content.bottom() - y);
        return Halves { picture, rest, beside };
    }
    let y = canvas.h - grid.down(share);
    let picture = Frame::new(0, y, canvas.w, canvas.h - y);
    let rest = Frame::new(content.x, content.y, content.w, y - margin - content.y);
    Halves { picture, rest, beside }
}

fn plan(setting: &Setting<'_>, halves: &Halves, nodes: Vec<Node>) -> Plan {
    let grid = &setting.grid;
    let rest = halves.rest;
    let frame = Frame::new(rest.x, rest.y, rest.w.min(grid.columns(0, 7).1), grid.px(MARK_HEIGHT));
    let mark = Mark { frame, align: Align::Start, ground: Ink::Bg, sinks: false };
    let y = frame.bottom() + grid.px(if halves.beside { UNDER_MARK } else { 32.0 });
    let column = Frame::new(rest.x, y, rest.w, rest.bottom() - y);
    let stack = Stack {
        frame: column,
        align: Align::Start,
        anchor: VerticalAlign::Bottom,
        spread: false,
        ground: Ink::Bg,
        largest: if halves.beside { 104.0 } else { 120.0 },
        lines: if halves.beside { 4 } else { 3 },
        number_leads: false,
        terse: false,
    };
    Plan { nodes, mark, words: Words::Stack(stack), legal: legal_line(grid, column) }
}
