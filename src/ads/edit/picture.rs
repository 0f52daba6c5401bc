//! Pictures that came with an edit.

use super::colors;
use super::material::Material;
use super::reading::Change;
use super::{Desk, EditError};
use crate::ads::scene::{LayoutKind, Role, Scene};

/// Shows the picture that came with the edit. One that the prompt does not speak of takes the
/// place of the ad's own, or stands beside the words.
pub(super) fn bring(
    changes: &[Change],
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let asked = changes.iter().rev().find_map(|change| match change {
        Change::Picture { background } => Some(*background),
        _ => None,
    });
    let Some(digest) = desk.pictures.first() else {
        return if asked.is_some() { Err(EditError::NoPicture) } else { Ok(()) };
    };
    if desk.pictures.len() > 1 {
        material.notes.push("only the first of the pictures is shown".to_owned());
    }
    if asked.is_none() {
        material.notes.push("the picture that came with the edit is shown in the ad".to_owned());
    }
    let background = asked.unwrap_or(false);
    let is_cut_out = desk.gallery.get(digest).is_some_and(|picture| picture.is_transparent());
    if is_cut_out && background {
        let note = "a picture with a transparent ground cannot fill the background; it is shown \
                    as the ad's subject";
        material.notes.push(note.to_owned());
    }
    material.photos = vec![*digest];
    material.new_picture = Some(*digest);
    let kind = match material.layout {
        _ if is_cut_out => LayoutKind::ProductHero,
        _ if background => LayoutKind::ScrimPhoto,
        kind @ (LayoutKind::ScrimPhoto | LayoutKind::SplitPhoto) => kind,
        _ => LayoutKind::SplitPhoto,
    };
    if kind != material.layout {
        material.rearrange(kind);
    }
    if kind == LayoutKind::ScrimPhoto {
        colors::darken(material, desk);
    }
    Ok(())
}

/// Whether the ad really shows the picture that came with the edit.
pub(super) fn is_shown(scene: &Scene, material: &Material) -> Result<(), EditError> {
    let is_picture = |role: Role| matches!(role, Role::Photo | Role::Hero);
    let shows =
        |digest| scene.nodes.iter().any(|node| is_picture(node.role) && node.asset == Some(digest));
    if material.new_picture.is_none_or(shows) {
        return Ok(());
    }
    Err(EditError::NoPlace(scene.format.w, scene.format.h))
}
