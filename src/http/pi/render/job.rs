//! A job as a Pi client sees it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::job::{Job, JobState};
use crate::domain::payload::Payload;
use crate::engine::WaitsFor;
use crate::store::Position;

/// The state's word: what is blocked waits like what is queued, what is cancelled has failed.
pub(crate) const fn status(state: JobState) -> &'static str {
    match state {
        JobState::Blocked | JobState::Queued => "queued",
        JobState::Processing => "processing",
        JobState::Completed => "completed",
        JobState::Failed | JobState::Cancelled => "failed",
    }
}

/// The code of a job that failed; `code` is what its row says. A step whose dependency failed is
/// cancelled too, and says so by its code.
pub(crate) fn error_code(state: JobState, code: Option<&str>) -> Option<&str> {
    match state {
        JobState::Failed => code,
        JobState::Cancelled => Some(code.unwrap_or("cancelled")),
        _ => None,
    }
}

/// The states that a status stands for, in a filter.
pub(crate) fn states_of_status(word: &str) -> Option<&'static [JobState]> {
    match word {
        "queued" => Some(&[JobState::Queued, JobState::Blocked]),
        "processing" => Some(&[JobState::Processing]),
        "completed" => Some(&[JobState::Completed]),
        "failed" => Some(&[JobState::Failed, JobState::Cancelled]),
        "cancelled" => Some(&[JobState::Cancelled]),
        _ => None,
    }
}

/// The actions that the contract knows under another name, with that name.
const TYPES: [(&str, &str); 5] = [
    ("brands.extract", "brand_extraction"),
    ("campaigns.generate", "campaign_ad_generation"),
    ("campaigns.edit", "campaign_ad_edit"),
    ("campaigns.localize_ad", "campaign_ad_localization"),
    ("images.generate", "ad_generation"),
];

/// The job type of an action.
pub(crate) fn type_of_action(action: &str) -> &str {
    TYPES.iter().find(|(name, _)| *name == action).map_or(action, |(_, kind)| kind)
}

/// The action of a job type.
pub(crate) fn action_of_type(kind: &str) -> &str {
    TYPES.iter().find(|(_, name)| *name == kind).map_or(kind, |(action, _)| action)
}

/// Whether the action's result is a picture.
pub(crate) fn is_picture_job(action: &str) -> bool {
    action != "brands.extract" && type_of_action(action) != action
}

/// Which members of `data` a client asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection(Vec<String>);

impl Selection {
    /// Of the names in `fields`; none is all.
    pub(crate) fn of(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Whether the member is among them.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|wanted| wanted == name)
    }

    /// Whether the member was named.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.0.iter().any(|wanted| wanted == name)
    }

    /// Leaves the members that were asked for, and those that `always` stay.
    pub(crate) fn apply(&self, data: &mut Map<String, Value>, always: &str) {
        if !self.0.is_empty() {
            data.retain(|name, _| name == always || self.names(name));
        }
    }
}

/// What is known of a job beside its row.
#[derive(Debug, Default)]
pub(crate) struct Detail {
    /// The result, URLs absolute; only of a completed job.
    pub(crate) result: Option<Map<String, Value>>,
    /// The arguments, when they are short enough to be shown.
    pub(crate) input: Option<Map<String, Value>>,
    /// Its place in the queue.
    pub(crate) position: Option<Position>,
    /// Why no worker here takes it, whatever its place.
    pub(crate) obstacle: Option<String>,
    /// What it waits for, when it is due.
    pub(crate) waits_for: Option<WaitsFor>,
    /// The brand that it found or used.
    pub(crate) brand: Option<Map<String, Value>>,
    /// Further members that were asked for.
    pub(crate) more: Map<String, Value>,
}

/// A job as data of an envelope.
#[derive(Debug)]
pub(crate) struct JobView<'a> {
    /// The job.
    pub(crate) job: &'a Job,
    /// What else is known; `None` in a list.
    pub(crate) detail: Option<&'a Detail>,
    /// Where a list says that the result can be read.
    pub(crate) result_url: Option<&'a str>,
    /// What was asked for.
    pub(crate) selection: &'a Selection,
    /// The present moment.
    pub(crate) now: Timestamp,
}

impl Serialize for JobView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = Members { map: serializer.serialize_map(None)?, view: self };
        members.identity()?;
        members.times()?;
        members.ending()?;
        match self.detail {
            None => members.put("result_url", self.result_url)?,
            Some(detail) => {
                members.result(detail)?;
                for (name, value) in &detail.more {
                    members.map.serialize_entry(name, value)?;
                }
            }
        }
        members.map.end()
    }
}

struct Members<'a, M> {
    map: M,
    view: &'a JobView<'a>,
}

impl<M: SerializeMap> Members<'_, M> {
    fn put(&mut self, name: &'static str, value: impl Serialize) -> Result<(), M::Error> {
        if self.view.selection.wants(name) {
            self.map.serialize_entry(name, &value)
        } else {
            Ok(())
        }
    }

    fn identity(&mut self) -> Result<(), M::Error> {
        let job = self.view.job;
        self.put("id", job.id)?;
        self.put("org_id", job.org)?;
        self.put("action", &job.action)?;
        self.put("type", type_of_action(&job.action))?;
        self.put("status", status(job.state))?;
        self.put("payload", PayloadView(self.view))?;
        if let Some((run, step)) = &job.step {
            self.put("run_id", run)?;
            self.put("step_id", step)?;
        }
        if let Some(earlier) = job.retry_of {
            self.put("retry_of", earlier)?;
        }
        Ok(())
    }

    fn times(&mut self) -> Result<(), M::Error> {
        let JobView { job, detail, now, .. } = self.view;
        self.put("created_at", job.created_at.unix())?;
        self.put("updated_at", job.updated_at.unix())?;
        self.put("started_at", job.started_at.map(Timestamp::unix))?;
        self.put("completed_at", job.finished_at.map(Timestamp::unix))?;
        self.put("progress", job.progress)?;
        self.put("attempt", job.attempt)?;
        self.put("max_attempts", job.max_attempts)?;
        self.put("waiting_for", waiting_for(job, *detail, *now))
    }

    fn ending(&mut self) -> Result<(), M::Error> {
        let job = self.view.job;
        let error = job.error.as_ref();
        let log = match job.state {
            JobState::Cancelled => Some(cancellation(job)),
            JobState::Failed => error.map(|error| error.message.as_str()),
            _ => None,
        };
        self.put("error_log", log)?;
        self.put("error_code", error_code(job.state, error.map(|error| error.code.as_str())))
    }

    fn result(&mut self, detail: &Detail) -> Result<(), M::Error> {
        let job = self.view.job;
        let outcome = detail.result.as_ref().map(|result| Outcome::of(job, result));
        self.put("result_url", outcome.as_ref().and_then(Outcome::path))?;
        match &outcome {
            _ if !job.state.is_terminal() => {}
            None => self.put("job_result", Value::Null)?,
            Some(outcome) => self.put("job_result", ResultView { outcome, detail, job })?,
        }
        if let Some(brand) = &detail.brand {
            self.map.serialize_entry("expanded", &Expanded { brand })?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Expanded<'a> {
    brand: &'a Map<String, Value>,
}

fn cancellation(job: &Job) -> &str {
    job.error.as_ref().map_or("The job was cancelled.", |error| error.message.as_str())
}

/// What a queued job waits for.
fn waiting_for(job: &Job, detail: Option<&Detail>, now: Timestamp) -> Option<Value> {
    let obstacle = detail.and_then(|detail| detail.obstacle.as_ref());
    let position = detail.and_then(|detail| detail.position);
    let reason = match detail.and_then(|detail| detail.waits_for) {
        Some(WaitsFor::RemoteWorker) => "remote_worker",
        Some(WaitsFor::ActionLimit) => "action_limit",
        Some(WaitsFor::OrganizationLimit) => "organization_limit",
        Some(WaitsFor::Worker) | None => "worker",
    };
    match (job.state, job.run_at.filter(|at| *at > now)) {
        (JobState::Blocked, _) => Some(json!({ "reason": "dependency" })),
        (JobState::Queued, Some(at)) if job.attempt > 0 => {
            Some(json!({ "reason": "retry", "retry_at": at.unix() }))
        }
        (JobState::Queued, Some(at)) => Some(json!({ "reason": "scheduled", "run_at": at.unix() })),
        (JobState::Queued, None) => Some(match (obstacle, position) {
            (Some(message), _) => json!({ "reason": "worker", "message": message }),
            (None, Some(Position(place))) => json!({ "reason": reason, "position": place }),
            (None, None) => json!({ "reason": reason }),
        }),
        _ => None,
    }
}

/// What a completed job brought, by the kind of its action.
#[derive(Clone, Copy, Debug)]
struct Outcome<'a> {
    kind: Kind,
    /// The brand's or the asset's id.
    id: Option<&'a str>,
    result: &'a Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Brand,
    Ad,
    Other,
}

impl<'a> Outcome<'a> {
    fn of(job: &Job, result: &'a Map<String, Value>) -> Self {
        let kind = match job.action.as_str() {
            "brands.extract" => Kind::Brand,
            action if is_picture_job(action) => Kind::Ad,
            _ => Kind::Other,
        };
        let id = match kind {
            Kind::Brand => result.get("brand_id"),
            Kind::Ad => result.get("asset_id"),
            Kind::Other => None,
        };
        Self { kind, id: id.and_then(Value::as_str), result }
    }

    /// Where what it brought can be read, below the API's prefix.
    fn path(&self) -> Option<String> {
        let id = self.id?;
        match self.kind {
            Kind::Brand => Some(format!("brands/{id}")),
            Kind::Ad => Some(format!("assets/{id}")),
            Kind::Other => None,
        }
    }
}

/// Where what a job brought can be read, below the API's prefix.
pub(crate) fn result_url(job: &Job, result: &Map<String, Value>) -> Option<String> {
    Outcome::of(job, result).path()
}

/// `payload`: what the job does now, what it was asked, and in short what it brought.
struct PayloadView<'a>(&'a JobView<'a>);

impl Serialize for PayloadView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JobView { job, detail, .. } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("phase", phase(job))?;
        let Some(detail) = detail else { return map.end() };
        map.serialize_entry("input", &Input { detail, job })?;
        if let Some(result) = &detail.result {
            let outcome = Outcome::of(job, result);
            match outcome.kind {
                Kind::Brand => map.serialize_entry("brand_id", &outcome.id)?,
                Kind::Ad => map.serialize_entry("image_url", &result.get("image_url"))?,
                Kind::Other => map.serialize_entry("output", result)?,
            }
        }
        map.end()
    }
}

fn phase(job: &Job) -> &str {
    match (job.state, &job.phase) {
        (JobState::Processing, Some(phase)) => phase,
        (state, _) => status(state),
    }
}

/// The arguments as a client may see them: what was noted for it, and the input's own members.
struct Input<'a> {
    detail: &'a Detail,
    job: &'a Job,
}

impl Serialize for Input<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let noted = self.job.echo.iter();
        let given = self.detail.input.iter().flatten();
        serializer
            .collect_map(noted.chain(given.filter(|(name, _)| !self.job.echo.contains_key(*name))))
    }
}

/// `job_result` of a completed job.
struct ResultView<'a> {
    outcome: &'a Outcome<'a>,
    detail: &'a Detail,
    job: &'a Job,
}

impl Serialize for ResultView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { outcome, detail, job } = self;
        let mut map = serializer.serialize_map(None)?;
        let kind = match outcome.kind {
            Kind::Brand => "brand",
            Kind::Ad => "ad",
            Kind::Other => type_of_action(&job.action),
        };
        let own = |name: &str| outcome.kind == Kind::Other && outcome.result.contains_key(name);
        if !own("type") {
            map.serialize_entry("type", kind)?;
        }
        match outcome.id {
            Some(id) => map.serialize_entry("id", id)?,
            None if own("id") => {}
            None => map.serialize_entry("id", &job.id)?,
        }
        if let Some(path) = outcome.path() {
            map.serialize_entry("url", &path)?;
        }
        let said = |name: &str| match outcome.kind {
            Kind::Other => false,
            Kind::Brand | Kind::Ad => matches!(name, "type" | "id" | "url"),
        };
        let replaced = |name: &str| name == "brand" && detail.brand.is_some();
        for (name, value) in outcome.result {
            if !said(name) && !replaced(name) {
                map.serialize_entry(name, value)?;
            }
        }
        if let Some(brand) = &detail.brand {
            map.serialize_entry("brand", brand)?;
        }
        map.end()
    }
}

/// The longest text of an input that is shown, in characters: a prompt, not a picture.
const SHOWN_TEXT: usize = 5_000;

/// The arguments that can be shown without reading a file; of those that lie in one, what was
/// noted of them is beside this.
pub(crate) fn shown_input(job: &Job) -> Option<Map<String, Value>> {
    let mut input: Map<String, Value> = match &job.input {
        Payload::Inline(text) => serde_json::from_str(text).ok()?,
        Payload::Stored(_) => Map::new(),
    };
    input.extend(job.mapped.clone());
    input.retain(|_, value| keep_short(value));
    Some(input)
}

/// What is noted of arguments that are too long for their row, so that a client sees them still:
/// those that are short themselves.
pub(crate) fn noted_input(mut input: Map<String, Value>) -> Map<String, Value> {
    /// The longest prompt, whatever its script, is shorter.
    const MAX_MEMBER_BYTES: usize = 24 * 1024;
    /// The row holds them.
    const MAX_BYTES: usize = 48 * 1024;
    let mut left = MAX_BYTES;
    input.retain(|name, value| {
        let is_short = keep_short(value);
        let bytes = name.len() + value.to_string().len();
        let fits = is_short && bytes <= MAX_MEMBER_BYTES.min(left);
        left -= if fits { bytes } else { 0 };
        fits
    });
    input
}

/// Leaves out texts that may be files; whether anything is left.
fn keep_short(value: &mut Value) -> bool {
    match value {
        Value::String(text) => text.chars().nth(SHOWN_TEXT).is_none() && !text.starts_with("data:"),
        Value::Array(values) => {
            values.retain_mut(keep_short);
            true
        }
        Value::Object(members) => {
            members.retain(|_, value| keep_short(value));
            true
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}
