//! What must hold in the `SQLite` database at every moment, asked of the file itself.

use std::path::Path;

use rusqlite::Connection;
use tidemill::store::sqlite::FILE_NAME;

use crate::fixture::database;

/// Looks into a store's database beside it.
pub(crate) struct Inspector(Connection);

impl Inspector {
    /// Of the store that lies in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        Self(database(&dir.join(FILE_NAME)))
    }

    /// Panics unless every invariant holds.
    pub(crate) fn check(&self) {
        for (invariant, offenders) in INVARIANTS {
            let sql = format!("select count(*) from ({offenders})");
            let mut statement = self.0.prepare_cached(&sql).expect(invariant);
            let count: i64 = statement.query_row([], |row| row.get(0)).expect(invariant);
            assert_eq!(count, 0, "{invariant}");
        }
    }
}

/// Each invariant with the statement that finds what breaks it.
const INVARIANTS: [(&str, &str); 7] = [
    (
        "a queue counts its jobs",
        "select 1
        from queues
        left join (
            select
                org_id, action,
                sum(state = 'queued' and run_at is null) as ready,
                sum(finished_at is null) as unfinished
            from jobs
            group by org_id, action
        ) as counted using (org_id, action)
        where queues.ready <> coalesce(counted.ready, 0)
            or queues.unfinished <> coalesce(counted.unfinished, 0)",
    ),
    (
        "every unfinished job stands in a queue",
        "select 1 from jobs
        where finished_at is null
            and not exists (
                select 1 from queues where org_id = jobs.org_id and action = jobs.action
            )",
    ),
    (
        "an organization has one turn, however many of its queues are ready",
        "select 1 from queues
        where ready > 0
        group by org_id
        having min(virtual_time) <> max(virtual_time)",
    ),
    (
        // Attempts that did not end their job have a row each; one that did is the job's own.
        "every lease but the last has ended exactly once",
        "select 1 from jobs
        where lease_epoch - (select count(*) from attempts where job_id = jobs.id) not in (
            state in ('processing', 'completed'),
            state in ('processing', 'completed', 'failed', 'cancelled')
        )",
    ),
    (
        "no attempt is older or newer than its job's leases",
        "select 1 from attempts
        join jobs on jobs.id = attempts.job_id
        where attempts.lease_epoch not between 1 and jobs.lease_epoch",
    ),
    (
        "an attempt that ends its job has no row beside it",
        "select 1 from attempts where outcome in ('completed', 'failed', 'cancelled')",
    ),
    ("every reference leads somewhere", "select 1 from pragma_foreign_key_check"),
];
