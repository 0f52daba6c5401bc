//! `webhooks.deliver`: tells a webhook of an end.
//!
//! The message is put together from the job or run as it is stored: what has ended does not change
//! any more. It is signed in both ways, with both secrets while two are good. Never: a redirect
//! followed, or anything of the answer but its status and its `Retry-After`.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::WEBHOOKS_DELIVER;
use crate::domain::asset::{make_absolute, named_assets};
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{DEFAULT_PRIORITY, Job, NewJob, Write};
use crate::domain::payload::Payload;
use crate::domain::run::Run;
use crate::domain::sealed::SecretKey;
use crate::domain::webhook::{
    Event, EventSubject, NewDelivery, Webhook, pi_signature, standard_signature,
};
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Retry, Visibility,
};
use crate::outbound::{Budget, FetchError, Outbound, PostRequest, Posted, Wait};

/// How long an endpoint may take to answer.
pub const ANSWER_TIME: Duration = Duration::from_secs(15);

/// The same and what the store needs before it.
const ATTEMPT_TIME: Duration = Duration::from_secs(20);

/// The waits before the second attempt and those after it.
const BACKOFF: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
];

/// The first attempt, and one after each wait.
const MAX_ATTEMPTS: u16 = 7;

/// The longest message: a result beyond it is left out, and is read with a GET.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// The status by which an endpoint says that it is gone for good.
const GONE: u16 = 410;

/// How an event's subject is shown to those outside.
pub trait EventBody: Send + Sync {
    /// What URLs begin with, without a slash at the end.
    fn base_url(&self) -> &str;

    /// The members of a job that ended; `result` has absolute URLs, and may be left out.
    fn job(&self, job: &Job, result: Option<Map<String, Value>>) -> Value;

    /// The members of a run that ended.
    fn run(&self, run: &Run) -> Value;
}

/// What deliveries are made with.
#[derive(Clone)]
pub struct WebhookOptions {
    /// A door to other machines with rules of its own.
    pub outbound: Outbound,
    /// Opens the secrets that sign.
    pub key: SecretKey,
    /// How messages are worded.
    pub body: Arc<dyn EventBody>,
    /// How many deliveries may be under way.
    pub concurrency: u32,
}

impl fmt::Debug for WebhookOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookOptions").field("outbound", &self.outbound).finish_non_exhaustive()
    }
}

/// The job that delivers an event to a webhook.
pub fn delivery(org: OrgId, delivery: NewDelivery) -> NewJob {
    // An id, a word and a moment have a text.
    let input = serde_json::to_string(&delivery).unwrap_or_default();
    NewJob {
        id: JobId::mint(),
        org,
        action: WEBHOOKS_DELIVER.to_owned(),
        internal: true,
        priority: DEFAULT_PRIORITY,
        input: Payload::Inline(input),
        echo: Map::new(),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
        attempt_timeout: ATTEMPT_TIME,
        unique_key: None,
        retry_of: None,
        assets: Vec::new(),
        uses: Vec::new(),
        retried_by: None,
        delivery: Some(delivery),
        idempotency: None,
    }
}

/// Delivers.
#[derive(Debug)]
pub(super) struct DeliverWebhook(pub(super) WebhookOptions);

#[async_trait]
impl Action for DeliverWebhook {
    fn name(&self) -> &str {
        WEBHOOKS_DELIVER
    }

    fn description(&self) -> ActionDescription {
        ActionDescription::internal("Tells a webhook of an end.")
    }

    fn visibility(&self) -> Visibility {
        Visibility::Internal
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy {
            max_attempts: MAX_ATTEMPTS,
            attempt_timeout: ATTEMPT_TIME,
            backoff: BACKOFF.to_vec(),
            concurrency: Some(self.0.concurrency),
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
        let NewDelivery { webhook: id, event } = serde_json::from_value(Value::Object(input))
            .map_err(|error| gone("delivery_damaged", "The delivery is damaged.").because(error))?;
        let webhook = context.webhook(id).await?;
        let webhook = webhook.ok_or_else(|| gone("webhook_deleted", "The webhook was deleted."))?;
        if !webhook.is_active {
            return Err(gone("webhook_inactive", "The webhook is switched off."));
        }
        let body = self.body(&context, &event).await?;
        let request = self.request(&context, &webhook, &event, body)?;
        let began = Instant::now();
        let session = self.0.outbound.session(Budget { requests: 1, bytes: 1, time: ANSWER_TIME });
        let posted = session.post(request).await;
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        judge(&webhook, posted, took)
    }
}

impl DeliverWebhook {
    /// The message, the same on every attempt but for the addresses of files that got new ones.
    async fn body(&self, context: &ActionContext, event: &Event) -> Result<Bytes, ActionError> {
        let words = &self.0.body;
        let deleted = || gone("subject_deleted", "What the message is about was deleted.");
        let mut short = None;
        let data = match event.subject {
            EventSubject::Job(id) => {
                let job = context.job(id).await?.ok_or_else(deleted)?;
                let result = self.result(context, &job).await?;
                short = Some(json!({ "job": words.job(&job, None) }));
                json!({ "job": words.job(&job, result) })
            }
            EventSubject::Run(id) => {
                let run = context.run(id).await?.ok_or_else(deleted)?;
                json!({ "run": words.run(&run) })
            }
        };
        let whole = message(event, &data);
        match short {
            Some(short) if whole.len() > MAX_BODY_BYTES => Ok(message(event, &short)),
            _ => Ok(whole),
        }
    }

    async fn result(
        &self,
        context: &ActionContext,
        job: &Job,
    ) -> Result<Option<Map<String, Value>>, ActionError> {
        let Some(mut result) = context.result_of(job)? else { return Ok(None) };
        let named = named_assets(&mut result).into_iter().collect();
        let tokens = context.asset_tokens(named).await?.into_iter().collect();
        make_absolute(&mut result, &tokens, || self.0.body.base_url().to_owned());
        Ok(Some(result))
    }

    fn request(
        &self,
        context: &ActionContext,
        webhook: &Webhook,
        event: &Event,
        body: Bytes,
    ) -> Result<PostRequest, ActionError> {
        let now = context.clock().now();
        let url = webhook.endpoint_url.parse().map_err(|error| {
            gone("endpoint_invalid", "The endpoint's URL is damaged.").because(error)
        })?;
        let secrets: Vec<String> = webhook
            .signing(now)
            .map(|sealed| self.0.key.open(webhook.id.as_bytes(), sealed))
            .collect::<Result<_, _>>()
            .map_err(|error| {
                let message = "The webhook's secret cannot be read; set another one.";
                gone("secret_unreadable", message).because(error)
            })?;
        let id = event.wire_id();
        let standard: Vec<String> = secrets
            .iter()
            .map(|secret| standard_signature(secret, &id, now.unix(), &body))
            .collect();
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("x-pi-event", event.kind.to_string()),
            ("webhook-id", id),
            ("webhook-timestamp", now.unix().to_string()),
            ("webhook-signature", standard.join(" ")),
        ];
        // The newest first, for receivers that look at the first alone.
        headers
            .extend(secrets.iter().map(|secret| ("x-pi-signature", pi_signature(secret, &body))));
        Ok(PostRequest { url, headers, body })
    }
}

fn message(event: &Event, data: &Value) -> Bytes {
    let message = json!({
        "id": event.wire_id(),
        "object": "event",
        "type": event.kind,
        "created_at": event.at.unix(),
        "data": data,
    });
    Bytes::from(message.to_string())
}

/// An end that no other attempt would mend.
fn gone(code: &str, message: &str) -> ActionError {
    ActionError::fatal(code, message)
}

/// What an answer means for the delivery.
fn judge(
    webhook: &Webhook,
    posted: Result<Posted, FetchError>,
    took: u64,
) -> Result<Output, ActionError> {
    let Posted { status, retry_after } = posted.map_err(|error| unanswered(&error))?;
    let mut result = Map::new();
    result.insert("status".to_owned(), json!(status));
    result.insert("duration_ms".to_owned(), json!(took));
    match status {
        200..300 => Ok(Output { result, writes: Vec::new() }),
        GONE => {
            let Webhook { id, endpoint_url, .. } = webhook.clone();
            Ok(Output { result, writes: vec![Write::WebhookGone { id, endpoint_url }] })
        }
        _ => {
            let message = match status {
                300..400 => format!("The endpoint answered {status}; redirects are not followed."),
                _ => format!("The endpoint answered {status}."),
            };
            let mut error = ActionError::transient(&format!("status_{status}"), message);
            if let Some(pause) = retry_after {
                error.retry = Retry::After(pause);
            }
            Err(error)
        }
    }
}

/// A class of failures for those who look at their deliveries.
fn unanswered(error: &FetchError) -> ActionError {
    let (code, message) = match error {
        FetchError::Refused { refusal, .. } => ("address_refused", refusal.to_string()),
        FetchError::UnknownHost => ("unknown_host", "there is no such host".to_owned()),
        FetchError::TimedOut(Wait::Connect | Wait::Resolve) => {
            ("connect_timed_out", "no connection in time".to_owned())
        }
        FetchError::TimedOut(_) | FetchError::BudgetSpent(_) => {
            ("timed_out", format!("no answer within {} s", ANSWER_TIME.as_secs()))
        }
        FetchError::ConnectionRefused => ("connection_refused", "nobody listens there".to_owned()),
        FetchError::Unreachable => ("unreachable", "there is no way to the host".to_owned()),
        FetchError::Tls(_) => ("tls_failure", "no trusted encrypted connection".to_owned()),
        _ => ("connection_broken", "the connection broke".to_owned()),
    };
    ActionError::transient(code, format!("The endpoint was not reached: {message}.")).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;
    use crate::domain::ids::WebhookId;

    fn answered(status: u16, retry_after: Option<Duration>) -> Result<Output, ActionError> {
        let now = Timestamp::from_ms(0);
        let webhook = Webhook {
            id: WebhookId::mint(),
            org: OrgId::mint(),
            endpoint_url: "https://hooks.example/".to_owned(),
            events: Vec::new(),
            is_active: true,
            secret: Vec::new(),
            previous_secret: None,
            gone_at: None,
            created_at: now,
            updated_at: now,
        };
        judge(&webhook, Ok(Posted { status, retry_after }), 7)
    }

    #[test]
    fn only_success_and_being_gone_end_a_delivery() {
        let output = answered(204, None).expect("a success");
        assert_eq!(output.result["status"], 204);
        assert!(output.writes.is_empty());
        assert_eq!(answered(410, None).expect("an end").writes.len(), 1);
        for status in [301, 400, 404, 429, 500, 503] {
            let error = answered(status, None).expect_err("a failure");
            assert_eq!((error.code, error.retry), (format!("status_{status}"), Retry::Backoff));
        }
        let pause = Duration::from_mins(2);
        let asked = answered(429, Some(pause)).expect_err("a failure");
        assert_eq!(asked.retry, Retry::After(pause));
    }

    #[test]
    fn there_is_a_wait_before_each_further_attempt() {
        assert_eq!(usize::from(MAX_ATTEMPTS), BACKOFF.len() + 1);
    }
}
