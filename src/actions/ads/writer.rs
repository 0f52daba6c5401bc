//! The operator's writer: asked for better words where there is one, and never trusted.
//!
//! What it writes is taken only where it fits its boxes and the ad passes its checks; otherwise the
//! words of the catalog stay. Never: a figure, a price or a quotation from a model.

use super::campaign::Order;
use super::partner::Partner;
use crate::ads::brief::Tone;
use crate::ads::copy::AdCopy;
use crate::ads::scene::{Format, Provenance, Role, Text, WordsFrom};
use crate::ads::text::Typesetter;
use crate::engine::{ActionContext, ActionError};
use crate::model::{BrandMention, ContentRules, CopyRequest, Language, Slot, Words};

/// The words that a model writes: their role, their name there, and how many characters fit.
const SLOTS: [(Role, &str, usize); 3] =
    [(Role::Headline, "headline", 48), (Role::Subline, "subline", 90), (Role::Cta, "cta", 15)];

/// The words with those of the model in the place of the catalog's.
pub(super) async fn improve(
    context: &ActionContext,
    order: &Order<'_>,
    copy: AdCopy,
    format: &Format,
    partner: &mut Partner<'_>,
) -> Result<AdCopy, ActionError> {
    let slots = slots(&copy);
    if order.brief.no_text || slots.is_empty() || !partner.writes() {
        return Ok(copy);
    }
    context.progress("writing", Some(0.2));
    let request = request(order, slots);
    let mut judge = |words: &Words| judged(order, &copy, words, format);
    let answer = partner.session.copy(&request, &mut judge).await;
    let answer = partner.or_without(answer)?;
    Ok(answer.map_or_else(|| copy.clone(), |answer| with_words(order, &copy, &answer.words, true)))
}

/// What a model may write: what the catalog would say. Quotations and the brand's line stay.
fn slots(copy: &AdCopy) -> Vec<Slot> {
    let is_free =
        |ladder: &[Text]| ladder.first().is_some_and(|text| text.source.starts_with("catalog:"));
    let free = SLOTS.iter().filter(|(role, ..)| is_free(ladder(copy, *role)));
    free.map(|(_, name, most)| Slot { name: (*name).to_owned(), most: *most, source: None })
        .collect()
}

fn ladder(copy: &AdCopy, role: Role) -> &[Text] {
    match role {
        Role::Headline => &copy.headline,
        Role::Subline => &copy.subline,
        _ => &copy.cta,
    }
}

fn request(order: &Order<'_>, slots: Vec<Slot>) -> CopyRequest {
    let kit = &order.brand.kit;
    let tagline = kit.tagline.as_ref().map(|line| line.text.clone());
    let facts = [
        ("name", kit.name.clone()),
        ("tagline", tagline),
        ("tone", Some(kit.tone.join(", ")).filter(|tone| !tone.is_empty())),
    ];
    let facts = facts.into_iter().filter_map(|(label, text)| Some((label.to_owned(), text?)));
    CopyRequest {
        brief: order.args.prompt.clone(),
        language: Language { tag: order.language.tag(), register: register(order.brief.tone) },
        slots,
        facts: facts.collect(),
        rules: ContentRules {
            scripts: vec![order.language.script().to_owned()],
            allowed: vec![order.args.prompt.clone()],
            verbatim: kit.name.clone().into_iter().collect(),
            brand: BrandMention::Free,
            banned: kit.prohibited.clone(),
        },
    }
}

fn register(tone: Option<Tone>) -> String {
    match tone {
        Some(Tone::Premium) => "formal, premium, few words",
        Some(Tone::Direct) => "direct",
        Some(Tone::Playful) => "informal, playful",
        Some(Tone::Warm) => "informal, warm",
        Some(Tone::Formal) => "formal",
        None => "plain, confident",
    }
    .to_owned()
}

/// Whether an ad with these words passes its checks and shows them all.
fn judged(order: &Order<'_>, copy: &AdCopy, words: &Words, format: &Format) -> Result<(), String> {
    let copy = with_words(order, copy, words, false);
    let provenance = Provenance {
        copy: WordsFrom::Model,
        picture: String::new(),
        model_calls: 0,
        fallback_reason: None,
    };
    let mut typesetter = Typesetter::new(std::sync::Arc::clone(&order.brand.shelf));
    let made = order.compose(&copy, format, None, provenance, &mut typesetter);
    let scene = made.map_err(|error| error.to_string())?.scene;
    // A small canvas leaves out what it has no room for, whoever wrote it; the headline it shows.
    let shown = |text: &&Text| {
        let headline = scene.of_role(Role::Headline);
        headline.is_none_or(|node| node.text.as_ref() == Some(*text))
    };
    match copy.headline.first().filter(shown) {
        Some(_) => Ok(()),
        None => Err("headline does not fit its box".to_owned()),
    }
}

/// The copy with the model's words; behind them, where they may be left, those of the catalog that
/// are shorter.
fn with_words(order: &Order<'_>, copy: &AdCopy, words: &Words, keep: bool) -> AdCopy {
    let mut copy = copy.clone();
    for (role, name, _) in SLOTS {
        let Some(v) = words.get(name) else { continue };
        let text = Text {
            v: v.clone(),
            lang: order.language.tag(),
            source: "model".to_owned(),
            protect: order
                .brand
                .kit
                .name
                .iter()
                .filter(|name| v.contains(*name))
                .cloned()
                .collect(),
        };
        let length = v.chars().count();
        let shorter = ladder(&copy, role).iter().filter(|text| text.v.chars().count() < length);
        let rest: Vec<Text> = shorter.filter(|_| keep).cloned().collect();
        let ladder = std::iter::once(text).chain(rest).collect();
        match role {
            Role::Headline => copy.headline = ladder,
            Role::Subline => copy.subline = ladder,
            _ => copy.cta = ladder,
        }
    }
    copy
}
