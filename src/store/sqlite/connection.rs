//! Opening connections: the one place that names the database file and its pragmas.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::store::StoreError;

/// Pages in the write-ahead log after which a commit folds it back: 64 MiB, so that a checkpoint
/// is paid for by ten thousands of writes, and the log's size stays bounded.
const CHECKPOINT_PAGES: i64 = 16_000;

/// The writer's page cache in KiB: the last leaves of every index that a burst of jobs works on.
const WRITER_CACHE_KIB: i64 = 16_000;

/// How many prepared statements a connection keeps: more than there are `.sql` files.
const CACHED_STATEMENTS: usize = 128;

/// How long a connection waits for a lock of another process, such as a backup's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the connection that writes, making the database if it is new.
#[expect(clippy::disallowed_methods, reason = "this is the one door to the database file")]
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    // The busy time-out comes first: the pragmas after it may have to wait for a lock.
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(connection)
}

/// Opens a file that is to become a copy of a database.
pub(super) fn open_copy(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}

/// Makes read-only connections for the pool.
#[derive(Debug)]
pub(super) struct ReadConnections(pub(super) PathBuf);

impl r2d2::ManageConnection for ReadConnections {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.0, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        Ok(connection)
    }

    fn is_valid(&self, _: &mut Connection) -> Result<(), rusqlite::Error> {
        Ok(())
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Database(Box::new(error)),
        }
    }
}
