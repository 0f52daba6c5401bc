//! The five insights: what belongs together, what a newcomer needs, how the code hangs together,
//! what a release brings, how the plan stands.
//!
//! Each is a list of sections of items; an item is a line for people, members for programs, and
//! its evidence. What holds of a handoff's lines holds of items. Never: an item without evidence.

mod architecture;
mod correlation;
mod onboarding;
mod plan_review;
mod release_notes;

pub(crate) use architecture::is_understood;
pub(crate) use onboarding::is_for_newcomers;

use serde_json::{Map, Value, json};

use crate::domain::activity::{
    Bullet, EventSource, Evidence, InsightContent, InsightKind, Selection, TokenUsage,
    union_of_events,
};

use super::evidence::Ground;
use super::footer::{EXTRACTIVE, Footer};
use super::select::{NoResult, Selected, select};
use super::text::{escape, one_line, shortened};
use super::{Material, rewrite};

/// What is asked for beside the selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsightRequest {
    /// What belongs together across sources.
    Correlation,
    /// What a newcomer needs.
    Onboarding {
        /// What the newcomer will do.
        new_member_role: Option<String>,
        /// The part of the project that they begin with.
        focus_area: Option<String>,
    },
    /// How the code hangs together.
    Architecture {
        /// What the asker wants to know of it.
        focus_question: Option<String>,
    },
    /// What a release brings.
    ReleaseNotes {
        /// The code source whose work is told of; `None` takes every one.
        source: Option<EventSource>,
        /// The source's repository, by its place's id.
        repo: Option<String>,
        /// For whom.
        style: ReleaseStyle,
    },
    /// How the plan stands.
    PlanReview,
}

/// For whom release notes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReleaseStyle {
    /// For users: features, fixes, what breaks.
    #[default]
    ReleaseNotes,
    /// For reviewers: what changed where, and how to look at it.
    PrDescription,
}

impl InsightRequest {
    /// Of which kind the insight is.
    pub const fn kind(&self) -> InsightKind {
        match self {
            Self::Correlation => InsightKind::CrossSourceCorrelation,
            Self::Onboarding { .. } => InsightKind::OnboardingBrief,
            Self::Architecture { .. } => InsightKind::ArchitectureInsight,
            Self::ReleaseNotes { .. } => InsightKind::ReleaseNotes,
            Self::PlanReview => InsightKind::PlanReview,
        }
    }
}

/// Why there is no insight.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInsight {
    /// Too little is known.
    #[error(transparent)]
    NoResult(#[from] NoResult),
    /// The caller's `pace` said to stop.
    #[error("the work was stopped")]
    Stopped,
}

/// Told how much of how much is done; answers whether to go on.
pub type Pace<'a> = dyn FnMut(usize, usize) -> bool + 'a;

/// One item of a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// For people: the line with its evidence.
    pub(crate) line: Bullet,
    /// For programs, beside `text` and `evidence`.
    pub(crate) members: Map<String, Value>,
}

impl Item {
    pub(crate) fn new(text: String, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        Self { line: super::extract::bullet(text, evidence), members: Map::new() }
    }

    /// The same with one more member.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    fn value(&self) -> Value {
        let mut members = self.members.clone();
        members.entry("text").or_insert_with(|| json!(self.line.text));
        members.insert("evidence".to_owned(), json!(self.line.evidence));
        Value::Object(members)
    }
}

/// Items of one sort.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// Where they stand in `data`: `patterns`, `groups.fixes`.
    pub(crate) path: &'static str,
    /// Their heading for people.
    pub(crate) heading: &'static str,
    pub(crate) items: Vec<Item>,
}

/// What a kind found.
pub(crate) struct Found {
    pub(crate) summary: String,
    pub(crate) sections: Vec<Section>,
    /// Members of `data` that are no lists of items.
    pub(crate) members: Map<String, Value>,
}

/// An insight that can still be reworded; `content` ends it.
#[derive(Clone, Debug, PartialEq)]
pub struct InsightDraft {
    kind: InsightKind,
    title: String,
    summary: String,
    sections: Vec<Section>,
    members: Map<String, Value>,
    footer: Footer,
    model_used: String,
    token_usage: TokenUsage,
}

/// The longest name of a project in a title, in characters.
const MAX_NAME: usize = 80;

/// Makes an insight; `pace` is asked while files are parsed.
pub fn insight(
    material: &Material<'_>,
    selection: &Selection,
    request: &InsightRequest,
    pace: &mut Pace<'_>,
) -> Result<InsightDraft, NoInsight> {
    let selected = match (request, material.snapshot) {
        // A tree can be read whatever happened in the window.
        (InsightRequest::Architecture { .. } | InsightRequest::Onboarding { .. }, Some(_)) => {
            Selected::even_of_nothing(material.candidates, material.snapshot, selection)
        }
        _ => select(material.candidates, material.snapshot, selection)?,
    };
    let none = || {
        NoInsight::NoResult(NoResult {
            events_considered: selected.considered,
            window: selection.window,
            sources: selected.per_source.keys().copied().collect(),
        })
    };
    let name = shortened(&one_line(&material.project.name), MAX_NAME);
    let (found, title) = match request {
        InsightRequest::Correlation => (
            correlation::find(&selected, selection.window),
            format!("{name}: what belongs together"),
        ),
        InsightRequest::Onboarding { new_member_role, focus_area } => {
            let (role, focus) = (new_member_role.as_deref(), focus_area.as_deref());
            let found = onboarding::find(&selected, selection.window, role, focus);
            (found, format!("{name}: a newcomer's brief"))
        }
        InsightRequest::Architecture { focus_question } => {
            let question = focus_question.as_deref();
            let found = architecture::find(&selected, selection.window, question, pace);
            (found.ok_or(NoInsight::Stopped)?, format!("{name}: architecture"))
        }
        InsightRequest::ReleaseNotes { source, repo, style } => {
            let asked =
                release_notes::Asked { source: *source, repo: repo.as_deref(), style: *style };
            release_notes::find(&selected, selection.window, &asked, &name).ok_or_else(none)?
        }
        InsightRequest::PlanReview => {
            let found = plan_review::find(&selected, selection.window).ok_or_else(none)?;
            (found, format!("{name}: plan review"))
        }
    };
    let ground = Ground::of(&selected.corpus);
    let Found { summary, sections, members } = found;
    let sections: Vec<Section> = sections.into_iter().map(|one| checked(one, &ground)).collect();
    if sections.iter().all(|section| section.items.is_empty()) {
        return Err(none());
    }
    let footer = Footer::of(selection, &selected, material.is_past);
    let (model_used, token_usage) = (EXTRACTIVE.to_owned(), TokenUsage::default());
    let kind = request.kind();
    Ok(InsightDraft { kind, title, summary, sections, members, footer, model_used, token_usage })
}

fn checked(section: Section, ground: &Ground<'_>) -> Section {
    let items = section.items.into_iter().filter_map(|mut item| {
        let line = ground.checked(vec![item.line]).pop()?;
        item.line = line;
        Some(item)
    });
    Section { items: items.collect(), ..section }
}

impl InsightDraft {
    /// What is asked of a model that words the draft.
    pub fn question(&self) -> rewrite::Question {
        let summary = (rewrite::SUMMARY.to_owned(), self.summary.clone(), Vec::new());
        let lines = self.sections.iter().flat_map(|section| {
            section.items.iter().enumerate().map(|(nth, item)| {
                let evidence = item.line.evidence.iter().map(ToString::to_string).collect();
                (format!("{}[{nth}]", section.path), item.line.text.clone(), evidence)
            })
        });
        rewrite::Question::of(std::iter::once(summary).chain(lines))
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
        for section in &mut self.sections {
            for (nth, item) in section.items.iter_mut().enumerate() {
                if let Some(text) = taken.get(&format!("{}[{nth}]", section.path)) {
                    item.line.text.clone_from(text);
                }
            }
        }
        model.clone_into(&mut self.model_used);
        self
    }

    /// The finished insight.
    pub fn content(self) -> InsightContent {
        let lines = self.sections.iter().flat_map(|section| &section.items);
        let related_event_ids = union_of_events(lines.flat_map(|item| &item.line.evidence));
        let markdown = self.markdown();
        let mut data = self.members;
        for section in &self.sections {
            let items: Vec<Value> = section.items.iter().map(Item::value).collect();
            place(&mut data, section.path, Value::Array(items));
        }
        InsightContent {
            kind: self.kind,
            title: self.title,
            summary: self.summary,
            data,
            related_event_ids,
            markdown,
            model_used: self.model_used,
            token_usage: self.token_usage,
        }
    }

    fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n", escape(&self.title), escape(&self.summary));
        for section in self.sections.iter().filter(|section| !section.items.is_empty()) {
            text.push_str("\n## ");
            text.push_str(section.heading);
            text.push_str("\n\n");
            for item in &section.items {
                text.push_str("- ");
                text.push_str(&escape(&item.line.text));
                text.push('\n');
            }
        }
        text.push('\n');
        text.push_str(&self.footer.markdown(&self.model_used));
        text
    }
}

/// Puts a value at `a` or at `a.b`.
fn place(data: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        Some((outer, inner)) => {
            let object = data.entry(outer).or_insert_with(|| json!({}));
            if let Value::Object(object) = object {
                object.insert(inner.to_owned(), value);
            }
        }
        None => {
            data.insert(path.to_owned(), value);
        }
    }
}
