//! What an ad is for.

use super::read::Reader;
use super::{Intent, Season};

/// Decides for the most specific purpose that the prompt names.
pub(super) fn read(reader: &mut Reader<'_>) {
    const BY_NAME: [(&str, Intent); 11] = [
        ("hiring", Intent::Hiring),
        ("event", Intent::Event),
        ("app", Intent::App),
        ("offer", Intent::Offer),
        ("launch", Intent::Launch),
        ("question", Intent::Question),
        ("hero", Intent::Hero),
        ("proof", Intent::Proof),
        ("seasonal", Intent::Seasonal),
        ("new", Intent::Launch),
        ("none", Intent::Hero),
    ];
    season(reader);
    let named = BY_NAME.iter().enumerate().find_map(|(rank, (name, intent))| {
        let hit = reader.speech.of_topic("intent").find(|hit| hit.name == *name && !hit.negated)?;
        Some((rank, *intent, hit.range.clone()))
    });
    let (rank, intent) = named.as_ref().map_or((10, Intent::Hero), |(rank, is, _)| (*rank, *is));
    // A discount is an offer, and a season is one unless the prompt names another purpose.
    reader.brief.intent = match intent {
        _ if rank > 2 && reader.brief.percent.is_some() => Intent::Offer,
        _ if rank > 7 && reader.brief.season.is_some() => Intent::Seasonal,
        named => named,
    };
    let all: Vec<_> = reader.speech.of_topic("intent").cloned().collect();
    for hit in all.iter().filter(|hit| !hit.negated) {
        let is_it =
            BY_NAME.iter().any(|(name, is)| *name == hit.name && *is == reader.brief.intent);
        if is_it {
            reader.found("intent", reader.brief.intent.name(), hit.range.clone());
        } else {
            reader.speech.take(hit.range.clone());
        }
    }
}

fn season(reader: &mut Reader<'_>) {
    let hits: Vec<_> =
        reader.speech.of_topic("season").filter(|hit| !hit.negated).cloned().collect();
    for hit in hits {
        let season = match hit.name {
            "spring" => Season::Spring,
            "summer" => Season::Summer,
            "autumn" => Season::Autumn,
            "winter" => Season::Winter,
            "holidays" => Season::Holidays,
            "black_friday" => Season::BlackFriday,
            "valentine" => Season::Valentine,
            "new_year" => Season::NewYear,
            _ => Season::Other,
        };
        if *reader.brief.season.get_or_insert(season) == season {
            reader.found("season", season.name(), hit.range);
        }
    }
}
