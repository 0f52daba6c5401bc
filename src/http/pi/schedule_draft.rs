//! What a request says of a schedule: when, what, and what becomes of what was missed.
//!
//! All that can be wrong is found here, each fault with its path. Never: anything stored.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::domain::clock::Timestamp;
use crate::domain::ids::ScheduleId;
use crate::domain::payload::MAX_INLINE_BYTES;
use crate::domain::plan::Plan;
use crate::domain::schedule::{MAX_CATCH_UP, Overlap, Schedule, Task, TaskJob};
use crate::domain::timetable::{InvalidTimetable, Timetable};
use crate::http::auth::Caller;
use crate::http::error::ApiError;
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::pi::{render, requests, runs};

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The longest cron expression and name of a time zone, in characters.
const MAX_TIMETABLE: usize = 200;

/// How many missed firings are made good when nobody says more: the last one.
const USUAL_CATCH_UP: u32 = 1;

/// What a request may say of a schedule's job.
const JOB_MEMBERS: [&str; 8] = [
    "action",
    "input",
    "priority",
    "max_attempts",
    "attempt_timeout_seconds",
    "unique_key",
    "client_reference_id",
    "metadata",
];

/// The schedule that a request describes.
pub(super) async fn new(
    front: &Front,
    caller: &Caller,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<Schedule, ApiError> {
    let fields = Fields::of(body);
    let cron = fields.required_text("cron", 1..=MAX_TIMETABLE)?.to_owned();
    let task = task(front, caller, body, None).await?;
    let task = task.ok_or_else(|| ApiError::body("action", "name an `action`, or a `run`"))?;
    let mut schedule = Schedule {
        id: ScheduleId::mint(),
        org: caller.org,
        name: None,
        cron,
        time_zone: "UTC".to_owned(),
        task,
        overlap: Overlap::Skip,
        catch_up: USUAL_CATCH_UP,
        is_active: true,
        next_at: None,
        last_at: None,
        last: None,
        skip_reason: None,
        skipped: 0,
        created_at: now,
        updated_at: now,
    };
    apply(fields, &mut schedule)?;
    retime(fields, &mut schedule, now)?;
    Ok(schedule)
}

/// A change, and what it is a change of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit<'a> {
    /// The schedule before.
    pub(super) was: &'a Schedule,
    /// What is to change.
    pub(super) body: &'a Map<String, Value>,
}

/// A schedule as a request changes it. Its next firing is a new one only if the request says when.
pub(super) async fn edited(
    front: &Front,
    caller: &Caller,
    edit: Edit<'_>,
    now: Timestamp,
) -> Result<Schedule, ApiError> {
    let Edit { was, body } = edit;
    let fields = Fields::of(body);
    let mut schedule = was.clone();
    if let Some(task) = task(front, caller, body, Some(&was.task)).await? {
        schedule.task = task;
    }
    apply(fields, &mut schedule)?;
    let says_when = ["cron", "time_zone"].iter().any(|name| is_said(body, name));
    if says_when || schedule.is_active != was.is_active {
        retime(fields, &mut schedule, now)?;
    }
    // Two changes within one millisecond are told apart by this too.
    schedule.updated_at = now.max(was.updated_at.after(Duration::from_millis(1)));
    Ok(schedule)
}

fn is_said(body: &Map<String, Value>, name: &str) -> bool {
    body.get(name).is_some_and(|value| !value.is_null())
}

/// Sets what a request says of when and how.
fn apply(fields: Fields<'_>, schedule: &mut Schedule) -> Result<(), ApiError> {
    if let Some(name) = fields.text("name", 0..=MAX_NAME)? {
        schedule.name = Some(name.to_owned()).filter(|name| !name.is_empty());
    }
    if let Some(cron) = fields.text("cron", 1..=MAX_TIMETABLE)? {
        cron.clone_into(&mut schedule.cron);
    }
    if let Some(zone) = fields.text("time_zone", 1..=MAX_TIMETABLE)? {
        zone.clone_into(&mut schedule.time_zone);
    }
    if let Some(word) = fields.text("overlap", 1..=20)? {
        schedule.overlap = word
            .parse()
            .map_err(|_| fields.fault("overlap", "must be `skip`, `queue` or `replace`"))?;
    }
    if let Some(firings) = fields.integer("catch_up", 0..=u64::from(MAX_CATCH_UP))? {
        schedule.catch_up = u32::try_from(firings).unwrap_or(MAX_CATCH_UP);
    }
    if let Some(is_active) = fields.boolean("is_active")? {
        schedule.is_active = is_active;
    }
    Ok(())
}

/// Sets the next moment by cron expression and zone, as if the schedule were new.
fn retime(fields: Fields<'_>, schedule: &mut Schedule, now: Timestamp) -> Result<(), ApiError> {
    let fault = |fault: InvalidTimetable| {
        let param = match fault {
            InvalidTimetable::Zone => "time_zone",
            InvalidTimetable::Cron(_) | InvalidTimetable::Never => "cron",
        };
        fields.fault(param, &fault.to_string())
    };
    let table = Timetable::parse(&schedule.cron, &schedule.time_zone).map_err(fault)?;
    let next = table.after(now).map_err(fault)?;
    table.zone().clone_into(&mut schedule.time_zone);
    schedule.next_at = schedule.is_active.then_some(next);
    Ok(())
}

/// What a request says of what is submitted; `None` when it says nothing. What it does not say of
/// a job stays as it `was`.
async fn task(
    front: &Front,
    caller: &Caller,
    body: &Map<String, Value>,
    was: Option<&Task>,
) -> Result<Option<Task>, ApiError> {
    for moment in ["run_at", "delay_seconds"] {
        if is_said(body, moment) {
            return Err(ApiError::body(moment, "a schedule says when by `cron`"));
        }
    }
    let says_job = JOB_MEMBERS.iter().any(|name| body.contains_key(*name));
    let (task, param) = match (says_job, is_said(body, "run")) {
        (false, false) => return Ok(None),
        (true, true) => {
            let message = "`run` excludes `action`, `input` and whatever else is said of a job";
            return Err(ApiError::body("run", message));
        }
        (true, false) => (job(front, caller, body, was).await?, "input"),
        (false, true) => {
            let Some(run) = body.get("run").and_then(Value::as_object) else {
                return Err(ApiError::body("run", "`run` must be an object with `steps`"));
            };
            let plan =
                Plan::parse(run.clone()).map_err(|fault| ApiError::from(fault).within("run"))?;
            let run =
                runs::draft(front, caller, plan).await.map_err(|error| error.within("run"))?;
            (Task::of_run(run), "run")
        }
    };
    let fits = |task: &Task| render::text(task).len() <= MAX_INLINE_BYTES;
    let task = task.filter(fits).ok_or_else(|| {
        let message = format!(
            "a schedule keeps at most {} KiB and no files: name pictures by their addresses on \
             the Internet",
            MAX_INLINE_BYTES / 1024
        );
        ApiError::body(param, message)
    })?;
    Ok(Some(task))
}

async fn job(
    front: &Front,
    caller: &Caller,
    body: &Map<String, Value>,
    was: Option<&Task>,
) -> Result<Option<Task>, ApiError> {
    let mut members = match was {
        Some(Task::Job(job)) => render::schedule_job(job),
        _ => Map::new(),
    };
    for name in JOB_MEMBERS {
        if let Some(value) = body.get(name) {
            members.insert(name.to_owned(), value.clone());
        }
    }
    let sets_attempts = is_said(&members, "max_attempts");
    let sets_timeout = is_said(&members, "attempt_timeout_seconds");
    let job = requests::draft(front, caller, members, "").await?;
    let (attempts, timeout) = (job.max_attempts, job.attempt_timeout.as_millis());
    Ok(TaskJob::of(job).map(|task| {
        Task::Job(TaskJob {
            max_attempts: sets_attempts.then_some(attempts),
            attempt_timeout_ms: sets_timeout.then_some(u64::try_from(timeout).unwrap_or(u64::MAX)),
            ..task
        })
    }))
}
