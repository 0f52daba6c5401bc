//! A larger or a smaller mark: as far as its place, its clear space and the words beside it allow.

use super::material::Material;
use super::reading::Change;
use super::{Desk, EditError};
use crate::ads::compose::{Composition, compose};
use crate::ads::scene::{Frame, Role, Scene};
use crate::ads::text::Typesetter;

/// Whether a larger mark is asked for, or a smaller one.
pub(super) fn asked(changes: &[Change]) -> Option<bool> {
    changes.iter().rev().find_map(|change| match change {
        Change::Resize { role: Role::Logo, larger } => Some(*larger),
        _ => None,
    })
}

/// The ad with another size of its mark: the first step that leaves all else as `composition`
/// has it.
pub(super) fn resized(
    (source, larger): (&Scene, bool),
    composition: &Composition,
    material: &mut Material,
    desk: &Desk<'_>,
    typesetter: &mut Typesetter,
) -> Result<Composition, EditError> {
    if source.of_role(Role::Logo).is_none() {
        return Err(EditError::NoSuchPart("logo"));
    }
    let steps = if larger { [1.3, 1.2, 1.12] } else { [0.75, 0.82, 0.9] };
    let before = material.settled.mark;
    let mut limit = "";
    for step in steps {
        material.settled.mark = before * step;
        let made = compose(&material.commission(desk), &material.format, typesetter);
        let Ok(made) = made else {
            limit = NO_ROOM;
            continue;
        };
        match hindrance(&composition.scene, &made.scene, larger) {
            None => return Ok(made),
            Some(why) => limit = why,
        }
    }
    material.settled.mark = before;
    let wish = if larger { "larger" } else { "smaller" };
    Err(EditError::Mark { wish, limit: limit.to_owned() })
}

const NO_ROOM: &str = "the words beside it need the room";

/// What speaks against the ad `after` its mark has grown or shrunk.
fn hindrance(before: &Scene, after: &Scene, larger: bool) -> Option<&'static str> {
    /// A change that is smaller than this is not seen.
    const SEEN: i64 = 6;
    let parts = |scene: &Scene| -> Vec<String> {
        scene.nodes.iter().filter(|node| node.text.is_some()).map(|node| node.id.clone()).collect()
    };
    if parts(before) != parts(after) || before.layout != after.layout {
        return Some(NO_ROOM);
    }
    let (old, new) = (area(before), area(after));
    let has_changed =
        if larger { new * 100 > old * (100 + SEEN) } else { new * 100 < old * (100 - SEEN) };
    if !has_changed {
        return Some("its place in this arrangement allows no other size");
    }
    let fails =
        |scene: &Scene, id: &str| scene.checks.iter().any(|check| check.id == id && !check.pass);
    let newly = |id: &str| fails(after, id) && !fails(before, id);
    if newly("logo.clear") {
        return Some("the words beside it would come nearer than half its height");
    }
    if newly("logo.area_max") {
        return Some("it would cover more than 8 % of the canvas");
    }
    newly("logo.area_min").then_some("it would cover less than 1.5 % of the canvas")
}

/// What mark and name cover, in px².
fn area(scene: &Scene) -> i64 {
    let marks = scene.nodes.iter().filter(|node| node.role == Role::Logo);
    marks.map(|node| node.frame).reduce(Frame::around).map_or(0, Frame::area)
}
