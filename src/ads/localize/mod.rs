//! The same ad for other readers: other words, the same composition.
//!
//! `language` and `culture` read what was asked for, `words` finds what each node says in that
//! language, `money` what a price becomes, `refit` sets it in the source's box and near the
//! source's size, `invariants` measures that nothing else changed. Never: words that were made up
//! here, a price that nobody gave, a box that moved.

mod culture;
mod hang;
pub mod invariants;
mod language;
mod mirror;
pub mod money;
mod refit;
mod request;
mod stage;
mod words;

#[cfg(test)]
mod matrix;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use culture::{Culture, Tone};
pub use language::{Language, LanguageError};
pub use mirror::mirrored;
pub use request::{Audience, Request, Translation};
pub use words::{Wanted, wanted};

use money::{Amount, Currency, CurrencyPolicy, Exchange, MoneyError, Pricing, Repriced};
use stage::{Spoken, Stage};
use words::Phrasebook;

use crate::ads::catalog::Catalog;
use crate::ads::scene::{Composition, Lint, Money, SCENE_VERSION, Scene};
use crate::ads::text::{SetText, TextError, Typesetter};

/// A localized ad, not yet drawn.
#[derive(Clone, Debug)]
pub struct Localized {
    /// The ad. It has no checks: nothing was measured yet.
    pub scene: Scene,
    /// Its words as outlines, by the node's id.
    pub texts: BTreeMap<String, SetText>,
    /// Whom it speaks to, and what was read for that.
    pub audience: Audience,
    /// The ids of the nodes that were left in their own language.
    pub untranslated: BTreeSet<String>,
    /// What became of its prices, by the node's id.
    pub prices: BTreeMap<String, Repriced>,
    /// What was allowed to happen to prices.
    pub policy: CurrencyPolicy,
    /// The rate that made its prices.
    pub exchange: Option<Exchange>,
    /// The ids of the nodes that a person should look at before this is published.
    pub needs_review: Vec<String>,
}

/// Why an ad cannot be localized.
#[derive(Debug, thiserror::Error)]
pub enum LocalizeError {
    /// The scene was written by another version of this program.
    #[error("the scene has version {found}; this program reads version {SCENE_VERSION}")]
    UnknownVersion {
        /// The version that it has.
        found: u8,
    },
    /// What was given names no language.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// There is no `target_language`, and the culture implies none.
    #[error(
        "target_language is needed: target_culture `{culture}` names no place with one language; \
         give a tag such as `fr` or `fr-CH`"
    )]
    NoLanguage {
        /// What was given.
        culture: String,
    },
    /// A price, a rate or a currency is not right.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// There are no words in this language.
    #[error(
        "there are no words in `{language}`: the catalog speaks {known}; \
         configure a text model, or give the words"
    )]
    NoWords {
        /// The language that was asked for.
        language: String,
        /// The catalog's languages.
        known: String,
    },
    /// No wording fits the source's box near the source's size.
    #[error("copy_too_long: no wording of `{node}` fits its box at 0.70 of the source's size")]
    CopyTooLong {
        /// The node's id.
        node: String,
    },
    /// The words of a node cannot be set at all.
    #[error("the words of `{node}` cannot be set: {reason}")]
    Text {
        /// The node's id.
        node: String,
        /// Why.
        reason: TextError,
    },
}

/// The ad of `source` for other readers. Draw it and let [`invariants::check`] measure it before
/// it is shown to anybody.
pub fn localize(
    source: &Scene,
    request: &Request<'_>,
    catalog: &Catalog,
    typesetter: &mut Typesetter,
) -> Result<Localized, LocalizeError> {
    if source.scene != SCENE_VERSION {
        return Err(LocalizeError::UnknownVersion { found: source.scene });
    }
    let audience = request.audience()?;
    let pricing = request.pricing()?;
    let prices = repriced(source, &pricing, &audience.language)?;
    let phrasebook = Phrasebook { source, request, audience: &audience, catalog, prices: &prices };
    let mut stage = Stage::new(source, blank(source, request, &audience.language), typesetter);
    for (at, node) in source.nodes.iter().enumerate() {
        if let Some(text) = &node.text {
            stage.speak(at, &phrasebook.sayings(node, text)?)?;
        }
    }
    let Spoken { scene, texts, untranslated } = stage.end();
    let policy = pricing.policy();
    let exchange = pricing.exchange().cloned().filter(|_| !prices.is_empty());
    let needs_review = review(&prices, &untranslated);
    let mut localized =
        Localized { scene, texts, audience, untranslated, prices, policy, exchange, needs_review };
    localized.scene.warnings.extend(warnings(&localized, catalog));
    Ok(localized)
}

/// The source with everything that does not depend on words already as it will be.
fn blank(source: &Scene, request: &Request<'_>, language: &Language) -> Scene {
    let dir = language.direction();
    // A mirror image makes sense only for readers who begin on the other side.
    let is_mirrored = request.composition == Composition::Mirrored && dir != source.dir;
    let mut scene = if is_mirrored { mirrored(source) } else { source.clone() };
    if !is_mirrored {
        scene.composition = Composition::Locked;
    }
    (scene.lang, scene.dir) = (language.tag(), dir);
    scene.checks = Vec::new();
    scene.lint = Lint::default();
    scene.warnings.retain(|warning| !OWN_WARNINGS.iter().any(|own| warning.starts_with(own)));
    scene
}

/// What a localization may say of an ad; what an earlier one said of its own is dropped.
const OWN_WARNINGS: [&str; 7] = [
    "untranslated:",
    "tagline_untranslated",
    "currency_not_converted",
    "culture_terms_ignored:",
    "catalog_unreviewed:",
    "font_substituted:",
    "not_mirrored",
];

fn repriced(
    source: &Scene,
    pricing: &Pricing<'_>,
    language: &Language,
) -> Result<BTreeMap<String, Repriced>, MoneyError> {
    let priced = || source.nodes.iter().filter_map(|node| Some((&node.id, node.money.as_ref()?)));
    pricing.check_list(&priced().map(|(_, money)| money).collect::<Vec<_>>())?;
    priced().map(|(id, money)| Ok((id.clone(), pricing.apply(money, language)?))).collect()
}

/// A stored price as a language writes it; none where it was not stored by this program.
fn written(money: &Money, language: &Language) -> Option<String> {
    let amount = Amount::parse(&money.amount).ok()?;
    money::format(amount, Currency::parse(&money.currency).ok()?, language).ok()
}

fn review(prices: &BTreeMap<String, Repriced>, untranslated: &BTreeSet<String>) -> Vec<String> {
    let prices = prices.iter().filter(|(_, price)| price.needs_review).map(|(id, _)| id.clone());
    let mut review: Vec<String> = prices.chain(untranslated.iter().cloned()).collect();
    review.dedup();
    review
}

fn warnings(localized: &Localized, catalog: &Catalog) -> Vec<String> {
    let Localized { scene, audience, untranslated, prices, texts, .. } = localized;
    let text_of = |id: &str| scene.node(id).and_then(|node| node.text.as_ref());
    let mut warnings: Vec<String> =
        untranslated.iter().map(|id| format!("untranslated:{id}")).collect();
    let is_tagline = |id: &String| text_of(id).is_some_and(|text| text.source == "brand.tagline");
    warnings.extend(untranslated.iter().any(is_tagline).then(|| "tagline_untranslated".to_owned()));
    let is_kept = prices.values().any(|price| price.needs_review);
    warnings.extend(is_kept.then(|| "currency_not_converted".to_owned()));
    let ignored = &audience.culture.ignored;
    let is_any = !ignored.is_empty();
    warnings.extend(is_any.then(|| format!("culture_terms_ignored:{}", ignored.join(", "))));
    let is_of_catalog = scene.nodes.iter().any(|node| {
        let source = node.text.as_ref().map(|text| text.source.as_str());
        source.is_some_and(|source| source.starts_with("catalog:"))
    });
    let phrases =
        catalog.language(&scene.lang).filter(|phrases| is_of_catalog && !phrases.reviewed);
    warnings.extend(phrases.map(|phrases| format!("catalog_unreviewed:{}", phrases.lang)));
    let substituted: BTreeSet<&String> =
        texts.values().filter_map(|set| Some(&set.substituted.as_ref()?.0)).collect();
    warnings.extend(substituted.iter().map(|asked| format!("font_substituted:{asked}")));
    warnings
}
