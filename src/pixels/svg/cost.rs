//! Bounds the renderer's work on a resolved drawing.
//!
//! Counts what is drawn as the renderer will: a mask, clip or pattern again at each element that
//! has it, and a layer's pixels for each group that needs one. Counting itself stops at the limit.

use resvg::tiny_skia::Transform;
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Pattern, Tree, filter};

use super::super::PictureError;

/// The most nodes that are drawn, repetitions included.
const MAX_DRAWN: u64 = 60_000;
/// The most pixels of layers, filters and pattern cells: two seconds of work.
const MAX_LAYER_PIXELS: f64 = 1.5e9;
/// The largest cell of a pattern in pixels.
const MAX_CELL_PIXELS: f64 = 4e6;
/// The most dashes along one stroke.
const MAX_DASHES: f32 = 20_000.0;

/// Refuses a drawing that asks for too much at this scale.
pub(super) fn check(tree: &Tree, scale: f32) -> Result<(), PictureError> {
    let size = tree.size();
    let canvas = f64::from(size.width() * scale) * f64::from(size.height() * scale);
    let mut meter = Meter { drawn: 0, pixels: 0.0, canvas, scale };
    meter.group(tree.root())
}

struct Meter {
    drawn: u64,
    pixels: f64,
    /// The canvas in pixels; a layer may be larger by what filters need.
    canvas: f64,
    scale: f32,
}

type Checked = Result<(), PictureError>;

impl Meter {
    fn group(&mut self, group: &Group) -> Checked {
        self.count(1, 0.0)?;
        if group.should_isolate() {
            self.count(0, self.canvas)?;
        }
        for filter in group.filters() {
            for primitive in filter.primitives() {
                if is_endless(primitive.kind()) {
                    return Err(PictureError::TooLarge("an SVG with a costly filter"));
                }
                self.count(1, self.canvas * 8.0)?;
                if let filter::Kind::Image(image) = primitive.kind() {
                    self.group(image.root())?;
                }
            }
        }
        if let Some(clip) = group.clip_path() {
            self.clip(clip)?;
        }
        if let Some(mask) = group.mask() {
            self.mask(mask)?;
        }
        group.children().iter().try_for_each(|child| self.node(child))
    }

    fn node(&mut self, node: &Node) -> Checked {
        match node {
            Node::Group(group) => self.group(group),
            Node::Path(path) => {
                self.count(1, 0.0)?;
                let transform = path.abs_transform();
                if let Some(fill) = path.fill() {
                    self.paint(fill.paint(), transform)?;
                }
                if let Some(stroke) = path.stroke() {
                    if let Some(dashes) = stroke.dasharray() {
                        check_dashes(path.data(), dashes)?;
                    }
                    self.paint(stroke.paint(), transform)?;
                }
                Ok(())
            }
            Node::Image(_) => self.count(1, self.canvas),
            Node::Text(text) => self.group(text.flattened()),
        }
    }

    fn clip(&mut self, clip: &ClipPath) -> Checked {
        self.count(1, self.canvas)?;
        clip.clip_path().map_or(Ok(()), |outer| self.clip(outer))?;
        self.group(clip.root())
    }

    fn mask(&mut self, mask: &Mask) -> Checked {
        self.count(1, self.canvas)?;
        mask.mask().map_or(Ok(()), |outer| self.mask(outer))?;
        self.group(mask.root())
    }

    fn paint(&mut self, paint: &Paint, transform: Transform) -> Checked {
        let Paint::Pattern(pattern) = paint else { return Ok(()) };
        let cell = cell_pixels(pattern, transform, self.scale);
        if !cell.is_finite() || cell > MAX_CELL_PIXELS {
            return Err(PictureError::TooLarge("an SVG with a huge pattern"));
        }
        self.count(1, cell)?;
        self.group(pattern.root())
    }

    fn count(&mut self, drawn: u64, pixels: f64) -> Checked {
        self.drawn += drawn;
        self.pixels += pixels;
        if self.drawn > MAX_DRAWN || self.pixels > MAX_LAYER_PIXELS {
            return Err(PictureError::TooLarge("an SVG that takes long to draw"));
        }
        Ok(())
    }
}

/// Filters whose work grows with a number in the file instead of with the picture.
fn is_endless(kind: &filter::Kind) -> bool {
    matches!(
        kind,
        filter::Kind::Turbulence(_)
            | filter::Kind::Morphology(_)
            | filter::Kind::ConvolveMatrix(_)
            | filter::Kind::DisplacementMap(_)
    )
}

/// The pixels of one cell, at the largest scale at which it may be drawn.
fn cell_pixels(pattern: &Pattern, transform: Transform, scale: f32) -> f64 {
    let (outer, inner) = (transform.get_scale(), pattern.transform().get_scale());
    let rect = pattern.rect();
    let along = |length: f32, one: f32, two: f32| f64::from(length * scale) * f64::from(one * two);
    along(rect.width(), outer.0, inner.0) * along(rect.height(), outer.1, inner.1)
}

fn check_dashes(path: &resvg::tiny_skia::Path, dashes: &[f32]) -> Checked {
    let period: f32 = dashes.iter().sum();
    let bounds = path.bounds();
    #[expect(clippy::cast_precision_loss, reason = "a path has some ten thousand points")]
    let longest = (bounds.width() + bounds.height()) * path.len() as f32;
    #[expect(clippy::cast_precision_loss, reason = "a list of dashes is short")]
    let count = longest / period * dashes.len() as f32;
    if period > 0.0 && count <= MAX_DASHES * 50.0 {
        return Ok(());
    }
    Err(PictureError::TooLarge("an SVG with endless dashes"))
}

#[cfg(test)]
mod tests {
    use resvg::usvg::Options;

    use super::*;

    fn checked(inside: &str) -> Checked {
        let text =
            format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'>{inside}</svg>");
        check(&Tree::from_str(&text, &Options::default()).expect("test SVG"), 2.56)
    }

    #[test]
    fn layers_are_counted_by_their_pixels() {
        let layer = "<g opacity='.5'><rect width='9' height='9'/><rect width='5' height='5'/></g>";
        assert_eq!(checked(&layer.repeat(200)), Ok(()));
        assert!(checked(&layer.repeat(25_000)).is_err());
    }

    #[test]
    fn filters_without_end_are_refused() {
        for primitive in [
            "<feTurbulence numOctaves='1000000000' baseFrequency='.1'/>",
            "<feMorphology radius='5000'/>",
        ] {
            let text = format!(
                "<filter id='f'>{primitive}</filter><rect width='9' height='9' filter='url(#f)'/>"
            );
            assert!(checked(&text).is_err(), "{primitive}");
        }
        let shadow = "<filter id='f'><feDropShadow dx='1'/></filter>\
                      <rect width='9' height='9' filter='url(#f)'/>";
        assert_eq!(checked(shadow), Ok(()));
    }

    #[test]
    fn a_pattern_cell_may_not_be_huge() {
        let text = "<pattern id='p' width='100000' height='100000' patternUnits='userSpaceOnUse'>\
                    <rect width='9' height='9'/></pattern>\
                    <rect width='9' height='9' fill='url(#p)'/>";
        assert!(checked(text).is_err());
    }

    #[test]
    fn dashes_have_an_end() {
        let text = "<path d='M0 0h1e9' stroke='#000' stroke-dasharray='1e-6'/>";
        assert!(checked(text).is_err());
        let text = "<path d='M0 0h100v9' stroke='#000' stroke-dasharray='2 1'/>";
        assert_eq!(checked(text), Ok(()));
    }
}
