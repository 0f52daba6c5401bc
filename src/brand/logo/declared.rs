//! Candidates that the page declares: structured data and metas.

use url::Url;

use super::score::Context;
use super::{Candidate, Origin};
use crate::brand::evidence::source;
use crate::brand::structured::{Declared, Standing};

/// The declared candidates.
pub(super) fn candidates(context: &Context<'_>, declared: &Declared) -> Vec<Candidate> {
    /// What a declared mark counts: as much as one that is called a logo in the header.
    const DECLARED: f64 = 38.0;
    let mut found = Vec::new();
    for entity in declared.organizations() {
        let score = if entity.standing == Standing::Own { DECLARED } else { DECLARED - 8.0 };
        for url in entity.logos.iter().take(3) {
            push(&mut found, context, declared, url, (entity.source, &entity.place), score);
        }
    }
    for name in ["og:logo", "logo"] {
        if let Some(meta) = declared.metas.find(name)
            && let Some(url) = context.page.resolve(&meta.content)
        {
            push(&mut found, context, declared, &url, ("meta", &meta.place()), DECLARED);
        }
    }
    found
}

fn push(
    found: &mut Vec<Candidate>,
    context: &Context<'_>,
    declared: &Declared,
    url: &Url,
    (kind, place): (&str, &str),
    score: f64,
) {
    // The picture for shared links is a photograph or a card, not a mark.
    let is_card = declared
        .metas
        .content("og:image")
        .and_then(|text| context.page.resolve(text))
        .is_some_and(|card| card == *url);
    let score = if is_card { 5.0 } else { score };
    let origin = Origin::File { url: url.clone(), symbol: None };
    found.push(Candidate { origin, score, source: source(kind, place, url.as_str(), score) });
}
