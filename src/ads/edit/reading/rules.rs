//! From a wish to changes.

use super::{Change, ColorTarget, Shade, clause::Clause, words};
use crate::ads::brief::{Look, layout_named};
use crate::ads::prompt::{Figures, Interpretation, Speech};
use crate::ads::scene::{Align, Ink, Role};

/// The changes that a wish asks for: none if nothing can be made of it.
pub(super) fn changes(
    speech: &Speech<'_>,
    clause: &Clause,
    interpretation: &mut Interpretation,
) -> Vec<Change> {
    if clause.deeds.does("translate") || clause.deeds.wish("lang").is_some() {
        interpretation.note("the language of an ad is changed by localizing it, not by an edit");
        return Vec::new();
    }
    if clause.is_refusal {
        let words = speech.words(clause.range.clone());
        interpretation.note(format!("nothing is done for `{words}`, which asks for no change"));
        return Vec::new();
    }
    let said = words::given(speech, clause);
    if !said.is_empty() {
        return said;
    }
    let mut changes = figures(clause);
    changes.extend(words::font(speech, clause));
    changes.extend(removals(clause));
    changes.extend(picture(speech, clause));
    changes.extend(additions(clause));
    changes.extend(colors(clause, interpretation));
    changes.extend(sizes(clause));
    changes.extend(letters(clause));
    changes.extend(arrangement(clause, interpretation));
    if changes.is_empty() {
        changes.extend(others(clause));
    }
    changes
}

/// The role whose text a name of the lexicon means.
pub(super) fn text_role(name: &str) -> Option<Role> {
    Some(match name {
        "headline" | "text" => Role::Headline,
        "subline" | "tagline" => Role::Subline,
        "cta" => Role::Cta,
        "eyebrow" => Role::Eyebrow,
        "badge" => Role::Badge,
        "legal" => Role::Legal,
        "price" => Role::Price,
        "number" => Role::Number,
        _ => return None,
    })
}

/// The part of an ad that a name of the lexicon means.
fn role(name: &str) -> Option<Role> {
    text_role(name).or(match name {
        "logo" => Some(Role::Logo),
        "photo" => Some(Role::Photo),
        "art" => Some(Role::Decoration),
        "hero" => Some(Role::Hero),
        "panel" => Some(Role::Panel),
        _ => None,
    })
}

fn roles(clause: &Clause) -> Vec<Role> {
    clause.things.iter().filter_map(|name| role(name)).collect()
}

fn figures(clause: &Clause) -> Vec<Change> {
    let deeds = &clause.deeds;
    if deeds.does("remove") {
        return Vec::new();
    }
    let is_discount = names_a_discount(clause) || deeds.does("change");
    let up_to = deeds.wishes.iter().any(|(topic, name, _)| (*topic, *name) == ("figure", "up_to"));
    let change = |figure: &Figures| match figure {
        Figures::Price { amount, currency } => {
            let (amount, currency) = (amount.clone(), Some((*currency).to_owned()));
            Some(Change::Price { amount, currency })
        }
        Figures::Percent { number } if is_discount => {
            Some(Change::Percent { number: number.clone(), up_to })
        }
        Figures::Ratio(ratio) => Some(Change::Format { name: (*ratio).to_owned() }),
        Figures::Size([w, h]) => Some(Change::Format { name: format!("{w}x{h}") }),
        Figures::Percent { .. } | Figures::Date => None,
    };
    let mut changes: Vec<Change> = deeds.figures.iter().filter_map(change).collect();
    // “change 30% to 50%” names the old one first.
    let kind = std::mem::discriminant::<Change>;
    changes = (0..changes.len())
        .filter(|at| changes[at + 1..].iter().all(|later| kind(later) != kind(&changes[*at])))
        .map(|at| changes[at].clone())
        .collect();
    if let Some(amount) = deeds.number.clone().filter(|_| clause.things.contains(&"price")) {
        changes.push(Change::Price { amount, currency: None });
    }
    if let Some((name, false)) = deeds.wish("format") {
        changes.push(Change::Format { name: name.to_owned() });
    }
    changes
}

/// Whether it speaks of what is taken off a price.
fn names_a_discount(clause: &Clause) -> bool {
    let is_off = |(topic, name, _): &(&str, &str, bool)| {
        (*topic, *name) == ("figure", "off") || (*topic, *name) == ("intent", "offer")
    };
    clause.things.contains(&"number") || clause.deeds.wishes.iter().any(is_off)
}

/// A picture that came with the edit: “replace the photo”, “use this picture as background”, “use
/// this as background”.
fn picture(speech: &Speech<'_>, clause: &Clause) -> Option<Change> {
    let deeds = &clause.deeds;
    let is_brought = ["add", "use", "change", "another"].iter().any(|name| deeds.does(name));
    let is_given = clause.range.clone().any(|at| speech.at("given", at).is_some());
    let background = clause.things.contains(&"background");
    let is_this = is_given && deeds.does("use") && clause.things == ["background"];
    let is_picture = clause.things.contains(&"photo") || is_this && deeds.colors.is_empty();
    let is_asked = is_picture && !deeds.does("remove") && (is_brought || background);
    is_asked.then_some(Change::Picture { background })
}

fn removals(clause: &Clause) -> Vec<Change> {
    let deeds = &clause.deeds;
    let removed = clause.things.iter().filter(|_| deeds.does("remove"));
    let mut removals: Vec<Change> =
        removed.chain(&deeds.denied).flat_map(|name| removal(name)).collect();
    let is_percent = |figure: &Figures| matches!(figure, Figures::Percent { .. });
    let discount = names_a_discount(clause) || deeds.figures.iter().any(is_percent);
    if removals.is_empty() && deeds.does("remove") && discount {
        removals.push(Change::Remove { role: Role::Number });
    }
    removals
}

fn removal(name: &str) -> Vec<Change> {
    match name {
        "tagline" => vec![Change::RemoveTagline],
        "text" => [Role::Eyebrow, Role::Headline, Role::Subline]
            .map(|role| Change::Remove { role })
            .to_vec(),
        "background" => vec![Change::Remove { role: Role::Decoration }],
        name => role(name).map(|role| Change::Remove { role }).into_iter().collect(),
    }
}

fn additions(clause: &Clause) -> Vec<Change> {
    let is_taken = clause.deeds.does("remove") || !clause.deeds.figures.is_empty();
    let uses = clause.deeds.does("use") && clause.things == ["tagline"];
    if is_taken || !clause.deeds.does("add") && !uses {
        return Vec::new();
    }
    let ships = clause.deeds.wish("ship").is_some();
    let addition = |name: &&str| match *name {
        "tagline" => Some(Change::AddTagline),
        "photo" => None,
        "badge" if ships => {
            Some(Change::SetPhrase { role: Role::Badge, key: "badge.free_shipping".to_owned() })
        }
        name => role(name).map(|role| Change::Add { role }),
    };
    clause.things.iter().filter_map(addition).collect()
}

fn colors(clause: &Clause, interpretation: &mut Interpretation) -> Vec<Change> {
    let deeds = &clause.deeds;
    if deeds.does("swap") {
        return vec![Change::SwapColors];
    }
    if clause.things.contains(&"brand_colors") {
        return vec![Change::BrandColors];
    }
    let targets: Vec<ColorTarget> = clause.things.iter().filter_map(|name| target(name)).collect();
    if clause.things.contains(&"logo") && !deeds.colors.is_empty() {
        interpretation.note("a brand's logo keeps its colours");
        return Vec::new();
    }
    if let Some((color, exact)) = deeds.colors.first().copied() {
        // A value alone is the colour that points; a word alone is the mood of the whole.
        let whole =
            if exact || deeds.does("use") { ColorTarget::Accent } else { ColorTarget::Background };
        let targets = if targets.is_empty() { vec![whole] } else { targets };
        let set = |target| Change::SetColor { target, color, exact };
        return targets.into_iter().map(set).collect();
    }
    if let Some(change) = recolored(clause) {
        return vec![change];
    }
    let scheme = deeds.wish("scheme").filter(|(_, negated)| !negated).map(|(name, _)| name);
    let darker = deeds.does("darker") || scheme == Some("dark");
    let lighter = deeds.does("lighter") || scheme == Some("light");
    if !darker && !lighter {
        return Vec::new();
    }
    let shade = if darker { Shade::Darker } else { Shade::Lighter };
    if targets.is_empty() {
        return vec![Change::Shade { target: None, shade }];
    }
    targets.into_iter().map(|at| Change::Shade { target: Some(at), shade }).collect()
}

/// “use the accent colour as background”: one of the ad's own colours for another part.
fn recolored(clause: &Clause) -> Option<Change> {
    let sources = ["accent", "primary", "secondary"];
    let source = clause.things.iter().find(|name| sources.contains(name))?;
    let part = clause.things.iter().find(|name| !sources.contains(name) && target(name).is_some());
    let (from, target) = match part {
        Some(part) => (ink(source)?, target(part)?),
        // “use the background colour as accent” names the accent last.
        None => return None,
    };
    let is_reversed = clause.things.first() == part && clause.deeds.does("use");
    let reversed = || Some((ink(part?)?, self::target(source)?));
    let (from, target) = if is_reversed { reversed()? } else { (from, target) };
    Some(Change::Recolor { target, from })
}

fn ink(name: &str) -> Option<Ink> {
    Some(match name {
        "accent" | "primary" => Ink::Accent,
        "secondary" | "panel" => Ink::Panel,
        "background" => Ink::Bg,
        "text" | "headline" => Ink::Fg,
        _ => return None,
    })
}

fn target(name: &str) -> Option<ColorTarget> {
    Some(match name {
        "background" => ColorTarget::Background,
        "text" => ColorTarget::Text,
        "accent" | "cta" | "primary" => ColorTarget::Accent,
        "panel" | "secondary" => ColorTarget::Panel,
        "headline" | "subline" | "eyebrow" | "price" | "number" | "badge" | "art" => {
            ColorTarget::Role(role(name)?)
        }
        _ => return None,
    })
}

fn sizes(clause: &Clause) -> Vec<Change> {
    let deeds = &clause.deeds;
    let text = roles(clause).into_iter().find(|role| role.is_text()).unwrap_or(Role::Headline);
    let texts: Vec<Role> = roles(clause).into_iter().filter(|role| role.is_text()).collect();
    if deeds.does("less_text") && texts.is_empty() {
        return vec![Change::LessText];
    }
    let texts = if texts.is_empty() { vec![text] } else { texts };
    if deeds.does("shorter") || deeds.does("less_text") {
        return texts.into_iter().map(|role| Change::Shorter { role }).collect();
    }
    if deeds.does("longer") {
        return texts.into_iter().map(|role| Change::Longer { role }).collect();
    }
    let larger = deeds.does("larger");
    if !larger && !deeds.does("smaller") {
        return Vec::new();
    }
    roles(clause).into_iter().map(|role| Change::Resize { role, larger }).collect()
}

fn letters(clause: &Clause) -> Vec<Change> {
    let deeds = &clause.deeds;
    let texts: Vec<Role> = roles(clause).into_iter().filter(|role| role.is_text()).collect();
    let or_headline = |texts: &[Role]| {
        if texts.is_empty() { vec![Role::Headline] } else { texts.to_vec() }
    };
    if deeds.does("caps") || deeds.does("no_caps") {
        let on = deeds.does("caps");
        return or_headline(&texts).into_iter().map(|role| Change::Capitals { role, on }).collect();
    }
    let heavier =
        deeds.does("heavier") || !texts.is_empty() && deeds.wish("look") == Some(("bold", false));
    if heavier || deeds.does("thinner") {
        if texts.is_empty() && heavier {
            return vec![Change::Look { look: Look::Bold, more: true }];
        }
        let texts = or_headline(&texts).into_iter();
        return texts.map(|role| Change::Weight { role, heavier }).collect();
    }
    if let Some((name, negated)) = deeds.wish("look") {
        let look = match name {
            "minimal" => Look::Minimal,
            "bold" => Look::Bold,
            "playful" => Look::Playful,
            _ => Look::Elegant,
        };
        return vec![Change::Look { look, more: !negated && !deeds.does("less") }];
    }
    Vec::new()
}

fn arrangement(clause: &Clause, interpretation: &mut Interpretation) -> Vec<Change> {
    let deeds = &clause.deeds;
    let side = deeds.wish("side").filter(|_| deeds.does("move"));
    if let Some((name, false)) = deeds.wish("align").or(side) {
        let align = match name {
            "center" => Align::Center,
            "end" => Align::End,
            _ => Align::Start,
        };
        let texts: Vec<Role> = roles(clause).into_iter().filter(|role| role.is_text()).collect();
        let others = roles(clause).iter().any(|role| !role.is_text());
        let is_all = texts.is_empty() || clause.things == ["text"];
        return match texts.as_slice() {
            [] if others => {
                let note = "the places of logo and picture belong to the layout; ask for another \
                            layout to have them elsewhere";
                interpretation.note(note);
                Vec::new()
            }
            _ if is_all => vec![Change::Align { role: None, align }],
            _ => texts.iter().map(|role| Change::Align { role: Some(*role), align }).collect(),
        };
    }
    let layout = deeds.wish("layout").filter(|(_, negated)| !negated);
    let kind = layout.and_then(|(name, _)| layout_named(name));
    kind.map(|kind| Change::Layout { kind }).into_iter().collect()
}

/// “another layout”, and “change the headline” without a word for what it shall be.
fn others(clause: &Clause) -> Vec<Change> {
    if !clause.deeds.does("another") && !clause.deeds.does("change") {
        return Vec::new();
    }
    let other = |name: &&str| {
        Some(match *name {
            "layout" => Change::OtherLayout,
            "colors" => Change::OtherColors,
            "art" | "background" => Change::OtherArt,
            name => Change::OtherText { role: text_role(name).filter(|role| has_others(*role))? },
        })
    };
    clause.things.iter().filter_map(other).collect()
}

/// Whether there is more than one way to say it: a price has none.
fn has_others(role: Role) -> bool {
    matches!(role, Role::Headline | Role::Subline | Role::Cta | Role::Eyebrow)
}
