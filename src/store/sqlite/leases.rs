//! Leases of remote workers, found by what they show.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, named_params};

use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Claimed, Lease};
use crate::domain::key::SecretHash;
use crate::store::sqlite::{SqliteStore, rows};
use crate::store::{Running, StoreError, WorkerLeases};

#[async_trait]
impl WorkerLeases for SqliteStore {
    async fn find_lease(&self, token: SecretHash) -> Result<Option<Claimed>, StoreError> {
        self.readers.read(move |connection| find(connection, token)).await
    }

    async fn running(&self, org: OrgId, action: String) -> Result<Running, StoreError> {
        self.readers
            .read(move |connection| {
                let mut statement = connection.prepare_cached(include_str!("sql/running.sql"))?;
                let parameters = named_params! { ":org_id": org.as_bytes(), ":action": action };
                Ok(statement.query_row(parameters, |row| {
                    Ok(Running {
                        of_action: row.get(0)?,
                        of_org: row.get(1)?,
                        org_name: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    })
                })?)
            })
            .await
    }
}

fn find(connection: &Connection, token: SecretHash) -> Result<Option<Claimed>, StoreError> {
    let lease = connection
        .prepare_cached(include_str!("sql/find_lease.sql"))?
        .query_row(named_params! { ":hash": token.as_bytes() }, |row| {
            Ok(Lease { job: JobId::from_bytes(row.get(0)?), epoch: row.get(1)? })
        })
        .optional()?;
    let Some(lease) = lease else { return Ok(None) };
    let mut statement = connection.prepare_cached(include_str!("sql/finish_find_job.sql"))?;
    let mut found = statement.query([lease.job.as_bytes()])?;
    let Some(row) = found.next()? else { return Ok(None) };
    // Who lost the job is told so by the epoch; its row may be another holder's by now.
    Ok(Some(Claimed { lease, job: rows::job(row)? })
        .filter(|claimed| rows::lease_epoch(row).is_ok_and(|epoch| epoch == claimed.lease.epoch)))
}
