//! A team's work: which repositories are read for whom, and messages to chats.
//!
//! Never: a sentence of its own.

mod grants;
mod messages;

use std::sync::Arc;

use crate::engine::Action;
use crate::outbound::Outbound;

pub use grants::RepositoryGrants;
pub use messages::{Channel, Channels, MAX_MESSAGE};

/// The name of the action that sends a text to a chat.
pub const MESSAGES_SEND: &str = "messages.send";

/// What these actions are built with.
#[derive(Clone, Debug, Default)]
pub struct ActivityOptions {
    /// Where messages may go.
    pub channels: Arc<Channels>,
}

/// The actions of this file.
pub(super) fn all(options: ActivityOptions, outbound: Outbound) -> Vec<Arc<dyn Action>> {
    let ActivityOptions { channels } = options;
    vec![Arc::new(messages::SendMessage { channels, outbound })]
}
