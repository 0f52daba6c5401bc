//! The figures as data.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::org::Org;
use crate::engine::{Quantiles, Recent, TICK, Tally, Tick};
use crate::store::{Backlog, Underway, Usage};

/// What is known of one action, over all organizations in view.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pub(super) ready: u64,
    pub(super) processing: u64,
    pub(super) later: u64,
    /// When the oldest due job was accepted.
    pub(super) oldest: Option<Timestamp>,
    pub(super) tally: Tally,
    pub(super) wait: Option<Quantiles>,
    pub(super) run: Option<Quantiles>,
}

/// The queues by action.
pub(super) fn by_action(recent: &Recent, backlogs: &[Backlog]) -> BTreeMap<String, Queue> {
    let mut queues: BTreeMap<String, Queue> = BTreeMap::new();
    for backlog in backlogs {
        queues.entry(backlog.action.clone()).or_default().add(backlog);
    }
    for part in &recent.parts {
        let queue = queues.entry(part.action.clone()).or_default();
        queue.tally.add(part.tally);
        // Of several organizations the slowest is told: who looks on wants to know of it.
        queue.wait = slower(queue.wait, part.wait);
        queue.run = slower(queue.run, part.run);
    }
    queues
}

impl Queue {
    fn add(&mut self, backlog: &Backlog) {
        self.ready += backlog.ready;
        self.processing += backlog.processing;
        self.later += backlog.later;
        self.oldest = match (self.oldest, backlog.oldest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

fn slower(one: Option<Quantiles>, other: Option<Quantiles>) -> Option<Quantiles> {
    match (one, other) {
        (Some(one), Some(other)) => {
            Some(Quantiles { p50: one.p50.max(other.p50), p95: one.p95.max(other.p95) })
        }
        (one, other) => one.or(other),
    }
}

/// Jobs by state: what has not ended as it is now, what has ended in the last hour.
pub(super) fn jobs(recent: &Recent, backlogs: &[Backlog]) -> Value {
    let sum = |of: fn(&Backlog) -> u64| backlogs.iter().map(of).sum::<u64>();
    let mut tally = Tally::default();
    recent.parts.iter().for_each(|part| tally.add(part.tally));
    json!({
        "queued": sum(|backlog| backlog.ready),
        "later": sum(|backlog| backlog.later),
        "processing": sum(|backlog| backlog.processing),
        "last_hour": last_hour(tally),
    })
}

fn last_hour(tally: Tally) -> Value {
    let Tally { arrived, completed, failed, cancelled } = tally;
    json!({
        "arrived": arrived, "completed": completed, "failed": failed, "cancelled": cancelled,
    })
}

/// The last hour in quarter minutes.
pub(super) fn series(ticks: &[Tick]) -> Value {
    let counts = |of: fn(&Tally) -> u32| ticks.iter().map(|tick| of(&tick.tally)).collect();
    let (arrived, completed): (Vec<u32>, Vec<u32>) =
        (counts(|tally| tally.arrived), counts(|tally| tally.completed));
    let (failed, cancelled): (Vec<u32>, Vec<u32>) =
        (counts(|tally| tally.failed), counts(|tally| tally.cancelled));
    json!({
        "tick_seconds": TICK.as_secs(),
        "from": ticks.first().map(|tick| tick.at.unix()),
        "arrived": arrived,
        "completed": completed,
        "failed": failed,
        "cancelled": cancelled,
    })
}

/// The middle and the slow end, in seconds.
pub(super) fn quantiles(quantiles: Quantiles) -> Value {
    let Quantiles { p50, p95 } = quantiles;
    json!({ "p50": p50.as_secs_f64(), "p95": p95.as_secs_f64() })
}

/// The queues by action, the longest first.
pub(super) fn queues(recent: &Recent, backlogs: &[Backlog]) -> Vec<Value> {
    let mut queues: Vec<(String, Queue)> = by_action(recent, backlogs).into_iter().collect();
    queues.sort_by_key(|(_, queue)| std::cmp::Reverse((queue.ready, queue.tally.arrived)));
    queues
        .into_iter()
        .map(|(action, queue)| {
            json!({
                "action": action,
                "queued": queue.ready,
                "processing": queue.processing,
                "later": queue.later,
                "oldest_at": queue.oldest.map(Timestamp::unix),
                "last_hour": last_hour(queue.tally),
                "wait_seconds": queue.wait.map(quantiles),
                "run_seconds": queue.run.map(quantiles),
            })
        })
        .collect()
}

/// The queues by organization, the longest first.
pub(super) fn orgs(recent: &Recent, backlogs: &[Backlog], orgs: &[Org]) -> Vec<Value> {
    let mut queues: BTreeMap<OrgId, Queue> = BTreeMap::new();
    for backlog in backlogs {
        queues.entry(backlog.org).or_default().add(backlog);
    }
    for part in &recent.parts {
        queues.entry(part.org).or_default().tally.add(part.tally);
    }
    let mut queues: Vec<(OrgId, Queue)> = queues.into_iter().collect();
    queues.sort_by_key(|(_, queue)| std::cmp::Reverse((queue.ready, queue.tally.arrived)));
    queues
        .into_iter()
        .map(|(id, queue)| {
            let name = orgs.iter().find(|org| org.id == id).map(|org| org.name.as_str());
            json!({
                "org_id": id,
                "name": name,
                "queued": queue.ready,
                "processing": queue.processing,
                "later": queue.later,
                "last_hour": last_hour(queue.tally),
            })
        })
        .collect()
}

/// A job in a worker's hands. The organization is named to those who see more than one.
pub(super) fn underway(underway: &Underway, names_org: bool) -> Value {
    let step = underway.step.as_ref();
    json!({
        "worker": underway.worker,
        "job_id": underway.job,
        "org_id": names_org.then_some(underway.org),
        "action": underway.action,
        "phase": underway.phase,
        "progress": underway.progress,
        "attempt": underway.attempt,
        "max_attempts": underway.max_attempts,
        "started_at": underway.started_at.map(Timestamp::unix),
        "run_id": step.map(|(run, _)| run),
        "step_id": step.map(|(_, step)| step),
    })
}

/// What lies on the disk.
pub(super) fn storage(usage: Usage) -> Value {
    let Usage { database_bytes, asset_bytes, disk } = usage;
    json!({
        "database_bytes": database_bytes,
        "asset_bytes": asset_bytes,
        "disk_free_bytes": disk.map(|disk| disk.free_bytes),
        "disk_total_bytes": disk.map(|disk| disk.total_bytes),
    })
}
