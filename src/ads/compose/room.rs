//! Whose words have no room on a canvas, and about how many would have.
//!
//! What somebody wrote is shown or refused, never left out in silence: `kept` says how much of the
//! copy a canvas with room for all of it may drop, `too_long` names the first of the words that
//! does not fit beside those before it. Never: a picture is rendered here.

use super::draft::Draft;
use super::pieces::{Rung, Trim};
use super::{Commission, ComposeError, MOST_RUNGS};
use crate::ads::copy::AdCopy;
use crate::ads::scene::{Format, LayoutKind, Role, Scene, Text};
use crate::ads::text::Typesetter;

/// The parts in the order in which they count.
const PARTS: [Role; 6] =
    [Role::Headline, Role::Cta, Role::Price, Role::Subline, Role::Eyebrow, Role::Badge];

/// How much of the copy may be dropped so that the rest fits: nothing that somebody wrote. A
/// banner shows one line and its button, whatever was written.
pub(super) fn kept(copy: &AdCopy, format: &Format) -> Trim {
    let given = |role: Role| first(copy, role).is_some_and(is_given);
    match () {
        () if format.class().is_terse() => Trim::Alone,
        () if given(Role::Eyebrow) || given(Role::Badge) && copy.eyebrow.is_empty() => Trim::Whole,
        () if given(Role::Subline) && copy.number.is_none() => Trim::NoEyebrow,
        () if copy.price.is_some() || given(Role::Headline) && copy.number.is_some() => {
            Trim::NoSubline
        }
        () if given(Role::Cta) => Trim::Bare,
        () => Trim::Alone,
    }
}

/// Words of the prompt or the caller, or what was written for them: no phrase of the catalog.
fn is_given(text: &Text) -> bool {
    matches!(text.source.as_str(), "prompt" | "user")
}

/// What somebody wrote and the ad does not show, as warnings: `subline_left_out`.
pub(super) fn left_out(copy: &AdCopy, scene: &Scene) -> Vec<String> {
    let shown = |role: Role| scene.nodes.iter().any(|node| node.role == role);
    let is_lost = |role: &Role| first(copy, *role).is_some_and(is_given) && !shown(*role);
    let name = |role: Role| format!("{}_left_out", super::pieces::id(role));
    PARTS.into_iter().filter(is_lost).map(name).collect()
}

/// The first part that does not fit beside those before it, where any words fit at all.
pub(super) fn too_long(
    commission: &Commission<'_>,
    format: &Format,
    ranked: &[LayoutKind],
    typesetter: &mut Typesetter,
) -> Option<ComposeError> {
    /// Fewer characters are no message.
    const LEAST: usize = 4;
    let mut fits = |copy: &AdCopy| fits(commission, copy, format, ranked, typesetter);
    let copy = commission.copy;
    let mut so_far = AdCopy { number: copy.number.clone(), ..AdCopy::default() };
    for role in PARTS {
        let Some(text) = first(copy, role) else { continue };
        let mut with = so_far.clone();
        take(&mut with, copy, role);
        if fits(&with) {
            so_far = with;
            continue;
        }
        let shortest = shortest(copy, role).unwrap_or(text);
        let room = room(&so_far, copy, (role, shortest), &mut fits);
        let is_full = role == Role::Headline && room < LEAST && copy.number.is_none();
        if is_full || format.class().is_terse() && !is_given(text) {
            return None;
        }
        let (chars, field) = (shortest.v.chars().count(), super::pieces::id(role));
        return Some(ComposeError::CopyTooLong { field, chars, room });
    }
    None
}

/// About how many characters of `text` fit: the longest of its beginnings that does.
fn room(
    so_far: &AdCopy,
    copy: &AdCopy,
    (role, text): (Role, &Text),
    fits: &mut impl FnMut(&AdCopy) -> bool,
) -> usize {
    let ends: Vec<usize> = text.v.char_indices().map(|(at, _)| at).collect();
    let (mut low, mut high) = (0, ends.len());
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        let mut with = so_far.clone();
        take(&mut with, copy, role);
        shorten(&mut with, role, text.v[..ends[middle]].trim_end());
        if fits(&with) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Whether these words have room in one of the arrangements.
fn fits(
    commission: &Commission<'_>,
    copy: &AdCopy,
    format: &Format,
    ranked: &[LayoutKind],
    typesetter: &mut Typesetter,
) -> bool {
    let words = copy.headline.len().clamp(1, MOST_RUNGS);
    ranked.iter().any(|kind| {
        (0..words).any(|words| {
            let rung = Rung { words, trim: Trim::Whole };
            Draft::new(commission, format, *kind, rung).with_copy(copy).has_room(typesetter)
        })
    })
}

fn first(copy: &AdCopy, role: Role) -> Option<&Text> {
    match role {
        Role::Price => copy.price.as_ref().map(|price| &price.text),
        Role::Badge => copy.badge.as_ref(),
        _ => ladder(copy, role)?.first(),
    }
}

fn shortest(copy: &AdCopy, role: Role) -> Option<&Text> {
    ladder(copy, role)?.iter().min_by_key(|text| text.v.chars().count())
}

fn ladder(copy: &AdCopy, role: Role) -> Option<&Vec<Text>> {
    Some(match role {
        Role::Headline => &copy.headline,
        Role::Subline => &copy.subline,
        Role::Cta => &copy.cta,
        Role::Eyebrow => &copy.eyebrow,
        _ => return None,
    })
}

fn take(with: &mut AdCopy, copy: &AdCopy, role: Role) {
    match role {
        Role::Headline => with.headline.clone_from(&copy.headline),
        Role::Subline => with.subline.clone_from(&copy.subline),
        Role::Cta => with.cta.clone_from(&copy.cta),
        Role::Eyebrow => with.eyebrow.clone_from(&copy.eyebrow),
        Role::Price => with.price.clone_from(&copy.price),
        _ => with.badge.clone_from(&copy.badge),
    }
}

fn shorten(with: &mut AdCopy, role: Role, words: &str) {
    let short = |text: &mut Text| words.clone_into(&mut text.v);
    match role {
        Role::Price => with.price.iter_mut().for_each(|price| short(&mut price.text)),
        Role::Badge => with.badge.iter_mut().for_each(short),
        Role::Headline => with.headline.iter_mut().for_each(short),
        Role::Subline => with.subline.iter_mut().for_each(short),
        Role::Eyebrow => with.eyebrow.iter_mut().for_each(short),
        _ => with.cta.iter_mut().for_each(short),
    }
}
