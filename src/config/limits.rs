//! How much one caller, one request and all of them together may take.

use serde::{Deserialize, Serialize};

use crate::config::{Findings, units};

/// `[limits]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Requests a minute and key; 0 is no limit.
    pub requests_per_minute: u32,
    /// Requests a minute of a key that begins with `fr_`; 0 is no limit.
    pub flow_relay_requests_per_minute: u32,
    /// Generations a minute of such a key; 0 is no limit.
    pub flow_relay_generations_per_minute: u32,
    /// Looks at jobs a minute of such a key, which count against nothing else; 0 is no limit.
    pub flow_relay_polls_per_minute: u32,
    /// Handoffs and insights that an organization may have made in 24 hours; 0 is no limit.
    pub generations_per_day: u32,
    /// Unfinished jobs that an organization may have.
    pub queue: u64,
    /// Open connections.
    pub connections: usize,
    /// Bytes of a request's body, where no other limit is named.
    #[serde(with = "units::size")]
    pub body: u64,
    /// The same for `POST /brands/extract`, which may carry pictures.
    #[serde(with = "units::size")]
    pub body_extract: u64,
    /// The same for `PATCH /brands/:id`.
    #[serde(with = "units::size")]
    pub body_brand: u64,
    /// The same for `POST /jobs`, `POST /runs`, retries, and the routes for images and campaigns.
    #[serde(with = "units::size")]
    pub body_jobs: u64,
    /// The same for `POST /events`: up to 1,000 events.
    #[serde(with = "units::size")]
    pub body_events: u64,
    /// The same for lines of a log that a remote worker sends.
    #[serde(with = "units::size")]
    pub body_log: u64,
    /// Bytes of all bodies that are in memory at one time.
    #[serde(with = "units::size")]
    pub body_memory: u64,
    /// Lines that a job's log may have, over all its attempts.
    pub log_lines: u32,
    /// Bytes of these lines.
    #[serde(with = "units::size")]
    pub log_bytes: u64,
}

const MIB: u64 = 1 << 20;

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            requests_per_minute: 600,
            flow_relay_requests_per_minute: 60,
            flow_relay_generations_per_minute: 10,
            flow_relay_polls_per_minute: 300,
            generations_per_day: 0,
            queue: 100_000,
            connections: 15_000,
            body: MIB,
            body_extract: 48 * MIB,
            body_brand: 4 * MIB,
            body_jobs: 128 * MIB,
            body_events: 16 * MIB,
            body_log: 16 * MIB,
            body_memory: 256 * MIB,
            log_lines: 10_000,
            log_bytes: 16 * MIB,
        }
    }
}

impl LimitsConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self {
            requests_per_minute: _,
            flow_relay_requests_per_minute: _,
            flow_relay_generations_per_minute: _,
            flow_relay_polls_per_minute: _,
            generations_per_day: _,
            queue,
            connections,
            body,
            body_extract,
            body_brand,
            body_jobs,
            body_events,
            body_log,
            body_memory,
            log_lines,
            log_bytes,
        } = self;
        let bodies = [
            ("limits.body", body),
            ("limits.body_extract", body_extract),
            ("limits.body_brand", body_brand),
            ("limits.body_jobs", body_jobs),
            ("limits.body_events", body_events),
            ("limits.body_log", body_log),
        ];
        for (key, size) in bodies {
            if *size == 0 {
                findings.error(key, "0 would refuse every request");
            } else if size > body_memory {
                findings.error(
                    key,
                    format!(
                        "{} is more than `limits.body_memory` ({})",
                        units::format_size(*size),
                        units::format_size(*body_memory),
                    ),
                );
            }
        }
        if *log_lines == 0 {
            findings.error("limits.log_lines", "0 leaves no room for the line that says so");
        }
        if *log_bytes == 0 {
            findings.error("limits.log_bytes", "0 leaves no room for a line");
        }
        if *queue == 0 {
            findings.error("limits.queue", "0 would refuse every job");
        }
        if *connections == 0 {
            findings.error("limits.connections", "0 would refuse every client");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_must_fit_into_the_memory_for_bodies() {
        let mut findings = Findings::default();
        LimitsConfig { body_memory: 64 * MIB, queue: 0, ..LimitsConfig::default() }
            .check(&mut findings);
        let keys: Vec<&str> = findings.iter().map(|finding| &*finding.key).collect();
        assert_eq!(keys, ["limits.body_jobs", "limits.queue"]);
    }
}
