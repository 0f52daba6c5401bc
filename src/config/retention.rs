//! How long things stay that nobody needs any more.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Findings, units};

/// `[retention]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Ended jobs with their logs and attempts.
    #[serde(with = "units::duration")]
    pub jobs: Duration,
    /// Stored files that nothing has referred to for so long.
    #[serde(with = "units::duration")]
    pub assets: Duration,
    /// Entries of the audit log.
    #[serde(with = "units::duration")]
    pub audit: Duration,
    /// Events of projects, after the last thing that happened to them.
    #[serde(with = "units::duration")]
    pub events: Duration,
    /// Handoffs, insights and digests.
    #[serde(with = "units::duration")]
    pub documents: Duration,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            jobs: 30 * DAY,
            assets: 90 * DAY,
            audit: 365 * DAY,
            events: 730 * DAY,
            documents: 730 * DAY,
        }
    }
}

impl RetentionConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { jobs, assets, audit, events, documents } = self;
        let periods = [
            ("retention.jobs", jobs),
            ("retention.assets", assets),
            ("retention.events", events),
            ("retention.documents", documents),
        ];
        for (key, period) in periods {
            if *period < Duration::from_mins(1) {
                findings.error(key, "is under 1m: clients could not fetch what they asked for");
            }
        }
        if *audit < DAY {
            findings.error("retention.audit", "is under 1d: nobody would have read it by then");
        }
        if assets < jobs {
            findings.warning(
                "retention.assets",
                "is shorter than `retention.jobs`: results may name files that are gone",
            );
        }
    }
}
