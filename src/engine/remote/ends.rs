//! What comes with a token: renewals, lines for the log, and the attempt's end.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::oneshot;

use crate::domain::clock::Timestamp;
use crate::domain::ids::jitter;
use crate::domain::job::{Claimed, Job, JobState, LogLimits, LogLine, Outcome, Renewal, Report};
use crate::domain::key::{Reach, SecretHash};
use crate::engine::remote::time_up;
use crate::engine::retry::{self, Tries};
use crate::engine::{ActionError, Bulletin, Engine, EngineError, InvalidInput, executor};
use crate::store::{Ending, Finished, Renewing, StoreError};

/// What a renewal brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteRenewal {
    /// Whether the lease holds.
    pub state: Renewal,
    /// How long; the present moment when it does not.
    pub expires_at: Timestamp,
}

/// What became of lines for a job's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteLog {
    /// So many are kept; fewer than came when they filled the log.
    Kept {
        /// How many.
        lines: u32,
        /// How long the lease holds.
        expires_at: Timestamp,
    },
    /// The log was full before, by these limits; the lease was extended.
    Full(LogLimits),
    /// The lease no longer holds.
    LeaseLost,
}

/// How an attempt's end was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteEnd {
    /// It is on disk; the job is now in this state.
    Ended(JobState),
    /// The lease no longer holds; nothing was written.
    LeaseLost,
    /// The result is not what the action promises; the lease holds.
    Invalid(InvalidInput),
}

/// A failure that a remote worker reports.
#[derive(Clone, Debug)]
pub struct RemoteFault {
    /// For programs and for people, and whether another attempt may help.
    pub error: ActionError,
}

impl Engine {
    /// Extends the lease that a token stands for, and keeps what comes with it.
    pub async fn renew_remote(
        &self,
        reach: Reach,
        token: &str,
        report: Report,
    ) -> Result<RemoteRenewal, EngineError> {
        match self.held(reach, token).await? {
            Some(claimed) => self.extend(reach, &claimed, report).await,
            None => Ok(RemoteRenewal { state: Renewal::Lost, expires_at: self.0.clock.now() }),
        }
    }

    async fn extend(
        &self,
        reach: Reach,
        claimed: &Claimed,
        report: Report,
    ) -> Result<RemoteRenewal, EngineError> {
        let (core, now) = (&self.0, self.0.clock.now());
        let Claimed { lease, job } = claimed;
        if time_up(job) <= now {
            return Ok(RemoteRenewal { state: Renewal::Lost, expires_at: now });
        }
        core.bell.heard(reach, std::slice::from_ref(&job.action));
        let expires_at = time_up(job).min(now.after(core.options.lease));
        let Report { phase, progress, lines: _ } = &report;
        let moves = phase.is_some() || progress.is_some();
        let (phase, progress) = (phase.clone(), *progress);
        let renewing = Renewing {
            reports: vec![(*lease, report)],
            log_limits: core.options.log_limits,
            now,
            lease_expires_at: expires_at,
        };
        let state = core.store.renew(renewing).await?.pop().unwrap_or(Renewal::Lost);
        if state == Renewal::Held {
            core.notifier.publish_change(job.id);
            if moves {
                core.feed.publish(|| Bulletin::of_progress(job, phase, progress, now));
            }
            if let Some((run, _)) = &job.step {
                core.run_notifier.publish_change(*run);
            }
            return Ok(RemoteRenewal { state, expires_at });
        }
        Ok(RemoteRenewal { state, expires_at: now })
    }

    /// Adds lines to the log of the job whose lease a token stands for, and extends it.
    pub async fn log_remote(
        &self,
        reach: Reach,
        token: &str,
        lines: Vec<LogLine>,
    ) -> Result<RemoteLog, EngineError> {
        let (core, limits) = (&self.0, self.0.options.log_limits);
        let Some(claimed) = self.held(reach, token).await? else {
            return Ok(RemoteLog::LeaseLost);
        };
        let before = core.catalog.log_size(claimed.job.id).await?;
        let report = Report { lines, ..Report::default() };
        let RemoteRenewal { state, expires_at } = self.extend(reach, &claimed, report).await?;
        if state != Renewal::Held {
            return Ok(RemoteLog::LeaseLost);
        }
        if before.is_full(limits) {
            return Ok(RemoteLog::Full(limits));
        }
        let after = core.catalog.log_size(claimed.job.id).await?;
        // The last line of a full log is the server's own.
        let kept = after.lines.saturating_sub(before.lines + u32::from(after.is_full(limits)));
        Ok(RemoteLog::Kept { lines: kept, expires_at })
    }

    /// Ends an attempt with its result.
    pub async fn finish_remote(
        &self,
        reach: Reach,
        token: &str,
        mut result: Map<String, Value>,
    ) -> Result<RemoteEnd, EngineError> {
        let Some(claimed) = self.held(reach, token).await? else {
            return Ok(RemoteEnd::LeaseLost);
        };
        let job = &claimed.job;
        let action = self.actions().find(&job.action);
        if let Some(fault) = action.and_then(|action| action.check_result(&result).err()) {
            return Ok(RemoteEnd::Invalid(fault));
        }
        let writes = self.take_files(&claimed, &mut result).await?;
        let step_result = job.step.as_ref().map(|_| executor::step_result(job.id, result.clone()));
        let result = self.store_document(&result).await?;
        let outcome = Outcome::Completed { result, writes, step_result };
        self.end(claimed, outcome, Report::default()).await
    }

    /// Ends an attempt with its failure: another one follows, or the job's end.
    pub async fn fail_remote(
        &self,
        reach: Reach,
        token: &str,
        fault: RemoteFault,
    ) -> Result<RemoteEnd, EngineError> {
        let Some(claimed) = self.held(reach, token).await? else {
            return Ok(RemoteEnd::LeaseLost);
        };
        let outcome = self.failed_remote(&claimed.job, &fault.error);
        self.end(claimed, outcome, Report::default()).await
    }

    /// What a failed attempt leads to: another one, or the job's end.
    pub(super) fn failed_remote(&self, job: &Job, error: &ActionError) -> Outcome {
        let core = &self.0;
        tracing::info!(
            job = %job.id, action = job.action, attempt = job.attempt, code = error.code,
            cause = error.cause.as_deref(), "attempt of a remote worker failed: {}", error.message,
        );
        let policy = core.actions.find(&job.action).map(|action| action.policy());
        let tries = Tries { attempt: job.attempt, max_attempts: job.max_attempts, left: None };
        let (now, policy) = (core.clock.now(), policy.unwrap_or_default());
        retry::after_failure(error, &policy, tries, now, jitter())
    }

    /// Whether the lease that a token stands for still holds, as far as a read can tell.
    pub(super) async fn held(
        &self,
        reach: Reach,
        token: &str,
    ) -> Result<Option<Claimed>, EngineError> {
        let found = self.0.catalog.find_lease(SecretHash::of(token)).await?;
        Ok(found.filter(|Claimed { job, .. }| match reach {
            Reach::Org(org) => job.org == org,
            Reach::EveryOrg => true,
        }))
    }

    /// Hands an attempt's end to the store and waits for its commit.
    pub(super) async fn end(
        &self,
        claimed: Claimed,
        outcome: Outcome,
        report: Report,
    ) -> Result<RemoteEnd, EngineError> {
        let core = &self.0;
        let Claimed { lease, job } = claimed;
        let (job, word) = (Arc::new(job), outcome.as_str());
        let ending = Ending {
            lease,
            claimed: Some(Arc::clone(&job)),
            outcome,
            diagnostics: Vec::new(),
            report,
            log_limits: core.options.log_limits,
            now: core.clock.now(),
        };
        let (tell, told) = oneshot::channel();
        let after = Arc::clone(core);
        let hook = Box::new(move |finished: Result<Finished, StoreError>| {
            let end = match &finished {
                Ok(Finished::Written { job, .. }) => Some(RemoteEnd::Ended(job.state)),
                Ok(Finished::LeaseLost) => Some(RemoteEnd::LeaseLost),
                Err(_) => None,
            };
            executor::published(&after, &job, None, word, finished);
            // The worker may have gone away; the end stands all the same.
            drop(tell.send(end));
        });
        let store = Arc::clone(&core.store);
        // Elsewhere: a full writer makes its caller wait.
        let handed = core.runtime.spawn_blocking(move || store.finish(ending, None, hook));
        handed.await.map_err(|_| EngineError::ShuttingDown)?;
        match told.await {
            Ok(Some(end)) => Ok(end),
            Ok(None) => Err(EngineError::Store(StoreError::Busy)),
            Err(_) => Err(EngineError::Store(StoreError::Closed)),
        }
    }
}
