//! Storing a new job, or the reason why it is not stored.

use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Map;

use crate::domain::audit::AuditAction;
use crate::domain::clock::{Timestamp, millis};
use crate::domain::idempotency::{Answer, Fingerprint, IdempotencyKey, KEPT_FOR};
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Claimed, Enqueued, Job, JobState, Lease, NewJob};
use crate::domain::webhook::NewDelivery;
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::binding::bind;
use crate::store::sqlite::claim::{self, Ask};
use crate::store::sqlite::writer::Guard;
use crate::store::sqlite::{assets, rows};
use crate::store::{ClaimOutcome, Inserted, StoreError};

/// A single job without rows beside it is refused before anything changes.
pub(super) fn guard(jobs: &[NewJob]) -> Guard {
    match jobs {
        [job]
            if job.assets.is_empty()
                && job.uses.is_empty()
                && job.delivery.is_none()
                && job.idempotency.is_none()
                && job.retried_by.is_none() =>
        {
            Guard::Group
        }
        _ => Guard::Savepoint,
    }
}

/// Stores each job, or says why not, and claims for the idle workers of `ask`.
pub(super) fn enqueue_and_claim(
    transaction: &Connection,
    jobs: Vec<NewJob>,
    now: Timestamp,
    queue_limit: u64,
    ask: Option<&Ask>,
) -> Result<(Vec<Enqueued>, Option<ClaimOutcome>), StoreError> {
    let mut enqueued = Vec::with_capacity(jobs.len());
    let mut went_straight = None;
    // Of several jobs the first by priority goes first: that is decided when all are there.
    let alone = jobs.len() == 1;
    for job in jobs {
        let standing = Standing::read(transaction, job.org)?;
        let idle = ask.filter(|ask| alone && ask.limit > 0);
        let straight = match idle {
            Some(ask) if goes_straight(transaction, &job, &standing, ask)? => Some(ask),
            _ => None,
        };
        let has_room = job.internal || standing.unfinished < queue_limit;
        let (became, claimed) = enqueue(transaction, job, now, has_room, straight)?;
        enqueued.push(became);
        // One at the most: a job goes straight only when it comes alone.
        went_straight = went_straight.or(claimed);
    }
    let claims = match (ask, went_straight) {
        (None, _) => None,
        (Some(_), Some(job)) => {
            // Nobody's job was waiting, or it would not have gone straight.
            Some(ClaimOutcome { jobs: vec![job], others_may_wait: false, ripened: false })
        }
        (Some(ask), None) => Some(claim::claim(transaction, ask, ask.limit)?),
    };
    Ok((enqueued, claims))
}

/// Whether a job can be given to an idle worker as it comes: nobody's job is waiting for a turn.
fn goes_straight(
    transaction: &Connection,
    job: &NewJob,
    standing: &Standing,
    ask: &Ask,
) -> Result<bool, StoreError> {
    if job.run_at.is_some() || !ask.may_take(job.org, &job.action) {
        return Ok(false);
    }
    let mut room = ask.room(transaction);
    let has_room = room.has(job.org.as_bytes(), &job.action)?;
    let others_wait = standing.any_ready && claim::has_turn(transaction, ask, &mut room)?;
    Ok(has_room && !others_wait)
}

/// What a new job meets.
pub(super) struct Standing {
    /// Its organization's jobs that have not ended, the server's own left out.
    pub(super) unfinished: u64,
    /// Whether anybody's job is due and waits for a worker.
    any_ready: bool,
}

impl Standing {
    /// Read before the first change: a request that comes with its organization's deletion is
    /// refused here. A foreign key would say it later, and fail the whole commit.
    pub(super) fn read(transaction: &Connection, org: OrgId) -> Result<Self, StoreError> {
        let mut statement =
            transaction.prepare_cached(include_str!("sql/enqueue_find_standing.sql"))?;
        let (unfinished, is_known, any_ready) = statement.query_row([org.as_bytes()], |row| {
            Ok((row.get(0)?, row.get::<_, bool>(1)?, row.get(2)?))
        })?;
        if !is_known {
            return Err(StoreError::Database("the organization was deleted".into()));
        }
        Ok(Self { unfinished, any_ready })
    }
}

/// Stores `job` and its idempotency key, unless something stands against it; already claimed when
/// it goes straight to a worker.
fn enqueue(
    transaction: &Connection,
    job: NewJob,
    now: Timestamp,
    has_room: bool,
    straight: Option<&Ask>,
) -> Result<(Enqueued, Option<Claimed>), StoreError> {
    if let Some(key) = &job.idempotency
        && let Some(known) = find_key(transaction, job.org, key, now)?
    {
        let answered = match known {
            KnownKey::SameBody(answer) => Enqueued::Replayed(answer),
            KnownKey::AnotherBody => Enqueued::KeyMismatch,
        };
        return Ok((answered, None));
    }
    if let Some(holder) = find_unique(transaction, &job)? {
        return Ok((Enqueued::UniqueJobExists(holder), None));
    }
    if !has_room {
        return Ok((Enqueued::QueueFull, None));
    }
    store(transaction, &job, now, straight)?;
    for asset in &job.assets {
        assets::insert(transaction, job.org, Some(job.id), asset.clone(), now)?;
    }
    for asset in &job.uses {
        assets::share(transaction, job.org, *asset, job.id, now)?;
    }
    if let Some(key) = &job.idempotency {
        store_key(transaction, job.org, key, now)?;
    }
    if let Some(author) = job.retried_by {
        let note = Note::of(AuditAction::JobRetried, job.org, &job.id).named(&job.action);
        audit::note(transaction, author, now, &note.again(job.retry_of))?;
    }
    Ok((Enqueued::Created(job.id), straight.map(|_| claimed(job, now))))
}

/// The job as the row of one that went straight to a worker has it.
fn claimed(new: NewJob, now: Timestamp) -> Claimed {
    let job = Job {
        id: new.id,
        org: new.org,
        action: new.action,
        internal: new.internal,
        state: JobState::Processing,
        priority: new.priority,
        input: new.input,
        echo: new.echo,
        phase: None,
        progress: None,
        result: None,
        error: None,
        diagnostics: Vec::new(),
        attempt: 1,
        max_attempts: new.max_attempts,
        attempt_timeout: new.attempt_timeout,
        run_at: None,
        unique_key: new.unique_key,
        retry_of: new.retry_of,
        step: None,
        mapped: Map::new(),
        created_at: now,
        updated_at: now,
        started_at: Some(now),
        finished_at: None,
    };
    Claimed { lease: Lease { job: job.id, epoch: 1 }, job }
}

/// A key that came before, and what came with it.
pub(super) enum KnownKey {
    /// The same body: the answer given then.
    SameBody(Answer),
    /// Another one.
    AnotherBody,
}

/// What is answered to an insertion whose key came before; `None` when it did not.
pub(super) fn known(
    transaction: &Connection,
    org: OrgId,
    key: Option<&IdempotencyKey>,
    now: Timestamp,
) -> Result<Option<Inserted>, StoreError> {
    let Some(key) = key else { return Ok(None) };
    Ok(find_key(transaction, org, key, now)?.map(|known| match known {
        KnownKey::SameBody(answer) => Inserted::Replayed(answer),
        KnownKey::AnotherBody => Inserted::KeyMismatch,
    }))
}

/// Whether `key` came before.
pub(super) fn find_key(
    transaction: &Connection,
    org: OrgId,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<KnownKey>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/enqueue_find_key.sql"))?;
    let parameters = named_params! {
        ":org_id": org.as_bytes(), ":route": key.route, ":key": key.key,
        ":expired_at": now.before(KEPT_FOR).ms(),
    };
    let stored = statement
        .query_row(parameters, |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(stored.map(|(fingerprint, status, body)| {
        if Fingerprint::from_bytes(fingerprint) == key.fingerprint {
            KnownKey::SameBody(Answer { status, body })
        } else {
            KnownKey::AnotherBody
        }
    }))
}

/// Keeps `key` with its answer.
pub(super) fn store_key(
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

/// Writes the job's row, and what it delivers.
pub(super) fn store(
    transaction: &Connection,
    job: &NewJob,
    now: Timestamp,
    straight: Option<&Ask>,
) -> Result<(), StoreError> {
    let (input, input_file) = rows::payload_columns(&job.input);
    let echo = serde_json::to_string(&job.echo)
        .map_err(|error| StoreError::Damaged(format!("an echo that is not JSON: {error}")))?;
    let state = if straight.is_some() { JobState::Processing } else { JobState::Queued };
    let mut statement = transaction.prepare_cached(include_str!("sql/enqueue.sql"))?;
    let parameters = named_params! {
        ":id": job.id.as_bytes(), ":org_id": job.org.as_bytes(), ":action": job.action,
        ":internal": job.internal, ":state": state.as_str(), ":priority": job.priority,
        ":input": input, ":input_file": input_file, ":echo": echo,
        ":max_attempts": job.max_attempts,
        ":attempt_timeout_ms": millis(job.attempt_timeout),
        ":run_at": job.run_at.filter(|at| *at > now).map(Timestamp::ms),
        ":unique_key": job.unique_key,
        ":retry_of": job.retry_of.as_ref().map(JobId::as_bytes),
        ":attempt": straight.is_some(), ":worker": straight.map(|ask| &ask.worker),
        ":lease_expires_at": straight.map(|ask| ask.lease_expires_at.ms()),
        ":started_at": straight.map(|_| now.ms()), ":now": now.ms(),
    };
    bind(&mut statement, parameters)?;
    statement.raw_execute()?;
    if let Some(NewDelivery { webhook, event }) = &job.delivery {
        let mut statement = transaction.prepare_cached(include_str!("sql/enqueue_delivery.sql"))?;
        statement.execute(named_params! {
            ":job_id": job.id.as_bytes(), ":webhook_id": webhook.as_bytes(),
            ":event": rows::text(event)?,
        })?;
    }
    Ok(())
}
