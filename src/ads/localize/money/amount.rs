//! An amount of money in decimal digits, exact.

use std::fmt;

use fixed_decimal::Decimal;

use super::MoneyError;

/// A positive or zero decimal number of at most 15 digits when read, exact in every step after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The digits without their point.
    digits: u128,
    /// How many of them stand behind the point.
    scale: u32,
}

impl Amount {
    /// Two factors of 15 digits fit `u128` with room for rounding.
    const MAX_DIGITS: usize = 15;

    /// Reads digits with at most one point, such as `14.90`.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let refused = || MoneyError::BadAmount(text.chars().take(32).collect());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        let is_plain = !whole.is_empty()
            && digits.len() <= Self::MAX_DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (fraction.is_empty() != text.contains('.'));
        if !is_plain {
            return Err(refused());
        }
        let scale = u32::try_from(fraction.len()).map_err(|_| refused())?;
        Ok(Self { digits: digits.parse().map_err(|_| refused())?, scale })
    }

    /// So many hundredths, thousandths …: `(1490, 2)` is 14.90.
    pub(super) const fn of(digits: u128, scale: u32) -> Self {
        Self { digits, scale }
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The exact product. Both have at most 15 digits when read, so it cannot overflow; an amount
    /// that was multiplied before could, and then there is none.
    pub(super) fn times(self, rate: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(rate.digits)?;
        Some(Self { digits, scale: self.scale + rate.scale })
    }

    /// The same value without zeros at the end of its fraction.
    pub(super) const fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// How many decimals it needs.
    pub(super) const fn decimals(self) -> u32 {
        self.trimmed().scale
    }

    /// Whether it has no fraction.
    pub(super) const fn is_whole(self) -> bool {
        self.decimals() == 0
    }

    /// Its value in units of `10^-scale`, rounded half up.
    pub(super) fn rounded(self, scale: u32) -> Option<u128> {
        if self.scale <= scale {
            return self.digits.checked_mul(10_u128.checked_pow(scale - self.scale)?);
        }
        let unit = 10_u128.checked_pow(self.scale - scale)?;
        Some(self.digits.checked_add(unit / 2)? / unit)
    }

    /// For ICU4X.
    pub(super) fn decimal(self) -> Decimal {
        let mut decimal = Decimal::from(self.digits);
        decimal.multiply_pow10(-i16::try_from(self.scale).unwrap_or(i16::MAX));
        decimal
    }
}

/// Digits with a point, with as many decimals as it was read with.
impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(formatter, "{}", self.digits);
        }
        let digits = format!("{:0>width$}", self.digits, width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(formatter, "{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect(text)
    }

    #[test]
    fn plain_decimals_are_read_and_written_as_they_were() {
        for text in ["0", "14.90", "0.05", "1234567.8", "999999999999999", "0.00000000000001"] {
            assert_eq!(amount(text).to_string(), text);
            let mut exact: Decimal = text.parse().expect("decimal");
            exact.trim_end();
            assert_eq!(amount(text).trimmed().decimal(), exact);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let bad = [
            "",
            ".",
            "1.",
            ".5",
            "1,5",
            "-1",
            "+1",
            "1e3",
            " 1",
            "1.2.3",
            "٣",
            "NaN",
            "1234567890123456",
        ];
        for text in bad {
            assert!(matches!(Amount::parse(text), Err(MoneyError::BadAmount(_))), "{text}");
        }
    }

    #[test]
    fn products_are_exact_where_binary_fractions_are_not() {
        let product = amount("0.1").times(amount("0.2")).expect("small");
        assert_eq!(product.to_string(), "0.02");
        let product = amount("1.15").times(amount("1.1")).expect("small");
        assert_eq!(product.to_string(), "1.265");
        assert_eq!(product.rounded(2), Some(127));
        let large = amount("999999999999999");
        let square = large.times(large).expect("30 digits fit");
        assert_eq!(square.to_string(), "999999999999998000000000000001");
        assert_eq!(square.times(large), None);
    }

    #[test]
    fn rounding_is_half_up_and_widens_where_asked() {
        assert_eq!(amount("2.5").rounded(0), Some(3));
        assert_eq!(amount("2.4999").rounded(0), Some(2));
        assert_eq!(amount("2").rounded(2), Some(200));
        assert!(amount("14.00").is_whole() && !amount("14.90").is_whole());
    }
}
