//! Changes made to a scene.

use std::sync::Arc;

use super::material::Material;
use super::reading::Change;
use super::{colors, effect, mark, picture, wording};
use crate::ads::brief::Look;
use crate::ads::compose::{ComposeError, Composition, compose};
use crate::ads::fonts::{FontShelf, nearest};
use crate::ads::format::{Asked, FormatError};
use crate::ads::kit::BrandKit;
use crate::ads::layout::{Needs, rank};
use crate::ads::pictures::Gallery;
use crate::ads::scene::{Align, LayoutKind, Money, Role, Scene};
use crate::ads::text::Typesetter;
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Direction;

/// What an edit is made with.
pub struct Desk<'a> {
    /// The brand of the scene, as it is now.
    pub kit: &'a BrandKit,
    /// The pictures that the scene names, the brand's mark, and those of `pictures`.
    pub gallery: &'a Gallery,
    /// The pictures that came with the edit, the best first.
    pub pictures: &'a [ContentDigest],
    /// The canvas that was asked for beside the prompt.
    pub canvas: Asked,
    /// The fonts that the typesetter was made with.
    pub shelf: &'a Arc<FontShelf>,
    /// Writes a price in the scene's language.
    pub write_price: &'a dyn Fn(&Money) -> Option<String>,
}

/// A scene after its edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// The new ad.
    pub composition: Composition,
    /// What a person should know of how the changes were made.
    pub notes: Vec<String>,
}

/// Why a change cannot be made. Each message says what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The scene has nothing of this role.
    #[error("the ad has no {0}")]
    NoSuchPart(&'static str),
    /// There are no other words.
    #[error("there are no {wanted} words for the {part}; give them in quotation marks")]
    NoOtherWords {
        /// `other`, `shorter`, `longer`.
        wanted: &'static str,
        /// Whose.
        part: &'static str,
    },
    /// Every part that could take more words has some.
    #[error("the ad has no free place for more words; say which part they are to replace")]
    NoFreePlace,
    /// The words that are to be replaced stand nowhere.
    #[error("the words `{0}` do not stand in the ad")]
    NoSuchWords(String),
    /// The catalog has no such phrase in the ad's language.
    #[error("the catalog has no phrase `{0}` in this language")]
    NoPhrase(String),
    /// The brand or the request has nothing to put there.
    #[error("there is nothing to put in as {0}; give the words in quotation marks")]
    NothingToAdd(&'static str),
    /// The colour could not be read there.
    #[error("{color} on {ground} has a contrast of {ratio:.2}; words need 4.5")]
    Illegible {
        /// The colour.
        color: String,
        /// What it would stand upon.
        ground: String,
        /// Their contrast.
        ratio: f64,
    },
    /// The arrangement needs what the ad does not have.
    #[error("that arrangement needs {0}, which the ad does not have")]
    Needs(&'static str),
    /// The prompt speaks of a picture, and none came with it.
    #[error("no picture came with the edit; attach one in `reference_images`")]
    NoPicture,
    /// The picture cannot be shown on this canvas.
    #[error("the picture has no room on a canvas of {0} x {1} px; ask for a larger one")]
    NoPlace(u32, u32),
    /// A mark cannot have that size.
    #[error("the logo cannot become {wish}: {limit}")]
    Mark {
        /// `larger` or `smaller`.
        wish: &'static str,
        /// What limits it.
        limit: String,
    },
    /// Nothing that can be seen would come of it.
    #[error("{0}")]
    Unseen(String),
    /// More changes than one edit may have.
    #[error("{0} changes in one edit; at most 24 can be made")]
    TooMany(usize),
    /// No such canvas.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The price cannot be written.
    #[error("the price {0} cannot be written in this language")]
    Price(String),
    /// What was asked for gives no ad.
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

/// The most changes that one edit may have: a prompt of 5,000 characters hardly names more.
const MAX_CHANGES: usize = 24;

/// Makes the changes in their order and composes the scene again.
pub fn apply(
    scene: &Scene,
    changes: &[Change],
    desk: &Desk<'_>,
    typesetter: &mut Typesetter,
) -> Result<Edited, EditError> {
    let mut material = Material::of(scene, desk);
    if changes.len() > MAX_CHANGES {
        return Err(EditError::TooMany(changes.len()));
    }
    for change in changes {
        make(change, &mut material, desk)?;
    }
    picture::bring(changes, &mut material, desk)?;
    canvas(scene, changes, &mut material, desk)?;
    let mut composition = compose(&material.commission(desk), &material.format, typesetter)?;
    if let Some(larger) = mark::asked(changes) {
        composition =
            mark::resized((scene, larger), &composition, &mut material, desk, typesetter)?;
    }
    let drawn = &mut composition.scene;
    drawn.variant = scene.variant;
    drawn.looks = material.looks();
    picture::is_shown(drawn, &material)?;
    effect::is_seen(scene, drawn, changes)?;
    if drawn.layout != material.layout {
        material.notes.push("the words do not fit that arrangement; another was taken".to_owned());
    }
    Ok(Edited { composition, notes: material.notes })
}

/// Takes the canvas that was asked for; the request's own word counts more than the prompt's.
fn canvas(
    scene: &Scene,
    changes: &[Change],
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let named = changes.iter().rev().find_map(|change| match change {
        Change::Format { name } => Some(name.as_str()),
        _ => None,
    });
    let format = desk.canvas.of_edit(named, &scene.format, &mut material.notes)?;
    if format != material.format {
        material.format = format;
        material.forget_sizes();
    }
    Ok(())
}

fn make(change: &Change, material: &mut Material, desk: &Desk<'_>) -> Result<(), EditError> {
    match change {
        Change::SetText { .. }
        | Change::AddText { .. }
        | Change::ReplaceText { .. }
        | Change::LessText
        | Change::SetPhrase { .. }
        | Change::OtherText { .. }
        | Change::Shorter { .. }
        | Change::Longer { .. }
        | Change::AddTagline
        | Change::RemoveTagline
        | Change::Price { .. }
        | Change::Percent { .. } => wording::change(change, material, desk),
        Change::Remove { role } => remove(*role, material),
        Change::Add { role } => wording::add(*role, material, desk),
        Change::Recolor { .. }
        | Change::SetColor { .. }
        | Change::Shade { .. }
        | Change::SwapColors
        | Change::OtherColors
        | Change::BrandColors => colors::change(change, material, desk),
        Change::OtherLayout | Change::Layout { .. } => arrange(change, material, desk),
        Change::OtherArt => {
            material.settled.no_art = false;
            // Words, colours and typefaces are settled; only the drawing hangs on the seed.
            material.seed = material.seed.wrapping_add(1);
            Ok(())
        }
        Change::Look { look, more } => {
            restyle(*look, *more, material, desk);
            Ok(())
        }
        // The picture and the canvas are taken when all else is known.
        Change::Picture { .. } | Change::Format { .. } => Ok(()),
        _ => look(change, material),
    }
}

/// What a role is called in a message.
pub(super) const fn called(role: Role) -> &'static str {
    match role {
        Role::Headline => "headline",
        Role::Subline => "subline",
        Role::Eyebrow => "line above the headline",
        Role::Cta => "button",
        Role::Number => "number",
        Role::Price => "price",
        Role::Badge => "badge",
        Role::Legal => "legal line",
        Role::Logo => "logo",
        Role::Photo | Role::Hero => "picture",
        _ => "such part",
    }
}

fn remove(role: Role, material: &mut Material) -> Result<(), EditError> {
    match role {
        Role::Logo => material.brief.no_logo = true,
        Role::Decoration => material.settled.no_art = true,
        Role::Photo | Role::Hero => {
            if material.photos.is_empty() && material.icons.is_empty() {
                return Err(EditError::NoSuchPart(called(role)));
            }
            material.photos.clear();
            material.icons.clear();
            material.rearrange(LayoutKind::Statement);
        }
        _ if material.has(role) => material.clear(role),
        _ => return Err(EditError::NoSuchPart(called(role))),
    }
    Ok(())
}

fn look(change: &Change, material: &mut Material) -> Result<(), EditError> {
    match change {
        // Its size is tried when all else is known.
        Change::Resize { role: Role::Logo, .. } => {}
        Change::Resize { role, larger } => {
            let factor = if *larger { 1.25 } else { 0.8 };
            let size = material.size(*role).ok_or(EditError::NoSuchPart(called(*role)))?;
            material.look(*role).largest = Some(size * factor);
        }
        Change::Capitals { role, on } => material.existing(*role)?.caps = Some(*on),
        Change::Weight { role, heavier } => {
            let look = material.existing(*role)?;
            let weight = look.weight.unwrap_or(500);
            look.weight =
                Some(if *heavier { (weight + 200).min(900) } else { weight.max(400) - 200 });
        }
        Change::Align { role, align } => {
            let align = match (material.dir, align) {
                // “Left” is where reading ends.
                (Direction::Rtl, Align::Start) => Align::End,
                (Direction::Rtl, Align::End) => Align::Start,
                (_, align) => *align,
            };
            if let Some(role) = role {
                material.existing(*role)?.align = Some(align);
            } else {
                material.settled.looks.values_mut().for_each(|look| look.align = None);
                material.settled.align = Some(align);
            }
        }
        Change::Font { family } => {
            let near = match family.as_str() {
                "serif" => "Fraunces",
                "sans-serif" => "Inter",
                family => nearest(family, None),
            };
            let is_class = matches!(family.as_str(), "serif" | "sans-serif");
            if !is_class && !near.eq_ignore_ascii_case(family) {
                material.notes.push(format!("font_substituted:{family}→{near}"));
            }
            for role in [Role::Headline, Role::Number] {
                material.look(role).family = Some(near.to_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

fn restyle(look: Look, more: bool, material: &mut Material, desk: &Desk<'_>) {
    let loud = matches!(look, Look::Bold | Look::Playful) == more;
    material.brief.look = more.then_some(look);
    material.settled.no_art = more && look == Look::Minimal;
    let headline = material.look(Role::Headline);
    let weight = headline.weight.unwrap_or(700);
    headline.weight = Some(if loud { weight.max(800) } else { weight.min(600) });
    colors::retune(material, desk, loud);
}

fn arrange(change: &Change, material: &mut Material, desk: &Desk<'_>) -> Result<(), EditError> {
    let first = material.photos.iter().find_map(|digest| desk.gallery.get(digest));
    let cut_out = first.is_some_and(|picture| picture.is_transparent());
    let needs = Needs {
        photo: first.is_some() && !cut_out,
        cut_out,
        icon: !material.icons.is_empty(),
        number: material.copy.number.is_some(),
        eyebrow: !material.copy.eyebrow.is_empty(),
    };
    let possible = rank(needs, material.seed, &desk.kit.identity(), material.brief.intent.name());
    let kind = match change {
        Change::Layout { kind } if possible.contains(kind) => *kind,
        Change::Layout { kind: LayoutKind::OfferBurst } => {
            return Err(EditError::Needs("a number"));
        }
        Change::Layout { .. } => return Err(EditError::Needs("a picture")),
        _ => {
            let at = possible.iter().position(|kind| *kind == material.layout);
            let next = at.map_or(0, |at| (at + 1) % possible.len().max(1));
            possible.get(next).copied().unwrap_or(LayoutKind::Statement)
        }
    };
    material.rearrange(kind);
    Ok(())
}
