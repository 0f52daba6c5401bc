//! An SVG that stays a drawing: sharp at every size, and written anew.
//!
//! The file is resolved into paths and their paint under all limits of this room. What leaves is
//! that drawing, as pixels or as markup that the resolver wrote; of the file's own text not a
//! character does.

use image::RgbaImage;
use resvg::usvg::Tree;

use super::super::PictureError;
use super::{cost, demand, markup, parse, render, resolve, scale_to, strict, text};

/// The longest side in pixels at which a drawing is drawn.
const MAX_DRAWN_SIDE: u32 = 4096;

/// A drawing without scripts, references, text or surprises.
#[derive(Debug, Clone)]
pub struct Vector {
    tree: Tree,
}

impl Vector {
    /// Opens an SVG; what [`super::super::open`] would leave out in silence is an error here.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let document = parse(text(bytes)?)?;
        strict::check(&document)?;
        demand::check(&document)?;
        let tree = resolve(&document)?;
        let vector = Self { tree };
        // Drawn once, small: a drawing that shows nothing is an error now and not in an ad.
        vector.drawn(super::LOOKING_SIDE)?;
        Ok(vector)
    }

    /// The width and height that it asks for, in pixels.
    pub fn size(&self) -> [f32; 2] {
        [self.tree.size().width(), self.tree.size().height()]
    }

    /// Its pixels with a long side of `long`, at most 4096, on a transparent ground.
    pub fn drawn(&self, long: u32) -> Result<RgbaImage, PictureError> {
        let [width, height] = self.size();
        let scale = scale_to(long.min(MAX_DRAWN_SIDE), width, height)?;
        cost::check(&self.tree, scale)?;
        render(&self.tree, scale)
    }

    /// The drawing as SVG elements in its own coordinates, every id beginning with `prefix`.
    ///
    /// `None` when it needs more than paths, gradients, opacity and clips, or leaves its own box:
    /// what filters, masks, patterns and blending do differs between renderers.
    pub fn elements(&self, prefix: &str) -> Option<String> {
        /// A curve's bounds are rounded; a hundredth of a pixel is not an escape.
        const SLACK: f32 = 0.01;
        let size = self.tree.size();
        let bounds = self.tree.root().abs_layer_bounding_box();
        let stays_within = bounds.left() >= -SLACK
            && bounds.top() >= -SLACK
            && bounds.right() <= size.width() + SLACK
            && bounds.bottom() <= size.height() + SLACK;
        if stays_within { markup::elements(&self.tree, prefix) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &str) -> Result<Vector, PictureError> {
        let text =
            format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 50'>{inside}</svg>");
        Vector::read(text.as_bytes())
    }

    #[test]
    fn a_mark_is_written_anew() {
        let mark = read(
            "<title>&lt;b&gt;</title><linearGradient id='g'><stop stop-color='red'/>\
             <stop offset='1' stop-color='blue'/></linearGradient>\
             <rect id='x&quot;y' class='c' width='50' height='50' fill='url(#g)'/>",
        )
        .expect("a mark");
        assert_eq!(mark.size().map(f32::to_bits), [100.0_f32, 50.0].map(f32::to_bits));
        let elements = mark.elements("a1-").expect("paths and a gradient");
        assert!(elements.contains("url(#a1-") && elements.contains("<path"), "{elements}");
        assert!(!elements.contains("title") && !elements.contains("class"), "{elements}");
        assert_eq!(mark.drawn(200).expect("pixels").dimensions(), (200, 100));
    }

    #[test]
    fn what_leaves_its_box_or_needs_filters_stays_pixels() {
        for inside in [
            "<rect x='-20' width='90' height='20'/>",
            "<rect width='9' height='9' style='mix-blend-mode:multiply'/>",
            "<filter id='f'><feGaussianBlur stdDeviation='1'/></filter>\
             <rect x='20' y='20' width='9' height='9' filter='url(#f)'/>",
        ] {
            let mark = read(inside).expect("a drawing");
            assert_eq!(mark.elements("p"), None, "{inside}");
            assert!(mark.drawn(64).is_ok(), "{inside}");
        }
    }

    #[test]
    fn an_unusable_size_is_refused_before_it_is_drawn() {
        let text = "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'>\
                    <rect width='9' height='9'/></svg>";
        assert!(Vector::read(text.as_bytes()).is_err());
        assert!(read("<text>Tide</text><rect width='9' height='9'/>").is_err());
    }
}
