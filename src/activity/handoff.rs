//! A handoff and a digest: selected, linked, clustered, extracted, checked, rendered.

use std::collections::BTreeSet;

use crate::domain::activity::{
    Bullet, DigestPeriod, EventSource, HandoffContent, Selection, TokenUsage, union_of_events,
};

use super::cluster::cluster;
use super::evidence::Ground;
use super::extract::{changes, decisions, questions, steps, summary};
use super::footer::{EXTRACTIVE, Footer};
use super::link::link;
use super::read::day;
use super::select::{NoResult, select};
use super::text::{escape, one_line, shortened};
use super::{Material, rewrite};

/// The longest name of a project in a title, in characters.
const MAX_NAME: usize = 80;

/// A handoff that can still be reworded; `content` ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoffDraft {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) sources: Vec<EventSource>,
    /// Key changes, decisions, open questions, next steps.
    pub(crate) sections: [Vec<Bullet>; 4],
    footer: Footer,
    pub(crate) model_used: String,
    pub(crate) token_usage: TokenUsage,
}

/// The headings of the sections, in their order.
pub(crate) const SECTIONS: [(&str, &str); 4] = [
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
    let sections = [
        changes::key_changes(corpus, &clusters, window),
        decisions::decisions(corpus, window),
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
    Ok(HandoffDraft {
        title,
        summary: summary::summary(corpus, &clusters, window),
        sources: sources(&selected.per_source),
        sections,
        footer: Footer::of(selection, &selected, material.is_past),
        model_used: EXTRACTIVE.to_owned(),
        token_usage: TokenUsage::default(),
    })
}

fn sources(per_source: &std::collections::BTreeMap<EventSource, usize>) -> Vec<EventSource> {
    per_source.keys().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

impl HandoffDraft {
    /// What is asked of a model that words the draft.
    pub fn question(&self) -> rewrite::Question {
        let title = (rewrite::SUMMARY.to_owned(), self.summary.clone(), Vec::new());
        let lines = SECTIONS.iter().zip(&self.sections).flat_map(|((name, _), bullets)| {
            bullets.iter().enumerate().map(move |(nth, bullet)| {
                let evidence = bullet.evidence.iter().map(ToString::to_string).collect();
                (format!("{name}[{nth}]"), bullet.text.clone(), evidence)
            })
        });
        rewrite::Question::of(std::iter::once(title).chain(lines))
    }

    /// Takes over what of a model's answer its evidence bears; the rest stays as it was.
    #[must_use]
    pub fn reworded(mut self, answer: &str, model: &str, usage: TokenUsage) -> Self {
        let taken = self.question().accept(answer);
        self.token_usage = usage;
        if taken.is_empty() {
            return self;
        }
        if let Some(summary) = taken.get(rewrite::SUMMARY) {
            self.summary.clone_from(summary);
        }
        for ((name, _), bullets) in SECTIONS.iter().zip(&mut self.sections) {
            for (nth, bullet) in bullets.iter_mut().enumerate() {
                if let Some(text) = taken.get(&format!("{name}[{nth}]")) {
                    bullet.text.clone_from(text);
                }
            }
        }
        model.clone_into(&mut self.model_used);
        self
    }

    /// The finished document.
    pub fn content(self) -> HandoffContent {
        let markdown = self.markdown();
        let evidence = self.sections.iter().flatten().flat_map(|bullet| &bullet.evidence);
        let related_event_ids = union_of_events(evidence);
        let [key_changes, decisions, open_questions, next_steps] = self.sections;
        HandoffContent {
            title: self.title,
            summary: self.summary,
            sources: self.sources,
            key_changes,
            decisions,
            open_questions,
            next_steps,
            related_event_ids,
            markdown,
            model_used: self.model_used,
            token_usage: self.token_usage,
        }
    }

    fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n", escape(&self.title), escape(&self.summary));
        for ((_, heading), bullets) in SECTIONS.iter().zip(&self.sections) {
            if bullets.is_empty() {
                continue;
            }
            text.extend(["\n## ", heading, "\n\n"]);
            for bullet in bullets {
                text.extend(["- ", &escape(&bullet.text), "\n"]);
            }
        }
        text.push('\n');
        text.push_str(&self.footer.markdown(&self.model_used));
        text
    }
}
