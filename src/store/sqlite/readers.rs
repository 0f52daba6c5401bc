//! The pool of read-only connections, and the threads that reading happens on.
//!
//! Every read runs on the runtime's blocking threads, so that a cold page of the disk holds up
//! no other request. Never: a write; the connections are opened read-only.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use tokio::runtime::Handle;

use crate::store::StoreError;
use crate::store::sqlite::connection::ReadConnections;

/// Connections that read at once: more would only wait for the same two or four cores.
const MAX_READERS: u32 = 8;

/// How long a read waits for a connection before the server says that it is overloaded.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// The reading side of the database.
pub(super) struct Readers {
    pool: r2d2::Pool<ReadConnections>,
    runtime: Handle,
}

impl Readers {
    /// A pool on a database that exists. Connections are opened when they are first needed.
    pub(super) fn open(path: &Path, runtime: Handle) -> Self {
        let pool = r2d2::Pool::builder()
            .max_size(MAX_READERS)
            .min_idle(Some(0))
            .connection_timeout(CONNECTION_TIMEOUT)
            .build_unchecked(ReadConnections(path.to_owned()));
        Self { pool, runtime }
    }

    /// Runs `read` on a connection of the pool.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = self.pool.clone();
        let reading = self.runtime.spawn_blocking(move || {
            let connection = pool.get().map_err(|_| StoreError::Busy)?;
            read(&connection)
        });
        // A reading that panicked is a damaged row at worst; the process goes on.
        reading.await.unwrap_or_else(|error| Err(StoreError::Damaged(error.to_string())))
    }
}
