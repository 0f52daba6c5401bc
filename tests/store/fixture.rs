//! What the cases share: a moment, jobs, and the verbs with their usual arguments.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tidemill::domain::asset::{ContentDigest, NewAsset};
use tidemill::domain::audit::Author;
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{AssetId, JobId, OrgId};
use tidemill::domain::job::{
    Claimed, DEFAULT_PRIORITY, Enqueued, Job, JobError, JobState, Lease, LogLevel, LogLine, NewJob,
    Outcome, Report, Write,
};
use tidemill::domain::payload::Payload;
use tidemill::store::{
    ClaimOutcome, Claiming, Delivered, Delivery, Ending, Finished, Herald, JobFilter, StoreError,
};
use tokio::sync::oneshot;

use crate::Subject;

/// A queue limit that no case reaches by accident.
pub(crate) const NO_LIMIT: u64 = 1_000_000;

/// How long leases hold, in seconds after the moment of their claim.
pub(crate) const LEASE_SECONDS: i64 = 30;

/// The moment this many seconds after the beginning.
pub(crate) const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_700_000_000_000 + seconds * 1_000)
}

/// A new organization.
pub(crate) async fn org(store: &impl Subject, name: &str) -> OrgId {
    store.ensure_org(name, at(0), Author::SERVER).await.expect("an organization").id
}

/// A job as most cases want it.
pub(crate) fn new_job(org: OrgId) -> NewJob {
    NewJob {
        id: JobId::mint(),
        org,
        action: "noop".to_owned(),
        internal: false,
        priority: DEFAULT_PRIORITY,
        input: Payload::Inline(r#"{"say":"hello"}"#.to_owned()),
        echo: Map::from_iter([("say".to_owned(), Value::from("hello"))]),
        run_at: None,
        max_attempts: 3,
        attempt_timeout: Duration::from_secs(20),
        unique_key: None,
        retry_of: None,
        assets: Vec::new(),
        uses: Vec::new(),
        retried_by: None,
        delivery: None,
        idempotency: None,
    }
}

/// Stores one job, whatever comes of it.
pub(crate) async fn try_enqueue(store: &impl Subject, job: NewJob) -> Enqueued {
    let answers = store.enqueue(vec![job], at(0), NO_LIMIT, None).await.expect("an enqueue");
    <[Enqueued; 1]>::try_from(answers).expect("one answer")[0].clone()
}

/// Stores one job that must be accepted.
pub(crate) async fn enqueue(store: &impl Subject, job: NewJob) -> JobId {
    let id = job.id;
    assert_eq!(try_enqueue(store, job).await, Enqueued::Created(id));
    id
}

/// Stores a job of `org` as most cases want it.
pub(crate) async fn enqueue_one(store: &impl Subject, org: OrgId) -> JobId {
    enqueue(store, new_job(org)).await
}

/// A herald that nobody listens to.
pub(crate) fn unheard<T>() -> Herald<T> {
    Box::new(|_| ())
}

/// Asks for up to `limit` jobs of the action `noop`; the second value is what was delivered.
pub(crate) fn claiming(
    limit: usize,
    now: Timestamp,
) -> (Claiming, oneshot::Receiver<Vec<Claimed>>) {
    claiming_with(limit, now, |delivered| match delivered {
        Delivered::Claimed(claims) => claims.jobs,
        Delivered::Failed => Vec::new(),
    })
}

/// The same with what `wanted` makes of the delivery.
pub(crate) fn claiming_with<T: Send + 'static>(
    limit: usize,
    now: Timestamp,
    wanted: impl FnOnce(Delivered) -> T + Send + 'static,
) -> (Claiming, oneshot::Receiver<T>) {
    let (deliver, delivered) = oneshot::channel();
    let claiming = Claiming {
        limit,
        actions: Arc::from(["noop".to_owned()]),
        worker: Claiming::LOCAL.to_owned(),
        org: None,
        tokens: Vec::new(),
        limits: Arc::default(),
        now,
        lease_expires_at: now.after(Duration::from_secs(LEASE_SECONDS.unsigned_abs())),
        deliver: Delivery::new(move |delivered| {
            drop(deliver.send(wanted(delivered)));
        }),
    };
    (claiming, delivered)
}

/// What a claim brought that did not fail.
pub(crate) fn claims(delivered: Delivered) -> ClaimOutcome {
    match delivered {
        Delivered::Claimed(claims) => claims,
        Delivered::Failed => panic!("the claim failed"),
    }
}

/// Claims up to `limit` jobs at `now`.
pub(crate) async fn claim(store: &impl Subject, limit: usize, now: Timestamp) -> Vec<Claimed> {
    let (claiming, delivered) = claiming(limit, now);
    claim_as(store, claiming, delivered).await
}

/// Claims what `claiming` asks for; the number answered must be the number delivered.
pub(crate) async fn claim_as(
    store: &impl Subject,
    claiming: Claiming,
    delivered: oneshot::Receiver<Vec<Claimed>>,
) -> Vec<Claimed> {
    let number = store.claim(claiming).await.expect("a claim");
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed.len(), number);
    claimed
}

/// Claims one job, which must be there.
pub(crate) async fn claim_one(store: &impl Subject, now: Timestamp) -> Claimed {
    claim(store, 1, now).await.pop().expect("a job to claim")
}

/// A new job of `org`, claimed at `now`. No other job may wait.
pub(crate) async fn processing(store: &impl Subject, org: OrgId, now: Timestamp) -> Claimed {
    let id = enqueue_one(store, org).await;
    let claimed = claim_one(store, now).await;
    assert_eq!(claimed.job.id, id);
    claimed
}

/// Ends an attempt and waits for what the store says of it.
pub(crate) async fn try_finish(
    store: &impl Subject,
    ending: Ending,
) -> Result<Finished, StoreError> {
    let (hook, finished) = oneshot::channel();
    store.finish(ending, None, Box::new(move |result| drop(hook.send(result))));
    finished.await.expect("the hook is called")
}

/// Ends an attempt whose lease must hold; the job as it is then.
pub(crate) async fn finish(
    store: &impl Subject,
    lease: Lease,
    outcome: Outcome,
    now: Timestamp,
) -> Job {
    match try_finish(store, ending(lease, outcome, now)).await.expect("a finish") {
        Finished::Written { job, .. } => *job,
        Finished::LeaseLost => panic!("the lease is lost"),
    }
}

/// Takes up to `limit` jobs from workers that do not answer; the jobs as they are then.
pub(crate) async fn rescue(store: &impl Subject, now: Timestamp, limit: usize) -> Vec<Job> {
    let rescued = store.rescue_expired(now, limit).await.expect("a rescue");
    rescued.into_iter().map(|rescued| rescued.job).collect()
}

/// Whether the end of an attempt is refused because its lease no longer holds.
pub(crate) async fn finish_is_refused(store: &impl Subject, lease: Lease, now: Timestamp) -> bool {
    let finished = try_finish(store, ending(lease, completed("late"), now)).await;
    matches!(finished.expect("a finish"), Finished::LeaseLost)
}

/// An attempt's end without diagnostics or a last report.
pub(crate) fn ending(lease: Lease, outcome: Outcome, now: Timestamp) -> Ending {
    Ending {
        lease,
        claimed: None,
        outcome,
        diagnostics: Vec::new(),
        report: Report::default(),
        log_limits: tidemill::domain::job::LogLimits::default(),
        now,
    }
}

/// An outcome with the result `{"said": …}`.
pub(crate) fn completed(said: &str) -> Outcome {
    completed_with(said, Vec::new())
}

/// The same with rows to write.
pub(crate) fn completed_with(said: &str, writes: Vec<Write>) -> Outcome {
    Outcome::Completed { result: result(said), writes, step_result: None }
}

/// The payload `{"said": …}`.
pub(crate) fn result(said: &str) -> Payload {
    Payload::Inline(serde_json::json!({ "said": said }).to_string())
}

/// An outcome that ends the job.
pub(crate) fn failed() -> Outcome {
    Outcome::Failed { error: error("site_unreachable") }
}

/// An error with this code.
pub(crate) fn error(code: &str) -> JobError {
    JobError { code: code.to_owned(), message: format!("The Reason for {code}.") }
}

/// The job, which must be there.
pub(crate) async fn job(store: &impl Subject, org: OrgId, id: JobId) -> Job {
    store.job(org, id).await.expect("a read").expect("the job is there")
}

/// The state of a job that must be there.
pub(crate) async fn state(store: &impl Subject, org: OrgId, id: JobId) -> JobState {
    job(store, org, id).await.state
}

/// A picture whose content is `content`, under an id of its own, so that cases do not share it.
pub(crate) fn new_asset(content: &str) -> NewAsset {
    NewAsset { id: AssetId::mint(), ..new_asset_of(OrgId::mint(), content) }
}

/// The picture of `org` whose content is `content`.
pub(crate) fn new_asset_of(org: OrgId, content: &str) -> NewAsset {
    let digest = ContentDigest::of(content.as_bytes());
    NewAsset::new(org, digest, "image/png", content.len() as u64, Some((640, 480)))
}

/// A line for a job's log.
pub(crate) fn line(now: Timestamp, message: &str) -> LogLine {
    LogLine { at: now, level: LogLevel::Info, message: message.to_owned() }
}

/// Every job of `org` that clients may see, up to the most of a page.
pub(crate) fn everything(org: OrgId) -> JobFilter {
    JobFilter {
        org,
        states: Vec::new(),
        actions: Vec::new(),
        run: None,
        error_text: None,
        created_after: None,
        created_before: None,
        cursor: None,
        limit: 100,
    }
}

/// A connection of the test's own to the database file, to see what no method shows.
pub(crate) fn database(path: &std::path::Path) -> rusqlite::Connection {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    rusqlite::Connection::open_with_flags(path, flags).expect("the database opens")
}
