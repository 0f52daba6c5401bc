//! Why a job that is due does not run yet.

use crate::domain::ids::OrgId;
use crate::domain::job::Job;
use crate::engine::{Core, Engine, EngineError, Place, Silence};

/// What a queued and due job waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// A worker that is free.
    Worker,
    /// A remote worker: none that may have it was heard of lately.
    RemoteWorker,
    /// Its action has as many attempts going on as it may.
    ActionLimit,
    /// Its organization has as many jobs going on as it may.
    OrganizationLimit,
}

impl Engine {
    /// What a job that is queued and due waits for.
    pub async fn waits_for(&self, job: &Job) -> Result<WaitsFor, EngineError> {
        let core = &self.0;
        if core.is_forsaken(job) {
            return Ok(WaitsFor::RemoteWorker);
        }
        let of_action = core.limits.actions.get(&job.action);
        let counts = !core.limits.exempt.contains(&job.action) && core.limits.has_orgs();
        if of_action.is_none() && !counts {
            return Ok(WaitsFor::Worker);
        }
        let running = core.catalog.running(job.org, job.action.clone()).await?;
        if of_action.is_some_and(|limit| running.of_action >= *limit) {
            return Ok(WaitsFor::ActionLimit);
        }
        let of_org = core.limits.of_org(&running.org_name).filter(|_| counts);
        if of_org.is_some_and(|limit| running.of_org >= limit) {
            return Ok(WaitsFor::OrganizationLimit);
        }
        Ok(WaitsFor::Worker)
    }
}

impl Engine {
    /// Since when no remote worker has asked for jobs of an action that is theirs: of an
    /// organization's, or of anybody's. `None` while one lives.
    pub fn silence(&self, org: Option<OrgId>, action: &str) -> Option<Silence> {
        let core = &self.0;
        core.is_remote(action).then(|| core.bell.silence(org, action)).flatten()
    }
}

impl Core {
    /// Whether it is work for remote workers, and none of them lives.
    fn is_forsaken(&self, job: &Job) -> bool {
        self.is_remote(&job.action) && !self.bell.is_answered(job.org, &job.action)
    }

    fn is_remote(&self, action: &str) -> bool {
        self.actions.find(action).is_some_and(|action| action.place() == Place::Remote)
    }
}
