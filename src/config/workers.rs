//! Who runs the jobs, and how long they may be silent.

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
}

impl Default for WorkersConfig {
    fn default() -> Self {
        Self { count: 0, lease: Duration::from_secs(30), shutdown_grace: Duration::from_secs(10) }
    }
}

/// A worker is a thread: more than this is a mistake, not a plan.
const MAX_WORKERS: usize = 1_024;

/// Renewals share the writer with everything else; a shorter lease would be lost in a busy moment.
const MIN_LEASE: Duration = Duration::from_secs(3);

impl WorkersConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { count, lease, shutdown_grace } = self;
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
