//! Composing: copy, brand, pictures and a canvas in, a scene whose words fit and can be read out.
//!
//! The arrangements are taken as the seed ranks them. In each the words climb down their ladders
//! until they fit, the ground under them is measured and calmed, and the checks decide; what
//! fails goes on to the next arrangement, and at the very end to a picture without words. The
//! number of attempts is bounded. Never: words that were made up here, or a text that overflows.

mod border;
mod calm;
mod clear;
mod colors;
mod commission;
mod draft;
mod growth;
mod mark;
mod mirror;
mod pieces;
mod room;
mod row;
mod stack;
mod voice;

use std::collections::BTreeMap;

pub use commission::{Commission, ComposeError, Composition, Settled};

use crate::ads::layout::{Needs, rank};
use crate::ads::scene::{Format, LayoutKind};
use crate::ads::text::Typesetter;
use draft::Draft;
use pieces::{Reject, Rung, Trim};

/// Composes the ad for one canvas.
pub fn compose(
    commission: &Commission<'_>,
    format: &Format,
    typesetter: &mut Typesetter,
) -> Result<Composition, ComposeError> {
    let ranked = arrangements(commission);
    let silent = commission.brief.no_text || commission.copy.is_silent();
    let (mut failed, mut faint) = (None, None);
    for kind in ranked.iter().copied() {
        if faint.is_some() && !may_be_another(kind) {
            continue;
        }
        for rung in rungs(commission, format, silent) {
            let draft = Draft::new(commission, format, kind, rung);
            match draft.finished(typesetter) {
                Ok(made) if is_settled(commission) || faint.is_some() || !is_faint(&made) => {
                    return Ok(louder(faint, made));
                }
                Ok(made) => {
                    faint = Some(made);
                    break;
                }
                Err(Reject::NoRoom) => {}
                Err(Reject::Ground) => break,
                Err(Reject::Checks(checks)) => failed = Some(checks),
                Err(Reject::Fatal {
                    source: crate::ads::text::TextError::MissingGlyphs(of),
                    ..
                }) => {
                    return Err(ComposeError::MissingGlyphs(of));
                }
                Err(Reject::Fatal { node, source }) => {
                    return Err(ComposeError::Text { node, source });
                }
                Err(Reject::Draw(error)) => return Err(error.into()),
            }
        }
    }
    if let Some(made) = faint {
        return Ok(made);
    }
    if let Some(checks) = failed.filter(|checks| checks.iter().any(is_about_words)) {
        return Err(ComposeError::Checks(checks));
    }
    if !silent && let Some(error) = room::too_long(commission, format, &ranked, typesetter) {
        return Err(error);
    }
    let kind = ranked.first().copied().unwrap_or(LayoutKind::Statement);
    wordless(commission, format, kind, typesetter)
}

/// Whether the arrangement is somebody's wish, or another canvas of the campaign has it.
fn is_settled(commission: &Commission<'_>) -> bool {
    commission.layout.or(commission.brief.layout.kind).is_some()
}

/// Whether the headline came out so small in its arrangement that another may serve it better.
fn is_faint(made: &Composition) -> bool {
    may_be_another(made.scene.layout) && loudness(made).is_some_and(|share| share < FAINT)
}

/// From this share of the largest size that its arrangement would give it a headline leads.
const FAINT: f32 = 0.52;

/// Arrangements of words alone can stand in for each other.
const fn may_be_another(kind: LayoutKind) -> bool {
    use LayoutKind::{CardOnPattern, Centered, DiagonalBand, Frame, SplitArt, Statement};
    matches!(kind, CardOnPattern | Centered | DiagonalBand | Frame | SplitArt | Statement)
}

/// The size of a headline as a share of the largest that its arrangement would give it.
fn loudness(made: &Composition) -> Option<f32> {
    let headline = made.scene.of_role(crate::ads::scene::Role::Headline)?;
    Some(headline.fit.as_ref()?.size / headline.style.as_ref()?.size[1].max(1.0))
}

/// The one of the two whose headline is larger.
fn louder(first: Option<Composition>, second: Composition) -> Composition {
    let size = |made: &Composition| {
        let headline = made.scene.of_role(crate::ads::scene::Role::Headline);
        headline.and_then(|node| node.fit.as_ref()).map_or(0.0, |fit| fit.size)
    };
    first.filter(|first| size(first) >= size(&second)).unwrap_or(second)
}

/// The most rungs of a ladder that are tried.
const MOST_RUNGS: usize = 4;

/// The arrangements in the order in which they are tried.
fn arrangements(commission: &Commission<'_>) -> Vec<LayoutKind> {
    if let Some(kind) = commission.layout.or(commission.brief.layout.kind) {
        let others = ranked(commission).into_iter().filter(|other| *other != kind);
        return std::iter::once(kind)
            .filter(|kind| is_possible(commission, *kind))
            .chain(others)
            .collect();
    }
    let mut ranked = ranked(commission);
    let turns = usize::try_from(commission.variant).unwrap_or_default() % ranked.len().max(1);
    ranked.rotate_left(turns);
    ranked
}

fn ranked(commission: &Commission<'_>) -> Vec<LayoutKind> {
    let intent = commission.brief.intent.name();
    rank(needs(commission), commission.seed, &commission.kit.identity(), intent)
}

fn is_possible(commission: &Commission<'_>, kind: LayoutKind) -> bool {
    ranked(commission).contains(&kind)
}

fn needs(commission: &Commission<'_>) -> Needs {
    let wanted = commission.brief.layout.photo != Some(false);
    let first = commission.photos.iter().find_map(|digest| commission.gallery.get(digest));
    let cut_out = first.is_some_and(|picture| picture.is_transparent());
    Needs {
        photo: wanted && first.is_some() && !cut_out,
        cut_out: wanted && cut_out,
        icon: !commission.icons.is_empty(),
        number: commission.copy.number.is_some(),
        eyebrow: !commission.copy.eyebrow.is_empty(),
    }
}

/// What is tried in one arrangement: first shorter words, then fewer.
fn rungs(commission: &Commission<'_>, format: &Format, silent: bool) -> Vec<Rung> {
    if silent {
        return vec![Rung { words: 0, trim: Trim::Silent }];
    }
    let words = commission.copy.headline.len().clamp(1, MOST_RUNGS);
    let mut rungs = Vec::with_capacity(words * Trim::SPOKEN.len());
    let most = room::kept(commission.copy, format);
    for trim in Trim::SPOKEN.into_iter().filter(|trim| *trim <= most) {
        rungs.extend((0..words).map(|words| Rung { words, trim }));
    }
    rungs
}

/// Picture and mark only: for canvases on which no words can be read.
fn wordless(
    commission: &Commission<'_>,
    format: &Format,
    kind: LayoutKind,
    typesetter: &mut Typesetter,
) -> Result<Composition, ComposeError> {
    let rung = Rung { words: 0, trim: Trim::Silent };
    let mut draft = Draft::new(commission, format, kind, rung);
    draft.warnings.push("text_left_out".to_owned());
    draft.finished(typesetter).map_err(|reject| match reject {
        Reject::Draw(error) => error.into(),
        Reject::Checks(checks) => ComposeError::Checks(checks),
        Reject::Fatal { node, source } => ComposeError::Text { node, source },
        Reject::NoRoom | Reject::Ground => ComposeError::Checks(Vec::new()),
    })
}

/// Whether a failure lies in the words themselves, so that leaving them out would hide it.
fn is_about_words(check: &crate::ads::scene::Check) -> bool {
    !check.pass && check.id.starts_with("words.")
}

/// Draws a scene that is already composed, from nothing but itself and its pictures.
pub fn redraw(
    scene: crate::ads::scene::Scene,
    gallery: &crate::ads::pictures::Gallery,
    typesetter: &mut Typesetter,
) -> Result<Composition, ComposeError> {
    let mut texts = BTreeMap::new();
    for node in scene.nodes.iter().filter(|node| node.fit.is_some()) {
        let set = typesetter
            .set(node)
            .map_err(|source| ComposeError::Text { node: node.id.clone(), source })?;
        texts.insert(node.id.clone(), set);
    }
    let svg = crate::ads::svg::draw(&scene, &texts, gallery)?;
    Ok(Composition { scene, texts, svg })
}

#[cfg(test)]
mod trials;
