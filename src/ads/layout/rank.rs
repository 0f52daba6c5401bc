//! Which arrangements an ad may have, and in which order they are taken.

use crate::ads::random::Random;
use crate::ads::scene::LayoutKind;

/// What there is to show.
#[expect(clippy::struct_excessive_bools, reason = "each stands for one thing that is there")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// A photograph.
    pub photo: bool,
    /// A thing on a transparent ground.
    pub cut_out: bool,
    /// An icon that the ad is about.
    pub icon: bool,
    /// The number of an offer.
    pub number: bool,
    /// A line above the headline.
    pub eyebrow: bool,
}

/// The arrangements whose needs are met, the first to take first: the same for the same seed,
/// brand and intent. Never empty: type alone needs nothing.
pub fn rank(needs: Needs, seed: u64, brand: &str, intent: &str) -> Vec<LayoutKind> {
    let random = Random::new(seed).fork(brand).fork(intent);
    let shows = |kind: LayoutKind| match kind {
        // What was sent is what the ad is about: it is shown first.
        LayoutKind::SplitPhoto | LayoutKind::ScrimPhoto => true,
        LayoutKind::ProductHero => needs.cut_out,
        _ => false,
    };
    let mut ranked: Vec<(f32, LayoutKind)> = LayoutKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let weight = weight(kind, needs)?;
            // The weighted draw without replacement of Efraimidis and Spirakis, in logarithms.
            let unit = random.fork(name(kind)).unit().max(f32::MIN_POSITIVE);
            Some((-libm::logf(unit) / weight, kind))
        })
        .collect();
    ranked.sort_by(|one, two| {
        let later = |kind: LayoutKind| !shows(kind);
        later(one.1).cmp(&later(two.1)).then(one.0.total_cmp(&two.0))
    });
    ranked.into_iter().map(|(_, kind)| kind).collect()
}

/// How likely an arrangement is to come first; `None` when its needs are not met.
fn weight(kind: LayoutKind, needs: Needs) -> Option<f32> {
    // An offer's number is what the ad is about: it is mostly shown first.
    match kind {
        LayoutKind::SplitPhoto | LayoutKind::ScrimPhoto => needs.photo.then_some(1.0),
        LayoutKind::OfferBurst => needs.number.then_some(60.0),
        LayoutKind::ProductHero if needs.cut_out => Some(1.0),
        LayoutKind::ProductHero => needs.icon.then_some(1.2),
        LayoutKind::Statement | LayoutKind::SplitArt => Some(1.4),
        LayoutKind::Centered | LayoutKind::Frame => Some(1.0),
        LayoutKind::CardOnPattern => Some(1.1),
        LayoutKind::DiagonalBand => Some(0.7),
    }
}

fn name(kind: LayoutKind) -> &'static str {
    match kind {
        LayoutKind::Statement => "statement",
        LayoutKind::Centered => "centered",
        LayoutKind::SplitArt => "split_art",
        LayoutKind::SplitPhoto => "split_photo",
        LayoutKind::OfferBurst => "offer_burst",
        LayoutKind::CardOnPattern => "card_on_pattern",
        LayoutKind::ScrimPhoto => "scrim_photo",
        LayoutKind::Frame => "frame",
        LayoutKind::DiagonalBand => "diagonal_band",
        LayoutKind::ProductHero => "product_hero",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_anything_to_show_type_and_art_are_left() {
        let ranked = rank(Needs::default(), 1, "brand", "hero");
        assert_eq!(ranked.len(), 6);
        assert!(!ranked.contains(&LayoutKind::ScrimPhoto));
        assert!(!ranked.contains(&LayoutKind::OfferBurst));
    }

    #[test]
    fn seed_brand_and_intent_decide_and_nothing_else() {
        let all = Needs { photo: true, cut_out: true, icon: true, number: true, eyebrow: true };
        assert_eq!(rank(all, 7, "a", "sale"), rank(all, 7, "a", "sale"));
        assert_eq!(rank(all, 7, "a", "sale").len(), 10);
        let firsts: std::collections::BTreeSet<_> =
            (0..40).map(|seed| rank(Needs::default(), seed, "a", "hero")[0]).collect();
        assert!(firsts.len() >= 5, "chance reaches most of them: {firsts:?}");
    }

    #[test]
    fn a_photograph_that_was_sent_is_shown() {
        let needs = Needs { photo: true, icon: true, ..Needs::default() };
        let photos = [LayoutKind::SplitPhoto, LayoutKind::ScrimPhoto];
        for seed in 0..200 {
            assert!(photos.contains(&rank(needs, seed, "a", "sale")[0]), "{seed}");
        }
    }

    #[test]
    fn an_offer_is_mostly_shown_as_one() {
        let needs = Needs { number: true, ..Needs::default() };
        let bursts = (0..100)
            .filter(|seed| rank(needs, *seed, "a", "sale")[0] == LayoutKind::OfferBurst)
            .count();
        assert!(bursts > 75, "{bursts} of 100");
    }
}
