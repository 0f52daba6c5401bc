//! Puts lines on their place in the box, and writes them down.

use super::SetText;
use super::TextError;
use super::direction::Reading;
use super::ink::{Bounds, Line};
use super::outline::hundredths;
use super::paragraph::{Paragraph, REFERENCE};
use crate::ads::scene::{Align, Fit, Frame, VerticalAlign};

impl Paragraph<'_> {
    /// Draws the words in `size` px with lines of so many characters.
    pub(super) fn set(
        &mut self,
        size: f32,
        counts: &[usize],
        frame: Frame,
    ) -> Result<SetText, TextError> {
        let lines = self.break_after(counts);
        if lines.len() != counts.len() {
            return Err(TextError::StaleFit);
        }
        let scale = size / REFERENCE;
        let distances = line_distances(self, &lines);
        let origin = self.first_base_line(&lines, &distances, scale, frame);
        let (mut outline, mut inked, mut down) = (String::new(), None::<Bounds>, origin);
        for (line, distance) in lines.iter().zip(&distances) {
            down += distance * scale;
            let across = self.start_of(line, scale, frame);
            for glyph in &line.glyphs {
                let to = [across + glyph.x * scale, down + glyph.y * scale];
                self.glyphs.shape(glyph.instance, glyph.glyph).write(&mut outline, scale, to);
            }
            let ink = scaled(line.ink, scale, [across, down]);
            inked = Some(inked.map_or(ink, |all| all.with(ink)));
        }
        let ink = inked.ok_or(TextError::Empty)?;
        let fonts = self.fonts_used();
        let (missing, substituted) = (self.missing.clone(), self.substituted.clone());
        let ink = [ink.left, ink.top, ink.right, ink.bottom].map(two_decimals);
        let fit = Fit { size, lines: self.words_of(counts), ink, fonts };
        Ok(SetText { fit, outline, missing, substituted })
    }

    /// The base line of the first line, in px of the canvas.
    fn first_base_line(&self, lines: &[Line], down: &[f32], scale: f32, frame: Frame) -> f32 {
        let (top, bottom) = extent(lines, down);
        let (top, bottom) = (top * scale, bottom * scale);
        let (frame_top, frame_bottom) = (px(frame.y), px(frame.bottom()));
        match self.style.valign {
            VerticalAlign::Top => frame_top - top,
            VerticalAlign::Center => f32::midpoint(frame_top - top, frame_bottom - bottom),
            VerticalAlign::Bottom => frame_bottom - bottom,
        }
    }

    /// Where a line's own origin stands, so that its ink meets the edge that it is aligned to.
    fn start_of(&self, line: &Line, scale: f32, frame: Frame) -> f32 {
        let left = px(frame.x) - line.ink.left * scale;
        let right = px(frame.right()) - line.ink.right * scale;
        match (self.style.align, self.words.reading) {
            (Align::Start, Reading::Ltr) | (Align::End, Reading::Rtl) => left,
            (Align::End, Reading::Ltr) | (Align::Start, Reading::Rtl) => right,
            (Align::Center, _) => f32::midpoint(left, right),
        }
    }
}

/// How far each line's base line is below the one before it (the first: 0), in px at the
/// reference size: as the style says, but never so near that letters touch.
pub(super) fn line_distances(paragraph: &Paragraph<'_>, lines: &[Line]) -> Vec<f32> {
    let usual = paragraph.leading * REFERENCE;
    let mut distances = vec![0.0; lines.len().min(1)];
    distances.extend(lines.windows(2).map(|pair| match pair {
        [above, below] => usual.max(clearance(paragraph, above, below)),
        _ => usual,
    }));
    distances
}

/// The least distance at which no letter of `below` touches one of `above`.
fn clearance(paragraph: &Paragraph<'_>, above: &Line, below: &Line) -> f32 {
    /// The space that stays between letters, in px at the reference size.
    const AIR: f32 = REFERENCE * 0.04;
    let align = |line: &Line| match (paragraph.style.align, paragraph.words.reading) {
        (Align::Start, Reading::Ltr) | (Align::End, Reading::Rtl) => -line.ink.left,
        (Align::End, Reading::Ltr) | (Align::Start, Reading::Rtl) => -line.ink.right,
        (Align::Center, _) => -f32::midpoint(line.ink.left, line.ink.right),
    };
    let (of_above, of_below) = (align(above), align(below));
    let low = above.glyphs.iter().filter(|glyph| glyph.ink.bottom > 0.0);
    low.flat_map(|low| {
        let shift = of_above - of_below;
        let under = move |high: &&super::ink::Placed| {
            high.ink.left - AIR < low.ink.right + shift
                && low.ink.left + shift < high.ink.right + AIR
        };
        below.glyphs.iter().filter(under).map(|high| low.ink.bottom - high.ink.top + AIR)
    })
    .fold(0.0, f32::max)
}

/// The top and the bottom of the ink of all lines, from the first base line, in px at the
/// reference size.
pub(super) fn extent(lines: &[Line], distances: &[f32]) -> (f32, f32) {
    let (mut down, mut extent) = (0.0, (f32::MAX, f32::MIN));
    for (line, distance) in lines.iter().zip(distances) {
        down += distance;
        extent = (extent.0.min(down + line.ink.top), extent.1.max(down + line.ink.bottom));
    }
    extent
}

fn scaled(ink: Bounds, scale: f32, [x, y]: [f32; 2]) -> Bounds {
    Bounds {
        left: x + ink.left * scale,
        top: y + ink.top * scale,
        right: x + ink.right * scale,
        bottom: y + ink.bottom * scale,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a canvas is smaller than 2^24 px")]
fn px(value: i32) -> f32 {
    value as f32
}

#[expect(clippy::cast_precision_loss, reason = "a canvas has fewer than 2^24 hundredths")]
fn two_decimals(value: f32) -> f32 {
    hundredths(value) as f32 / 100.0
}
