//! A handoff and a digest: selected, linked, clustered, extracted, checked, rendered.

use serde_json::Map;

use crate::domain::activity::{DigestPeriod, EventSource, HandoffContent, Selection};

use super::Material;
use super::cluster::cluster;
use super::draft::{Draft, Item, Section};
use super::evidence::Ground;
use super::extract::ledger::Ledger;
use super::extract::{changes, decisions, questions, steps, summary};
use super::footer::Footer;
use super::link::link;
use super::read::day;
use super::select::{NoResult, select};
use super::text::{one_line, shortened};

/// The longest name of a project in a title, in characters.
const MAX_NAME: usize = 80;

/// A handoff that can still be reworded; `content` ends it.
#[derive(Clone, Debug, PartialEq)]
pub struct HandoffDraft {
    draft: Draft,
    sources: Vec<EventSource>,
}

/// The sections with their headings, in their order.
const SECTIONS: [(&str, &str); 4] = [
    ("key_changes", "Key changes"),
    ("decisions", "Decisions"),
    ("open_questions", "Open questions"),
    ("next_steps", "Next steps"),
];

/// Makes a handoff; an error when the window holds too little.
pub fn handoff(material: &Material<'_>, selection: &Selection) -> Result<HandoffDraft, NoResult> {
    let name = shortened(&one_line(&material.project.name), MAX_NAME);
    let title = format!(
        "{name}: handoff for {} to {}",
        day(selection.window.start),
        day(selection.window.end)
    );
    draft(material, selection, title)
}

/// Makes a digest of a day or a week; an error when it holds too little.
pub fn digest(
    material: &Material<'_>,
    selection: &Selection,
    period: DigestPeriod,
) -> Result<HandoffDraft, NoResult> {
    let name = shortened(&one_line(&material.project.name), MAX_NAME);
    let title = match period {
        DigestPeriod::Daily => format!("{name}: digest of {}", day(selection.window.end)),
        DigestPeriod::Weekly => {
            format!("{name}: digest of the week to {}", day(selection.window.end))
        }
    };
    draft(material, selection, title)
}

fn draft(
    material: &Material<'_>,
    selection: &Selection,
    title: String,
) -> Result<HandoffDraft, NoResult> {
    let selected = select(material.candidates, material.snapshot, selection)?;
    let window = selection.window;
    let corpus = &selected.corpus;
    let clusters = cluster(corpus, &link(corpus), window);
    let ground = Ground::of(corpus);
    let ledger = Ledger::of(corpus);
    let sections = [
        changes::key_changes(corpus, &clusters, &ledger, window),
        decisions::decisions(corpus, &ledger, window),
        questions::open_questions(corpus, window),
        steps::next_steps(corpus, window),
    ];
    let sections = sections.map(|bullets| ground.checked(bullets));
    // A window of which no line can be told is as good as empty.
    if sections.iter().all(Vec::is_empty) {
        return Err(NoResult {
            events_considered: selected.considered,
            window,
            sources: selected.per_source.keys().copied().collect(),
        });
    }
    let sections = SECTIONS.into_iter().zip(sections).map(|((path, heading), bullets)| {
        let item = |line| Item { line, members: Map::new() };
        Section { path, heading, items: bullets.into_iter().map(item).collect() }
    });
    let draft = Draft::new(
        title,
        summary::summary(corpus, &clusters, window),
        sections.collect(),
        Footer::of(selection, &selected, material.is_past),
    );
    Ok(HandoffDraft { draft, sources: selected.per_source.keys().copied().collect() })
}

impl HandoffDraft {
    /// The words, which a model may make better.
    pub const fn words(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// The finished document.
    pub fn content(self) -> HandoffContent {
        let Self { draft, sources } = self;
        let (markdown, related_event_ids) = (draft.markdown(), draft.related_event_ids());
        let Draft { title, summary, sections, footer: _, model_used, token_usage } = draft;
        let mut bullets =
            sections.into_iter().map(|section| section.items.into_iter().map(|item| item.line));
        let mut next = || bullets.next().into_iter().flatten().collect();
        HandoffContent {
            title,
            summary,
            sources,
            key_changes: next(),
            decisions: next(),
            open_questions: next(),
            next_steps: next(),
            related_event_ids,
            markdown,
            model_used,
            token_usage,
        }
    }
}
