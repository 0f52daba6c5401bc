//! A cut-out picture or an icon that the ad is about, words under or beside it.

use super::{Plan, Setting, Stack, Words, art, ground, layer, legal_line, mark_at_start};
use super::{UNDER_MARK, below};
use crate::ads::format::Class;
use crate::ads::scene::{Align, Frame, GeneratorKind, Icon, Ink, Node, Paint, Role, VerticalAlign};

pub(super) fn plan(setting: &Setting<'_>) -> Plan {
    let grid = &setting.grid;
    let random = setting.random.fork("hero");
    let mut mark = mark_at_start(grid, Ink::Bg);
    if grid.class != Class::Wide {
        // All of it stands around one axis.
        (mark.frame.x, mark.frame.w) = grid.columns(2, 10);
        mark.align = Align::Center;
    }
    let (disc, column) = if grid.class == Class::Wide {
        let mut column = below(grid, [0, 7], &mark);
        let side = grid.snap(grid.canvas.h * 7 / 10);
        let x = grid.canvas.w - side - grid.content.x;
        // Words keep off the disc.
        column.w = column.w.min(x - grid.px(48.0) - column.x);
        (Frame::new(x, (grid.canvas.h - side) / 2, side, side), column)
    } else {
        let rest = below(grid, [0, 12], &mark);
        let share = if grid.class == Class::Square { 40 } else { 48 };
        let side = grid.snap((rest.h * share / 100).min(rest.w));
        let disc = Frame::new((grid.canvas.w - side) / 2, rest.y - grid.px(24.0), side, side);
        let y = disc.bottom() + grid.px(UNDER_MARK);
        (disc, Frame::new(rest.x, y, rest.w, rest.bottom() - y))
    };
    let mut nodes = vec![ground(setting, Ink::Bg)];
    let origin = [
        super::float(disc.x + disc.w / 2) / super::float(grid.canvas.w),
        super::float(disc.y + disc.h / 2) / super::float(grid.canvas.h),
    ];
    let rings =
        art::generator(random.fork("art"), GeneratorKind::Arcs, Ink::Fg, None, 0.16, 0.14, origin);
    nodes.push(art::drawn("art", layer::ART, grid.canvas, rings));
    let mut plate = Node::new("disc", Role::Panel, layer::PANEL, disc);
    plate.paint = Some(Paint::Solid(Ink::Panel));
    plate.radius = disc.w / 2;
    nodes.push(plate);
    nodes.push(hero(setting, disc));
    let wide = grid.class == Class::Wide;
    let stack = Stack {
        frame: column,
        align: if wide { Align::Start } else { Align::Center },
        anchor: if wide { VerticalAlign::Bottom } else { VerticalAlign::Center },
        spread: false,
        ground: Ink::Bg,
        largest: 92.0,
        lines: 3,
        number_leads: false,
        terse: false,
    };
    Plan { nodes, mark, words: Words::Stack(stack), legal: legal_line(grid, column) }
}

fn hero(setting: &Setting<'_>, disc: Frame) -> Node {
    let inset = disc.w * if setting.photo.is_some() { 10 } else { 24 } / 100;
    let mut hero = Node::new("hero", Role::Hero, layer::HERO, disc.inset([inset, inset]));
    match (setting.photo, setting.icon) {
        (Some(picture), _) => hero.asset = Some(picture.digest),
        (None, Some(name)) => {
            hero.icon = Some(Icon { name: name.to_owned(), color: Ink::OnPanel });
        }
        (None, None) => {}
    }
    hero
}
