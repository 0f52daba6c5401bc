//! The colour spaces that CSS writes colours in, and their way to linear sRGB.

use super::Rgba;
use super::parse::Component;
use crate::domain::color::{Oklab, encoded, linear};

/// A colour space with three channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// `rgb()`: 0 to 255.
    Rgb,
    /// `hsl()`.
    Hsl,
    /// `hwb()`.
    Hwb,
    /// CIE `lab()`, white D50.
    Lab,
    /// `lch()`.
    Lch,
    /// `oklab()`.
    Oklab,
    /// `oklch()`.
    Oklch,
    /// `color(srgb …)`: 0 to 1.
    Srgb,
    /// `color(srgb-linear …)`.
    SrgbLinear,
    /// `color(display-p3 …)`.
    DisplayP3,
    /// `color(xyz …)`, white D65.
    Xyz,
}

impl Space {
    /// The space of a function such as `oklch(`.
    pub(super) fn of_function(name: &str) -> Option<Self> {
        match name {
            "rgb" | "rgba" => Some(Self::Rgb),
            "hsl" | "hsla" => Some(Self::Hsl),
            "hwb" => Some(Self::Hwb),
            "lab" => Some(Self::Lab),
            "lch" => Some(Self::Lch),
            "oklab" => Some(Self::Oklab),
            "oklch" => Some(Self::Oklch),
            _ => None,
        }
    }

    /// The space of a name within `color(`.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "srgb" => Some(Self::Srgb),
            "srgb-linear" => Some(Self::SrgbLinear),
            "display-p3" => Some(Self::DisplayP3),
            "xyz" | "xyz-d65" => Some(Self::Xyz),
            _ => None,
        }
    }

    /// Where a relative colour's channel stands; 3 is alpha.
    pub(super) fn channel_at(self, name: &str) -> Option<usize> {
        let names = match self {
            Self::Rgb | Self::Srgb | Self::SrgbLinear | Self::DisplayP3 => ["r", "g", "b"],
            Self::Hsl => ["h", "s", "l"],
            Self::Hwb => ["h", "w", "b"],
            Self::Lab | Self::Oklab => ["l", "a", "b"],
            Self::Lch | Self::Oklch => ["l", "c", "h"],
            Self::Xyz => ["x", "y", "z"],
        };
        if name == "alpha" { Some(3) } else { names.iter().position(|known| *known == name) }
    }

    /// The channels of a colour as this space's bare numbers, and its alpha.
    pub(super) fn channels(self, color: Rgba) -> [f32; 4] {
        let share = color.rgb.map(|byte| f32::from(byte) / 255.0);
        let lab = Oklab::from_linear(share.map(linear));
        let [one, two, three] = match self {
            Self::Rgb => color.rgb.map(f32::from),
            Self::Srgb | Self::DisplayP3 => share,
            Self::SrgbLinear | Self::Xyz => share.map(linear),
            Self::Hsl | Self::Hwb => {
                let (hue, high, low) = hexcone(share);
                let light = f32::midpoint(high, low);
                let room = 1.0 - (2.0 * light - 1.0).abs();
                let saturation = if room < 1e-6 { 0.0 } else { (high - low) / room };
                if self == Self::Hsl {
                    [hue, 100.0 * saturation, 100.0 * light]
                } else {
                    [hue, 100.0 * low, 100.0 * (1.0 - high)]
                }
            }
            // Relative colours in the CIE spaces are as good as unused; OKLab stands in for them.
            Self::Lab => [lab.l * 100.0, lab.a * 312.5, lab.b * 312.5],
            Self::Lch => [lab.l * 100.0, lab.chroma() * 375.0, lab.hue()],
            Self::Oklab => [lab.l, lab.a, lab.b],
            Self::Oklch => [lab.l, lab.chroma(), lab.hue()],
        };
        [one, two, three, color.alpha]
    }

    /// Linear sRGB of three components; `None` when one has a unit that does not belong there.
    pub(super) fn linear(self, [one, two, three]: [Component; 3]) -> Option<[f32; 3]> {
        let is_angle = |part: Component| matches!(part, Component::Degrees(_));
        let polar_first = matches!(self, Self::Hsl | Self::Hwb);
        let polar_last = matches!(self, Self::Lch | Self::Oklch);
        if is_angle(two) || (is_angle(one) && !polar_first) || (is_angle(three) && !polar_last) {
            return None;
        }
        let all = [one, two, three];
        Some(match self {
            Self::Rgb => all.map(|part| linear((part.on(255.0) / 255.0).clamp(0.0, 1.0))),
            Self::Srgb => all.map(|part| linear(part.on(1.0))),
            Self::SrgbLinear => all.map(|part| part.on(1.0)),
            Self::DisplayP3 => p3(all.map(|part| linear(part.on(1.0)))),
            Self::Xyz => from_xyz(all.map(|part| part.on(1.0))),
            Self::Hsl => hsl(one.number(), two.on(100.0) / 100.0, three.on(100.0) / 100.0),
            Self::Hwb => hwb(one.number(), two.on(100.0) / 100.0, three.on(100.0) / 100.0),
            Self::Lab => lab(one.on(100.0), two.on(125.0), three.on(125.0)),
            Self::Lch => {
                let (sine, cosine) = three.number().to_radians().sin_cos();
                let chroma = two.on(150.0);
                lab(one.on(100.0), chroma * cosine, chroma * sine)
            }
            Self::Oklab => Oklab { l: one.on(1.0), a: two.on(0.4), b: three.on(0.4) }.to_linear(),
            Self::Oklch => {
                let (sine, cosine) = three.number().to_radians().sin_cos();
                let chroma = two.on(0.4);
                Oklab { l: one.on(1.0), a: chroma * cosine, b: chroma * sine }.to_linear()
            }
        })
    }
}

/// Bytes of linear sRGB; what lies outside the gamut is clipped as browsers do.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to a byte's range before the cast"
)]
pub(super) fn clipped(linear: [f32; 3]) -> [u8; 3] {
    linear.map(|part| (encoded(part.clamp(0.0, 1.0)) * 255.0).round() as u8)
}

/// Hue in degrees, greatest and least channel.
fn hexcone([red, green, blue]: [f32; 3]) -> (f32, f32, f32) {
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    let span = high - low;
    let hue = if span < 1e-6 {
        0.0
    } else if high <= red {
        60.0 * ((green - blue) / span).rem_euclid(6.0)
    } else if high <= green {
        60.0 * ((blue - red) / span + 2.0)
    } else {
        60.0 * ((red - green) / span + 4.0)
    };
    (hue, high, low)
}

fn hsl(hue: f32, saturation: f32, light: f32) -> [f32; 3] {
    let (saturation, light) = (saturation.clamp(0.0, 1.0), light.clamp(0.0, 1.0));
    let reach = saturation * light.min(1.0 - light);
    [0.0, 8.0, 4.0].map(|offset| {
        let at = (offset + hue / 30.0).rem_euclid(12.0);
        linear(light - reach * (at - 3.0).min(9.0 - at).clamp(-1.0, 1.0))
    })
}

fn hwb(hue: f32, white: f32, black: f32) -> [f32; 3] {
    if white + black >= 1.0 {
        return [linear(white / (white + black)); 3];
    }
    hsl(hue, 1.0, 0.5).map(|part| linear(encoded(part) * (1.0 - white - black) + white))
}

fn lab(light: f32, green_red: f32, blue_yellow: f32) -> [f32; 3] {
    let middle = (light + 16.0) / 116.0;
    let cube = |part: f32| {
        if part > 6.0 / 29.0 { part.powi(3) } else { (116.0 * part - 16.0) / 903.296_3 }
    };
    let x = cube(middle + green_red / 500.0) * 0.964_296;
    let y = cube(middle);
    let z = cube(middle - blue_yellow / 200.0) * 0.825_105;
    // Bradford adaptation from D50 to D65.
    from_xyz([
        0.955_473_4 * x - 0.023_098_54 * y + 0.063_259_3 * z,
        -0.028_369_7 * x + 1.009_995_5 * y + 0.021_041_4 * z,
        0.012_314_0 * x - 0.020_507_7 * y + 1.330_365_9 * z,
    ])
}

fn p3([red, green, blue]: [f32; 3]) -> [f32; 3] {
    [
        1.224_940_2 * red - 0.224_940_2 * green,
        -0.042_056_95 * red + 1.042_057 * green,
        -0.019_637_55 * red - 0.078_636_04 * green + 1.098_273_6 * blue,
    ]
}

fn from_xyz([x, y, z]: [f32; 3]) -> [f32; 3] {
    [
        3.240_97 * x - 1.537_383_2 * y - 0.498_610_76 * z,
        -0.969_243_64 * x + 1.875_967_5 * y + 0.041_555_06 * z,
        0.055_630_08 * x - 0.203_976_96 * y + 1.056_971_5 * z,
    ]
}
