//! What becomes of a price when its reader pays in another currency.
//!
//! A price from a list is taken, a rate that somebody gave with its day converts, and without
//! either the price stays what it is and only its writing changes. Putting another sign before the
//! same digits happens only when it is asked for by name, and says so.

use serde::{Deserialize, Serialize};

use super::endings::nearest;
use super::format::{decimals, format};
use super::{Amount, Currency, MoneyError};
use crate::ads::localize::language::Language;
use crate::ads::scene::Money;

/// What shall become of the prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrencyPolicy {
    /// The source's currency, written for the new readers.
    #[default]
    Keep,
    /// Converted by a given rate and rounded to a local price tag.
    Convert,
    /// The price that was given for the new currency.
    PriceList,
    /// The same digits with another sign: a false price, unless its digits mean nothing yet.
    Relabel,
}

/// A rate of exchange and where it is from; reported with the prices that it made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// How many units of the new currency one of the old is, as a decimal such as `0.9215`.
    pub rate: String,
    /// The day that it held, `YYYY-MM-DD`.
    pub date: String,
    /// Who says so, such as `ECB`.
    pub source: String,
}

/// Everything that decides about the prices of one ad.
#[derive(Clone, Copy, Debug)]
pub struct Pricing<'a> {
    policy: CurrencyPolicy,
    target: Option<Currency>,
    rate: Option<(&'a Exchange, Amount)>,
    price: Option<(Amount, Currency)>,
}

/// What became of one price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repriced {
    /// What it was.
    pub from: Money,
    /// What it is.
    pub to: Money,
    /// The converted amount before it was rounded to a price tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// Why `to` is what it is.
    pub policy: CurrencyPolicy,
    /// Set when the readers' currency was asked for and is not what the price is in, or when the
    /// price only wears its sign: a person has to look.
    pub needs_review: bool,
    /// `to` as its readers expect it.
    pub text: String,
}

impl<'a> Pricing<'a> {
    /// Checks what was asked for. Without a `policy` a price that was given counts before a rate,
    /// and nothing given keeps the prices.
    pub fn new(
        policy: Option<CurrencyPolicy>,
        target: Option<&str>,
        exchange: Option<&'a Exchange>,
        price: Option<&Money>,
    ) -> Result<Self, MoneyError> {
        let given = price
            .map(|price| Ok((Amount::parse(&price.amount)?, Currency::parse(&price.currency)?)));
        let price = given.transpose()?;
        let asked = target.map(Currency::parse).transpose()?;
        let target = asked.or(price.map(|(_, currency)| currency));
        let rate = exchange.map(|exchange| Ok((exchange, checked_rate(exchange)?))).transpose()?;
        let policy = policy.unwrap_or(match (price, rate, target) {
            (Some(_), _, _) => CurrencyPolicy::PriceList,
            (None, Some(_), Some(_)) => CurrencyPolicy::Convert,
            _ => CurrencyPolicy::Keep,
        });
        let pricing = Self { policy, target, rate, price };
        pricing.check()?;
        Ok(pricing)
    }

    fn check(&self) -> Result<(), MoneyError> {
        match (self.policy, self.price, self.target) {
            (CurrencyPolicy::PriceList, None, _) => Err(MoneyError::NoPrice),
            (CurrencyPolicy::PriceList, Some((_, given)), Some(asked)) if given != asked => {
                let (given, asked) = (given.to_string(), asked.to_string());
                Err(MoneyError::OtherCurrency { given, asked })
            }
            (CurrencyPolicy::Convert, ..) if self.rate.is_none() => Err(MoneyError::NoRate),
            (CurrencyPolicy::Convert, _, None) => Err(MoneyError::NoTarget("convert")),
            (CurrencyPolicy::Relabel, _, None) => Err(MoneyError::NoTarget("relabel")),
            _ => Ok(()),
        }
    }

    /// What was asked for, or follows from what was given.
    pub fn policy(&self) -> CurrencyPolicy {
        self.policy
    }

    /// The currency that was asked for, by name or by a price in it.
    pub fn target(&self) -> Option<Currency> {
        self.target
    }

    /// The rate, where one was used.
    pub fn exchange(&self) -> Option<&'a Exchange> {
        self.rate.filter(|_| self.policy == CurrencyPolicy::Convert).map(|(exchange, _)| exchange)
    }

    /// Whether a list can price an ad that shows these: it gives one price.
    pub fn check_list(&self, prices: &[&Money]) -> Result<(), MoneyError> {
        let mut different = Vec::new();
        for price in prices {
            if !different.contains(price) {
                different.push(*price);
            }
        }
        if self.policy == CurrencyPolicy::PriceList && different.len() > 1 {
            return Err(MoneyError::SeveralPrices(different.len()));
        }
        Ok(())
    }

    /// One price for readers of `language`.
    pub fn apply(&self, from: &Money, language: &Language) -> Result<Repriced, MoneyError> {
        let amount = Amount::parse(&from.amount)?;
        let currency = Currency::parse(&from.currency)?;
        let target = self.target.unwrap_or(currency);
        let kept = (amount, currency, None);
        let (to, to_currency, exact) = match (self.policy, self.price, self.rate) {
            (CurrencyPolicy::PriceList, Some((price, in_currency)), _) => {
                (price, in_currency, None)
            }
            (CurrencyPolicy::Convert, _, Some((_, rate))) if target != currency => {
                let (tag, exact) = converted(amount, rate, target, language)?;
                (tag, target, Some(exact))
            }
            (CurrencyPolicy::Relabel, ..) => (amount, target, None),
            _ => kept,
        };
        let needs_review = match self.policy {
            CurrencyPolicy::PriceList | CurrencyPolicy::Convert => false,
            CurrencyPolicy::Keep | CurrencyPolicy::Relabel => target != currency,
        };
        Ok(Repriced {
            from: from.clone(),
            to: Money { amount: to.to_string(), currency: to_currency.to_string() },
            exact: exact.map(|exact| exact.to_string()),
            policy: self.policy,
            needs_review,
            text: format(to, to_currency, language)?,
        })
    }
}

fn converted(
    amount: Amount,
    rate: Amount,
    target: Currency,
    language: &Language,
) -> Result<(Amount, Amount), MoneyError> {
    let too_large = || MoneyError::BadAmount(amount.to_string());
    let exact = amount.times(rate).ok_or_else(too_large)?.trimmed();
    let decimals = decimals(target, &language.locale())?;
    let tag = nearest(exact, amount, target, decimals).ok_or_else(too_large)?;
    Ok((tag, exact))
}

fn checked_rate(exchange: &Exchange) -> Result<Amount, MoneyError> {
    /// The name of a bank or a service.
    const MAX_SOURCE_CHARS: usize = 200;
    let rate = Amount::parse(&exchange.rate);
    let rate = rate.map_err(|_| MoneyError::BadRate("`rate` is a decimal such as `0.9215`"))?;
    if rate.is_zero() {
        return Err(MoneyError::BadRate("`rate` is zero"));
    }
    // The parser would also take other forms of a date.
    let is_date = exchange.date.len() == 10 && exchange.date.parse::<jiff::civil::Date>().is_ok();
    if !is_date {
        return Err(MoneyError::BadRate("`date` is the day that the rate held, `YYYY-MM-DD`"));
    }
    let length = exchange.source.trim().chars().count();
    if length == 0 || length > MAX_SOURCE_CHARS {
        return Err(MoneyError::BadRate("`source` says who gave the rate, in 1 to 200 characters"));
    }
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: &str) -> Money {
        Money { amount: amount.to_owned(), currency: currency.to_owned() }
    }

    fn rate(rate: &str) -> Exchange {
        Exchange { rate: rate.to_owned(), date: "2026-11-20".to_owned(), source: "ECB".to_owned() }
    }

    fn french() -> Language {
        Language::parse("fr-FR").expect("known")
    }

    #[test]
    fn without_a_rate_a_price_stays_in_its_currency_and_asks_for_a_look() {
        let pricing = Pricing::new(None, Some("EUR"), None, None).expect("right");
        let kept = pricing.apply(&money("14.90", "USD"), &french()).expect("written");
        assert_eq!(kept.text, "14,90\u{a0}$US");
        assert_eq!((kept.to, kept.policy), (money("14.90", "USD"), CurrencyPolicy::Keep));
        assert!(kept.needs_review && pricing.exchange().is_none());
        let same = pricing.apply(&money("14.90", "EUR"), &french()).expect("written");
        assert!(!same.needs_review && same.text == "14,90\u{a0}€");
        let none = Pricing::new(None, None, None, None).expect("right");
        assert!(!none.apply(&money("9", "USD"), &french()).expect("written").needs_review);
    }

    #[test]
    fn a_rate_converts_to_a_local_price_tag_and_says_the_exact_one() {
        let rate = rate("0.92");
        let pricing = Pricing::new(None, Some("eur"), Some(&rate), None).expect("right");
        let converted = pricing.apply(&money("14.90", "USD"), &french()).expect("written");
        assert_eq!(converted.to, money("13.90", "EUR"));
        assert_eq!(converted.exact.as_deref(), Some("13.708"));
        assert_eq!(converted.text, "13,90\u{a0}€");
        assert!(!converted.needs_review && pricing.exchange() == Some(&rate));
    }

    #[test]
    fn a_price_list_counts_before_a_rate_and_gives_one_price() {
        let rate = rate("0.92");
        let list = money("15", "EUR");
        let pricing = Pricing::new(None, None, Some(&rate), Some(&list)).expect("right");
        let listed = pricing.apply(&money("14.90", "USD"), &french()).expect("written");
        assert_eq!((listed.text.as_str(), listed.policy), ("15\u{a0}€", CurrencyPolicy::PriceList));
        let (was, now) = (money("20", "USD"), money("14.90", "USD"));
        assert_eq!(pricing.check_list(&[&now, &now]), Ok(()));
        assert_eq!(pricing.check_list(&[&was, &now]), Err(MoneyError::SeveralPrices(2)));
        let other = Pricing::new(None, Some("CHF"), None, Some(&list));
        assert!(matches!(other, Err(MoneyError::OtherCurrency { .. })));
    }

    #[test]
    fn relabelling_is_done_only_by_name_and_never_silently() {
        let relabel = Some(CurrencyPolicy::Relabel);
        let pricing = Pricing::new(relabel, Some("EUR"), None, None).expect("right");
        let relabelled = pricing.apply(&money("14.90", "USD"), &french()).expect("written");
        assert_eq!(relabelled.text, "14,90\u{a0}€");
        assert!(relabelled.needs_review);
        let yen = Pricing::new(relabel, Some("JPY"), None, None).expect("right");
        let error = yen.apply(&money("14.90", "USD"), &french()).expect_err("no such coin");
        assert!(matches!(error, MoneyError::TooPrecise { .. }));
    }

    #[test]
    fn a_policy_without_what_it_needs_is_refused() {
        fn new(
            policy: CurrencyPolicy,
            target: Option<&str>,
            rate: Option<&Exchange>,
        ) -> Result<(), MoneyError> {
            Pricing::new(Some(policy), target, rate, None).map(|_| ())
        }
        assert_eq!(new(CurrencyPolicy::Convert, Some("EUR"), None), Err(MoneyError::NoRate));
        assert_eq!(new(CurrencyPolicy::PriceList, Some("EUR"), None), Err(MoneyError::NoPrice));
        let right = rate("2");
        let convert = new(CurrencyPolicy::Convert, None, Some(&right));
        assert_eq!(convert, Err(MoneyError::NoTarget("convert")));
        for (bad_rate, date, source) in [
            ("0", "2026-11-20", "ECB"),
            ("0,92", "2026-11-20", "ECB"),
            ("0.92", "2026-02-30", "ECB"),
            ("0.92", "20261120", "ECB"),
            ("0.92", "2026-11-20", " "),
        ] {
            let mut bad = rate(bad_rate);
            (bad.date, bad.source) = (date.to_owned(), source.to_owned());
            let refused = new(CurrencyPolicy::Convert, Some("EUR"), Some(&bad));
            assert!(matches!(refused, Err(MoneyError::BadRate(_))), "{bad:?}");
        }
    }
}
