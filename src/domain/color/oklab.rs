//! The perceptual space in which colours are compared, and the way to and from linear light.

use crate::domain::brand::Hex;

/// A colour in `OKLab`: `l` 0 to 1, `a` and `b` about -0.4 to 0.4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklab {
    /// Lightness.
    pub l: f32,
    /// Green to red.
    pub a: f32,
    /// Blue to yellow.
    pub b: f32,
}

impl Oklab {
    /// From linear-light red, green and blue.
    pub fn from_linear([red, green, blue]: [f32; 3]) -> Self {
        let long = libm::cbrtf(0.412_221_47 * red + 0.536_332_54 * green + 0.051_445_994 * blue);
        let medium = libm::cbrtf(0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue);
        let short = libm::cbrtf(0.088_302_46 * red + 0.281_718_85 * green + 0.629_978_7 * blue);
        Self {
            l: 0.210_454_26 * long + 0.793_617_8 * medium - 0.004_072_047 * short,
            a: 1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short,
            b: 0.025_904_037 * long + 0.782_771_77 * medium - 0.808_675_77 * short,
        }
    }

    /// To linear-light red, green and blue, which may lie outside 0 to 1.
    pub fn to_linear(self) -> [f32; 3] {
        let long = cubed(self.l + 0.396_337_78 * self.a + 0.215_803_76 * self.b);
        let medium = cubed(self.l - 0.105_561_346 * self.a - 0.063_854_17 * self.b);
        let short = cubed(self.l - 0.089_484_18 * self.a - 1.291_485_5 * self.b);
        [
            4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_94 * short,
            -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_38 * short,
            -0.004_196_086_3 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
        ]
    }

    /// How far two colours are apart: 0.02 is a just visible difference, 1 is black to white.
    pub fn distance(self, other: Self) -> f32 {
        let (l, a, b) = (self.l - other.l, self.a - other.a, self.b - other.b);
        (l * l + a * a + b * b).sqrt()
    }

    /// How colourful it is: 0 for greys, about 0.3 for the purest.
    pub fn chroma(self) -> f32 {
        libm::hypotf(self.a, self.b)
    }

    /// Its hue in degrees, 0 to 360; without meaning for greys.
    pub fn hue(self) -> f32 {
        libm::atan2f(self.b, self.a).to_degrees().rem_euclid(360.0)
    }

    /// The angle between two hues, 0 to 180 degrees.
    pub fn hue_distance(self, other: Self) -> f32 {
        let angle = (self.hue() - other.hue()).abs();
        angle.min(360.0 - angle)
    }
}

fn cubed(value: f32) -> f32 {
    value * value * value
}

impl From<Hex> for Oklab {
    fn from(hex: Hex) -> Self {
        Self::from_linear(hex.rgb().map(|byte| linear(f32::from(byte) / 255.0)))
    }
}

/// One channel of sRGB, 0 to 1, in linear light.
pub fn linear(share: f32) -> f32 {
    if share.abs() <= 0.040_45 {
        share / 12.92
    } else {
        libm::powf((share.abs() + 0.055) / 1.055, 2.4).copysign(share)
    }
}

/// One channel of linear light in sRGB.
pub fn encoded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 {
        linear * 12.92
    } else {
        1.055 * libm::powf(linear, 1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_colour() {
        for hex in [Hex::WHITE, Hex::BLACK, Hex::new(255, 0, 0), Hex::new(13, 110, 253)] {
            let back = Oklab::from(hex).to_linear().map(encoded);
            for (one, two) in back.into_iter().zip(hex.rgb()) {
                assert!((one - f32::from(two) / 255.0).abs() < 0.003, "{hex} {back:?}");
            }
        }
    }

    #[test]
    fn greys_have_no_chroma_and_hues_wrap() {
        assert!(Oklab::from(Hex::new(128, 128, 128)).chroma() < 0.001);
        let (pink, orange) = (Hex::new(255, 0, 90), Hex::new(255, 60, 0));
        assert!(Oklab::from(pink).hue_distance(Oklab::from(orange)) < 60.0);
    }
}
