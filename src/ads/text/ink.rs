//! What lines of glyphs ink, in px at the reference size.

use parley::PositionedLayoutItem;

use super::outline::Glyphs;
use super::paragraph::Paragraph;

/// A box by its edges, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Bounds {
    /// The box around both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn width(self) -> f32 {
        self.right - self.left
    }

    fn moved(self, x: f32, y: f32) -> Self {
        Self {
            left: self.left + x,
            top: self.top + y,
            right: self.right + x,
            bottom: self.bottom + y,
        }
    }
}

/// A line: its glyphs from its own origin, and what they ink.
pub(super) struct Line {
    pub(super) glyphs: Vec<Placed>,
    /// The ink of all of them, y from the base line.
    pub(super) ink: Bounds,
    /// How many characters of the text it takes.
    pub(super) characters: usize,
}

/// A glyph in a line.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) instance: usize,
    pub(super) glyph: u32,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) ink: Bounds,
}

impl Paragraph<'_> {
    /// The lines as they are broken now. Glyphs without ink, such as spaces, are left out.
    pub(super) fn lines(&mut self) -> Vec<Line> {
        let text = &self.words.text;
        let mut lines = Vec::with_capacity(self.layout.len());
        for line in self.layout.lines() {
            let mut glyphs = Vec::new();
            for item in line.items() {
                if let PositionedLayoutItem::GlyphRun(run) = item {
                    place(&run, self.glyphs, &mut glyphs);
                }
            }
            let inks = glyphs.iter().map(|glyph: &Placed| glyph.ink);
            let ink = inks.reduce(Bounds::with).unwrap_or(NO_INK);
            let characters = text.get(line.text_range()).map_or(0, |text| text.chars().count());
            lines.push(Line { glyphs, ink, characters });
        }
        lines
    }
}

const NO_INK: Bounds = Bounds { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };

fn place(run: &parley::GlyphRun<'_, ()>, glyphs: &mut Glyphs, placed: &mut Vec<Placed>) {
    let font = run.run().font();
    let coords = run.run().normalized_coords().iter().map(|coord| coord.to_bits());
    let instance = glyphs.instance(&font.data, font.index, coords);
    let baseline = run.baseline();
    for glyph in run.positioned_glyphs() {
        let (x, y) = (glyph.x, glyph.y - baseline);
        if let Some(bounds) = glyphs.shape(instance, glyph.id).bounds {
            placed.push(Placed { instance, glyph: glyph.id, x, y, ink: bounds.moved(x, y) });
        }
    }
}
