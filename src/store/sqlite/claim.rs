//! Giving due jobs to workers, organizations in turn.

use rusqlite::{Connection, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::job::{Claimed, JobState, Lease};
use crate::domain::key::SecretHash;
use crate::store::sqlite::room::Room;
use crate::store::sqlite::{rows, run_progress};
use crate::store::{ClaimOutcome, Claiming, ConcurrencyLimits, Delivery, StoreError};

/// A `Claiming` without its delivery: what the transaction needs.
pub(super) struct Ask {
    pub(super) limit: usize,
    pub(super) worker: String,
    pub(super) now: Timestamp,
    pub(super) lease_expires_at: Timestamp,
    actions: std::sync::Arc<[String]>,
    org: Option<OrgId>,
    tokens: Vec<SecretHash>,
    limits: std::sync::Arc<ConcurrencyLimits>,
}

impl Ask {
    /// Parts what is asked from where it goes.
    pub(super) fn split(claiming: Claiming) -> (Self, Delivery) {
        let Claiming {
            limit,
            actions,
            worker,
            org,
            tokens,
            limits,
            now,
            lease_expires_at,
            deliver,
        } = claiming;
        (Self { limit, worker, now, lease_expires_at, actions, org, tokens, limits }, deliver)
    }

    /// How much room its limits leave.
    pub(super) fn room<'ask>(&'ask self, transaction: &'ask Connection) -> Room<'ask> {
        Room::under(&self.limits, transaction)
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
) -> Result<ClaimOutcome, StoreError> {
    let ripened = transaction
        .prepare_cached(include_str!("sql/claim_ripen.sql"))?
        .execute(named_params! { ":now": ask.now.ms() })?;
    Ok(ClaimOutcome { ripened: ripened > 0, ..claim(transaction, ask, ask.limit)? })
}

/// Claims up to `limit` jobs that are ready.
pub(super) fn claim(
    transaction: &Connection,
    ask: &Ask,
    limit: usize,
) -> Result<ClaimOutcome, StoreError> {
    let mut jobs = Vec::new();
    let mut room = ask.room(transaction);
    while jobs.len() < limit {
        let turn = find_turn(transaction, ask, &mut room)?;
        let Some(Turn { org, actions, virtual_time, passed_over }) = turn else {
            return Ok(ClaimOutcome { jobs, others_may_wait: false, ripened: false });
        };
        let first = find_first(transaction, &org, &actions)?;
        let taken = take(transaction, ask, first)?;
        room.take(org, &taken.job.action);
        if let Some(token) = ask.tokens.get(jobs.len()) {
            note_lease(transaction, *token, taken.lease)?;
        }
        jobs.push(taken);
        take_turn(transaction, &org)?;
        for other in passed_over.iter().filter(|other| **other != org) {
            wait_turn(transaction, other, virtual_time)?;
        }
    }
    Ok(ClaimOutcome { jobs, others_may_wait: true, ripened: false })
}

/// Notes what a remote worker will show for its lease.
fn note_lease(transaction: &Connection, token: SecretHash, lease: Lease) -> Result<(), StoreError> {
    transaction
        .prepare_cached(include_str!("sql/claim_forget_leases.sql"))?
        .execute(named_params! { ":job_id": lease.job.as_bytes() })?;
    transaction.prepare_cached(include_str!("sql/claim_note_lease.sql"))?.execute(
        named_params! {
            ":hash": token.as_bytes(), ":job_id": lease.job.as_bytes(), ":lease_epoch": lease.epoch,
        },
    )?;
    Ok(())
}

/// Moves all queues of an organization on: it has one turn, however many actions it uses.
fn take_turn(transaction: &Connection, org: &[u8; 16]) -> Result<(), StoreError> {
    let mut queues = transaction.prepare_cached(include_str!("sql/claim_find_queues.sql"))?;
    let actions: Vec<String> =
        queues.query_map([org], |row| row.get(0))?.collect::<Result<_, _>>()?;
    // One row an update: several at once would go through a temporary table.
    let mut update = transaction.prepare_cached(include_str!("sql/claim_take_turn.sql"))?;
    for action in actions {
        update.execute(named_params! { ":org_id": org, ":action": action })?;
    }
    Ok(())
}

/// Lets an organization wait whose turn it was, but that has nothing these workers can run: it
/// saves up no turns, which it would take one after the other once somebody can.
fn wait_turn(
    transaction: &Connection,
    org: &[u8; 16],
    virtual_time: i64,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(include_str!("sql/claim_wait_turn.sql"))?
        .execute(named_params! { ":org_id": org, ":virtual_time": virtual_time })?;
    Ok(())
}

/// Whether any job is due that these workers can run: then a new one has to wait for its turn.
pub(super) fn has_turn(
    transaction: &Connection,
    ask: &Ask,
    room: &mut Room<'_>,
) -> Result<bool, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim_find_turns.sql"))?;
    let mut turns =
        statement.query(named_params! { ":org_id": ask.org.as_ref().map(OrgId::as_bytes) })?;
    while let Some(row) = turns.next()? {
        let action = row.get_ref(1)?.as_str().unwrap_or_default();
        if ask.can_run(action) && room.has(&row.get(0)?, action)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An organization, and those of its actions that are due and can be run.
struct Turn {
    org: [u8; 16],
    actions: Vec<String>,
    virtual_time: i64,
    /// Those before it, none of whose due actions can be run.
    passed_over: Vec<[u8; 16]>,
}

/// Whose turn it is.
fn find_turn(
    transaction: &Connection,
    ask: &Ask,
    room: &mut Room<'_>,
) -> Result<Option<Turn>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim_find_turns.sql"))?;
    let mut turns =
        statement.query(named_params! { ":org_id": ask.org.as_ref().map(OrgId::as_bytes) })?;
    let mut found: Option<Turn> = None;
    let mut passed_over = Vec::new();
    while let Some(row) = turns.next()? {
        let org: [u8; 16] = row.get(0)?;
        let action: String = row.get(1)?;
        let can_run = ask.can_run(&action) && room.has(&org, &action)?;
        match &mut found {
            None if can_run => {
                let (actions, virtual_time) = (vec![action], row.get(2)?);
                found = Some(Turn { org, actions, virtual_time, passed_over: Vec::new() });
            }
            None => passed_over.push(org),
            Some(turn) if turn.org == org && can_run => turn.actions.push(action),
            Some(turn) if turn.org == org => {}
            // The next organization's turns follow.
            Some(_) => break,
        }
    }
    Ok(found.map(|turn| Turn { passed_over, ..turn }))
}

/// Of these queues of an organization, the first job by priority, then age.
fn find_first(
    transaction: &Connection,
    org: &[u8; 16],
    actions: &[String],
) -> Result<Claimed, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim_find_first.sql"))?;
    let mut first: Option<Claimed> = None;
    for action in actions {
        let mut heads = statement.query(named_params! { ":org_id": org, ":action": action })?;
        let Some(row) = heads.next()? else { continue };
        let job = rows::job(row)?;
        let goes_before = |other: &Claimed| {
            (job.priority, job.id.as_bytes()) < (other.job.priority, other.job.id.as_bytes())
        };
        if first.as_ref().is_none_or(goes_before) {
            let lease = Lease { job: job.id, epoch: rows::lease_epoch(row)? };
            first = Some(Claimed { lease, job });
        }
    }
    first.ok_or_else(|| StoreError::Damaged("a queue that counts jobs which are not due".into()))
}

/// Gives the job to the worker of `ask`; `found` becomes what its row is.
fn take(transaction: &Connection, ask: &Ask, mut found: Claimed) -> Result<Claimed, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/claim.sql"))?;
    let taken = statement.execute(named_params! {
        ":id": found.job.id.as_bytes(), ":worker": ask.worker, ":now": ask.now.ms(),
        ":lease_expires_at": ask.lease_expires_at.ms(),
    })?;
    if taken != 1 {
        return Err(StoreError::Damaged("a due job that cannot be claimed".into()));
    }
    found.lease.epoch += 1;
    found.job.state = JobState::Processing;
    found.job.attempt += 1;
    found.job.phase = None;
    found.job.progress = None;
    found.job.started_at = Some(ask.now);
    found.job.updated_at = ask.now;
    if let Some((run, _)) = &found.job.step {
        run_progress::begin(transaction, *run, ask.now)?;
    }
    Ok(found)
}
