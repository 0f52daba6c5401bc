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

pub(crate) use super::draft::{Item, Section};
pub(crate) use architecture::is_understood;
pub(crate) use onboarding::is_for_newcomers;

use serde_json::{Map, Value, json};

use crate::domain::activity::{EventSource, InsightContent, InsightKind, Selection, Tag};

use super::Material;
use super::draft::Draft;
use super::evidence::Ground;
use super::footer::Footer;
use super::select::{NoResult, Selected, select};
use super::text::{one_line, shortened};

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
        /// The release before, where the history has one; the window begins after its commit.
        since: Option<Tag>,
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
    draft: Draft,
    members: Map<String, Value>,
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
        InsightRequest::ReleaseNotes { source, repo, style, since } => {
            let (repo, since) = (repo.as_deref(), since.as_ref());
            let asked = release_notes::Asked { source: *source, repo, style: *style, since };
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
    let draft = Draft::new(title, summary, sections, footer);
    Ok(InsightDraft { kind: request.kind(), draft, members })
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
    /// The words, which a model may make better.
    pub const fn words(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// The finished insight.
    pub fn content(self) -> InsightContent {
        let Self { kind, draft, members: mut data } = self;
        let (markdown, related_event_ids) = (draft.markdown(), draft.related_event_ids());
        let Draft { title, summary, sections, footer: _, model_used, token_usage } = draft;
        for section in &sections {
            let items: Vec<Value> = section.items.iter().map(Item::value).collect();
            place(&mut data, section.path, Value::Array(items));
        }
        InsightContent {
            kind,
            title,
            summary,
            data,
            related_event_ids,
            markdown,
            model_used,
            token_usage,
        }
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
