//! `digests.generate`: what a handoff says, of a project's day or week.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::activity;
use crate::domain::activity::{Digest, DigestPeriod, Filters, Selection, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::DigestId;
use crate::domain::job::Write;
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Visibility,
};

use super::generate::{ATTEMPT_TIMEOUT, Desk, HANDOFF_WISH, told};
use super::reading::{self, Material, Reader};
use super::{DIGESTS_GENERATE, wording};

/// Events that a digest is made of at the most.
const MAX_EVENTS: usize = 400;

/// Makes digests.
pub(super) struct MakeDigest {
    pub(super) desk: Arc<Desk>,
}

#[async_trait]
impl Action for MakeDigest {
    fn name(&self) -> &str {
        DIGESTS_GENERATE
    }

    fn description(&self) -> ActionDescription {
        ActionDescription::internal("Makes a digest of a project's day or week.")
    }

    fn visibility(&self) -> Visibility {
        Visibility::Internal
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy { attempt_timeout: ATTEMPT_TIMEOUT, ..AttemptPolicy::default() }
    }

    fn check(&self, _input: &Map<String, Value>, _given: &[&str]) -> Result<(), InvalidInput> {
        Ok(())
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let invalid = || ActionError::fatal("generation_failed", "The digest's input is damaged.");
        let period = match text("period") {
            "daily" => DigestPeriod::Daily,
            "weekly" => DigestPeriod::Weekly,
            _ => return Err(invalid()),
        };
        let project = text("project_id").parse().map_err(|_| invalid())?;
        let end = Timestamp::parse(text("asOf")).ok_or_else(invalid)?;
        let project = reading::project(&context, project).await?;
        let selection = Selection {
            window: Window::before(end, Duration::from_hours(period.hours())),
            sources: None,
            filters: Filters::default(),
            max_events: MAX_EVENTS,
        };
        let Desk { grants, model, generations_per_day: _ } = &*self.desk;
        let mut reader = Reader::open(&context, grants, &project, None).await?;
        let Material { candidates, snapshot } = reader.gather(&selection, HANDOFF_WISH).await?;
        let material = activity::Material {
            project: &project,
            candidates: &candidates,
            snapshot: snapshot.as_ref(),
            is_past: false,
        };
        let mut draft = activity::digest(&material, &selection, period)
            .map_err(|refusal| told(&context, &refusal))?;
        wording::word(&context, model, project.id, &selection, draft.words()).await;
        let digest = Digest {
            id: DigestId::mint(),
            org: context.org(),
            project: project.id,
            period,
            window: selection.window,
            content: draft.content(),
            created_at: context.clock().now(),
        };
        let result = Map::from_iter([("digest_id".to_owned(), json!(digest.id))]);
        Ok(Output { result, writes: vec![Write::Digest(Box::new(digest))] })
    }
}
