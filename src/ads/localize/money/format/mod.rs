//! A price in the writing of a language and a region, by CLDR.
//!
//! ICU4X's formatter for money is unstable, so this is the only file that knows it. Three rows in
//! which it differs from CLDR are put right here. Never: a space that a line could break at, or a
//! rounded amount.

use fixed_decimal::Decimal;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::dimension::currency::options::CurrencyFormatterOptions;
use icu_locale::Locale;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::{Amount, Currency, MoneyError};
use crate::ads::localize::language::Language;

/// Writes a price, as `14,90 €` for French readers in France. Decimals that are all zero are left
/// out, as on price tags: `$14`.
///
/// # Errors
///
/// [`MoneyError::TooPrecise`] where the currency has fewer decimals than the amount.
pub fn format(
    amount: Amount,
    currency: Currency,
    language: &Language,
) -> Result<String, MoneyError> {
    let locale = language.locale();
    let decimals = decimals(currency, &locale)?;
    if amount.decimals() > decimals {
        let (amount, currency) = (amount.to_string(), currency.to_string());
        return Err(MoneyError::TooPrecise { amount, currency });
    }
    let written = by_cldr(&amount.decimal(), currency, &locale)?;
    Ok(if amount.is_whole() { without_zeros(&written, decimals) } else { written })
}

/// How many decimals prices in this currency are written with.
pub(super) fn decimals(currency: Currency, locale: &Locale) -> Result<u32, MoneyError> {
    let zero = by_cldr(&Decimal::from(0_u8), currency, locale)?;
    let digits = zero.chars().filter(|c| is_digit(*c)).count();
    Ok(u32::try_from(digits.saturating_sub(1)).unwrap_or(0))
}

fn by_cldr(amount: &Decimal, currency: Currency, locale: &Locale) -> Result<String, MoneyError> {
    let no_pattern = || MoneyError::NoPattern(locale.to_string());
    let code = CurrencyType::try_from_str(&currency.code().to_ascii_lowercase());
    let formatter = CurrencyFormatter::try_new_symbol(
        locale.into(),
        code.map_err(|_| no_pattern())?,
        CurrencyFormatterOptions::default(),
    );
    let formatter = formatter.map_err(|_| no_pattern())?;
    let region = locale.id.region.map(|region| region.to_string()).unwrap_or_default();
    let row = (locale.id.language.as_str(), region.as_str(), currency.code());
    let correction = CORRECTIONS.iter().find(|(of, _)| *of == row).map(|(_, how)| *how);
    let written = match correction {
        Some(Correction::Whole) => {
            let mut whole = amount.clone();
            // Half to even, as ICU rounds; `format` lets nothing pass that would be rounded.
            whole.round(0);
            let written = formatter.format_fixed_decimal(&whole).to_string();
            return Ok(without_zeros(&written, 2));
        }
        _ => formatter.format_fixed_decimal(amount).to_string(),
    };
    Ok(match correction {
        Some(Correction::Separators(pairs)) => with_separators(&written, pairs),
        _ => written,
    })
}

/// What is put right.
#[derive(Clone, Copy)]
enum Correction {
    /// Other separators, each with what it becomes.
    Separators(&'static [(char, char)]),
    /// No decimals.
    Whole,
}

/// Language, region and currency of the rows in which ICU4X 2.4 with CLDR 48 writes something else
/// than ICU 78 with CLDR 48 does: it does not apply CLDR's separators for single currencies, and
/// counts the Pakistani rupee in hundredths.
const CORRECTIONS: [((&str, &str, &str), Correction); 3] = [
    (
        ("fr", "CH", "CHF"),
        Correction::Separators(&[('\'', '\u{202f}'), ('’', '\u{202f}'), (',', '.')]),
    ),
    (("de", "AT", "EUR"), Correction::Separators(&[('\u{a0}', '.')])),
    (("ur", "PK", "PKR"), Correction::Whole),
];

/// Replaces what stands between two digits, and nothing else.
fn with_separators(written: &str, pairs: &[(char, char)]) -> String {
    let chars: Vec<char> = written.chars().collect();
    let is_inside = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        [before, chars.get(at + 1)].into_iter().all(|c| c.is_some_and(|c| is_digit(*c)))
    };
    let replaced = chars.iter().enumerate().map(|(at, c)| {
        let pair = pairs.iter().find(|(from, _)| from == c && is_inside(at));
        pair.map_or(*c, |(_, to)| *to)
    });
    replaced.collect()
}

/// The last `decimals` digits and the separator before them taken away.
fn without_zeros(written: &str, decimals: u32) -> String {
    let chars: Vec<char> = written.chars().collect();
    let Some(last) = chars.iter().rposition(|c| is_digit(*c)).filter(|_| decimals > 0) else {
        return written.to_owned();
    };
    let Some(separator) = last.checked_sub(decimals as usize) else { return written.to_owned() };
    chars[..separator].iter().chain(&chars[last + 1..]).collect()
}

/// A digit of any script.
fn is_digit(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::DecimalNumber
}

#[cfg(test)]
mod tests;
