//! Candidates among `<img>` elements and CSS backgrounds.

use scraper::{ElementRef, Selector};

use super::score::{self, Context};
use super::{Candidate, Origin, drawing};
use crate::brand::evidence::source;
use crate::brand::name::place_of;
use crate::brand::surroundings::{Lead, Surroundings};

/// The candidates, in document order.
pub(super) fn candidates(context: &Context<'_>) -> Vec<Candidate> {
    /// Galleries have hundreds; a mark stands near an end of the page, mostly the first.
    const MAX_PICTURES: usize = 300;
    let images = Selector::parse("img").expect("a constant selector");
    let mut found: Vec<Candidate> = context
        .page
        .select(&images)
        .take(MAX_PICTURES)
        .filter_map(|image| picture(context, image))
        .collect();
    found.extend(backgrounds(context));
    found
}

fn picture(context: &Context<'_>, image: ElementRef<'_>) -> Option<Candidate> {
    let address = address(image)?;
    let origin = if address.trim_start().starts_with("data:") {
        Origin::Inline(drawing::data_bytes(&address)?)
    } else {
        Origin::File { url: context.page.resolve(&address)?, symbol: None }
    };
    let around = Surroundings::of(context.page, image);
    let by_file = match &origin {
        Origin::File { url, .. } => score::file(context, url.path()),
        Origin::Inline(_) => 0.0,
    };
    let caption = image.attr("alt").filter(|alt| !alt.trim().is_empty()).or(image.attr("title"));
    // Called a mark once, by its file or by its element.
    let by_class = if by_file < 25.0 && score::is_called_logo(image) { 25.0 } else { 0.0 };
    let score = score::place(context, image, around)
        + by_file
        + by_class
        + caption.map_or(0.0, |caption| score::caption(context, caption))
        + score::size(image)
        + score::company(image, around);
    let snippet = format!("{} alt={:?}", short(&address), image.attr("alt").unwrap_or_default());
    let source = source("img", place_of(image), &snippet, score);
    Some(Candidate { origin, score, source })
}

/// The address of the picture that is shown: lazy pages keep it in other attributes.
fn address(image: ElementRef<'_>) -> Option<String> {
    let is_address = |text: &&str| {
        let text = text.trim();
        // A transparent pixel holds the place until the script comes.
        let is_pixel = text.starts_with("data:image/gif") && text.len() < 200;
        !text.is_empty() && !is_pixel
    };
    let plain = ["src", "data-src", "data-lazy-src", "data-original"];
    let plain = plain.into_iter().filter_map(|name| image.attr(name)).find(is_address);
    let set = || {
        let sets = ["srcset", "data-srcset"].into_iter().find_map(|name| image.attr(name))?;
        sets.split(',').next()?.split_whitespace().next()
    };
    plain.or_else(set).map(str::to_owned)
}

fn short(address: &str) -> String {
    address.chars().take(100).collect()
}

/// Elements that are called a mark and show it as their background.
fn backgrounds(context: &Context<'_>) -> Vec<Candidate> {
    const MAX_FOUND: usize = 6;
    let page = context.page;
    page.elements()
        .filter_map(|element| {
            let style = page.style(element)?;
            let generated = style.generated.iter().flat_map(|paint| &paint.images);
            let url = style.paint.images.iter().chain(generated).next()?;
            let around = Surroundings::of(page, element);
            let is_home = around.header && around.link == Some(Lead::Home);
            if !is_home && !score::is_called_logo(element) {
                return None;
            }
            // The header's link home with an empty name is as good as one called a logo.
            let score = 15.0
                + score::place(context, element, around)
                + 25.0
                + score::file(context, url.path()).min(10.0);
            let source = source("background", place_of(element), url.as_str(), score);
            let origin = Origin::File { url: url.clone(), symbol: None };
            Some(Candidate { origin, score, source })
        })
        .take(MAX_FOUND)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lazy_pictures_are_found() {
        let address_of = |html: &str| {
            let html = scraper::Html::parse_fragment(html);
            let images = Selector::parse("img").expect("a selector");
            html.select(&images).next().and_then(address)
        };
        assert_eq!(
            address_of("<img src='data:image/gif;base64,R0lGOD' data-src=a.png>").as_deref(),
            Some("a.png")
        );
        assert_eq!(address_of("<img srcset='b.png 1x, c.png 2x'>").as_deref(), Some("b.png"));
        assert_eq!(address_of("<img src=''>"), None);
    }
}
