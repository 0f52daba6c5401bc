//! Canvases: the named sizes, the contract's ratios, and what each asks of an ad.
//!
//! A canvas is found by its name, its size, or a ratio and a resolution; its class says which
//! boxes a layout uses, its scale how large type is on it. Never: a size outside 50 to 4096 px.

use crate::ads::scene::{Format, Frame, Role};

mod asked;
mod named;
mod ratio;

pub use asked::Asked;
pub use ratio::{AspectRatio, Resolution};

/// The shortest side that is drawn; a favicon is no ad.
pub const MIN_SIDE: u32 = 50;

/// The longest side that is drawn: 4096 × 4096 px take 64 MiB.
pub const MAX_SIDE: u32 = 4096;

/// Which boxes a layout uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// At least 3.5 times as wide as high.
    Strip,
    /// 1.3 to 3.5 times as wide as high.
    Wide,
    /// About as wide as high.
    Square,
    /// Three to four, and its neighbours.
    Portrait,
    /// A telephone's screen.
    Tall,
    /// More than twice as high as wide.
    Tower,
    /// Too few pixels for more than a line and a button.
    Small,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Strip,
        Self::Wide,
        Self::Square,
        Self::Portrait,
        Self::Tall,
        Self::Tower,
        Self::Small,
    ];

    /// Whether there is room for a mark, one line and a button only.
    pub const fn is_terse(self) -> bool {
        matches!(self, Self::Strip | Self::Tower | Self::Small)
    }
}

/// Why there is no such canvas; the message names the field of the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// No format has this name.
    #[error("`output.format`: no format `{0}`; there are {known}", known = named::names())]
    UnknownName(String),
    /// A side is outside the limits.
    #[error("`output.format.{side}` is {value}; it must be {MIN_SIDE} to {MAX_SIDE}")]
    Side {
        /// `width` or `height`.
        side: &'static str,
        /// What was asked for.
        value: u32,
    },
    /// No such ratio in the contract.
    #[error("`output.aspect_ratio`: no ratio `{0}`; there are {known}", known = ratio::ratios())]
    UnknownRatio(String),
    /// No such resolution in the contract.
    #[error("`output.resolution`: no resolution `{0}`; there are `512`, `1K`, `2K`, `4K`")]
    UnknownResolution(String),
}

impl Format {
    /// The format of this name, such as `story`.
    pub fn named(id: &str) -> Result<Self, FormatError> {
        named::find(id).ok_or_else(|| FormatError::UnknownName(id.to_owned()))
    }

    /// What a person calls a canvas: `1200x628`, a ratio such as `16:9`, or the name of a format.
    /// `resolution` is that of a ratio.
    pub fn called(name: &str, resolution: Resolution) -> Result<Self, FormatError> {
        let sides =
            name.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match sides {
            Some((width, height)) => Self::sized(width, height),
            None if name.contains(':') => Ok(Self::of_ratio(name.parse()?, resolution)),
            None => Self::named(name),
        }
    }

    /// The names that [`Format::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        named::TABLE.iter().map(|row| row.id)
    }

    /// A canvas of any size from [`MIN_SIDE`] to [`MAX_SIDE`]. One that has the size of a named
    /// format is still `custom`: where it will be shown is not known.
    pub fn sized(width: u32, height: u32) -> Result<Self, FormatError> {
        for (side, value) in [("width", width), ("height", height)] {
            if !(MIN_SIDE..=MAX_SIDE).contains(&value) {
                return Err(FormatError::Side { side, value });
            }
        }
        // A telephone's screen has the story's safe area, however many pixels it has.
        if (width * 16).abs_diff(height * 9) <= 16 {
            let story = named::find("story").expect("the table has a story");
            return Ok(story.scaled("custom", width, height));
        }
        Ok(Self::even("custom", width, height))
    }

    /// The canvas of a ratio and a resolution.
    pub fn of_ratio(ratio: AspectRatio, resolution: Resolution) -> Self {
        let (w, h) = ratio.size(resolution);
        if ratio == AspectRatio::NINE_SIXTEENTHS {
            let story = named::find("story").expect("the table has a story");
            return story.scaled(ratio.id(), w, h);
        }
        Self::even(ratio.id(), w, h)
    }

    /// A canvas whose safe area leaves the same margin on every side.
    fn even(id: &str, w: u32, h: u32) -> Self {
        let margin = (w.min(h) * 6 / 100).max(4).cast_signed();
        let (right, bottom) = (w.cast_signed() - margin, h.cast_signed() - margin);
        Self { id: id.to_owned(), w, h, safe: [margin, margin, right, bottom] }
    }

    /// The same proportions on another number of pixels.
    fn scaled(&self, id: &str, w: u32, h: u32) -> Self {
        let along =
            |edge: i32, old: u32, new: u32| edge * new.cast_signed() / old.cast_signed().max(1);
        let [left, top, right, bottom] = self.safe;
        let safe = [
            along(left, self.w, w),
            along(top, self.h, h),
            along(right, self.w, w),
            along(bottom, self.h, h),
        ];
        Self { id: id.to_owned(), w, h, safe }
    }

    /// The same shape with a longer side of this resolution. Where a banner's place has a limit of
    /// bytes, another size of it is a canvas like any other.
    #[must_use]
    pub fn at(&self, resolution: Resolution) -> Self {
        let (longer, wanted) = (self.w.max(self.h).max(1), resolution.longer_side());
        if longer == wanted {
            return self.clone();
        }
        let side = |side: u32| ((side * wanted * 2 + longer) / (2 * longer)).max(MIN_SIDE);
        let id = if self.byte_limit().is_some() { "custom" } else { &self.id };
        self.scaled(id, side(self.w), side(self.h))
    }

    /// Which boxes a layout uses on it.
    pub fn class(&self) -> Class {
        // Per mille, so that no float decides.
        let ratio = self.w * 1000 / self.h.max(1);
        match ratio {
            3500.. => Class::Strip,
            ..450 => Class::Tower,
            _ if self.w * self.h < SMALL_AREA => Class::Small,
            1300.. => Class::Wide,
            900.. => Class::Square,
            650.. => Class::Portrait,
            _ => Class::Tall,
        }
    }

    /// The most bytes that a file may have, where the place that shows it has a limit.
    pub fn byte_limit(&self) -> Option<usize> {
        named::TABLE.iter().find(|row| row.id == self.id).and_then(|row| row.byte_limit)
    }

    /// Whether a white or black ground gets a line around it, which banners ask for.
    pub fn wants_border(&self) -> bool {
        self.byte_limit().is_some()
    }

    /// The whole canvas.
    pub const fn frame(&self) -> Frame {
        Frame::new(0, 0, self.w.cast_signed(), self.h.cast_signed())
    }

    /// The part that no frame of a platform covers.
    pub const fn safe_frame(&self) -> Frame {
        let [left, top, right, bottom] = self.safe;
        Frame::new(left, top, right - left, bottom - top)
    }

    /// How large type is: 1 on a square of 1080 px.
    pub fn scale(&self) -> f32 {
        let area = libm::sqrtf(small(self.w) * small(self.h));
        // A strip or a tower is read from as far away as its short side is long.
        let reach = small(self.w.min(self.h)) * 2.4;
        area.min(reach) / 1080.0
    }

    /// The smallest type in px that a role may have on this canvas.
    pub fn minimum_size(&self, role: Role) -> f32 {
        let on_square = match role {
            Role::Headline | Role::Number => 48.0,
            Role::Legal => 16.0,
            _ => 26.0,
        };
        let floor = if role == Role::Legal { 8.0 } else { SMALLEST_TYPE };
        let scale = self.scale().min(small(self.w) / 1080.0);
        libm::floorf((on_square * scale * 2.0).max(floor * 2.0)) / 2.0
    }
}

/// Below this many px² there is room for a line and a button only: 300 × 250 is below it.
const SMALL_AREA: u32 = 120_000;

/// The smallest type in px that anybody reads on a banner.
const SMALLEST_TYPE: f32 = 11.0;

#[expect(clippy::cast_precision_loss, reason = "at most 4096")]
fn small(side: u32) -> f32 {
    side as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_format_has_a_safe_area_within_its_canvas() {
        for id in Format::names() {
            let format = Format::named(id).expect("named in the table");
            assert!(format.frame().contains(format.safe_frame()), "{id}");
            assert!(format.safe_frame().area() > 0, "{id}");
        }
    }

    #[test]
    fn classes_follow_the_ratio_and_the_room() {
        let class = |id: &str| Format::named(id).expect("named in the table").class();
        assert_eq!(class("square"), Class::Square);
        assert_eq!(class("portrait_4x5"), Class::Portrait);
        assert_eq!(class("story"), Class::Tall);
        assert_eq!(class("landscape"), Class::Wide);
        assert_eq!(class("iab_leaderboard"), Class::Strip);
        assert_eq!(class("iab_sky"), Class::Tower);
        assert_eq!(class("iab_mpu"), Class::Small);
        assert_eq!(class("half_page"), Class::Tall);
    }

    #[test]
    fn sizes_outside_the_limits_name_their_field() {
        assert_eq!(
            Format::sized(49, 100).expect_err("too narrow").to_string(),
            "`output.format.width` is 49; it must be 50 to 4096"
        );
        assert!(Format::sized(50, 4096).is_ok());
        assert!(Format::sized(100, 4097).is_err());
        let unknown = Format::named("postcard").expect_err("no such format").to_string();
        assert!(unknown.contains("`output.format`") && unknown.contains("square"), "{unknown}");
    }

    #[test]
    fn minima_shrink_with_the_canvas_but_stay_readable() {
        let square = Format::named("square").expect("named in the table");
        assert!((square.minimum_size(Role::Headline) - 48.0).abs() < 0.01);
        assert!((square.minimum_size(Role::Cta) - 26.0).abs() < 0.01);
        let strip = Format::named("iab_mobile").expect("named in the table");
        assert!((strip.minimum_size(Role::Cta) - 11.0).abs() < 0.01);
    }
}
