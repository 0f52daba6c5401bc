//! What is said of a change to those who watch everything: a job or a run, in a few words.

use std::sync::{Arc, OnceLock};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::{Job, JobState, NewJob};
use crate::domain::run::RunState;

/// A job or a run as it is since a change.
#[derive(Debug)]
pub struct Bulletin {
    /// Whose it is.
    pub org: OrgId,
    /// What changed.
    pub subject: Subject,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it changed.
    pub updated_at: Timestamp,
    /// What a dialect makes of it, made once for all who watch.
    pub text: OnceLock<Arc<str>>,
}

/// What a bulletin is about.
#[derive(Debug)]
pub enum Subject {
    /// A job.
    Job(JobBulletin),
    /// A run, by its state.
    Run(RunId, RunState),
}

/// What is said of a job.
#[derive(Debug)]
pub struct JobBulletin {
    /// Its id.
    pub id: JobId,
    /// The action's name.
    pub action: String,
    /// Where it is in its life.
    pub state: JobState,
    /// How many attempts have begun.
    pub attempt: u16,
    /// What it does now.
    pub phase: Option<String>,
    /// How far it is, 0 to 1.
    pub progress: Option<f64>,
    /// Why it failed, for programs.
    pub error_code: Option<String>,
    /// The run that it is a step of, with the step's id.
    pub step: Option<(RunId, String)>,
}

/// The identity of what a bulletin is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum SubjectId {
    Job(JobId),
    Run(RunId),
}

impl Bulletin {
    /// Of a job that is as its row is; `None` of one that exists for the server itself.
    pub(super) fn of_job(job: &Job) -> Option<Self> {
        let subject = Subject::Job(JobBulletin {
            id: job.id,
            action: job.action.clone(),
            state: job.state,
            attempt: job.attempt,
            phase: job.phase.clone(),
            progress: job.progress,
            error_code: job.error.as_ref().map(|error| error.code.clone()),
            step: job.step.clone(),
        });
        (!job.internal).then(|| Self::new(job.org, subject, job.created_at, job.updated_at))
    }

    /// Of a job that is about to be accepted, alone or as a step.
    pub(super) fn of_new(
        job: &NewJob,
        step: Option<(RunId, &str)>,
        state: JobState,
        now: Timestamp,
    ) -> Option<Self> {
        let subject = Subject::Job(JobBulletin {
            id: job.id,
            action: job.action.clone(),
            state,
            attempt: 0,
            phase: None,
            progress: None,
            error_code: None,
            step: step.map(|(run, step)| (run, step.to_owned())),
        });
        (!job.internal).then(|| Self::new(job.org, subject, now, now))
    }

    /// Of a job under attempt that told how far it is.
    pub(super) fn of_progress(
        job: &Job,
        phase: Option<String>,
        progress: Option<f64>,
        now: Timestamp,
    ) -> Option<Self> {
        let mut bulletin = Self::of_job(job)?;
        if let Subject::Job(job) = &mut bulletin.subject {
            job.state = JobState::Processing;
            job.phase = phase;
            job.progress = progress;
        }
        bulletin.updated_at = now;
        Some(bulletin)
    }

    /// Of a run.
    pub(super) fn of_run(
        org: OrgId,
        run: RunId,
        state: RunState,
        created_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        Self::new(org, Subject::Run(run, state), created_at, now)
    }

    fn new(org: OrgId, subject: Subject, created_at: Timestamp, updated_at: Timestamp) -> Self {
        Self { org, subject, created_at, updated_at, text: OnceLock::new() }
    }

    /// What it is about.
    pub(super) const fn id(&self) -> SubjectId {
        match &self.subject {
            Subject::Job(job) => SubjectId::Job(job.id),
            Subject::Run(run, _) => SubjectId::Run(*run),
        }
    }

    /// Whether it says anything new after `earlier`. The two may have been overtaking each other
    /// on their way here: what is told of an acceptance or of progress has seen no commit.
    pub(super) fn follows(&mut self, earlier: &Self) -> bool {
        match (&mut self.subject, &earlier.subject) {
            (Subject::Job(job), Subject::Job(before)) => {
                if job.state == JobState::Processing && job.attempt == before.attempt {
                    // Progress tells what changed; the rest is as it was.
                    job.phase = job.phase.take().or_else(|| before.phase.clone());
                    job.progress = job.progress.or(before.progress);
                }
                job.order() >= before.order() && !(job.order().0 && before.order().0)
            }
            (Subject::Run(_, state), Subject::Run(_, before)) => {
                run_order(*state) > run_order(*before)
            }
            _ => true,
        }
    }
}

impl JobBulletin {
    /// The place in a job's life: whether it has ended, its attempt, and how far that one is.
    const fn order(&self) -> (bool, u16, u8) {
        let within = match self.state {
            JobState::Blocked => 0,
            JobState::Queued if self.attempt == 0 => 1,
            JobState::Processing => 2,
            // Put back after the attempt.
            JobState::Queued => 3,
            JobState::Completed | JobState::Failed | JobState::Cancelled => 4,
        };
        (self.state.is_terminal(), self.attempt, within)
    }
}

const fn run_order(state: RunState) -> u8 {
    match state {
        RunState::Pending => 0,
        RunState::InProgress => 1,
        RunState::Completed | RunState::Failed | RunState::Cancelled => 2,
    }
}
