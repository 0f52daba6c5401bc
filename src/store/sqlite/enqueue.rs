//! Storing a new job, or the reason why it is not stored.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::{Timestamp, millis};
use crate::domain::idempotency::{Answer, Fingerprint, IdempotencyKey, KEPT_FOR};
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Enqueued, NewJob};
use crate::store::StoreError;
use crate::store::sqlite::{assets, rows};

/// Stores `job` and its idempotency key, unless something stands against it.
pub(super) fn enqueue(
    transaction: &Connection,
    job: NewJob,
    now: Timestamp,
    queue_limit: u64,
) -> Result<Enqueued, StoreError> {
    if let Some(key) = &job.idempotency
        && let Some(answered) = find_key(transaction, &job, key, now)?
    {
        return Ok(answered);
    }
    if let Some(holder) = find_unique(transaction, &job)? {
        return Ok(Enqueued::UniqueJobExists(holder));
    }
    if !job.internal && count_unfinished(transaction, &job)? >= queue_limit {
        return Ok(Enqueued::QueueFull);
    }
    insert(transaction, &job, now)?;
    for asset in job.assets {
        assets::insert(transaction, job.org, Some(job.id), asset, now)?;
    }
    for asset in job.uses {
        assets::touch(transaction, asset, now)?;
    }
    if let Some(key) = &job.idempotency {
        store_key(transaction, job.org, key, now)?;
    }
    Ok(Enqueued::Created(job.id))
}

fn find_key(
    transaction: &Connection,
    job: &NewJob,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<Enqueued>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/enqueue_find_key.sql"))?;
    let parameters = named_params! {
        ":org_id": job.org.as_bytes(), ":route": key.route, ":key": key.key,
        ":expired_at": now.before(KEPT_FOR).ms(),
    };
    let stored = statement
        .query_row(parameters, |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(stored.map(|(fingerprint, status, body)| {
        if Fingerprint::from_bytes(fingerprint) == key.fingerprint {
            Enqueued::Replayed(Answer { status, body })
        } else {
            Enqueued::KeyMismatch
        }
    }))
}

fn store_key(
    transaction: &Connection,
    org: OrgId,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.prepare_cached(include_str!("sql/enqueue_store_key.sql"))?.execute(
        named_params! {
            ":org_id": org.as_bytes(), ":route": key.route, ":key": key.key,
            ":fingerprint": key.fingerprint.as_bytes(), ":status": key.answer.status,
            ":body": key.answer.body, ":now": now.ms(),
        },
    )?;
    Ok(())
}

fn find_unique(transaction: &Connection, job: &NewJob) -> Result<Option<JobId>, StoreError> {
    let Some(unique_key) = &job.unique_key else { return Ok(None) };
    let mut statement = transaction.prepare_cached(include_str!("sql/enqueue_find_unique.sql"))?;
    let parameters = named_params! {
        ":org_id": job.org.as_bytes(), ":action": job.action, ":unique_key": unique_key,
    };
    let holder = statement.query_row(parameters, |row| row.get(0)).optional()?;
    Ok(holder.map(JobId::from_bytes))
}

fn count_unfinished(transaction: &Connection, job: &NewJob) -> Result<u64, StoreError> {
    let mut statement =
        transaction.prepare_cached(include_str!("sql/enqueue_count_unfinished.sql"))?;
    Ok(statement.query_row(named_params! { ":org_id": job.org.as_bytes() }, |row| row.get(0))?)
}

fn insert(transaction: &Connection, job: &NewJob, now: Timestamp) -> Result<(), StoreError> {
    let (input, input_file) = rows::payload_columns(&job.input);
    let echo = serde_json::to_string(&job.echo)
        .map_err(|error| StoreError::Damaged(format!("an echo that is not JSON: {error}")))?;
    transaction.prepare_cached(include_str!("sql/enqueue.sql"))?.execute(named_params! {
        ":id": job.id.as_bytes(), ":org_id": job.org.as_bytes(), ":action": job.action,
        ":internal": job.internal, ":priority": job.priority, ":input": input,
        ":input_file": input_file, ":echo": echo, ":max_attempts": job.max_attempts,
        ":attempt_timeout_ms": millis(job.attempt_timeout),
        ":run_at": job.run_at.filter(|at| *at > now).map(Timestamp::ms),
        ":unique_key": job.unique_key,
        ":retry_of": job.retry_of.as_ref().map(JobId::as_bytes), ":now": now.ms(),
    })?;
    Ok(())
}
