//! Votes of what a site declares and draws: theme colours, the logo, the icon.

use super::ballot::{Ballot, Channel};
use super::known;
use crate::brand::color::{self, Rgba};
use crate::brand::css::media;
use crate::brand::marks::{Palette, is_chromatic};
use crate::brand::structured::Declared;
use crate::domain::brand::Hex;

/// What was measured on the marks of a site.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks<'a> {
    /// The logo's colours, and where it was found.
    pub(crate) logo: Option<(&'a Palette, &'a str)>,
    /// The icon's colours, and where it was found.
    pub(crate) icon: Option<(&'a Palette, &'a str)>,
    /// The `color` of the mask icon.
    pub(crate) mask_icon: Option<&'a str>,
}

/// Casts the votes of the marks.
pub(super) fn cast(
    declared: &Declared,
    marks: Marks<'_>,
    is_script_built: bool,
    ballot: &mut Ballot,
) {
    for meta in &declared.metas.all {
        let weight = match meta.key.as_str() {
            "theme-color" if meta.media.as_deref().is_none_or(media::matches) => 5.0,
            "msapplication-tilecolor" | "msapplication-navbutton-color" => 2.0,
            _ => continue,
        };
        stated(&meta.content, weight, meta.place(), ballot);
    }
    if let Some(text) = marks.mask_icon {
        stated(text, 5.0, "link[rel=\"mask-icon\"]".to_owned(), ballot);
    }
    if let Some(manifest) = &declared.manifest
        && let Some(text) = &manifest.theme_color
    {
        stated(text, 3.0, manifest.place.clone(), ballot);
    }
    if let Some((palette, place)) = marks.logo {
        drawn(palette, place, Channel::Logo, 7.0, ballot);
    }
    if let Some((palette, place)) = marks.icon {
        let weight = if is_script_built { 8.0 } else { 4.0 };
        drawn(palette, place, Channel::Icon, weight, ballot);
    }
}

fn stated(text: &str, weight: f64, place: String, ballot: &mut Ballot) {
    let Some(color) = color::parse(text, Rgba::BLACK).map(Rgba::hex) else { return };
    if !known::is_generator_default(color) {
        ballot.cast(color, Channel::Meta, weight, || (place, text.to_owned()));
    }
}

fn drawn(palette: &Palette, place: &str, channel: Channel, full: f64, ballot: &mut Ballot) {
    let mut vote = |color: Hex, share: f64, rank: f64| {
        let weight = full * (1.6 * share).min(1.0) * rank;
        ballot.cast(color, channel, weight, || {
            (place.to_owned(), format!("{color} on {:.0} % of it", share * 100.0))
        });
    };
    for (swatch, rank) in palette.chromatic().zip([1.0, 0.7, 0.7]) {
        vote(swatch.color, swatch.share, rank);
    }
    // A white sign on a coloured tile: the tile is what people remember.
    if let Some(backdrop) = palette.backdrop.filter(|color| is_chromatic(*color)) {
        vote(backdrop, 1.0, 0.8);
    }
    for swatch in palette.neutral().take(2) {
        vote(swatch.color, swatch.share, 1.0);
    }
}
