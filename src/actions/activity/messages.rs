//! `messages.send`: a text to a chat's webhook that the operator configured.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use url::Url;

use crate::domain::ids::OrgId;
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Retry, Visibility,
};
use crate::outbound::{Origin, OriginOptions, Outbound};

use super::MESSAGES_SEND;

/// The longest message that Discord takes, in characters.
pub const MAX_MESSAGE: usize = 2_000;

/// How long the other side may take for one message.
const TIME: Duration = Duration::from_secs(10);

/// An answer names the message's id, and repeats the message.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Where messages may go.
#[derive(Clone, Debug, Default)]
pub struct Channels(Vec<Channel>);

/// A place where messages may go.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name, which is its id.
    pub name: String,
    /// The webhook's address; whoever knows it can write there.
    pub url: Url,
    /// Who may have messages sent there.
    pub orgs: Vec<OrgId>,
}

impl Channels {
    /// These channels.
    pub fn new(channels: Vec<Channel>) -> Self {
        Self(channels)
    }

    /// The channels of an organization.
    pub fn of(&self, org: OrgId) -> impl Iterator<Item = &Channel> {
        self.0.iter().filter(move |channel| channel.orgs.contains(&org))
    }
}

/// Sends a message.
pub(super) struct SendMessage {
    pub(super) channels: Arc<Channels>,
    pub(super) outbound: Outbound,
}

#[async_trait]
impl Action for SendMessage {
    fn name(&self) -> &str {
        MESSAGES_SEND
    }

    fn description(&self) -> ActionDescription {
        ActionDescription::internal("Sends a text to a configured chat.")
    }

    fn visibility(&self) -> Visibility {
        Visibility::Internal
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy {
            max_attempts: 3,
            attempt_timeout: Duration::from_secs(20),
            ..AttemptPolicy::default()
        }
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
        let (name, words) = (text("channel"), text("content"));
        let channel = self.channels.of(context.org()).find(|channel| channel.name == name);
        let channel = channel.ok_or_else(|| {
            ActionError::fatal("channel_not_found", format!("There is no channel `{name}`."))
        })?;
        let sent = self.send(&channel.url, words).await?;
        let result = Map::from_iter([("message_id".to_owned(), sent)]);
        Ok(Output { result, writes: Vec::new() })
    }
}

impl SendMessage {
    /// Sends a text; the message's id, as the other side names it.
    async fn send(&self, url: &Url, content: &str) -> Result<Value, ActionError> {
        let origin = self.origin(url)?;
        // Nobody is called by name because somebody wrote `@everyone` into a commit.
        let body = json!({ "content": content, "allowed_mentions": { "parse": [] } });
        let mut address = url.clone();
        address.query_pairs_mut().append_pair("wait", "true");
        let answer = origin.post(address.as_str(), body.to_string(), TIME).await;
        let answer = answer.map_err(|error| {
            let message = "The chat could not be reached.";
            ActionError::transient("channel_unreachable", message).because(error)
        })?;
        match answer.status {
            200..300 => {
                let told: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
                Ok(told.get("id").cloned().unwrap_or(Value::Null))
            }
            429 | 500.. => {
                let message = format!("The chat answered with the status {}.", answer.status);
                let error = ActionError::transient("channel_unreachable", message);
                Err(match answer.retry_after {
                    Some(wait) => ActionError { retry: Retry::After(wait), ..error },
                    None => error,
                })
            }
            status => {
                let message = format!(
                    "The chat refused the message with the status {status}; its webhook may be \
                     gone."
                );
                Err(ActionError::fatal("channel_refused", message))
            }
        }
    }

    fn origin(&self, url: &Url) -> Result<Origin, ActionError> {
        let mut base_url = url.clone();
        base_url.set_path("/");
        base_url.set_query(None);
        let options = OriginOptions {
            base_url,
            secret: None,
            headers: Vec::new(),
            connect_timeout: TIME,
            max_bytes: MAX_ANSWER_BYTES,
        };
        self.outbound.with_origin(options).map_err(|refusal| {
            let message = "The channel's address may not be reached.";
            ActionError::fatal("channel_refused", message).because(refusal)
        })
    }
}
