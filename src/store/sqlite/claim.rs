//! Giving due jobs to workers, organizations in turn.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::job::{Claimed, Lease};
use crate::store::sqlite::rows;
use crate::store::{Claiming, Delivery, StoreError};

/// A `Claiming` without its delivery: what the transaction needs.
pub(super) struct Ask {
    limit: usize,
    actions: std::sync::Arc<[String]>,
    worker: String,
    org: Option<OrgId>,
    now: Timestamp,
    lease_expires_at: Timestamp,
}

impl Ask {
    /// Parts what is asked from where it goes.
    pub(super) fn split(claiming: Claiming) -> (Self, Delivery) {
        let Claiming { limit, actions, worker, org, now, lease_expires_at, deliver } = claiming;
        (Self { limit, actions, worker, org, now, lease_expires_at }, deliver)
    }
}

/// Claims up to `ask.limit` jobs.
pub(super) fn claim(transaction: &Connection, ask: &Ask) -> Result<Vec<Claimed>, StoreError> {
    if ask.limit == 0 {
        return Ok(Vec::new());
    }
    let actions = serde_json::Value::from(ask.actions.to_vec()).to_string();
    transaction
        .prepare_cached(include_str!("sql/claim_ripen.sql"))?
        .execute(named_params! { ":now": ask.now.ms() })?;
    let mut claimed = Vec::new();
    while claimed.len() < ask.limit {
        let Some((id, org)) = find_next(transaction, ask.org, &actions)? else { break };
        claimed.push(take(transaction, ask, &id)?);
        transaction
            .prepare_cached(include_str!("sql/claim_take_turn.sql"))?
            .execute(named_params! { ":org_id": org })?;
    }
    Ok(claimed)
}

/// The ids of a job and of its organization.
type Next = ([u8; 16], [u8; 16]);

fn find_next(
    transaction: &Connection,
    org: Option<OrgId>,
    actions: &str,
) -> Result<Option<Next>, StoreError> {
    let parameters = named_params! {
        ":actions": actions, ":org_id": org.as_ref().map(OrgId::as_bytes),
    };
    Ok(transaction
        .prepare_cached(include_str!("sql/claim_find_next.sql"))?
        .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

fn take(transaction: &Connection, ask: &Ask, id: &[u8; 16]) -> Result<Claimed, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim.sql"))?;
    let mut found = statement.query(named_params! {
        ":id": id, ":worker": ask.worker, ":now": ask.now.ms(),
        ":lease_expires_at": ask.lease_expires_at.ms(),
    })?;
    let row = found
        .next()?
        .ok_or_else(|| StoreError::Damaged("a queue that counts a job which is not due".into()))?;
    let job = rows::job(row)?;
    let lease = Lease { job: job.id, epoch: rows::lease_epoch(row)? };
    // The statement must be stepped to its end, or its write stays open.
    while found.next()?.is_some() {}
    Ok(Claimed { lease, job })
}
