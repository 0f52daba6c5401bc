//! What keeps the house: jobs of lost workers are rescued, what served its time is deleted, and
//! files that no row names are swept.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::idempotency::KEPT_FOR;
use crate::domain::plan::MAX_STEPS;
use crate::engine::Core;
use crate::store::{QueueDepth, Rescued, StoreError};

/// How often lost workers are looked for: a lease is several times longer.
const RESCUE_EVERY: Duration = Duration::from_secs(5);

/// How often the past is deleted.
const PRUNE_EVERY: Duration = Duration::from_mins(10);

/// Rows that one write rescues or deletes: it shares the writer with everybody else.
const ROWS_A_WRITE: usize = 500;

/// How long a file may lie before its row is committed: an upload's whole request, many times.
const UNNAMED_GRACE: Duration = Duration::from_hours(1);

impl Core {
    /// Takes over from a process that died: its leases end now, and its jobs are due again.
    pub(super) async fn recover(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let left_behind = self.store.expire_local_leases(now).await?;
        if left_behind > 0 {
            tracing::info!(jobs = left_behind, "jobs of a stopped process return to the queue");
        }
        self.rescue().await?;
        self.warn_of_actions_that_are_gone().await
    }

    /// Jobs of an action that the configuration no longer has wait: an operator who mistyped it
    /// finds them again.
    async fn warn_of_actions_that_are_gone(&self) -> Result<(), StoreError> {
        for QueueDepth { action, jobs, .. } in self.catalog.depths().await? {
            if jobs > 0 && self.actions.find(&action).is_none() {
                tracing::warn!(
                    action,
                    jobs,
                    "jobs wait for an action that this server does not have; \
                     configure it again, or cancel them",
                );
            }
        }
        Ok(())
    }

    /// Rescues and prunes until `shutdown`. Neither waits for the other: much may have served its
    /// time at once, and takes its time.
    pub(super) async fn maintain(&self, shutdown: &CancellationToken) {
        let rescuing = async {
            while goes_on_after(RESCUE_EVERY, shutdown).await {
                if let Err(error) = self.rescue().await {
                    tracing::warn!(%error, "failed to rescue jobs of lost workers; trying again");
                }
            }
        };
        let cleaning = async {
            while goes_on_after(PRUNE_EVERY, shutdown).await {
                self.clean(shutdown).await;
            }
        };
        tokio::join!(rescuing, cleaning);
    }

    async fn rescue(&self) -> Result<(), StoreError> {
        loop {
            let rescued = self.store.rescue_expired(self.clock.now(), ROWS_A_WRITE).await?;
            let last = rescued.len() < ROWS_A_WRITE;
            if !rescued.is_empty() {
                self.dispatcher.ring();
                self.ring_remote(None, None);
            }
            for Rescued { lease, job, run } in rescued {
                tracing::warn!(job = %job.id, state = %job.state, "a job lost its worker");
                // If the worker is ours after all, it need not go on. Another one may have the job
                // by now, and must.
                self.running.stop(lease);
                self.ledger.ended(&job, None);
                let job = Arc::new(job);
                self.tell_of_job(&job);
                if let Some(news) = run {
                    self.tell_of_run(&job, news);
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Deletes what served its time.
    pub(super) async fn clean(&self, shutdown: &CancellationToken) {
        let pruned = match self.prune(shutdown).await {
            Ok(()) => self.prune_activity(shutdown).await,
            refused => refused,
        };
        if let Err(error) = pruned {
            tracing::warn!(%error, "failed to delete old rows; trying again later");
        }
        self.sweep(shutdown).await;
    }

    async fn prune(&self, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let now = self.clock.now();
        while !shutdown.is_cancelled() {
            let pruned = self
                .store
                .prune_finished(
                    now.before(self.options.keep_jobs),
                    now.before(KEPT_FOR),
                    now.before(self.options.keep_assets),
                    ROWS_A_WRITE,
                )
                .await?;
            let most = pruned.jobs.max(pruned.runs * MAX_STEPS).max(pruned.keys);
            if most.max(pruned.assets) < ROWS_A_WRITE {
                break;
            }
        }
        while !shutdown.is_cancelled() {
            if self.catalog.prune_worker_files(ROWS_A_WRITE).await? < ROWS_A_WRITE {
                break;
            }
        }
        let before = now.before(self.options.keep_audit);
        while !shutdown.is_cancelled() {
            if self.catalog.prune_audit(before, ROWS_A_WRITE).await? < ROWS_A_WRITE {
                break;
            }
        }
        Ok(())
    }

    async fn prune_activity(&self, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let now = self.clock.now();
        let (events_before, documents_before) =
            (now.before(self.options.keep_events), now.before(self.options.keep_documents));
        while !shutdown.is_cancelled() {
            let events = self.catalog.prune_events(events_before, ROWS_A_WRITE).await?;
            let documents = self.catalog.prune_documents(documents_before, ROWS_A_WRITE).await?;
            if events.max(documents) < ROWS_A_WRITE {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn sweep(&self, shutdown: &CancellationToken) {
        let older_than = self.clock.now().before(UNNAMED_GRACE);
        while !shutdown.is_cancelled() {
            let (assets, catalog) = (Arc::clone(&self.assets), Arc::clone(&self.catalog));
            let runtime = self.runtime.clone();
            let swept = self.runtime.spawn_blocking(move || {
                assets.sweep(older_than, |digest| {
                    // When the store does not answer, the file stays.
                    runtime
                        .block_on(catalog.used_contents(vec![*digest]))
                        .map_or(true, |used| !used.is_empty())
                })
            });
            match swept.await {
                Ok(Ok(swept)) if !swept.round_ended => {}
                Ok(Ok(_)) => return,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "failed to sweep files; trying again later");
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "sweeping files ended abnormally");
                    return;
                }
            }
        }
    }
}

/// Waits; whether the server goes on.
async fn goes_on_after(pause: Duration, shutdown: &CancellationToken) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => true,
        () = shutdown.cancelled() => false,
    }
}
