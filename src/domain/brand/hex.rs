//! An opaque colour as it is stored and shown.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An opaque sRGB colour, in text always `#RRGGBB` in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex([u8; 3]);

impl Hex {
    /// White.
    pub const WHITE: Self = Self([255; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// From red, green and blue.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Red, green and blue.
    pub const fn rgb(self) -> [u8; 3] {
        self.0
    }

    /// The luminance that WCAG 2 defines, 0 (black) to 1 (white).
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio of WCAG 2 between two colours, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// `share` of this colour mixed with the rest of `other`, channel by channel.
    #[must_use]
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mut bytes = [0; 3];
        for ((byte, one), two) in bytes.iter_mut().zip(self.0).zip(other.0) {
            *byte = rounded(f64::from(one) * share + f64::from(two) * (1.0 - share));
        }
        Self(bytes)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to a byte's range before the cast"
)]
fn rounded(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not `#RGB` or `#RRGGBB`.
#[derive(Debug, thiserror::Error)]
#[error("not a colour of the form `#RRGGBB`")]
pub struct NotAHex;

impl FromStr for Hex {
    type Err = NotAHex;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').ok_or(NotAHex)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAHex);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| NotAHex)?;
        let [_, red, green, blue] = value.to_be_bytes();
        match digits.len() {
            6 => Ok(Self([red, green, blue])),
            3 => Ok(Self([green & 15, blue >> 4, blue & 15].map(|digit| digit * 17))),
            _ => Err(NotAHex),
        }
    }
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lengths_are_read_and_the_long_one_is_written() {
        assert_eq!(
            "#3aF".parse::<Hex>().map(|hex| hex.to_string()).ok().as_deref(),
            Some("#33AAFF")
        );
        assert_eq!("#0d6efd".parse::<Hex>().ok(), Some(Hex::new(0x0d, 0x6e, 0xfd)));
        for text in ["0d6efd", "#0d6ef", "#0d6efd00", "#+d6efd", "", "#", "#ééé"] {
            assert!(text.parse::<Hex>().is_err(), "{text}");
        }
    }

    #[test]
    fn contrast_spans_one_to_twenty_one() {
        assert!((Hex::BLACK.contrast(Hex::WHITE) - 21.0).abs() < 1e-9);
        assert!((Hex::WHITE.contrast(Hex::WHITE) - 1.0).abs() < 1e-9);
    }
}
