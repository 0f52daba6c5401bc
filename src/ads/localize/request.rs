//! What was asked for, and whom that means.

use std::collections::BTreeMap;

use super::culture::{self, Culture};
use super::language::Language;
use super::money::{CurrencyPolicy, Exchange, MoneyError, Pricing};
use super::{LanguageError, LocalizeError};
use crate::ads::scene::{Composition, Money};

/// What was asked for, as the wire gives it.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// A tag or a name; without one the culture has to imply a language.
    pub language: Option<&'a str>,
    /// Free text, such as “French urban premium”.
    pub culture: &'a str,
    /// ISO 4217.
    pub currency: Option<&'a str>,
    /// Without one what is given decides: a price, then a rate, else prices stay.
    pub policy: Option<CurrencyPolicy>,
    /// For `convert`.
    pub exchange: Option<&'a Exchange>,
    /// For `price_list`.
    pub price: Option<&'a Money>,
    /// [`Composition::Mirrored`] for a mirror image where the reading direction changes; anything
    /// else leaves every box where it is.
    pub composition: Composition,
    /// Words for nodes, by their id or else by their role's name: `headline`.
    pub words: BTreeMap<String, Translation>,
}

/// Words in the new language for one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// The caller's own: taken as they are, as long as they fit.
    User(String),
    /// A model's, the best first: each has to keep the names and figures and to be in the language,
    /// or it is passed over.
    Model(Vec<String>),
}

/// Whom an ad speaks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The language, with the region where one was given or read.
    pub language: Language,
    /// What was read in the culture.
    pub culture: Culture,
}

impl Request<'_> {
    /// Whom it means: the language is law, the culture adds a region, a tone and a form of address.
    pub fn audience(&self) -> Result<Audience, LocalizeError> {
        let culture = culture::read(self.culture);
        let language = match (self.language, culture.language) {
            (Some(given), _) => Language::parse(given)?,
            (None, Some(implied)) => Language::parse(implied)?,
            (None, None) if self.culture.trim().is_empty() => Err(LanguageError::Empty)?,
            (None, None) => {
                let culture = self.culture.chars().filter(|c| !c.is_control()).take(80).collect();
                return Err(LocalizeError::NoLanguage { culture });
            }
        };
        Ok(Audience { language: language.in_region(culture.region), culture })
    }

    /// What shall become of prices.
    pub fn pricing(&self) -> Result<Pricing<'_>, MoneyError> {
        Pricing::new(self.policy, self.currency, self.exchange, self.price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audience(language: Option<&str>, culture: &str) -> Result<String, String> {
        let request = Request { language, culture, ..Request::default() };
        request.audience().map(|who| who.language.tag()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_language_is_law_and_the_culture_adds_the_region() {
        for (language, culture, tag) in [
            (Some("fr"), "French urban premium", "fr-FR"),
            (Some("fr"), "Swiss", "fr-CH"),
            (Some("fr-CA"), "French urban premium", "fr-CA"),
            (Some("de"), "young and loud", "de"),
            (None, "Emirati luxury", "ar-AE"),
            (None, "Japanese", "ja-JP"),
            (None, "Québécois", "fr-CA"),
            (None, "Arabic", "ar"),
        ] {
            assert_eq!(audience(language, culture).as_deref(), Ok(tag), "{culture}");
        }
    }

    #[test]
    fn a_culture_of_several_languages_needs_one_named() {
        for culture in ["Swiss", "urban premium", "Canadian"] {
            let error = audience(None, culture).expect_err(culture);
            assert!(error.contains("target_language is needed") && error.contains(culture));
        }
        assert!(audience(None, "").is_err());
        assert!(audience(Some("xx"), "French").is_err());
    }
}
