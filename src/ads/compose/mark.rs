//! The brand's mark in its place: its logo, or its initial on a tile, with its name where the
//! picture does not say it.

use super::Commission;
use super::pieces::fitted;
use super::voice::Voice;
use crate::ads::layout::{Grid, Mark, float, layer, px};
use crate::ads::scene::{
    Align, Frame, Ink, Node, Paint, Palette, Role, Style, Text, VerticalAlign,
};
use crate::ads::svg::plate_frame;
use crate::ads::text::Typesetter;
use crate::domain::brand::{Ground, Hex};

/// The nodes of the mark; none where the brand has neither a logo nor a name, or where the place
/// has no room for it.
pub(super) fn set(
    commission: &Commission<'_>,
    grid: &Grid,
    mark: &Mark,
    voice: &Voice,
    palette: &Palette,
    typesetter: &mut Typesetter,
) -> Vec<Node> {
    if commission.brief.no_logo {
        return Vec::new();
    }
    let picture = commission.kit.logo.filter(|logo| commission.gallery.contains_key(&logo.digest));
    let mut nodes = Vec::new();
    let mut named = true;
    if let Some(logo) = picture {
        let [w, h] = logo.size.map(|side| float(i32::try_from(side.max(1)).unwrap_or(i32::MAX)));
        let aspect = w / h;
        named = aspect < ICON_ASPECT;
        let mut node = Node::new("logo", Role::Logo, layer::MARK, logo_frame(mark, aspect));
        node.asset = Some(logo.digest);
        node.clear = Some(CLEAR_SPACE);
        node.plate = plate(commission, logo.ground, mark.ground, palette);
        if node.plate.is_some() {
            // The plate stands around the picture, within the mark's place.
            let least = mark.frame.h / 6;
            for pad in least..least + ROUNDINGS {
                let inner = mark.frame.inset([pad, pad]);
                node.frame = logo_frame(&Mark { frame: inner, ..*mark }, aspect);
                if plate_frame(&node).is_none_or(|plate| mark.frame.contains(plate)) {
                    break;
                }
            }
        }
        if let Some(name) = commission.kit.name.clone().filter(|_| !named) {
            node.text = Some(said(name, commission.lang));
        }
        nodes.push(node);
    } else if let Some(initial) = initial(commission) {
        nodes.push(tile(grid, mark, initial, voice, typesetter));
    }
    if named {
        // First, since the first of its role is what the alternative text calls the brand.
        let name = name(commission, grid, mark, nodes.first(), voice, palette, typesetter);
        nodes.splice(0..0, name);
    }
    if mark.align == Align::Center {
        centre(mark, &mut nodes);
        for node in nodes.iter_mut().filter(|node| node.text.is_some()) {
            // It was set before and only moves sideways.
            let _ = super::pieces::reset(typesetter, node);
        }
    }
    nodes
}

/// By how many px the rounding of picture and plate may add up.
const ROUNDINGS: i32 = 4;

/// A logo that is hardly wider than high is an icon: the name stands beside it.
const ICON_ASPECT: f32 = 1.4;

/// A logo's clear space as a share of its height.
const CLEAR_SPACE: f32 = 0.5;

/// The logo's box in the mark's place. Long marks are less high than stout ones, so that all of
/// them weigh about the same.
fn logo_frame(mark: &Mark, aspect: f32) -> Frame {
    let place = mark.frame;
    let weight = libm::powf((aspect / 3.0).max(0.2), -0.28).clamp(0.62, 1.0);
    let mut h = float(place.h) * weight;
    let mut w = h * aspect;
    if w > float(place.w) {
        w = float(place.w);
        h = w / aspect;
    }
    let (w, h) = (px(w).max(1), px(h).max(1));
    let x = match mark.align {
        Align::Start => place.x,
        Align::Center => place.x + (place.w - w) / 2,
        Align::End => place.right() - w,
    };
    Frame::new(x, place.y + (place.h - h) / 2, w, h)
}

/// The plate that a logo needs on this ground: the colour of the ad on which it is seen best.
fn plate(
    commission: &Commission<'_>,
    ground: Ground,
    under: Ink,
    palette: &Palette,
) -> Option<Ink> {
    if stands(commission, ground, palette.color(under)) {
        return None;
    }
    let inks = [Ink::Panel, Ink::Fg, Ink::OnPanel, Ink::OnAccent, Ink::Bg];
    inks.into_iter().filter(|ink| *ink != under).max_by(|one, two| {
        let seen = |ink: Ink| {
            let color = palette.color(ink);
            let suits = is_suited(ground, color.luminance());
            (suits, least_contrast(commission, color))
        };
        let (one, two) = (seen(*one), seen(*two));
        one.0.cmp(&two.0).then(one.1.total_cmp(&two.1))
    })
}

/// Whether the brand's logo can be seen on this colour without a plate: its own colours against
/// it where they are known, else its mean.
pub(super) fn stands(commission: &Commission<'_>, ground: Ground, under: Hex) -> bool {
    ground == Ground::Opaque
        || is_suited(ground, under.luminance())
            && least_contrast(commission, under) >= LEAST_CONTRAST
}

/// A logo's least contrast to its ground, of its faintest large colour.
const LEAST_CONTRAST: f64 = 1.8;

fn is_suited(ground: Ground, under: f64) -> bool {
    match ground {
        Ground::Light => under > 0.4,
        Ground::Dark => under < 0.25,
        Ground::Any | Ground::Opaque => true,
    }
}

fn least_contrast(commission: &Commission<'_>, under: Hex) -> f64 {
    /// A logo's further colours are details that may be lost.
    const LARGE_COLORS: usize = 3;
    let seen = luminance(commission);
    let below = under.luminance();
    let mean = (seen.max(below) + 0.05) / (seen.min(below) + 0.05);
    let colors = commission.kit.colors.logo.iter().take(LARGE_COLORS);
    colors.map(|color| color.contrast(under)).fold(mean, f64::min)
}

fn luminance(commission: &Commission<'_>) -> f64 {
    let logo = commission.kit.logo.and_then(|logo| commission.gallery.get(&logo.digest));
    logo.map_or(0.0, |picture| picture.mean_luminance())
}

fn initial(commission: &Commission<'_>) -> Option<String> {
    let name = commission.kit.name.as_deref()?;
    let first = name.chars().find(|character| character.is_alphanumeric())?;
    Some(first.to_uppercase().collect())
}

/// The initial on a tile of the colour that points.
fn tile(
    grid: &Grid,
    mark: &Mark,
    initial: String,
    voice: &Voice,
    typesetter: &mut Typesetter,
) -> Node {
    let side = grid.snap(mark.frame.h * 7 / 8).clamp(1, mark.frame.h);
    let y = mark.frame.y + (mark.frame.h - side) / 2;
    let mut node =
        Node::new("logo", Role::Logo, layer::MARK, Frame::new(mark.frame.x, y, side, side));
    node.paint = Some(Paint::Solid(Ink::Accent));
    node.radius = side * 22 / 100;
    node.clear = Some(CLEAR_SPACE);
    node.text = Some(said(initial, "und"));
    let largest = float(side) * 0.56;
    node.style =
        Some(style(&voice.display, 800, [largest * 0.5, largest], Align::Center, Ink::OnAccent));
    if fitted(typesetter, &mut node).is_err() {
        node.text = None;
        node.style = None;
    }
    node
}

/// The brand's name beside its icon or its tile.
fn name(
    commission: &Commission<'_>,
    grid: &Grid,
    mark: &Mark,
    beside: Option<&Node>,
    voice: &Voice,
    palette: &Palette,
    typesetter: &mut Typesetter,
) -> Option<Node> {
    let name = commission.kit.name.clone()?;
    // A plate is a part of the icon that it lies under.
    let icon = beside.map(|node| plate_frame(node).unwrap_or(node.frame));
    let side = icon.map_or(mark.frame.h, |icon| icon.h);
    let gap = icon.map_or(0, |_| grid.snap(side * 3 / 10).max(grid.base));
    let x = icon.map_or(mark.frame.x, |icon| icon.right() + gap);
    let frame = Frame::new(x, mark.frame.y, mark.frame.right() - x, mark.frame.h);
    if frame.w <= side / 2 {
        return None;
    }
    let most = float(side) * 0.54;
    let least = (most * 0.6).max(9.0).min(most);
    let ink = match mark.ground {
        Ink::Panel => Ink::OnPanel,
        Ink::Accent => Ink::OnAccent,
        _ => Ink::Fg,
    };
    debug_assert!(palette.color(ink) != palette.color(mark.ground), "a name can be read");
    let mut node = Node::new("logo-name", Role::Logo, layer::MARK, frame);
    let lang = commission.kit.language.as_deref().unwrap_or(commission.lang);
    node.text = Some(said(name, lang));
    node.style = Some(style(&voice.display, 700, [least, most], Align::Start, ink));
    let set = fitted(typesetter, &mut node).ok()?;
    // The box is as wide as the name, so that it can be mirrored and centred.
    node.frame.w = (px(libm::ceilf(set.ink_width)) + grid.base).min(frame.w);
    Some(node)
}

/// Words of the brand's own, which nobody translates.
fn said(words: String, lang: &str) -> Text {
    let protect = vec![words.clone()];
    Text { v: words, lang: lang.to_owned(), source: "brand.name".to_owned(), protect }
}

fn style(family: &str, weight: u16, size: [f32; 2], align: Align, fill: Ink) -> Style {
    Style {
        family: family.to_owned(),
        weight,
        size,
        lh: 1.1,
        track: -0.01,
        lines: 1,
        align,
        valign: VerticalAlign::Center,
        fill,
        balance: false,
        caps: false,
        dir: None,
    }
}

/// Moves icon and name together into the middle of their place.
fn centre(mark: &Mark, nodes: &mut [Node]) {
    let Some(first) = nodes.first() else { return };
    let all = nodes.iter().fold(first.frame, |all, node| all.around(node.frame));
    let shift = mark.frame.x + (mark.frame.w - all.w) / 2 - all.x;
    for node in nodes {
        node.frame.x += shift;
    }
}
