//! Whom a localization is for, and what shall become of prices.

use std::collections::BTreeMap;

use super::members::Members;
use crate::ads::localize::money::{CurrencyPolicy, Exchange, MoneyError, Pricing};
use crate::ads::localize::{Language, LocalizeError, Request, Translation};
use crate::ads::scene::{Composition, Money};
use crate::engine::InvalidInput;

/// What is asked of a localization.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::actions::ads) struct Localization {
    culture: String,
    language: Option<String>,
    currency: Option<String>,
    policy: Option<CurrencyPolicy>,
    exchange: Option<Exchange>,
    price: Option<Money>,
    composition: Composition,
}

impl Localization {
    /// The same for the room that does it.
    pub(in crate::actions::ads) fn request(
        &self,
        words: BTreeMap<String, Translation>,
    ) -> Request<'_> {
        Request {
            language: self.language.as_deref(),
            culture: &self.culture,
            currency: self.currency.as_deref(),
            policy: self.policy,
            exchange: self.exchange.as_ref(),
            price: self.price.as_ref(),
            composition: self.composition,
            words,
        }
    }

    /// The same in the language of its source, where none was asked for and the culture implies
    /// none; whether that is so.
    pub(in crate::actions::ads) fn or_speaking(self, source: &str) -> (Self, bool) {
        let audience = self.request(BTreeMap::new()).audience();
        match audience {
            Err(LocalizeError::NoLanguage { .. }) => {
                (Self { language: Some(source.to_owned()), ..self }, true)
            }
            _ => (self, false),
        }
    }

    pub(super) fn read(members: Members<'_>) -> Result<Self, InvalidInput> {
        let owned = |text: Option<&str>| text.map(|text| text.trim().to_owned());
        let culture = owned(members.required("target_culture", 1..=200)?).unwrap_or_default();
        let language = owned(members.text("target_language", 1..=Language::MAX_CHARS)?);
        let currency = owned(members.text("target_currency", 1..=16)?);
        let composition = match members.text("composition", 1..=20)? {
            None | Some("locked") => Composition::Locked,
            Some("mirrored") => Composition::Mirrored,
            Some(_) => return Err(members.fault("composition", "must be `locked` or `mirrored`")),
        };
        let policies = "`keep`, `convert`, `price_list` and `relabel`";
        let policy = members.word("currency_policy", policies)?;
        let (exchange, price) = (exchange(members)?, price(members)?);
        let read = Self { culture, language, currency, policy, exchange, price, composition };
        read.check_audience(members)?;
        read.check_prices(members)?;
        Ok(read)
    }

    fn check_audience(&self, members: Members<'_>) -> Result<(), InvalidInput> {
        let fault = |message: String| InvalidInput {
            param: "target_language".to_owned(),
            message: format!("`target_language`: {message}"),
        };
        if let Some(language) = &self.language {
            Language::parse(language).map_err(|error| fault(error.to_string()))?;
        }
        if ["target_language", "target_culture"].iter().any(|name| members.is_given(name)) {
            return Ok(());
        }
        match self.request(BTreeMap::new()).audience() {
            // Then it is the source's.
            Ok(_) | Err(LocalizeError::NoLanguage { .. }) => Ok(()),
            Err(error @ LocalizeError::Language(_)) => Err(fault(error.to_string())),
            Err(error) => {
                let param = "target_culture".to_owned();
                Err(InvalidInput { param, message: error.to_string() })
            }
        }
    }

    fn check_prices(&self, members: Members<'_>) -> Result<(), InvalidInput> {
        /// What decides about prices together.
        const DECIDING: [&str; 4] = ["target_currency", "currency_policy", "fx", "price"];
        if DECIDING.iter().any(|name| members.is_given(name)) {
            return Ok(());
        }
        if self.policy == Some(CurrencyPolicy::Keep) {
            for (name, is_there) in
                [("price", self.price.is_some()), ("fx", self.exchange.is_some())]
            {
                if is_there {
                    let message = "contradicts `currency_policy: keep`, which leaves prices as \
                                   they are; leave one of the two out";
                    return Err(members.fault(name, message));
                }
            }
        }
        let checked = Pricing::new(
            self.policy,
            self.currency.as_deref(),
            self.exchange.as_ref(),
            self.price.as_ref(),
        );
        checked.map(drop).map_err(|error| self.at_fault(&error))
    }

    fn at_fault(&self, error: &MoneyError) -> InvalidInput {
        let of_price =
            |currency: &str| self.price.as_ref().is_some_and(|price| price.currency == currency);
        let param = match error {
            MoneyError::UnknownCurrency(code) | MoneyError::Withdrawn { code, .. } => {
                if of_price(code) { "price.currency" } else { "target_currency" }
            }
            MoneyError::BadAmount(_) | MoneyError::TooPrecise { .. } => "price.amount",
            MoneyError::BadRate(_) | MoneyError::NoRate => "fx",
            MoneyError::NoPrice => "price",
            MoneyError::OtherCurrency { .. } => "price.currency",
            MoneyError::NoTarget(_) | MoneyError::NoPattern(_) => "target_currency",
            MoneyError::SeveralPrices(_) => "currency_policy",
        };
        InvalidInput { param: param.to_owned(), message: error.to_string() }
    }
}

fn exchange(members: Members<'_>) -> Result<Option<Exchange>, InvalidInput> {
    let Some(fx) = members.object("fx")? else { return Ok(None) };
    let fx = Members::at(fx, "fx");
    let text = |name: &str| {
        let found = fx.required(name, 1..=200)?;
        Ok(found.unwrap_or_default().trim().to_owned())
    };
    Ok(Some(Exchange { rate: fx.decimal("rate")?, date: text("date")?, source: text("source")? }))
}

fn price(members: Members<'_>) -> Result<Option<Money>, InvalidInput> {
    let Some(price) = members.object("price")? else { return Ok(None) };
    let price = Members::at(price, "price");
    let currency = price.required("currency", 1..=16)?.unwrap_or_default().trim().to_owned();
    Ok(Some(Money { amount: price.decimal("amount")?, currency }))
}
