//! Submits what schedules ask for, when they fall due.
//!
//! The table holds each schedule's next moment; a firing is written together with the one after
//! it, so a process that dies between two neither loses nor doubles one. In between nothing is
//! read: the loop sleeps until the earliest moment of all. Never: a firing that is remembered only
//! here.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::schedule::{Fired, Limits, Occasion, Overlap, Schedule, Submission, Task};
use crate::domain::timetable::{Due, Timetable};
use crate::engine::{ActionRegistry, Bulletin, Core, Engine, EngineError};
use crate::store::{CancellingRun, Firing, FiringEnd, StoreError};

/// Schedules that are read at one time.
const SCHEDULES_A_LOOK: usize = 100;

/// How late a firing may be without having been missed: a busy server, not one that was away.
const ON_TIME: Duration = Duration::from_mins(1);

impl Engine {
    /// Says that a schedule was made or changed, so that its moment is not slept over.
    pub fn schedules_changed(&self) {
        self.0.schedules_changed.notify_one();
    }

    /// What a schedule submits when somebody asks for it out of turn.
    pub fn draft_firing(&self, schedule: &Schedule) -> Result<Submission, EngineError> {
        let actions = &self.0.actions;
        if let Some(action) = missing(actions, &schedule.task) {
            return Err(EngineError::UnknownAction(action.to_owned()));
        }
        let occasion = Occasion { schedule: schedule.id, due_at: None };
        Ok(schedule.task.submission(schedule.org, occasion, |action| limits(actions, action)))
    }
}

impl Core {
    /// Fires schedules until `shutdown`.
    pub(super) async fn keep_schedules(self: &Arc<Self>, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let next = match self.fire_due(shutdown).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(%error, "failed to fire schedules; trying again shortly");
                    Some(self.clock.now().after(self.options.poll))
                }
            };
            tokio::select! {
                () = self.until_the_clock_shows(next) => {}
                () = self.schedules_changed.notified() => {}
                () = shutdown.cancelled() => {}
            }
        }
    }

    /// Returns at `moment`; never, if there is none.
    async fn until_the_clock_shows(&self, moment: Option<Timestamp>) {
        let Some(moment) = moment else { return std::future::pending().await };
        loop {
            let left = moment.since(self.clock.now());
            if left.is_zero() {
                return;
            }
            // A clock may be set and a machine suspended, which the timer alone would sleep over.
            tokio::time::sleep(left.min(self.options.poll)).await;
        }
    }

    /// Fires what is due; when the next schedule will be.
    async fn fire_due(
        self: &Arc<Self>,
        shutdown: &CancellationToken,
    ) -> Result<Option<Timestamp>, StoreError> {
        loop {
            let now = self.clock.now();
            let due = self.catalog.due_schedules(now, SCHEDULES_A_LOOK).await?;
            let last = due.len() < SCHEDULES_A_LOOK;
            let mut failure = None;
            for schedule in due {
                if shutdown.is_cancelled() {
                    return Ok(None);
                }
                // One that cannot be fired does not hold up those after it.
                if let Err(error) = self.fire(schedule, now).await {
                    failure = Some(error);
                }
            }
            match failure {
                Some(error) => return Err(error),
                None if last => return self.catalog.next_schedule().await,
                None => {}
            }
        }
    }

    async fn fire(self: &Arc<Self>, schedule: Schedule, now: Timestamp) -> Result<(), StoreError> {
        let (id, org) = (schedule.id, schedule.org);
        let firing = firing(schedule, now, &self.actions, self.options.queue_limit);
        let arrivals: Vec<Arrival> =
            firing.submissions.iter().map(|submission| self.arrival(submission)).collect();
        let core = Arc::clone(self);
        let herald = Box::new(move |end: &FiringEnd| core.tell_of_firing(org, now, arrivals, end));
        let end = self.store.fire(firing, herald).await?;
        if let Some(reason) = &end.skip_reason {
            tracing::warn!(schedule = %id, skipped = end.skipped, reason, "a firing was left out");
        }
        Ok(())
    }

    fn arrival(&self, submission: &Submission) -> Arrival {
        let (jobs, bulletins) = match submission {
            Submission::Job(job) => {
                let bulletins = self.bulletins_of(std::slice::from_ref(job));
                (vec![&**job], bulletins.into_iter().flatten().collect())
            }
            Submission::Run(run) => {
                let jobs = run.steps.iter().map(|step| &step.job).collect();
                (jobs, self.bulletins_of_run(run))
            }
        };
        let actions = jobs.into_iter().map(|job| job.action.clone()).collect();
        Arrival { fired: submission.id(), actions, bulletins }
    }

    /// Called after the commit, on the store's own thread.
    fn tell_of_firing(&self, org: OrgId, now: Timestamp, arrivals: Vec<Arrival>, end: &FiringEnd) {
        let FiringEnd { fired, cancelled, cancelled_runs, skipped, skip_reason: _ } = end;
        for cancelling in cancelled {
            self.tell_of_cancelled(cancelling);
        }
        for (id, cancelling) in cancelled_runs {
            if let CancellingRun::Cancelled(jobs) = cancelling {
                self.tell_of_cancelled_run(*id, jobs);
            }
        }
        for Arrival { actions, bulletins, .. } in
            arrivals.into_iter().filter(|arrival| fired.contains(&arrival.fired))
        {
            for action in &actions {
                self.note_arrival(org, action, false, now);
            }
            for bulletin in bulletins {
                self.feed.publish(|| Some(bulletin));
            }
        }
        self.metrics.schedules_fired(fired.len() as u64, *skipped);
        self.dispatcher.ring();
    }
}

/// What is told of a submission once it is stored.
struct Arrival {
    fired: Fired,
    actions: Vec<String>,
    bulletins: Vec<Bulletin>,
}

/// What a schedule that is due submits: what it makes good of what was missed, then what is on
/// time.
fn firing(
    schedule: Schedule,
    now: Timestamp,
    actions: &ActionRegistry,
    queue_limit: u64,
) -> Firing {
    let keep = usize::try_from(schedule.catch_up).unwrap_or(usize::MAX).saturating_add(1);
    let (due, mut skip_reason) = match Timetable::parse(&schedule.cron, &schedule.time_zone) {
        Ok(table) => (schedule.next_at.map(|next| table.due(next, now, keep)), None),
        // It was checked when it came in; a zone may have left the database of zones since.
        Err(fault) => (None, Some(fault.to_string())),
    };
    let Due { mut moments, mut missed, next } = due.unwrap_or_default();
    let on_time = moments.back().is_some_and(|last| now.since(*last) <= ON_TIME);
    if !on_time && moments.len() == keep {
        // Nothing is on time, so that all that is kept was missed.
        moments.pop_front();
        missed += 1;
        skip_reason = Some("the server was away, and `catch_up` allows no more".to_owned());
    }
    if schedule.overlap == Overlap::Skip {
        // They would leave each other out, the latest first: it is the one that matters.
        missed += moments.len().saturating_sub(1) as u64;
        moments.drain(..moments.len().saturating_sub(1));
    }
    if let Some(action) = missing(actions, &schedule.task) {
        missed += moments.len() as u64;
        moments.clear();
        skip_reason = Some(format!("this server has no action `{action}` now"));
    }
    let submission = |due_at| {
        let occasion = Occasion { schedule: schedule.id, due_at: Some(due_at) };
        schedule.task.submission(schedule.org, occasion, |action| limits(actions, action))
    };
    let submissions = moments.into_iter().map(submission).collect();
    Firing { schedule, submissions, missed, skip_reason, next_at: next, now, queue_limit }
}

/// An action that a task asks for and clients could not.
fn missing<'task>(actions: &ActionRegistry, task: &'task Task) -> Option<&'task str> {
    let is_there = |action: &str| actions.find(action).is_some() && !actions.is_disabled(action);
    task.actions().into_iter().find(|action| !is_there(action))
}

/// What the policy of an action that is there says.
fn limits(actions: &ActionRegistry, action: &str) -> Limits {
    let policy = actions.find(action).map(|action| action.policy()).unwrap_or_default();
    Limits { max_attempts: policy.max_attempts, attempt_timeout: policy.attempt_timeout }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::domain::ids::ScheduleId;
    use crate::domain::schedule::TaskJob;

    fn hourly(catch_up: u32) -> Schedule {
        Schedule {
            id: ScheduleId::mint(),
            org: OrgId::mint(),
            name: None,
            cron: "0 * * * *".to_owned(),
            time_zone: "UTC".to_owned(),
            task: Task::Run { steps: Vec::new(), metadata: None },
            overlap: Overlap::Queue,
            catch_up,
            is_active: true,
            next_at: Some(at("2026-01-01T01:00:00Z")),
            last_at: None,
            last: None,
            skip_reason: None,
            skipped: 0,
            created_at: at("2026-01-01T00:00:00Z"),
            updated_at: at("2026-01-01T00:00:00Z"),
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a moment")
    }

    fn fire(schedule: Schedule, now: &str) -> Firing {
        firing(schedule, at(now), &ActionRegistry::new(Vec::new(), Vec::new()), 10)
    }

    /// How many are submitted and left out, and the next moment.
    fn fired(catch_up: u32, now: &str) -> (usize, u64, String) {
        let firing = fire(hourly(catch_up), now);
        let next = firing.next_at.expect("a next one").iso();
        (firing.submissions.len(), firing.missed, next[11..16].to_owned())
    }

    #[test]
    fn a_firing_on_time_is_no_missed_one() {
        assert_eq!(fired(0, "2026-01-01T01:00:20Z"), (1, 0, "02:00".to_owned()));
        assert_eq!(fired(0, "2026-01-01T01:20:00Z"), (0, 1, "02:00".to_owned()));
        assert_eq!(fired(1, "2026-01-01T01:20:00Z"), (1, 0, "02:00".to_owned()));
    }

    #[test]
    fn of_what_was_missed_so_many_are_made_good() {
        assert_eq!(fired(2, "2026-01-01T05:30:00Z"), (2, 3, "06:00".to_owned()));
        assert_eq!(fired(2, "2026-01-01T05:00:30Z"), (3, 2, "06:00".to_owned()));
        assert_eq!(fired(0, "2026-01-01T05:00:30Z"), (1, 4, "06:00".to_owned()));
        assert_eq!(fired(100, "2026-01-01T05:30:00Z"), (5, 0, "06:00".to_owned()));
    }

    #[test]
    fn where_one_excludes_another_the_last_is_made_good() {
        let schedule = Schedule { overlap: Overlap::Skip, ..hourly(10) };
        let firing = fire(schedule, "2026-01-01T05:30:00Z");
        assert_eq!((firing.submissions.len(), firing.missed), (1, 4));
    }

    #[test]
    fn what_this_server_cannot_do_is_not_submitted() {
        let job = TaskJob {
            action: "video.transcode".to_owned(),
            input: "{}".to_owned(),
            echo: Map::new(),
            priority: 5,
            max_attempts: None,
            attempt_timeout_ms: None,
            unique_key: None,
        };
        let schedule = Schedule { task: Task::Job(job), ..hourly(1) };
        let firing = fire(schedule, "2026-01-01T01:00:00Z");
        assert_eq!((firing.submissions.len(), firing.missed), (0, 1));
        assert!(firing.skip_reason.is_some_and(|reason| reason.contains("`video.transcode`")));
        assert_eq!(firing.next_at, Some(at("2026-01-01T02:00:00Z")));
    }

    #[test]
    fn a_zone_that_went_away_stops_it_and_says_so() {
        let schedule = Schedule { time_zone: "Europe/Atlantis".to_owned(), ..hourly(1) };
        let firing = fire(schedule, "2026-01-01T01:00:00Z");
        assert_eq!((firing.submissions.len(), firing.next_at), (0, None));
        assert!(firing.skip_reason.is_some());
    }
}
