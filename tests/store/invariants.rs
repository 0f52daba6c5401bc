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
const INVARIANTS: [(&str, &str); 12] = [
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
    (
        "a run is what its steps are",
        "select 1 from runs
        join (
            select
                run_id,
                sum(finished_at is null) as unfinished,
                sum(state <> 'completed') as uncompleted,
                sum(started_at is not null or finished_at is not null) as begun
            from jobs
            where run_id is not null
            group by run_id
        ) as steps on steps.run_id = runs.id
        where state <> 'cancelled' and state <> case
            when unfinished = 0 and uncompleted = 0 then 'completed'
            when unfinished = 0 then 'failed'
            when begun > 0 then 'in_progress'
            else 'pending'
        end
            or state = 'cancelled' and unfinished > 0",
    ),
    (
        "a step waits just as long as one that it depends on has not completed",
        "select 1 from jobs
        where finished_at is null and (
            (state = 'blocked') <> (pending_dependencies > 0)
            or pending_dependencies <> (
                select count(*) from job_dependencies
                join jobs as parents on parents.id = job_dependencies.depends_on
                where job_dependencies.job_id = jobs.id and parents.state <> 'completed'
            )
        )",
    ),
    (
        "no step begins before all that it depends on has completed",
        "select 1 from jobs
        join job_dependencies on job_dependencies.job_id = jobs.id
        join jobs as parents on parents.id = job_dependencies.depends_on
        where jobs.started_at is not null
            and (parents.state <> 'completed' or parents.finished_at > jobs.started_at)",
    ),
    (
        "no step waits for one that cannot complete",
        "select 1 from jobs
        join job_dependencies on job_dependencies.job_id = jobs.id
        join jobs as parents on parents.id = job_dependencies.depends_on
        where jobs.finished_at is null and parents.state in ('failed', 'cancelled')",
    ),
    (
        "a job has files of its own organization only",
        "select 1 from asset_uses
        join jobs on jobs.id = asset_uses.job_id
        join assets on assets.id = asset_uses.asset_id
        where jobs.org_id <> assets.org_id",
    ),
    ("every reference leads somewhere", "select 1 from pragma_foreign_key_check"),
];
