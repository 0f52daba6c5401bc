//! Whether everything stands where it may: in its box, in the safe area, apart, on the grid.

use super::{at_least, at_most, whole, words};
use crate::ads::format::Class;
use crate::ads::layout::float;
use crate::ads::scene::{Check, Frame, Node, Paint, Role, Scene, Severity};
use crate::ads::svg::plate_frame;

pub(super) fn check(scene: &Scene, checks: &mut Vec<Check>) {
    for node in words(scene) {
        lines(node, checks);
        let over = node.fit.as_ref().map_or(0.0, |fit| outside(fit.ink, node.text_frame()));
        checks.push(at_most(format!("fit.{}", node.id), over, FIT, Severity::Error));
    }
    let overlaps = whole(overlaps(scene));
    checks.push(at_most("overlap", overlaps, 0.0, Severity::Error));
    checks.push(at_most("safe_area", out_of_safe(scene), FIT, Severity::Error));
    checks.push(at_most("canvas", out_of_canvas(scene), FIT, Severity::Error));
    checks.push(at_most("grid.columns", whole(off_column(scene)), 0.0, Severity::Warning));
    if let Some(clear) = clear_space(scene) {
        checks.push(at_least("logo.clear", clear, CLEAR, Severity::Warning));
    }
}

/// How far ink may stand out, in px.
const FIT: f64 = 0.5;

/// A mark's least clear space as a share of its height.
const CLEAR: f64 = 0.5;

fn lines(node: &Node, checks: &mut Vec<Check>) {
    let (Some(fit), Some(style)) = (&node.fit, &node.style) else { return };
    let count = whole(fit.lines.len());
    let most = f64::from(style.lines);
    checks.push(at_most(format!("lines.{}", node.id), count, most, Severity::Error));
    let Some(last) = fit.lines.last().filter(|_| fit.lines.len() > 1) else { return };
    let letters = |line: &str| whole(line.trim().chars().count());
    if node.role == Role::Headline || node.role == Role::Subline {
        let lone = last.split_whitespace().count() == 1;
        let shortest = if lone { letters(last) } else { f64::INFINITY };
        if lone {
            checks.push(at_least(format!("orphan.{}", node.id), shortest, 5.0, Severity::Warning));
        }
    }
    if node.role == Role::Headline {
        let all = || fit.lines.iter().map(|line| letters(line));
        let balance = all().fold(f64::INFINITY, f64::min) / all().fold(1.0, f64::max);
        checks.push(at_least("balance.headline", balance, 0.55, Severity::Warning));
    }
}

/// How far ink reaches out of a frame, in px.
fn outside([left, top, right, bottom]: [f32; 4], frame: Frame) -> f64 {
    let over = [
        float(frame.x) - left,
        float(frame.y) - top,
        right - float(frame.right()),
        bottom - float(frame.bottom()),
    ];
    f64::from(over.into_iter().fold(0.0, f32::max))
}

/// What a node takes of the canvas: its ink, its button, its logo with the plate.
fn taken(node: &Node) -> Option<[f32; 4]> {
    let edges = |frame: Frame| [frame.x, frame.y, frame.right(), frame.bottom()].map(float);
    if let Some(plate) = plate_frame(node) {
        return Some(edges(plate));
    }
    match (&node.fit, &node.paint) {
        (_, Some(Paint::Solid(_) | Paint::Outline { .. })) => Some(edges(node.frame)),
        (Some(fit), _) => Some(fit.ink),
        (None, _) => node.asset.map(|_| edges(node.frame)),
    }
}

fn occupants(scene: &Scene) -> Vec<(&Node, [f32; 4])> {
    let is_part = |node: &&Node| node.role.is_text() || node.role == Role::Logo;
    scene.nodes.iter().filter(is_part).filter_map(|node| Some((node, taken(node)?))).collect()
}

fn overlaps(scene: &Scene) -> usize {
    let parts = occupants(scene);
    let mut pairs = 0;
    for (at, (one, a)) in parts.iter().enumerate() {
        for (two, b) in &parts[at + 1..] {
            // The name beside its tile is one mark with it.
            let one_mark = one.role == Role::Logo && two.role == Role::Logo;
            let meet = a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
            pairs += usize::from(meet && !one_mark);
        }
    }
    pairs
}

fn out_of_safe(scene: &Scene) -> f64 {
    let safe = scene.format.safe_frame();
    occupants(scene).into_iter().map(|(_, ink)| outside(ink, safe)).fold(0.0, f64::max)
}

fn out_of_canvas(scene: &Scene) -> f64 {
    let canvas = scene.format.frame();
    occupants(scene).into_iter().map(|(_, ink)| outside(ink, canvas)).fold(0.0, f64::max)
}

/// How many text boxes of a column have another left edge or width than its headline. Buttons
/// and badges are as wide as their labels; a strip has no column.
fn off_column(scene: &Scene) -> usize {
    if scene.format.class() == Class::Strip {
        return 0;
    }
    let of_column = |node: &&Node| {
        node.role.is_text() && !matches!(node.role, Role::Cta | Role::Badge | Role::Legal)
    };
    let boxes: Vec<Frame> = scene.nodes.iter().filter(of_column).map(|node| node.frame).collect();
    let first = boxes.first().copied().unwrap_or_default();
    boxes.iter().filter(|frame| (frame.x, frame.w) != (first.x, first.w)).count()
}

/// The free space around the mark as a share of its height.
fn clear_space(scene: &Scene) -> Option<f64> {
    let parts = occupants(scene);
    let marks = parts.iter().filter(|(node, _)| node.role == Role::Logo);
    let all = marks
        .map(|(_, ink)| *ink)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    let height = (all[3] - all[1]).max(1.0);
    let distance = |ink: &[f32; 4]| {
        let across = (ink[0] - all[2]).max(all[0] - ink[2]);
        let down = (ink[1] - all[3]).max(all[1] - ink[3]);
        across.max(down)
    };
    let nearest = parts
        .iter()
        .filter(|(node, _)| node.role != Role::Logo)
        .map(|(_, ink)| distance(ink))
        .fold(f32::INFINITY, f32::min);
    nearest.is_finite().then(|| f64::from(nearest / height))
}
