//! Calms the ground under the words until they can be read: a scrim upon a photograph, fainter
//! art, a plate under a mark.

use super::Commission;
use super::clear::{other_side, stage};
use super::pieces::Reject;
use crate::ads::checks::Sight;
use crate::ads::checks::legibility::{BUTTON, contrast, least_of};
use crate::ads::format::Class;
use crate::ads::layout::{float, layer};
use crate::ads::scene::{Frame, Ink, Node, Paint, Role, Scene};
use crate::domain::brand::Hex;

/// Measures the ground and calms it; gives what then lies below mark and words.
pub(super) fn calm(scene: &mut Scene, commission: &Commission<'_>) -> Result<Sight, Reject> {
    let measured =
        |scene: &Scene| Sight::below(scene, commission.gallery, layer::MARK).map_err(Reject::Draw);
    if scene.nodes.iter().any(|node| node.role == Role::Scrim) {
        veil(scene, commission)?;
        return measured(scene);
    }
    let mut sight = measured(scene)?;
    for _ in 0..MOST_ROUNDS {
        if !is_restless(scene, &sight) || !fade(scene) {
            break;
        }
        sight = measured(scene)?;
    }
    if is_restless(scene, &sight) && leave_out_art(scene) {
        sight = measured(scene)?;
    }
    Ok(sight)
}

/// Leaves out the art under the words, which count more; false when there is none.
fn leave_out_art(scene: &mut Scene) -> bool {
    let before = scene.nodes.len();
    scene.nodes.retain(|node| node.generator.is_none() || node.z != layer::ART);
    scene.nodes.len() < before
}

/// How often art is made fainter.
const MOST_ROUNDS: u32 = 4;

/// What is left of its opacity each time.
const FADE: f32 = 0.62;

/// How much the ground may change under a headline: more draws the eye from the words.
const UNREST: f64 = 2.4;

fn is_restless(scene: &Scene, sight: &Sight) -> bool {
    let words = scene.nodes.iter().filter(|node| node.fit.is_some());
    let unread = |node: &Node| {
        let own = contrast(scene, Some(sight), node);
        // Words of another language, elsewhere in the box, are held to what these pass.
        let passed = LEVELS.into_iter().find(|level| own >= *level);
        let color = node.style.as_ref().map(|style| scene.palette.color(style.fill));
        let seen = |part: [f32; 4]| color.and_then(|color| sight.contrast(part, color));
        let is_lost = |part: [f32; 4]| {
            passed.zip(seen(part)).is_some_and(|(passed, seen)| seen < passed * SURE)
        };
        own < least_of(node) || stage(node).into_iter().chain(other_side(node)).any(is_lost)
    };
    let unquiet = |node: &Node| {
        let ink = node.fit.as_ref().map(|fit| fit.ink);
        node.role == Role::Headline
            && ink.and_then(|ink| sight.unrest(ink)).is_some_and(|unrest| unrest > UNREST)
    };
    let lost = |node: &Node| match node.paint {
        Some(Paint::Solid(fill)) if node.role == Role::Cta => {
            let edges = edges(node.frame);
            let seen = sight.mean_contrast(edges, scene.palette.color(fill));
            seen.is_some_and(|seen| seen < BUTTON)
        }
        _ => false,
    };
    words.into_iter().any(|node| unread(node) || unquiet(node) || lost(node))
}

/// What a measurement on fewer pixels may be off by.
const SURE: f64 = 1.06;

/// The levels of contrast that WCAG 2 names.
const LEVELS: [f64; 3] = [7.0, 4.5, 3.0];

/// Makes the art under the words fainter; false when there is none.
fn fade(scene: &mut Scene) -> bool {
    let mut faded = false;
    for node in &mut scene.nodes {
        if let Some(generator) = node.generator.as_mut().filter(|_| node.z == layer::ART) {
            generator.opacity = libm::roundf(generator.opacity * FADE * 1000.0) / 1000.0;
            faded = true;
        }
    }
    faded
}

/// Places the scrims where the words and the mark stand, as faint as they may be.
fn veil(scene: &mut Scene, commission: &Commission<'_>) -> Result<(), Reject> {
    scene.nodes.retain(|node| node.role != Role::Scrim);
    let bare = Sight::below(scene, commission.gallery, layer::MARK).map_err(Reject::Draw)?;
    let is_mark = |node: &&Node| node.role == Role::Logo;
    let canvas = scene.format.frame();
    // A mark in the lower half stands with the words.
    let sunk = around(scene.nodes.iter().filter(is_mark)).is_some_and(|mark| mark.y > canvas.h / 3);
    let words =
        |node: &&Node| node.role.is_text() && node.fit.is_some() || sunk && node.role == Role::Logo;
    let mut veils = Vec::new();
    if let Some(around) = around(scene.nodes.iter().filter(words)) {
        match opacity(scene, &bare, commission, &scene.nodes.iter().filter(words)) {
            Some(alpha) if scene.format.class() == Class::Wide => {
                veils.extend(beside(canvas, around, alpha));
            }
            Some(alpha) => veils.extend(under(canvas, around, alpha)),
            // Then a card: its ground is the ad's own, whatever the picture shows.
            None => veils.push(card(scene, around)?),
        }
    }
    let beside_words = sunk || scene.format.class() == Class::Wide && !veils.is_empty();
    if let Some(around) = around(scene.nodes.iter().filter(is_mark)).filter(|_| !beside_words) {
        match opacity(scene, &bare, commission, &scene.nodes.iter().filter(is_mark)) {
            Some(alpha) => veils.extend(above(canvas, around, alpha)),
            None => plate(scene),
        }
    }
    scene.nodes.extend(veils);
    scene.nodes.sort_by_key(|node| node.z);
    Ok(())
}

/// The smallest opacity behind which all of these can be read.
fn opacity<'a>(
    scene: &Scene,
    bare: &Sight,
    commission: &Commission<'_>,
    nodes: &(impl Iterator<Item = &'a Node> + Clone),
) -> Option<f32> {
    let veil = scene.palette.color(Ink::Bg);
    let passes = |alpha: f32| {
        nodes.clone().all(|node| {
            if let (Some(style), Some(stage)) = (&node.style, stage(node)) {
                let (color, least) = (scene.palette.color(style.fill), least_of(node) + SPARE);
                let seen = bare.veiled_contrast(stage, color, veil, alpha);
                return seen.is_none_or(|seen| seen >= least);
            }
            let (part, color, least) = match &node.paint {
                // A button and a tile bring the ground of their words; they must be seen.
                Some(Paint::Solid(fill)) => (edges(node.frame), scene.palette.color(*fill), BUTTON),
                _ => match grey_of(commission, node) {
                    Some(grey) if node.plate.is_none() => (edges(node.frame), grey, LOGO),
                    _ => return true,
                },
            };
            bare.veiled_contrast(part, color, veil, alpha).is_none_or(|seen| seen >= least)
        })
    };
    if !passes(MOST_OPAQUE) {
        return None;
    }
    let (mut low, mut high) = (LEAST_OPAQUE, MOST_OPAQUE);
    if passes(low) {
        return Some(low);
    }
    for _ in 0..7 {
        let middle = f32::midpoint(low, high);
        if passes(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(libm::ceilf(high * 100.0) / 100.0)
}

/// A scrim that is fainter is not worth its place, and its ramp could not be seen.
const LEAST_OPAQUE: f32 = 0.3;

/// A scrim that is denser hides the picture.
const MOST_OPAQUE: f32 = 0.75;

/// What is asked for beyond the limit, since the scrim is drawn in steps of 1/256.
const SPARE: f64 = 0.15;

/// A logo's least contrast to a picture.
const LOGO: f64 = 2.2;

/// What all of these take of the canvas, words the whole of their boxes.
fn around<'a>(nodes: impl Iterator<Item = &'a Node>) -> Option<Frame> {
    nodes.map(|node| node.frame).reduce(Frame::around)
}

fn scrim(id: &str, frame: Frame, from: f32, to: f32, angle: i32) -> Node {
    let mut node = Node::new(id, Role::Scrim, layer::SCRIM, frame);
    node.paint = Some(Paint::Scrim { color: Ink::Bg, from, to, angle });
    node
}

/// A card around the words, where no scrim makes them legible; it stays on the canvas.
fn card(scene: &Scene, words: Frame) -> Result<Node, Reject> {
    /// More of the canvas would hide the picture.
    const MOST: i64 = 56;
    let canvas = scene.format.frame();
    let pad = canvas.w.min(canvas.h) / 20;
    let frame = words.inset([-pad, -pad]).within(canvas);
    if frame.area() * 100 > canvas.area() * MOST {
        return Err(Reject::Ground);
    }
    let mut card = Node::new("plate", Role::Panel, layer::PANEL, frame);
    card.paint = Some(Paint::Solid(Ink::Bg));
    card.radius = pad / 2;
    Ok(card)
}

/// Dense from the words down to the foot, fading out above them.
fn under(canvas: Frame, words: Frame, alpha: f32) -> [Node; 2] {
    let y = (words.y - canvas.h / 40).max(0);
    let ramp = (canvas.h * 26 / 100).min(y);
    [
        scrim("scrim-ramp", Frame::new(0, y - ramp, canvas.w, ramp), 0.0, alpha, 90),
        scrim("scrim", Frame::new(0, y, canvas.w, canvas.h - y), alpha, alpha, 90),
    ]
}

/// Dense from the head down to the mark, fading out below it.
fn above(canvas: Frame, mark: Frame, alpha: f32) -> [Node; 2] {
    let y = mark.bottom() + canvas.h / 60;
    let ramp = canvas.h * 16 / 100;
    [
        scrim("shade", Frame::new(0, 0, canvas.w, y), alpha, alpha, 90),
        scrim("shade-ramp", Frame::new(0, y, canvas.w, ramp), alpha, 0.0, 90),
    ]
}

/// Dense on the words' side, fading out beside them.
fn beside(canvas: Frame, words: Frame, alpha: f32) -> [Node; 2] {
    let pad = canvas.w / 40;
    let ramp = canvas.w * 30 / 100;
    if words.x + words.w / 2 < canvas.w / 2 {
        let x = words.right() + pad;
        return [
            scrim("scrim", Frame::new(0, 0, x, canvas.h), alpha, alpha, 0),
            scrim("scrim-ramp", Frame::new(x, 0, ramp, canvas.h), alpha, 0.0, 0),
        ];
    }
    let x = words.x - pad;
    [
        scrim("scrim", Frame::new(x, 0, canvas.w - x, canvas.h), alpha, alpha, 0),
        scrim("scrim-ramp", Frame::new(x - ramp, 0, ramp, canvas.h), 0.0, alpha, 0),
    ]
}

/// A plate under a mark that no scrim makes visible; a name without a picture is left out.
fn plate(scene: &mut Scene) {
    scene.nodes.retain(|node| !(node.role == Role::Logo && node.asset.is_none()));
    for node in scene.nodes.iter_mut().filter(|node| node.role == Role::Logo) {
        node.plate = node.plate.or(Some(Ink::Bg));
    }
}

/// A grey as light as the logo in a node.
fn grey_of(commission: &Commission<'_>, node: &Node) -> Option<Hex> {
    let picture = commission.gallery.get(node.asset.as_ref()?)?;
    let wanted = picture.mean_luminance();
    let lightest = (0..=255_u8)
        .map(|value| Hex::new(value, value, value))
        .take_while(|grey| grey.luminance() <= wanted)
        .last();
    Some(lightest.unwrap_or(Hex::BLACK))
}

fn edges(frame: Frame) -> [f32; 4] {
    [frame.x, frame.y, frame.right(), frame.bottom()].map(float)
}
