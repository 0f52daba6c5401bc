//! One server on which a model runs: its places, its circuit, and what it said last.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::asset::ContentDigest;
use crate::domain::clock::Clock;
use crate::outbound::rules::Refusal;
use crate::outbound::{FetchError, Origin, OriginAnswer, Outbound, Secret};
use crate::telemetry::Metrics;

use super::breaker::Breaker;
use super::cache::Cache;
use super::options::Place;
use super::policy::Fault;
use super::usage::{Ledger, Reason};

/// What a model's endpoint is built with, beside its place.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) outbound: Outbound,
    pub(super) clock: Clock,
    pub(super) metrics: Arc<Metrics>,
    pub(super) cache: Option<Arc<Cache>>,
    pub(super) pauses: Pauses,
}

/// How pauses pass.
#[derive(Clone, Debug, Default)]
pub(super) enum Pauses {
    /// By waiting.
    #[default]
    Slept,
    /// At once; a test looks at what was asked for.
    #[cfg(test)]
    Noted(Arc<Mutex<Vec<Duration>>>),
}

pub(super) struct Endpoint {
    /// `text` or `image`, for the operator.
    kind: &'static str,
    place: Place,
    origin: Origin,
    permits: Semaphore,
    breaker: Breaker,
    around: Surroundings,
    /// The refusal that the operator was told last, so that a thousand jobs tell it once.
    told: Mutex<Option<(u16, String)>>,
}

/// How a call failed, or that none was made.
#[derive(Debug)]
pub(super) enum Failure {
    /// Which may be tried again.
    Fault(Fault),
    /// Which is the end.
    Stop(Reason),
}

/// Of an answer that refuses, no more is read than a person would.
const MAX_MESSAGE: usize = 300;

impl Endpoint {
    pub(super) fn open(
        kind: &'static str,
        place: Place,
        max_bytes: usize,
        around: Surroundings,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            kind,
            origin: around.outbound.with_origin(place.origin(max_bytes))?,
            permits: Semaphore::new(place.concurrency.max(1)),
            breaker: Breaker::new(kind, around.clock.clone(), Arc::clone(&around.metrics)),
            place,
            around,
            told: Mutex::default(),
        })
    }

    pub(super) const fn place(&self) -> &Place {
        &self.place
    }

    pub(super) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Sends one request and returns the body of a success.
    pub(super) async fn post(
        &self,
        path: &str,
        body: &Value,
        ledger: &mut Ledger,
    ) -> Result<Vec<u8>, Failure> {
        let body = body.to_string();
        tracing::debug!(model = self.kind, path, body, "a model is asked");
        let time = ledger.time_left().min(self.place.timeout);
        self.call(ledger, time, self.origin.post(path, body, time)).await
    }

    /// Fetches what an answer named, which must lie in the same origin.
    pub(super) async fn get(&self, url: &str, ledger: &mut Ledger) -> Result<Vec<u8>, Failure> {
        let time = ledger.time_left().min(self.place.timeout);
        self.call(ledger, time, self.origin.get(url, time)).await
    }

    async fn call(
        &self,
        ledger: &mut Ledger,
        time: Duration,
        request: impl Future<Output = Result<OriginAnswer, FetchError>>,
    ) -> Result<Vec<u8>, Failure> {
        ledger.spend_call().map_err(Failure::Stop)?;
        let Ok(Ok(_permit)) = timeout(ledger.time_left(), self.permits.acquire()).await else {
            ledger.return_call();
            return Err(Failure::Stop(Reason::Busy));
        };
        // Asked last, so that who waited for a place sees what happened meanwhile.
        if !self.breaker.admits() {
            ledger.return_call();
            return Err(Failure::Stop(Reason::CircuitOpen));
        }
        let outcome = sorted(request.await, self.place.secret.as_ref());
        self.note(&outcome);
        let late = time < self.place.timeout && ledger.time_left().is_zero();
        outcome.map_err(|fault| match fault {
            // It was the attempt's time that ended, not the model's.
            Fault::TimedOut if late => Failure::Stop(Reason::TimeSpent),
            fault => Failure::Fault(fault),
        })
    }

    fn note(&self, outcome: &Result<Vec<u8>, Fault>) {
        let word = match outcome {
            Ok(_) => "answered",
            Err(Fault::TimedOut) => "timed_out",
            Err(Fault::Throttled(_)) => "throttled",
            Err(Fault::Refused { .. }) => "refused",
            Err(Fault::Unreachable | Fault::Broken | Fault::CutOff) => "failed",
        };
        self.around.metrics.model_called(self.kind, word);
        match outcome {
            Ok(_) => self.breaker.succeeded(),
            // The server lives; it is this request that it does not take.
            Err(Fault::Refused { status: 400 | 413 | 422, .. }) => {}
            Err(_) => self.breaker.failed(),
        }
    }

    /// Tells the operator why requests are refused: once, until the reason changes.
    pub(super) fn tell(&self, status: u16, message: &str) {
        let reason = Some((status, message.to_owned()));
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != reason {
            let (model, base) = (self.kind, self.origin.base().as_str());
            tracing::warn!(model, base, status, message, "the model's server refuses requests");
            *told = reason;
        }
    }

    /// Waits before the next try, if that lies within the attempt's time.
    pub(super) async fn pause(&self, pause: Duration, ledger: &Ledger) -> Result<(), Reason> {
        if pause >= ledger.time_left() {
            return Err(Reason::TimeSpent);
        }
        match &self.around.pauses {
            Pauses::Slept => tokio::time::sleep(pause).await,
            #[cfg(test)]
            Pauses::Noted(noted) => {
                noted.lock().expect("no panic").push(pause);
            }
        }
        Ok(())
    }

    /// What stands for a question in the cache: where, whom, and what was asked.
    pub(super) fn question_of(&self, path: &str, body: &Value) -> ContentDigest {
        let (base, model) = (self.origin.base().as_str(), &self.place.model);
        ContentDigest::of(format!("{base}\n{path}\n{model}\n{body}").as_bytes())
    }

    /// The answer of an earlier attempt to the same question.
    pub(super) fn replay(&self, question: &ContentDigest, ledger: &mut Ledger) -> Option<Vec<u8>> {
        let answer = self.around.cache.as_ref()?.find(question)?;
        self.around.metrics.model_called(self.kind, "replayed");
        ledger.replayed();
        Some(answer)
    }

    /// Keeps an answer for the next attempt.
    pub(super) fn keep(&self, question: &ContentDigest, answer: &[u8]) {
        if let Some(cache) = &self.around.cache {
            cache.keep(question, answer);
        }
    }
}

/// The body of a success, or what kind of failure it was.
fn sorted(
    answer: Result<OriginAnswer, FetchError>,
    secret: Option<&Secret>,
) -> Result<Vec<u8>, Fault> {
    let OriginAnswer { status, retry_after, location: _, body, truncated } =
        answer.map_err(|error| match error {
            FetchError::TimedOut(crate::outbound::Wait::FirstByte) => Fault::TimedOut,
            FetchError::Malformed(_) | FetchError::Bomb => Fault::Broken,
            FetchError::Refused { refusal, .. } => {
                Fault::Refused { status: 0, message: refusal.to_string() }
            }
            _ => Fault::Unreachable,
        })?;
    match status {
        200..=299 if truncated => Err(Fault::Broken),
        200..=299 => Ok(body),
        429 | 503 => Err(Fault::Throttled(retry_after)),
        300..=499 => Err(Fault::Refused { status, message: message_of(&body, secret) }),
        _ => Err(Fault::Broken),
    }
}

/// What a refusal says, on one line, in lower case, without the key that some repeat.
fn message_of(body: &[u8], secret: Option<&Secret>) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(8 * MAX_MESSAGE)]);
    let text = secret.map_or_else(|| text.to_string(), |secret| secret.blot(&text));
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").chars().take(MAX_MESSAGE).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_without_the_key() {
        let secret = Secret::new("sk-Neap");
        let body = b"{\"error\":\n\"Incorrect key sk-Neap\x1b[0m provided\"}";
        assert_eq!(
            message_of(body, Some(&secret)),
            "{\"error\": \"incorrect key [secret] [0m provided\"}"
        );
        assert_eq!(message_of(&[b'x'; 10_000], None).len(), MAX_MESSAGE);
    }

    #[test]
    fn answers_are_sorted_by_what_can_be_done() {
        let sort = |status, truncated| {
            let body = b"no".to_vec();
            let retry_after = Some(Duration::from_secs(3));
            let location = None;
            sorted(Ok(OriginAnswer { status, retry_after, location, body, truncated }), None)
        };
        assert_eq!(sort(200, false), Ok(b"no".to_vec()));
        assert_eq!(sort(200, true), Err(Fault::Broken));
        for status in [429, 503] {
            assert_eq!(sort(status, false), Err(Fault::Throttled(Some(Duration::from_secs(3)))));
        }
        for status in [302, 400, 401, 403, 404, 413, 422] {
            let refused = Fault::Refused { status, message: "no".to_owned() };
            assert_eq!(sort(status, false), Err(refused));
        }
        for status in [500, 502, 504, 599] {
            assert_eq!(sort(status, false), Err(Fault::Broken));
        }
        assert_eq!(sorted(Err(FetchError::UnknownHost), None), Err(Fault::Unreachable));
    }
}
