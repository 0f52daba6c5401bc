//! Whether what was asked for can be seen: an edit without an effect is a failure that says why.

use super::EditError;
use super::apply::called;
use super::reading::Change;
use crate::ads::scene::{Role, Scene};

/// Whether every change that may come to nothing has come to something.
pub(super) fn is_seen(before: &Scene, after: &Scene, changes: &[Change]) -> Result<(), EditError> {
    let is_same_place = before.layout == after.layout && before.format == after.format;
    for change in changes {
        match change {
            Change::Resize { role, larger } if *role != Role::Logo && is_same_place => {
                resized(before, after, *role, *larger)?;
            }
            Change::SetText { role, .. }
            | Change::SetPhrase { role, .. }
            | Change::Add { role }
                if role.is_text() && after.of_role(*role).is_none() =>
            {
                let part = called(*role);
                return unseen(format!(
                    "the {part} has no room; remove a part, or ask for another layout or format"
                ));
            }
            Change::OtherArt if !after.nodes.iter().any(|node| node.generator.is_some()) => {
                return unseen(
                    "this arrangement has no drawing; ask for another layout".to_owned(),
                );
            }
            _ => {}
        }
    }
    let is_same = is_same_place && before.palette == after.palette && before.nodes == after.nodes;
    if is_same {
        return unseen("the ad is like that already; nothing would change".to_owned());
    }
    Ok(())
}

/// A change of size that is smaller is not seen.
const SEEN: f32 = 1.03;

fn resized(before: &Scene, after: &Scene, role: Role, larger: bool) -> Result<(), EditError> {
    let size = |scene: &Scene| scene.of_role(role)?.fit.as_ref().map(|fit| fit.size);
    let (Some(old), Some(new)) = (size(before), size(after)) else { return Ok(()) };
    let is_seen = if larger { new >= old * SEEN } else { new * SEEN <= old };
    if is_seen {
        return Ok(());
    }
    let part = called(role);
    unseen(if larger {
        format!("the {part} has no room to become larger; remove a part or ask for another layout")
    } else {
        format!("the {part} is as small as it can be read")
    })
}

fn unseen(why: String) -> Result<(), EditError> {
    Err(EditError::Unseen(why))
}
