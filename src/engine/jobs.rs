//! What clients ask of jobs: to be accepted, waited for, cancelled, deleted.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::assets::AssetError;
use crate::domain::audit::Author;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{DEFAULT_PRIORITY, Enqueued, Job, NewJob};
use crate::domain::payload::Payload;
use crate::engine::notifier::JobWatch;
use crate::engine::{ActionRegistry, Core, Engine, EngineError, payloads};
use crate::store::{Cancelling, Deletion};

/// The slow look under every wake-up while a client waits.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The most jobs that one request can bring: they share one transaction.
pub const MAX_JOBS_A_REQUEST: usize = 1_000;

impl Engine {
    /// The actions of this server.
    pub fn actions(&self) -> &ActionRegistry {
        &self.0.actions
    }

    /// A job for `action` with its policy's limits and everything else at its default. A large
    /// input is on disk when this returns.
    pub async fn draft(
        &self,
        org: OrgId,
        action: &str,
        input: &Map<String, Value>,
    ) -> Result<NewJob, EngineError> {
        let policy = self
            .actions()
            .find(action)
            .ok_or_else(|| EngineError::UnknownAction(action.to_owned()))?
            .policy();
        let internal = self.actions().is_internal(action);
        Ok(NewJob {
            id: JobId::mint(),
            org,
            action: action.to_owned(),
            internal,
            priority: DEFAULT_PRIORITY,
            input: self.store_document(input).await?,
            echo: Map::new(),
            run_at: None,
            max_attempts: policy.max_attempts,
            attempt_timeout: policy.attempt_timeout,
            unique_key: None,
            retry_of: None,
            assets: Vec::new(),
            uses: Vec::new(),
            retried_by: None,
            delivery: None,
            idempotency: None,
        })
    }

    /// Accepts a job: when this returns, it is on disk.
    pub async fn enqueue(&self, job: NewJob) -> Result<Enqueued, EngineError> {
        let mut enqueued = self.enqueue_all(vec![job]).await?;
        // The store answers each job that it is given.
        enqueued.pop().ok_or(EngineError::Store(crate::store::StoreError::Closed))
    }

    /// Accepts up to [`MAX_JOBS_A_REQUEST`] jobs in one transaction, each with its own answer.
    pub async fn enqueue_all(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>, EngineError> {
        let core = &self.0;
        if core.is_stopping() {
            return Err(EngineError::ShuttingDown);
        }
        let actions: Vec<(OrgId, String, bool)> =
            jobs.iter().map(|job| (job.org, job.action.clone(), job.internal)).collect();
        let first_run_at = jobs.iter().filter_map(|job| job.run_at).min();
        let bulletins = core.bulletins_of(&jobs);
        let (claiming, now) = (core.claiming_with_enqueue(first_run_at), core.clock.now());
        let enqueued =
            core.store.enqueue(jobs, now, core.options.queue_limit, Some(claiming)).await?;
        for ((org, action, internal), enqueued) in actions.iter().zip(&enqueued) {
            if matches!(enqueued, Enqueued::Created(_)) {
                core.note_arrival(*org, action, *internal, now);
            }
        }
        for (bulletin, enqueued) in bulletins.into_iter().zip(&enqueued) {
            core.feed.publish(|| bulletin.filter(|_| matches!(enqueued, Enqueued::Created(_))));
        }
        Ok(enqueued)
    }

    /// Waits until a job has ended, at most for `at_most`, and gives it as it is then; zero reads
    /// once. `None` when the organization has no such job.
    pub async fn wait(
        &self,
        org: OrgId,
        id: JobId,
        at_most: Duration,
    ) -> Result<Option<Arc<Job>>, EngineError> {
        let core = &self.0;
        if at_most.is_zero() {
            return Ok(core.catalog.job(org, id).await?.map(Arc::new));
        }
        let until = Instant::now() + at_most;
        // Subscribe before reading: a finish in between is seen, not missed.
        let mut watch = core.notifier.watch(id);
        if let Some(job) = core.notifier.lately(id).filter(|job| job.org == org) {
            return Ok(Some(job));
        }
        let _waiting = Waiting::begin(core, org);
        // What is being attempted here has its news still to come; reading its row tells nothing.
        if !core.running.has(org, id) {
            let job = core.catalog.job(org, id).await?.map(Arc::new);
            if job.as_ref().is_none_or(|job| job.state.is_terminal()) {
                return Ok(job);
            }
        }
        loop {
            let look = until.min(Instant::now() + LOOK_EVERY);
            let news = tokio::select! {
                news = watch.changed() => news,
                () = tokio::time::sleep_until(look) => None,
                () = core.stopping.cancelled() => None,
            };
            let job = match news {
                Some(news) => Some(news),
                // `None` when it was deleted while we waited.
                None => core.catalog.job(org, id).await?.map(Arc::new),
            };
            let goes_on = job.as_ref().is_some_and(|job| !job.state.is_terminal());
            if !goes_on || Instant::now() >= until || core.is_stopping() {
                return Ok(job);
            }
        }
    }

    /// An organization was renamed or is gone, which may leave the others more room.
    pub fn organizations_changed(&self) {
        self.0.dispatcher.ring();
    }

    /// News of a job, for streams. What it tells may be about another organization's job: read
    /// the job before.
    pub fn watch(&self, id: JobId) -> JobWatch {
        self.0.notifier.watch(id)
    }

    /// Fires when the server stops: streams end.
    pub async fn stopping(&self) {
        self.0.stopping.cancelled().await;
    }

    /// Cancels jobs; the answers are in the order of `ids`, `None` for unknown ones.
    pub async fn cancel(
        &self,
        org: OrgId,
        ids: Vec<JobId>,
        author: Author,
    ) -> Result<Vec<Option<Cancelling>>, EngineError> {
        let core = &self.0;
        let at = core.clock.now();
        let core_after = Arc::clone(core);
        let herald = Box::new(move |cancellings: &Vec<Option<Cancelling>>| {
            for cancelling in cancellings.iter().flatten() {
                core_after.tell_of_cancelled(cancelling);
            }
            // Webhooks may have to be told.
            core_after.dispatcher.ring();
        });
        Ok(core.store.cancel(org, ids, at, author, herald).await?)
    }

    /// Deletes a terminal job with its log and its assets.
    pub async fn delete(
        &self,
        org: OrgId,
        id: JobId,
        author: Author,
    ) -> Result<Deletion, EngineError> {
        let now = self.0.clock.now();
        let deletion = self.0.store.delete(org, id, now, author).await?;
        self.0.notifier.forget(id);
        Ok(deletion)
    }

    /// A job's arguments, with what earlier steps of its run passed into them.
    pub async fn input_of(&self, job: &Job) -> Result<Map<String, Value>, EngineError> {
        let mut input = self.load_document(&job.input).await?;
        input.extend(job.mapped.clone());
        Ok(input)
    }

    /// A completed job's result.
    pub async fn result_of(&self, job: &Job) -> Result<Option<Map<String, Value>>, EngineError> {
        match &job.result {
            Some(payload) => Ok(Some(self.load_document(payload).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn store_document(
        &self,
        document: &Map<String, Value>,
    ) -> Result<Payload, EngineError> {
        let text = match payloads::inline(document) {
            Ok(payload) => return Ok(payload),
            Err(text) => text,
        };
        let assets = Arc::clone(&self.0.assets);
        let digest = self.blocking(move || assets.put(text.as_bytes())).await?;
        Ok(Payload::Stored(digest))
    }

    async fn load_document(&self, payload: &Payload) -> Result<Map<String, Value>, EngineError> {
        if let Payload::Inline(_) = payload {
            return Ok(payloads::load(&self.0.assets, payload)?);
        }
        let (assets, payload) = (Arc::clone(&self.0.assets), payload.clone());
        self.blocking(move || payloads::load(&assets, &payload)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AssetError> + Send + 'static,
    ) -> Result<T, EngineError> {
        match self.0.runtime.spawn_blocking(work).await {
            Ok(result) => Ok(result?),
            // The work does not panic; the runtime is going down.
            Err(_) => Err(EngineError::ShuttingDown),
        }
    }
}

/// Counts a waiting client as long as it waits.
pub(super) struct Waiting<'engine> {
    core: &'engine Core,
    org: OrgId,
}

impl<'engine> Waiting<'engine> {
    /// A client begins to wait.
    pub(super) fn begin(core: &'engine Core, org: OrgId) -> Self {
        let clients = core.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        core.metrics.waiting_clients(clients);
        core.ledger.client_waits(org);
        Self { core, org }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Self { core, org } = self;
        let clients = core.waiting.fetch_sub(1, Ordering::Relaxed) - 1;
        core.metrics.waiting_clients(clients);
        core.ledger.client_left(*org);
    }
}
