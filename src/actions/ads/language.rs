//! Which language an ad speaks, and how its prices are written in it.

use super::failure;
use crate::ads::brief::Brief;
use crate::ads::catalog::Catalog;
use crate::ads::kit::BrandKit;
use crate::ads::localize::money::{self, Amount, Currency};
use crate::ads::localize::{Language, LocalizeError};
use crate::ads::scene::Money;
use crate::engine::ActionError;

/// The language that the prompt asks for, else the brand's, else the prompt's own, else English:
/// the first that there are words in.
pub(super) fn of_ad(brief: &Brief, kit: &BrandKit) -> Result<Language, ActionError> {
    if let Some(asked) = &brief.lang {
        return parsed(asked);
    }
    let speaks = |tag: &&str| Catalog::embedded().language(tag).is_some();
    let own = [kit.language.as_deref(), Some(brief.prompt_lang.as_str())];
    let mut spoken = own.into_iter().flatten().filter(speaks);
    let known = spoken.find_map(|tag| Language::parse(tag).ok());
    known.map_or_else(|| parsed("en"), Ok)
}

fn parsed(tag: &str) -> Result<Language, ActionError> {
    Language::parse(tag).map_err(|error| failure::localize(&LocalizeError::Language(error)))
}

/// A price as readers of this language write it; none for an amount or a currency that is none.
pub(super) fn price(money: &Money, language: &Language) -> Option<String> {
    let amount = Amount::parse(&money.amount).ok()?;
    money::format(amount, Currency::parse(&money.currency).ok()?, language).ok()
}
