//! How the engine runs.

use std::time::Duration;

/// How the engine runs; `Default` is what `config.example.toml` says.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Worker threads.
    pub workers: usize,
    /// How long a lease holds without renewal. Renewed after a third of it.
    pub lease: Duration,
    /// The longest between two looks at the queue, under every wake-up.
    pub poll: Duration,
    /// Jobs of one organization that may be processed at one time; `None` is no limit.
    pub org_concurrency: Option<u32>,
    /// The same for single organizations, by name.
    pub org_concurrency_of: std::collections::BTreeMap<String, u32>,
    /// How much a job's log may hold.
    pub log_limits: crate::domain::job::LogLimits,
    /// Unfinished jobs that an organization may have.
    pub queue_limit: u64,
    /// How long attempts may go on after a shutdown was asked for.
    pub shutdown_grace: Duration,
    /// How long after its time-out an attempt may take to notice it, before its thread is given up.
    pub heed_time_out: Duration,
    /// How long attempts that are told to stop at a shutdown may take to notice.
    pub heed_stop: Duration,
    /// How long ended jobs and their logs are kept.
    pub keep_jobs: Duration,
    /// How long files are kept after their last use.
    pub keep_assets: Duration,
    /// How long entries of the audit log are kept.
    pub keep_audit: Duration,
    /// How long events are kept after the last thing that happened to them.
    pub keep_events: Duration,
    /// How long handoffs, insights and digests are kept.
    pub keep_documents: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            workers: (4 * cores).max(8),
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(5),
            org_concurrency: None,
            org_concurrency_of: std::collections::BTreeMap::new(),
            log_limits: crate::domain::job::LogLimits::default(),
            queue_limit: 100_000,
            shutdown_grace: Duration::from_secs(10),
            heed_time_out: Duration::from_secs(5),
            heed_stop: Duration::from_secs(3),
            keep_jobs: Duration::from_hours(30 * 24),
            keep_assets: Duration::from_hours(90 * 24),
            keep_audit: Duration::from_hours(365 * 24),
            keep_events: Duration::from_hours(730 * 24),
            keep_documents: Duration::from_hours(730 * 24),
        }
    }
}
