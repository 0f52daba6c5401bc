//! Giving due jobs to workers, organizations in turn.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::job::{Claimed, Lease};
use crate::store::sqlite::rows;
use crate::store::{Claiming, Delivery, StoreError};

/// A `Claiming` without its delivery: what the transaction needs.
pub(super) struct Ask {
    pub(super) limit: usize,
    pub(super) worker: String,
    pub(super) now: Timestamp,
    pub(super) lease_expires_at: Timestamp,
    actions: std::sync::Arc<[String]>,
    org: Option<OrgId>,
}

impl Ask {
    /// Parts what is asked from where it goes.
    pub(super) fn split(claiming: Claiming) -> (Self, Delivery) {
        let Claiming { limit, actions, worker, org, now, lease_expires_at, deliver } = claiming;
        (Self { limit, worker, now, lease_expires_at, actions, org }, deliver)
    }

    /// Whether these workers may have the organization's jobs of the action.
    pub(super) fn may_take(&self, org: OrgId, action: &str) -> bool {
        self.org.is_none_or(|only| only == org) && self.can_run(action)
    }

    fn can_run(&self, action: &str) -> bool {
        self.actions.iter().any(|known| known == action)
    }
}

/// Makes delayed jobs ready whose time has come, then claims up to `ask.limit` jobs.
pub(super) fn ripen_and_claim(
    transaction: &Connection,
    ask: &Ask,
) -> Result<Vec<Claimed>, StoreError> {
    transaction
        .prepare_cached(include_str!("sql/claim_ripen.sql"))?
        .execute(named_params! { ":now": ask.now.ms() })?;
    claim(transaction, ask, ask.limit)
}

/// Claims up to `limit` jobs that are ready.
pub(super) fn claim(
    transaction: &Connection,
    ask: &Ask,
    limit: usize,
) -> Result<Vec<Claimed>, StoreError> {
    let mut claimed = Vec::new();
    while claimed.len() < limit {
        let Some((org, actions)) = find_turn(transaction, ask)? else { break };
        let id = find_first(transaction, &org, &actions)?;
        claimed.push(take(transaction, ask, &id)?);
        transaction
            .prepare_cached(include_str!("sql/claim_take_turn.sql"))?
            .execute(named_params! { ":org_id": org })?;
    }
    Ok(claimed)
}

/// An organization's id, and those of its actions that are due and can be run.
type Turn = ([u8; 16], Vec<String>);

/// Whose turn it is.
fn find_turn(transaction: &Connection, ask: &Ask) -> Result<Option<Turn>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim_find_turns.sql"))?;
    let mut turns =
        statement.query(named_params! { ":org_id": ask.org.as_ref().map(OrgId::as_bytes) })?;
    let mut found: Option<Turn> = None;
    while let Some(row) = turns.next()? {
        let org: [u8; 16] = row.get(0)?;
        let action: String = row.get(1)?;
        if !ask.can_run(&action) {
            continue;
        }
        match &mut found {
            None => found = Some((org, vec![action])),
            Some((first, actions)) if *first == org => actions.push(action),
            // The next organization's turns follow.
            Some(_) => break,
        }
    }
    Ok(found)
}

/// Of these queues of an organization, the first job by priority, then age.
fn find_first(
    transaction: &Connection,
    org: &[u8; 16],
    actions: &[String],
) -> Result<[u8; 16], StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim_find_first.sql"))?;
    let mut first: Option<(u8, [u8; 16])> = None;
    for action in actions {
        let parameters = named_params! { ":org_id": org, ":action": action };
        let head =
            statement.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        first = match (first, head) {
            (Some(first), Some(head)) => Some(first.min(head)),
            (first, head) => first.or(head),
        };
    }
    first
        .map(|(_, id)| id)
        .ok_or_else(|| StoreError::Damaged("a queue that counts jobs which are not due".into()))
}

fn take(transaction: &Connection, ask: &Ask, id: &[u8; 16]) -> Result<Claimed, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim.sql"))?;
    let mut found = statement.query(named_params! {
        ":id": id, ":worker": ask.worker, ":now": ask.now.ms(),
        ":lease_expires_at": ask.lease_expires_at.ms(),
    })?;
    let row = found
        .next()?
        .ok_or_else(|| StoreError::Damaged("a due job that cannot be claimed".into()))?;
    let job = rows::job(row)?;
    let lease = Lease { job: job.id, epoch: rows::lease_epoch(row)? };
    // The statement must be stepped to its end, or its write stays open.
    while found.next()?.is_some() {}
    Ok(Claimed { lease, job })
}
