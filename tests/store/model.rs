//! A store as one would write it on a napkin: a map of jobs, and who may do what with them.

use std::collections::BTreeMap;

use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::{Claimed, Enqueued, Job, JobState, Lease, NewJob, Outcome, Renewal};
use tidemill::domain::payload::Payload;
use tidemill::store::{Cancelling, ClaimOutcome, Claiming};

/// All jobs that were accepted and not deleted.
#[derive(Debug, Default)]
pub(crate) struct Model {
    jobs: BTreeMap<JobId, Known>,
}

/// What the model knows of a job.
#[derive(Debug)]
struct Known {
    org: OrgId,
    action: String,
    priority: u8,
    state: JobState,
    due: Option<Timestamp>,
    attempt: u16,
    max_attempts: u16,
    unique_key: Option<String>,
    /// The present lease: its epoch, its end, and whether a local worker holds it.
    lease: Option<(i64, Timestamp, bool)>,
    /// The epoch of the last lease.
    last_epoch: i64,
    result: Option<Payload>,
    finished_at: Option<Timestamp>,
}

impl Model {
    /// Takes a job in as the store should; answers what the store should answer.
    pub(crate) fn enqueue(&mut self, new: &NewJob, limit: u64) -> Enqueued {
        let holder = self.jobs.iter().find(|(_, job)| {
            job.org == new.org
                && job.action == new.action
                && job.unique_key.is_some()
                && job.unique_key == new.unique_key
                && !job.state.is_terminal()
        });
        if let Some((id, _)) = holder {
            return Enqueued::UniqueJobExists(*id);
        }
        let mut unfinished = self.jobs.values().filter(|job| !job.state.is_terminal());
        if unfinished.by_ref().filter(|job| job.org == new.org).count() as u64 >= limit {
            return Enqueued::QueueFull;
        }
        let known = Known {
            org: new.org,
            action: new.action.clone(),
            priority: new.priority,
            state: JobState::Queued,
            due: new.run_at,
            attempt: 0,
            max_attempts: new.max_attempts,
            unique_key: new.unique_key.clone(),
            lease: None,
            last_epoch: 0,
            result: None,
            finished_at: None,
        };
        self.jobs.insert(new.id, known);
        Enqueued::Created(new.id)
    }

    /// Makes every delayed job ready whose time has come.
    pub(crate) fn ripen(&mut self, now: Timestamp) {
        for job in self.jobs.values_mut() {
            job.due = job.due.filter(|due| *due > now);
        }
    }

    /// Compares what was claimed with who should have been; then it is so.
    pub(crate) fn claim(&mut self, asked: &Asked, claims: &ClaimOutcome) {
        let claimed = &claims.jobs;
        let mut waiting: BTreeMap<OrgId, Vec<(u8, JobId)>> = BTreeMap::new();
        for (id, job) in &self.jobs {
            if job.may_be_claimed(asked) {
                waiting.entry(job.org).or_default().push((job.priority, *id));
            }
        }
        let number: usize = waiting.values().map(Vec::len).sum();
        assert_eq!(claimed.len(), number.min(asked.limit), "as many as there are");
        assert!(
            claims.others_may_wait || claimed.len() == number,
            "others wait, and the claim denies it"
        );
        assert!(
            !claims.others_may_wait || claimed.len() == asked.limit,
            "the claim came to the end, and does not say so"
        );
        for queue in waiting.values_mut() {
            queue.sort_unstable();
            queue.reverse();
        }
        for Claimed { lease, job } in claimed {
            let next = waiting.get_mut(&job.org).and_then(Vec::pop).map(|(_, id)| id);
            assert_eq!(next, Some(lease.job), "by priority, then age");
            let known = self.jobs.get_mut(&lease.job).expect("a known job");
            assert!(lease.epoch > known.last_epoch, "every lease is newer than the last");
            known.state = JobState::Processing;
            known.due = None;
            known.attempt += 1;
            known.last_epoch = lease.epoch;
            known.lease = Some((lease.epoch, asked.lease_expires_at, asked.local));
        }
    }

    /// Ends an attempt; whether its lease held.
    pub(crate) fn finish(&mut self, lease: Lease, outcome: &Outcome, now: Timestamp) -> bool {
        let Some(job) = self.held(lease) else { return false };
        match outcome {
            Outcome::Completed { result, .. } => {
                job.result = Some(result.clone());
                job.end(JobState::Completed, now);
            }
            Outcome::Failed { .. } => job.end(JobState::Failed, now),
            Outcome::Retry { run_at, .. } => job.put_back(Some(*run_at).filter(|at| *at > now)),
            Outcome::Released => {
                job.attempt -= 1;
                job.put_back(None);
            }
        }
        true
    }

    /// Extends a lease; what the worker hears.
    pub(crate) fn renew(&mut self, lease: Lease, until: Timestamp) -> Renewal {
        if let Some(job) = self.held(lease) {
            job.lease = job.lease.map(|(epoch, _, local)| (epoch, until, local));
            return Renewal::Held;
        }
        match self.jobs.get(&lease.job) {
            Some(job) if job.state == JobState::Cancelled && job.last_epoch == lease.epoch => {
                Renewal::Cancelled
            }
            _ => Renewal::Lost,
        }
    }

    /// Cancels a job; whether what the store said of it is right.
    pub(crate) fn cancel(&mut self, id: JobId, told: Option<&Cancelling>, now: Timestamp) -> bool {
        match (self.jobs.get_mut(&id), told) {
            (None, None) => true,
            (Some(job), Some(Cancelling::AlreadyTerminal(state))) => {
                job.state == *state && state.is_terminal()
            }
            (Some(job), Some(Cancelling::Cancelled { .. })) if !job.state.is_terminal() => {
                job.end(JobState::Cancelled, now);
                true
            }
            _ => false,
        }
    }

    /// Takes jobs from workers whose lease ran out, as `rescued` says.
    pub(crate) fn rescue(&mut self, rescued: &[Job], now: Timestamp, limit: usize) {
        let is_late = |job: &Known| job.lease.is_some_and(|(_, until, _)| until < now);
        let late = self.jobs.values().filter(|job| is_late(job)).count();
        assert_eq!(rescued.len(), late.min(limit), "as many as are late");
        for job in rescued {
            let known = self.jobs.get_mut(&job.id).expect("a known job");
            assert!(is_late(known), "only who is late");
            if known.attempt < known.max_attempts {
                known.put_back(None);
            } else {
                known.end(JobState::Failed, now);
            }
        }
    }

    /// Ends the leases of local workers; their number.
    pub(crate) fn expire_local_leases(&mut self, now: Timestamp) -> usize {
        let leases = self.jobs.values_mut().filter_map(|job| job.lease.as_mut());
        leases
            .filter(|(_, _, local)| *local)
            .map(|(_, until, _)| *until = Timestamp::from_ms(now.ms() - 1))
            .count()
    }

    /// Deletes a job if it has ended; its state, `None` when there is no such job.
    pub(crate) fn delete(&mut self, id: JobId) -> Option<JobState> {
        let state = self.jobs.get(&id)?.state;
        if state.is_terminal() {
            self.jobs.remove(&id);
        }
        Some(state)
    }

    /// Deletes jobs that ended before `before`, the first to end first; their number.
    pub(crate) fn prune(&mut self, before: Timestamp) -> usize {
        let known = self.jobs.len();
        self.jobs.retain(|_, job| job.finished_at.is_none_or(|at| at >= before));
        known - self.jobs.len()
    }

    /// Panics unless `listed` are exactly the jobs of `org`, as they should be.
    pub(crate) fn compare(&self, org: OrgId, listed: &[Job]) {
        let ours: Vec<_> = self.jobs.iter().filter(|(_, job)| job.org == org).rev().collect();
        assert_eq!(listed.len(), ours.len(), "no job is lost, none appears");
        for ((id, known), job) in ours.into_iter().zip(listed) {
            let expected = (*id, known.state, known.attempt, known.finished_at);
            assert_eq!((job.id, job.state, job.attempt, job.finished_at), expected);
        }
    }

    /// Every completed job with the result that ended it.
    pub(crate) fn results(&self) -> impl Iterator<Item = (OrgId, JobId, Option<&Payload>)> {
        self.jobs.iter().map(|(id, job)| (job.org, *id, job.result.as_ref()))
    }

    /// How many jobs have not ended.
    pub(crate) fn unfinished(&self) -> usize {
        self.jobs.values().filter(|job| !job.state.is_terminal()).count()
    }

    fn held(&mut self, lease: Lease) -> Option<&mut Known> {
        let job = self.jobs.get_mut(&lease.job)?;
        job.lease.is_some_and(|(epoch, ..)| epoch == lease.epoch).then_some(job)
    }
}

impl Known {
    fn may_be_claimed(&self, asked: &Asked) -> bool {
        self.state == JobState::Queued
            && self.due.is_none()
            && asked.actions.contains(&self.action)
            && asked.org.is_none_or(|org| org == self.org)
    }

    fn end(&mut self, state: JobState, now: Timestamp) {
        (self.state, self.lease, self.due) = (state, None, None);
        self.finished_at = Some(now);
    }

    fn put_back(&mut self, due: Option<Timestamp>) {
        (self.state, self.lease, self.due) = (JobState::Queued, None, due);
    }
}

/// What was asked for by a claim.
#[derive(Debug)]
pub(crate) struct Asked {
    limit: usize,
    actions: Vec<String>,
    org: Option<OrgId>,
    lease_expires_at: Timestamp,
    local: bool,
}

impl Asked {
    /// The same without the delivery.
    pub(crate) fn by(claiming: &Claiming) -> Self {
        Self {
            limit: claiming.limit,
            actions: claiming.actions.to_vec(),
            org: claiming.org,
            lease_expires_at: claiming.lease_expires_at,
            local: claiming.worker == Claiming::LOCAL,
        }
    }
}
