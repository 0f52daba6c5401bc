//! The ten arrangements: which boxes an ad has on a canvas of each class.
//!
//! `rank` orders the arrangements whose needs are met, by seed, brand and intent; `plan` lays one
//! out on a grid of twelve columns: grounds and art as nodes, and the boxes in which the mark and
//! the words will stand. Everything is laid out from left to right; composing mirrors it for
//! scripts that run the other way. Never: words, or a colour that is not a role.

mod art;
mod band;
mod card;
mod centered;
mod framed;
mod grid;
mod hero;
mod offer;
mod rank;
mod scrim;
mod split;
mod statement;
mod terse;

use crate::ads::random::Random;
use crate::ads::scene::{Align, Frame, Ink, LayoutKind, Node, Paint, Role, VerticalAlign};
use crate::domain::asset::ContentDigest;

pub(crate) use grid::{Grid, float, px};
pub use rank::{Needs, rank};
pub(crate) use terse::raise_picture;

/// What a layout may look at.
pub(crate) struct Setting<'a> {
    /// The canvas.
    pub(crate) grid: Grid,
    /// Chance, the same for all formats of a campaign.
    pub(crate) random: Random,
    /// The photograph of photo layouts.
    pub(crate) photo: Option<Photo>,
    /// The name of the icon that the ad is about.
    pub(crate) icon: Option<&'a str>,
    /// Whether the panel's colour can be told from the ground's at a glance.
    pub(crate) panel_stands_out: bool,
    /// Whether nothing is said: picture and mark only.
    pub(crate) silent: bool,
}

/// A photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Photo {
    /// Its content.
    pub(crate) digest: ContentDigest,
    /// Which point stays in view.
    pub(crate) focus: [f32; 2],
    /// Where from the top, 0 to 1, a subject begins that stands before a plain ground.
    pub(crate) crown: Option<f32>,
    /// Width divided by height.
    pub(crate) aspect: f32,
    /// Whether it is a thing on a transparent ground, to be shown whole.
    pub(crate) cut_out: bool,
}

impl Photo {
    /// The point that stays in view when a box of this shape is filled: a subject before a plain
    /// ground keeps its head.
    fn focus_in(&self, frame: Frame) -> [f32; 2] {
        /// The ground above a head, as a share of the picture's height.
        const AIR: f32 = 0.04;
        let seen = self.aspect * float(frame.h) / float(frame.w.max(1));
        let [x, y] = self.focus;
        let Some(crown) = self.crown.filter(|_| seen < 1.0) else { return [x, y] };
        let top = (y - seen / 2.0).clamp(0.0, 1.0 - seen);
        let top = top.min((crown - AIR).max(0.0));
        [x, top + seen / 2.0]
    }
}

/// An arrangement on a canvas, before anything is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Grounds, art, pictures, panels: all that lies under the words.
    pub(crate) nodes: Vec<Node>,
    /// Where the brand's mark stands.
    pub(crate) mark: Mark,
    /// Where the words stand.
    pub(crate) words: Words,
    /// Where the legal line stands.
    pub(crate) legal: Frame,
}

/// Where the brand's mark stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    /// The most room that it may take.
    pub(crate) frame: Frame,
    /// At which side of it.
    pub(crate) align: Align,
    /// What it stands upon.
    pub(crate) ground: Ink,
    /// Whether it comes down to stand right above the words.
    pub(crate) sinks: bool,
}

/// Where the words stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Words {
    /// In a column, one below the other.
    Stack(Stack),
    /// In a row: the headline, then the button.
    Row(Row),
}

/// Words in a column: all their boxes have its left edge and its width.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stack {
    /// The column.
    pub(crate) frame: Frame,
    /// Where lines stand in it.
    pub(crate) align: Align,
    /// Where the words as a whole stand in it.
    pub(crate) anchor: VerticalAlign,
    /// Whether subline and button keep to the foot while the headline keeps to the head.
    pub(crate) spread: bool,
    /// What they stand upon.
    pub(crate) ground: Ink,
    /// The largest headline, in px on a square of 1080 px.
    pub(crate) largest: f32,
    /// The most lines of the headline.
    pub(crate) lines: u32,
    /// Whether the number of an offer leads.
    pub(crate) number_leads: bool,
    /// Whether only one line and the button are shown.
    pub(crate) terse: bool,
}

/// Words in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    /// Where the headline stands.
    pub(crate) headline: Frame,
    /// Where the button stands, and the most room that it may take.
    pub(crate) cta: Frame,
    /// What they stand upon.
    pub(crate) ground: Ink,
}

/// Lays an arrangement out.
pub(crate) fn plan(kind: LayoutKind, setting: &Setting<'_>) -> Plan {
    if setting.grid.class.is_terse() {
        return terse::plan(kind, setting);
    }
    match kind {
        LayoutKind::Statement => statement::plan(setting),
        LayoutKind::Centered => centered::plan(setting),
        LayoutKind::SplitArt => split::art(setting),
        LayoutKind::SplitPhoto => split::photo(setting),
        LayoutKind::OfferBurst => offer::plan(setting),
        LayoutKind::CardOnPattern => card::plan(setting),
        LayoutKind::ScrimPhoto => scrim::plan(setting),
        LayoutKind::Frame => framed::plan(setting),
        LayoutKind::DiagonalBand => band::plan(setting),
        LayoutKind::ProductHero => hero::plan(setting),
    }
}

/// The layers, from back to front; words stand above all of them.
pub(crate) mod layer {
    /// The ground of the canvas.
    pub(crate) const GROUND: i32 = 0;
    /// Art on it.
    pub(crate) const ART: i32 = 1;
    /// A photograph.
    pub(crate) const PHOTO: i32 = 2;
    /// What lies on a photograph under words.
    pub(crate) const SCRIM: i32 = 3;
    /// Panels and cards.
    pub(crate) const PANEL: i32 = 4;
    /// What stands on a panel.
    pub(crate) const ON_PANEL: i32 = 5;
    /// A cut-out picture or an icon.
    pub(crate) const HERO: i32 = 6;
    /// The line around all of it.
    pub(crate) const BORDER: i32 = 9;
    /// The mark.
    pub(crate) const MARK: i32 = 10;
    /// Words.
    pub(crate) const WORDS: i32 = 11;
}

/// How high a mark's row is, in px on a square of 1080 px.
const MARK_HEIGHT: f32 = 72.0;

/// The space between a mark and the words, likewise.
const UNDER_MARK: f32 = 40.0;

/// The height kept for a legal line at the foot, likewise.
const LEGAL_HEIGHT: f32 = 40.0;

/// The ground of the whole canvas.
fn ground(setting: &Setting<'_>, ink: Ink) -> Node {
    let mut node = Node::new("bg", Role::Background, layer::GROUND, setting.grid.canvas);
    node.paint = Some(Paint::Solid(ink));
    node
}

/// A mark in the corner where reading starts.
fn mark_at_start(grid: &Grid, ground: Ink) -> Mark {
    let (x, w) = grid.columns(0, 6);
    let frame = Frame::new(x, grid.content.y, w, grid.px(MARK_HEIGHT));
    Mark { frame, align: Align::Start, ground, sinks: false }
}

/// The rest of the content below a mark at its head.
fn below(grid: &Grid, columns: [i32; 2], mark: &Mark) -> Frame {
    let (x, w) = grid.columns(columns[0], columns[1]);
    let y = mark.frame.bottom() + grid.px(UNDER_MARK);
    Frame::new(x, y, w, grid.content.bottom() - y)
}

/// The legal line of a column: at the foot of the content.
fn legal_line(grid: &Grid, column: Frame) -> Frame {
    let height = grid.px(LEGAL_HEIGHT);
    Frame::new(column.x, column.bottom() - height, column.w, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::format::{AspectRatio, Resolution};
    use crate::ads::scene::Format;

    fn formats() -> Vec<Format> {
        let named = Format::names().map(|id| Format::named(id).expect("named in the table"));
        let ratios = AspectRatio::ALL.into_iter().flat_map(|ratio| {
            Resolution::ALL.map(|resolution| Format::of_ratio(ratio, resolution))
        });
        named.chain(ratios).chain(Format::sized(50, 50)).collect()
    }

    fn setting(format: &Format, seed: u64) -> Setting<'static> {
        let photo = Photo {
            digest: ContentDigest::of(b"photo"),
            focus: [0.4, 0.6],
            crown: None,
            aspect: 1.5,
            cut_out: false,
        };
        Setting {
            grid: Grid::of(format),
            random: Random::new(seed),
            photo: Some(photo),
            icon: Some("cup"),
            panel_stands_out: seed.is_multiple_of(2),
            silent: false,
        }
    }

    #[test]
    fn a_subject_before_a_plain_ground_keeps_its_head() {
        let photo = |crown| Photo {
            digest: ContentDigest::of(b"photo"),
            focus: [0.5, 0.6],
            crown,
            aspect: 1.0,
            cut_out: false,
        };
        let [_, y] = photo(Some(0.1)).focus_in(Frame::new(0, 0, 200, 100));
        assert!((y - 0.31).abs() < 0.001, "{y}");
        let near = |[_, y]: [f32; 2]| (y - 0.6).abs() < 0.001;
        assert!(near(photo(None).focus_in(Frame::new(0, 0, 200, 100))));
        assert!(near(photo(Some(0.1)).focus_in(Frame::new(0, 0, 100, 200))), "nothing is cut");
    }

    #[test]
    fn words_and_mark_stand_within_the_content_and_apart() {
        for format in formats() {
            for kind in LayoutKind::ALL {
                for seed in 0..8 {
                    let setting = setting(&format, seed);
                    let plan = plan(kind, &setting);
                    let at = format!("{kind:?} on {} ({}x{})", format.id, format.w, format.h);
                    let boxes = match &plan.words {
                        Words::Stack(stack) => vec![stack.frame],
                        Words::Row(row) => vec![row.headline, row.cta],
                    };
                    let content = setting.grid.content;
                    assert!(content.contains(plan.mark.frame), "{at}: {:?}", plan.mark);
                    for frame in boxes {
                        assert!(content.contains(frame), "{at}: {frame:?} in {content:?}");
                        assert!(frame.w > 0 && frame.h > 0, "{at}: {frame:?}");
                        assert!(
                            !frame.overlaps(plan.mark.frame),
                            "{at}: {frame:?} {:?}",
                            plan.mark
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn one_campaign_has_the_same_art_on_every_canvas() {
        for kind in LayoutKind::ALL {
            let art = |id: &str| {
                let format = Format::named(id).expect("named in the table");
                let plan = plan(kind, &setting(&format, 5));
                plan.nodes
                    .into_iter()
                    .find_map(|node| node.generator)
                    .map(|art| (art.kind, art.seed))
            };
            assert_eq!(art("square"), art("story"), "{kind:?}");
            assert_eq!(art("square"), art("landscape"), "{kind:?}");
        }
    }
}
