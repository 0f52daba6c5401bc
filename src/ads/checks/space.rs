//! Hierarchy and space: what leads, how much is covered, how much is left free.

use std::collections::BTreeSet;

use super::{at_least, at_most, whole, words};
use crate::ads::scene::{Check, LayoutKind, Node, Role, Scene, Severity};

pub(super) fn check(scene: &Scene, checks: &mut Vec<Check>) {
    let size = |role: Role| {
        let node = scene.of_role(role)?;
        node.fit.as_ref().map(|fit| f64::from(fit.size))
    };
    let leader = size(Role::Number).or(size(Role::Headline));
    if let (Some(leader), Some(subline)) = (leader, size(Role::Subline)) {
        checks.push(at_least("hierarchy", leader / subline, 1.8, Severity::Warning));
    }
    let canvas = area(scene.format.frame().area());
    if let Some(share) = mark_share(scene, canvas) {
        let percent = share * 100.0;
        checks.push(at_least("logo.area_min", percent, SMALLEST_MARK, Severity::Warning));
        checks.push(at_most("logo.area_max", percent, LARGEST_MARK, Severity::Warning));
    }
    let text: f64 = words(scene).map(ink_area).sum::<f64>() / canvas;
    let most = match scene.layout {
        _ if scene.format.class().is_terse() => 0.5,
        LayoutKind::ScrimPhoto => 0.2,
        _ => 0.35,
    };
    checks.push(at_most("text_area", text, most, Severity::Warning));
    let covered: f64 = text + pictures(scene) / canvas;
    let least = if scene.format.class().is_terse() { 0.15 } else { 0.3 };
    checks.push(at_least("space.empty", (1.0 - covered).max(0.0), least, Severity::Warning));
    styles(scene, checks);
}

/// A mark's least share of the canvas in percent.
const SMALLEST_MARK: f64 = 1.5;

/// A mark's largest share of the canvas in percent.
const LARGEST_MARK: f64 = 8.0;

fn styles(scene: &Scene, checks: &mut Vec<Check>) {
    let styled = || words(scene).filter_map(|node| Some((node, node.style.as_ref()?)));
    let families: BTreeSet<&str> = styled().map(|(_, style)| style.family.as_str()).collect();
    checks.push(at_most("families", whole(families.len()), 2.0, Severity::Warning));
    // Sizes that differ by less than a tenth look alike.
    let mut sizes: Vec<f32> = styled()
        .filter(|(node, _)| node.role != Role::Legal)
        .filter_map(|(node, _)| node.fit.as_ref().map(|fit| fit.size))
        .collect();
    sizes.sort_by(f32::total_cmp);
    sizes.dedup_by(|two, one| *two < *one * 1.25);
    checks.push(at_most("sizes", whole(sizes.len()), 3.0, Severity::Warning));
}

fn mark_share(scene: &Scene, canvas: f64) -> Option<f64> {
    let marks = scene.nodes.iter().filter(|node| node.role == Role::Logo);
    let all = marks.map(|node| node.frame).reduce(crate::ads::scene::Frame::around)?;
    Some(area(all.area()) / canvas)
}

/// What pictures in their own boxes cover; a ground of the whole canvas is no object on it.
fn pictures(scene: &Scene) -> f64 {
    let canvas = scene.format.frame();
    let is_object = |node: &&Node| {
        matches!(node.role, Role::Photo | Role::Hero | Role::Logo) && !node.frame.contains(canvas)
    };
    scene.nodes.iter().filter(is_object).map(|node| area(node.frame.area())).sum()
}

fn ink_area(node: &Node) -> f64 {
    let [left, top, right, bottom] = node.fit.as_ref().map_or([0.0; 4], |fit| fit.ink);
    f64::from((right - left).max(0.0)) * f64::from((bottom - top).max(0.0))
}

#[expect(clippy::cast_precision_loss, reason = "areas stay far below 2^52")]
fn area(px: i64) -> f64 {
    px as f64
}
