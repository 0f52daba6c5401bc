//! What lies under the words, as an eye sees it.

use crate::ads::layout::{float, px};
use crate::ads::pictures::Gallery;
use crate::ads::raster::{self, Pixels};
use crate::ads::scene::{Frame, Scene};
use crate::ads::svg::{self, DrawError};
use crate::domain::brand::Hex;

/// The layers of a scene below its words and its mark, rendered for measuring.
pub struct Sight {
    pixels: Pixels,
    /// Its px for one px of the canvas.
    scale: f32,
}

impl Sight {
    /// Renders what lies below `z`, on fewer pixels than the canvas has where it is large.
    pub fn below(scene: &Scene, gallery: &Gallery, z: i32) -> Result<Self, DrawError> {
        let drawing = svg::draw_below(scene, &std::collections::BTreeMap::new(), gallery, z)?;
        let (w, h) = (scene.format.w, scene.format.h);
        let longest = w.max(h);
        if longest <= LONGEST_SIDE {
            return Ok(Self { pixels: raster::render(&drawing, w, h)?, scale: 1.0 });
        }
        let smaller = |side: u32| (side * LONGEST_SIDE / longest).max(1);
        let (small_w, small_h) = (smaller(w), smaller(h));
        // The view box keeps the canvas's own measures.
        let head = format!(r#"width="{w}" height="{h}""#);
        let drawing =
            drawing.replacen(&head, &format!(r#"width="{small_w}" height="{small_h}""#), 1);
        let pixels = raster::render(&drawing, small_w, small_h)?;
        let scale = float(small_w.cast_signed()) / float(w.cast_signed().max(1));
        Ok(Self { pixels, scale })
    }

    /// The contrast of a colour to what is under a part of the canvas (left, top, right, bottom):
    /// one pixel in a hundred is worse. None where the part lies outside.
    pub fn contrast(&self, part: [f32; 4], color: Hex) -> Option<f64> {
        self.pixels.worst_contrast(self.frame(part), color)
    }

    /// The contrast of a colour to the mean of what is under a part.
    pub fn mean_contrast(&self, part: [f32; 4], color: Hex) -> Option<f64> {
        let (mean, own) = (self.pixels.tones(self.frame(part))?.mean, color.luminance());
        Some((own.max(mean) + 0.05) / (own.min(mean) + 0.05))
    }

    /// How much the ground changes under a part: the contrast of its lightest to its darkest.
    pub fn unrest(&self, part: [f32; 4]) -> Option<f64> {
        let tones = self.pixels.tones(self.frame(part))?;
        Some((tones.light + 0.05) / (tones.dark + 0.05))
    }

    /// The same contrast behind a veil of `veil` at this opacity.
    pub fn veiled_contrast(
        &self,
        part: [f32; 4],
        color: Hex,
        veil: Hex,
        opacity: f32,
    ) -> Option<f64> {
        let seen = self.pixels.part(self.frame(part))?.veiled(veil, opacity);
        let [w, h] = seen.size();
        seen.worst_contrast(Frame::new(0, 0, w.cast_signed(), h.cast_signed()), color)
    }

    fn frame(&self, [left, top, right, bottom]: [f32; 4]) -> Frame {
        let at = |edge: f32| px(edge * self.scale);
        let (x, y) = (at(left), at(top));
        Frame::new(x, y, (at(right) - x).max(1), (at(bottom) - y).max(1))
    }
}

/// The longest side of what is measured: more pixels take time and change no answer.
const LONGEST_SIDE: u32 = 720;
