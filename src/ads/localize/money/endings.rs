//! How prices end where they are read, after a conversion has left them with any digits.
//!
//! A price that ended in .99 keeps such an ending, a whole one stays whole, and currencies without
//! small change are rounded to the step that their price tags use. Never by more than 5 %: then the
//! exact price is better than a pretty one.

use super::{Amount, Currency};

/// The price tag nearest to `exact`, in the manner of the price that it was converted from.
/// `decimals` is how many the currency has. None where the number is too large to count.
pub(super) fn nearest(
    exact: Amount,
    from: Amount,
    currency: Currency,
    decimals: u32,
) -> Option<Amount> {
    let plain = Amount::of(exact.rounded(decimals)?, decimals);
    let pretty = match STEPS.iter().find(|(code, _)| *code == currency.code()) {
        Some((_, step)) => to_step(exact, *step)?,
        None if decimals == 0 || from.is_whole() => to_step(exact, 1)?,
        None => match ending_of(from) {
            Some(ending) => to_ending(exact, adapted(ending, currency), decimals)?,
            None if currency.code() == "CHF" => {
                Amount::of(exact.rounded(2)?.checked_add(2)? / 5 * 5, 2)
            }
            None => plain,
        },
    };
    Some(if is_near(exact, pretty)? { pretty } else { plain })
}

/// Currencies in whose prices nobody writes small change, with the step that price tags go by.
const STEPS: [(&str, u128); 20] = [
    ("CLP", 10),
    ("COP", 100),
    ("CZK", 1),
    ("DKK", 1),
    ("HUF", 10),
    ("IDR", 1000),
    ("IRR", 10_000),
    ("ISK", 10),
    ("JPY", 10),
    ("KRW", 100),
    ("LAK", 1000),
    ("NOK", 1),
    ("PKR", 10),
    ("PYG", 1000),
    ("RSD", 10),
    ("SEK", 1),
    ("TWD", 1),
    ("UGX", 100),
    ("VND", 1000),
    ("XOF", 50),
];

fn to_step(exact: Amount, step: u128) -> Option<Amount> {
    // Two decimals more than the step, so that half a step is seen as such.
    let hundredths = exact.rounded(2)?;
    let unit = step.checked_mul(100)?;
    let steps = hundredths.checked_add(unit / 2)? / unit;
    Some(Amount::of(steps.checked_mul(step)?, 0))
}

/// The hundredths of an ending that was chosen: 99, 95, 90, 50 or 49.
fn ending_of(price: Amount) -> Option<u128> {
    const CHOSEN: [u128; 5] = [99, 95, 90, 50, 49];
    if price.decimals() > 2 {
        return None;
    }
    let ending = price.rounded(2)? % 100;
    CHOSEN.contains(&ending).then_some(ending)
}

/// The Swiss have no coin below five hundredths.
fn adapted(ending: u128, currency: Currency) -> u128 {
    match (currency.code(), ending) {
        ("CHF", 99) => 90,
        ("CHF", 49) => 50,
        _ => ending,
    }
}

fn to_ending(exact: Amount, ending: u128, decimals: u32) -> Option<Amount> {
    let hundredths = exact.rounded(2)?;
    // The nearest number of the form n·100 + ending, at least 0·100 + ending.
    let whole = (hundredths + 50).saturating_sub(ending) / 100;
    let found = Amount::of(whole.checked_mul(100)?.checked_add(ending)?, 2);
    (decimals >= 2).then_some(found)
}

/// Whether a price tag is within 5 % of the exact price.
fn is_near(exact: Amount, tag: Amount) -> Option<bool> {
    const SCALE: u32 = 4;
    let (exact, tag) = (exact.rounded(SCALE)?, tag.rounded(SCALE)?);
    Some(exact.abs_diff(tag).checked_mul(20)? <= exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(exact: &str, from: &str, code: &str, decimals: u32) -> String {
        let amount = |text| Amount::parse(text).expect("amount");
        let currency = Currency::parse(code).expect(code);
        nearest(amount(exact), amount(from), currency, decimals).expect("small").to_string()
    }

    #[test]
    fn an_ending_that_was_chosen_is_kept() {
        assert_eq!(tag("13.708", "14.90", "EUR", 2), "13.90");
        assert_eq!(tag("13.708", "14.99", "EUR", 2), "13.99");
        assert_eq!(tag("23.42", "14.95", "EUR", 2), "22.95");
        assert_eq!(tag("23.46", "14.95", "EUR", 2), "23.95");
        assert_eq!(tag("13.708", "14.99", "CHF", 2), "13.90");
    }

    #[test]
    fn whole_prices_stay_whole_and_others_are_exact_to_the_cent() {
        assert_eq!(tag("46.30", "50", "EUR", 2), "46");
        assert_eq!(tag("46.50", "50.00", "EUR", 2), "47");
        assert_eq!(tag("12.3456", "13.37", "EUR", 2), "12.35");
        assert_eq!(tag("12.3256", "13.37", "CHF", 2), "12.35");
        assert_eq!(tag("4.5678", "13.37", "KWD", 3), "4.568");
    }

    #[test]
    fn currencies_without_small_change_go_by_their_step() {
        assert_eq!(tag("2235.00", "14.90", "JPY", 0), "2240");
        assert_eq!(tag("20562.4", "14.90", "KRW", 0), "20600");
        assert_eq!(tag("5364.99", "14.90", "HUF", 0), "5360");
        assert_eq!(tag("156.5", "14.90", "SEK", 2), "157");
    }

    #[test]
    fn no_price_moves_by_more_than_five_percent() {
        assert_eq!(tag("0.31", "0.99", "EUR", 2), "0.31");
        assert_eq!(tag("4.2", "0.99", "JPY", 0), "4");
        assert_eq!(tag("0.4", "1", "EUR", 2), "0.40");
        assert_eq!(tag("120", "0.99", "IDR", 0), "120");
    }
}
