//! The line around a banner whose ground is that of most pages.

use crate::ads::layout::layer;
use crate::ads::scene::{Format, Ink, Node, Paint, Palette, Role};

/// A fine line where a white or black ground would run into the page around it.
pub(super) fn around(format: &Format, palette: &Palette) -> Option<Node> {
    /// From here on a ground is white to the eye.
    const WHITE: f64 = 0.86;
    /// Up to here it is black.
    const BLACK: f64 = 0.01;
    let ground = palette.color(Ink::Bg).luminance();
    let is_of_pages = !(BLACK..WHITE).contains(&ground);
    if !format.wants_border() || !is_of_pages {
        return None;
    }
    let mut node = Node::new("border", Role::Decoration, layer::BORDER, format.frame());
    node.paint = Some(Paint::Outline { color: Ink::Muted, width: 1 });
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::palette::{self, Wish};
    use crate::ads::random::Random;
    use crate::domain::brand::{BrandColors, Hex};

    #[test]
    fn only_banners_on_the_grounds_of_pages_have_one() {
        let banner = Format::named("iab_mpu").expect("named in the table");
        let half_page = Format::named("half_page").expect("named in the table");
        let square = Format::named("square").expect("named in the table");
        let on = |ground: Hex| {
            let (colors, wish) = (BrandColors::default(), Wish::default());
            let mut palette = palette::of(&colors, None, &wish, &mut Random::new(1));
            palette.bg = ground;
            palette
        };
        assert!(around(&banner, &on(Hex::WHITE)).is_some());
        assert!(around(&half_page, &on(Hex::new(250, 249, 246))).is_some());
        assert!(around(&banner, &on(Hex::BLACK)).is_some());
        assert!(around(&banner, &on(Hex::new(11, 61, 46))).is_none());
        assert!(around(&square, &on(Hex::WHITE)).is_none());
    }
}
