//! The canvas that a picture is set on: lengths, centres, and nodes that are made again and again.

use crate::ads::random::Random;
use crate::ads::scene::{
    Format, Frame, Generator, GeneratorKind, Icon, Ink, Node, Paint, Palette, Role,
};

/// What every setting draws on.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) w: i32,
    pub(super) h: i32,
    palette: &'a Palette,
}

impl<'a> Stage<'a> {
    pub(super) fn new(format: &Format, palette: &'a Palette) -> Self {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX).clamp(1, 8192);
        Self { w: side(format.w), h: side(format.h), palette }
    }

    pub(super) fn all(&self) -> Frame {
        Frame::new(0, 0, self.w, self.h)
    }

    pub(super) fn short(&self) -> i32 {
        self.w.min(self.h)
    }

    /// A share, in thousandths, of the shorter side; at least one pixel.
    pub(super) fn part(&self, thousandths: i32) -> i32 {
        (self.short() * thousandths / 1000).max(1)
    }

    /// A square around a point that is given in thousandths of the width and height.
    pub(super) fn square(&self, x: i32, y: i32, side: i32) -> Frame {
        let side = side.max(1);
        Frame::new(self.w * x / 1000 - side / 2, self.h * y / 1000 - side / 2, side, side)
    }

    /// The ground in one colour.
    pub(super) fn ground(&self, ink: Ink) -> Node {
        let mut node = Node::new("ground", Role::Background, 0, self.all());
        node.paint = Some(Paint::Solid(ink));
        node
    }

    /// The colour for a plate that stands out from the ground, and the one for what is on it.
    pub(super) fn plate_inks(&self, random: &mut Random) -> (Ink, Ink) {
        /// A quieter panel would not be seen as a shape.
        const SEEN: f64 = 1.3;
        let is_seen = self.palette.panel.contrast(self.palette.bg) >= SEEN;
        if is_seen && random.chance(0.5) {
            (Ink::Panel, if random.chance(0.5) { Ink::Accent } else { Ink::OnPanel })
        } else {
            (Ink::Accent, Ink::OnAccent)
        }
    }

    /// Drawn art over the whole canvas.
    pub(super) fn art(&self, random: &mut Random, kind: GeneratorKind, look: Look) -> Node {
        let mut node = Node::new("art", Role::Decoration, 1, self.all());
        node.generator = Some(Generator {
            kind,
            seed: random.seed().to_string(),
            color: look.color,
            second: look.second,
            opacity: look.opacity,
            step: look.step,
            origin: look.origin,
            mirrored: false,
        });
        node
    }
}

/// How drawn art looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) color: Ink,
    pub(super) second: Option<Ink>,
    pub(super) opacity: f32,
    pub(super) step: f32,
    pub(super) origin: [f32; 2],
}

/// A filled shape: a disc where `radius` is half its side.
pub(super) fn plate(id: &str, z: i32, frame: Frame, radius: i32, ink: Ink) -> Node {
    let mut node = Node::new(id, Role::Panel, z, frame);
    node.paint = Some(Paint::Solid(ink));
    node.radius = radius;
    node
}

/// An icon in the middle of a frame, `share` thousandths of its side.
pub(super) fn icon(id: &str, z: i32, frame: Frame, share: i32, name: &str, color: Ink) -> Node {
    let side = (frame.w.min(frame.h) * share / 1000).max(1);
    let at = Frame::new(frame.x + (frame.w - side) / 2, frame.y + (frame.h - side) / 2, side, side);
    let mut node = Node::new(id, Role::Hero, z, at);
    node.icon = Some(Icon { name: name.to_owned(), color });
    node
}
