//! Copying a database that is in use, and looking at one that is not.
//!
//! A copy is what the database was at one moment: it is made within one reading transaction, so
//! that neither commits nor checkpoints of a server beside it reach into it. Never: a write to the
//! database that is copied.

use std::path::Path;

use r2d2::ManageConnection as _;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::domain::asset::ContentDigest;
use crate::store::StoreError;
use crate::store::sqlite::FILE_NAME;
use crate::store::sqlite::connection::{self, ReadConnections};
use crate::store::sqlite::migrate;

/// Pages that are copied between two words about it: some 4 MiB.
const PAGES_A_STEP: i32 = 1_000;

/// Copies the database in `data_dir` into the new file at `to`, and looks whether the copy is
/// sound. `told` hears how many of how many bytes are there.
pub fn copy_database(
    data_dir: &Path,
    to: &Path,
    told: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let source = ReadConnections(data_dir.join(FILE_NAME)).connect()?;
    // One reading transaction for all steps: without it, each commit beside the copy would make it
    // begin anew, and under load it would never end.
    source.execute_batch("begin; select count(*) from sqlite_schema")?;
    let page_bytes: u64 = source.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let mut copy = connection::open_copy(to)?;
    {
        let backup = Backup::new(&source, &mut copy)?;
        let mut step = StepResult::More;
        while step == StepResult::More {
            step = backup.step(PAGES_A_STEP)?;
            let progress = backup.progress();
            let pages = |count| u64::try_from(count).unwrap_or(0) * page_bytes;
            told(pages(progress.pagecount - progress.remaining), pages(progress.pagecount));
        }
        if step != StepResult::Done {
            return Err(StoreError::Database("the database is locked".into()));
        }
    }
    // One file, and nothing beside it that could be forgotten when it is moved.
    copy.pragma_update(None, "journal_mode", "delete")?;
    check(&copy)
}

/// The schema of the database file at `path`, if it is sound and no newer than this binary.
pub fn check_database(path: &Path) -> Result<i64, StoreError> {
    let database = ReadConnections(path.to_owned()).connect()?;
    check(&database)?;
    let found = migrate::version(&database)?;
    let known = migrate::newest();
    if found > known { Err(StoreError::SchemaTooNew { found, known }) } else { Ok(found) }
}

/// The contents that rows of the database file at `path` name, each once.
pub fn named_contents(path: &Path) -> Result<Vec<ContentDigest>, StoreError> {
    let database = ReadConnections(path.to_owned()).connect()?;
    let mut statement = database.prepare(include_str!("sql/backup_contents.sql"))?;
    let digests = statement.query_map([], |row| row.get(0).map(ContentDigest::from_bytes))?;
    Ok(digests.collect::<Result<_, _>>()?)
}

fn check(database: &Connection) -> Result<(), StoreError> {
    let found: String = database.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
}
