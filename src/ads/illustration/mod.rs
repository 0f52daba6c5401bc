//! Pictures without a camera: what `images.generate` puts together where no model is configured.
//!
//! The subject's words lead to icons; one of several settings stands them upon drawn art, in the
//! palette's colours, with long shadows or as a two-colour print. All of it is scene nodes, drawn
//! as any other. Never: words in the picture, or the claim that it is a photograph.

mod settings;
mod stage;

use crate::ads::icons;
use crate::ads::random::Random;
use crate::ads::scene::{Format, Node, Palette};
use stage::Stage;

/// The most icons of one picture: more are a pattern without a subject.
pub const MOST_ICONS: usize = 3;

/// A picture as scene nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Illustration {
    /// From back to front, `z` from 0: a background, decorations, plates and heroes.
    pub nodes: Vec<Node>,
    /// The names of the icons in it, the subject first; empty when the words named nothing that
    /// can be drawn, and the picture is abstract.
    pub icons: Vec<&'static str>,
    /// The setting's name, such as `medallion`.
    pub setting: &'static str,
}

/// Composes a picture of what the words name; the same arguments give the same picture.
///
/// `lang` is BCP 47 of the words. Which setting is taken, and its art, are the seed's choice.
pub fn of(
    words: &str,
    lang: &str,
    palette: &Palette,
    format: &Format,
    random: &mut Random,
) -> Illustration {
    let icons: Vec<&'static str> = icons::subjects(words, lang)
        .into_iter()
        .take(MOST_ICONS)
        .map(|icon| icon.name.as_str())
        .collect();
    let stage = Stage::new(format, palette);
    let (setting, nodes) = settings::drawn(&stage, &icons, random);
    Illustration { nodes, icons, setting }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::palette::{self, Wish};
    use crate::ads::scene::{Paint, Role};
    use crate::domain::brand::BrandColors;

    const SIZES: [(u32, u32); 9] = [
        (1080, 1080),
        (1080, 1920),
        (1200, 628),
        (300, 250),
        (728, 90),
        (160, 600),
        (320, 50),
        (50, 50),
        (4096, 4096),
    ];

    fn format((w, h): (u32, u32)) -> Format {
        Format { id: "custom".to_owned(), w, h, safe: [0, 0, 0, 0] }
    }

    fn each(mut check: impl FnMut(&Illustration, &Palette, (u32, u32))) {
        let words = ["", "coffee", "coffee and a book", "a dog, a cat and a tree in the rain"];
        for words in words {
            for size in SIZES {
                for seed in 0..16 {
                    let random = Random::new(seed);
                    let none = BrandColors::default();
                    let wish = Wish::default();
                    let palette = palette::of(&none, None, &wish, &mut random.fork("palette"));
                    let drawn = of(words, "en", &palette, &format(size), &mut random.fork("art"));
                    check(&drawn, &palette, size);
                }
            }
        }
    }

    #[test]
    fn every_picture_has_a_ground_and_its_subject_and_unique_ids() {
        each(|drawn, _, size| {
            let ground = &drawn.nodes[0];
            assert_eq!((ground.role, ground.z), (Role::Background, 0));
            let ids: std::collections::BTreeSet<&str> =
                drawn.nodes.iter().map(|node| node.id.as_str()).collect();
            assert_eq!(ids.len(), drawn.nodes.len());
            let heroes: Vec<&Node> =
                drawn.nodes.iter().filter(|node| node.role == Role::Hero).collect();
            assert_eq!(heroes.is_empty(), drawn.icons.is_empty());
            for node in drawn.nodes.iter().filter(|node| node.icon.is_some()) {
                assert!(node.frame.w > 0 && node.frame.h > 0, "{size:?} {node:?}");
                let icon = node.icon.as_ref().expect("an icon");
                assert!(icons::outline(&icon.name).is_some());
            }
        });
    }

    #[test]
    fn the_subject_can_be_told_from_what_it_stands_on() {
        each(|drawn, palette, _| {
            for hero in drawn.nodes.iter().filter(|node| node.role == Role::Hero) {
                let color = palette.color(hero.icon.as_ref().expect("an icon").color);
                let under = drawn
                    .nodes
                    .iter()
                    .filter(|node| node.z < hero.z && node.frame.contains(middle(hero)))
                    .filter_map(|node| match node.paint {
                        Some(Paint::Solid(ink)) if node.opacity.is_none() => Some(ink),
                        _ => None,
                    })
                    .next_back()
                    .expect("a ground");
                let contrast = color.contrast(palette.color(under));
                assert!(contrast >= 3.0, "{}: {contrast}", drawn.setting);
            }
        });
    }

    fn middle(node: &Node) -> crate::ads::scene::Frame {
        let frame = node.frame;
        crate::ads::scene::Frame::new(frame.x + frame.w / 2, frame.y + frame.h / 2, 1, 1)
    }

    #[test]
    fn the_seed_decides_and_every_setting_comes() {
        let none = BrandColors::default();
        let palette = palette::of(&none, None, &Wish::default(), &mut Random::new(1));
        let draw = |seed| {
            let mut random = Random::new(seed);
            of("coffee and a book", "en", &palette, &format((1080, 1080)), &mut random)
        };
        assert_eq!(draw(5), draw(5));
        let settings: std::collections::BTreeSet<&str> =
            (0..60).map(|seed| draw(seed).setting).collect();
        assert!(settings.len() >= 4, "{settings:?}");
        assert_eq!(draw(5).icons, ["coffee", "book"]);
    }
}
