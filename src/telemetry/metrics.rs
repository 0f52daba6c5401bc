//! What the server counts, under the names of `docs/operations.md`.
//!
//! Every count is an atomic number that the engine, the store and the HTTP room add to without a
//! lock; `render` reads them all. Labels are actions, states, outcomes, routes and statuses:
//! never an organization, a key or anything else that a caller could make up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;

use crate::domain::job::JobState;
use crate::telemetry::histogram::Histogram;
use crate::telemetry::table::Table;

/// How attempts end, as `Outcome::as_str` and the attempts' rows say it.
pub(super) const OUTCOMES: [&str; 6] =
    ["completed", "failed", "retried", "cancelled", "released", "lost"];

/// How calls of models end.
pub(super) const MODEL_OUTCOMES: [&str; 6] =
    ["answered", "replayed", "failed", "refused", "throttled", "timed_out"];

/// The statuses that the server answers with, in order; another one counts as 500.
pub(super) const STATUSES: [u16; 24] = [
    101, 200, 201, 202, 204, 206, 301, 304, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 416,
    421, 429, 500, 501, 503,
];

/// Where 500 stands in [`STATUSES`].
const INTERNAL_ERROR: usize = 21;
const _: () = assert!(STATUSES[INTERNAL_ERROR] == 500);

/// From half a millisecond to an hour: a job may wait long.
const WAIT_BOUNDS_US: &[u64] = &[
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000,
    3_600_000_000,
];

/// From half a millisecond to ten minutes: an attempt has a time-out.
const RUN_BOUNDS_US: &[u64] = &[
    500,
    1_000,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    600_000_000,
];

/// From a fast disk's sync to a disk in trouble.
const COMMIT_BOUNDS_US: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];

/// How many writes shared a commit.
const WRITES_BOUNDS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// The server's counts. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Metrics {
    pub(super) actions: Table<ActionCounts>,
    pub(super) routes: Table<StatusCounts>,
    pub(super) models: Table<ModelCounts>,
    pub(super) commit_seconds: Histogram,
    pub(super) commit_writes: Histogram,
    pub(super) firings: AtomicU64,
    pub(super) firings_skipped: AtomicU64,
    pub(super) waiting_clients: AtomicU64,
    pub(super) workers_abandoned: AtomicU64,
    pub(super) database_bytes: AtomicU64,
    pub(super) asset_bytes: AtomicU64,
    pub(super) depths: Mutex<Vec<(String, JobState, u64)>>,
}

/// What is counted of one action.
#[derive(Debug)]
pub(super) struct ActionCounts {
    pub(super) enqueued: AtomicU64,
    /// In the order of [`OUTCOMES`].
    pub(super) finished: [AtomicU64; OUTCOMES.len()],
    pub(super) wait: Histogram,
    pub(super) run: Histogram,
}

/// What is counted of one model.
#[derive(Debug, Default)]
pub(super) struct ModelCounts {
    /// In the order of [`MODEL_OUTCOMES`].
    pub(super) calls: [AtomicU64; MODEL_OUTCOMES.len()],
    pub(super) unavailable: AtomicBool,
}

/// Answers of one route, in the order of [`STATUSES`].
pub(super) type StatusCounts = [AtomicU64; STATUSES.len()];

impl Default for Metrics {
    fn default() -> Self {
        Self {
            actions: Table::new(ActionCounts::new),
            routes: Table::new(StatusCounts::default),
            models: Table::new(ModelCounts::default),
            commit_seconds: Histogram::of_durations(COMMIT_BOUNDS_US),
            commit_writes: Histogram::of_numbers(WRITES_BOUNDS),
            firings: AtomicU64::new(0),
            firings_skipped: AtomicU64::new(0),
            waiting_clients: AtomicU64::new(0),
            workers_abandoned: AtomicU64::new(0),
            database_bytes: AtomicU64::new(0),
            asset_bytes: AtomicU64::new(0),
            depths: Mutex::default(),
        }
    }
}

impl ActionCounts {
    fn new() -> Self {
        Self {
            enqueued: AtomicU64::new(0),
            finished: Default::default(),
            wait: Histogram::of_durations(WAIT_BOUNDS_US),
            run: Histogram::of_durations(RUN_BOUNDS_US),
        }
    }
}

impl Metrics {
    /// A job of `action` is on disk.
    pub fn jobs_enqueued(&self, action: &str) {
        self.actions.of(action).enqueued.fetch_add(1, Ordering::Relaxed);
    }

    /// A job of `action` was claimed, `wait` after it became due.
    pub fn job_waited(&self, action: &str, wait: Duration) {
        self.actions.of(action).wait.observe_duration(wait);
    }

    /// An attempt at a job of `action` ended after `run`. `outcome` is the word that its row
    /// keeps; an unknown one counts as `failed`.
    pub fn attempt_finished(&self, action: &str, outcome: &str, run: Duration) {
        let counts = self.actions.of(action);
        let place = OUTCOMES.iter().position(|word| *word == outcome).unwrap_or(1);
        counts.finished[place].fetch_add(1, Ordering::Relaxed);
        counts.run.observe_duration(run);
    }

    /// The writer committed `writes` writes at once, in `took`, sync included.
    pub fn commit(&self, took: Duration, writes: usize) {
        self.commit_seconds.observe_duration(took);
        self.commit_writes.observe(writes as u64);
    }

    /// Schedules fell due: so often something was submitted, so often a firing was left out.
    pub fn schedules_fired(&self, submitted: u64, skipped: u64) {
        self.firings.fetch_add(submitted, Ordering::Relaxed);
        self.firings_skipped.fetch_add(skipped, Ordering::Relaxed);
    }

    /// So many clients wait for a job's end now.
    pub fn waiting_clients(&self, clients: usize) {
        self.waiting_clients.store(clients as u64, Ordering::Relaxed);
    }

    /// A worker thread was given up: its action did not heed its time-out.
    pub fn worker_abandoned(&self) {
        self.workers_abandoned.fetch_add(1, Ordering::Relaxed);
    }

    /// How many worker threads were given up since the start.
    pub fn workers_abandoned(&self) -> u64 {
        self.workers_abandoned.load(Ordering::Relaxed)
    }

    /// A request was answered. `route` is the route's pattern, never the path that was asked for.
    pub fn http_request(&self, route: &str, status: u16) {
        let place = STATUSES.binary_search(&status).unwrap_or(INTERNAL_ERROR);
        self.routes.of(route)[place].fetch_add(1, Ordering::Relaxed);
    }

    /// A call of a model (`text` or `image`) ended; an unknown outcome counts as `failed`.
    pub fn model_called(&self, model: &str, outcome: &str) {
        let place = MODEL_OUTCOMES.iter().position(|word| *word == outcome).unwrap_or(2);
        self.models.of(model).calls[place].fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a model (`text` or `image`) is asked, or left alone because it failed too often.
    pub fn model_available(&self, model: &str, available: bool) {
        self.models.of(model).unavailable.store(!available, Ordering::Relaxed);
    }

    /// What an operator should look at although the server takes work: for `/readyz`.
    pub fn warnings(&self) -> Vec<&'static str> {
        let models = self.models.entries();
        let mut failing =
            models.iter().filter(|(_, counts)| counts.unavailable.load(Ordering::Relaxed));
        failing.next().map(|_| "model_unavailable").into_iter().collect()
    }

    /// Replaces what is known of the queues: action, state, number of jobs. Called at a scrape.
    pub fn queue_depths(&self, depths: impl IntoIterator<Item = (String, JobState, u64)>) {
        let mut held = self.depths.lock().unwrap_or_else(PoisonError::into_inner);
        held.clear();
        held.extend(depths);
    }

    /// Sets the sizes of what is stored. Called at a scrape.
    pub fn stored(&self, database_bytes: u64, asset_bytes: u64) {
        self.database_bytes.store(database_bytes, Ordering::Relaxed);
        self.asset_bytes.store(asset_bytes, Ordering::Relaxed);
    }

    /// The media type of what [`Metrics::render`] gives.
    pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// All counts in the text format that Prometheus scrapes.
    pub fn render(self: &Arc<Self>) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Arc::clone(self)));
        let mut text = String::new();
        text::encode(&mut text, &registry).expect("a string takes all text");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample lines that begin with `name`.
    fn samples<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        text.lines().filter(|line| line.starts_with(name)).collect()
    }

    #[test]
    fn what_was_counted_is_rendered_under_its_name() {
        let metrics = Arc::new(Metrics::default());
        metrics.jobs_enqueued("noop");
        metrics.job_waited("noop", Duration::from_millis(2));
        metrics.attempt_finished("noop", "retried", Duration::from_secs(1));
        metrics.commit(Duration::from_millis(1), 3);
        metrics.waiting_clients(7);
        let text = metrics.render();
        assert_eq!(
            samples(&text, "tidemill_jobs_enqueued_total"),
            ["tidemill_jobs_enqueued_total{action=\"noop\"} 1"]
        );
        assert_eq!(
            samples(&text, "tidemill_attempts_finished_total"),
            ["tidemill_attempts_finished_total{action=\"noop\",outcome=\"retried\"} 1"]
        );
        assert_eq!(samples(&text, "tidemill_waiting_clients"), ["tidemill_waiting_clients 7"]);
        assert_eq!(
            samples(&text, "tidemill_commit_writes_sum"),
            ["tidemill_commit_writes_sum 3.0"]
        );
        let due = "tidemill_job_wait_seconds_bucket{le=\"0.0025\",action=\"noop\"} 1";
        assert!(samples(&text, "tidemill_job_wait_seconds_bucket").contains(&due), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn routes_are_counted_by_status_and_unknown_statuses_as_500() {
        let metrics = Arc::new(Metrics::default());
        metrics.http_request("/api/v1/jobs/{id}", 200);
        metrics.http_request("/api/v1/jobs/{id}", 200);
        metrics.http_request("/api/v1/jobs/{id}", 599);
        assert_eq!(
            samples(&metrics.render(), "tidemill_http_requests_total"),
            [
                "tidemill_http_requests_total{route=\"/api/v1/jobs/{id}\",status=\"200\"} 2",
                "tidemill_http_requests_total{route=\"/api/v1/jobs/{id}\",status=\"500\"} 1",
            ]
        );
    }

    #[test]
    fn models_are_counted_and_one_that_fails_is_a_warning() {
        let metrics = Arc::new(Metrics::default());
        metrics.model_available("text", true);
        metrics.model_called("text", "answered");
        metrics.model_called("text", "exploded");
        assert!(metrics.warnings().is_empty());
        metrics.model_available("text", false);
        assert_eq!(metrics.warnings(), ["model_unavailable"]);
        let text = metrics.render();
        assert_eq!(
            samples(&text, "tidemill_model_calls_total"),
            [
                "tidemill_model_calls_total{model=\"text\",outcome=\"answered\"} 1",
                "tidemill_model_calls_total{model=\"text\",outcome=\"failed\"} 1",
            ]
        );
        let available = samples(&text, "tidemill_model_available");
        assert_eq!(available, ["tidemill_model_available{model=\"text\"} 0"]);
    }

    #[test]
    fn queue_depths_are_replaced_whole() {
        let metrics = Arc::new(Metrics::default());
        metrics.queue_depths([("noop".to_owned(), JobState::Queued, 4)]);
        metrics.queue_depths([("noop".to_owned(), JobState::Processing, 1)]);
        assert_eq!(
            samples(&metrics.render(), "tidemill_queue_depth"),
            ["tidemill_queue_depth{action=\"noop\",state=\"processing\"} 1"]
        );
    }
}
