//! `Store` for SQLite: each method hands its work to the writer.

use async_trait::async_trait;
use rusqlite::Connection;

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Enqueued, NewJob, Renewal};
use crate::store::sqlite::writer::Guard;
use crate::store::sqlite::{SqliteStore, cancel, claim, enqueue, finish, firing, prune, renew};
use crate::store::{
    Cancelling, Claiming, Deletion, Ending, FinishedHook, Firing, FiringEnd, Herald, Messenger,
    Pruned, Renewing, Rescued, Store, StoreError,
};

#[async_trait]
impl Store for SqliteStore {
    async fn enqueue(
        &self,
        jobs: Vec<NewJob>,
        now: Timestamp,
        queue_limit: u64,
        claiming: Option<Claiming>,
    ) -> Result<Vec<Enqueued>, StoreError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (ask, deliver) = claiming.map(claim::Ask::split).unzip();
        let guard = enqueue::guard(&jobs);
        self.writer.submit(
            guard,
            move |transaction| {
                enqueue::enqueue_and_claim(transaction, jobs, now, queue_limit, ask.as_ref())
            },
            move |result| {
                // The claimed jobs go out first: the worker need not wait for the caller's thread.
                let result = result.map(|(enqueued, claims)| {
                    if let (Some(deliver), Some(claims)) = (deliver, claims) {
                        deliver.deliver(claims);
                    }
                    enqueued
                });
                // The caller may have gone away; its write stands all the same.
                drop(answer.send(result));
            },
        )?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn claim(&self, claiming: Claiming) -> Result<usize, StoreError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (ask, deliver) = claim::Ask::split(claiming);
        self.writer.submit(
            Guard::Savepoint,
            move |transaction| claim::ripen_and_claim(transaction, &ask),
            move |result| {
                let result = result.map(|claims| {
                    let number = claims.jobs.len();
                    deliver.deliver(claims);
                    number
                });
                drop(answer.send(result));
            },
        )?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    fn finish(&self, ending: Ending, claiming: Option<Claiming>, hook: FinishedHook) {
        let (ask, deliver) = claiming.map(claim::Ask::split).unzip();
        let events = self.events.clone();
        let guard = finish::guard(&ending, &events);
        self.writer.submit_patiently(
            guard,
            move |transaction| {
                let finished = finish::finish(transaction, ending, &events)?;
                let claims = match &ask {
                    Some(ask) => Some(claim::claim(transaction, ask, ask.limit)?),
                    None => None,
                };
                Ok((finished, claims))
            },
            move |result| {
                hook(result.map(|(finished, claims)| {
                    if let (Some(deliver), Some(claims)) = (deliver, claims) {
                        deliver.deliver(claims);
                    }
                    finished
                }));
            },
        );
    }

    async fn renew(&self, renewing: Renewing) -> Result<Vec<Renewal>, StoreError> {
        self.writer.write(move |transaction| renew::renew(transaction, &renewing)).await
    }

    async fn cancel(
        &self,
        org: OrgId,
        ids: Vec<JobId>,
        now: Timestamp,
        author: Author,
        herald: Herald<Vec<Option<Cancelling>>>,
    ) -> Result<Vec<Option<Cancelling>>, StoreError> {
        let events = self.events.clone();
        let cancel_all = move |transaction: &Connection| {
            ids.iter()
                .map(|id| cancel::cancel(transaction, org, *id, now, author, &events))
                .collect()
        };
        self.write_and_tell(cancel_all, herald).await
    }

    async fn rescue_expired(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Rescued>, StoreError> {
        let events = self.events.clone();
        self.writer
            .write(move |transaction| finish::rescue_expired(transaction, now, limit, &events))
            .await
    }

    async fn expire_local_leases(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.writer.write(move |transaction| finish::expire_local_leases(transaction, now)).await
    }

    async fn prune_finished(
        &self,
        before: Timestamp,
        keys_before: Timestamp,
        assets_before: Timestamp,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        self.writer
            .write(move |transaction| {
                prune::prune(transaction, before, keys_before, assets_before, limit)
            })
            .await
    }

    async fn fire(
        &self,
        firing: Firing,
        herald: Herald<FiringEnd>,
    ) -> Result<FiringEnd, StoreError> {
        let events = self.events.clone();
        let fire = move |transaction: &Connection| firing::fire(transaction, firing, &events);
        self.write_and_tell(fire, herald).await
    }

    fn deliver_by(&self, messenger: Messenger) {
        self.events.deliver_by(messenger);
    }

    async fn delete(
        &self,
        org: OrgId,
        id: JobId,
        now: Timestamp,
        author: Author,
    ) -> Result<Deletion, StoreError> {
        self.writer.write(move |transaction| prune::delete(transaction, org, id, now, author)).await
    }
}

impl SqliteStore {
    /// Runs `run` in the next transaction, and tells `herald` of its success before the caller.
    pub(super) async fn write_and_tell<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        herald: Herald<T>,
    ) -> Result<T, StoreError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.writer.submit(Guard::Savepoint, run, move |result| {
            if let Ok(told) = &result {
                herald(told);
            }
            // The caller may have gone away; its write stands all the same.
            drop(answer.send(result));
        })?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }
}
