//! An HTTP service as an action: the input is sent, what is answered is the result.
//!
//! 2xx is the result; 202 with a `Location` of the same origin is asked again until it ends. The
//! configured headers go to that origin only, and a redirect is a failure: it would lead elsewhere.
//! Never: an address that a request chose.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::options::ServiceOptions;
use crate::engine::{ActionContext, ActionError, Retry};
use crate::outbound::rules::Refusal;
use crate::outbound::{
    FetchError, Origin, OriginAnswer, OriginOptions, OriginRequest, Outbound, Secret,
};

/// How long a connection may take: an operator's service is near, or has a name that is slow.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The pauses between two looks at work that goes on, when the service names none.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How often in a row a look may fail before the attempt does: the work goes on meanwhile, and
/// would be begun again.
const MAX_FAULTS: u32 = 5;

/// How much of a refusal stands in the error, in characters.
const MAX_SHOWN: usize = 500;

/// A service, ready to be asked.
pub(super) struct Endpoint {
    origin: Origin,
    url: Url,
    method: String,
    secrets: Vec<Secret>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Endpoint {
    pub(super) fn open(
        outbound: &Outbound,
        options: ServiceOptions,
        max_bytes: usize,
    ) -> Result<Self, Refusal> {
        let ServiceOptions { url, method, headers } = options;
        let secrets = headers.iter().map(|(_, value)| value.clone()).collect();
        let origin = outbound.with_origin(OriginOptions {
            base_url: url.clone(),
            secret: None,
            headers,
            connect_timeout: CONNECT_TIMEOUT,
            max_bytes,
        })?;
        Ok(Self { origin, url, method, secrets })
    }

    /// One attempt.
    pub(super) async fn run(
        &self,
        context: &ActionContext,
        action: &str,
        input: &Map<String, Value>,
    ) -> Result<Map<String, Value>, ActionError> {
        let headers = [
            // The same for every attempt: a service may know the work that it has begun.
            ("idempotency-key", context.job_id().to_string()),
            ("x-tidemill-job", context.job_id().to_string()),
            ("x-tidemill-attempt", context.attempt().to_string()),
            ("x-tidemill-action", action.to_owned()),
        ];
        let begin = OriginRequest {
            method: &self.method,
            url: self.url.as_str(),
            headers: &headers,
            body: Some(Value::Object(input.clone()).to_string().into()),
        };
        let mut answer = self.origin.ask(begin, context.remaining()).await;
        let (mut place, mut pause, mut faults) = (None, FIRST_PAUSE, 0);
        loop {
            let wait = match answer {
                Ok(OriginAnswer { status: 202, location, retry_after, body, .. }) => {
                    faults = 0;
                    place = Some(self.place(place.as_ref(), location.as_deref())?);
                    tell_progress(context, &body);
                    retry_after
                }
                Ok(OriginAnswer { status: 200..=299, body, truncated, .. }) => {
                    return self.result(&body, truncated);
                }
                other => {
                    let error = self.failure(other);
                    faults += 1;
                    if place.is_none() || error.retry == Retry::Never || faults > MAX_FAULTS {
                        return Err(error);
                    }
                    match error.retry {
                        Retry::After(asked) => Some(asked),
                        Retry::Never | Retry::Backoff => None,
                    }
                }
            };
            tokio::time::sleep(wait.unwrap_or(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let url = place.as_ref().unwrap_or(&self.url).as_str();
            let look = OriginRequest { method: "GET", url, headers: &headers, body: None };
            answer = self.origin.ask(look, context.remaining()).await;
        }
    }

    /// Where work that goes on is looked at. A new `Location` may come with every look.
    fn place(&self, known: Option<&Url>, location: Option<&str>) -> Result<Url, ActionError> {
        let Some(location) = location else {
            return known.cloned().ok_or_else(|| {
                self.told("service_invalid", "answered 202 without a `Location` to look at")
            });
        };
        let next = known.unwrap_or(&self.url).join(location).ok();
        let same = next.filter(|next| next.origin() == self.url.origin());
        same.ok_or_else(|| {
            self.told("service_invalid", "answered 202 with a `Location` of another origin")
        })
    }

    fn result(&self, body: &[u8], truncated: bool) -> Result<Map<String, Value>, ActionError> {
        if truncated {
            return Err(self.told("output_too_large", "answered more than `max_output` allows"));
        }
        if body.trim_ascii().is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(result)) => Ok(result),
            Ok(_) => Err(self.told("result_invalid", "answered JSON that is no object")),
            Err(error) => {
                let what = format!("answered what is no JSON ({error})");
                Err(self.told("result_invalid", &what))
            }
        }
    }

    fn failure(&self, answer: Result<OriginAnswer, FetchError>) -> ActionError {
        let OriginAnswer { status, retry_after, body, .. } = match answer {
            Ok(answer) => answer,
            Err(error) => return self.unreachable(&error),
        };
        let shown = self.shown(&body);
        let said = if shown.is_empty() { String::new() } else { format!(" It said: {shown}") };
        let error = match status {
            300..=399 => self
                .told("service_redirected", &format!("redirects ({status}), which is a failure")),
            _ => self.told("service_failed", &format!("answered with status {status}")),
        };
        let message = format!("{}{said}", error.message);
        let retry = match (status, retry_after) {
            (408 | 425 | 429 | 500..=599, Some(pause)) => Retry::After(pause),
            (408 | 425 | 429 | 500..=599, None) => Retry::Backoff,
            _ => Retry::Never,
        };
        ActionError { message, retry, ..error }
    }

    fn unreachable(&self, error: &FetchError) -> ActionError {
        let told = self.told("service_unreachable", &format!("could not be asked ({error})"));
        let retry = match error {
            FetchError::Refused { .. } | FetchError::Bomb | FetchError::Tls(_) => Retry::Never,
            _ => Retry::Backoff,
        };
        ActionError { retry, ..told }
    }

    fn told(&self, code: &str, what: &str) -> ActionError {
        // Without the query, in which a secret may stand.
        let place = format!("{}{}", self.url.origin().ascii_serialization(), self.url.path());
        ActionError::fatal(code, format!("`{place}` {what}."))
    }

    /// What a refusal says, on one line, without the secrets that some repeat.
    fn shown(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(&body[..body.len().min(8 * MAX_SHOWN)]).into_owned();
        let text = self.secrets.iter().fold(text, |text, secret| secret.blot(&text));
        let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words: Vec<&str> = visible.split_whitespace().collect();
        words.join(" ").chars().take(MAX_SHOWN).collect()
    }
}

/// Work that goes on may say how far it is: `{"progress": 0.4, "message": "…"}`.
fn tell_progress(context: &ActionContext, body: &[u8]) {
    let Ok(Value::Object(said)) = serde_json::from_slice(body) else { return };
    let progress = said.get("progress").and_then(Value::as_f64);
    let message = said.get("message").and_then(Value::as_str);
    if progress.is_some() || message.is_some() {
        context.report(message, progress.filter(|progress| (0.0..=1.0).contains(progress)));
    }
}
