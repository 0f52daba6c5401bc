//! Numbered migrations, run at start in one transaction each.
//!
//! `pragma user_version` says which have run. Order matters: add new ones at the end.
//! Never: an edit of a released migration.

use std::path::Path;

use r2d2::ManageConnection as _;
use rusqlite::Connection;

use crate::store::StoreError;
use crate::store::sqlite::FILE_NAME;
use crate::store::sqlite::connection::ReadConnections;

/// All migrations, in order; the first brings an empty database to version 1.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_foundation.sql"),
    include_str!("migrations/0002_runs.sql"),
    include_str!("migrations/0003_sessions.sql"),
    include_str!("migrations/0004_workers.sql"),
    include_str!("migrations/0005_audit.sql"),
    include_str!("migrations/0006_webhooks.sql"),
    include_str!("migrations/0007_schedules.sql"),
    include_str!("migrations/0008_worker_files.sql"),
    include_str!("migrations/0009_activity.sql"),
    include_str!("migrations/0010_internal_queues.sql"),
    include_str!("migrations/0011_log_bytes.sql"),
    include_str!("migrations/0012_queues_left.sql"),
    include_str!("migrations/0013_event_facets.sql"),
    include_str!("migrations/0014_ready_without_functions.sql"),
];

/// The newest schema that this binary knows.
pub fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The schema of the database in `data_dir`, `None` when there is none yet. Changes nothing.
pub fn found(data_dir: &Path) -> Result<Option<i64>, StoreError> {
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        return Ok(None);
    }
    version(&ReadConnections(path).connect()?).map(Some)
}

/// Brings the database to the newest schema.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found > newest() {
        return Err(StoreError::SchemaTooNew { found, known: newest() });
    }
    for (number, sql) in (1_i64..).zip(MIGRATIONS) {
        if number > found {
            let transaction = connection.transaction()?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", number)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_database_reaches_the_newest_schema_once() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("first");
        migrate(&mut connection).expect("again");
        assert_eq!(version(&connection).expect("version"), newest());
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection.pragma_update(None, "user_version", newest() + 1).expect("pragma");
        assert!(matches!(migrate(&mut connection), Err(StoreError::SchemaTooNew { .. })));
    }
}
