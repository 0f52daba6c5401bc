//! Candidates among the drawings that stand in the page itself.

use scraper::{ElementRef, Selector};

use super::score::{self, Context};
use super::{Candidate, Origin, drawing};
use crate::brand::evidence::source;
use crate::brand::name::place_of;
use crate::brand::surroundings::{Lead, Surroundings};

/// The candidates, in document order.
pub(super) fn candidates(context: &Context<'_>) -> Vec<Candidate> {
    /// Icon sets put hundreds of drawings into a page.
    const MAX_DRAWINGS: usize = 200;
    let drawings = Selector::parse("svg").expect("a constant selector");
    context
        .page
        .select(&drawings)
        .filter(|one| !is_nested(*one))
        .take(MAX_DRAWINGS)
        .filter_map(|one| candidate(context, one))
        .collect()
}

fn is_nested(svg: ElementRef<'_>) -> bool {
    svg.ancestors().filter_map(ElementRef::wrap).any(|one| one.value().name() == "svg")
}

fn candidate(context: &Context<'_>, svg: ElementRef<'_>) -> Option<Candidate> {
    let around = Surroundings::of(context.page, svg);
    let is_logo = score::is_called_logo(svg);
    let is_home = around.link == Some(Lead::Home);
    // Without one of the two a drawing is an icon.
    if !is_logo && !is_home {
        return None;
    }
    let title = svg
        .child_elements()
        .find(|child| child.value().name() == "title")
        .map(|title| title.text().collect::<String>());
    let caption = svg.attr("aria-label").map(str::to_owned).or(title).unwrap_or_default();
    let score = score::place(context, svg, around)
        + if is_logo { 25.0 } else { 0.0 }
        + score::caption(context, &caption)
        + score::size(svg)
        + score::company(svg, around);
    if score <= 0.0 {
        return None;
    }
    let origin = match external_symbol(context, svg) {
        Some(origin) => origin,
        None => Origin::Inline(drawing::standalone(context.page, svg)?.into_bytes()),
    };
    let snippet = if caption.is_empty() { "<svg>" } else { &caption };
    let source = source("inline-svg", place_of(svg), snippet, score);
    Some(Candidate { origin, score, source })
}

/// A drawing that only shows a symbol of a sprite in another file.
fn external_symbol(context: &Context<'_>, svg: ElementRef<'_>) -> Option<Origin> {
    let mut uses =
        svg.descendants().filter_map(ElementRef::wrap).filter(|one| one.value().name() == "use");
    let href = drawing::href(uses.next()?)?;
    let (file, symbol) = href.split_once('#')?;
    if file.is_empty() || uses.next().is_some() {
        return None;
    }
    let url = context.page.resolve(file)?;
    Some(Origin::File { url, symbol: Some(symbol.to_owned()) })
}
