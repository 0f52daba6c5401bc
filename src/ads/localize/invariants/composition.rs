//! K1 to K3: the same things in the same places in the same colours.

use super::none_of;
use crate::ads::scene::{Align, Check, Composition, Generator, Node, Paint, Scene};

/// K1: the canvas, and the ids, roles and order of the nodes. Counts what differs.
pub(super) fn same_structure(source: &Scene, target: &Scene) -> Check {
    let order = |scene: &Scene| -> Vec<_> {
        scene.back_to_front().iter().map(|node| (node.id.clone(), node.role, node.z)).collect()
    };
    let (before, after) = (order(source), order(target));
    let moved = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    let canvas =
        usize::from((source.format.w, source.format.h) != (target.format.w, target.format.h));
    none_of("K1", moved + before.len().abs_diff(after.len()) + canvas)
}

/// K2: every box, its corners and its turn, the point of view of its picture, and the room of its
/// words; in a mirrored ad, their mirror images. Counts the nodes that differ.
pub(super) fn same_boxes(source: &Scene, target: &Scene) -> Check {
    let width = i32::try_from(source.format.w).unwrap_or(i32::MAX);
    let is_mirrored = target.composition == Composition::Mirrored;
    let moved = pairs(source, target).filter(|(before, after)| {
        let (frame, rotate) = if is_mirrored {
            (before.frame.mirrored(width), -before.rotate)
        } else {
            (before.frame, before.rotate)
        };
        let placed = (frame, rotate, before.pad[1], before.radius, before.focus, before.clear);
        placed != (after.frame, after.rotate, after.pad[1], after.radius, after.focus, after.clear)
            || !is_padded_alike(before, after)
            || room_of_words(before) != room_of_words(after)
    });
    none_of("K2", moved.count())
}

/// K3: the palette, every fill, what draws each decoration and from which seed, and the digests of
/// pictures. Counts the nodes that differ, and the palette as one.
pub(super) fn same_colors(source: &Scene, target: &Scene) -> Check {
    let is_mirrored = target.composition == Composition::Mirrored;
    let changed = pairs(source, target).filter(|(before, after)| {
        let (paint, generator) = if is_mirrored {
            let generator = before.generator.as_ref().map(Generator::in_mirror);
            (before.paint.as_ref().map(Paint::in_mirror), generator)
        } else {
            (before.paint.clone(), before.generator.clone())
        };
        let filled =
            (&paint, &generator, &before.asset, &before.icon, before.plate, before.opacity);
        let now =
            (&after.paint, &after.generator, &after.asset, &after.icon, after.plate, after.opacity);
        let fill = |node: &Node| node.style.as_ref().map(|style| style.fill);
        filled != now || fill(before) != fill(after)
    });
    none_of("K3", changed.count() + usize::from(source.palette != target.palette))
}

/// Nodes of the same id; those without a partner are K1's.
fn pairs<'a>(source: &'a Scene, target: &'a Scene) -> impl Iterator<Item = (&'a Node, &'a Node)> {
    source.nodes.iter().filter_map(|node| Some((node, target.node(&node.id)?)))
}

/// Whether words keep their distance from the sides of their box. Those in its middle may come
/// nearer, because the box is what is seen.
fn is_padded_alike(before: &Node, after: &Node) -> bool {
    let [was, is] = [before.pad[0], after.pad[0]];
    let is_centered = after.style.as_ref().is_some_and(|style| style.align == Align::Center);
    was == is || (is_centered && (0..was).contains(&is))
}

/// What a style says about room: sizes, lines, and where they hang.
fn room_of_words(node: &Node) -> Option<impl PartialEq + use<>> {
    let style = node.style.as_ref()?;
    Some((style.family.clone(), style.weight, style.size, style.lh, style.lines, style.valign))
}
