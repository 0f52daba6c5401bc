//! The ratios and resolutions of the contract.

use std::str::FromStr;

use super::FormatError;

/// A ratio of width to height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AspectRatio {
    id: &'static str,
    width: u32,
    height: u32,
}

impl AspectRatio {
    /// 9:16, the telephone's screen.
    pub const NINE_SIXTEENTHS: Self = ratio("9:16", 9, 16);

    /// All of them, in the contract's order.
    pub const ALL: [Self; 14] = [
        ratio("1:1", 1, 1),
        ratio("1:4", 1, 4),
        ratio("1:8", 1, 8),
        ratio("2:3", 2, 3),
        ratio("3:2", 3, 2),
        ratio("3:4", 3, 4),
        ratio("4:1", 4, 1),
        ratio("4:3", 4, 3),
        ratio("4:5", 4, 5),
        ratio("5:4", 5, 4),
        ratio("8:1", 8, 1),
        Self::NINE_SIXTEENTHS,
        ratio("16:9", 16, 9),
        ratio("21:9", 21, 9),
    ];

    /// As the contract writes it.
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// The ratio that is nearest to a picture's size: what `auto` means when a picture is given.
    pub fn nearest(width: u32, height: u32) -> Self {
        // Distances in per mille of the logarithm would need floats; the larger share of the two
        // quotients orders them alike.
        let distance = |ratio: &Self| {
            let one = u64::from(width.max(1)) * u64::from(ratio.height);
            let two = u64::from(height.max(1)) * u64::from(ratio.width);
            one.max(two) * 1_000_000 / one.min(two)
        };
        Self::ALL.into_iter().min_by_key(distance).unwrap_or(Self::ALL[0])
    }

    /// Width and height in px; the longer side is the resolution's.
    pub(super) fn size(self, resolution: Resolution) -> (u32, u32) {
        let long = resolution.longer_side();
        let longest = self.width.max(self.height);
        // Rounded to the nearest px.
        let side = |share: u32| (long * share * 2 + longest) / (2 * longest);
        (side(self.width), side(self.height))
    }
}

const fn ratio(id: &'static str, width: u32, height: u32) -> AspectRatio {
    AspectRatio { id, width, height }
}

/// All ratios, for a message.
pub(super) fn ratios() -> String {
    let mut all = "`auto`".to_owned();
    for ratio in AspectRatio::ALL {
        all.push_str(", `");
        all.push_str(ratio.id);
        all.push('`');
    }
    all
}

impl FromStr for AspectRatio {
    type Err = FormatError;

    /// `auto` is a square: the contract's default where nothing else speaks for a ratio.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = if text == "auto" { "1:1" } else { text };
        Self::ALL
            .into_iter()
            .find(|ratio| ratio.id == id)
            .ok_or_else(|| FormatError::UnknownRatio(text.to_owned()))
    }
}

/// How long the longer side is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// 512 px.
    Half,
    /// 1024 px.
    #[default]
    One,
    /// 2048 px.
    Two,
    /// 4096 px.
    Four,
}

impl Resolution {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Half, Self::One, Self::Two, Self::Four];

    /// The one whose longer side comes nearest to so many px.
    pub fn nearest(longer_side: u32) -> Self {
        let away = |resolution: &Self| resolution.longer_side().abs_diff(longer_side);
        Self::ALL.into_iter().min_by_key(away).unwrap_or_default()
    }

    pub(super) const fn longer_side(self) -> u32 {
        match self {
            Self::Half => 512,
            Self::One => 1024,
            Self::Two => 2048,
            Self::Four => 4096,
        }
    }
}

impl FromStr for Resolution {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "512" => Ok(Self::Half),
            "1K" => Ok(Self::One),
            "2K" => Ok(Self::Two),
            "4K" => Ok(Self::Four),
            _ => Err(FormatError::UnknownResolution(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::format::{MAX_SIDE, MIN_SIDE};
    use crate::ads::scene::Format;

    #[test]
    fn the_longer_side_is_the_resolutions_and_all_sizes_can_be_drawn() {
        for ratio in AspectRatio::ALL {
            for resolution in Resolution::ALL {
                let format = Format::of_ratio(ratio, resolution);
                assert_eq!(format.w.max(format.h), resolution.longer_side());
                assert!(format.w.min(format.h) >= MIN_SIDE, "{}", ratio.id);
                assert!(format.w.max(format.h) <= MAX_SIDE, "{}", ratio.id);
                assert!(format.frame().contains(format.safe_frame()), "{}", ratio.id);
            }
        }
        let story = Format::of_ratio(AspectRatio::NINE_SIXTEENTHS, Resolution::One);
        assert_eq!((story.w, story.h), (576, 1024));
    }

    #[test]
    fn a_telephones_screen_keeps_the_storys_safe_area_at_any_size() {
        let share = |format: &Format| {
            let safe = format.safe_frame();
            let h = format.h.cast_signed();
            (safe.y * 1000 / h, (h - safe.bottom()) * 1000 / h)
        };
        let story = Format::named("story").expect("named in the table");
        let large = Resolution::ALL.map(|r| Format::of_ratio(AspectRatio::NINE_SIXTEENTHS, r));
        let sized = [(1080, 1920), (2160, 3840), (375, 667), (540, 960)]
            .map(|(w, h)| Format::sized(w, h).expect("within the limits"));
        for format in large.iter().chain(&sized) {
            let ((top, foot), (own_top, own_foot)) = (share(&story), share(format));
            assert!(own_top.abs_diff(top) <= 3 && own_foot.abs_diff(foot) <= 3, "{format:?}");
        }
    }

    #[test]
    fn what_the_contract_does_not_name_is_refused() {
        assert!("auto".parse::<AspectRatio>().is_ok());
        assert!("7:5".parse::<AspectRatio>().is_err());
        assert!("1k".parse::<Resolution>().is_err());
    }

    #[test]
    fn auto_takes_the_ratio_nearest_to_a_picture() {
        assert_eq!(AspectRatio::nearest(1920, 1080).id(), "16:9");
        assert_eq!(AspectRatio::nearest(1000, 1010).id(), "1:1");
        assert_eq!(AspectRatio::nearest(0, 4000).id(), "1:8");
    }
}
