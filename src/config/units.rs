//! Durations and sizes as a person writes them: a whole number and a unit, `"90s"`, `"1MiB"`.

use std::time::Duration;

/// A text that is no duration or size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUnit {
    /// Such as `90` or `1.5 hours`.
    #[error("`{0}` is no duration; write a whole number and ms, s, m, h or d, as \"90s\"")]
    Duration(String),
    /// Such as `10MB`, which some read as 10,000,000 and some as 10,485,760.
    #[error("`{0}` is no size; write a whole number and B, KiB, MiB or GiB, as \"1MiB\"")]
    Size(String),
}

/// Units of time in milliseconds, the largest first.
const TIME_UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Units of size in bytes, the largest first.
const SIZE_UNITS: [(&str, u64); 4] =
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Reads `"90s"`.
pub fn parse_duration(text: &str) -> Result<Duration, BadUnit> {
    parse(text, &TIME_UNITS)
        .map(Duration::from_millis)
        .ok_or_else(|| BadUnit::Duration(text.to_owned()))
}

/// Reads `"1MiB"` as bytes.
pub fn parse_size(text: &str) -> Result<u64, BadUnit> {
    parse(text, &SIZE_UNITS).ok_or_else(|| BadUnit::Size(text.to_owned()))
}

/// Writes a duration in the largest unit that holds it whole.
pub fn format_duration(duration: Duration) -> String {
    format(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), &TIME_UNITS)
}

/// Writes a size in the largest unit that holds it whole.
pub fn format_size(bytes: u64) -> String {
    format(bytes, &SIZE_UNITS)
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn format(amount: u64, units: &[(&str, u64)]) -> String {
    let whole = units.iter().find(|(_, factor)| amount > 0 && amount.is_multiple_of(*factor));
    let (unit, factor) = whole.unwrap_or(&units[units.len() - 1]);
    format!("{}{unit}", amount / factor)
}

/// For `#[serde(with = "units::duration")]`.
pub(super) mod duration {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in crate::config) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::format_duration(*duration))
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        super::parse_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// For `#[serde(with = "units::durations")]`.
pub(super) mod durations {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in crate::config) fn serialize<S: Serializer>(
        durations: &[Duration],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(durations.iter().map(|duration| super::format_duration(*duration)))
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Duration>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let durations = texts.iter().map(|text| super::parse_duration(text));
        durations.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
    }
}

/// For `#[serde(with = "units::size")]`.
pub(super) mod size {
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(in crate::config) fn serialize<S: Serializer>(
        bytes: &u64,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::format_size(*bytes))
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<u64, D::Error> {
        super::parse_size(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_read_what_they_write() {
        for text in ["250ms", "90s", "5m", "36h", "30d"] {
            assert_eq!(parse_duration(text).map(format_duration), Ok(text.to_owned()));
        }
        for text in ["100B", "3KiB", "1MiB", "2GiB"] {
            assert_eq!(parse_size(text).map(format_size), Ok(text.to_owned()));
        }
        assert_eq!(format_duration(Duration::ZERO), "0ms");
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        for text in ["90", "", "s", "1.5h", "-1s", "1 fortnight", "99999999999999999999s"] {
            assert_eq!(parse_duration(text), Err(BadUnit::Duration(text.to_owned())));
        }
        assert!(parse_size("10MB").is_err());
        assert!(parse_size("99999999999999GiB").is_err());
    }
}
