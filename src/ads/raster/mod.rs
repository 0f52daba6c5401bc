//! An SVG of ours as pixels, and pixels as a file.
//!
//! The size is judged before anything is allocated, and no reference is followed: what an SVG
//! shows is in it. What was rendered is kept without alpha, three bytes a pixel. Never: a file, a
//! font, a decoder without limits.

mod embedded;
mod encode;
mod measure;
mod preview;
mod quantize;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

pub use encode::{Encoded, encode};
pub use measure::Tones;
pub use preview::HalfBlock;

use crate::ads::svg::{DrawError, MAX_SIDE};

/// A picture that was rendered: opaque, rows from top to bottom, red, green and blue.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Pixels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pixels({} × {})", self.width, self.height)
    }
}

impl Pixels {
    /// Width and height in px.
    pub const fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// Red, green and blue of each pixel, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.bytes
    }

    fn row(&self, y: u32) -> &[u8] {
        let length = self.width as usize * 3;
        let start = y as usize * length;
        &self.bytes[start..start + length]
    }
}

/// Renders `svg`, which says that it is `width` by `height` px.
pub fn render(svg: &str, width: u32, height: u32) -> Result<Pixels, DrawError> {
    /// A full canvas of photograph takes some megabytes; a scene without one a hundredth of this.
    const MAX_BYTES: usize = 64 << 20;
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
        return Err(DrawError::Size(width, height));
    }
    if svg.len() > MAX_BYTES {
        return Err(DrawError::Unreadable("it has more than 64 MiB"));
    }
    let pictures = embedded::Watched::default();
    let options = Options { image_href_resolver: pictures.resolver(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)
        .map_err(|_| DrawError::Unreadable("it is not well-formed SVG"))?;
    drop(options);
    if pictures.refused() {
        return Err(DrawError::Unreadable("it refers to a picture that it does not hold"));
    }
    let size = tree.size().to_int_size();
    if [size.width(), size.height()] != [width, height] {
        return Err(DrawError::Unreadable("its size is not the canvas's"));
    }
    let mut canvas = Pixmap::new(width, height).ok_or(DrawError::Size(width, height))?;
    resvg::render(&tree, Transform::identity(), &mut canvas.as_mut());
    drop(tree);
    Ok(Pixels { width, height, bytes: opaque(canvas.data()) })
}

/// Premultiplied pixels upon white, which shows only where a scene has no ground.
fn opaque(premultiplied: &[u8]) -> Vec<u8> {
    let (pixels, _) = premultiplied.as_chunks::<4>();
    let mut bytes = vec![0; pixels.len() * 3];
    for ([red, green, blue, alpha], shown) in pixels.iter().zip(bytes.as_chunks_mut::<3>().0) {
        let white = 255 - alpha;
        *shown = [red, green, blue].map(|channel| channel.saturating_add(white));
    }
    bytes
}

#[cfg(test)]
mod tests;
