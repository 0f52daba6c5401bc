//! Who is told what: those who wait for one job or run, and those who watch everything.
//!
//! Called after a commit, mostly on the store's own thread: so it is quick. Never: news of what
//! could still be rolled back.

use std::sync::Arc;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::job::{Job, JobState, Lease, NewJob, Report};
use crate::domain::run::{NewRun, RunNews, RunState};
use crate::engine::running::Attempting;
use crate::engine::{Bulletin, Core, Engine, FeedPlace, FeedWatch};
use crate::store::Cancelling;

impl Engine {
    /// Watches all that changes in an organization, or in every one; since `place`, if that is
    /// still known, else from now on. `None` when as many watch already as may.
    pub fn watch_all(&self, org: Option<OrgId>, place: Option<FeedPlace>) -> Option<FeedWatch> {
        self.0.feed.watch(org, place)
    }
}

impl Core {
    /// Tells of a job that is as its row is now.
    pub(super) fn tell_of_job(&self, job: &Arc<Job>) {
        // The stream first: who waited for the job may come back to it, and finds it told there.
        self.feed.publish(|| Bulletin::of_job(job));
        self.notifier.publish(job.id, job);
    }

    /// Notes a job that was accepted, for figures and for remote workers. The server's own work is
    /// no figure of an organization's.
    pub(super) fn note_arrival(&self, org: OrgId, action: &str, internal: bool, now: Timestamp) {
        self.metrics.jobs_enqueued(action);
        if !internal {
            self.ledger.arrived(org, action, now);
        }
        self.ring_remote(Some(org), Some(action));
    }

    /// Tells of a job that a worker took.
    pub(super) fn tell_of_claim(&self, job: &Job) {
        self.feed.publish(|| Bulletin::of_job(job));
        if let Some((run, _)) = &job.step {
            let state = RunState::InProgress;
            self.feed.publish(|| Some(bulletin_of_run(job, *run, state)));
        }
    }

    /// Tells of a job that was ended over its worker's head.
    pub(super) fn tell_of_end(&self, job: Job) {
        self.running.stop_all_of(job.id);
        self.ledger.ended(&job, None);
        if self.limits.count(&job.action) {
            // Its place is free for another.
            self.dispatcher.ring();
            self.ring_remote(None, None);
        }
        self.tell_of_job(&Arc::new(job));
    }

    /// Tells of what became of a job that somebody cancelled.
    pub(super) fn tell_of_cancelled(&self, cancelling: &Cancelling) {
        let Cancelling::Cancelled { job, run } = cancelling else { return };
        self.tell_of_end(Job::clone(job));
        if let Some(news) = run {
            self.tell_of_run(job, news.clone());
        }
    }

    /// Tells of what the change of `step` meant for its run.
    pub(super) fn tell_of_run(&self, step: &Job, news: RunNews) {
        let RunNews { run, state, ended } = news;
        for job in ended {
            self.tell_of_end(job);
        }
        self.feed.publish(|| Some(bulletin_of_run(step, run, state)));
        self.run_notifier.publish(run, &Arc::new(state));
    }

    /// Tells of a run that was cancelled together with these of its steps.
    pub(super) fn tell_of_cancelled_run(&self, run: RunId, ended: &[Job]) {
        let state = RunState::Cancelled;
        match ended.first() {
            Some(step) => self.tell_of_run(step, RunNews { run, state, ended: ended.to_vec() }),
            None => self.run_notifier.publish(run, &Arc::new(state)),
        }
        // Webhooks may have to be told.
        self.dispatcher.ring();
    }

    /// What will be told of jobs once they are accepted; nothing while nobody watches.
    pub(super) fn bulletins_of(&self, jobs: &[NewJob]) -> Vec<Option<Bulletin>> {
        if !self.feed.is_awake() {
            return Vec::new();
        }
        let now = self.clock.now();
        jobs.iter().map(|job| Bulletin::of_new(job, None, JobState::Queued, now)).collect()
    }

    /// The same of a run with its steps.
    pub(super) fn bulletins_of_run(&self, run: &NewRun) -> Vec<Bulletin> {
        if !self.feed.is_awake() {
            return Vec::new();
        }
        let now = self.clock.now();
        let steps = run.steps.iter().filter(|step| step.reuses.is_none()).filter_map(|step| {
            let waits = !step.depends_on.is_empty() || !step.takes.is_empty();
            let state = if waits { JobState::Blocked } else { JobState::Queued };
            Bulletin::of_new(&step.job, Some((run.id, &step.id)), state, now)
        });
        let own = Bulletin::of_run(run.org, run.id, RunState::Pending, now, now);
        std::iter::once(own).chain(steps).collect()
    }

    /// What will be told of progress once it is stored; nothing while nobody watches.
    pub(super) fn bulletins_of_progress(
        &self,
        attempts: &[Arc<Attempting>],
        reports: &[(Lease, Report)],
        now: Timestamp,
    ) -> Vec<Option<Bulletin>> {
        if !self.feed.is_awake() {
            return Vec::new();
        }
        let told = attempts.iter().zip(reports).map(|(attempting, (_, report))| {
            let Report { phase, progress, lines: _ } = report;
            let moves = phase.is_some() || progress.is_some();
            let bulletin = || Bulletin::of_progress(&attempting.job, phase.clone(), *progress, now);
            moves.then(bulletin).flatten()
        });
        told.collect()
    }
}

/// Of the run of `step`. All its jobs were accepted with it.
fn bulletin_of_run(step: &Job, run: RunId, state: RunState) -> Bulletin {
    Bulletin::of_run(step.org, run, state, step.created_at, step.updated_at)
}
