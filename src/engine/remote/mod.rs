//! Remote workers: they claim, renew and end attempts as the threads here do, from a distance.
//!
//! A claim gives a worker a token for each job, which stands for its lease; what comes with a token
//! is written under that lease's fence, or refused. Who dies loses its lease and nothing else.
//! Never: a job handed to nobody; what a worker went away from is given back at once.

mod bell;
mod ends;
mod files;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::oneshot;
use tokio::time::Instant;

pub(super) use bell::Bell;
pub use bell::Silence;
pub use ends::{RemoteEnd, RemoteFault, RemoteLog, RemoteRenewal};
pub use files::RemoteRoom;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, mint_secret};
use crate::domain::job::{Claimed, Job, JobError, Outcome, Report};
use crate::domain::key::{Reach, SecretHash};
use crate::engine::{Core, Engine, EngineError, Place, executor};
use crate::store::{Claiming, Delivered, Delivery, Ending, Renewing, StoreError};

/// The most jobs that one claim gives.
pub const MAX_REMOTE_CLAIM: usize = 100;

/// What a remote worker asks for.
#[derive(Clone, Debug)]
pub struct RemoteAsk {
    /// Whose jobs it may have.
    pub reach: Reach,
    /// Its name.
    pub worker: String,
    /// What it can do.
    pub actions: Vec<String>,
    /// How many jobs at the most, up to [`MAX_REMOTE_CLAIM`].
    pub limit: usize,
    /// How long it waits for the first.
    pub wait: Duration,
}

/// A job in the hands of a remote worker.
#[derive(Clone, Debug)]
pub struct RemoteClaim {
    /// What it shows for it.
    pub token: String,
    /// How long its lease holds without renewal.
    pub expires_at: Timestamp,
    /// The job as it was claimed.
    pub job: Job,
    /// What it is asked, with what earlier steps passed into it.
    pub input: Map<String, Value>,
}

impl Engine {
    /// The names of the actions that remote workers do.
    pub fn remote_actions(&self) -> Arc<[String]> {
        self.actions().names(Place::Remote)
    }

    /// Gives due jobs to a remote worker; waits for the first. None when the time is up.
    pub async fn claim_remote(&self, ask: RemoteAsk) -> Result<Vec<RemoteClaim>, EngineError> {
        let core = &self.0;
        if core.is_stopping() {
            return Err(EngineError::ShuttingDown);
        }
        let until = Instant::now() + ask.wait;
        let actions: Arc<[String]> = ask.actions.iter().cloned().collect();
        // Listen before looking: a job that comes in between is heard, not missed.
        let listening = core.bell.listen(ask.reach, Arc::clone(&actions));
        loop {
            listening.look();
            let claimed = self.claim_once(&ask, &actions).await?;
            if !claimed.is_empty() {
                listening.pass_on();
                return Ok(claimed);
            }
            if Instant::now() >= until || core.is_stopping() {
                return Ok(Vec::new());
            }
            let look = until.min(Instant::now() + core.options.poll);
            tokio::select! {
                () = listening.rung() => {}
                () = tokio::time::sleep_until(look) => {}
                () = core.stopping.cancelled() => {}
            }
        }
    }

    async fn claim_once(
        &self,
        ask: &RemoteAsk,
        actions: &Arc<[String]>,
    ) -> Result<Vec<RemoteClaim>, EngineError> {
        let core = &self.0;
        let tokens: Vec<String> =
            (0..ask.limit.min(MAX_REMOTE_CLAIM)).map(|_| mint_secret()).collect();
        let (now, lease) = (core.clock.now(), core.options.lease);
        let expires_at = now.after(lease);
        let (hand_over, handed_over) = oneshot::channel();
        let giver = Arc::clone(core);
        let claiming = Claiming {
            limit: tokens.len(),
            actions: Arc::clone(actions),
            worker: ask.worker.clone(),
            org: match ask.reach {
                Reach::Org(org) => Some(org),
                Reach::EveryOrg => None,
            },
            tokens: tokens.iter().map(|token| SecretHash::of(token)).collect(),
            limits: Arc::clone(&core.limits),
            now,
            lease_expires_at: expires_at,
            deliver: Delivery::new(move |delivered| {
                let claimed = match delivered {
                    Delivered::Claimed(outcome) => {
                        if outcome.ripened {
                            // Our own workers' jobs may be among those that became due.
                            giver.dispatcher.ring();
                        }
                        outcome.jobs
                    }
                    Delivered::Failed => Vec::new(),
                };
                // Dropped, wherever that is, it gives the jobs back.
                drop(hand_over.send(HandedOver { core: giver, claimed }));
            }),
        };
        core.store.claim(claiming).await?;
        let mut handed = handed_over.await.map_err(|_| StoreError::Closed)?;
        let mut claims = Vec::with_capacity(handed.claimed.len());
        for (claimed, token) in handed.claimed.iter().zip(tokens) {
            if let Some(input) = self.begin_remote(claimed).await? {
                let expires_at = self.shorten(claimed, expires_at).await?;
                let job = claimed.job.clone();
                claims.push(RemoteClaim { token, expires_at, job, input });
            }
        }
        handed.claimed.clear();
        Ok(claims)
    }

    /// The input of a job that begins. One that cannot be read, or is not what the action takes,
    /// since earlier steps passed it on, ends the attempt here: the job must not come back at every
    /// claim, and hold up those beside it.
    async fn begin_remote(
        &self,
        claimed: &Claimed,
    ) -> Result<Option<Map<String, Value>>, EngineError> {
        let (core, job) = (&self.0, &claimed.job);
        executor::note_start(core, job);
        core.tell_of_claim(job);
        let input = match self.input_of(job).await {
            Ok(input) => input,
            Err(EngineError::Assets(cause)) => {
                let outcome = self.failed_remote(job, &executor::input_unreadable(cause));
                self.end(claimed.clone(), outcome, Report::default()).await?;
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let action = core.actions.find(&job.action);
        let fault = action.and_then(|action| action.check(&input, &[]).err());
        let Some(fault) = fault else { return Ok(Some(input)) };
        let message = format!("The input is not what it should be: {fault}.");
        let error = JobError { code: "invalid_input".to_owned(), message };
        self.end(claimed.clone(), Outcome::Failed { error }, Report::default()).await?;
        Ok(None)
    }

    /// A lease ends with the attempt's time, if that is shorter.
    async fn shorten(
        &self,
        claimed: &Claimed,
        expires_at: Timestamp,
    ) -> Result<Timestamp, EngineError> {
        let core = &self.0;
        let time_up = time_up(&claimed.job);
        if time_up >= expires_at {
            return Ok(expires_at);
        }
        let reports = vec![(claimed.lease, Report::default())];
        let now = core.clock.now();
        let log_limits = core.options.log_limits;
        let renewing = Renewing { reports, log_limits, now, lease_expires_at: time_up };
        core.store.renew(renewing).await?;
        Ok(time_up)
    }
}

/// When the time of the job's present attempt is up.
fn time_up(job: &Job) -> Timestamp {
    job.started_at.unwrap_or(job.updated_at).after(job.attempt_timeout)
}

/// What was claimed and has not reached its worker.
struct HandedOver {
    core: Arc<Core>,
    claimed: Vec<Claimed>,
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        let claimed = std::mem::take(&mut self.claimed);
        if claimed.is_empty() {
            return;
        }
        let core = Arc::clone(&self.core);
        // Elsewhere: this may be the store's own thread, which cannot wait for itself.
        drop(self.core.runtime.spawn_blocking(move || {
            for Claimed { lease, job } in claimed {
                let job = Arc::new(job);
                let ending = Ending {
                    lease,
                    claimed: Some(Arc::clone(&job)),
                    outcome: Outcome::Released,
                    diagnostics: Vec::new(),
                    report: Report::default(),
                    log_limits: core.options.log_limits,
                    now: core.clock.now(),
                };
                let after = Arc::clone(&core);
                let hook = Box::new(move |finished| {
                    let word = Outcome::Released.as_str();
                    executor::published(&after, &job, None, word, finished);
                });
                core.store.finish(ending, None, hook);
            }
        }));
    }
}

impl Core {
    /// Something may be due for remote workers: of this organization and action, where known.
    pub(super) fn ring_remote(&self, org: Option<OrgId>, action: Option<&str>) {
        if self.has_remote {
            self.bell.ring(org, action);
        }
    }
}
