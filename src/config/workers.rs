//! Who runs the jobs, and how long they may be silent.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Findings, units};

/// `[workers]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkersConfig {
    /// Jobs that run at one time; 0 is four a core, at least eight.
    pub count: usize,
    /// How long a worker may go without renewing before its job is given to another.
    #[serde(with = "units::duration")]
    pub lease: Duration,
    /// How long running jobs may go on after the server was told to stop.
    #[serde(with = "units::duration")]
    pub shutdown_grace: Duration,
    /// Jobs of one organization that run at one time; 0 is no limit.
    pub organization_concurrency: u32,
    /// The same for single organizations, by name.
    pub organization_concurrency_of: BTreeMap<String, u32>,
}

impl Default for WorkersConfig {
    fn default() -> Self {
        Self {
            count: 0,
            lease: Duration::from_secs(30),
            shutdown_grace: Duration::from_secs(10),
            organization_concurrency: 0,
            organization_concurrency_of: BTreeMap::new(),
        }
    }
}

/// A worker is a thread: more than this is a mistake, not a plan.
const MAX_WORKERS: usize = 1_024;

/// Renewals share the writer with everything else; a shorter lease would be lost in a busy moment.
const MIN_LEASE: Duration = Duration::from_secs(3);

impl WorkersConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self {
            count,
            lease,
            shutdown_grace,
            organization_concurrency: _,
            organization_concurrency_of,
        } = self;
        if let Some((org, _)) = organization_concurrency_of.iter().find(|(_, limit)| **limit == 0) {
            findings.error(
                "workers.organization_concurrency_of",
                format!("0 for `{org}` would let none of its jobs run"),
            );
        }
        if *count > MAX_WORKERS {
            findings.error("workers.count", format!("{count} is over {MAX_WORKERS}"));
        }
        if *lease < MIN_LEASE {
            findings.error("workers.lease", "is under 3s: a busy disk would lose jobs' leases");
        }
        if *shutdown_grace > Duration::from_mins(10) {
            findings.warning(
                "workers.shutdown_grace",
                "is over 10m: most supervisors kill a server that takes so long to stop",
            );
        }
    }
}
