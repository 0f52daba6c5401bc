//! What ended, for the webhooks that want to know: a job for each of them, stored in the
//! transaction of the end itself.
//!
//! In an organization without webhooks an end costs one look at a set. Never: an event of a job
//! that clients do not see, or a delivery of an end that was rolled back.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rusqlite::{Connection, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, RunId, WebhookEventId, WebhookId};
use crate::domain::job::Job;
use crate::domain::run::{RunNews, RunState};
use crate::domain::webhook::{Event, EventKind, EventSubject, NewDelivery};
use crate::store::sqlite::enqueue;
use crate::store::{Messenger, StoreError};

/// Tells webhooks of ends. Clones share everything.
#[derive(Clone)]
pub(super) struct Events(Arc<Shared>);

struct Shared {
    /// Who may have a webhook. Nobody is taken out: a lookup for nothing is cheap.
    orgs: RwLock<HashSet<OrgId>>,
    messenger: OnceLock<Messenger>,
}

impl Events {
    /// The events of a database.
    pub(super) fn of(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare_cached(include_str!("sql/events_find_orgs.sql"))?;
        let orgs = statement.query_map([], |row| row.get(0).map(OrgId::from_bytes))?;
        let orgs = RwLock::new(orgs.collect::<Result<_, _>>()?);
        Ok(Self(Arc::new(Shared { orgs, messenger: OnceLock::new() })))
    }

    /// Who makes the jobs that deliver; the first one stays.
    pub(super) fn deliver_by(&self, messenger: Messenger) {
        drop(self.0.messenger.set(messenger));
    }

    /// Notes that a webhook of the organization is about to be stored.
    pub(super) fn expect_webhook(&self, org: OrgId) {
        // Every change is a single insertion: a panic leaves the set whole.
        self.0.orgs.write().unwrap_or_else(PoisonError::into_inner).insert(org);
    }

    /// Whether anybody may want to know of the job's end.
    pub(super) fn may_tell(&self, job: &Job) -> bool {
        !job.internal && self.may_tell_in(job.org)
    }

    fn may_tell_in(&self, org: OrgId) -> bool {
        self.0.orgs.read().unwrap_or_else(PoisonError::into_inner).contains(&org)
    }

    /// Stores what is to be delivered since `job` and its run are as they are; how much that is.
    pub(super) fn tell(
        &self,
        transaction: &Connection,
        job: &Job,
        run: Option<&RunNews>,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut told = self.tell_of_job(transaction, job, now)?;
        if let Some(RunNews { run, state, ended }) = run {
            for step in ended {
                told += self.tell_of_job(transaction, step, now)?;
            }
            told += self.tell_of_run(transaction, job.org, *run, *state, now)?;
        }
        Ok(told)
    }

    /// The same of a run that was cancelled with these of its jobs. Those that had not begun were
    /// skipped, which is nobody's failure.
    pub(super) fn tell_of_cancelled(
        &self,
        transaction: &Connection,
        org: OrgId,
        run: RunId,
        jobs: &[Job],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for job in jobs.iter().filter(|job| job.started_at.is_some()) {
            self.tell_of_job(transaction, job, now)?;
        }
        self.tell_of_run(transaction, org, run, RunState::Cancelled, now)?;
        Ok(())
    }

    fn tell_of_job(
        &self,
        transaction: &Connection,
        job: &Job,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let Some(kind) = EventKind::of_job(job) else { return Ok(0) };
        self.raise(transaction, job.org, kind, EventSubject::Job(job.id), now)
    }

    /// The same of a run alone.
    pub(super) fn tell_of_run(
        &self,
        transaction: &Connection,
        org: OrgId,
        run: RunId,
        state: RunState,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let Some(kind) = EventKind::of_run(state) else { return Ok(0) };
        self.raise(transaction, org, kind, EventSubject::Run(run), now)
    }

    fn raise(
        &self,
        transaction: &Connection,
        org: OrgId,
        kind: EventKind,
        subject: EventSubject,
        at: Timestamp,
    ) -> Result<usize, StoreError> {
        let Some(messenger) = self.0.messenger.get().filter(|_| self.may_tell_in(org)) else {
            return Ok(0);
        };
        let webhooks = who_wants(transaction, org, kind)?;
        let event = Event { id: WebhookEventId::mint(), kind, subject, at };
        for webhook in &webhooks {
            let job = messenger(org, NewDelivery { webhook: *webhook, event });
            enqueue::store(transaction, &job, at, None)?;
        }
        Ok(webhooks.len())
    }
}

fn who_wants(
    transaction: &Connection,
    org: OrgId,
    kind: EventKind,
) -> Result<Vec<WebhookId>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/events_find_webhooks.sql"))?;
    let mut found = statement.query(named_params! { ":org_id": org.as_bytes() })?;
    let mut webhooks = Vec::new();
    while let Some(row) = found.next()? {
        let words = row.get_ref(1)?.as_str().unwrap_or_default();
        if words.split(',').any(|word| word == kind.as_str()) {
            webhooks.push(WebhookId::from_bytes(row.get(0)?));
        }
    }
    Ok(webhooks)
}
