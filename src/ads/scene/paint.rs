//! Where things stand and what they are filled with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::brand::Hex;

/// A box in px of the canvas, on the wire `[x, y, width, height]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i32; 4]", into = "[i32; 4]")]
pub struct Frame {
    /// The left edge.
    pub x: i32,
    /// The top edge.
    pub y: i32,
    /// The width.
    pub w: i32,
    /// The height.
    pub h: i32,
}

impl Frame {
    /// A box by its corner and size.
    pub const fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x, y, w, h }
    }

    /// The right edge.
    pub const fn right(self) -> i32 {
        self.x + self.w
    }

    /// The bottom edge.
    pub const fn bottom(self) -> i32 {
        self.y + self.h
    }

    /// The area in px².
    pub fn area(self) -> i64 {
        i64::from(self.w.max(0)) * i64::from(self.h.max(0))
    }

    /// The same, smaller by `pad` on the left and right, and on the top and bottom.
    #[must_use]
    pub const fn inset(self, pad: [i32; 2]) -> Self {
        Self::new(self.x + pad[0], self.y + pad[1], self.w - 2 * pad[0], self.h - 2 * pad[1])
    }

    /// Whether the two share a pixel.
    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether all of `other` is within this one.
    pub const fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// The same in a mirror that stands upright in the middle of a canvas `width` px wide.
    #[must_use]
    pub const fn mirrored(self, width: i32) -> Self {
        Self::new(width - self.x - self.w, self.y, self.w, self.h)
    }
}

impl From<[i32; 4]> for Frame {
    fn from([x, y, w, h]: [i32; 4]) -> Self {
        Self { x, y, w, h }
    }
}

impl From<Frame> for [i32; 4] {
    fn from(frame: Frame) -> Self {
        [frame.x, frame.y, frame.w, frame.h]
    }
}

/// A colour by its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ink {
    /// The ground.
    Bg,
    /// Text and lines on the ground.
    Fg,
    /// Quieter text on the ground; it too can be read.
    Muted,
    /// The one colour that points.
    Accent,
    /// Text on the accent.
    OnAccent,
    /// A second ground beside the first: panels, cards, art.
    Panel,
    /// Text on a panel.
    OnPanel,
}

/// The colours of a scene by role, each with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Palette {
    /// The ground.
    pub bg: Hex,
    /// Text and lines on the ground: at least 4.5 to `bg`.
    pub fg: Hex,
    /// Quieter text: at least 4.5 to `bg`.
    pub muted: Hex,
    /// The colour that points: at least 3 to `bg` and to `panel`.
    pub accent: Hex,
    /// At least 4.5 to `accent`.
    pub on_accent: Hex,
    /// The second ground.
    pub panel: Hex,
    /// At least 4.5 to `panel`.
    pub on_panel: Hex,
    /// By role: `brand.primary`, `derived:…`, `prompt`, `default`.
    pub origin: BTreeMap<Ink, String>,
}

impl Palette {
    /// The colour of a role.
    pub const fn color(&self, ink: Ink) -> Hex {
        match ink {
            Ink::Bg => self.bg,
            Ink::Fg => self.fg,
            Ink::Muted => self.muted,
            Ink::Accent => self.accent,
            Ink::OnAccent => self.on_accent,
            Ink::Panel => self.panel,
            Ink::OnPanel => self.on_panel,
        }
    }
}

/// What a box is filled with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paint {
    /// One colour.
    Solid(Ink),
    /// From one colour to another along a line.
    Linear {
        /// The colour at the start.
        from: Ink,
        /// The colour at the end.
        to: Ink,
        /// Degrees clockwise: 0 runs to the right, 90 downwards.
        angle: i32,
    },
    /// One colour that fades in: what lies under text upon a picture.
    Scrim {
        /// The colour.
        color: Ink,
        /// Its opacity at the start of the line, 0 to 1.
        from: f32,
        /// Its opacity at the end, 0 to 1.
        to: f32,
        /// As in `Linear`.
        angle: i32,
    },
    /// A frame without a fill.
    Outline {
        /// The line's colour.
        color: Ink,
        /// Its width in px, drawn inside the box.
        width: i32,
    },
}

impl Paint {
    /// The same in an upright mirror: its line runs the other way sideways.
    #[must_use]
    pub fn in_mirror(&self) -> Self {
        let mut mirrored = self.clone();
        if let Self::Linear { angle, .. } | Self::Scrim { angle, .. } = &mut mirrored {
            *angle = (180 - *angle).rem_euclid(360);
        }
        mirrored
    }
}

/// What draws a decoration: the same values give the same shapes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    /// The kind of drawing.
    pub kind: GeneratorKind,
    /// A `u64` in decimal.
    pub seed: String,
    /// The colour that it draws with.
    pub color: Ink,
    /// A second one, for kinds that use two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Ink>,
    /// 0 to 1.
    pub opacity: f32,
    /// The size of its parts as a share of the box's shorter side, 0.01 to 1; in long boxes they
    /// grow with the longer side too.
    pub step: f32,
    /// Where it starts from, as shares of the box's width and height; outside 0..1 is allowed.
    pub origin: [f32; 2],
    /// Drawn as in a mirror.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirrored: bool,
}

impl Generator {
    /// The same drawing in an upright mirror.
    #[must_use]
    pub fn in_mirror(&self) -> Self {
        Self { mirrored: !self.mirrored, ..self.clone() }
    }
}

/// The twelve kinds of background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratorKind {
    /// Nothing but the ground.
    Solid,
    /// A gradient along a line.
    Linear,
    /// A soft light around a point.
    RadialGlow,
    /// Several soft lights that flow into each other.
    Mesh,
    /// Rings around a point.
    Arcs,
    /// A grid of quarter circles, squares and triangles.
    BauhausTiles,
    /// A grid of dots.
    DotGrid,
    /// Parallel bands.
    Stripes,
    /// Lines that rise and fall.
    Waves,
    /// Lines of equal height of a smooth field.
    Contours,
    /// Dots that shrink with the distance.
    Halftone,
    /// Round, irregular shapes.
    Blobs,
}

impl GeneratorKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Solid,
        Self::Linear,
        Self::RadialGlow,
        Self::Mesh,
        Self::Arcs,
        Self::BauhausTiles,
        Self::DotGrid,
        Self::Stripes,
        Self::Waves,
        Self::Contours,
        Self::Halftone,
        Self::Blobs,
    ];
}
