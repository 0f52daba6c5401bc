//! Rows of stored files: who has one, under which secret it is public, when it was last used.
//!
//! Rows come in with a job, with a job's end or with an edit, inside that write's transaction;
//! the bytes were synced before. A row stays until the last job that has the file, and the last
//! brand that shows it, are gone. Never: the bytes.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::asset::{Asset, ContentDigest, NewAsset};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, JobId, OrgId, mint_secret};
use crate::store::sqlite::SqliteStore;
use crate::store::{AssetUse, Assets, StoreError};

#[async_trait]
impl Assets for SqliteStore {
    async fn asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        self.readers.read(move |connection| find(connection, org, id)).await
    }

    async fn asset_by_token(&self, token: &str) -> Result<Option<Asset>, StoreError> {
        let token = token.to_owned();
        self.readers
            .read(move |connection| {
                let found = connection
                    .prepare_cached(include_str!("sql/asset_by_token.sql"))?
                    .query_row(named_params! { ":token": token }, asset)
                    .optional()?;
                Ok(found)
            })
            .await
    }

    async fn asset_tokens(
        &self,
        org: OrgId,
        ids: Vec<AssetId>,
    ) -> Result<Vec<(AssetId, String)>, StoreError> {
        // Most documents name no file.
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let asked: Vec<String> = ids.iter().map(AssetId::to_string).collect();
        let asked = serde_json::Value::from(asked).to_string();
        self.readers
            .read(move |connection| {
                let parameters = named_params! { ":org_id": org.as_bytes(), ":ids": asked };
                let mut statement =
                    connection.prepare_cached(include_str!("sql/asset_tokens.sql"))?;
                let tokens = statement
                    .query_map(parameters, |row| {
                        Ok((AssetId::from_bytes(row.get("id")?), row.get("token")?))
                    })?
                    .collect::<Result<_, _>>()?;
                Ok(tokens)
            })
            .await
    }

    async fn delete_asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        self.writer
            .write(move |tx| {
                let parameters = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
                let deleted = tx
                    .prepare_cached(include_str!("sql/delete_asset.sql"))?
                    .query_row(parameters, asset)
                    .optional()?;
                Ok(deleted)
            })
            .await
    }

    async fn rotate_asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        self.writer
            .write(move |tx| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(),
                    ":id": id.as_bytes(),
                    ":token": mint_secret(),
                };
                let rotated = tx
                    .prepare_cached(include_str!("sql/rotate_asset.sql"))?
                    .query_row(parameters, asset)
                    .optional()?;
                Ok(rotated)
            })
            .await
    }

    async fn touch_assets(&self, uses: Vec<AssetUse>) -> Result<(), StoreError> {
        self.writer
            .write(move |tx| {
                uses.iter().try_for_each(|AssetUse { asset, at }| touch(tx, *asset, *at))
            })
            .await
    }

    async fn used_contents(
        &self,
        digests: Vec<ContentDigest>,
    ) -> Result<Vec<ContentDigest>, StoreError> {
        let asked: Vec<String> = digests.iter().map(ContentDigest::to_string).collect();
        let asked = serde_json::Value::from(asked).to_string();
        self.readers
            .read(move |connection| {
                let mut statement =
                    connection.prepare_cached(include_str!("sql/used_contents.sql"))?;
                let used = statement
                    .query_map(named_params! { ":digests": asked }, |row| {
                        row.get(0).map(ContentDigest::from_bytes)
                    })?
                    .collect::<Result<_, _>>()?;
                Ok(used)
            })
            .await
    }
}

/// A file of `org`.
pub(super) fn find(
    connection: &Connection,
    org: OrgId,
    id: AssetId,
) -> Result<Option<Asset>, StoreError> {
    let found = connection
        .prepare_cached(include_str!("sql/asset.sql"))?
        .query_row(named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() }, asset)
        .optional()?;
    Ok(found)
}

/// Stores the row of a file that came with `job`, or out of it. The same id again changes nothing.
pub(super) fn insert(
    tx: &Connection,
    org: OrgId,
    job: Option<JobId>,
    new: NewAsset,
    now: Timestamp,
) -> Result<(), StoreError> {
    let NewAsset { id, digest, mime_type, bytes, size, token } = new;
    tx.prepare_cached(include_str!("sql/assets_insert.sql"))?.execute(named_params! {
        ":id": id.as_bytes(),
        ":org_id": org.as_bytes(),
        ":job_id": job.as_ref().map(JobId::as_bytes),
        ":digest": digest.as_bytes(),
        ":mime_type": mime_type,
        ":bytes": bytes,
        ":width": size.map(|(width, _)| width),
        ":height": size.map(|(_, height)| height),
        ":token": token,
        ":now": now.ms(),
    })?;
    job.map_or(Ok(()), |job| note_use(tx, org, id, job))
}

/// Notes that a file is in use at `at`.
fn touch(tx: &Connection, id: AssetId, at: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(include_str!("sql/touch_assets.sql"))?
        .execute(named_params! { ":asset": id.as_bytes(), ":at": at.ms() })?;
    Ok(())
}

/// Lets a new job have a file of an earlier one too: the file stays as long as either does.
pub(super) fn share(
    tx: &Connection,
    org: OrgId,
    id: AssetId,
    job: JobId,
    at: Timestamp,
) -> Result<(), StoreError> {
    note_use(tx, org, id, job)?;
    touch_all(tx, job, at)
}

/// Lets a new job have all files of `earlier`, which it does again.
pub(super) fn share_all(
    tx: &Connection,
    org: OrgId,
    earlier: JobId,
    job: JobId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(include_str!("sql/assets_use_all.sql"))?.execute(named_params! {
        ":org_id": org.as_bytes(), ":retry_of": earlier.as_bytes(), ":job_id": job.as_bytes(),
    })?;
    touch_all(tx, job, at)
}

/// Notes that all files of a job are in use at `at`.
fn touch_all(tx: &Connection, job: JobId, at: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(include_str!("sql/touch_assets_of.sql"))?
        .execute(named_params! { ":job_id": job.as_bytes(), ":at": at.ms() })?;
    Ok(())
}

fn note_use(tx: &Connection, org: OrgId, id: AssetId, job: JobId) -> Result<(), StoreError> {
    tx.prepare_cached(include_str!("sql/assets_use.sql"))?.execute(named_params! {
        ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":job_id": job.as_bytes(),
    })?;
    Ok(())
}

/// Reads a row that has all columns of an asset, under their own names.
pub(super) fn asset(row: &Row<'_>) -> rusqlite::Result<Asset> {
    let width: Option<u32> = row.get("width")?;
    let height: Option<u32> = row.get("height")?;
    Ok(Asset {
        id: AssetId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        digest: ContentDigest::from_bytes(row.get("digest")?),
        mime_type: row.get("mime_type")?,
        bytes: row.get("bytes")?,
        size: width.zip(height),
        token: row.get("token")?,
        job: row.get::<_, Option<_>>("job_id")?.map(JobId::from_bytes),
        created_at: Timestamp::from_ms(row.get("created_at")?),
    })
}
