//! Files that remote workers bring for attempts that go on.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::asset::{AttemptFile, ContentDigest, FileRoom};
use crate::domain::job::Lease;
use crate::store::sqlite::SqliteStore;
use crate::store::{Attached, StoreError, WorkerFiles};

#[async_trait]
impl WorkerFiles for SqliteStore {
    async fn attach_file(
        &self,
        lease: Lease,
        file: AttemptFile,
        room: FileRoom,
    ) -> Result<Attached, StoreError> {
        self.writer.write(move |transaction| attach(transaction, lease, &file, room)).await
    }

    async fn files_of_lease(&self, lease: Lease) -> Result<Vec<AttemptFile>, StoreError> {
        self.readers
            .read(move |connection| {
                let mut statement =
                    connection.prepare_cached(include_str!("sql/files_of_lease.sql"))?;
                let parameters =
                    named_params! { ":job_id": lease.job.as_bytes(), ":epoch": lease.epoch };
                Ok(statement.query_map(parameters, file)?.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn prune_worker_files(&self, limit: usize) -> Result<usize, StoreError> {
        self.writer
            .write(move |transaction| {
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let mut statement =
                    transaction.prepare_cached(include_str!("sql/prune_worker_files.sql"))?;
                Ok(statement.execute(named_params! { ":limit": limit })?)
            })
            .await
    }
}

fn attach(
    transaction: &Connection,
    lease: Lease,
    file: &AttemptFile,
    room: FileRoom,
) -> Result<Attached, StoreError> {
    let AttemptFile { name, digest, mime_type, bytes, size } = file;
    let taken: Option<(usize, u64)> = transaction
        .prepare_cached(include_str!("sql/attach_file_find_room.sql"))?
        .query_row(
            named_params! {
                ":job_id": lease.job.as_bytes(), ":epoch": lease.epoch, ":name": name,
            },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((files, taken)) = taken else { return Ok(Attached::LeaseLost) };
    if files >= room.files {
        return Ok(Attached::TooMany);
    }
    if taken + bytes > room.bytes {
        return Ok(Attached::TooLarge);
    }
    transaction.prepare_cached(include_str!("sql/attach_file.sql"))?.execute(named_params! {
        ":job_id": lease.job.as_bytes(),
        ":epoch": lease.epoch,
        ":name": name,
        ":digest": digest.as_bytes(),
        ":mime_type": mime_type,
        ":bytes": bytes,
        ":width": size.map(|(width, _)| width),
        ":height": size.map(|(_, height)| height),
    })?;
    Ok(Attached::Kept)
}

fn file(row: &Row<'_>) -> rusqlite::Result<AttemptFile> {
    let (width, height): (Option<u32>, Option<u32>) = (row.get("width")?, row.get("height")?);
    Ok(AttemptFile {
        name: row.get("name")?,
        digest: ContentDigest::from_bytes(row.get("digest")?),
        mime_type: row.get("mime_type")?,
        bytes: row.get("bytes")?,
        size: width.zip(height),
    })
}
