//! Has a draft's lines worded by the model, where there is one.
//!
//! Every sentence is checked against the line that it is to replace; what fails keeps the
//! extracted text. Never: a document lost, because a model failed.

use std::collections::BTreeMap;

use crate::activity::{Draft, rewrite};
use crate::domain::activity::{Selection, TokenUsage};
use crate::domain::ids::ProjectId;
use crate::domain::job::Diagnostic;
use crate::engine::ActionContext;
use crate::model::{Model, ModelUse, RewordRequest};

/// Asks for better words, and takes those that the evidence bears.
pub(super) async fn word(
    context: &ActionContext,
    model: &Model,
    project: ProjectId,
    selection: &Selection,
    draft: &mut Draft,
) {
    if !model.writes() {
        return;
    }
    context.progress("wording", None);
    // The same draft is asked about with the same seed, so that it finds the kept answers.
    let mut session = model.session(seed(project, selection), context.remaining());
    let (mut taken, mut name) = (BTreeMap::new(), String::new());
    for question in draft.questions() {
        let request = RewordRequest {
            instructions: rewrite::INSTRUCTIONS.to_owned(),
            material: question.material(),
            schema: rewrite::Question::schema(),
        };
        // One portion that fails leaves the others their chance, as far as the allowance goes.
        if let Ok(answer) = session.reword(&request).await {
            taken.extend(question.accept(&answer.text));
            name = answer.model;
        }
    }
    let ModelUse { calls, replayed, tokens, prompt_tokens, fallback_reason } = session.used();
    let reason = fallback_reason.map_or("", |reason| reason.as_str());
    context.diagnose(Diagnostic {
        step: "wording".to_owned(),
        status: if taken.is_empty() { "skipped" } else { "ok" }.to_owned(),
        duration_ms: 0,
        detail: format!(
            "{} lines taken of {calls} calls and {replayed} kept answers; {reason}",
            taken.len()
        ),
    });
    let usage = TokenUsage {
        prompt_tokens,
        completion_tokens: tokens.saturating_sub(prompt_tokens),
        total_tokens: tokens,
    };
    draft.reword(&taken, &name, usage);
}

/// FNV-1a of the project and the window's end.
fn seed(project: ProjectId, selection: &Selection) -> u64 {
    let text = format!("{project}/{}", selection.window.end.ms());
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
