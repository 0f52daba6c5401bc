//! Prices: written as a reader expects them, and never another price than the real one.
//!
//! Amounts are decimal digits from the wire to the picture, never binary fractions. `format` writes
//! one for a language and a region, `policy` decides what becomes of a price when a reader pays in
//! another currency. Never: a rate that nobody gave.

mod amount;
mod currency;
mod endings;
mod format;
mod policy;

pub use amount::Amount;
pub use currency::Currency;
pub use format::format;
pub use policy::{CurrencyPolicy, Exchange, Pricing, Repriced};

/// Why a price cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a code of the list.
    #[error("`{0}` is no currency of ISO 4217; give a code of three letters such as `EUR`")]
    UnknownCurrency(String),
    /// A code that the list had once.
    #[error("`{code}` is no longer used; give its successor `{successor}`")]
    Withdrawn {
        /// The code that was given.
        code: String,
        /// What is paid with instead.
        successor: &'static str,
    },
    /// Not a plain decimal number.
    #[error(
        "`{0}` is no amount; give digits with a point, such as `14.90`, at most 15 digits in all"
    )]
    BadAmount(String),
    /// More decimals than the currency has: any way to write it would be another price.
    #[error("{amount} {currency} has more decimals than {currency} is counted in")]
    TooPrecise {
        /// The amount.
        amount: String,
        /// The currency.
        currency: String,
    },
    /// `convert` without a rate.
    #[error("currency_policy `convert` needs `fx` with a rate, its date and its source")]
    NoRate,
    /// A rate without a day or a source, or zero.
    #[error("`fx` is not right: {0}")]
    BadRate(&'static str),
    /// `price_list` without a price.
    #[error("currency_policy `price_list` needs `price` with an amount and a currency")]
    NoPrice,
    /// The price that was given is in another currency than the one asked for.
    #[error("`price` is in {given} but target_currency is {asked}")]
    OtherCurrency {
        /// The price's.
        given: String,
        /// The one asked for.
        asked: String,
    },
    /// One price was given for an ad that shows several.
    #[error("the ad shows {0} different prices and `price` gives one; use `convert` or `keep`")]
    SeveralPrices(usize),
    /// A policy that needs a currency to go to.
    #[error("currency_policy `{0}` needs target_currency")]
    NoTarget(&'static str),
    /// ICU4X has no pattern for this language; it has one for the root, so this is a fault of ours.
    #[error("no pattern for money in `{0}`")]
    NoPattern(String),
}
