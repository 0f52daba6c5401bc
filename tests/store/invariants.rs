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
const INVARIANTS: [(&str, &str); 6] = [
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
        "every lease but the present one has ended exactly once",
        "select 1 from jobs
        where lease_epoch - (state = 'processing')
            <> (select count(*) from attempts where job_id = jobs.id)",
    ),
    (
        "no job ends twice",
        "select 1 from attempts
        where outcome in ('completed', 'failed', 'cancelled')
        group by job_id
        having count(*) > 1",
    ),
    (
        "a job is completed by the attempt that says so",
        "select 1 from jobs
        where (state = 'completed') <> exists (
            select 1 from attempts
            where job_id = jobs.id and lease_epoch = jobs.lease_epoch and outcome = 'completed'
        )",
    ),
    ("every reference leads somewhere", "select 1 from pragma_foreign_key_check"),
];
