//! `handoffs.generate` and `insights.generate`: a document out of a project's events.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::activity::{
    self, Draft, HandoffDraft, InsightDraft, InsightRequest, NoInsight, NoResult, Purpose,
};
use crate::domain::activity::{DocumentStatus, Handoff, Insight, Project, Selection, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{HandoffId, InsightId, KeyId};
use crate::domain::job::{Diagnostic, Job, Write};
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
};
use crate::model::Model;

use super::args::{GenerationArgs, Wanted};
use super::reading::{self, Material, Reader, Wish};
use super::{HANDOFFS_GENERATE, META_STEP, RepositoryGrants, schemas, wording};

/// How long one attempt may take: a first reading of a large window, and the model after it.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(10);

/// The day that a quota is for.
const DAY: Duration = Duration::from_hours(24);

/// Commits from which is learnt who knows what, and what changes together.
const TOUCHES: usize = 2_000;

/// What the actions that make documents share.
pub(super) struct Desk {
    pub(super) grants: Arc<RepositoryGrants>,
    pub(super) model: Model,
    pub(super) generations_per_day: u32,
}

/// Makes documents of one sort.
pub(super) struct Generate {
    pub(super) name: &'static str,
    pub(super) desk: Arc<Desk>,
    /// The operator switched it off: its jobs say so, as this dialect's clients expect.
    pub(super) is_off: bool,
}

#[async_trait]
impl Action for Generate {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> ActionDescription {
        if self.name == HANDOFFS_GENERATE { schemas::handoff() } else { schemas::insight() }
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy {
            max_attempts: 2,
            attempt_timeout: ATTEMPT_TIMEOUT,
            ..AttemptPolicy::default()
        }
    }

    fn check(&self, input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput> {
        self.args(input, given).map(drop)
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        if self.is_off {
            let message = format!("The operator switched `{}` off.", self.name);
            return Err(ActionError::fatal("plan_violation", message));
        }
        let args = self
            .args(&input, &[])
            .map_err(|fault| ActionError::fatal("generation_failed", fault.to_string()))?;
        self.desk.spend(&context).await?;
        let project = reading::project(&context, args.project).await?;
        let asked = Asked::of(&context).await?;
        let mut draft = self.desk.draft(&context, &project, args, &asked).await?;
        let (model, selection) = (&self.desk.model, draft.selection);
        wording::word(&context, model, project.id, &selection, draft.made.words()).await;
        context.progress("writing", Some(1.0));
        Ok(draft.made.output(&context, project, &asked))
    }
}

impl Generate {
    fn args(
        &self,
        input: &Map<String, Value>,
        given: &[&str],
    ) -> Result<GenerationArgs, InvalidInput> {
        if self.name == HANDOFFS_GENERATE {
            GenerationArgs::handoff(input, given)
        } else {
            GenerationArgs::insight(input, given)
        }
    }
}

/// When and by whom a document was asked for.
struct Asked {
    /// The moment for all that names none, the same in every attempt.
    at: Timestamp,
    /// The key, where the request came with one.
    by: Option<KeyId>,
}

impl Asked {
    async fn of(context: &ActionContext) -> Result<Self, ActionError> {
        let job = context.job(context.job_id()).await?;
        let by = |job: &Job| job.echo.get(REQUESTED_BY)?.as_str()?.parse().ok();
        Ok(Self {
            at: job.as_ref().map_or_else(|| context.clock().now(), |job| job.created_at),
            by: job.as_ref().and_then(by),
        })
    }
}

/// The member beside a job's arguments that says which key asked for it.
pub const REQUESTED_BY: &str = "requested_by";

/// A document that was drafted, and of what.
struct Drafted {
    made: Made,
    selection: Selection,
}

enum Made {
    Handoff(HandoffDraft),
    Insight(InsightDraft),
}

impl Desk {
    /// Refuses what the operator's own quota no longer has room for.
    async fn spend(&self, context: &ActionContext) -> Result<(), ActionError> {
        let quota = usize::try_from(self.generations_per_day).unwrap_or(usize::MAX);
        if quota == 0 {
            return Ok(());
        }
        let since = context.clock().now().before(DAY);
        if context.documents_since(since).await? < quota {
            return Ok(());
        }
        let message = format!(
            "This organization has had {quota} handoffs and insights made within 24 hours, which \
             is what the operator allows."
        );
        Err(ActionError::fatal("quota_exceeded", message))
    }

    async fn draft(
        &self,
        context: &ActionContext,
        project: &Project,
        args: GenerationArgs,
        asked: &Asked,
    ) -> Result<Drafted, ActionError> {
        let mut selection = args.selection(asked.at);
        let mut wanted = args.wanted;
        let sources = selection.sources.as_deref();
        let mut reader = Reader::open(context, &self.grants, project, sources).await?;
        if let Wanted::Insight(InsightRequest::ReleaseNotes { since, .. }) = &mut wanted
            && args.since_release
            && let Some((tag, began_at)) = reader.release_before(selection.window.end)?
            && began_at < selection.window.end
        {
            selection.window = Window { start: began_at, ..selection.window };
            *since = Some(tag);
        }
        let Material { candidates, snapshot } = reader.gather(&selection, wish(&wanted)).await?;
        let material = activity::Material {
            project,
            candidates: &candidates,
            snapshot: snapshot.as_ref(),
            is_past: selection.window.end < asked.at,
        };
        let made = match &wanted {
            Wanted::Handoff => activity::handoff(&material, &selection)
                .map(Made::Handoff)
                .map_err(NoInsight::NoResult),
            Wanted::Insight(request) => {
                let mut pace = |done: usize, whole: usize| {
                    context.progress("reading the code", Some(share(done, whole)));
                    !context.is_over()
                };
                activity::insight(&material, &selection, request, &mut pace).map(Made::Insight)
            }
        };
        let made = made.map_err(|none| match none {
            NoInsight::NoResult(refusal) => told(context, &refusal),
            NoInsight::Stopped => {
                ActionError::transient("generation_failed", "There was no time left for it.")
            }
        })?;
        Ok(Drafted { made, selection })
    }
}

fn share(done: usize, whole: usize) -> f64 {
    let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    part(done) / part(whole.max(1))
}

/// What a handoff or a digest needs of a repository beside its commits.
pub(super) const HANDOFF_WISH: Wish = Wish { purpose: Purpose::Handoff, history: 0 };

/// What a document needs of a repository beside its commits.
fn wish(wanted: &Wanted) -> Wish {
    match wanted {
        Wanted::Insight(InsightRequest::Architecture { .. }) => {
            Wish { purpose: Purpose::Architecture, history: TOUCHES }
        }
        Wanted::Insight(InsightRequest::Onboarding { .. }) => {
            Wish { purpose: Purpose::Onboarding, history: TOUCHES }
        }
        Wanted::Handoff | Wanted::Insight(_) => HANDOFF_WISH,
    }
}

impl Made {
    fn words(&mut self) -> &mut Draft {
        match self {
            Self::Handoff(draft) => draft.words(),
            Self::Insight(draft) => draft.words(),
        }
    }

    /// The document's row and the result that names it.
    fn output(self, context: &ActionContext, project: Project, asked: &Asked) -> Output {
        let (org, now) = (context.org(), context.clock().now());
        let status = DocumentStatus::Active;
        let (id, kind, write) = match self {
            Self::Handoff(draft) => {
                let id = HandoffId::mint();
                let handoff = Handoff {
                    id,
                    org,
                    project: project.id,
                    project_name: project.name,
                    requested_by: asked.by,
                    status,
                    content: draft.content(),
                    created_at: now,
                    updated_at: now,
                };
                (id.to_string(), "handoff", Write::Handoff(Box::new(handoff)))
            }
            Self::Insight(draft) => {
                let id = InsightId::mint();
                let insight = Insight {
                    id,
                    org,
                    project: project.id,
                    requested_by: asked.by,
                    status,
                    content: draft.content(),
                    created_at: now,
                    updated_at: now,
                };
                (id.to_string(), "insight", Write::Insight(Box::new(insight)))
            }
        };
        let result = json!({ "job_id": context.job_id(), "result_id": id, "result_kind": kind });
        Output { result: result.as_object().cloned().unwrap_or_default(), writes: vec![write] }
    }
}

/// The error of a document that cannot be made; what it says beyond its words is noted.
pub(super) fn told(context: &ActionContext, refusal: &NoResult) -> ActionError {
    let NoResult { events_considered, window, sources } = refusal;
    let meta = json!({
        "events_considered": events_considered,
        "window": { "start": window.start.iso(), "end": window.end.iso() },
        "sources": sources,
    });
    context.diagnose(Diagnostic {
        step: META_STEP.to_owned(),
        status: "failed".to_owned(),
        duration_ms: 0,
        detail: meta.to_string(),
    });
    ActionError::fatal("no_result", format!("There is too little signal: {refusal}."))
}
