//! A team's work: handoffs and insights for clients; digests, answers and messages for the server
//! itself.
//!
//! Each document's action gathers what it is made of, hands it to the pure room, lets the model
//! word what came out where there is one, and says what to write. Never: a sentence of its own.

mod answers;
mod args;
mod digests;
mod generate;
mod grants;
mod messages;
mod reading;
mod schemas;
mod wording;

use std::sync::Arc;

use crate::engine::Action;
use crate::model::Model;
use crate::outbound::Outbound;

pub use args::{GenerationArgs, Wanted};
pub use generate::REQUESTED_BY;
pub use grants::RepositoryGrants;
pub use messages::{Channel, Channels, MAX_MESSAGE};

/// The name of the action that makes a handoff.
pub const HANDOFFS_GENERATE: &str = "handoffs.generate";

/// The name of the action that makes an insight.
pub const INSIGHTS_GENERATE: &str = "insights.generate";

/// The name of the action that makes a digest.
pub const DIGESTS_GENERATE: &str = "digests.generate";

/// The name of the action that answers a question.
pub const QUESTIONS_ANSWER: &str = "questions.answer";

/// The name of the action that sends a text to a chat.
pub const MESSAGES_SEND: &str = "messages.send";

/// The step of a failed attempt's diagnostics that holds what its error says beyond its words.
pub const META_STEP: &str = "error_meta";

/// What these actions are built with.
#[derive(Clone, Debug, Default)]
pub struct ActivityOptions {
    /// Which directories are read for whom.
    pub grants: Arc<RepositoryGrants>,
    /// Where messages may go.
    pub channels: Arc<Channels>,
    /// Handoffs and insights that an organization may have made in 24 hours; 0 is no limit.
    pub generations_per_day: u32,
}

/// The actions of this file; `disabled` names those that the operator switched off.
pub(super) fn all(
    options: ActivityOptions,
    outbound: Outbound,
    model: Model,
    disabled: &[String],
) -> Vec<Arc<dyn Action>> {
    let ActivityOptions { grants, channels, generations_per_day } = options;
    let desk = Arc::new(generate::Desk { grants, model, generations_per_day });
    let generate = |name: &'static str| {
        let is_off = disabled.iter().any(|one| one == name);
        Arc::new(generate::Generate { name, desk: Arc::clone(&desk), is_off })
    };
    let (handoffs, insights) = (generate(HANDOFFS_GENERATE), generate(INSIGHTS_GENERATE));
    vec![
        handoffs,
        insights,
        Arc::new(answers::AnswerQuestion { desk: Arc::clone(&desk) }),
        Arc::new(digests::MakeDigest { desk }),
        Arc::new(messages::SendMessage { channels, outbound }),
    ]
}
