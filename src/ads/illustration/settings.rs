//! The settings that a subject may stand in.

use super::stage::{Look, Stage, icon, plate};
use crate::ads::random::Random;
use crate::ads::scene::{Frame, GeneratorKind, Ink, Node, Role};

/// A setting's name with its nodes: one of those that suit the number of icons and the canvas.
pub(super) fn drawn(
    stage: &Stage<'_>,
    icons: &[&'static str],
    random: &mut Random,
) -> (&'static str, Vec<Node>) {
    let is_long = stage.w.max(stage.h) > stage.short() * 5 / 2;
    let is_wide = stage.w.max(stage.h) > stage.short() * 3 / 2;
    match icons {
        [] => ("abstract", abstract_art(stage, random)),
        [first, rest @ ..] => {
            let place = random.below(if is_long { 2 } else { 5 });
            match (place, rest) {
                // Three in a row are small on a square.
                (1, [_]) => ("row", row(stage, icons, random)),
                (1, [_, ..]) if is_wide => ("row", row(stage, icons, random)),
                (2, _) => ("print", print(stage, first, rest, random)),
                (3, _) => ("weave", weave(stage, first, rest, random)),
                (4, _) => ("horizon", horizon(stage, first, rest, random)),
                _ => ("medallion", medallion(stage, first, rest, random)),
            }
        }
    }
}

/// Art alone, where the words name nothing that can be drawn.
fn abstract_art(stage: &Stage<'_>, random: &mut Random) -> Vec<Node> {
    let origin = [random.between(0.6, 0.95), random.between(0.55, 0.95)];
    let look = |opacity, step| Look {
        color: Ink::Accent,
        second: Some(Ink::Panel),
        opacity,
        step,
        origin,
    };
    let art = match random.below(4) {
        0 => stage.art(random, GeneratorKind::BauhausTiles, look(1.0, 0.25)),
        1 => stage.art(random, GeneratorKind::Blobs, look(1.0, 0.22)),
        2 => stage.art(random, GeneratorKind::Mesh, Look { second: None, ..look(0.75, 0.2) }),
        _ => stage.art(random, GeneratorKind::Waves, look(1.0, 0.2)),
    };
    vec![stage.ground(Ink::Bg), art]
}

/// One large disc or rounded square with the subject and its long shadow; others in small discs at
/// its edge.
fn medallion(
    stage: &Stage<'_>,
    first: &str,
    rest: &[&'static str],
    random: &mut Random,
) -> Vec<Node> {
    let (fill, figure) = stage.plate_inks(random);
    let kinds = [
        GeneratorKind::Arcs,
        GeneratorKind::DotGrid,
        GeneratorKind::Contours,
        GeneratorKind::Stripes,
    ];
    let kind = random.pick(&kinds).copied().unwrap_or(GeneratorKind::Arcs);
    let corner = if random.chance(0.5) { [1.0, 0.0] } else { [1.0, 1.0] };
    // Rings are rings of the plate itself; the rest comes in from a corner.
    let (origin, step) =
        if kind == GeneratorKind::Arcs { ([0.5, 0.5], 0.095) } else { (corner, 0.11) };
    let opacity = if kind == GeneratorKind::Stripes { 0.1 } else { 0.3 };
    let look = Look { color: Ink::Fg, second: None, opacity, step, origin };
    let side = stage.part(if rest.is_empty() { 600 } else { 560 });
    let is_disc = kind == GeneratorKind::Arcs || random.chance(0.5);
    let radius = if is_disc { side / 2 } else { side * 22 / 100 };
    let frame = stage.square(500, 500, side);
    let mut subject = icon("hero", 3, frame, if is_disc { 560 } else { 640 }, first, figure);
    subject.shadow = side * 30 / 100;
    let mut nodes = vec![
        stage.ground(Ink::Bg),
        stage.art(random, kind, look),
        plate("plate", 2, frame, radius, fill),
        subject,
    ];
    let small = side * 36 / 100;
    // On the disc's rim, or the square's corners: to the lower right, then the upper left.
    let out = if is_disc { 354 } else { 430 };
    let places = [(1, 1), (-1, -1)];
    for ((nth, name), (x, y)) in (1..).zip(rest).zip(places) {
        let middle = (stage.w / 2 + x * side * out / 1000, stage.h / 2 + y * side * out / 1000);
        let at = Frame::new(middle.0 - small / 2, middle.1 - small / 2, small, small);
        let rim = small * 8 / 100;
        // A rim in the ground's colour cuts the small disc free of the large one.
        let around = Frame::new(at.x - rim, at.y - rim, small + 2 * rim, small + 2 * rim);
        nodes.push(plate(&format!("rim-{nth}"), 4, around, around.w / 2, Ink::Bg));
        nodes.push(plate(&format!("plate-{nth}"), 5, at, small / 2, Ink::Fg));
        nodes.push(icon(&format!("hero-{nth}"), 6, at, 580, name, Ink::Bg));
    }
    nodes
}

/// Up to three equal plates side by side, or one above the other, each in its own colour.
fn row(stage: &Stage<'_>, icons: &[&'static str], random: &mut Random) -> Vec<Node> {
    let count = i32::try_from(icons.len()).unwrap_or(1).max(1);
    let is_tall = stage.h > stage.w;
    let (long, across) = if is_tall { (stage.h, stage.w) } else { (stage.w, stage.h) };
    // The plates with gaps of a sixth, the row at most seven eighths of the canvas.
    let side = (across * 62 / 100).min(long * 875 / 1000 * 6 / (7 * count - 1)).max(1);
    let gap = side / 6;
    let start = (long - (count * side + (count - 1) * gap)) / 2;
    let is_disc = random.chance(0.4);
    let radius = if is_disc { side / 2 } else { side * 22 / 100 };
    let look = Look {
        color: Ink::Fg,
        second: None,
        opacity: 0.26,
        step: 0.11,
        origin: [1.0, if random.chance(0.5) { 0.0 } else { 1.0 }],
    };
    let kinds = [GeneratorKind::DotGrid, GeneratorKind::Contours];
    let kind = random.pick(&kinds).copied().unwrap_or(GeneratorKind::DotGrid);
    let mut nodes = vec![stage.ground(Ink::Bg), stage.art(random, kind, look)];
    let inks = [(Ink::Accent, Ink::OnAccent), (Ink::Fg, Ink::Bg), (Ink::Panel, Ink::OnPanel)];
    let turn = random.below(2);
    for (nth, name) in (0_i32..).zip(icons) {
        let along = start + nth * (side + gap);
        let off = (across - side) / 2;
        let frame = if is_tall {
            Frame::new(off, along, side, side)
        } else {
            Frame::new(along, off, side, side)
        };
        let place = usize::try_from(nth).unwrap_or_default() + turn;
        // A panel may be too quiet for a plate: it comes last.
        let (fill, figure) = inks[if place < 2 { place } else { (place + 1) % 3 }];
        nodes.push(plate(&format!("plate-{nth}"), 2, frame, radius, fill));
        let mut subject = icon(&format!("hero-{nth}"), 3, frame, 580, name, figure);
        subject.shadow = side * 28 / 100;
        nodes.push(subject);
    }
    nodes
}

/// A poster in two colours that do not quite meet: the subject very large over a coarse screen.
fn print(stage: &Stage<'_>, first: &str, rest: &[&'static str], random: &mut Random) -> Vec<Node> {
    let side = stage.part(820);
    let frame = stage.square(500, 500, side);
    let look = Look {
        color: Ink::Accent,
        second: None,
        opacity: 0.28,
        step: 0.075,
        origin: [if random.chance(0.5) { 0.0 } else { 1.0 }, 1.0],
    };
    let shift = side * 20 / 1000;
    let mut echo = icon("echo", 2, frame, 1000, first, Ink::Accent);
    echo.role = Role::Decoration;
    echo.opacity = Some(0.45);
    echo.frame.x += shift;
    echo.frame.y += shift;
    let mut subject = icon("hero", 3, frame, 1000, first, Ink::Fg);
    subject.frame.x -= shift;
    subject.frame.y -= shift;
    let mut nodes = vec![
        stage.ground(Ink::Bg),
        stage.art(random, GeneratorKind::Halftone, look),
        echo,
        subject,
    ];
    nodes.extend(stickers(stage, rest));
    nodes
}

/// Further icons as small discs in the canvas's corners.
fn stickers(stage: &Stage<'_>, rest: &[&'static str]) -> Vec<Node> {
    let side = stage.part(210);
    let inset = stage.part(50) + side / 2;
    let corners = [(stage.w - inset, stage.h - inset), (inset, inset)];
    let mut nodes = Vec::new();
    for ((nth, name), (x, y)) in (1..).zip(rest).zip(corners) {
        let at = Frame::new(x - side / 2, y - side / 2, side, side);
        nodes.push(plate(&format!("plate-{nth}"), 4, at, side / 2, Ink::Accent));
        nodes.push(icon(&format!("hero-{nth}"), 5, at, 580, name, Ink::OnAccent));
    }
    nodes
}

/// A weave of tiles with a clear field in its middle for the subject.
fn weave(stage: &Stage<'_>, first: &str, rest: &[&'static str], random: &mut Random) -> Vec<Node> {
    // Six tiles along the shorter side; the field covers four by four of them.
    let tile = (stage.short() / 6).max(1);
    let look = Look {
        color: Ink::Panel,
        second: Some(Ink::Accent),
        opacity: 1.0,
        step: 1.0 / 6.0,
        origin: [0.5, 0.5],
    };
    let place = |side: i32| (side / 2 - 2 * tile + tile / 2) / tile * tile;
    let field = Frame::new(place(stage.w), place(stage.h), tile * 4, tile * 4);
    let mut subject = icon("hero", 3, field, 680, first, Ink::Fg);
    subject.shadow = tile * 2 / 3;
    let mut nodes = vec![
        stage.ground(Ink::Bg),
        stage.art(random, GeneratorKind::BauhausTiles, look),
        plate("plate", 2, field, 0, Ink::Bg),
        subject,
    ];
    // Others fill a tile's place at the field's corners.
    let corners = [(field.right(), field.bottom()), (field.x, field.y)];
    for ((nth, name), (x, y)) in (1..).zip(rest).zip(corners) {
        let side = tile * 3 / 2;
        let at = Frame::new(x - side / 2, y - side / 2, side, side);
        let around = at.inset([-tile / 9, -tile / 9]);
        nodes.push(plate(&format!("rim-{nth}"), 4, around, around.w / 2, Ink::Bg));
        nodes.push(plate(&format!("plate-{nth}"), 5, at, side / 2, Ink::Accent));
        nodes.push(icon(&format!("hero-{nth}"), 6, at, 560, name, Ink::OnAccent));
    }
    nodes
}

/// A sun over rolling hills, the subject before it.
fn horizon(
    stage: &Stage<'_>,
    first: &str,
    rest: &[&'static str],
    random: &mut Random,
) -> Vec<Node> {
    let side = stage.part(640);
    let sun = stage.square(500, 470, side);
    let look = Look {
        color: Ink::Panel,
        second: Some(Ink::Fg),
        opacity: 0.9,
        step: 0.12,
        origin: [0.5, 0.76],
    };
    let mut art = stage.art(random, GeneratorKind::Waves, look);
    // The hills rise before the sun's foot, and the subject stands before both.
    art.z = 2;
    let mut subject = icon("hero", 3, sun, 560, first, Ink::OnAccent);
    subject.frame.y -= side * 4 / 100;
    subject.shadow = side * 24 / 100;
    let mut nodes =
        vec![stage.ground(Ink::Bg), plate("sun", 1, sun, side / 2, Ink::Accent), art, subject];
    let small = stage.part(150);
    let places = [(stage.w / 2 + side * 60 / 100, 210), (stage.w / 2 - side * 60 / 100, 270)];
    for ((nth, name), (x, y)) in (1..).zip(rest).zip(places) {
        let x = x.clamp(small, (stage.w - small).max(small));
        let at = Frame::new(x - small / 2, stage.h * y / 1000 - small / 2, small, small);
        nodes.push(icon(&format!("hero-{nth}"), 4, at, 1000, name, Ink::Fg));
    }
    nodes
}
